"""``segue feedback``: words on tracks and pairs, taken back, written out and read in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from dashboard.cli.command import SegueGroup
from dashboard.cli.feedback import feedback_app
from data.catalogue import Catalogue
from data.settings import get_settings
from tests.hybrid.small import heard

ONE, TWO, DUB = "Ana - One", "Bo - Two", "Cy - Three (Dub)"

app = typer.Typer(cls=SegueGroup)
app.add_typer(feedback_app, name="feedback")


def run(*args: str) -> Any:
    return CliRunner().invoke(app, ["feedback", *args])


def listed() -> list[dict[str, Any]]:
    return json.loads(run("list", "--json").stdout)


def said() -> list[tuple[str, str, str | None]]:
    return [
        (word["verdict"], word["track"]["title"], word.get("next", {}).get("title"))
        for word in listed()
    ]


@pytest.fixture(autouse=True)
def crate() -> None:
    get_settings().home.mkdir(parents=True, exist_ok=True)
    with Catalogue.open(get_settings().url) as catalogue:
        catalogue.add_tracklists([heard("1", ONE, TWO, DUB)])


def test_words_are_said_listed_and_cleared() -> None:
    assert run("list").stdout == ""
    assert run("like", ONE).stdout == "You like Ana - One.\n"
    assert run("works", ONE, TWO).stdout == "Ana - One works into Bo - Two.\n"
    assert run("clashes", TWO, DUB).exit_code == 0
    assert said() == [("like", "One", None), ("works", "One", "Two"), ("clashes", "Two", DUB[5:])]

    shown = run("list").stdout
    assert [row.split()[2] for row in shown.splitlines()[1:]] == ["like", "works", "clashes"]
    assert run("clear", ONE, TWO).stdout == "Cleared: Ana - One into Bo - Two.\n"
    assert "Nothing was said" in run("clear", TWO, ONE).stderr
    assert said() == [("like", "One", None), ("clashes", "Two", DUB[5:])]


def test_saying_it_again_is_no_second_word() -> None:
    run("dislike", ONE)
    assert run("dislike", ONE).stdout == "Known already: You dislike Ana - One.\n"
    assert len(listed()) == 1


def test_words_are_taken_back_one_by_one() -> None:
    run("dislike", ONE)
    run("clear", ONE)
    assert run("undo").stdout == "Taken back: clearing Ana - One.\n"
    assert said() == [("dislike", "One", None)]
    assert run("undo").stdout == "Taken back: You dislike Ana - One.\n"
    last = run("undo")
    assert (last.exit_code, last.stdout) == (0, "")
    assert "nothing to take back" in last.stderr


def test_what_only_the_word_held_is_named_when_it_is_taken_back() -> None:
    run("like", ONE)
    with Catalogue.open(get_settings().url) as catalogue:
        catalogue.clear_source("notes")
    assert run("undo").stdout == "Taken back: You like Ana - One.\n"


def test_what_was_not_named_exactly_is_said_as_it_was_taken() -> None:
    version = run("like", "Cy - Three (Live)")
    assert "taking its version Cy - Three (Dub)" in version.stderr
    assert version.stdout == "You like Cy - Three (Dub).\n"
    assert 'Taking "bo two" for Bo - Two.' in run("like", "bo two").stderr
    assert run("like", "BO - TWO").stderr == ""


def test_a_track_that_is_not_there_is_refused_with_what_to_do() -> None:
    result = run("like", "Zed - Nowhere")
    assert result.exit_code == 2
    assert '"Zed - Nowhere" is not in the catalogue' in result.stderr
    assert run("works", ONE, ONE).exit_code == 2
    assert listed() == []


def test_words_are_written_out_and_read_in(tmp_path: Path) -> None:
    file = tmp_path / "feedback.jsonl"
    run("like", ONE)
    run("clashes", ONE, DUB)
    before = listed()
    assert run("export", str(file)).exit_code == 0
    assert run("export", "-").stdout == file.read_text(encoding="utf-8")
    run("undo")
    run("undo")

    with file.open("a", encoding="utf-8") as lines:
        lines.write('{"verdict": "like", "track": {"artist": "Eve", "title": "Nine"}}\n')
    result = run("import", str(file))
    assert result.stdout == "Took in 2 words.\n"
    assert "line 3: The catalogue does not hold Eve - Nine" in result.stderr
    assert listed() == before

    again = json.loads(run("import", str(file), "--json").stdout)
    assert (again["taken"], again["unchanged"], len(again["set_aside"])) == (0, 2, 1)
