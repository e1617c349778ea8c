"""Decks and problems made by chance, and the slow way to the truth."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from data.records import Track
from hybrid.sequence.curves import CURVES, position_costs
from hybrid.sequence.deck import Deck
from hybrid.sequence.problem import Problem
from hybrid.sequence.transitions import transitions


def random_deck(n: int, seed: int, *, missing: float = 0.2) -> Deck:
    """A deck of which every value is unknown now and then."""
    chance = np.random.default_rng(seed)

    def now_and_then(column: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.where(chance.random(n) < missing, np.nan, column)

    vectors = chance.normal(size=(n, 4))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[chance.random(n) < missing] = 0
    together = np.triu(chance.poisson(0.3, (n, n)), 1)
    return Deck.knowing(
        n,
        ids=100 + np.arange(n),
        bpm=now_and_then(chance.uniform(80, 180, n)),
        key=np.where(chance.random(n) < missing, -1, chance.integers(0, 24, n)),
        energy=now_and_then(chance.random(n)),
        duration_s=now_and_then(chance.uniform(180, 480, n)),
        vectors=vectors,
        played_next=chance.poisson(0.2, (n, n)) * (1 - np.eye(n)),
        together=together + together.T,
    )


@st.composite
def problems(draw: st.DrawFn, least: int = 2, most: int = 7, *, whole: bool = False) -> Problem:
    """Orders of made decks: with a curve, locks, and a length that not all tracks fit into."""
    n = draw(st.integers(least, most))
    deck = random_deck(n, draw(st.integers(0, 10_000)))
    m = n if whole else draw(st.integers(1, n))
    order = draw(st.permutations(range(n)))
    held = draw(st.lists(st.integers(0, m - 1), max_size=3, unique=True))
    locked = np.full(m, -1)
    locked[held] = np.array(order)[held]
    lengths = np.round(np.nan_to_num(deck.duration_s, nan=300.0))
    # The order that the locks were taken from always fits.
    room = lengths[order[:m]].sum() + draw(st.sampled_from([0.0, 100.0, np.inf]))
    curve = draw(st.sampled_from(CURVES))
    return Problem(
        transitions(deck).cost, position_costs(deck.energy, curve, m), locked, lengths, room
    )


def brute_force(problem: Problem) -> float:
    """What the cheapest order costs, out of all there are."""
    orders = np.array(list(permutations(range(problem.n), problem.m)), np.intp)
    slots = np.arange(problem.m)
    fits = problem.allowed[orders, slots].all(axis=1)
    fits &= problem.lengths[orders].sum(axis=1) <= problem.room
    totals = problem.position[orders, slots].sum(axis=1)
    totals += problem.cost[orders[:, :-1], orders[:, 1:]].sum(axis=1)
    return float(totals[fits].min())


def named(deck: Deck) -> dict[int, Track]:
    """A name for every track of a deck."""
    return {int(ident): Track("Somebody", f"Tune {ident}") for ident in deck.ids}
