"""The best of many rows, sorted only as far down as they are asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class Ranking:
    """Rows by falling score, ties by row.

    Parameters
    ----------
    scores : ndarray of float32, shape (R,)
    rows : ndarray of intp, shape (n,)
        Those that are ranked, ascending.
    """

    def __init__(self, scores: NDArray[np.float32], rows: NDArray[np.intp]) -> None:
        self._rows = rows
        self._scores = scores[rows]
        self._tops: dict[int, NDArray[np.intp]] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def top(self, depth: int) -> NDArray[np.intp]:
        """Return the first `depth` rows, or all where there are fewer; kept for the next time."""
        if depth not in self._tops:
            first = self._first(depth)
            order = np.argsort(-self._scores[first], kind="stable")
            self._tops[depth] = self._rows[first[order]]
        return self._tops[depth]

    def _first(self, depth: int) -> NDArray[np.intp]:
        """Places in `rows` of the first `depth`, ascending."""
        if depth >= len(self._rows):
            return np.arange(len(self._rows))
        if depth <= 0:
            return np.empty(0, np.intp)
        least = np.partition(self._scores, len(self._rows) - depth)[-depth]
        above = np.flatnonzero(self._scores > least)
        level = np.flatnonzero(self._scores == least)[: depth - len(above)]
        return np.sort(np.concatenate([above, level]))


def merged(
    scores: NDArray[np.float32], one: NDArray[np.intp], other: NDArray[np.intp]
) -> NDArray[np.intp]:
    """Both lists of rows as one, by falling score, ties by row."""
    rows = np.concatenate([one, other])
    return rows[np.lexsort((rows, -scores[rows]))]
