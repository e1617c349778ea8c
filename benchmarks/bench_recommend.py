"""A query with evidence, in-process, on all real tracklists (more than 40,000 tracks)."""

from __future__ import annotations

import sys
import time

from corpus import real_catalogue, verdict

QUERIES = 500
MOST_MS = 30.0


def main() -> bool:
    """Time queries of one to five seeds, half of them much played, half of them rare."""
    import numpy as np

    from hybrid.recommender import Recommender
    from hybrid.training import train

    with real_catalogue() as (catalogue, settings):
        train(catalogue, settings)
        started = time.perf_counter()
        recommender = Recommender.open(catalogue, settings)
        print(f"open: {time.perf_counter() - started:.2f} s")
        snapshot = catalogue.snapshot()
        plays = np.bincount(snapshot.play_recording)
        played = np.flatnonzero(plays >= 3)
        rng = np.random.default_rng(0)
        times = []
        for number in range(QUERIES):
            pool = played if number % 2 else np.arange(len(plays))
            chosen = rng.choice(pool, size=1 + number % 5, replace=False)
            seeds = snapshot.recording_ids[chosen].tolist()
            started = time.perf_counter()
            answer = recommender.recommend(seeds, k=50)
            times.append(1000 * (time.perf_counter() - started))
            assert len(answer.results) == 50
        p50, p95, p99 = np.percentile(times, [50, 95, 99])
        print(f"{len(plays)} tracks, {QUERIES} queries: p50 {p50:.1f}, p99 {p99:.1f} ms")
        return verdict("recommend with evidence, p95", float(p95), MOST_MS, "ms")


if __name__ == "__main__":
    sys.exit(not main())
