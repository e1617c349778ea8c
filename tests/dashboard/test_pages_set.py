"""The Set page, by its callbacks: what it draws for an address, and what each control does."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from html import escape
from typing import Any

import pytest
from dash import Dash
from dash.exceptions import PreventUpdate

from dashboard.app import create_app
from dashboard.callbacks import set as page
from dashboard.callbacks.suggesting import suggested
from dashboard.charts.set import energy_curve, key_path
from dashboard.components.set_rows import running_order
from dashboard.services import crates, current_library, sets
from dashboard.set_view import SetView
from data.errors import SegueError
from data.harmony import Key
from data.records import Track
from data.settings import Settings
from hybrid.sequence import RunningOrder, Slot, Transition
from tests.dashboard.pressing import drawn, pressed

Told = list[str]


@pytest.fixture(scope="module")
def served(app_settings: Settings) -> Dash:
    """One app for all tests here: to read the demo crate takes longest."""
    return create_app(app_settings)


@pytest.fixture
def app(served: Dash) -> Iterator[Dash]:
    """The app, with an empty crate in hand."""
    with served.server.app_context():
        crates.clear(current_library(), current_library().crate_in_hand())
        yield served


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the person is told in messages."""
    said: Told = []
    monkeypatch.setattr(page, "report", lambda error: said.append(str(error)))
    monkeypatch.setattr(page, "tell_of_change", lambda: said.append(page.NOW_CHANGED))
    return said


@pytest.fixture
def ids(app: Dash) -> Iterator[list[int]]:
    """Five tracks in the crate in hand; other crates that a test makes go again."""
    library = current_library()
    before = {crate.id for crate in library.catalogue.crates()}
    held = [ident for ident, _ in library.starters(6)[:5]]
    crates.add(library, library.crate_in_hand(), held)
    yield held
    for crate in library.catalogue.crates():
        if crate.id not in before | {library.crate_in_hand()}:
            library.catalogue.delete_crate(crate.id)


def hand() -> int:
    return current_library().crate_in_hand()


def now(crate: int | None = None) -> list[int]:
    return current_library().catalogue.crate(crate or hand())


def do(query: str, **asked: Any) -> tuple[str, str]:
    """Do something with the page of an address; return the address after it and what is said."""
    shown = page.show(query)
    address, done = page.edit({"at": 1, **asked}, shown.state, shown.proposed, query)
    return query if not isinstance(address, str) else address, done["said"]


# -- what is drawn


def test_the_running_order_tells_every_transition(ids: list[int]) -> None:
    shown = page.show("")
    order = current_library().sequencer().standing(ids)
    rows = shown.rows
    assert all(escape(step.reason, quote=False) in rows for step in order.transitions)
    assert rows.count('role="meter"') == 4
    assert all(f"transition/{a}/{b}" in rows for a, b in itertools.pairwise(ids))
    assert "5 tracks" in drawn(shown.head)
    assert f"{order.score * 100:.0f}" in drawn(shown.head)
    assert shown.no_tools is False


def test_one_track_and_none_are_no_running_order(app: Dash) -> None:
    empty = page.show("")
    assert "Nothing in this crate yet" in drawn(empty.list)
    assert empty.no_tools
    crates.add(current_library(), hand(), [current_library().starters()[0][0]])
    one = page.show("?tool=order&alternatives=1")
    assert "Add one more" in drawn(one.list)
    assert one.preview == ""


def test_a_crate_that_is_gone_is_told_and_can_be_put_back(ids: list[int], told: Told) -> None:
    address, _ = do("", do="duplicate", id=hand())
    gone = int(address.removeprefix("?crate="))
    assert do(address, do="delete", id=gone) == ("", "Deleted My crate copy. It can be put back.")
    shown = page.show(address)
    assert "not here any more" in drawn(shown.list)
    assert "My crate copy" in drawn(shown.crates)
    assert do("", do="restore", id=gone)[0] == address
    assert now(gone) == ids


def test_on_another_page_nothing_is_drawn(app: Dash) -> None:
    with pytest.raises(PreventUpdate):
        page.show("?crate=1", None, None, "/")


def test_a_track_without_a_file_cannot_be_listened_to(ids: list[int]) -> None:
    of = sets.crate_set(current_library(), SetView(), hand())
    without = running_order(
        sets.CrateSet(of.state, of.tracks, sets.Sounds(), of.order), set(), "camelot"
    )
    assert f"No file of “{of.tracks[ids[0]].title}” and" in drawn(without)
    assert "data-play" not in drawn(without)


# -- what is done


def test_tracks_move_and_every_step_can_be_undone(ids: list[int]) -> None:
    _, said = do("", do="move", id=ids[0], by=2)
    assert now() == [ids[1], ids[2], ids[0], ids[3], ids[4]]
    assert said.endswith("is now 3 of 5.")
    do("", do="move", id=ids[4], to=1)
    do("", do="remove", ids=[ids[1], ids[2]])
    assert now() == [ids[4], ids[0], ids[3]]
    assert do("", do="undo")[1] == "Taken back: Removed 2 tracks."
    do("", do="undo")
    assert now() == [ids[1], ids[2], ids[0], ids[3], ids[4]]
    do("", do="redo")
    assert now()[0] == ids[4]


def test_the_end_of_the_list_is_the_end(ids: list[int]) -> None:
    assert do("", do="move", id=ids[0], by=-1)[1].endswith("is the first already.")
    assert do("", do="move", id=ids[4], by=1)[1].endswith("is the last already.")
    assert now() == ids


def test_a_track_is_added_once(ids: list[int], told: Told) -> None:
    other = next(i for i, _ in current_library().starters() if i not in ids)
    do("", do="add", id=other)
    assert now() == [*ids, other]
    do("", do="add", id=other)
    assert now() == [*ids, other]
    assert "is in this crate already" in told[0]


def test_another_window_is_never_overwritten(ids: list[int], told: Told) -> None:
    shown = page.show("")
    crates.remove(current_library(), hand(), [ids[2]])
    for asked in (
        {"do": "move", "id": ids[0], "by": 1},
        {"do": "undo"},
        {"do": "clear"},
        {"do": "replace", "id": ids[0], "other": ids[1]},
    ):
        _, done = page.edit(asked, shown.state, None, "")
        assert page.show("", done).said == page.NOW_CHANGED
    assert now() == [i for i in ids if i != ids[2]]
    assert told == [page.NOW_CHANGED] * 4


def test_nonsense_from_the_page_changes_nothing(ids: list[int], told: Told) -> None:
    shown = page.show("")
    for asked in (None, {"do": "fly"}, {"do": "move"}, {"do": "remove", "id": "x"}):
        with pytest.raises(PreventUpdate):
            page.edit(asked, shown.state, None, "")
    assert now() == ids


def test_a_crate_taken_in_hand_gets_what_is_added_elsewhere(ids: list[int]) -> None:
    library, before = current_library(), hand()
    address, _ = do("", do="duplicate", id=before)
    made = int(address.removeprefix("?crate="))
    assert "Take in hand" in drawn(page.show(address).head)
    do(address, do="hand", id=made)
    assert hand() == made
    assert "In hand" in drawn(page.show(address).head)
    library.take_in_hand(before)


# -- order for flow


def test_a_proposal_changes_nothing_until_it_is_used(ids: list[int]) -> None:
    locked, _ = do("", do="lock", id=ids[3], slot=4)
    address, _ = do(f"{locked}&curve=build", do="tool", tool="order")
    shown = page.show(address)
    proposed = shown.proposed["ids"]
    assert proposed[3] == ids[3]
    assert sorted(proposed) == sorted(ids)
    assert now() == ids
    scores = re.findall(r"(\d+) → (\d+)", shown.preview)
    assert scores[0][0] == f"{current_library().sequencer().standing(ids).score * 100:.0f}"
    after, said = do(address, do="use")
    assert now() == proposed
    assert said == "Ordered for flow."
    assert "tool" not in after
    assert f"lock=4:{ids[3]}" in after
    do(after, do="undo")
    assert now() == ids


def test_wishes_that_contradict_each_other_are_told(ids: list[int]) -> None:
    shown = page.show(f"?tool=order&lock=1:{ids[0]}&first={ids[1]}")
    assert "Slot 1 cannot hold both" in shown.preview
    assert shown.proposed is None


def test_what_does_not_fit_into_the_time_is_told_before(ids: list[int]) -> None:
    shown = page.show("?tool=order&minutes=15")
    assert "would leave the crate" in shown.preview
    assert 2 <= len(shown.proposed["ids"]) < 5


def test_alternatives_can_be_swapped_in(ids: list[int]) -> None:
    address, _ = do("", do="others", id=ids[1], slot=2)
    assert "alternatives=2" in address
    rows = page.show(address).rows
    offered = [int(i) for i in re.findall(r'data-other="(\d+)"', rows)]
    fresh = next(i for i in offered if i not in ids)
    after, _ = do(address, do="replace", id=ids[1], other=fresh)
    assert now() == [ids[0], fresh, *ids[2:]]
    assert "alternatives" not in after
    do("", do="replace", id=ids[0], other=ids[4])
    assert now() == [ids[4], fresh, ids[2], ids[3], ids[0]]


# -- a path


def test_a_path_is_put_in_or_becomes_a_crate(ids: list[int]) -> None:
    query = f"?tool=path&from={ids[0]}&to={ids[1]}&steps=3"
    way = page.show(query).proposed["ids"]
    assert (way[0], way[-1], len(way)) == (ids[0], ids[1], 4)
    address, said = do(query, do="path-crate")
    assert now(int(address.removeprefix("?crate="))) == way
    assert said.startswith("Made the crate ")
    do(query, do="insert-path")
    assert now() == [*way, *(i for i in ids if i not in way)]


def test_that_there_is_no_way_is_told(ids: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Choose a track" in page.show("?tool=path").preview
    same = page.show(f"?tool=path&from={ids[0]}&to={ids[0]}")
    assert "name two different ones" in same.preview

    def lost(*_: object, **__: object) -> None:
        raise SegueError("Nothing that is known leads there.")

    monkeypatch.setattr(sets, "path", lost)
    none = page.show(f"?tool=path&from={ids[0]}&to={ids[1]}")
    assert "Nothing that is known leads there." in none.preview
    assert none.proposed is None


# -- the controls


def test_controls_write_the_address_and_show_it(ids: list[int]) -> None:
    shown = page.show(f"?curve=wave&minutes=90&from={ids[2]}&to=999999").values
    assert shown is not None
    assert shown["values"] == {
        "curve": "wave",
        "minutes": 90,
        "steps": 4,
        "first": None,
        "last": None,
        "start": str(ids[2]),
        "end": None,
    }
    assert [int(choice["value"]) for choice in shown["tracks"]] == ids

    def turn(key: str, value: object, query: str = "") -> str:
        address: str = pressed({"key": key, "type": "set-wish"}, value, page.steer, [], query)
        return address

    assert turn("curve", "build", "?crate=3") == "?crate=3&curve=build"
    assert turn("minutes", 60) == "?minutes=60"
    assert turn("minutes", "", "?minutes=60") == ""
    assert turn("start", str(ids[0])) == f"?from={ids[0]}"
    for key, value in (("curve", "loud"), ("steps", ""), ("minutes", ""), ("volume", 3)):
        with pytest.raises(PreventUpdate):
            turn(key, value)


def test_suggestions_come_as_you_type(app: Dash) -> None:
    _, track = current_library().starters()[0]
    values, how, hint = suggested(track.title)
    assert values
    assert track.artist in drawn(how)
    assert hint == ""
    assert suggested("qqqqqqqq")[2] == "No such track in your catalogue."


# -- charts


def order_of(*slots: tuple[float | None, Key | None]) -> RunningOrder:
    made = tuple(
        Slot(number, number, Track("A", f"T<b>{number}"), energy=energy, key=key, wanted=0.5)
        for number, (energy, key) in enumerate(slots, start=1)
    )
    steps = (Transition(0.5, {}, {}, "Nothing is known of this pair."),) * (len(made) - 1)
    return RunningOrder(made, steps, 0.5, curve="build")


def test_the_energy_curve_stands_beside_the_one_wanted() -> None:
    figure, words = energy_curve(order_of((0.2, None), (None, None), (0.8, None)))
    assert figure is not None
    wanted, there = figure.data
    assert list(wanted.y) == [0.5, 0.5, 0.5]
    assert list(there.y) == [0.2, None, 0.8]
    assert "&lt;b>" in there.text[0]
    assert words == "Energy goes from 20% to 80%, highest at 3, A - T<b>3."


def test_the_key_path_goes_the_short_way_round() -> None:
    keys = [Key.from_camelot(number, "A") for number in (12, 1, 7)]
    figure, words = key_path(order_of(*((None, key) for key in keys)), "classic")
    assert figure is not None
    mixing, clashing, points = figure.data
    assert list(points.y) == [12, 13, 7]
    assert list(points.text) == [key.classic() for key in keys]
    assert list(mixing.x) == [1, 2, None]
    assert list(clashing.x) == [2, 3, None]
    assert clashing.line.dash == "dot"
    assert words.endswith("1 of 2 steps clash.")


def test_where_nothing_was_measured_the_charts_say_so() -> None:
    for chart in (energy_curve, key_path):
        figure, words = chart(order_of((None, None), (None, None)))
        assert figure is None
        assert "analyse the files" in words
