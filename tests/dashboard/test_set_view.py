"""The address of the Set page: it says all that is shown, and no text breaks it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.set_view import MOST_MINUTES, SetView
from hybrid.sequence import CURVES, MOST_STEPS

IDS = st.none() | st.integers(1, 2**40)
LOCKS = st.dictionaries(st.integers(1, 999), st.integers(1, 2**40), max_size=4)
VIEWS = st.builds(
    SetView,
    crate=IDS,
    curve=st.sampled_from(CURVES),
    minutes=st.none() | st.integers(1, MOST_MINUTES),
    locks=LOCKS.filter(lambda d: len(set(d.values())) == len(d)).map(
        lambda d: tuple(sorted(d.items()))
    ),
    first=IDS,
    last=IDS,
    tool=st.sampled_from(["", "order", "path"]),
    others=st.none() | st.integers(1, 500),
    start=IDS,
    end=IDS,
    steps=st.integers(1, MOST_STEPS),
)


@given(VIEWS)
def test_an_address_reproduces_the_view(view: SetView) -> None:
    assert SetView.from_search(view.to_search()) == view


def test_the_plain_page_has_a_plain_address() -> None:
    assert SetView().to_search() == ""
    view = SetView(crate=3, curve="build", locks=((1, 17),), minutes=60)
    assert view.to_search() == "?crate=3&curve=build&minutes=60&lock=1:17"


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    view = SetView.from_search(f"?{text}")
    assert SetView.from_search(view.to_search()) == view


@pytest.mark.parametrize(
    "address",
    [
        "?crate=x&curve=loud&minutes=-5&steps=0&tool=fly&lock=1&lock=a:b&first=0",
        "?crate=&lock=:&lock=0:3&from=%F0%9F%92%BF",
    ],
)
def test_what_makes_no_sense_is_left_out(address: str) -> None:
    assert SetView.from_search(address) == SetView()


def test_a_slot_and_a_track_are_locked_once() -> None:
    view = SetView.from_search("?lock=1:7&lock=1:8&lock=2:7&lock=3:9")
    assert view.locks == ((1, 7), (3, 9))


def test_a_lock_can_be_set_moved_and_let_go() -> None:
    view = SetView().toggled_lock(2, 7)
    assert view.locks == ((2, 7),)
    assert view.toggled_lock(3, 7).locks == ((3, 7),)
    assert view.toggled_lock(2, 8).locks == ((2, 8),)
    assert view.toggled_lock(2, 7).locks == ()


def test_locks_go_where_their_tracks_go() -> None:
    view = SetView(locks=((1, 10), (3, 30), (4, 99)), others=2)
    after = view.following([10, 20, 30, 40], [20, 30, 10])
    assert after.locks == ((2, 30), (3, 10))  # 99 was not where its lock said
    assert after.others is None


def test_wishes_about_tracks_that_left_are_none() -> None:
    view = SetView(curve="peak", locks=((1, 5), (2, 6)), first=5, last=7, minutes=30)
    wishes = view.wishes([5, 8])
    assert (dict(wishes.locks), wishes.first, wishes.last) == ({1: 5}, 5, None)
    assert (wishes.curve, wishes.minutes) == ("peak", 30)
