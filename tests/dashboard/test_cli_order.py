"""``segue order`` and ``segue path``, on a few invented sets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app
from data.catalogue import Catalogue
from data.settings import get_settings
from tests.hybrid.small import heard

TRACKS = [f"Artist {n} - Tune {n}" for n in "ABCDEF"]


@pytest.fixture(autouse=True)
def sets(own_home: Path) -> None:
    """Two sets that chain six tracks: A to F are the recordings 1 to 6."""
    own_home.mkdir()
    with Catalogue.open(get_settings().url) as catalogue:
        catalogue.add_tracklists([heard("a", *TRACKS[:4]), heard("b", *TRACKS[3:])])


def run(*args: str, stdin: str | None = None) -> Any:
    return CliRunner().invoke(app, list(args), input=stdin)


def ordered(*args: str, stdin: str | None = None) -> dict[str, Any]:
    result = run(*args, "--json", stdin=stdin)
    assert result.exit_code == 0, result.output
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def ids(answer: dict[str, Any]) -> list[int]:
    return [track["recording_id"] for track in answer["tracks"]]


def crate(name: str, *members: int) -> None:
    with Catalogue.open(get_settings().url) as catalogue:
        ident = catalogue.create_crate(name)
        for member in members:
            catalogue.add_to_crate(ident, member)


def refused(*args: str) -> str:
    result = run(*args)
    assert result.exit_code == 2
    assert result.stdout == ""
    return " ".join(result.stderr.split())


def test_tracks_are_put_in_the_order_djs_play_them_with_the_reason() -> None:
    answer = ordered("order", TRACKS[2], "4", TRACKS[0], "2")
    assert ids(answer) == [1, 2, 3, 4]
    assert [step["reason"] for step in answer["transitions"]] == [
        "Played straight after it once."
    ] * 3
    assert 0 < answer["score"] <= 1
    assert answer["tracks"][0]["artist"] == "Artist A"


def test_for_people_each_row_has_its_reason_and_what_else_would_go() -> None:
    result = run("order", "1", "2", "3", "4")
    assert result.exit_code == 0
    rows = [row for row in result.stdout.splitlines() if "Artist" in row]
    assert len(rows) == 4
    assert "straight after" in rows[1]
    assert "now 4" in rows[0] or "now 3" in rows[0]
    assert "Score" in result.stderr
    assert "now" not in run("order", "1", "2", "3", "4", "--alternatives", "0").stdout


@pytest.mark.parametrize("name", ["night", "Night", "1"])
def test_a_crate_is_named_or_numbered(name: str) -> None:
    crate("night", 3, 1, 2)
    assert ids(ordered("order", "--crate", name)) == [1, 2, 3]


def test_tracks_come_from_a_file_or_stdin_line_by_line(tmp_path: Path) -> None:
    lines = f"#EXTM3U\n\n{TRACKS[1]}\n1\n"
    file = tmp_path / "tracks.txt"
    file.write_text(lines)
    assert ids(ordered("order", "--file", str(file))) == [1, 2]
    assert ids(ordered("order", "--file", "-", stdin=lines)) == [1, 2]


def test_tracks_are_chosen_by_what_goes_with_a_track_or_an_artist() -> None:
    assert 4 in ids(ordered("order", "--like", TRACKS[3], "--pool", "3"))
    assert len(ids(ordered("order", "--like", "Artist D", "--pool", "3"))) == 3
    result = run("order", "--like", TRACKS[3], "--like", "Zzz - Qqq", "--pool", "3")
    assert (result.exit_code, result.stderr.count("Nothing is known of “Zzz - Qqq”")) == (0, 1)
    assert "Nothing is known of “Zzz - Qqq”" in refused("order", "--like", "Zzz - Qqq")


def test_locks_first_and_last_are_kept() -> None:
    answer = ordered("order", "1", "2", "3", "4", "--first", "4", "--lock", f"3={TRACKS[0]}")
    assert ids(answer)[0] == 4 and ids(answer)[2] == 1
    assert [track["locked"] for track in answer["tracks"]] == [True, False, True, False]
    assert ids(ordered("order", "1", "2", "3", "--last", TRACKS[0]))[-1] == 1


def test_a_time_chooses_what_fits_and_says_what_was_assumed() -> None:
    answer = ordered("order", "1", "2", "3", "4", "--minutes", "15")
    assert len(answer["tracks"]) == 3
    assert len(answer["left_out"]) == 1
    assert "4 of 4 tracks" in answer["notes"][0]
    assert answer["tracks"][0]["alternatives"][0]["slot"] is None


def test_an_order_is_kept_as_a_new_crate_and_never_over_another() -> None:
    crate("old", 6)
    assert run("order", "3", "2", "1", "--save", "new").exit_code == 0
    assert ids(ordered("order", "--crate", "new")) == [1, 2, 3]
    assert "old" in refused("order", "3", "2", "1", "--save", "old")
    assert run("order", "--crate", "old").exit_code == 2  # still its one track


def test_an_order_is_written_as_a_playlist_and_never_over_a_file(tmp_path: Path) -> None:
    out = tmp_path / "set.m3u8"
    assert run("order", "3", "2", "1", "-o", str(out)).exit_code == 0
    text = out.read_text()
    assert text.startswith("#EXTM3U")
    assert text.index("Tune A") < text.index("Tune B") < text.index("Tune C")
    assert "not replaced" in refused("order", "1", "2", "-o", str(out))
    assert out.read_text() == text
    table = run("order", "1", "2", "-o", "-", "--format", "csv").stdout
    assert table.splitlines()[0].lstrip("\ufeff").startswith("position,artist")
    assert "'-" not in table  # it is called after no file


def test_a_format_of_djs_own_files_is_refused_where_there_are_none(tmp_path: Path) -> None:
    out = tmp_path / "set.xml"
    assert "none of these is on this computer" in refused("order", "1", "2", "-o", str(out))
    assert not out.exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "one of these"),
        (["1", "--crate", "x"], "one of these"),
        (["--crate", "x"], 'There is no crate "x"; there is no crate yet'),
        (["1"], "There is one track to order"),
        (["1", "2", "--curve", "up"], "--curve is one of none, warm-up, build, peak, wave"),
        (["1", "2", "--lock", "Tune"], '--lock takes "SLOT=TRACK"'),
        (["1", "2", "--lock", "1=1", "--lock", "1=2"], "locked twice"),
        (["1", "2", "--lock", "1=1", "--first", "2"], "Slot 1 cannot hold both"),
        (["1", "2", "--first", "6"], "Artist F - Tune F is not among the tracks to order"),
        (["1", "2", "--format", "csv"], "--format belongs to --out"),
        (["1", "2", "-o", "x.m3u8", "--format", "wav"], "--format is one of m3u8, rekordbox"),
        (["Artist A - Tune A Remix 9", "88"], "Not in the catalogue"),
        (["--file", "/nowhere/at/all"], "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(args: list[str], words: str) -> None:
    told = refused("order", *args).replace("│ ", "").replace(" │", "")
    assert words in told


def test_an_empty_crate_is_told_as_that() -> None:
    crate("bare")
    assert 'The crate "bare" is empty' in refused("order", "--crate", "bare")


def test_an_unknown_track_comes_with_near_matches() -> None:
    told = refused("order", "Artist A - Other Thing", "2")
    assert '"Artist A - Other Thing" (did you mean "Artist A - Tune A"' in told


def test_a_path_leads_from_one_to_the_other_in_so_many_steps() -> None:
    answer = ordered("path", TRACKS[0], "6", "--steps", "5")
    assert ids(answer) == [1, 2, 3, 4, 5, 6]
    assert [track["locked"] for track in answer["tracks"]] == [True, *[False] * 4, True]
    assert "Artist D" in run("path", "1", "6", "--steps", "2").stdout


def test_a_path_can_be_kept_to_a_crate_and_be_kept_itself(tmp_path: Path) -> None:
    crate("night", 2, 3, 4)
    out = tmp_path / "way.csv"
    result = run(
        "path", "1", "4", "--steps", "2", "--crate", "night", "-o", str(out), "--save", "w"
    )
    assert result.exit_code == 0
    assert len(out.read_text().splitlines()) == 4
    assert len(ids(ordered("order", "--crate", "w"))) == 3


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["1", "6", "--steps", "0"], "1 to 50 steps"),
        (["1", "1"], "two different ones"),
        (["1", "6", "--steps", "1"], "Nothing that is known leads from Artist A"),
        (["1", "6", "--steps", "9"], "ask for fewer steps"),
        (["1", "Nobody - Never"], "Not in the catalogue"),
    ],
)
def test_where_there_is_no_path_it_is_said(args: list[str], words: str) -> None:
    assert words in refused("path", *args)
