"""Nearest neighbours by FAISS's inverted lists, for more vectors than comparing all is quick for.

The vectors are dealt into lists by the nearest of some thousand centroids, and a query looks
only through the lists nearest to it (Sivic and Zisserman, "Video Google", ICCV 2003). What a
filter keeps lies farther off than what is nearest of all, so the stricter the filter, the more
lists are looked through; where it keeps few, those are compared one by one, as `ExactIndex`
does.
"""

from __future__ import annotations

import importlib
import math
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from data.vectors import ExactIndex, Neighbours, best, check_question, compare, unit_rows

_FEWEST_PER_LIST = 39
"""Vectors for each centroid below which FAISS calls them too few to find it by."""
_LEARN_FROM = 64
"""Vectors for each centroid that centroids are learned from."""
_ADDED_AT_ONCE = 65536


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is looked through; the defaults are what `benchmarks/bench_vectors.py` holds.

    Parameters
    ----------
    least : int
        Vectors looked through at least.
    share : float
        Share of all vectors looked through at least.
    per_found : float
        Vectors looked through for each that passes by until `k` were found that a filter keeps.
    gather : int
        Vectors kept up to which all of them are compared instead; an index of no more than
        that makes no lists.
    most : float
        Share of all vectors above which all are compared instead.
    """

    least: int = 40_000
    share: float = 0.02
    per_found: float = 400.0
    gather: int = 20_000
    most: float = 0.5

    def to_scan(self, k: int, kept: int, count: int) -> int:
        """How many of `count` vectors to look through for the `k` nearest of those `kept`."""
        passed_by = k * count / max(kept, 1)
        return math.ceil(max(self.least, self.share * count, self.per_found * passed_by))


class IvfIndex:
    """Looks only where the nearest are likely to be.

    The lists hold the vectors in half precision; what they give is compared once more with the
    vectors themselves, so that scores are those of `ExactIndex` and ties go by row. Whether a
    neighbour is found at all is likely, not sure: `benchmarks/bench_vectors.py` holds the share.

    Parameters
    ----------
    matrix : ndarray, shape (n, d)
    unit : bool
        As for `ExactIndex`.
    path : Path, optional
        Where the lists are kept, to be mapped into memory instead of made again. The caller
        answers for a file that is there being that of the same matrix.
    effort : Effort, optional

    Raises
    ------
    SegueError
        If FAISS is not installed.
    ValueError
        As for `ExactIndex`.
    """

    def __init__(
        self,
        matrix: NDArray[np.float32],
        *,
        unit: bool = False,
        path: Path | None = None,
        effort: Effort | None = None,
    ) -> None:
        self._faiss = _library()
        self._effort = effort or Effort()
        self._unit = unit_rows(matrix, trusted=unit)
        self._exact = ExactIndex(self._unit, unit=True)
        self._lists: Any = None
        if len(self._unit) <= self._effort.gather:
            return
        if path is None:
            self._lists = self._make()
            return
        if not path.exists():
            self._write(path)
        # Shared with other processes, and read as far as it is needed.
        flags = self._faiss.IO_FLAG_MMAP | self._faiss.IO_FLAG_READ_ONLY
        self._lists = self._faiss.read_index(os.fspath(path), flags)

    def __len__(self) -> int:
        return len(self._unit)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self._unit.shape[1])

    def nearest(
        self, query: NDArray[np.float32], k: int, *, keep: NDArray[np.bool_] | None = None
    ) -> Neighbours:
        """Find the `k` nearest rows; see `data.vectors.VectorIndex`."""
        check_question(self, query, k, keep)
        kept = len(self) if keep is None else int(np.count_nonzero(keep))
        k, scanned = min(k, kept), self._effort.to_scan(k, kept, len(self))
        few = kept <= self._effort.gather or scanned > self._effort.most * len(self)
        if self._lists is None or few or not k:
            return self._exact.nearest(query, k, keep=keep)
        parameters = self._faiss.SearchParametersIVF(
            nprobe=min(self._lists.nlist, math.ceil(scanned * self._lists.nlist / len(self)))
        )
        if keep is not None:
            kept_bits = np.packbits(keep, bitorder="little")
            parameters.sel = self._faiss.IDSelectorBitmap(kept_bits)
        unit = unit_rows(query[np.newaxis])
        # More than k, because half precision may swap the last ones with the next.
        _, found = self._lists.search(unit, min(2 * k + 50, kept), params=parameters)
        rows = np.sort(found[0][found[0] >= 0])
        return best(rows, compare(self._unit[rows], unit)[:, 0], k)

    def scores(self, query: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the cosine of `query` to every row, shape (n,); exact."""
        return self._exact.scores(query)

    def products(self, queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the dot products with all queries, shape (n, q); exact."""
        return self._exact.products(queries)

    def vectors(self, rows: NDArray[np.integer]) -> NDArray[np.float32]:
        """Return unit rows, shape (m, d), in the order asked for."""
        return self._exact.vectors(rows)

    def _make(self) -> Any:
        faiss, (count, dimension) = self._faiss, self._unit.shape
        lists = max(1, min(int(2 * math.sqrt(count)), count // _FEWEST_PER_LIST))
        made = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(dimension),
            dimension,
            lists,
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
        )
        # Evenly over all rows: those that came in together sound alike.
        sample = self._unit[:: max(1, count // (_LEARN_FROM * lists))]
        made.train(np.ascontiguousarray(sample))
        for start in range(0, count, _ADDED_AT_ONCE):
            made.add(np.ascontiguousarray(self._unit[start : start + _ADDED_AT_ONCE]))
        return made

    def _write(self, path: Path) -> None:
        handle, making = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
        os.close(handle)
        try:
            self._faiss.write_index(self._make(), making)
            os.replace(making, path)
        except BaseException:
            Path(making).unlink(missing_ok=True)
            raise


def _library() -> ModuleType:
    try:
        return importlib.import_module("faiss")
    except ModuleNotFoundError as error:
        raise SegueError(
            "SEGUE_VECTOR_INDEX=ivf needs FAISS, which is not installed: "
            "run `pip install -r requirements-faiss.txt`, or leave the setting at `exact`."
        ) from error
