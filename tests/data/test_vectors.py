"""The contract of a vector index, and what the exact one adds to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from data.vectors import ExactIndex, VectorIndex

RNG = np.random.default_rng(7)
MATRIX = RNG.normal(size=(500, 16)).astype(np.float32)
QUERY = RNG.normal(size=16).astype(np.float32)


def cosines(matrix: np.ndarray, query: np.ndarray) -> np.ndarray:
    return matrix @ query / np.linalg.norm(matrix, axis=1) / np.linalg.norm(query)


class VectorIndexContract:
    """What every index holds; a subclass gives `make`."""

    make: Callable[[np.ndarray], VectorIndex]

    def test_the_nearest_come_first_with_their_cosine(self):
        index = self.make(MATRIX)
        found = index.nearest(QUERY, 10)
        expected = cosines(MATRIX, QUERY)
        best = np.argsort(-expected)[:10]
        assert found.rows.tolist() == best.tolist()
        assert found.scores == pytest.approx(expected[best], abs=1e-5)
        assert (len(index), index.dimension) == (500, 16)

    @pytest.mark.parametrize("share", [0.0, 0.01, 0.15, 0.3, 0.9, 1.0])
    def test_a_filter_takes_out_rows_and_no_neighbour(self, share):
        keep = np.random.default_rng(1).random(500) < share
        found = self.make(MATRIX).nearest(QUERY, 10, keep=keep)
        expected = np.where(keep, cosines(MATRIX, QUERY), -np.inf)
        assert found.rows.tolist() == np.argsort(-expected)[: min(10, keep.sum())].tolist()

    def test_no_more_come_back_than_there_are(self):
        assert len(self.make(MATRIX[:3]).nearest(QUERY, 10).rows) == 3
        assert len(self.make(MATRIX).nearest(QUERY, 0).rows) == 0
        assert len(self.make(MATRIX[:0]).nearest(QUERY, 10).rows) == 0

    def test_length_does_not_count(self):
        scaled = MATRIX * RNG.uniform(1e-6, 1e6, size=(500, 1)).astype(np.float32)
        found = self.make(scaled).nearest(QUERY * 1e-9, 10)
        assert found.rows.tolist() == self.make(MATRIX).nearest(QUERY, 10).rows.tolist()

    def test_ties_go_by_row(self):
        index = self.make(np.repeat(MATRIX[:1], 50, axis=0))
        assert index.nearest(MATRIX[0], 5).rows.tolist() == [0, 1, 2, 3, 4]
        keep = np.arange(50) >= 40
        assert index.nearest(MATRIX[0], 3, keep=keep).rows.tolist() == [40, 41, 42]

    def test_a_vector_of_zeros_is_like_nothing(self):
        index = self.make(np.vstack([MATRIX[:5], np.zeros((1, 16), np.float32)]))
        assert index.scores(QUERY)[5] == 0.0
        assert index.nearest(np.zeros(16, np.float32), 3).scores.tolist() == [0, 0, 0]

    @pytest.mark.parametrize("query", [np.ones(15), np.ones((1, 16)), np.full(16, np.nan)])
    def test_a_query_that_does_not_fit_is_refused(self, query):
        with pytest.raises(ValueError, match=r"query|finite"):
            self.make(MATRIX).nearest(query.astype(np.float32), 3)

    @pytest.mark.parametrize("keep", [np.ones(499, bool), np.ones(500, int)])
    def test_a_filter_that_does_not_fit_is_refused(self, keep):
        with pytest.raises(ValueError, match="keep"):
            self.make(MATRIX).nearest(QUERY, 3, keep=keep)

    @pytest.mark.parametrize("matrix", [np.ones(4, np.float32), np.full((2, 2), np.inf)])
    def test_what_is_no_matrix_of_numbers_is_refused(self, matrix):
        with pytest.raises(ValueError, match=r"matrix|finite"):
            self.make(matrix)


class TestExactIndex(VectorIndexContract):
    make = ExactIndex

    def test_a_mapped_file_of_unit_vectors_stays_on_disk(self, tmp_path: Path):
        unit = MATRIX / np.linalg.norm(MATRIX, axis=1, keepdims=True)
        np.save(tmp_path / "unit.npy", unit)
        mapped = np.load(tmp_path / "unit.npy", mmap_mode="r")
        index = ExactIndex(mapped)
        assert np.shares_memory(index._unit, mapped)
        assert index.nearest(QUERY, 1).rows == ExactIndex(MATRIX).nearest(QUERY, 1).rows

    def test_the_callers_threads_are_given_back(self):
        before = {lib["filepath"]: lib["num_threads"] for lib in threadpool_info()}
        ExactIndex(MATRIX).nearest(QUERY, 3)
        assert {lib["filepath"]: lib["num_threads"] for lib in threadpool_info()} == before
