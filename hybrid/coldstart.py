"""Factors for what no set holds: from what a track sounds like to where sets would put it.

Gantner et al., "Learning Attribute-to-Feature Mappings for Cold-Start Recommendations", ICDM
2010, and van den Oord et al., "Deep content-based music recommendation", NIPS 2013: a
regression from content to the factors of a matrix factorisation. Ridge is enough here: the
vectors come from a network.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: Strengths of the ridge that are tried, as shares of the mean square of the vectors' features.
STRENGTHS = (0.1, 1.0, 10.0, 100.0, 1000.0)
#: Parts that the artists are cut into, each left out once.
FOLDS = 5
#: Fewest recordings with both a vector and a set that a map is learned from.
LEAST = 50


@dataclass(frozen=True, eq=False)
class SoundMap:
    """A linear map from vectors of one encoder to ALS factors.

    Parameters
    ----------
    weights : ndarray of float32, shape (d, f)
    offset : ndarray of float32, shape (f,)
    strength : float
        Of the ridge, chosen on artists left out.
    quality : float
        Correlation of mapped and real factors on artists left out, 0 to 1.
    recordings : int
        How many it was learned from.
    encoder, version : str
        Whose vectors it takes.
    """

    weights: NDArray[np.float32]
    offset: NDArray[np.float32]
    strength: float
    quality: float
    recordings: int
    encoder: str
    version: str

    @classmethod
    def fit(
        cls,
        vectors: NDArray[np.float32],
        factors: NDArray[np.float32],
        groups: NDArray[np.integer],
        *,
        encoder: str = "",
        version: str = "",
    ) -> SoundMap | None:
        """Learn from recordings that have both.

        Parameters
        ----------
        vectors : ndarray, shape (n, d)
            Of length 1.
        factors : ndarray, shape (n, f)
            Not all zeros in any row: recordings that a set holds.
        groups : ndarray of int, shape (n,)
            Artist of each; those of one artist are left out together.

        Returns
        -------
        SoundMap or None
            None where there are too few, or where sound tells nothing of factors.
        """
        names, group = np.unique(groups, return_inverse=True)
        if len(vectors) < LEAST or len(names) < FOLDS:
            return None
        # Artists by size, dealt in turn: folds of about one size, the same ones every time.
        size = np.bincount(group)
        fold = np.empty(len(names), np.intp)
        fold[np.argsort(-size, kind="stable")] = np.arange(len(names)) % FOLDS
        left_out = fold[group]
        x, y = vectors.astype(np.float64), factors.astype(np.float64)
        mapped = {s: _left_out(x, y, left_out, s) for s in STRENGTHS}
        strength = min(STRENGTHS, key=lambda s: float(np.square(y - mapped[s]).sum()))
        quality = _correlation(y, mapped[strength])
        if quality <= 0:
            return None
        weights, offset = _ridge(x, y, strength)
        return cls(
            weights.astype(np.float32),
            offset.astype(np.float32),
            strength,
            round(quality, 4),
            len(vectors),
            encoder,
            version,
        )

    def factors(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Factors that tracks of such sound would have, shape (n, f)."""
        return vectors @ self.weights + self.offset

    def query(self, user: NDArray[np.float32]) -> tuple[NDArray[np.float32], np.float32]:
        """Turn a query's factors around: what to multiply vectors with, and what to add.

        ``vectors @ query[0] + query[1]`` is the score of the mapped factors, without making them.
        """
        return self.weights @ user, np.float32(self.offset @ user)


def _ridge(
    x: NDArray[np.float64], y: NDArray[np.float64], strength: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    middle, level = x.mean(axis=0), y.mean(axis=0)
    x, y = x - middle, y - level
    gram = x.T @ x
    penalty = strength * np.trace(gram) / len(gram)
    weights = np.linalg.solve(gram + penalty * np.eye(len(gram)), x.T @ y)
    return weights, level - middle @ weights


def _left_out(
    x: NDArray[np.float64], y: NDArray[np.float64], fold: NDArray[np.intp], strength: float
) -> NDArray[np.float64]:
    """Map every recording by what was learned from other artists."""
    mapped = np.empty_like(y)
    for number in range(FOLDS):
        out = fold == number
        weights, offset = _ridge(x[~out], y[~out], strength)
        mapped[out] = x[out] @ weights + offset
    return mapped


def _correlation(y: NDArray[np.float64], mapped: NDArray[np.float64]) -> float:
    """Correlation over all factors together, each taken from its mean; 0 where one is flat."""
    y, mapped = y - y.mean(axis=0), mapped - mapped.mean(axis=0)
    length = float(np.linalg.norm(y) * np.linalg.norm(mapped))
    return float((y * mapped).sum()) / length if length > 0 else 0.0
