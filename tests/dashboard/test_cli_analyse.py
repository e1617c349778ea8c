"""``segue analyse`` on real files, from the command to the catalogue."""

from __future__ import annotations

import csv
import json
import os
import pty
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.analyse import analyse
from dashboard.cli.command import app
from data.catalogue import Catalogue
from data.identity import make_track
from data.settings import get_settings
from models.encoders import registry
from models.encoders.contract import Clip
from tests.audio_files import cut, id3, music, write

ROOT = Path(__file__).parents[2]
FIRST = (
    "file",
    "duration_s",
    "bpm",
    "bpm_confidence",
    "bpm_alternatives",
    "key",
    "camelot",
    "key_confidence",
    "energy",
    "loudness_lufs",
    "encoder",
    "vector",
)
ENCODER = "segment_pca"  # quick to train, so that these tests need no shipped weights
THEN = ("key_runner_up", "rolloff_hz", "beat_start_s", "provenance")


@dataclass
class Ran:
    """A folder of music, and what the command said of it."""

    home: Path
    folder: Path
    failures: Path
    code: int
    said: str
    objects: dict[str, dict[str, Any]]


def again(ran: Ran, monkeypatch: pytest.MonkeyPatch, *args: str) -> Any:
    """Run the command on the same catalogue, in this process: it has no file to work on."""
    monkeypatch.setenv("SEGUE_HOME", str(ran.home))
    get_settings.cache_clear()
    return CliRunner().invoke(app, ["analyse", *args, "--encoder", ENCODER])


def objects(stdout: str) -> dict[str, dict[str, Any]]:
    """Return the objects by the names of their files."""
    found = [json.loads(line) for line in stdout.splitlines()]
    named = {Path(found_one["file"]).name: found_one for found_one in found}
    assert len(named) == len(found)
    return named


def train(home: Path) -> None:
    tunes = [music(10, bpm=90 + 10 * n, rate=22_050).mean(axis=1) for n in range(6)]
    clips = [Clip(tune, artist=f"A{n}", genre="ab"[n % 2]) for n, tune in enumerate(tunes)]
    registry.save(home / "models", registry.create(ENCODER).fit(clips[:4], clips[4:]))


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Three good files and three bad ones, analysed once for all tests that only look."""
    home, folder = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("music")
    train(home)
    write(folder, "wav", music(12, bpm=126), name="beat.wav")
    write(folder, "ogg", music(12, bpm=140), name="Odd Heron - Low Tide.ogg")
    plain = write(folder, "mp3-headerless", music(12, bpm=90), name="plain.mp3")
    header = id3({"TPE1": "Mara Vale", "TIT2": "Night Bus", "TBPM": "90", "TKEY": "8A"})
    (folder / "tagged.mp3").write_bytes(header + plain.read_bytes())
    plain.unlink()
    cut(write(folder, "flac", name="long.flac")).rename(folder / "cut.flac")
    (folder / "long.flac").unlink()
    (folder / "empty.mp3").touch()
    (folder / "list.wav").write_text("milk, eggs\n")
    (folder / "cover.jpg").touch()
    (folder / "._beat.wav").touch()
    failures = home / "failures.csv"
    command = [sys.executable, "-m", "dashboard.cli", "analyse", str(folder), "--json"]
    command += ["--encoder", ENCODER, "--failures", str(failures), "--workers", "1"]
    environment = {**os.environ, "SEGUE_HOME": str(home)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    return Ran(home, folder, failures, done.returncode, done.stderr, objects(done.stdout))


def test_there_is_one_object_for_each_analysed_file_with_the_promised_names(ran: Ran) -> None:
    assert ran.code == 0, ran.said
    assert ran.objects.keys() == {"beat.wav", "Odd Heron - Low Tide.ogg", "tagged.mp3"}
    for found in ran.objects.values():
        assert tuple(found) == FIRST + THEN
        assert found["encoder"] == ENCODER
        assert len(found["vector"]) > 1
        assert found["duration_s"] == pytest.approx(12, abs=0.1)


def test_the_numbers_are_those_of_the_music(ran: Ran) -> None:
    beat = ran.objects["beat.wav"]
    assert beat["bpm"] == pytest.approx(126, rel=0.04)
    assert (beat["key"], beat["camelot"]) == ("Am", "8A")
    assert beat["loudness_lufs"] < 0
    assert 0 <= beat["energy"] <= 1


def test_tags_win_and_say_so(ran: Ran) -> None:
    tagged = ran.objects["tagged.mp3"]
    assert (tagged["bpm"], tagged["key"]) == (90.0, "Am")
    assert tagged["provenance"] == {"bpm": "tag", "key": "tag"}


def test_each_bad_file_has_its_reason_in_the_csv_and_on_stderr(ran: Ran) -> None:
    with ran.failures.open(newline="") as file:
        rows = {Path(row["path"]).name: row["reason"] for row in csv.DictReader(file)}
    assert rows.keys() == {"cut.flac", "empty.mp3", "list.wav"}
    assert all(rows.values())
    assert "Not analysed, with the reason (3)" in ran.said
    for name, reason in rows.items():
        assert f"{name}: {reason}" in ran.said
    assert "1 hidden, 1 no audio by its name" in ran.said


def test_a_file_belongs_to_the_recording_that_its_tags_or_its_name_say(ran: Ran) -> None:
    with Catalogue.open(f"sqlite:///{ran.home / 'catalogue.sqlite'}", create=False) as catalogue:
        assert catalogue.stats().analysed == 3
        for artist, title, name in (
            ("Mara Vale", "Night Bus", "tagged.mp3"),
            ("Odd Heron", "Low Tide", "Odd Heron - Low Tide.ogg"),
        ):
            ident = catalogue.find(make_track(artist, title))
            assert catalogue.audio_path(ident) == ran.folder / name
            assert catalogue.sound([ident])[ident].bpm == ran.objects[name]["bpm"]


def test_known_files_are_told_again(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ("beat.wav", "tagged.mp3")
    result = again(ran, monkeypatch, *(str(ran.folder / name) for name in names), "--json")
    assert result.exit_code == 0
    assert objects(result.stdout) == {name: ran.objects[name] for name in names}
    assert re.match(r"Analysed 0 files in .* s, 2 known already\.\n", result.stderr)


def test_json_goes_to_stdout_while_a_terminal_shows_how_far_it_is(
    ran: Ran, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SEGUE_HOME", str(ran.home))
    get_settings.cache_clear()
    screen, line = pty.openpty()
    with os.fdopen(line, "w") as terminal:
        monkeypatch.setattr(sys, "stderr", terminal)
        analyse([ran.folder / "beat.wav"], as_json=True, encoder=ENCODER)
        assert "Analysing" in os.read(screen, 100_000).decode()
    assert objects(capsys.readouterr().out) == {"beat.wav": ran.objects["beat.wav"]}


def test_people_get_a_table(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    result = again(ran, monkeypatch, str(ran.folder / "tagged.mp3"))
    header, row = result.stdout.splitlines()
    assert header.split()[:3] == ["File", "Length", "BPM"]
    assert row.split()[1:] == ["0:12", "90.0", "tag", "Am", "8A", "tag", *row.split()[-2:]]


def test_nothing_but_bad_files_is_a_failure(ran: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    result = again(ran, monkeypatch, "/music/no such file.mp3", "--json")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "/music/no such file.mp3: does not exist" in result.stderr
    assert result.stderr.endswith("No file could be analysed; the reasons stand above.\n")


def test_a_folder_without_audio_says_what_it_has(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    result = CliRunner().invoke(app, ["analyse", str(tmp_path)])
    assert result.exit_code == 2
    assert result.stderr.startswith("There is no audio in these folders (1 no audio by its name)")


def test_an_encoder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    file = write(tmp_path, "wav", music(2))
    result = CliRunner().invoke(app, ["analyse", str(file), "--encoder", "segment_pcb"])
    assert result.exit_code == 2
    assert "Did you mean `segment_pca`?" in result.stderr


def test_a_place_where_no_failures_can_be_written_is_said_at_once(
    ran: Ran, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nowhere = tmp_path / "gone"
    result = again(ran, monkeypatch, str(ran.folder), "--failures", str(nowhere / "f.csv"))
    assert result.exit_code == 2
    assert f"there is no folder {nowhere}" in " ".join(result.output.split())
    assert "Analysed" not in result.output
