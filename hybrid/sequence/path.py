"""A path from one track to another in a given number of steps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from hybrid.sequence.arrange import solve
from hybrid.sequence.deck import Deck
from hybrid.sequence.gather import way_points
from hybrid.sequence.problem import NoOrder, Order, Problem
from hybrid.sequence.transitions import Transitions

#: Most transitions of a path.
MOST_STEPS = 50
#: What being as far off the way as can be costs, beside a transition that cannot be worse.
_PROGRESS_WEIGHT = 1.0
#: How often a path is shaken: the beam, which sees to its end, leaves little to find.
_SHAKES = 6
#: More than any path costs: what must not be.
_FORBIDDEN = 1000.0
#: Pitch change in percent, and step in energy, that is as far off the way as can be.
_FAR_PERCENT, _FAR_ENERGY = 10.0, 0.5

Numbers = NDArray[np.float64]


class NoWay(SegueError):
    """Nothing that is known leads from one track to the other in so many steps."""


def path_problem(deck: Deck, costs: Transitions, steps: int, nearness: Numbers) -> Problem:
    """Pose the problem of a path: choose tracks for the slots between two locked ends.

    Parameters
    ----------
    deck : Deck
        The first track is where it starts, the last one where it ends.
    costs : Transitions
        Of the deck. Two tracks that nothing ties are never played one after the other.
    steps : int
        Number of transitions.
    nearness : ndarray of float64, shape (n, 2)
        How near each track is to the start and to the end by sets; 0 where nothing ties them.
    """
    slots = steps + 1
    locked = np.full(slots, -1, np.intp)
    locked[0], locked[-1] = 0, len(deck) - 1
    return Problem(
        cost=np.where(costs.linked, costs.cost, _FORBIDDEN),
        position=_PROGRESS_WEIGHT * progress_costs(deck, slots, nearness),
        locked=locked,
        lengths=np.zeros(len(deck)),
    )


def find_path(problem: Problem, *, seed: int = 0) -> Order | None:
    """Find the cheapest path there is; None if there is no way."""
    try:
        order = solve(problem, seed=seed, shakes=_SHAKES)
    except NoOrder:
        return None
    return None if problem.total(order) >= _FORBIDDEN else order


def progress_costs(deck: Deck, slots: int, nearness: Numbers) -> Numbers:
    """How far each track is off an even way from the first to the last one, shape (n, slots).

    The mean of what is known: distance from the point of the great circle between the two
    vectors, from a tempo that changes by the same ratio at every step, from an energy that
    changes by the same step, and from the share of the way by sets.
    """
    points = np.linspace(0, 1, slots)
    ways = [
        _off_sound(deck, points),
        _off_tempo(deck, points),
        _off_energy(deck, points),
        _off_sets(nearness, points),
    ]
    known = sum(np.isfinite(way).astype(np.float64) for way in ways)
    total = sum(np.nan_to_num(way) for way in ways)
    return np.where(known > 0, total / np.maximum(known, 1), 0.5)


def _off_sound(deck: Deck, points: Numbers) -> Numbers:
    off = np.full((len(deck), len(points)), np.nan)
    if deck.heard[0] and deck.heard[-1]:
        vectors = deck.vectors.astype(np.float64)
        along = vectors[deck.heard] @ way_points(vectors[0], vectors[-1], points).T
        off[deck.heard] = np.clip(1 - along, 0.0, 1.0)
    return off


def _off_tempo(deck: Deck, points: Numbers) -> Numbers:
    whole = np.log2(deck.bpm[-1] / deck.bpm[0])
    octaves = np.log2(deck.bpm / deck.bpm[0])[:, np.newaxis] - whole * points
    octaves = octaves - np.clip(np.round(octaves), -1, 1)
    return np.minimum(100 * np.abs(2.0**octaves - 1) / _FAR_PERCENT, 1.0)


def _off_energy(deck: Deck, points: Numbers) -> Numbers:
    wanted = deck.energy[0] + (deck.energy[-1] - deck.energy[0]) * points
    return np.minimum(np.abs(deck.energy[:, np.newaxis] - wanted) / _FAR_ENERGY, 1.0)


def _off_sets(nearness: Numbers, points: Numbers) -> Numbers:
    total = nearness.sum(axis=1)
    share = np.divide(nearness[:, 1], total, out=np.full(len(total), np.nan), where=total > 0)
    return np.abs(share[:, np.newaxis] - points)
