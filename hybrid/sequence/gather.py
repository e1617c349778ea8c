"""Tracks that may lie on the way from one track to another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hybrid.facts import Facts
from hybrid.sound_space import SoundSpace
from models.collaborative import PlayedNext

Rows = NDArray[np.intp]
Numbers = NDArray[np.float64]

#: Candidates from one source at one point of the way, and for all points of a source together.
_AT_POINT, _PER_SOURCE = 40, 160
#: Points of the way at which is looked around; a longer way is looked at in as many places.
_POINTS = 8
#: Steps of the walk over sets: a track, a set that plays it, a track of that set is one.
_HOPS = 3
#: How much cosine a pitch change of `_WIDE_PERCENT` is worth among what sounds alike.
_TEMPO_WORTH, _WIDE_PERCENT = 0.2, 10.0


@dataclass(frozen=True, eq=False)
class Ground:
    """What is known of all R recordings that a path may lead over.

    Parameters
    ----------
    recording_sets : csr_matrix of float32, shape (R, S)
        1 where a set played the recording.
    set_recordings : csr_matrix of float32, shape (S, R)
        The same, transposed.
    came_before : csr_matrix of float32, shape (R, R)
        `PlayedNext.counts` transposed.
    """

    facts: Facts
    played_next: PlayedNext
    recording_sets: sparse.csr_matrix
    set_recordings: sparse.csr_matrix
    came_before: sparse.csr_matrix
    sound: SoundSpace | None = None

    @classmethod
    def of(
        cls,
        facts: Facts,
        plays: sparse.csr_matrix,
        played_next: PlayedNext,
        sound: SoundSpace | None = None,
    ) -> Ground:
        """Prepare what every path needs; `plays` has shape (S, R)."""
        return cls(facts, played_next, plays.T.tocsr(), plays, played_next.counts.T.tocsr(), sound)


def way_points(start: Numbers, end: Numbers, points: Numbers) -> Numbers:
    """Unit vectors on the great circle between two of them, shape (len(points), d).

    Parameters
    ----------
    start, end : ndarray, shape (d,)
    points : ndarray
        0 is the start, 1 the end.

    Examples
    --------
    >>> way_points(np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.5])).round(3).tolist()
    [[0.707, 0.707]]
    """
    angle = np.arccos(np.clip(start @ end, -1.0, 1.0))
    if np.sin(angle) < 1e-6:
        line = np.outer(1 - points, start) + np.outer(points, end)
        norm = np.linalg.norm(line, axis=1, keepdims=True)
        return line / np.where(norm > 0, norm, 1.0)
    turn = np.outer(np.sin((1 - points) * angle), start) + np.outer(np.sin(points * angle), end)
    return turn / np.sin(angle)


def nearness(ground: Ground, row: int) -> Numbers:
    """How near every recording is to one, by sets; 0 where no chain of sets ties them.

    A walk that starts at the recording, steps to a set that plays it and on to a track of that
    set, a few times over: the chance to be at each recording, later steps counting half.

    Returns
    -------
    ndarray of float64, shape (R,)
    """
    played = np.maximum(ground.facts.sets, 1).astype(np.float64)
    size = np.maximum(np.diff(ground.set_recordings.indptr), 1)
    here = np.zeros(len(ground.facts))
    here[row] = 1.0
    near = np.zeros(len(here))
    for hop in range(_HOPS):
        here = ground.recording_sets @ ((ground.set_recordings @ (here / played)) / size)
        near += 0.5**hop * here
    return near


def candidates(ground: Ground, start: int, end: int, steps: int, barred: Rows) -> Rows:
    """Find the rows that a path of `steps` transitions may lead over, start and end left out.

    Of several versions of one work the one played most is taken, and neither the two ends' nor
    those of `barred`.

    Returns
    -------
    ndarray of intp
        Ascending.
    """
    points = np.linspace(0, 1, min(steps - 1, _POINTS) + 2)[1:-1]
    sources = [*_by_sound(ground, start, end, points), *_by_sets(ground, start, end)]
    sources += _by_numbers(ground, start, end, points)
    found = np.unique(np.concatenate([np.empty(0, np.intp), *sources]))
    facts = ground.facts
    found = found[~np.isin(facts.work[found], facts.work[[start, end]]) & ~np.isin(found, barred)]
    most_played = found[np.lexsort((found, -facts.sets[found]))]
    return np.sort(most_played[np.unique(facts.work[most_played], return_index=True)[1]])


def _by_sound(ground: Ground, start: int, end: int, points: Numbers) -> Iterator[Rows]:
    """What sounds like the points of the way, and like the one end that was heard."""
    if ground.sound is None or not len(points):
        return
    ends = [ground.sound.vector(row) for row in (start, end)]
    heard = [vector.astype(np.float64) for vector in ends if vector is not None]
    if not heard:
        return
    wanted = way_points(heard[0], heard[1], points) if len(heard) == 2 else np.stack(heard)
    scores = ground.sound.scores(wanted.astype(np.float32)).astype(np.float64)
    if len(heard) == 2:
        bpm = ground.facts.bpm[ground.sound.rows].astype(np.float64)
        for place, tempo in enumerate(_between_tempos(ground.facts, start, end, points)):
            scores[:, place] -= _TEMPO_WORTH * np.nan_to_num(_tempo_away(bpm, tempo))
    each = max(_AT_POINT, _PER_SOURCE // len(wanted))
    for column in scores.T:
        yield ground.sound.rows[_highest(column, each)]


def _by_sets(ground: Ground, start: int, end: int) -> Iterator[Rows]:
    """What was played next to the ends, with them, and between them in chains of sets."""
    counts = ground.played_next.counts
    for chain, row in ((counts, start), (ground.came_before, end)):
        once = np.asarray(chain[row].todense(), np.float64).ravel()
        yield _highest_positive(once, _AT_POINT)
        yield _highest_positive(np.asarray(once @ chain).ravel(), _AT_POINT)
    near_start, near_end = nearness(ground, start), nearness(ground, end)
    yield _highest_positive(near_start * near_end, _PER_SOURCE)
    yield _highest_positive(near_start, _AT_POINT)
    yield _highest_positive(near_end, _AT_POINT)


def _by_numbers(ground: Ground, start: int, end: int, points: Numbers) -> Iterator[Rows]:
    """What has the tempo and the energy of the points of the way."""
    facts = ground.facts
    if np.isnan(facts.bpm[[start, end]]).any():
        return
    bpm, energy = facts.bpm.astype(np.float64), facts.energy.astype(np.float64)
    low, high = float(energy[start]), float(energy[end])
    for point, tempo in zip(points, _between_tempos(facts, start, end, points), strict=True):
        away = _tempo_away(bpm, tempo)
        if np.isfinite(low + high):
            away = away + np.nan_to_num(np.abs(energy - (low + point * (high - low))))
        yield _highest(-np.nan_to_num(away, nan=np.inf), _PER_SOURCE // len(points) // 2)


def _between_tempos(facts: Facts, start: int, end: int, points: Numbers) -> Numbers:
    """Tempos at the points of the way, each the same ratio from the next; NaN if unknown."""
    a, b = float(facts.bpm[start]), float(facts.bpm[end])
    return np.asarray(a * (b / a) ** points)


def _tempo_away(bpm: Numbers, tempo: float) -> Numbers:
    """Pitch change from a tempo, half and double time counted, 1 where it is wide; NaN stays."""
    octaves = np.log2(bpm / tempo)
    octaves = octaves - np.clip(np.round(octaves), -1, 1)
    return np.minimum(100 * np.abs(2.0**octaves - 1) / _WIDE_PERCENT, 1.0)


def _highest_positive(values: Numbers, count: int) -> Rows:
    rows = _highest(values, count)
    return rows[values[rows] > 0]


def _highest(values: Numbers, count: int) -> Rows:
    """Rows of the highest values, ties by row; those of minus infinity are none."""
    count = min(count, len(values))
    if not count:
        return np.empty(0, np.intp)
    least = np.partition(values, len(values) - count)[len(values) - count]
    rows = np.flatnonzero((values >= least) & (values > -np.inf))
    return rows[np.argsort(-values[rows], kind="stable")][:count]
