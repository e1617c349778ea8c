"""A catalogue with a planted truth: what belongs together is known."""

from __future__ import annotations

import random
from collections.abc import Iterator

import numpy as np
import pytest

from data.catalogue import Catalogue, Snapshot
from data.records import Tracklist
from hybrid.evaluate.scenarios import Heard
from hybrid.sound_space import SoundSpace
from tests.hybrid.small import heard

CIRCLES, SIZE = 12, 14
#: Every set plays some of these, so popularity looks good and knows nothing.
HITS = [f"Hit Maker {n} - Everywhere {n}" for n in range(4)]


def track(circle: int, number: int) -> str:
    return f"Artist {circle} of {number} - Planted {circle} number {number} [Label {circle % 5}]"


def planted(labels: bool = True) -> list[Tracklist]:
    """140 sets, each from one circle, no two of them near-duplicates.

    The last ones open with a new track by the artist of another one.
    """
    rng = random.Random(3)
    chosen: list[set[tuple[int, int]]] = []
    sets: list[Tracklist] = []
    while len(sets) < 140:
        circle = rng.randrange(CIRCLES)
        picks = {(circle, n) for n in rng.sample(range(SIZE), 6)}
        if any(len(picks & others) > 3 for others in chosen):
            continue
        chosen.append(picks)
        rows = [track(*pick) for pick in sorted(picks)] + rng.sample(HITS, 1)
        rng.shuffle(rows)
        if len(sets) >= 112:
            rows.insert(0, f"{rows[0].split(' - ')[0]} - Brand new {len(sets)}")
        if not labels:
            rows = [row.split(" [")[0] for row in rows]
        date = f"{2010 + len(sets) // 12}-{1 + len(sets) % 12:02d}"
        sets.append(heard(str(len(sets)), *rows, date=date))
    return sets


@pytest.fixture(scope="session")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Catalogue]:
    """The planted catalogue, with three sets told twice. Only for reading."""
    folder = tmp_path_factory.mktemp("planted")
    with Catalogue.open(f"sqlite:///{folder / 'catalogue.sqlite'}") as opened:
        sets = planted()
        opened.add_tracklists(sets)
        opened.add_tracklists(
            heard(f"copy {n}", *(p.raw for p in s.plays), date="2024-01-01", source="mirror")
            for n, s in enumerate(sets[:3])
        )
        yield opened


def circles(snapshot: Snapshot) -> np.ndarray:
    """Circle of each recording of the planted catalogue; -1 for the hits."""
    names = [str(name).split(" of ") for name in snapshot.artists]
    return np.array([int(n[0].split()[-1]) if len(n) == 2 else -1 for n in names])


def planted_sound(snapshot: Snapshot, *, silent: int = 0) -> Heard:
    """Tracks of one circle sound alike, hits like nothing else; every `silent`-th is not heard."""
    rng = np.random.default_rng(5)
    circle = circles(snapshot)
    vectors = rng.normal(size=(len(circle), 24)).astype(np.float32) * 0.3
    vectors[circle >= 0] += 2 * np.eye(24, dtype=np.float32)[circle[circle >= 0]]
    rows = np.arange(len(circle))
    if silent:
        rows = rows[rows % silent > 0]
    space = SoundSpace.of(rows, vectors[rows], len(circle), encoder="planted", version="1")
    return Heard.of(space, len(circle))
