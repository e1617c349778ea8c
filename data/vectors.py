"""Nearest neighbours among vectors, by cosine, under any filter.

A DJ always filters (tempo, key, what is owned). An approximate index loses the right
answers then: at 1% kept, HNSW finds half of them. So the index here is exact, and
fast because a filter leaves less to compare.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

_GATHER_BELOW = 0.2
"""Share of rows kept below which copying them together beats comparing all."""

_BLOCK = 1024
"""Rows compared with one query after the other: at 256 numbers each they fit into a cache."""

_TOGETHER = 4
"""Queries from which one product of matrices is quicker than a walk in blocks."""


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

    def products(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the dot product of every unit row and every query, always exact.

        Parameters
        ----------
        queries : ndarray, shape (q, d)
            Taken as long as they are: a query of length 1 gives cosines.

        Returns
        -------
        ndarray of float32, shape (n, q)
            All of it from one walk over the rows; a column lies in one piece of memory.

        Raises
        ------
        ValueError
            If the shape does not fit or a query is not finite.
        """
        ...

    def vectors(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return unit rows, shape (m, d), in the order asked for."""
        ...


class ExactIndex:
    """Compares with every kept row.

    One BLAS thread: a second one makes a query of two milliseconds slower on a busy machine.

    Parameters
    ----------
    matrix : ndarray, shape (n, d)
        Brought to length 1 row by row, but for rows of length 0. A float32 matrix of unit
        rows is used as it is, so that one that is memory-mapped stays on disk.
    unit : bool
        Whether the caller answers for rows that are finite and of length 1 or 0: they are
        then not read to find out, which for a million mapped rows is a gigabyte.

    Raises
    ------
    ValueError
        If it is not a matrix of finite numbers, or `unit` is claimed of no float32.

    Examples
    --------
    >>> index = ExactIndex(np.array([[1, 0], [0, 2], [3, 3]], np.float32))
    >>> index.nearest(np.array([1, 0.1], np.float32), 2).rows.tolist()
    [0, 2]
    >>> index.nearest(np.array([1, 0.1]), 2, keep=np.array([False, True, True])).rows.tolist()
    [2, 1]
    """

    def __init__(self, matrix: NDArray[np.float32], *, unit: bool = False) -> None:
        self._unit = unit_rows(matrix, trusted=unit)

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
        check_question(self, query, k, keep)
        if keep is None:
            scores = self.scores(query)
            return best(np.arange(len(scores)), scores, k)
        rows = np.flatnonzero(keep)
        if len(rows) < _GATHER_BELOW * len(self):
            return best(rows, compare(self._unit[rows], query[np.newaxis], unit=True)[:, 0], k)
        return best(rows, self.scores(query)[rows], k)

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of `query` to every row, shape (n,)."""
        check_question(self, query)
        return compare(self._unit, query[np.newaxis], unit=True)[:, 0]

    def products(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the dot products with all queries, shape (n, q); see `VectorIndex`."""
        if queries.ndim != 2 or queries.shape[1] != self.dimension:
            raise ValueError(f"queries must have shape (q, {self.dimension}), not {queries.shape}")
        return compare(self._unit, queries)

    def vectors(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return unit rows, shape (m, d), in the order asked for."""
        return self._unit[rows]


def compare(
    rows: NDArray[np.float32], queries: NDArray[np.float32], *, unit: bool = False
) -> NDArray[np.float32]:
    """Return the dot products of `rows` (n, d) and `queries` (q, d), shape (n, q).

    One BLAS thread, for the reason that `ExactIndex` gives.

    Parameters
    ----------
    unit : bool
        Whether the queries are brought to length 1 first; the rows never are.

    Raises
    ------
    ValueError
        If a query is not finite.
    """
    queries = unit_rows(queries) if unit else _finite(queries.astype(np.float32, copy=False))
    count = len(queries)
    with _blas().limit(limits=1, user_api="blas"):
        if count >= _TOGETHER:
            # BLAS computes four rows at once, and takes longer for five than for eight.
            padding = np.zeros((-count % 4, queries.shape[1]), np.float32)
            return (np.concatenate([queries, padding]) @ rows.T)[:count].T
        # Block by block, so that the second query finds the rows where the first left them.
        products = np.empty((count, len(rows)), np.float32)
        for start in range(0, len(rows), _BLOCK):
            block = rows[start : start + _BLOCK]
            for query, out in zip(queries, products[:, start : start + _BLOCK], strict=True):
                np.dot(block, query, out=out)
        return products.T


def check_question(
    index: VectorIndex,
    query: NDArray[np.float32],
    k: int = 0,
    keep: NDArray[np.bool_] | None = None,
) -> None:
    """Refuse what `VectorIndex.nearest` refuses, with a ValueError."""
    if k < 0:
        raise ValueError(f"k must be at least 0, not {k}")
    if query.shape != (index.dimension,):
        raise ValueError(f"query must have shape ({index.dimension},), not {query.shape}")
    if keep is not None and (keep.shape != (len(index),) or keep.dtype != np.bool_):
        raise ValueError(
            f"keep must be bool of shape ({len(index)},), not {keep.dtype} of {keep.shape}"
        )


@cache
def _blas() -> ThreadpoolController:
    # Looking for the libraries takes longer than a query.
    return ThreadpoolController()


def unit_rows(matrix: NDArray[np.float32], *, trusted: bool = False) -> NDArray[np.float32]:
    """Return `matrix` (n, d) as float32 with rows of length 1 (those of length 0 stay).

    A float32 matrix of unit rows comes back as it is; one that is `trusted` to be that is
    not even read.

    Raises
    ------
    ValueError
        If it is not a matrix of finite numbers, or not of float32 and trusted.
    """
    if matrix.ndim != 2:
        raise ValueError(f"matrix must have shape (n, d), not {matrix.shape}")
    # A view as plain array: every operation on NumPy's memmap class pays for making another.
    matrix = np.asarray(matrix)
    if trusted:
        if matrix.dtype != np.float32:
            raise ValueError(f"a matrix of unit rows must be float32, not {matrix.dtype}")
        return matrix
    matrix = matrix.astype(np.float32, copy=False)
    # The root of float64 sums: squares of large float32 overflow.
    norms = _finite(np.sqrt(np.einsum("nd,nd->n", matrix, matrix, dtype=np.float64)))
    if np.allclose(norms[norms > 0], 1.0, rtol=0, atol=1e-6):
        return matrix
    return (matrix / np.where(norms > 0, norms, 1.0)[:, np.newaxis]).astype(np.float32)


def _finite(numbers: NDArray[Any]) -> NDArray[Any]:
    if not np.isfinite(numbers).all():
        raise ValueError("vectors must be finite")
    return numbers


def best(rows: NDArray[np.int64], scores: NDArray[np.float32], k: int) -> Neighbours:
    """Return the `k` of `rows` with the highest of `scores` (both of shape (m,)), ties by row.

    `rows` must ascend.
    """
    k = min(k, len(rows))
    if 0 < k < len(rows):
        # All that tie with the last one in must stand for election, or the choice among them
        # would be partition's.
        least = np.partition(scores, len(scores) - k)[len(scores) - k]
        rows, scores = rows[scores >= least], scores[scores >= least]
    order = np.argsort(-scores, kind="stable")[:k]
    return Neighbours(rows[order], scores[order])
