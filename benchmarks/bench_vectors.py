"""The nearest of 100,000 and a million vectors, with and without filters: exact and by lists.

Every figure comes from one thread, one query at a time, over clustered vectors of 256 numbers.
Lists (FAISS) must find what comparing all finds: of the ten nearest at least 99 in 100.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np
from corpus import verdict
from numpy.typing import NDArray
from synthetic import DIMENSION, communities, vectors

from data.errors import SegueError
from data.vectors import ExactIndex, VectorIndex
from data.vectors_faiss import IvfIndex

COUNTS = (100_000, 1_000_000)
KEPT = (1.0, 0.5, 0.1, 0.03, 0.01, 0.001)
QUERIES, K = 100, 10
LEAST_RECALL = 0.99


def clustered(count: int) -> NDArray[np.float32]:
    rng = np.random.default_rng(0)
    community = rng.integers(0, communities(count), count)
    matrix = np.empty((count, DIMENSION), np.float32)
    start = 0
    for part in vectors(community, communities(count), seed=1):
        matrix[start : start + len(part)] = part
        start += len(part)
    return matrix


def timed(
    index: VectorIndex, queries: NDArray[np.float32], keep: NDArray[np.bool_] | None
) -> tuple[list[NDArray[np.int64]], str]:
    """Rows found for each query, and how long that took."""
    found, times = [], []
    for query in queries:
        started = time.perf_counter()
        found.append(index.nearest(query, K, keep=keep).rows)
        times.append(1000 * (time.perf_counter() - started))
    p50, p95 = np.percentile(times, [50, 95])
    return found, f"p50 {p50:7.2f}, p95 {p95:7.2f} ms"


def measure(count: int) -> bool:
    matrix = clustered(count)
    rng = np.random.default_rng(2)
    # Tracks of the catalogue, heard through another master.
    queries = matrix[rng.integers(0, count, QUERIES)]
    queries += 0.02 * rng.standard_normal(queries.shape, dtype=np.float32)
    exact, lists = ExactIndex(matrix, unit=True), None
    try:
        started = time.perf_counter()
        lists = IvfIndex(matrix, unit=True)
        print(f"{count} vectors: lists made in {time.perf_counter() - started:.1f} s")
    except SegueError as error:
        print(f"skipped lists: {error}")
    held = True
    for share in KEPT:
        keep = None if share == 1 else rng.random(count) < share
        best, took = timed(exact, queries, keep)
        print(f"{count} vectors, {share:6.1%} kept: exact {took}")
        if lists is not None:
            found, took = timed(lists, queries, keep)
            hits = sum(len(np.intersect1d(*pair)) for pair in zip(best, found, strict=True))
            recall = hits / sum(map(len, best))
            print(f"{count} vectors, {share:6.1%} kept: lists {took}, recall@{K} {recall:.4f}")
            held &= recall >= LEAST_RECALL
    for number in (1, 2, 5):
        started = time.perf_counter()
        for _ in range(5):
            exact.products(queries[:number])
        took = 200 * (time.perf_counter() - started)
        print(f"{count} vectors, all scores for {number} queries in one pass: {took:.1f} ms")
    return held


def main() -> bool:
    """Measure both sizes and say whether the lists find enough."""
    held = [measure(count) for count in map(int, sys.argv[1:] or COUNTS)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"peak memory: {peak:.2f} GiB")
    return verdict("sizes at which lists find too little", held.count(False), 0, "of them")


if __name__ == "__main__":
    sys.exit(not main())
