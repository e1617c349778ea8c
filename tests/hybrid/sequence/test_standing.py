"""A set told as it stands, and what else would fit in one of its places."""

from __future__ import annotations

import numpy as np
import pytest

from data.errors import SegueError
from data.harmony import Key
from data.records import Track
from hybrid.sequence import Deck, Wishes
from hybrid.sequence.standing import fitting, standing


def tracks(count: int) -> dict[int, Track]:
    return {ident: Track(f"Artist {ident}", f"Title {ident}") for ident in range(count)}


def key(number: int) -> int:
    return Key.from_camelot(number, "A").traktor()


def test_nothing_is_moved_however_bad_the_order() -> None:
    deck = Deck.knowing(4, ids=[3, 0, 2, 1], bpm=[120, 170, 121, 171])
    told = standing(deck, tracks(4), Wishes(locks={1: 0}, minutes=1))
    assert told.recording_ids == (3, 0, 2, 1)
    assert all("Tempo jump" in step.warnings[0] for step in told.transitions)


def test_the_curve_is_told_beside_the_energy_that_is_there() -> None:
    deck = Deck.knowing(3, energy=[0.2, 0.5, 0.8])
    rising = standing(deck, tracks(3), Wishes(curve="build"))
    assert [slot.wanted for slot in rising.slots] == [0.0, 0.5, 1.0]
    assert rising.curve_fit == 1.0
    assert standing(deck, tracks(3), Wishes()).curve_fit is None


def test_lengths_add_up_with_the_overlaps_taken_off() -> None:
    deck = Deck.knowing(2, duration_s=[300, 200])
    told = standing(deck, tracks(2), Wishes(overlap_s=20))
    assert [slot.start_s for slot in told.slots] == [0.0, 280.0]
    assert told.length_s == 480.0


def test_tracks_that_would_do_better_in_each_others_place_are_offered() -> None:
    deck = Deck.knowing(4, bpm=[120, 126, 122, 124])
    told = standing(deck, tracks(4), Wishes(), alternatives=1)
    best = told.slots[1].alternatives[0]
    assert (best.slot, best.change < 0) == (4, True)


def test_keys_are_written_as_the_dj_reads_them() -> None:
    deck = Deck.knowing(2, key=[key(8), key(2)])
    [step] = standing(deck, tracks(2), Wishes(), notation="open_key").transitions
    assert step.reason.startswith("1m to 7m")
    assert step.warnings == ("The keys clash: 1m to 7m.",)


@pytest.mark.parametrize("count", [0, 1])
def test_a_running_order_takes_two(count: int) -> None:
    with pytest.raises(SegueError, match="two tracks or more"):
        standing(Deck.knowing(count), tracks(count), Wishes())


@pytest.mark.parametrize(
    ("before", "after", "bpm", "best"),
    [
        (True, True, [120, 140, 124, 150, 122], 4),  # between 120 and 124 stands 140
        (False, True, [140, 124, 150, 124.5], 3),  # opens into 124
        (True, False, [120, 140, 150, 120.5], 3),  # closes out of 120
    ],
)
def test_what_fits_is_between_its_neighbours(
    before: bool, after: bool, bpm: list[float], best: int
) -> None:
    deck = Deck.knowing(len(bpm), bpm=bpm)
    first, second = fitting(deck, tracks(len(bpm)), before, after, 9)
    assert first.recording_id == best
    assert first.change < 0 < second.change or first.change < second.change
    assert fitting(deck, tracks(len(bpm)), before, after, 1) == (first,)


def test_what_a_change_costs_is_what_the_set_then_costs_more() -> None:
    rng = np.random.default_rng(5)
    bpm = rng.uniform(118, 130, 5)
    deck = Deck.knowing(5, bpm=bpm)
    offers = fitting(deck, tracks(5), True, True, 5)
    was = standing(Deck.knowing(3, bpm=bpm[:3]), tracks(3), Wishes())
    for offer in offers:
        swapped = Deck.knowing(3, bpm=[bpm[0], bpm[offer.recording_id], bpm[2]])
        now = standing(swapped, tracks(3), Wishes())
        cost = sum(step.cost for step in now.transitions) - sum(s.cost for s in was.transitions)
        assert offer.change == pytest.approx(cost, abs=3e-4)
