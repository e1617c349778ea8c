"""Nearest neighbours among vectors, by cosine, under any filter.

A DJ always filters (tempo, key, what is owned). An approximate index loses the right
answers then: at 1% kept, HNSW finds half of them. So the index here is exact, and
fast because a filter leaves less to compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

_GATHER_BELOW = 0.2
"""Share of rows kept below which copying them together beats comparing all."""


@dataclass(frozen=True, slots=True, eq=False)
class Neighbours:
    """The nearest rows, best first.

    Parameters
    ----------
    rows : ndarray of int64, shape (k,)
        Rows of the index's matrix.
    scores : ndarray of float32, shape (k,)
        Cosine, -1 to 1.
    """

    rows: NDArray[np.int64]
    scores: NDArray[np.float32]


class VectorIndex(Protocol):
    """What answers which vectors are nearest; rows are those of the matrix it was made of."""

    def __len__(self) -> int:
        """How many vectors there are."""
        ...

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        ...

    def nearest(
        self, query: NDArray[np.float32], k: int, *, keep: NDArray[np.bool_] | None = None
    ) -> Neighbours:
        """Find the `k` rows nearest to `query` among those that `keep` lets through.

        Parameters
        ----------
        query : ndarray, shape (d,)
            Of any length; one of length 0 is equally far from everything (score 0).
        k : int
            At least 0. Fewer come back where fewer are kept.
        keep : ndarray of bool, shape (n,), optional
            False leaves a row out.

        Returns
        -------
        Neighbours
            Ties by row.

        Raises
        ------
        ValueError
            If a shape does not fit or the query is not finite.
        """
        ...

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of `query` to every row, shape (n,)."""
        ...


class ExactIndex:
    """Compares with every kept row.

    One BLAS thread: a second one makes a query of two milliseconds slower on a busy machine.

    Parameters
    ----------
    matrix : ndarray, shape (n, d)
        Brought to length 1 row by row, but for rows of length 0. A float32 matrix of unit
        rows is used as it is, so that one that is memory-mapped stays on disk.

    Raises
    ------
    ValueError
        If it is not a matrix of finite numbers.

    Examples
    --------
    >>> index = ExactIndex(np.array([[1, 0], [0, 2], [3, 3]], np.float32))
    >>> index.nearest(np.array([1, 0.1], np.float32), 2).rows.tolist()
    [0, 2]
    >>> index.nearest(np.array([1, 0.1]), 2, keep=np.array([False, True, True])).rows.tolist()
    [2, 1]
    """

    def __init__(self, matrix: NDArray[np.float32]) -> None:
        if matrix.ndim != 2:
            raise ValueError(f"matrix must have shape (n, d), not {matrix.shape}")
        self._unit = _unit(matrix)

    def __len__(self) -> int:
        return len(self._unit)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._unit.shape[1])

    def nearest(
        self, query: NDArray[np.float32], k: int, *, keep: NDArray[np.bool_] | None = None
    ) -> Neighbours:
        """Find the `k` nearest rows; see `VectorIndex`."""
        if k < 0:
            raise ValueError(f"k must be at least 0, not {k}")
        if keep is None:
            scores = self.scores(query)
            return _best(np.arange(len(scores)), scores, k)
        if keep.shape != (len(self),) or keep.dtype != np.bool_:
            raise ValueError(
                f"keep must be bool of shape ({len(self)},), not {keep.dtype} of {keep.shape}"
            )
        rows = np.flatnonzero(keep)
        if len(rows) < _GATHER_BELOW * len(self):
            return _best(rows, self._compare(self._unit[rows], query), k)
        return _best(rows, self.scores(query)[rows], k)

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of `query` to every row, shape (n,)."""
        return self._compare(self._unit, query)

    def _compare(
        self, rows: NDArray[np.float32], query: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        if query.shape != (self.dimension,):
            raise ValueError(f"query must have shape ({self.dimension},), not {query.shape}")
        with _blas().limit(limits=1, user_api="blas"):
            return rows @ _unit(query[np.newaxis])[0]


@cache
def _blas() -> ThreadpoolController:
    # Looking for the libraries takes longer than a query.
    return ThreadpoolController()


def _unit(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    matrix = matrix.astype(np.float32, copy=False)
    # The root of float64 sums: squares of large float32 overflow.
    norms = np.sqrt(np.einsum("nd,nd->n", matrix, matrix, dtype=np.float64))
    if not np.isfinite(norms).all():
        raise ValueError("vectors must be finite")
    if np.allclose(norms[norms > 0], 1.0, rtol=0, atol=1e-6):
        return matrix
    return (matrix / np.where(norms > 0, norms, 1.0)[:, np.newaxis]).astype(np.float32)


def _best(rows: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> Neighbours:
    k = min(k, len(rows))
    if 0 < k < len(rows):
        # All that tie with the last one in must stand for election, or the choice among them
        # would be partition's.
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        rows, scores = rows[scores >= least], scores[scores >= least]
    order = np.argsort(-scores, kind="stable")[:k]
    return Neighbours(rows[order], scores[order])
