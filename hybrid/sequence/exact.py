"""The cheapest order of a few tracks, by dynamic programming over sets of tracks.

Held and Karp, A dynamic programming approach to sequencing problems (1962). The number of
tracks played so far is the slot, so costs of positions and locks come in at no further cost.
"""

from __future__ import annotations

import numpy as np

from hybrid.sequence.problem import NoOrder, Order, Problem

#: Most tracks for which the exact way is taken: it takes 2^n n^2 steps.
EXACT_UP_TO = 12


def exact(problem: Problem) -> Order:
    """Find the cheapest order; of several the one found first, always the same.

    Raises
    ------
    NoOrder
        If none keeps to the locks and the length.
    """
    n, m = problem.n, problem.m
    masks = np.arange(1 << n)
    members = (masks[:, np.newaxis] >> np.arange(n)) & 1
    sizes = members.sum(axis=1)
    fits = members @ problem.lengths <= problem.room
    best = np.full((1 << n, n), np.inf)
    before = np.full((1 << n, n), -1, np.int8)
    opening = np.where(problem.allowed[:, 0], problem.position[:, 0], np.inf)
    best[1 << np.arange(n), np.arange(n)] = opening
    for slot in range(1, m):
        layer = masks[(sizes == slot) & fits]
        for track in np.flatnonzero(problem.allowed[:, slot]):
            played = layer[members[layer, track] == 0]
            ways = best[played] + problem.cost[:, track]
            last = ways.argmin(axis=1)
            after = played | (1 << track)
            best[after, track] = ways[np.arange(len(played)), last] + problem.position[track, slot]
            before[after, track] = last
    ends = masks[(sizes == m) & fits]
    if not len(ends) or not np.isfinite(best[ends]).any():
        raise NoOrder
    end, track = np.unravel_index(best[ends].argmin(), (len(ends), n))
    mask, order = int(ends[end]), [int(track)]
    while len(order) < m:
        mask, last_track = mask ^ (1 << order[-1]), before[mask, order[-1]]
        order.append(int(last_track))
    return np.array(order[::-1], np.intp)
