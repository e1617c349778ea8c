"""``segue identify``: one object a line, whatever the text."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app


def identify(*args: str, stdin: bytes | None = None) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["identify", *args, "--json"], input=stdin)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_track_gives_artist_title_version_and_both_keys() -> None:
    (found,) = identify("Odd Heron - Low Tide (Marsh Mix) [Moss Index - MI 007]")
    assert list(found) == ["artist", "title", "version", "recording_key", "work_key"]
    assert found["artist"] == "Odd Heron"
    assert found["title"] == "Low Tide"
    assert found["version"] == "Marsh Mix"
    assert found["recording_key"] != found["work_key"]


def test_versions_share_the_work_key_and_not_the_recording_key() -> None:
    one, other = identify("Odd Heron - Low Tide (Marsh Mix)", "odd heron - LOW TIDE")
    assert one["work_key"] == other["work_key"]
    assert one["recording_key"] != other["recording_key"]


@pytest.mark.parametrize("text", ["?", "ID - ID", "Odd Heron - ?", "? - Low Tide", ""])
def test_a_text_that_names_no_track_is_answered_with_the_reason(text: str) -> None:
    (found,) = identify(text)
    assert found["text"] == text
    assert found["unknown"]
    assert found["recording_key"] is None
    assert found["work_key"] is None


def test_the_half_that_is_known_is_kept() -> None:
    (found,) = identify("Odd Heron - ?")
    assert found["artist"] == "Odd Heron"


def test_lines_come_from_a_file_one_answer_each(tmp_path: Path) -> None:
    file = tmp_path / "lines.txt"
    file.write_bytes(
        "\ufeffOdd Heron - Low Tide\r\n\r\n?\nÉté - 夜\n".encode()
        + b"\xff\xfe - broken\nlast - one"
    )
    found = identify("first - one", "--lines", str(file))
    assert [f["artist"] for f in found[:2]] == ["first", "Odd Heron"]
    assert len(found) == 7
    assert "unknown" in found[2]
    assert found[4]["artist"] == "Été"
    assert found[6]["title"] == "one"


def test_a_dash_reads_stdin() -> None:
    (found,) = identify("--lines", "-", stdin=b"Odd Heron - Low Tide\n")
    assert found["title"] == "Low Tide"


def test_a_table_for_people_shows_names_as_they_are() -> None:
    result = CliRunner().invoke(app, ["identify", "Odd [bold]Heron[/bold] - Low Tide (Dub)", "?"])
    assert result.exit_code == 0
    assert "Low Tide" in result.stdout
    assert "Dub" in result.stdout
    assert "unknown" in result.stdout


def test_asking_nothing_is_answered_with_what_to_give() -> None:
    result = CliRunner().invoke(app, ["identify"])
    assert result.exit_code == 2
    assert "--lines" in result.stderr


@pytest.mark.parametrize("name", ["missing.txt", "folder", "binary"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "binary").write_bytes(b"\x7fELF\0\0\0")
    result = CliRunner().invoke(app, ["identify", "--lines", str(tmp_path / name)])
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert name in result.stderr
    assert result.stdout == ""
