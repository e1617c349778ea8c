"""Suggestions as a DJ types, on all real tracklists (more than 40,000 tracks)."""

from __future__ import annotations

import sys
import time

from corpus import real_catalogue, verdict

TITLES = 100
MOST_MS = 30.0


def main() -> bool:
    """Type artists and titles letter by letter, one letter of each left out."""
    import numpy as np

    with real_catalogue() as (catalogue, _):
        snapshot = catalogue.snapshot()
        rng = np.random.default_rng(0)
        started = time.perf_counter()
        catalogue.search("warm")
        print(f"first search, builds the index: {time.perf_counter() - started:.2f} s")
        times = []
        for row in rng.choice(len(snapshot.titles), TITLES, replace=False):
            text = f"{snapshot.artists[row]} {snapshot.titles[row]}"[:30]
            slip = int(rng.integers(1, len(text)))
            text = text[:slip] + text[slip + 1 :]
            for typed in range(2, len(text) + 1):
                started = time.perf_counter()
                catalogue.search(text[:typed], limit=7)
                times.append(1000 * (time.perf_counter() - started))
        p50, p95, p99 = np.percentile(times, [50, 95, 99])
        keystrokes = f"{len(snapshot.titles)} tracks, {len(times)} keystrokes"
        print(f"{keystrokes}: p50 {p50:.1f}, p99 {p99:.1f} ms")
        return verdict("suggestions, p95", float(p95), MOST_MS, "ms")


if __name__ == "__main__":
    sys.exit(not main())
