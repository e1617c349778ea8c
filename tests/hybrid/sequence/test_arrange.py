"""A deck comes back in order, with reasons, warnings and alternatives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from data.errors import SegueError
from data.harmony import parse_key
from hybrid.sequence.answer import RunningOrder
from hybrid.sequence.arrange import arrange
from hybrid.sequence.deck import Deck
from hybrid.sequence.plan import Wishes
from tests.hybrid.sequence.decks import named, random_deck


def camelot(*names: str) -> list[int]:
    keys = [parse_key(name) for name in names]
    return [key.traktor() for key in keys if key is not None]


def put(deck: Deck, wishes: Wishes | None = None, **options: int) -> RunningOrder:
    return arrange(deck, named(deck), wishes, **options)


@pytest.mark.parametrize(("n", "words"), [(0, "no tracks"), (1, "one track")])
def test_fewer_than_two_tracks_have_no_order(n: int, words: str) -> None:
    with pytest.raises(SegueError, match=words):
        put(Deck.knowing(n))


@pytest.mark.parametrize("n", [2, 9, 12, 13, 40])
def test_every_track_comes_once_and_locks_hold(n: int) -> None:
    deck = random_deck(n, n)
    wishes = Wishes(curve="peak", locks={2: int(deck.ids[0])}, first=int(deck.ids[1]))
    found = put(deck, wishes)
    assert sorted(found.recording_ids) == deck.ids.tolist()
    assert found.recording_ids[:2] == (int(deck.ids[1]), int(deck.ids[0]))
    assert [slot.locked for slot in found.slots] == [True, True] + [False] * (n - 2)
    assert len(found.transitions) == n - 1
    assert found.left_out == ()


def test_the_same_seed_gives_the_same_order() -> None:
    deck = random_deck(40, 5)
    assert put(deck, seed=3) == put(deck, seed=3)


def test_the_score_is_what_the_transitions_leave() -> None:
    found = put(random_deck(14, 2))
    assert found.score == pytest.approx(1 - np.mean([t.cost for t in found.transitions]), abs=1e-3)


def test_a_build_goes_up_and_says_how_well_it_does() -> None:
    deck = Deck.knowing(6, energy=[0.5, 0.1, 0.9, 0.3, 0.7, 0.2])
    found = put(deck, Wishes(curve="build"))
    energies = [slot.energy for slot in found.slots]
    assert energies == sorted(energies)
    assert found.curve_fit is not None and found.curve_fit > 0.9
    assert found.slots[0].wanted == 0 and found.slots[-1].wanted == 1
    assert put(deck).curve_fit is None


def test_a_direction_that_djs_play_is_followed() -> None:
    chain = np.zeros((5, 5))
    for before, after in ((3, 1), (1, 4), (4, 0), (0, 2)):
        chain[before, after] = 4
    assert put(Deck.knowing(5, played_next=chain)).recording_ids == (3, 1, 4, 0, 2)


def test_a_transition_says_key_tempo_energy_sound_and_what_djs_did() -> None:
    deck = Deck.knowing(
        2,
        bpm=[124, 122.5],
        key=camelot("8A", "9A"),
        energy=[0.4, 0.5],
        vectors=[[1, 0], [0.6, 0.8]],
        played_next=[[0, 3], [0, 0]],
        together=[[0, 5], [5, 0]],
    )
    [step] = put(deck, Wishes(first=0)).transitions
    assert step.reason == (
        "8A to 9A (one step up), +1.2%; played straight after it 3 times; energy +10%; "
        "sounds 60% alike."
    )
    assert step.warnings == ()
    assert set(step.terms) == set(step.shares)
    assert set(step.terms) == {"played_next", "together", "tempo", "key", "energy", "sound"}


@pytest.mark.parametrize(
    ("known", "reason", "warning"),
    [
        ({"bpm": [100, 109]}, "-8.3%.", "Tempo jump of 8%."),
        ({"bpm": [100, 130]}, "100 to 130 BPM.", "Tempo jump from 100 to 130 BPM."),
        ({"bpm": [87, 174]}, "Double time.", ""),
        ({"bpm": [174, 88]}, "Half time, -1.1%.", ""),
        ({"bpm": [120, 120]}, "Same tempo.", ""),
        ({"key": camelot("8A", "3B")}, "8A to 3B (clash).", "The keys clash: 8A to 3B."),
        ({"energy": [0.504, 0.501]}, "Same energy.", ""),
        ({"energy": [0.9, 0.2]}, "Energy -70%.", "The energy drops by 70%."),
        ({"verdict": [[0, 1], [0, 0]]}, "You said that it works.", ""),
        (
            {"verdict": [[0, -1], [0, 0]], "bpm": [99, 99]},
            "Same tempo.",
            "You said that these two clash.",
        ),
        (
            {"same_artist": [[0, 1], [1, 0]], "together": [[0, 1], [1, 0]]},
            "Played with it in 1 set.",
            "Same artist twice in a row.",
        ),
        ({}, "Nothing is known of this pair.", "Nothing that is known ties these two together."),
    ],
)
def test_what_may_go_wrong_is_said(known: dict[str, object], reason: str, warning: str) -> None:
    [step] = put(Deck.knowing(2, **known), Wishes(first=0)).transitions  # type: ignore[arg-type]
    assert step.reason == reason
    assert step.warnings == ((warning,) if warning else ())


def test_two_other_tracks_are_offered_for_each_slot_but_the_locked_ones() -> None:
    deck = replace(random_deck(16, 8), duration_s=np.full(16, 300.0))
    found = put(deck, Wishes(minutes=30, first=int(deck.ids[5])))
    assert found.slots[0].alternatives == ()
    assert set(found.left_out).isdisjoint(found.recording_ids)
    for slot in found.slots[1:]:
        assert len(slot.alternatives) == 2
        assert {offer.recording_id for offer in slot.alternatives} <= set(found.left_out)
        assert slot.alternatives[0].change <= slot.alternatives[1].change


def test_where_all_are_played_those_are_offered_that_would_change_places() -> None:
    found = put(random_deck(10, 8), Wishes(first=100))
    ids = found.recording_ids
    offers = [(slot.number, offer) for slot in found.slots for offer in slot.alternatives]
    assert offers
    for number, offer in offers:
        assert offer.slot is not None and ids[offer.slot - 1] == offer.recording_id
        assert 1 not in (offer.slot, number)
        assert offer.change >= 0  # of so few tracks the order is the best there is
    assert not any(slot.alternatives for slot in put(random_deck(10, 8), alternatives=0).slots)


def test_when_each_track_starts_and_how_long_all_plays() -> None:
    deck = Deck.knowing(3, duration_s=[100, 200, 300], bpm=[120, 120, 120])
    found = put(deck, Wishes(locks={1: 0, 2: 1, 3: 2}, overlap_s=10))
    assert [slot.start_s for slot in found.slots] == [0, 90, 280]
    assert found.length_s == 580
    assert put(Deck.knowing(3, duration_s=[20, 20, 20])).length_s == 40
    assert put(Deck.knowing(3)).length_s is None
