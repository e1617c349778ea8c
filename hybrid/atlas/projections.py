"""From directions in many dimensions to places on a flat picture."""

from __future__ import annotations

import importlib
import importlib.util

import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError

_BLOCK = 4096
_LANDMARKS = 512  # recordings that all others are compared with
_NOISE = 1e-5
_SAME_PLACE = 1e-4  # of the half width of the picture
_FAN_STEP = 0.007  # between recordings that share a place: two or three pixels
_ROOMY = 2000  # recordings up to which there is room for that step
_GOLDEN_ANGLE = np.pi * (3 - np.sqrt(5))


def umap_is_installed() -> bool:
    """Whether the optional package for ``"umap"`` is there; it is not imported by this."""
    return importlib.util.find_spec("umap") is not None


def principal_axes(vectors: NDArray[np.float32]) -> tuple[NDArray[np.float64], float]:
    """Project vectors on the two directions along which they differ most.

    Parameters
    ----------
    vectors : ndarray, shape (n, d)

    Returns
    -------
    positions : ndarray of float64, shape (n, 2)
        The same for the same vectors: an axis points to where its largest weight is positive.
    kept : float
        Share of the variance along the two.

    Examples
    --------
    >>> line = np.array([[0, 0, 1], [0, 2, 1], [0, 4, 1]], np.float32)
    >>> positions, kept = principal_axes(line)
    >>> positions.round(6).tolist(), round(kept, 6)
    ([[-2.0, 0.0], [0.0, 0.0], [2.0, 0.0]], 1.0)
    """
    count, dimension = vectors.shape
    mean = vectors.mean(axis=0, dtype=np.float64)
    covariance = np.zeros((dimension, dimension))
    # In parts: the vectors are a file that need not fit into memory as float64.
    for start in range(0, count, _BLOCK):
        part = vectors[start : start + _BLOCK].astype(np.float64) - mean
        covariance += part.T @ part
    variance, directions = np.linalg.eigh(covariance)
    axes = _upright(directions[:, ::-1][:, :2])
    positions = np.zeros((count, 2))
    for start in range(0, count, _BLOCK):
        part = vectors[start : start + _BLOCK].astype(np.float64) - mean
        positions[start : start + _BLOCK, : axes.shape[1]] = part @ axes
    total = float(np.maximum(variance, 0.0).sum())
    # Directions without any variance are noise of the arithmetic.
    flat = variance[::-1][:2] <= 1e-12 * max(total, 1e-30)
    positions[:, : len(flat)][:, flat] = 0.0
    kept = float(np.maximum(variance[-2:], 0.0).sum()) / total if total > 0 else 1.0
    return positions + 0.0, kept


def diffusion(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Place vectors by a walk that goes from each to what is close to it.

    Coifman & Lafon, "Diffusion maps", 2006, with every vector compared to some hundred evenly
    drawn landmarks instead of to all. How close two are is their cosine to the fourth power:
    what is half as alike counts a sixteenth. The coordinates are the second and third
    eigenfunction of the walk; the first is the same everywhere.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
        Of length 1.

    Returns
    -------
    ndarray of float64, shape (n, 2)
        The same for the same vectors.
    """
    count = len(vectors)
    if count < 4:
        return principal_axes(vectors)[0]
    landmarks = vectors[:: max(1, count // _LANDMARKS)][:_LANDMARKS].astype(np.float32)
    starts = range(0, count, _BLOCK)

    def close(start: int) -> NDArray[np.float32]:
        cosine = np.asarray(vectors[start : start + _BLOCK]) @ landmarks.T
        return np.asarray(np.maximum(cosine, 0.0, out=cosine) ** 2) ** 2

    tiny = 1e-12
    company, reach = np.empty(count), np.zeros(len(landmarks))
    for start in starts:
        part = close(start)
        company[start : start + _BLOCK] = part.sum(axis=1, dtype=np.float64)
        reach += part.sum(axis=0, dtype=np.float64)
    per_vector, per_landmark = np.sqrt(company + tiny), np.sqrt(reach + tiny)

    def steps(start: int) -> NDArray[np.float32]:
        leaving = per_vector[start : start + _BLOCK, np.newaxis].astype(np.float32)
        return np.asarray(close(start) / leaving / per_landmark.astype(np.float32))

    both_ways = np.zeros((len(landmarks), len(landmarks)))
    for start in starts:
        part = steps(start)
        both_ways += part.T @ part
    strength, directions = np.linalg.eigh(both_ways)
    # The first is 1. What is nothing beside it is noise of the arithmetic.
    second = strength[-3:-1][::-1]
    weights = np.where(second > _NOISE, 1 / np.sqrt(np.maximum(second, _NOISE)), 0.0)
    axes = _upright(directions[:, ::-1][:, 1:3]) * weights
    positions = np.zeros((count, 2))
    for start in starts:
        leaving = per_vector[start : start + _BLOCK, np.newaxis]
        positions[start : start + _BLOCK] = steps(start) @ axes / leaving
    # What is close to no landmark belongs nowhere: it goes to the middle.
    positions[company < 1e-6] = np.median(positions, axis=0)
    return positions


def _upright(axes: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn each column so that its largest number is positive: its sign is chance otherwise."""
    largest = axes[np.abs(axes).argmax(axis=0), np.arange(axes.shape[1])]
    return np.asarray(axes * np.where(largest < 0, -1.0, 1.0))


def within_sight(flat: NDArray[np.floating]) -> NDArray[np.float64]:
    """Scale each axis so that 98 in 100 fill it from -1 to 1, and draw the rest closer.

    What lies outside moves to ``1 + ln(distance)``: a few odd recordings must not press all
    others into a dot.

    Examples
    --------
    >>> within_sight(np.array([[0.0, 5.0], [2.0, 5.0], [4.0, 5.0]])).round(2).tolist()
    [[-1.02, 0.0], [0.0, 0.0], [1.02, 0.0]]
    """
    flat = np.asarray(flat, np.float64)
    if not len(flat):
        return np.zeros((0, 2))
    low, high = np.percentile(flat, [1, 99], axis=0)
    reach = (high - low) / 2
    scaled = (flat - low - reach) / np.where(reach > 0, reach, 1.0)
    size = np.abs(scaled)
    far = np.sign(scaled) * (1 + np.log(np.maximum(size, 1.0)))
    return np.asarray(np.where(size > 1, far, scaled))


def fanned_out(positions: NDArray[np.floating]) -> NDArray[np.float32]:
    """Spread recordings that share one place around it, the first in the middle.

    Nine in ten recordings are known from one set alone, and all those of such a set have the
    same factors: without this a click could reach only one of them.

    Parameters
    ----------
    positions : ndarray, shape (n, 2)
    """
    cells = np.rint(positions / _SAME_PLACE).astype(np.int64)
    _, cell, count = np.unique(cells, axis=0, return_inverse=True, return_counts=True)
    order = np.argsort(cell, kind="stable")
    starts = np.cumsum(count) - count
    turn = np.empty(len(cells))
    turn[order] = np.arange(len(cells)) - np.repeat(starts, count)
    step = _FAN_STEP * min(1.0, _ROOMY / max(len(cells), 1)) ** 0.25
    angle, radius = turn * _GOLDEN_ANGLE, step * np.sqrt(turn)
    around = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return (positions + around).astype(np.float32)


def neighbourhoods(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Place vectors by UMAP, which keeps neighbours together; minutes for a large catalogue.

    McInnes, Healy & Melville, "UMAP", 2018, by the optional package umap-learn.

    Raises
    ------
    SegueError
        If that is not installed.
    """
    if not umap_is_installed():
        raise SegueError(
            "This kind of map needs a package that is not installed: "
            "`pip install -r requirements-umap.txt`, then start Segue again."
        )
    if len(vectors) < 5:
        return principal_axes(vectors)[0]
    # A fixed seed makes it use one thread, and draw the same picture every time.
    drawn = importlib.import_module("umap").UMAP(
        n_neighbors=min(15, len(vectors) - 1), metric="cosine", random_state=7, n_jobs=1
    )
    return np.asarray(drawn.fit_transform(np.asarray(vectors)), np.float64)
