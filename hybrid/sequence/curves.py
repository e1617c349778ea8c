"""How a set's energy goes over its time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Curve = Literal["none", "warm-up", "build", "peak", "wave"]
CURVES: tuple[Curve, ...] = get_args(Curve)

#: What the whole range between the pool's calmest and most energetic tracks costs, beside a
#: transition that cannot be worse, which costs 1.
CURVE_WEIGHT = 1.5
#: Share of the tracks at either end that may lie outside the pool's range: one outlier must not
#: press all others together.
_OUTSIDE = 0.05
#: Where in the set the peak lies.
_PEAK_AT = 0.7


def _peak(time: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(time <= _PEAK_AT, time / _PEAK_AT, 1 - 0.5 * (time - _PEAK_AT) / (1 - _PEAK_AT))


_SHAPES: dict[Curve, Callable[[NDArray[np.float64]], NDArray[np.float64]]] = {
    "warm-up": lambda time: 0.6 * time,
    "build": lambda time: time,
    "peak": _peak,
    "wave": lambda time: 0.5 - 0.5 * np.cos(4 * np.pi * time),
}


def targets(curve: Curve, slots: int) -> NDArray[np.float64]:
    """Energy wanted at each slot, 0 to 1 of the pool's range, shape (slots,).

    ``"warm-up"`` opens at the bottom and stays below the peak, ``"build"`` rises from bottom to
    top, ``"peak"`` rises to the top at 70% of the set and lands halfway down, ``"wave"`` has two
    crests. NaN for ``"none"``, which wants nothing.

    Examples
    --------
    >>> targets("build", 3).tolist()
    [0.0, 0.5, 1.0]
    """
    if curve == "none":
        return np.full(slots, np.nan)
    return _SHAPES[curve](np.linspace(0.0, 1.0, slots) if slots > 1 else np.array([0.5]))


def within_pool(energy: NDArray[np.float64]) -> NDArray[np.float64]:
    """Energies as parts of the pool's own range, 0 to 1; NaN stays, and a pool of one is .5."""
    known = energy[np.isfinite(energy)]
    if not len(known):
        return energy
    low, high = np.quantile(known, [_OUTSIDE, 1 - _OUTSIDE])
    if high - low < 1e-9:
        return np.where(np.isfinite(energy), 0.5, np.nan)
    return np.clip((energy - low) / (high - low), 0.0, 1.0)


def position_costs(
    energy: NDArray[np.float64], curve: Curve, slots: int, *, weight: float = CURVE_WEIGHT
) -> NDArray[np.float64]:
    """Cost of each track at each slot, shape (n, slots).

    A track of unknown energy costs what the others cost there on average: neither drawn in
    nor kept out.
    """
    away = np.abs(within_pool(energy)[:, np.newaxis] - targets(curve, slots)[np.newaxis, :])
    known = np.isfinite(away)
    if not known.any():
        return np.zeros(away.shape)
    average = np.nansum(away, axis=0) / np.maximum(known.sum(axis=0), 1)
    return weight * np.where(known, away, average[np.newaxis, :])
