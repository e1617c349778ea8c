"""The contract of a vector index, and what the exact one adds to it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from threadpoolctl import threadpool_info

from data.errors import SegueError
from data.vectors import ExactIndex, VectorIndex
from data.vectors_faiss import Effort, IvfIndex

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

    @pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8])
    def test_every_row_is_compared_with_several_queries_at_once(self, count):
        matrix = np.random.default_rng(3).normal(size=(3000, 16)).astype(np.float32)
        queries = np.random.default_rng(2).normal(size=(count, 16)).astype(np.float32) * 4
        unit = matrix / np.linalg.norm(matrix, axis=1, keepdims=True)
        products = self.make(matrix).products(queries)
        assert (products.shape, products.dtype) == ((3000, count), np.float32)
        assert products == pytest.approx(unit @ queries.T, abs=1e-4)

    @pytest.mark.parametrize("queries", [np.ones(16), np.ones((2, 15)), np.full((1, 16), np.inf)])
    def test_queries_that_do_not_fit_are_refused(self, queries):
        with pytest.raises(ValueError, match=r"quer|finite"):
            self.make(MATRIX).products(queries.astype(np.float32))

    def test_vectors_come_back_at_length_1_in_the_order_asked_for(self):
        found = self.make(MATRIX * 3).vectors(np.array([7, 2]))
        expected = MATRIX[[7, 2]] / np.linalg.norm(MATRIX[[7, 2]], axis=1, keepdims=True)
        assert found == pytest.approx(expected, abs=1e-6)

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

    def test_what_is_trusted_to_be_unit_is_taken_as_it_is(self):
        # Rows of any length, which nobody looks at: they are the caller's word.
        index = ExactIndex(MATRIX, unit=True)
        assert index.scores(QUERY / np.linalg.norm(QUERY)).max() > 1.5
        with pytest.raises(ValueError, match="float32"):
            ExactIndex(MATRIX.astype(np.float64), unit=True)
        with pytest.raises(ValueError, match="matrix"):
            ExactIndex(MATRIX[0], unit=True)

    def test_the_callers_threads_are_given_back(self):
        before = {lib["filepath"]: lib["num_threads"] for lib in threadpool_info()}
        ExactIndex(MATRIX).nearest(QUERY, 3)
        assert {lib["filepath"]: lib["num_threads"] for lib in threadpool_info()} == before


#: Looks through every list, however few vectors there are.
THOROUGH = Effort(least=0, share=1.0, gather=0, most=np.inf)


class TestIvfIndex(VectorIndexContract):
    @pytest.fixture(autouse=True)
    def faiss(self):
        return pytest.importorskip(
            "faiss", reason="FAISS is not installed (requirements-faiss.txt)"
        )

    @staticmethod
    def make(matrix: np.ndarray) -> IvfIndex:
        return IvfIndex(matrix, effort=THOROUGH)

    def test_it_looks_through_a_part_only(self, monkeypatch):
        index = IvfIndex(MATRIX, effort=Effort(least=50, share=0.0, per_found=0.0, gather=0))
        monkeypatch.setattr(ExactIndex, "nearest", None)
        found = index.nearest(QUERY, 400)
        assert 0 < len(found.rows) < 400
        expected = cosines(MATRIX, QUERY)
        assert found.scores == pytest.approx(expected[found.rows], abs=1e-5)
        assert np.all(np.diff(found.scores) <= 0)

    @pytest.mark.parametrize(
        ("kept", "scanned"), [(100_000, 40_000), (10_000, 40_000), (1_000, 400_000)]
    )
    def test_the_less_a_filter_keeps_the_more_it_looks_through(self, kept, scanned):
        assert Effort().to_scan(10, kept, 100_000) == scanned

    def test_few_that_are_kept_are_all_compared(self, monkeypatch):
        index = IvfIndex(MATRIX, effort=Effort(least=10, share=0.0, per_found=0.0, gather=60))
        monkeypatch.setattr(index._lists, "search", None, raising=False)
        keep = np.arange(500) % 10 == 0
        expected = np.where(keep, cosines(MATRIX, QUERY), -np.inf)
        found = index.nearest(QUERY, 10, keep=keep)
        assert found.rows.tolist() == np.argsort(-expected)[:10].tolist()

    def test_lists_are_kept_in_a_file_and_made_once(self, tmp_path: Path, monkeypatch):
        path = tmp_path / "lists.faiss"
        made = IvfIndex(MATRIX, path=path, effort=THOROUGH)
        assert [entry.name for entry in tmp_path.iterdir()] == ["lists.faiss"]
        monkeypatch.setattr(IvfIndex, "_make", None)
        again = IvfIndex(MATRIX, path=path, effort=THOROUGH)
        assert again.nearest(QUERY, 10).rows.tolist() == made.nearest(QUERY, 10).rows.tolist()

    def test_a_failure_leaves_no_file(self, tmp_path: Path, faiss, monkeypatch):
        def fail(_index, place):
            Path(place).write_text("half")
            raise RuntimeError("disk full")

        monkeypatch.setattr(faiss, "write_index", fail)
        with pytest.raises(RuntimeError, match="disk full"):
            IvfIndex(MATRIX, path=tmp_path / "lists.faiss", effort=THOROUGH)
        assert list(tmp_path.iterdir()) == []


def test_without_faiss_the_setting_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "faiss", None)
    with pytest.raises(SegueError, match=r"pip install -r requirements-faiss\.txt"):
        IvfIndex(MATRIX)
