"""One score from several signals that real sets give.

Each signal is brought to a scale that does not depend on the query, then weighted and added,
so a recommendation's score is the sum of parts that can be shown.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hybrid.corpus import last_played
from models.collaborative import Interactions, JointALS, PlayedNext, Query

Scores = dict[str, NDArray[np.float32]]

#: Years after which a track that is no longer played counts for a third.
FADE_YEARS = 3.0


@dataclass(frozen=True)
class Weights:
    """How much each signal counts; 0 switches it off.

    The values that ship are learned, see `hybrid.tuned`.

    Parameters
    ----------
    sets : float
        ALS, the recording's own factors: played in the same kind of sets.
    artists, labels : float
        ALS, the factors of its artists and its label.
    same_artist : float
        It shares an artist or remixer with a seed; rare artists count more.
    together : float
        Sets that hold it and a seed, beyond chance: really played together.
    next : float
        How often it was played straight after a seed.
    popularity : float
        How many sets hold it.
    current : float
        How recently it was last played.
    """

    sets: float = 1.0
    artists: float = 1.0
    labels: float = 1.0
    same_artist: float = 1.0
    together: float = 1.0
    next: float = 1.0
    popularity: float = 1.0
    current: float = 1.0

    def as_dict(self) -> dict[str, float]:
        """Weights by name of the signal."""
        return asdict(self)

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """Names of the signals, in order."""
        return tuple(field.name for field in fields(cls))


class Fusion:
    """Computes the signals of every recording for a query and adds them up.

    Parameters
    ----------
    interactions : Interactions
        Sets whose near-duplicates have been dropped.
    years : ndarray of float64, shape (S,)
        Date of each set in years; NaN where unknown.
    als : JointALS
        Fitted, or restored from an artefact.
    played_next : PlayedNext
        Fitted on the same sets.
    """

    def __init__(
        self,
        interactions: Interactions,
        years: NDArray[np.float64],
        als: JointALS,
        played_next: PlayedNext,
        weights: Weights,
    ) -> None:
        self._interactions = interactions
        self._als = als
        self._played_next = played_next
        self.weights = weights
        self._sets_of = sparse.csr_matrix(interactions.plays.T)
        sets_per_artist = np.asarray(interactions.set_artists.sum(axis=0)).ravel()
        self._rarity = np.log1p(interactions.n_sets / (sets_per_artist + 1)).astype(np.float32)
        last = last_played(interactions, years)
        newest = np.nanmax(years) if np.isfinite(years).any() else 0.0
        # exp(-inf) is 0: a track never played, or never dated, is not current.
        self._current = np.exp((last - newest) / FADE_YEARS).astype(np.float32)
        popularity = np.log1p(interactions.popularity)
        self._popularity = _scaled(popularity)
        for shared in (self._current, self._popularity):
            shared.setflags(write=False)

    def signals(self, query: Query) -> Scores:
        """Every signal before weighting, each of shape (R,).

        Factors, popularity and date are likenesses and run from 0 to 1. What is counted (sets
        together, times straight after, shared artists) grows with the evidence, slowly.
        """
        factors = self._als.parts(query)
        asked = query.artist_vector(len(self._rarity)) * self._rarity
        return {
            "sets": _scaled(factors["recording"]),
            "artists": _scaled(factors["artist"]),
            "labels": _scaled(factors["label"]),
            "same_artist": np.log1p(self._interactions.artists @ asked),
            "together": np.log1p(self._met(query)),
            "next": np.log1p(self._played_next.times(query)),
            "popularity": self._popularity,
            "current": self._current,
        }

    def score(self, query: Query) -> NDArray[np.float32]:
        """Weighted sum of the signals, shape (R,)."""
        return self.fuse(self.signals(query))

    def _met(self, query: Query) -> NDArray[np.float32]:
        """Sets that hold the recording and a seed, beyond those that chance would give."""
        seed_sets = self._sets_of[query.recordings].sum(axis=0)
        has_seed = np.minimum(np.asarray(seed_sets, np.float32).ravel(), 1)
        by_chance = self._interactions.popularity * (has_seed.sum() / max(len(has_seed), 1))
        met = np.maximum(self._sets_of @ has_seed - by_chance, 0)
        met[query.recordings] = 0
        return met

    def fuse(self, signals: Scores) -> NDArray[np.float32]:
        """Weighted sum of signals that were already computed."""
        total = np.zeros(self._interactions.n_recordings, np.float32)
        for name, weight in self.weights.as_dict().items():
            if weight:
                total += np.float32(weight) * signals[name]
        return total


def _scaled(scores: NDArray[np.float32]) -> NDArray[np.float32]:
    """Positive part over its maximum: only what speaks for a track counts."""
    positive = np.maximum(scores, 0)
    top = positive.max(initial=0)
    return positive / top if top > 0 else positive
