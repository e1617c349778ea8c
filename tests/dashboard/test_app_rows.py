"""The rows of the Dig page by its callbacks: the DJ's own word, the crate, what is behind a row."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from dash import Dash
from dash.exceptions import PreventUpdate

from dashboard.callbacks import dig, dig_rows
from dashboard.services import Library, current_library
from dashboard.services import dig as service
from data.errors import SegueError
from tests.dashboard.pressing import a_track, drawn, pressed


def names(library: Library, query: str) -> list[int]:
    return [r.recording_id for r in library.answer(dig.View.from_search(query)).results]


@pytest.fixture
def undone(app: Dash) -> Iterator[Library]:
    """A library that forgets what a test says."""
    library = current_library()
    yield library
    while library.catalogue.feedback.undo():
        pass


def say(query: str, recording: int, verdict: str, *, is_open: bool = False) -> dig.Drawn:
    """Judge a row, as the page does, and draw the list that follows."""
    asked = {"id": recording, "verdict": verdict, "open": is_open, "at": 1}
    judged = dig_rows.judge(asked, query)
    return pressed(dig_rows.JUDGED_ID, judged, dig.show, query, None, judged)


def test_what_works_comes_first_at_once_and_can_be_taken_back(undone: Library) -> None:
    query = f"?seed={a_track(undone)}"
    before = names(undone, query)
    page = say(query, before[5], "works", is_open=True)
    assert names(undone, query)[0] == before[5]
    # The row that was open stays open, with what was said pressed.
    buttons = re.findall(r'\{[^{}]*"data-judge"[^{}]*\}', drawn(page.rows))
    pressed_ones = [button for button in buttons if '"aria-pressed": "true"' in button]
    assert len(buttons) == 4
    assert ['"data-judge": "works"' in button for button in pressed_ones] == [True]
    assert service.words_on(undone, dig.View.from_search(query), before[5]) == {"works"}
    say(query, before[5], "works")
    assert names(undone, query) == before


@pytest.mark.parametrize("verdict", ["clashes", "dislike"])
def test_what_is_turned_down_leaves_the_list_and_says_how_to_get_it_back(
    undone: Library, verdict: str
) -> None:
    query = f"?seed={a_track(undone)}"
    before = names(undone, query)
    page = say(query, before[2], verdict)
    assert before[2] not in names(undone, query)
    assert "Take it back" in drawn(page.head)
    hidden_by = {"clashes": "clashes", "dislike": "disliked"}[verdict]
    assert f'{{"type": "unhide", "key": "{hidden_by}"}}' in drawn(page.head)
    assert before[2] in names(undone, f"{query}&disliked=show")
    page = say(query, before[2], verdict)
    assert names(undone, query) == before
    assert "Take it back" not in drawn(page.head)


def test_only_what_a_dj_can_say_is_kept(undone: Library) -> None:
    query = f"?seed={a_track(undone)}"
    with pytest.raises(PreventUpdate):
        dig_rows.judge({"id": names(undone, query)[0], "verdict": "meh"}, query)
    with pytest.raises(PreventUpdate):
        dig_rows.judge(None, query)
    with pytest.raises(SegueError, match="no pair"):
        dig_rows.judge({"id": a_track(undone), "verdict": "works"}, "?seed=qqxxzz+-+wwyyvv")


def test_a_row_unfolds_into_the_sets_behind_it(app: Dash) -> None:
    library = current_library()
    query = f"?seed={a_track(library)}"
    result = next(r for r in library.answer(dig.View.from_search(query)).results if r.evidence.sets)
    shown = dig_rows.explain({"id": result.recording_id, "at": 1}, query)
    assert (shown["id"], shown["of"]) == (f"why-{result.recording_id}", str(result.recording_id))
    assert result.evidence.sets[0].title in drawn(shown["why"])
    with pytest.raises(PreventUpdate):
        dig_rows.explain(None, query)


def test_a_row_of_an_old_list_says_that_the_list_is_out_of_date(app: Dash) -> None:
    with pytest.raises(SegueError, match="reload"):
        dig_rows.explain({"id": 10**8, "at": 1}, "")


def test_a_row_goes_into_the_crate_and_out_again(app: Dash) -> None:
    library = current_library()
    track = a_track(library)
    dig_rows.toggle_crate({"id": track, "at": 1})
    assert library.catalogue.crate(library.crate_in_hand()) == [track]
    dig_rows.toggle_crate({"id": track, "at": 2})
    assert library.catalogue.crate(library.crate_in_hand()) == []
