"""Ordering 100 and 300 tracks, and paths over all real tracklists with invented sound."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np
from corpus import real_catalogue, verdict, write_between

from data.catalogue import Catalogue
from hybrid.corpus import interactions_of, played_next_of
from hybrid.facts import Facts
from hybrid.resolve import Resolver
from hybrid.sequence import CURVES, Sequencer, Wishes
from hybrid.sequence.arrange import solve
from hybrid.sequence.beam import beam
from hybrid.sequence.curves import position_costs
from hybrid.sequence.deck import Deck
from hybrid.sequence.exact import exact
from hybrid.sequence.improve import improved
from hybrid.sequence.problem import Problem
from hybrid.sequence.transitions import transitions
from hybrid.sound_space import SoundSpace

MOST_ORDER_S = 2.0
MOST_PATH_MS = 500.0
PATHS, SMALL, ROUNDS = 100, 100, 5
#: Of invented sound: as many scenes, and numbers in a vector.
SCENES, DIMENSION = 40, 128
PAGE = Path(__file__).resolve().parent.parent / "docs" / "sets.md"


def invented_sound(facts: Facts, rng: np.random.Generator) -> SoundSpace:
    """Give every recording tempo, key, energy, length and a vector, alike within a scene."""
    n = len(facts)
    scene = rng.integers(0, SCENES, n)
    facts.bpm[:] = rng.uniform(85, 175, SCENES)[scene] * rng.normal(1, 0.02, n)
    facts.key[:] = rng.integers(0, 24, n)
    facts.energy[:] = np.clip(rng.random(SCENES)[scene] + rng.normal(0, 0.15, n), 0, 1)
    facts.duration_s[:] = rng.uniform(200, 480, n)
    centres = rng.normal(size=(SCENES, DIMENSION))[scene]
    vectors = (centres + rng.normal(size=(n, DIMENSION))).astype(np.float32)
    return SoundSpace.of(np.arange(n), vectors, n)


def opened(catalogue: Catalogue) -> tuple[Sequencer, Facts, Deck]:
    """A sequencer over all there is, and a deck of many of its tracks."""
    snapshot = catalogue.snapshot()
    interactions = interactions_of(snapshot)
    keep = interactions.distinct_sets()
    distinct = interactions.keep_sets(keep)
    rng = np.random.default_rng(0)
    facts = Facts.of(catalogue, snapshot, distinct)
    sound = invented_sound(facts, rng)
    counts = played_next_of(snapshot, keep)
    sequencer = Sequencer(
        catalogue,
        facts,
        distinct.plays,
        counts,
        Resolver(catalogue, snapshot, distinct),
        sound=sound,
    )
    rows = np.sort(rng.choice(np.flatnonzero(facts.sets >= 2), 500, replace=False))
    return sequencer, facts, Deck.of(rows, facts, counts, distinct.plays.T.tocsr(), sound)


def orders(sequencer: Sequencer, ids: np.ndarray, n: int) -> list[float]:
    """Seconds that it takes to order n tracks, for every curve a few times."""
    rng = np.random.default_rng(n)
    times = []
    for number in range(ROUNDS * len(CURVES) if n <= 100 else len(CURVES)):
        chosen = rng.choice(ids, n, replace=False).tolist()
        started = time.perf_counter()
        found = sequencer.order(chosen, Wishes(curve=CURVES[number % len(CURVES)]))
        times.append(time.perf_counter() - started)
        assert sorted(found.recording_ids) == sorted(chosen)
    return times


def paths(sequencer: Sequencer, ids: np.ndarray) -> list[float]:
    """Milliseconds that paths of 2 to 20 steps take."""
    rng = np.random.default_rng(1)
    times = []
    for number in range(PATHS):
        start, end = rng.choice(ids, 2, replace=False).tolist()
        started = time.perf_counter()
        found = sequencer.path(start, end, steps=2 + number % 19)
        times.append(1000 * (time.perf_counter() - started))
        assert len(set(found.recording_ids)) == 3 + number % 19
    return times


def gaps(deck: Deck, n: int = 12) -> list[float]:
    """How much more than the best order the beam and its improvement cost, as parts."""
    rng = np.random.default_rng(2)
    cost = transitions(deck).cost
    found = []
    for number in range(SMALL):
        chosen = rng.choice(len(deck), n, replace=False)
        position = position_costs(deck.energy[chosen], CURVES[number % len(CURVES)], n)
        problem = Problem(cost[np.ix_(chosen, chosen)], position, np.full(n, -1), np.zeros(n))
        best = problem.total(exact(problem))
        found.append(problem.total(improved(problem, beam(problem))) / best - 1)
    return found


def gained(deck: Deck, n: int = 100) -> float:
    """Cost of transitions of the order found, as a part of that of a random order."""
    rng = np.random.default_rng(3)
    cost = transitions(deck).cost
    shares = []
    for _ in range(ROUNDS):
        chosen = rng.choice(len(deck), n, replace=False)
        problem = Problem.free(cost[np.ix_(chosen, chosen)])
        shares.append(problem.total(solve(problem)) / problem.total(rng.permutation(n)))
    return float(np.mean(shares))


def main() -> bool:
    """Measure, write the figures into docs/sets.md and compare them with what must hold."""
    with real_catalogue() as (catalogue, _):
        sequencer, facts, deck = opened(catalogue)
        hundred, many = (orders(sequencer, facts.recording_ids, n) for n in (100, 300))
        ways = paths(sequencer, facts.recording_ids)
        away = gaps(deck)
        part = gained(deck)
    p95 = float(np.percentile(ways, 95))
    text = "\n".join(
        [
            "| what | measured |",
            "|---|--:|",
            f"| order of 100 tracks, median and slowest | {np.median(hundred):.2f} s, "
            f"{max(hundred):.2f} s |",
            f"| order of 300 tracks, median and slowest | {np.median(many):.2f} s, "
            f"{max(many):.2f} s |",
            f"| path of 2 to 20 steps among {len(facts):,} tracks, median and p95 | "
            f"{np.median(ways):.0f} ms, {p95:.0f} ms |",
            f"| beam and improvement above the exact best, 12 tracks, mean and worst of {SMALL} | "
            f"{np.mean(away):.2%}, {max(away):.2%} |",
            f"| found exactly the best | {np.mean(np.array(away) < 1e-9):.0%} |",
            f"| cost of transitions, 100 tracks, against a random order | {part:.0%} |",
        ]
    )
    print(text)
    write_between(PAGE, "orders", text)
    held = verdict("order of 100 tracks, slowest", max(hundred), MOST_ORDER_S, "s")
    return verdict("path, p95", p95, MOST_PATH_MS, "ms") and held


if __name__ == "__main__":
    sys.exit(not main())
