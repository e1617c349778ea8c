"""A transition costs the weighted mean of what is known of it."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.harmony import Key, key_compatibility, tempo_relation
from hybrid.sequence.deck import Deck
from hybrid.sequence.transitions import (
    SHIPPED,
    TERMS,
    key_costs,
    pitch_changes,
    transitions,
)
from tests.hybrid.sequence.decks import random_deck

BPMS = st.floats(60, 200)


@given(st.integers(1, 8), st.integers(0, 1000))
def test_every_cost_and_every_term_lies_between_0_and_1(n: int, seed: int) -> None:
    costs = transitions(random_deck(n, seed))
    assert (costs.cost >= 0).all() and (costs.cost <= 1).all()
    for name in TERMS:
        known = costs.terms[name][np.isfinite(costs.terms[name])]
        assert (known >= 0).all() and (known <= 1).all()
    assert (sum(costs.shares.values()) < 1).all()


def test_where_nothing_is_known_a_transition_is_neither_good_nor_bad() -> None:
    costs = transitions(Deck.knowing(2))
    assert costs.cost[0, 1] == 0.5
    assert not costs.linked.any()


@pytest.mark.parametrize("name", ["tempo", "key", "energy", "sound"])
def test_a_missing_value_leaves_numerator_and_denominator(name: str) -> None:
    column = {"tempo": "bpm", "sound": "vectors"}.get(name, name)
    whole = random_deck(5, 3, missing=0)
    lost = np.array(getattr(whole, column))
    lost[2] = {"key": -1, "sound": 0}.get(name, np.nan)
    less = replace(whole, **{column: lost})
    without = transitions(whole, replace(SHIPPED, **{name: 0.0})).cost
    np.testing.assert_allclose(transitions(less).cost[2], without[2])
    np.testing.assert_allclose(transitions(less).cost[:, 2], without[:, 2])
    others = np.ix_([0, 1, 3, 4], [0, 1, 3, 4])
    np.testing.assert_allclose(transitions(less).cost[others], transitions(whole).cost[others])


def test_the_shares_say_how_the_cost_came_about() -> None:
    costs = transitions(random_deck(6, 1))
    told = sum(costs.shares[name] * np.nan_to_num(costs.terms[name]) for name in TERMS)
    neutral = 1 - sum(costs.shares.values())
    np.testing.assert_allclose(told + 0.5 * neutral, costs.cost)


@given(BPMS, BPMS)
def test_pitch_changes_are_those_of_harmony(a: float, b: float) -> None:
    percent, octave = pitch_changes(np.array([a, b]))
    relation = tempo_relation(a, b)
    # Exactly between two readings either may be taken.
    if abs(abs(np.log2(a / b)) - 0.5) > 1e-6:
        assert percent[0, 1] == pytest.approx(abs(relation.percent), abs=1e-4)
        assert octave[0, 1] == (relation.kind != "same")


def test_keys_are_graded_as_harmony_grades_them() -> None:
    table = key_costs()
    for before in range(24):
        for after in range(24):
            a, b = Key.from_traktor(before), Key.from_traktor(after)
            relation = key_compatibility(a, b)
            assert relation is not None
            assert table[before, after] == pytest.approx(1 - relation.score)
    assert np.isnan(table[-1]).all() and np.isnan(table[:, -1]).all()


def test_tempo_gets_steeply_worse_beyond_six_percent_and_octaves_cost_a_little() -> None:
    tempo = transitions(Deck.knowing(6, bpm=[100, 103, 106, 109, 130, 200])).terms["tempo"][:, 0]
    assert tempo[0] == 0
    assert tempo[2] - tempo[1] < (tempo[3] - tempo[2]) * 0.9
    assert tempo[4] == 1
    assert tempo[0] < tempo[5] < tempo[3]


def test_what_djs_played_next_counts_the_more_the_oftener_and_in_its_direction() -> None:
    costs = [
        transitions(Deck.knowing(2, bpm=[120, 126], played_next=[[0, times], [0, 0]])).cost
        for times in (0, 1, 2, 10)
    ]
    there = [float(cost[0, 1]) for cost in costs]
    assert there == sorted(there, reverse=True) and len(set(there)) == 4
    assert len({float(cost[1, 0]) for cost in costs}) == 1


def test_never_played_together_is_not_held_against_two_tracks() -> None:
    together = np.array([[0, 0, 3], [0, 0, 0], [3, 0, 0]])
    costs = transitions(Deck.knowing(3, bpm=[120, 121, 121], together=together))
    alone = transitions(Deck.knowing(3, bpm=[120, 121, 121]))
    assert costs.cost[0, 1] == alone.cost[0, 1]
    assert costs.cost[0, 2] < costs.cost[0, 1]


def test_the_same_artist_in_a_row_costs() -> None:
    apart = Deck.knowing(2, bpm=[120, 121])
    same = replace(apart, same_artist=~np.eye(2, dtype=bool))
    assert transitions(same).cost[0, 1] > transitions(apart).cost[0, 1]


def test_the_djs_own_word_outweighs_all_else_together() -> None:
    good = {"bpm": [120, 120], "key": [3, 3], "energy": [0.5, 0.5], "vectors": [[1, 0], [1, 0]]}
    bad = {"bpm": [120, 150], "key": [3, 4], "energy": [0, 1], "vectors": [[1, 0], [0, 1]]}
    clash = transitions(Deck.knowing(2, **good, verdict=[[0, -1], [0, 0]])).cost
    works = transitions(Deck.knowing(2, **bad, verdict=[[0, 1], [0, 0]])).cost
    assert works[0, 1] < 0.5 < clash[0, 1]
    assert clash[1, 0] < 0.1 and works[1, 0] > 0.85


def test_every_weight_has_its_term() -> None:
    assert set(transitions(Deck.knowing(1)).terms) == set(asdict(SHIPPED))
