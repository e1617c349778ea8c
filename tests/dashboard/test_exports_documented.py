"""docs/exports.md says what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.main import get_command

from dashboard.cli.command import app
from data.playlists import FORMATS, sidecar

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text()


def table(heading: str) -> list[list[str]]:
    """Return the cells of a table whose header begins so, row by row, without the header."""
    rows = PAGE.partition(f"\n| {heading} |")[2].splitlines()[2:]
    body = rows[: next(n for n, line in enumerate(rows) if not line.startswith("|"))]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in body]


def test_every_format_is_described_with_its_ending_and_no_other() -> None:
    described = {row[0].strip("`"): row[1].strip("`") for row in table("Format")}
    assert described == {key: form.extension for key, form in FORMATS.items()}
    assert list(described) == list(FORMATS)


@pytest.mark.parametrize("key", FORMATS)
def test_what_becomes_of_tracks_without_a_file_is_said_truly(key: str) -> None:
    [row] = [row for row in table("Format") if row[0] == f"`{key}`"]
    leaves_out = key in ("rekordbox", "traktor")
    assert (row[3] == "left out") == leaves_out
    assert ("path" in re.split(r", ", row[2])) == (key in sidecar.FILE_FORMATS)


def test_every_option_is_described_and_no_other() -> None:
    command = get_command(app).commands["export"]  # type: ignore[attr-defined]
    offered = {o for p in command.params for o in p.opts if o.startswith("--")} - {"--help"}
    assert {row[0].strip("`") for row in table("Option")} == offered


def test_every_column_of_the_list_is_described_in_order() -> None:
    named = [name for row in table("Column") for name in re.findall(r"`(\w+)`", row[0])]
    assert named == list(sidecar.COLUMNS)
    assert f"`NAME{sidecar.ENDING}`" in PAGE


def test_the_examples_name_options_and_formats_that_exist() -> None:
    [block] = re.findall(r"```sh\n(.*?)```", PAGE, re.S)
    options = {row[0].strip("`") for row in table("Option")}
    assert set(re.findall(r"--[a-z-]+", block)) <= options
    assert set(re.findall(r"--format (\w+)", block)) <= FORMATS.keys()
