"""A full query at 10,000, 100,000 and a million tracks: resolve, gather, fuse, filter, explain.

Warm seeds (sets hold them) and cold ones (only credits and sound are known), one to five of
them, by text and by id, under both lenses, without filters, with the defaults and with strict
ones. Each size is made and measured in a process of its own, so that its memory is its own.
``bench_scale.py --home FOLDER 1000000`` keeps the catalogue for the next time.
"""

from __future__ import annotations

import argparse
import itertools
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from typing import Any

from corpus import verdict
from synthetic import save_model, synthetic_catalogue

#: Milliseconds that 95 of 100 queries must stay below, by number of tracks.
MOST_MS = {10_000: 50.0, 100_000: 80.0, 1_000_000: 200.0}
MOST_GIB = 3.0
QUERIES = 240
K = 50


def prepare(home: Path, tracks: int) -> None:
    """Make the catalogue, its model and its file of vectors, unless they are there."""
    with synthetic_catalogue(home, tracks) as (catalogue, settings):
        if not settings.models_dir.exists():
            save_model(settings, catalogue)


def measure(home: Path, tracks: int) -> bool:
    """Time queries and say whether speed and memory hold."""
    import numpy as np

    from hybrid.recommender import Recommender
    from hybrid.steering import Filters, Steering

    with synthetic_catalogue(home, tracks) as (catalogue, settings):
        started = time.perf_counter()
        recommender = Recommender.open(catalogue, settings)
        print(f"open: {time.perf_counter() - started:.1f} s, {_memory():.2f} GiB")
        started = time.perf_counter()
        catalogue.search("warm")
        print(f"first search: {time.perf_counter() - started:.1f} s, {_memory():.2f} GiB")
        facts, ids = recommender.facts, recommender.snapshot.recording_ids
        seeds = {
            "warm": np.flatnonzero(facts.sets >= 2),
            "cold": np.flatnonzero((facts.sets == 0) & (facts.windows > 0)),
        }
        steerings = {
            "no filter": Filters(tempo_percent=None, key="off", max_minutes=None),
            "default": Filters(),
            "strict": Filters(key="strict", energy=(0.3, 0.9), years=(2000, 2020), library="mine"),
        }
        cases = list(itertools.product(seeds, steerings, ("goes_with", "next")))
        rng = np.random.default_rng(0)
        wall: defaultdict[str, list[float]] = defaultdict(list)
        busy: list[float] = []
        for number in range(QUERIES):
            temper, steering, lens = cases[number % len(cases)]
            rows = rng.choice(seeds[temper], 1 + number // len(cases) % 5, replace=False)
            asked: list[Any] = ids[rows].tolist()
            if number % 2:
                asked = [str(recommender.resolver.track_at(int(row))) for row in rows]
            started, worked = time.perf_counter(), time.thread_time()
            answer = recommender.recommend(
                asked, k=K, lens=lens, steering=Steering(steerings[steering])
            )
            took = 1000 * (time.perf_counter() - started)
            busy.append(1000 * (time.thread_time() - worked))
            assert answer.results, (temper, steering, lens, asked)
            for name in ("all", temper, steering, lens, f"{len(rows)} seeds"):
                wall[name].append(took)
        for name, times in wall.items():
            p50, p95 = np.percentile(times, [50, 95])
            print(f"{tracks} tracks, {name}: p50 {p50:.1f}, p95 {p95:.1f} ms")
        print(f"{tracks} tracks, processor time alone: p95 {np.percentile(busy, 95):.1f} ms")
        p95 = float(np.percentile(wall["all"], 95))
        held = verdict(f"{tracks} tracks, query p95", p95, MOST_MS.get(tracks, np.inf), "ms")
        return verdict(f"{tracks} tracks, peak memory", _memory(), MOST_GIB, "GiB") and held


def _memory() -> float:
    """Most memory held so far in GiB, what is mapped from files included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def main() -> bool:
    """Make and measure every size that was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("tracks", nargs="*", type=int, help="sizes; all three unless given")
    parser.add_argument("--home", type=Path, help="folder that keeps the catalogues")
    parser.add_argument("--step", choices=("prepare", "measure"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.step:
        step = {"prepare": prepare, "measure": measure}[given.step]
        return step(given.home, given.tracks[0]) is not False
    held = True
    with tempfile.TemporaryDirectory() as passing:
        for tracks in given.tracks or MOST_MS:
            home = (given.home or Path(passing)) / str(tracks)
            home.mkdir(parents=True, exist_ok=True)
            for step in ("prepare", "measure"):
                command = [sys.executable, __file__, "--step", step, "--home", str(home)]
                held &= subprocess.run([*command, str(tracks)]).returncode == 0
    return held


if __name__ == "__main__":
    sys.exit(not main())
