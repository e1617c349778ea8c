"""Typo-tolerant search over artist, title, version and label.

The index lives in memory and serves both databases alike: the words of all
recordings, each with the recordings that hold it. A word of the query is looked
up exactly, as the beginning of a word, and with slips of the finger. Recordings
that hold every word come first, then those that hold more of the query more
exactly, then those that more sets play, then by name.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import OSA
from rapidfuzz.process import cdist

from data.identity import search_text
from data.records import Track


@dataclass(frozen=True, slots=True)
class Hit:
    """A recording that search found.

    `score` runs from 0 to 1; 1 means that every word was found as it was typed.
    """

    recording_id: int
    track: Track
    sets: int
    score: float


# What a word counts for when it stands in the artist, title, version or label.
_FIELDS = (1.0, 1.0, 0.97, 0.94)
_BEGINNING = 0.95
_JOINED = 0.95
_SLIPPED = 0.9
_OTHER_INITIAL = 0.9
_LEAST_FOUND = 0.5
_LEAST_OF_BEST = 0.75
"""Share of the best match's quality below which a match only distracts."""

_COMMON = 10.0
"""Recordings added to a word's count, so that a rare word does not outweigh all others."""

_CONNECTORS = frozenset({"and", "feat", "ft", "featuring", "vs", "versus", "pres", "presents"})
_SHORT_FORMS = {"bros": "brothers", "rmx": "remix"}
_LAST_LETTER = "\U0010ffff"
_SETS_BITS, _RANK_BITS = 20, 27


class SearchIndex:
    """Words of all recordings, ready to be searched.

    Parameters
    ----------
    ids, sets : sequence of int, length R
        Recordings and how many sets play them.
    texts : sequence of str, length R
        Artist, title, version and label, a line each, as `data.identity.search_text` leaves them.
    """

    def __init__(self, ids: Sequence[int], sets: Sequence[int], texts: Sequence[str]) -> None:
        self.ids = np.array(ids, dtype=np.int64)
        self.sets = np.array(sets, dtype=np.int64)
        rank = np.empty(len(texts), dtype=np.int64)
        rank[sorted(range(len(texts)), key=texts.__getitem__)] = np.arange(len(texts))
        popular = np.minimum(self.sets, (1 << _SETS_BITS) - 1)
        self._tie = (popular << _RANK_BITS) + ((1 << _RANK_BITS) - 1 - rank)
        self._words, self._starts, self._rows, self._weights = _postings(texts)
        self._lengths = _by_length(self._words)
        self._beginnings: dict[int, tuple[list[str], NDArray[np.int64]]] = {}

    def search(self, text: str, limit: int) -> list[tuple[int, float]]:
        """Return the places of the best recordings with their scores, best first."""
        words = search_text(text).split()
        words = [word for word in words if word not in _CONNECTORS] or words
        if not words or not len(self.ids):
            return []
        held = [self._held(word, typing=word is words[-1]) for word in words]
        self._hold_joined(words, held)
        weights = [self._weight(word, quality) for word, quality in zip(words, held, strict=True)]
        found = sum(w * (q > 0) for w, q in zip(weights, held, strict=True)) / sum(weights)
        quality = sum(w * q for w, q in zip(weights, held, strict=True)) / sum(weights)
        return self._best(np.asarray(found), np.asarray(quality), limit)

    def _best(
        self, found: NDArray[np.float64], quality: NDArray[np.float64], limit: int
    ) -> list[tuple[int, float]]:
        rows = np.flatnonzero(found >= _LEAST_FOUND)
        # In whole percents, so that matches which differ by a hair are left to popularity.
        rows = rows[quality[rows] >= _LEAST_OF_BEST * quality[rows].max(initial=0)]
        percent = np.round(quality[rows] * 100).astype(np.int64)
        order = (np.round(found[rows], 3) == 1).astype(np.int64) << 7
        order = ((order + percent) << (_SETS_BITS + _RANK_BITS)) + self._tie[rows]
        if limit < len(rows):
            keep = np.argpartition(-order, limit)[:limit]
            rows, order = rows[keep], order[keep]
        return [(int(row), float(quality[row])) for row in rows[np.argsort(-order)]]

    def _held(self, word: str, *, typing: bool) -> NDArray[np.float32]:
        """Return how well each recording holds `word`: 1 as typed, 0 not at all."""
        quality = np.zeros(len(self.ids), dtype=np.float32)
        for places, worth in self._slipped(word):
            for place, value in zip(places.tolist(), worth.tolist(), strict=True):
                self._raise(quality, place, place + 1, value)
        if typing and len(word) >= 5:
            self._raise_slipped_beginnings(quality, word)
        low = bisect_left(self._words, word)
        if typing or len(word) > 1:
            high = bisect_left(self._words, word + _LAST_LETTER)
            self._raise(quality, low, high, _BEGINNING)
        if low < len(self._words) and self._words[low] == word:
            self._raise(quality, low, low + 1, 1.0)
        else:
            self._hold_split(quality, word)
        if word in _SHORT_FORMS:
            rows = self._rows_of(_SHORT_FORMS[word])
            quality[rows] = np.maximum(quality[rows], _BEGINNING)
        return quality

    def _raise(self, quality: NDArray[np.float32], low: int, high: int, value: float) -> None:
        """Raise the quality of the recordings that hold one of the words `low` to `high`."""
        part = slice(self._starts[low], self._starts[high])
        np.maximum.at(quality, self._rows[part], self._weights[part] * np.float32(value))

    def _slipped(self, word: str) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float64]]]:
        """Yield words within the slips that a word of this length may have, and their worth."""
        slips = allowed_slips(len(word))
        for length in range(len(word) - slips, len(word) + slips + 1) if slips else ():
            if length in self._lengths:
                words, places = self._lengths[length]
                near, worth = _near(word, words, slips)
                yield places[near], worth

    def _raise_slipped_beginnings(self, quality: NDArray[np.float32], word: str) -> None:
        slips = allowed_slips(len(word) - 1)
        for length in (len(word), len(word) + 1):
            words, starts = self._beginnings_of(length)
            near, worth = _near(word, words, slips)
            for place, value in zip(near.tolist(), (worth * _BEGINNING).tolist(), strict=True):
                self._raise(quality, int(starts[place]), int(starts[place + 1]), value)

    def _beginnings_of(self, length: int) -> tuple[list[str], NDArray[np.int64]]:
        """Return the distinct beginnings of the words, and where each starts among them."""
        if length not in self._beginnings:
            cut = [word[:length] for word in self._words]
            starts = [i for i, c in enumerate(cut) if not i or c != cut[i - 1]]
            self._beginnings[length] = (
                [cut[i] for i in starts],
                np.array([*starts, len(cut)], dtype=np.int64),
            )
        return self._beginnings[length]

    def _hold_split(self, quality: NDArray[np.float32], word: str) -> None:
        """Let "daftpunk" find "daft punk"."""
        for cut in range(3, len(word) - 2):
            first, second = self._rows_of(word[:cut]), self._rows_of(word[cut:])
            if len(first) and len(second):
                both = np.intersect1d(first, second)
                quality[both] = np.maximum(quality[both], _JOINED)

    def _hold_joined(self, words: Sequence[str], held: Sequence[NDArray[np.float32]]) -> None:
        """Let "under world" find "underworld"."""
        for place, (first, second) in enumerate(pairwise(words)):
            rows = self._rows_of(first + second)
            for quality in held[place : place + 2]:
                quality[rows] = np.maximum(quality[rows], _JOINED)

    def _rows_of(self, word: str) -> NDArray[np.int64]:
        place = bisect_left(self._words, word)
        if place == len(self._words) or self._words[place] != word:
            return self._rows[:0]
        return self._rows[self._starts[place] : self._starts[place + 1]]

    def _weight(self, word: str, quality: NDArray[np.float32]) -> float:
        """Return how much a word says: the rarer, the more (inverse document frequency)."""
        exact = len(self._rows_of(word))
        holding = exact or int(np.count_nonzero(quality))
        return math.log1p(len(self.ids) / (holding + _COMMON))


def allowed_slips(length: int) -> int:
    """Return how many letters may be wrong in a word of `length` letters.

    Swapped neighbours count as one slip.
    """
    return 0 if length < 3 else 1 if length < 6 else 2 if length < 10 else 3


def _near(word: str, words: list[str], slips: int) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    distance = cdist([word], words, scorer=OSA.distance, score_cutoff=slips, dtype=np.uint8)[0]
    near = np.flatnonzero(distance <= slips)
    same_initial = np.array([words[i][0] == word[0] for i in near.tolist()], dtype=bool)
    worth = _SLIPPED * (1 - distance[near] / len(word))
    return near, worth * np.where(same_initial, 1.0, _OTHER_INITIAL)


def _postings(
    texts: Sequence[str],
) -> tuple[list[str], list[int], NDArray[np.int64], NDArray[np.float32]]:
    """Return the sorted words; those of word i hold ``rows[starts[i]:starts[i + 1]]``."""
    held: dict[str, list[int]] = {}
    for row, text in enumerate(texts):
        for field, line in enumerate(text.split("\n")):
            for word in line.split():
                held.setdefault(word, []).append(row * len(_FIELDS) + field)
    words = sorted(held)
    starts = [0]
    for word in words:
        starts.append(starts[-1] + len(held[word]))
    flat = np.fromiter((p for word in words for p in held[word]), np.int64, count=starts[-1])
    rows, fields = np.divmod(flat, len(_FIELDS))
    return words, starts, rows, np.array(_FIELDS, dtype=np.float32)[fields]


def _by_length(words: Sequence[str]) -> dict[int, tuple[list[str], NDArray[np.int64]]]:
    places: dict[int, list[int]] = {}
    for place, word in enumerate(words):
        places.setdefault(len(word), []).append(place)
    return {
        length: ([words[i] for i in listed], np.array(listed, dtype=np.int64))
        for length, listed in places.items()
    }
