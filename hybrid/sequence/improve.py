"""Makes a good order better: reversals, moves, swaps and other tracks, while any of them helps.

2-opt (Croes, 1958) and Or-opt (Or, 1976) for costs that depend on the direction: a reversed run
is priced by its reversed transitions, and every track that is shifted by its new slot. All
moves of a kind are priced at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from hybrid.sequence.problem import Order, Problem

#: Longest run of tracks that is moved elsewhere at once.
_LONGEST_RUN = 3
#: How often an order is shaken and improved again, at most and times the square of its slots.
SHAKES, _SHAKEN_SLOTS = 60, 500_000
#: Slots within which one shake stays.
_WINDOW = 30
#: Gains below this are rounding.
_LEAST_GAIN = 1e-9

Matrix = NDArray[np.float64]


def improved(problem: Problem, order: Order, *, seed: int = 0, shakes: int = SHAKES) -> Order:
    """Improve an order as far as single moves go, then shake it and try again.

    Parameters
    ----------
    problem : Problem
    order : ndarray of intp, shape (m,)
        Keeps to the locks and the length.
    seed : int
        Decides where it is shaken; the same seed gives the same order.
    shakes : int
        How often at most.

    Returns
    -------
    ndarray of intp, shape (m,)
        Costs no more than `order`.
    """
    best = _descended(problem, order)
    least = problem.total(best)
    free = np.flatnonzero(problem.locked < 0)
    if len(free) < 4:
        return best
    chance = np.random.default_rng(seed)
    for _ in range(min(shakes, _SHAKEN_SLOTS // problem.m**2 + 1)):
        tried = _descended(problem, _shaken(best, free, chance))
        total = problem.total(tried)
        if total < least - _LEAST_GAIN:
            best, least = tried, total
    return best


def _shaken(order: Order, free: Order, chance: np.random.Generator) -> Order:
    """Swap two neighbouring runs of unlocked slots, which no single reversal undoes."""
    window = min(_WINDOW, len(free))
    start = int(chance.integers(0, len(free) - window + 1))
    a, b, c = np.sort(chance.choice(np.arange(window + 1), 3, replace=False)) + start
    places = free[a:c]
    shaken = order.copy()
    shaken[places] = np.roll(order[places], c - b)
    return shaken


Move = tuple[float, Order]


def _descended(problem: Problem, order: Order) -> Order:
    """Take the best move of one kind after the other, until no kind has one that helps."""
    view = _View.of(problem, order)
    kind = failed = 0
    while failed < len(_KINDS):
        change, moved = _KINDS[kind](problem, view)
        if change < -_LEAST_GAIN:
            view, failed = _View.of(problem, moved), 0
        else:
            kind, failed = (kind + 1) % len(_KINDS), failed + 1
    return view.order


@dataclass(frozen=True, eq=False)
class _View:
    """An order of m tracks with 1-based slots; before slot 1 and after slot m is nothing.

    Parameters
    ----------
    step : ndarray, shape (m + 2, m + 2)
        Cost from the track at one slot to the track at another; 0 from and to nothing.
    place : ndarray, shape (m + 2, m + 2)
        Cost of the track at the row's slot if it stood at the column's.
    forward, backward : ndarray, shape (m + 2,)
        Cost of the transitions between slots 0 to s, played in order and reversed.
    here : ndarray, shape (m + 2,)
        Cost of positions up to slot s, as they are.
    locks : ndarray of int, shape (m + 2,)
        Number of locked slots up to s.
    """

    order: Order
    step: Matrix
    place: Matrix
    forward: Matrix
    backward: Matrix
    here: Matrix
    locks: NDArray[np.int64]

    @classmethod
    def of(cls, problem: Problem, order: Order) -> _View:
        m = len(order)
        step, place = np.zeros((m + 2, m + 2)), np.zeros((m + 2, m + 2))
        step[1:-1, 1:-1] = problem.cost[np.ix_(order, order)]
        place[1:-1, 1:-1] = problem.position[order]
        locks = np.zeros(m + 2, np.int64)
        locks[1:-1] = problem.locked >= 0
        return cls(
            order,
            step,
            place,
            np.concatenate([[0.0], np.cumsum(np.diagonal(step, 1))]),
            np.concatenate([[0.0], np.cumsum(np.diagonal(step, -1))]),
            np.cumsum(np.diagonal(place)),
            np.cumsum(locks),
        )

    @property
    def m(self) -> int:
        return len(self.order)

    @cached_property
    def placed(self) -> bool:
        """Whether positions cost anything."""
        return bool(self.place.any())

    def edge(self) -> Matrix:
        """Cost of the transition after each slot 0 to m."""
        return np.diagonal(self.step, 1)


def _reversal(_: Problem, view: _View) -> Move:
    """The best run of slots i to j to play backwards."""
    m, edge = view.m, view.edge()
    if m < 2:
        return 0.0, view.order
    i, j = np.arange(1, m + 1)[:, np.newaxis], np.arange(1, m + 1)[np.newaxis, :]
    inner = view.backward - view.forward
    change = view.step[:-2, 1:-1] + view.step[1:-1, 2:] - edge[:-1, np.newaxis] - edge[1:]
    change += inner[1:-1] - inner[1:-1, np.newaxis]
    if view.placed:
        change += _mirrored(view.place) - (view.here[j] - view.here[i - 1])
    change[(i >= j) | (view.locks[j] > view.locks[i - 1])] = np.inf
    first, last = np.unravel_index(change.argmin(), change.shape)
    order = view.order.copy()
    order[first : last + 1] = order[first : last + 1][::-1]
    return float(change[first, last]), order


def _mirrored(place: Matrix) -> Matrix:
    """Cost of positions of the slots i to j once they are reversed, shape (m, m)."""
    m = len(place) - 2
    k = np.arange(m)
    # Row c holds the costs of slot k's track at slot c - k; its runs are what is asked for.
    partner = np.arange(2 * m - 1)[:, np.newaxis] - k
    inside = (partner >= 0) & (partner < m)
    along = np.where(inside, place[1:-1, 1:-1][k, np.clip(partner, 0, m - 1)], 0.0)
    sums = np.zeros((2 * m - 1, m + 1))
    np.cumsum(along, axis=1, out=sums[:, 1:])
    i, j = k[:, np.newaxis], k[np.newaxis, :]
    return sums[i + j, j + 1] - sums[i + j, i]


def _swap(problem: Problem, view: _View) -> Move:
    """The best two tracks, not neighbours, to exchange; locks between them stay."""
    change = _swapped(problem, view)
    a, b = np.unravel_index(change.argmin(), change.shape)
    order = view.order.copy()
    order[[a, b]] = order[[b, a]]
    return float(change[a, b]), order


def swap_costs(problem: Problem, order: Order) -> Matrix:
    """What an order costs more when two slots change their tracks, shape (m, m); symmetric.

    Infinite for a slot with itself or the next one, and for locked ones.
    """
    return _swapped(problem, _View.of(problem, order))


def _swapped(problem: Problem, view: _View) -> Matrix:
    edge, step, place = view.edge(), view.step, view.place[1:-1, 1:-1]
    stays = edge[:-1] + edge[1:] + np.diagonal(place)
    # One track between the other's neighbours: from the one before it, to the one after it.
    among = step[:-2, 1:-1].T + step[1:-1, 2:] + place
    change = among + among.T - stays[:, np.newaxis] - stays[np.newaxis, :]
    slots = np.arange(view.m)
    change[np.abs(slots[:, np.newaxis] - slots[np.newaxis, :]) < 2] = np.inf
    fixed = problem.locked >= 0
    change[fixed[:, np.newaxis] | fixed[np.newaxis, :]] = np.inf
    return change


def _run(length: int, *, backwards: bool = False) -> Callable[[Problem, _View], Move]:
    """Return what finds the best run of `length` tracks to move elsewhere, reversed or not."""

    def best(_: Problem, view: _View) -> Move:
        if view.m <= length:
            return 0.0, view.order
        change = _run_costs(view, length, backwards=backwards)
        first, after = divmod(int(change.argmin()), view.m + 1)
        run, order = view.order[first : first + length], view.order
        run = run[::-1] if backwards else run
        if after > first:
            parts = order[:first], order[first + length : after], run, order[after:]
        else:
            parts = order[:after], run, order[after:first], order[first + length :]
        return float(change[first, after]), np.concatenate(parts)

    return best


def _run_costs(view: _View, length: int, *, backwards: bool) -> Matrix:
    """What it costs more to move the run from slot i on to after slot k, shape (starts, m + 1)."""
    m, edge, step = view.m, view.edge(), view.step
    starts = m - length + 1
    i = np.arange(1, starts + 1)[:, np.newaxis]
    k = np.arange(m + 1)[np.newaxis, :]
    end = i + length - 1
    head, tail = step[:-1, 1 : starts + 1].T, step[length:-1, 1:]
    if backwards:
        head, tail = step[:-1, length:-1].T, step[1 : starts + 1, 1:]
    out = np.diagonal(step, length + 1)[:starts] - edge[:starts] - edge[length:]
    if backwards:
        inner = view.backward - view.forward
        out = out + inner[length:-1] - inner[1 : starts + 1]
    change = head + tail
    change += out[:, np.newaxis]
    change -= edge
    if view.placed:
        change += _moved(view, length, backwards=backwards)
    if view.locks[-1]:
        touched = np.where(
            k > i,
            view.locks[k] - view.locks[i - 1],
            view.locks[end] - view.locks[np.minimum(k, end)],
        )
        change[touched > 0] = np.inf
    for away in range(-1, length):
        # Just before itself, or into itself: no move.
        at = np.arange(starts)
        change[at, at + 1 + away] = np.inf
    return change


def _moved(view: _View, length: int, *, backwards: bool) -> Matrix:
    """What positions cost more when a run goes from slot i to after slot k."""
    m, place = view.m, view.place
    starts = m - length + 1
    i = np.arange(1, starts + 1)[:, np.newaxis]
    k = np.arange(m + 1)[np.newaxis, :]
    end = i + length - 1
    # What each track costs more one run's length earlier, or later, summed up to each slot.
    earlier, later = np.zeros(m + 2), np.zeros(m + 2)
    own = np.diagonal(place)
    earlier[length + 1 : -1] = np.diagonal(place, -length)[1:-1] - own[length + 1 : -1]
    later[1:starts] = np.diagonal(place, length)[1:-1] - own[1:starts]
    earlier, later = np.cumsum(earlier), np.cumsum(later)
    padded = np.zeros((m + 2, m + 2 + 2 * length))
    padded[:, length:-length] = place
    rightwards = earlier[k] - earlier[end]
    leftwards = later[i - 1] - later[np.minimum(k, i - 1)]
    run = view.here[end] - view.here[i - 1]
    for offset in range(length):
        row = length - 1 - offset if backwards else offset
        track = padded[1 + row : 1 + row + starts]
        rightwards = rightwards + track[:, 1 + offset : m + 2 + offset]
        leftwards = leftwards + track[:, length + 1 + offset : length + m + 2 + offset]
    return np.where(k > i, rightwards, leftwards) - run


def _replacement(problem: Problem, view: _View) -> Move:
    """The best track to take out for one that is not in."""
    if problem.n == problem.m:
        return 0.0, view.order
    spare = unused(problem, view.order)
    change = replacement_costs(problem, view.order, spare)
    slot, place = np.unravel_index(change.argmin(), change.shape)
    order = view.order.copy()
    order[slot] = spare[place]
    return float(change[slot, place]), order


def unused(problem: Problem, order: Order) -> Order:
    """Tracks that are not in an order, ascending."""
    free = np.ones(problem.n, bool)
    free[order] = False
    return np.flatnonzero(free)


def replacement_costs(problem: Problem, order: Order, spare: Order) -> Matrix:
    """What an order costs more with a `spare` track at a slot, shape (m, len(spare)).

    Infinite where a lock or the length forbids it.
    """
    m = len(order)
    change = problem.position[spare].T - problem.position[order, np.arange(m)][:, np.newaxis]
    edge = problem.cost[order[:-1], order[1:]][:, np.newaxis]
    change[1:] += problem.cost[np.ix_(order[:-1], spare)] - edge
    change[:-1] += problem.cost[np.ix_(spare, order[1:])].T - edge
    change[problem.locked >= 0] = np.inf
    longer = problem.lengths[spare][np.newaxis, :] - problem.lengths[order][:, np.newaxis]
    change[longer + problem.lengths[order].sum() > problem.room] = np.inf
    return change


#: Every kind of move, in the order in which they are tried.
_KINDS = (
    _run(1),
    _reversal,
    _swap,
    _replacement,
    *(
        _run(length, backwards=back)
        for length in range(2, _LONGEST_RUN + 1)
        for back in (False, True)
    ),
)
