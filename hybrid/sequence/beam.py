"""A good order, slot by slot: of all beginnings the most promising few go on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hybrid.sequence.problem import NoOrder, Order, Problem

#: Beginnings that are kept at every slot.
WIDTH = 64


@dataclass(frozen=True, eq=False)
class _Beginnings:
    """b orders that are filled up to the same slot."""

    orders: NDArray[np.intp]
    used: NDArray[np.bool_]
    cost: NDArray[np.float64]
    length: NDArray[np.float64]
    sign: NDArray[np.uint64]

    def extended(
        self,
        parent: Order,
        track: Order,
        slot: int,
        cost: NDArray[np.float64],
        problem: Problem,
        signs: NDArray[np.uint64],
    ) -> _Beginnings:
        orders, used = self.orders[parent], self.used[parent]
        orders[:, slot] = track
        used[np.arange(len(track)), track] = True
        length = self.length[parent] + problem.lengths[track]
        return _Beginnings(orders, used, cost, length, self.sign[parent] ^ signs[track])


def beam(problem: Problem, *, width: int = WIDTH) -> Order:
    """Find a good order.

    A beginning is judged by what it costs so far and what the rest costs at least, if tracks
    might come twice. Of beginnings with the same tracks and the same last one only the
    cheapest can be the best.

    Raises
    ------
    NoOrder
        If none was found that keeps to the locks and the length.
    """
    cost, position = _evened(problem)
    rest = _rest(problem, cost, position)
    # A random sign for every track tells sets of tracks apart by exclusive or (Zobrist, 1970).
    signs = np.random.default_rng(0).integers(0, 2**64, problem.n, np.uint64)
    states = _Beginnings(
        np.full((1, problem.m), -1, np.intp),
        np.zeros((1, problem.n), bool),
        np.zeros(1),
        np.zeros(1),
        np.zeros(1, np.uint64),
    )
    for slot in range(problem.m):
        grown = states.cost[:, np.newaxis] + position[:, slot]
        if slot:
            grown = grown + cost[states.orders[:, slot - 1]]
        grown[~_open(problem, states, slot)] = np.inf
        parent, track = _promising(grown + rest[slot], states.sign, signs, width)
        if not len(parent):
            raise NoOrder
        states = states.extended(parent, track, slot, grown[parent, track], problem, signs)
    return states.orders[0]


def _evened(problem: Problem) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Costs less what each track costs in any case.

    Where every track is played, that changes no comparison of whole orders, and those
    beginnings no longer look good that only put off tracks that nothing leads to.
    """
    if problem.m < problem.n or problem.n < 2:
        return problem.cost, problem.position
    apart = problem.cost + np.diag(np.full(problem.n, np.inf))
    least = apart.min(axis=0)
    least[~np.isfinite(least)] = 0.0
    position = problem.position - problem.position.mean(axis=1, keepdims=True)
    position[:, 0] -= least  # nothing leads to the first track, which is spared its least as well
    return problem.cost - least[np.newaxis, :], position


def _rest(
    problem: Problem, cost: NDArray[np.float64], position: NDArray[np.float64]
) -> NDArray[np.float64]:
    """What comes after a track at a slot costs at least, shape (m, n)."""
    rest = np.zeros((problem.m, problem.n))
    apart = cost + np.diag(np.full(problem.n, np.inf)) if problem.n > 1 else cost
    for slot in range(problem.m - 2, -1, -1):
        onward = np.where(problem.allowed[:, slot + 1], position[:, slot + 1], np.inf)
        rest[slot] = (apart + (onward + rest[slot + 1])).min(axis=1)
    return rest


def _open(problem: Problem, states: _Beginnings, slot: int) -> NDArray[np.bool_]:
    """Which track may come next in which beginning, shape (b, n)."""
    may = problem.allowed[:, slot] & ~states.used
    if not np.isfinite(problem.most):
        return may
    later = problem.locked[slot + 1 :]
    bound = problem.lengths[later[later >= 0]].sum()
    to_choose = int((later < 0).sum())
    room = problem.room - states.length[:, np.newaxis] - bound
    if problem.locked[slot] >= 0:
        return may & (problem.lengths + _shortest(problem, states, to_choose)[0] <= room)
    # With one more to choose than the rest needs: a track that is among the shortest is in the
    # sum already, another one comes on top of one fewer.
    with_it, among = _shortest(problem, states, to_choose + 1)
    without_it, _ = _shortest(problem, states, to_choose)
    return may & (np.where(among, with_it, without_it + problem.lengths) <= room)


def _shortest(
    problem: Problem, states: _Beginnings, count: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Length of the `count` shortest tracks left, shape (b, 1), and which these are, (b, n)."""
    order = np.argsort(problem.lengths, kind="stable")
    free = ~states.used
    free[:, problem.locked[problem.locked >= 0]] = False
    chosen = free[:, order] & (np.cumsum(free[:, order], axis=1) <= count)
    among = np.empty_like(chosen)
    among[:, order] = chosen
    return (among * problem.lengths).sum(axis=1, keepdims=True), among


def _promising(
    judged: NDArray[np.float64],
    sign: NDArray[np.uint64],
    signs: NDArray[np.uint64],
    width: int,
) -> tuple[Order, Order]:
    """Beginning and track of the best ways on, best first, no two of them the same."""
    flat = judged.ravel()
    count = min(4 * width, len(flat))
    most = np.partition(flat, count - 1)[count - 1]
    near = np.flatnonzero((flat <= most) & np.isfinite(flat))
    near = near[np.argsort(flat[near], kind="stable")]
    parent, track = np.divmod(near, judged.shape[1])
    # The last track is told apart by its sign times an odd number.
    mark = (sign[parent] ^ signs[track]) + signs[track] * np.uint64(0x9E3779B97F4A7C15)
    first = np.sort(np.unique(mark, return_index=True)[1])[:width]
    return parent[first], track[first]
