"""Which track goes into which slot: the question in numbers, and what an answer costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

#: An order of tracks: the track at every slot, shape (m,).
Order = NDArray[np.intp]
#: Two lengths that differ by less are the same, in the unit of the lengths.
_ROUNDING = 1e-6


class NoOrder(ValueError):
    """No order fills all slots within the locks and the length."""


@dataclass(frozen=True, eq=False)
class Problem:
    """Choose `m` of n tracks and put them in order, at the least sum of costs.

    Parameters
    ----------
    cost : ndarray of float64, shape (n, n)
        Of playing the column's track straight after the row's; infinite where it must not be.
    position : ndarray of float64, shape (n, m)
        Of playing a track at a slot.
    locked : ndarray of intp, shape (m,)
        The track that must stand at a slot; -1 for any.
    lengths : ndarray of float64, shape (n,)
        What each track takes of `most`.
    most : float
        The lengths of the chosen tracks may not add up to more.
    """

    cost: NDArray[np.float64]
    position: NDArray[np.float64]
    locked: NDArray[np.intp]
    lengths: NDArray[np.float64]
    most: float = np.inf

    @classmethod
    def free(cls, cost: NDArray[np.float64], slots: int | None = None) -> Problem:
        """Ask for the cheapest order with nothing else to heed."""
        n = len(cost)
        m = n if slots is None else slots
        return cls(cost, np.zeros((n, m)), np.full(m, -1), np.zeros(n))

    @property
    def n(self) -> int:
        """Number of tracks."""
        return len(self.cost)

    @property
    def m(self) -> int:
        """Number of slots."""
        return self.position.shape[1]

    @property
    def room(self) -> float:
        """The most that lengths may add up to, with room for rounding."""
        return self.most + _ROUNDING

    @cached_property
    def allowed(self) -> NDArray[np.bool_]:
        """Whether a track may stand at a slot as far as locks go, shape (n, m)."""
        allowed = np.ones((self.n, self.m), bool)
        for slot in np.flatnonzero(self.locked >= 0):
            track = self.locked[slot]
            allowed[:, slot] = allowed[track, :] = False
        for slot in np.flatnonzero(self.locked >= 0):
            allowed[self.locked[slot], slot] = True
        return allowed

    def total(self, order: Sequence[int] | Order) -> float:
        """Return what an order costs."""
        tracks = np.asarray(order, np.intp)
        steps = self.cost[tracks[:-1], tracks[1:]].sum()
        return float(steps + self.position[tracks, np.arange(self.m)].sum())

    def fits(self, order: Sequence[int] | Order) -> bool:
        """Whether an order keeps to the locks and the length."""
        tracks = np.asarray(order, np.intp)
        in_place = self.allowed[tracks, np.arange(self.m)].all()
        return bool(in_place and self.lengths[tracks].sum() <= self.room)
