"""``segue export``: crates as playlist files, and the list of tracks without a file."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app
from dashboard.cli.files import writing
from data.catalogue import AudioFile, Catalogue, Sound
from data.errors import SegueError
from data.playlists import FORMATS, read_file
from data.records import Track
from data.settings import get_settings
from tests.hybrid.small import heard

TRACKS = ["Zoë Ångström - Nuit d'été", 'Mara & Vale - 100% "Night" (Dub)', "Otto Lind - Lamp"]
#: Of the first two there is a file.
FILES = ["Zoë/Nuit d'été & more.mp3", "100% #1.mp3"]


@pytest.fixture(autouse=True)
def crates(own_home: Path, tmp_path: Path) -> None:
    """A crate of three tracks, one of the third alone, and an empty one."""
    own_home.mkdir()
    with Catalogue.open(get_settings().url) as catalogue:
        catalogue.add_tracklists([heard("a", *TRACKS)])
        tracks = catalogue.tracks([1, 2, 3])
        for number, name in enumerate(FILES, start=1):
            path = tmp_path / "Music" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
            file = AudioFile(path, name, path.stat().st_size, path.stat().st_mtime_ns)
            catalogue.add_sound([Sound(name, file, tracks[number], 231.0)])
        for name, members in (("Fri/Sat", (3, 1, 2)), ("fri sat", (3,)), ("Empty", ())):
            ident = catalogue.create_crate(name)
            for member in members:
                catalogue.add_to_crate(ident, member)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "out"
    made.mkdir()
    return made


def run(*args: str) -> Any:
    return CliRunner().invoke(app, ["export", *args])


def done(*args: str) -> Any:
    result = run(*args)
    assert result.exit_code == 0, result.output
    return result


def refused(*args: str) -> str:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    return " ".join(result.stderr.replace("│ ", "").replace(" │", "").split())


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def listed(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


@pytest.mark.parametrize("key", FORMATS)
def test_a_crate_reads_back_from_every_format_as_it_is(
    folder: Path, tmp_path: Path, key: str
) -> None:
    out = folder / f"Friday{FORMATS[key].extension}"
    result = done("Fri/Sat", "-o", str(out))
    [playlist] = read_file(out)
    titles = [entry.track.full_title for entry in playlist.entries]
    all_titles = ["Lamp", "Nuit d'été", '100% "Night" (Dub)']
    by_file = key in ("rekordbox", "traktor")
    assert titles == (all_titles[1:] if by_file else all_titles)
    assert playlist.name == "Fri/Sat"
    assert f"Written to {out}: {len(titles)} tracks." in result.stderr
    if key in ("m3u8", "rekordbox", "traktor"):
        paths = [entry.path for entry in playlist.entries][-2:]
        assert paths == [str(tmp_path / "Music" / name) for name in FILES]
        assert [row["title"] for row in listed(folder / "Friday.missing.csv")] == ["Lamp"]
        assert "Friday.missing.csv" in result.stderr
    else:
        assert names(folder) == [out.name]


@pytest.mark.parametrize("crate", ["Fri/Sat", "FRI/SAT", "1"])
def test_a_crate_is_named_or_numbered(folder: Path, crate: str) -> None:
    done(crate, "-o", str(folder / "x.txt"))
    assert "Nuit d'été" in (folder / "x.txt").read_text()


def test_into_a_folder_it_goes_under_the_name_of_the_crate(folder: Path) -> None:
    done("Fri/Sat", "-o", str(folder), "--format", "traktor")
    assert names(folder) == ["Fri Sat.missing.csv", "Fri Sat.nml"]


def test_on_stdout_stands_the_playlist_alone(folder: Path) -> None:
    result = done("Fri/Sat", "-o", "-", "--format", "rekordbox")
    path = folder / "x.xml"
    path.write_bytes(result.stdout_bytes)
    assert len(read_file(path)[0].entries) == 2
    assert "1 track has no file on this computer, so is not in it." in result.stderr
    assert "Otto Lind - Lamp" in result.stderr


def test_nothing_is_replaced_unless_it_is_asked_for(folder: Path) -> None:
    out, beside = folder / "Friday.m3u8", folder / "Friday.missing.csv"
    for path in (out, beside):
        path.write_text("mine")
        told = refused("Fri/Sat", "-o", str(out))
        assert f"{path} is there already and is not replaced" in told
        assert path.read_text() == "mine"
        assert names(folder) == [path.name]
        path.unlink()
    out.write_text("mine")
    done("Fri/Sat", "-o", str(out), "--force")
    assert out.read_text().startswith("#EXTM3U")
    assert beside.exists()


def test_a_list_of_before_goes_when_nothing_is_missing_any_more(
    folder: Path, tmp_path: Path
) -> None:
    out, beside = folder / "Lamp.m3u8", folder / "Lamp.missing.csv"
    done("fri sat", "-o", str(out))
    assert [row["artist"] for row in listed(beside)] == ["Otto Lind"]
    path = tmp_path / "lamp.mp3"
    path.write_text("x")
    with Catalogue.open(get_settings().url) as catalogue:
        track = Track("Otto Lind", "Lamp")
        catalogue.add_sound([Sound("lamp", AudioFile(path, "lamp", 1, 1), track, 60.0)])
    assert f"Removed {beside}" in done("fri sat", "-o", str(out), "--force").stderr
    assert names(folder) == ["Lamp.m3u8"]
    beside.write_text("my own notes")
    done("fri sat", "-o", str(out), "--force")
    assert beside.read_text() == "my own notes"


def test_every_crate_goes_into_a_folder_of_its_own_files(tmp_path: Path) -> None:
    out = tmp_path / "new" / "stick"
    result = done("--all", "-o", str(out), "--format", "csv")
    assert names(out) == ["Fri Sat.csv", "fri sat (2).csv"]
    assert 'Passed over "Empty": it is empty.' in result.stderr
    assert "fri sat (2).csv is there already" not in result.stderr
    assert "and 1 more file" in refused("--all", "-o", str(out), "--format", "csv")
    done("--all", "-o", str(out), "--format", "csv", "--force")


def test_a_crate_without_files_is_passed_over_where_files_are_needed(folder: Path) -> None:
    result = done("--all", "-o", str(folder), "--format", "rekordbox")
    assert names(folder) == ["Fri Sat.missing.csv", "Fri Sat.xml"]
    assert 'Passed over "fri sat": A rekordbox file needs' in result.stderr


def test_a_program_is_told_what_was_written_and_what_is_missing(folder: Path) -> None:
    told = json.loads(done("Fri/Sat", "-o", str(folder / "x.nml"), "--json").stdout)
    assert told["skipped"] == []
    assert told["files"] == [
        {
            "crate": "Fri/Sat",
            "file": str(folder / "x.nml"),
            "format": "traktor",
            "tracks": 2,
            "missing": [{"artist": "Otto Lind", "title": "Lamp"}],
            "missing_file": str(folder / "x.missing.csv"),
        }
    ]


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["-o", "x.csv"], "Give a crate or --all, one of both"),
        (["Fri/Sat", "--all", "-o", "x"], "Give a crate or --all, one of both"),
        (["--all", "-o", "-"], "-o - is for one crate"),
        (["Fri/Sat", "-o", "-", "--json"], "without --json"),
        (["Fri/Sat", "-o", "x", "--format", "wav"], "--format is one of m3u8, rekordbox"),
        (["Nothing", "-o", "x.csv"], 'There is no crate "Nothing"; the crates are'),
        (["Empty", "-o", "x.csv"], 'The crate "Empty" is empty; put tracks into it first.'),
        (["fri sat", "-o", "x.xml"], "none of these is on this computer"),
        (["Fri/Sat", "-o", "/no/such/folder/x.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    args: list[str], words: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    assert words in refused(*args)
    assert names(folder) == []


def test_a_file_that_came_meanwhile_is_not_replaced(folder: Path) -> None:
    path = folder / "x"
    with pytest.raises(SegueError, match="not replaced"), writing(path, replace=False) as stream:
        path.write_text("theirs")
        stream.write("ours")
    assert (path.read_text(), names(folder)) == ("theirs", ["x"])


def test_where_no_links_can_be_made_a_file_is_written_all_the_same(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any) -> None:
        raise PermissionError

    monkeypatch.setattr("os.link", refuse)
    with writing(folder / "x", replace=False) as stream:
        stream.write("ours")
    assert (folder / "x").read_text() == "ours"
    with pytest.raises(SegueError, match="not replaced"), writing(folder / "x", replace=False):
        pass
