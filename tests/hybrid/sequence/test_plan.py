"""What a DJ wants becomes a problem, or a sentence that says why it cannot."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SegueError
from hybrid.sequence.arrange import solve
from hybrid.sequence.deck import Deck
from hybrid.sequence.plan import ASSUMED_S, Plan, Wishes, plan
from hybrid.sequence.transitions import transitions
from tests.hybrid.sequence.decks import random_deck


def posed(deck: Deck, **wishes: Any) -> Plan:
    return plan(deck, transitions(deck), Wishes(**wishes), "track {}".format)


def refused(deck: Deck, **wishes: Any) -> str:
    with pytest.raises(SegueError) as caught:
        posed(deck, **wishes)
    return str(caught.value)


FOUR = Deck.knowing(4, ids=[11, 12, 13, 14], duration_s=[300, 300, 400, 500])


def test_without_wishes_every_track_has_a_slot_and_none_is_held() -> None:
    problem = posed(FOUR).problem
    assert problem.m == 4
    assert problem.locked.tolist() == [-1] * 4


def test_locks_hold_tracks_in_their_slots() -> None:
    problem = posed(FOUR, locks={3: 11}, first=14, last=12).problem
    assert problem.locked.tolist() == [3, -1, 0, 1]


def test_one_track_locked_twice_to_the_same_slot_is_no_contradiction() -> None:
    assert posed(FOUR, locks={1: 11, 4: 12}, first=11, last=12).problem.locked.tolist() == [
        0, -1, -1, 1,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("wishes", "words"),
    [
        ({"locks": {1: 11}, "first": 12}, ["Slot 1", "track 11", "track 12"]),
        ({"locks": {4: 11}, "last": 12}, ["last", "track 11", "track 12"]),
        ({"locks": {1: 11, 2: 11}}, ["track 11", "two places"]),
        ({"locks": {2: 11}, "last": 11}, ["track 11", "two places"]),
        ({"first": 13, "last": 13}, ["track 13", "two places"]),
        ({"locks": {5: 11}}, ["slot 5", "4 tracks"]),
        ({"locks": {0: 11}}, ["slot 0", "from 1"]),
        ({"locks": {2: 99}}, ["track 99", "not among"]),
        ({"minutes": 5}, ["5 minutes", "two tracks"]),
        ({"minutes": 10, "first": 13, "last": 14}, ["track 13", "track 14", "10 minutes"]),
        ({"minutes": 11, "locks": {4: 11}}, ["slot 4", "2 tracks"]),
    ],
)
def test_what_contradicts_itself_is_told(wishes: dict[str, Any], words: list[str]) -> None:
    told = refused(FOUR, **wishes)
    for word in words:
        assert word in told


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 9), st.integers(0, 500), st.floats(20, 60), st.booleans())
def test_what_is_chosen_fits_into_the_time(n: int, seed: int, minutes: float, held: bool) -> None:
    deck = random_deck(n, seed)
    wishes = {"first": int(deck.ids[-1])} if held else {}
    planned = posed(deck, minutes=minutes, **wishes)
    order = solve(planned.problem)
    length = planned.net_s[order].sum() + planned.tail_s
    assert length <= minutes * 60 + 1e-6
    if planned.problem.m < n:
        # Room for more than one more typical track would be a set cut short.
        assert minutes * 60 - length < 2 * np.median(planned.net_s) + 1e-6


def test_time_is_filled_rather_than_left() -> None:
    deck = Deck.knowing(4, bpm=[120] * 4, duration_s=[300, 320, 305, 330])
    planned = posed(deck, minutes=10.5, overlap_s=0)
    assert sorted(solve(planned.problem).tolist()) == [0, 3]


def test_tracks_overlap() -> None:
    deck = Deck.knowing(3, duration_s=[300, 300, 300])
    assert posed(deck, minutes=15, overlap_s=0).problem.m == 3
    assert posed(deck, minutes=14.5, overlap_s=0).problem.m == 2
    assert posed(deck, minutes=14.5, overlap_s=20).problem.m == 3


def test_tracks_shorter_than_two_overlaps_overlap_by_half() -> None:
    deck = Deck.knowing(3, duration_s=[20, 20, 20])
    planned = posed(deck, minutes=0.5)  # two of them, the second from the middle of the first
    assert (planned.problem.m, planned.net_s.tolist(), planned.tail_s) == (2, [10, 10, 10], 10)
    assert "the shortest two take 0:30" in refused(deck, minutes=0.4)


def test_a_track_of_unknown_length_counts_as_the_median_and_that_is_said() -> None:
    deck = Deck.knowing(4, duration_s=[200, 300, 400, np.nan])
    planned = posed(deck, minutes=60, overlap_s=0)
    assert planned.net_s[3] == 300
    assert any("1 of 4" in note and "5:00" in note and "median" in note for note in planned.notes)
    assert not posed(deck).notes
    nothing = posed(Deck.knowing(4), minutes=60, overlap_s=0)
    assert (nothing.net_s == ASSUMED_S).all() and not nothing.timed
    assert any("assumption" in note for note in nothing.notes)


def test_a_curve_says_whose_energy_it_does_not_know() -> None:
    deck = Deck.knowing(3, energy=[0.1, np.nan, 0.9])
    assert any("2 of 3" in note for note in posed(deck, curve="build").notes)
    assert not posed(deck).notes
