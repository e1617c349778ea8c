"""Which tracks may be on a list: a mask for every filter that is set.

Tempo, key and length hide only what is known to be wrong: most tracks of a catalogue were never
heard, and a list that is empty for want of analysis helps nobody. Whoever asks for a label, a
genre, years or an energy gets only what is known to have it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from data.harmony import key_grades
from data.identity import label_key, search_text
from data.records import Lens, Seed
from hybrid.facts import Facts
from hybrid.steering import Filters, Range

Mask = NDArray[np.bool_]

#: Keys that grade below this do not go together: two steps, a semitone, a clash.
COMPATIBLE = 0.5
#: Tempos are kept as float32; this is more than its rounding and less than anybody hears.
_ROUNDING = 1e-6


@dataclass(frozen=True, eq=False)
class AskedFacts:
    """What is known of the m seeds, in the order they were asked.

    Parameters
    ----------
    rows : ndarray of intp, shape (n,)
        Rows of the seeds that the catalogue holds.
    bpm : ndarray of float64, shape (m,)
        NaN where unknown.
    key : ndarray of int8, shape (m,)
        Traktor's value; -1 where unknown.
    key_confidence : ndarray of float32, shape (m,)
        0 to 1.
    lens : {"goes_with", "next"}
        Under ``"next"`` only the last seed is mixed with.
    """

    rows: NDArray[np.intp]
    bpm: NDArray[np.float64]
    key: NDArray[np.int8]
    key_confidence: NDArray[np.float32]
    lens: Lens = "goes_with"

    @classmethod
    def of(cls, seeds: Sequence[Seed], facts: Facts, lens: Lens = "goes_with") -> AskedFacts:
        """Gather what the catalogue knows of the seeds, else what was heard in their file."""
        rows = [_row(seed, facts) for seed in seeds]
        known = [_tempo_and_key(seed, row, facts) for seed, row in zip(seeds, rows, strict=True)]
        return cls(
            np.array([row for row in rows if row >= 0], np.intp),
            np.array([bpm for bpm, _, _ in known], np.float64),
            np.array([key for _, key, _ in known], np.int8),
            np.array([confidence for _, _, confidence in known], np.float32),
            lens,
        )

    @property
    def mixed(self) -> slice:
        """Which of the m seeds a track has to mix with."""
        return slice(-1, None) if self.lens == "next" else slice(None)


def _row(seed: Seed, facts: Facts) -> int:
    if seed.recording_id is None:
        return -1
    row = int(np.searchsorted(facts.recording_ids, seed.recording_id))
    found = row < len(facts) and facts.recording_ids[row] == seed.recording_id
    return row if found else -1


def _tempo_and_key(seed: Seed, row: int, facts: Facts) -> tuple[float, int, float]:
    bpm, key, confidence = math.nan, -1, 0.0
    if row >= 0:
        bpm, key = float(facts.bpm[row]), int(facts.key[row])
        confidence = float(facts.key_confidence[row])
    heard = seed.analysis
    if heard is not None and math.isnan(bpm) and heard.bpm is not None:
        bpm = heard.bpm
    if heard is not None and key < 0 and heard.key is not None:
        key, confidence = heard.key.traktor(), heard.key_confidence
    return bpm, key, confidence


def checked(filters: Filters) -> Filters:
    """Return the filters as they are.

    Raises
    ------
    SegueError
        If a number makes no sense or a range holds nothing.
    """
    percent = filters.tempo_percent
    if percent is not None and not percent >= 0:
        raise SegueError(f"The tempo window must be 0 percent or more, not {percent:g}.")
    if filters.max_minutes is not None and not filters.max_minutes > 0:
        raise SegueError(
            f"The longest track must be more than 0 minutes long, not {filters.max_minutes:g}."
        )
    for name, (low, high) in {
        "energy": filters.energy,
        "years": filters.years,
        "number of sets": filters.sets,
    }.items():
        for end in (low, high):
            if end is not None and math.isnan(end):
                raise SegueError(f"The {name} must be between two numbers; leave out an open end.")
        if low is not None and high is not None and low > high:
            raise SegueError(
                f"The {name} from {low:g} to {high:g} holds nothing; give the lower number first."
            )
    for name, value, choices in (
        ("key", filters.key, ("off", "soft", "strict")),
        ("library", filters.library, ("all", "mine", "new")),
    ):
        if value not in choices:
            raise SegueError(f"The {name} filter must be one of {', '.join(choices)}, not {value}.")
    return filters


class FilterSet:
    """Makes the masks of a query; prepared once for the facts of all recordings.

    Parameters
    ----------
    facts : Facts
        Of R recordings, their ids ascending.
    """

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        numbers: dict[str, int] = {}
        codes = [numbers.setdefault(genre, len(numbers)) for genre in facts.genre]
        self._genre = np.array(codes, np.int32)
        self._genre_words = [frozenset(search_text(genre).split()) for genre in numbers]
        self._labels = {key: index for index, key in enumerate(facts.label_keys)}
        # Not equal to itself is NaN.
        self._no_tempo = facts.bpm != facts.bpm

    def masks(
        self,
        filters: Filters,
        asked: AskedFacts,
        *,
        disliked: Mask | None = None,
        clashing: Mask | None = None,
    ) -> dict[str, Mask]:
        """Say which recordings every filter that is set keeps.

        Parameters
        ----------
        filters : Filters
        asked : AskedFacts
            The seeds.
        disliked, clashing : ndarray of bool, shape (R,), optional
            What the DJ said: of a track, and of a track with a seed.

        Returns
        -------
        dict of str to ndarray of bool, shape (R,)
            True where the recording may come, by the filter's name, in the order in which they
            are counted.

        Raises
        ------
        SegueError
            If a filter makes no sense.
        """
        checked(filters)
        facts = self._facts
        longest = None if filters.max_minutes is None else filters.max_minutes * 60
        masks = {
            "without": self._without(filters.without),
            "disliked": None if filters.disliked or disliked is None else ~disliked,
            "clashes": None if filters.disliked or clashing is None else ~clashing,
            "length": None if longest is None else ~(facts.duration_s > longest),
            "tempo": self._tempo(filters, asked),
            "key": self._key(filters, asked),
            "energy": _within(facts.energy, filters.energy),
            "year": _within(facts.year, filters.years),
            "popularity": _within(facts.sets, filters.sets),
            "label": self._label(filters.labels),
            "genre": self._genres(filters.genres),
            "library": self._library(filters.library),
        }
        return {name: mask for name, mask in masks.items() if mask is not None}

    def _without(self, recordings: frozenset[int]) -> Mask | None:
        ids = self._facts.recording_ids
        if not recordings or not len(ids):
            return None
        asked = np.fromiter(recordings, np.int64, len(recordings))
        rows = np.minimum(np.searchsorted(ids, asked), len(ids) - 1)
        keep = np.ones(len(ids), bool)
        keep[rows[ids[rows] == asked]] = False
        return keep

    def _tempo(self, filters: Filters, asked: AskedFacts) -> Mask | None:
        tempos = asked.bpm[asked.mixed]
        tempos = tempos[np.isfinite(tempos)]
        if filters.tempo_percent is None or not len(tempos):
            return None
        keep = self._no_tempo.copy()
        for low, high in _tempo_windows(tempos, filters.tempo_percent, filters.half_double):
            keep |= (self._facts.bpm >= low) & (self._facts.bpm <= high)
        return keep

    def _key(self, filters: Filters, asked: AskedFacts) -> Mask | None:
        keys = asked.key[asked.mixed]
        keys = keys[keys >= 0]
        if filters.key != "strict" or not len(keys):
            return None
        # -1, the unknown key, is the last place.
        goes = np.append(key_grades()[keys].max(axis=0) >= COMPATIBLE, True)
        return goes[self._facts.key]

    def _label(self, labels: tuple[str, ...]) -> Mask | None:
        asked = {key for label in labels if (key := label_key(label))}
        if not asked:
            return None
        # -1, no label, is the last place.
        goes = np.zeros(len(self._facts.label_keys) + 1, bool)
        goes[[self._labels[key] for key in asked & self._labels.keys()]] = True
        return goes[self._facts.label]

    def _genres(self, genres: tuple[str, ...]) -> Mask | None:
        asked = [words for genre in genres if (words := frozenset(search_text(genre).split()))]
        if not asked:
            return None
        goes = [any(a <= known for a in asked) for known in self._genre_words]
        return np.array(goes, bool)[self._genre]

    def _library(self, library: str) -> Mask | None:
        owned = self._facts.owned
        return {"all": None, "mine": owned, "new": ~owned}[library]


def _within(values: NDArray[Any], bounds: Range) -> Mask | None:
    """True where a value is known and within the bounds, None where there are none."""
    low, high = bounds
    inside: Mask | None = None
    # A comparison with NaN is False: the unknown is within nothing.
    if low is not None:
        inside = values >= low
    if high is not None:
        below = values <= high
        inside = below if inside is None else inside & below
    return inside


def _tempo_windows(
    tempos: NDArray[np.float64], percent: float, half_double: bool
) -> list[tuple[float, float]]:
    """Ranges of tempos that run with one of the given ones, merged where they overlap.

    Where half and double time count, a track runs at the nearest of the three, as
    `data.harmony.tempo_relation` says: a window ends half way (by ratio) to the next.
    """
    most = percent / 100 + _ROUNDING
    windows = []
    for factor, least, top in _octaves(half_double):
        # The track at tempo b is pitched by tempo * factor / b - 1.
        low = np.maximum(tempos * factor / (1 + most), tempos * least)
        high = tempos * factor / (1 - most) if most < 1 else np.full(len(tempos), np.inf)
        windows += list(zip(low.tolist(), np.minimum(high, tempos * top).tolist(), strict=True))
    merged: list[tuple[float, float]] = []
    for low, high in sorted(windows):
        if merged and low <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return merged


def _octaves(half_double: bool) -> tuple[tuple[float, float, float], ...]:
    """Half, same and double time: its factor, and between which ratios it is the nearest."""
    if not half_double:
        return ((1.0, 0.0, math.inf),)
    below, above = math.sqrt(0.5), math.sqrt(2)
    return ((0.5, 0.0, below), (1.0, below, above), (2.0, above, math.inf))
