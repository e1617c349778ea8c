"""The evaluation that is kept for the page: whole or not at all, and never in silence wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest

from data.errors import SegueError
from data.settings import Settings
from hybrid.evaluate import Report, kept


class Figures(Report):
    """A report that says what it is told to."""

    def __init__(self, **figures: Any) -> None:
        super().__init__(fingerprint="f1", sets=3, near_duplicates=0, recordings=9, draws=1)
        self.figures = figures

    def as_dict(self) -> dict[str, Any]:
        return self.figures


def test_nothing_is_there_before_the_first() -> None:
    assert kept.load(Settings()) is None


def test_what_is_kept_is_read_with_its_date_and_the_catalogue_it_was_made_on() -> None:
    path = kept.keep(Settings(), Figures(sets=3))
    assert path == Settings().home / "reports" / "evaluation.json"
    found = kept.load(Settings())
    assert found is not None
    assert (found.fingerprint, found.figures) == ("f1", {"sets": 3})
    assert found.date.endswith("+00:00")


def test_the_next_one_takes_its_place_and_leaves_nothing_else() -> None:
    kept.keep(Settings(), Figures(sets=3))
    path = kept.keep(Settings(), Figures(sets=4))
    assert kept.load(Settings()).figures == {"sets": 4}
    assert list(path.parent.iterdir()) == [path]


def test_a_figure_that_is_no_number_is_null() -> None:
    path = kept.keep(Settings(), Figures(gain=float("nan"), most=float("inf")))
    json.loads(path.read_text(), parse_constant=pytest.fail)
    assert kept.load(Settings()).figures == {"gain": None, "most": None}


def test_one_that_fails_leaves_the_last_one_as_it_was() -> None:
    path = kept.keep(Settings(), Figures(sets=3))
    with pytest.raises(TypeError):
        kept.keep(Settings(), Figures(sets=object()))
    assert kept.load(Settings()).figures == {"sets": 3}
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"date": "2026-01-01"}', '"x"'])
def test_a_damaged_file_says_what_to_do(text: str) -> None:
    path = kept.keep(Settings(), Figures(sets=3))
    path.write_text(text)
    with pytest.raises(SegueError, match="run an evaluation"):
        kept.load(Settings())
