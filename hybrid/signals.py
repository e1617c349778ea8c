"""What sets, credits and sound say of every recording: the raw signals, by part of the score.

A signal is 0 where it has nothing to say and grows with what it has. `hybrid.fusion` weighs
them; nothing here is learned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from data.records import Lens
from hybrid.coldstart import SoundMap
from hybrid.corpus import last_played
from hybrid.question import Question
from hybrid.sound_space import SoundSpace
from models.collaborative import Interactions, JointALS, PlayedNext, Query

#: The parts of a score, and the signals that each is made of.
SIGNALS: dict[str, tuple[str, ...]] = {
    "sets": ("factors", "together"),
    "next": ("after", "artists_after"),
    "artist_label": (
        "played_with",
        "artist_factors",
        "label_factors",
        "artists_together",
        "same_artist",
        "same_label",
    ),
    "sound": ("nearest", "alike", "mean", "mapped"),
    "prior": ("popular", "lately", "current"),
}
PARTS = tuple(SIGNALS)
#: What says something of a track whatever is asked; the other parts tie it to the seeds.
PRIOR = "prior"
TIES = tuple(part for part in PARTS if part != PRIOR)

#: Years after which a track that is no longer played counts for a third.
FADE_YEARS = 3.0
#: The same for the sets that are counted as played lately.
_LATELY_YEARS = 1.0

Array = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Said:
    """What one part says about a question before anything is weighed.

    Parameters
    ----------
    signals : dict of str to ndarray of float32, shape (R,)
        At least 0 each. Empty where the part says nothing.
    evidence : float
        How much the part knows of the seeds; 0 where it is silent.
    """

    signals: dict[str, Array]
    evidence: float


class Signals:
    """Computes what all parts say; everything that no query changes is made once.

    Parameters are those of `hybrid.fusion.Fusion`.

    Attributes
    ----------
    evidence : dict of str to ndarray of float32, shape (R,)
        By part: how much is known of each recording; 0 where it is missing there.

        ========================  ==================================================
        sets, prior               sets that hold it
        next                      times it, or one of its artists, came after another track
        artist_label              sets and recordings of its artists and its label
        sound                     windows of audio that were heard
        ========================  ==================================================
    """

    def __init__(
        self,
        interactions: Interactions,
        years: NDArray[np.float64],
        als: JointALS | None,
        played_next: PlayedNext,
        sound: SoundSpace | None,
        sound_map: SoundMap | None = None,
        windows: Array | None = None,
    ) -> None:
        self.n_recordings = interactions.n_recordings
        self._als = als
        self._sound = sound
        self._map = sound_map if als is not None else None
        self._played_next = played_next
        self._plays = interactions.plays
        self._popularity = interactions.popularity
        self._sets_of = sparse.csr_matrix(interactions.plays.T)
        self._artists = interactions.artists
        self._artist_share = interactions.artist_share
        self._recordings_of = sparse.csr_matrix(interactions.artists.T)
        self._label = _label_index(interactions.labels)
        self._artist_evidence = _evidence_of(interactions.set_artists, interactions.artists)
        self._label_evidence = _evidence_of(interactions.set_labels, interactions.labels)
        n_sets = interactions.n_sets
        self._set_artists = interactions.set_artists
        self._sets_of_artist = sparse.csr_matrix(interactions.set_artists.T)
        self._artist_sets = np.asarray(interactions.set_artists.sum(axis=0)).ravel()
        self._rarity = np.log1p(n_sets / (self._artist_sets + 1)).astype(np.float32)
        sets_per_label = np.asarray(interactions.set_labels.sum(axis=0)).ravel()
        self._label_rarity = np.log1p(n_sets / (sets_per_label + 1)).astype(np.float32)
        self._artist_next = _artists_after(played_next.counts, interactions.artists)
        self._prior = self._prior_of(interactions, years)
        self.evidence = self._evidence_of_candidates(windows)
        for shared in (*self._prior.values(), *self.evidence.values()):
            shared.setflags(write=False)

    def of(self, question: Question, lens: Lens = "goes_with") -> dict[str, Said]:
        """Compute the signals of every part for a question."""
        folded = self._folded(question.query)
        return {
            "sets": self._sets(question.query, folded),
            "next": self._next(question.last if lens == "next" else question.query),
            "artist_label": self._credits(question.query, folded),
            "sound": self._heard(question),
            "prior": Said(self._prior, 1.0),
        }

    def _prior_of(self, interactions: Interactions, years: NDArray[np.float64]) -> dict[str, Array]:
        last = last_played(interactions, years)
        newest = np.nanmax(years) if np.isfinite(years).any() else 0.0
        # exp(-inf) is 0: a set without a date, a track never played, is not of late.
        ago = np.where(np.isnan(years), -np.inf, years - newest)
        lately = interactions.plays.T @ np.exp(ago / _LATELY_YEARS)
        return {
            "popular": _share_of_top(np.log1p(self._popularity)),
            "lately": _share_of_top(np.log1p(lately)),
            "current": np.exp((last - newest) / FADE_YEARS).astype(np.float32),
        }

    def _evidence_of_candidates(self, windows: Array | None) -> dict[str, Array]:
        credits = self._artists @ self._artist_evidence + _take(self._label_evidence, self._label)
        preceded = np.asarray(self._played_next.counts.sum(axis=0), np.float32).ravel()
        by_artist = np.asarray(self._artist_next.sum(axis=0), np.float32).ravel()
        heard = np.zeros(self.n_recordings, np.float32)
        if self._sound is not None:
            rows = self._sound.rows
            heard[rows] = 1 if windows is None else np.maximum(windows[rows], 1)
        return {
            "sets": self._popularity,
            "next": preceded + np.asarray(self._artists @ by_artist, np.float32),
            "artist_label": np.asarray(credits, np.float32),
            "sound": heard,
            "prior": self._popularity,
        }

    def _folded(self, query: Query) -> dict[str, Array]:
        """Score the recordings by the factors of all seeds, and of the credits alone."""
        if self._als is None:
            return {}
        credits = Query(np.empty(0, np.intp), query.artists, query.labels)
        users = np.stack([self._als.fold_in(query), self._als.fold_in(credits)], axis=1)
        scores = self._als.recordings @ users
        return {
            "all": _scaled(scores[:, 0]),
            "credits": _scaled(scores[:, 1]),
            "artist": _scaled(self._als.by_artist(users[:, 0])),
            "label": _scaled(self._als.by_label(users[:, 0])),
        }

    def _sets(self, query: Query, folded: dict[str, Array]) -> Said:
        evidence = float(self._popularity[query.recordings].sum())
        if not evidence:
            return Said({}, 0.0)
        signals = {"together": self._together(query)}
        if folded:
            signals["factors"] = folded["all"]
        return Said(signals, evidence)

    def _together(self, query: Query) -> Array:
        """Sets that hold the recording and a seed, beyond those that chance would give."""
        sets = _distinct(self._sets_of[query.recordings].indices, self._plays.shape[0])
        rows, met = np.unique(self._plays[sets].indices, return_counts=True)
        by_chance = self._popularity[rows] * (len(sets) / max(self._plays.shape[0], 1))
        beyond = np.log1p(np.maximum(met - by_chance, 0)).astype(np.float32)
        beyond[np.isin(rows, query.recordings)] = 0
        return _scattered(self.n_recordings, rows, beyond)

    def _next(self, query: Query) -> Said:
        artists = np.fromiter(query.artists, np.intp)
        after = self._played_next.counts[query.recordings]
        by_artist = self._artist_next[artists]
        evidence = float(after.sum() + by_artist.sum())
        if not evidence:
            return Said({}, 0.0)
        times = np.asarray(by_artist.sum(axis=0), np.float32).ravel()
        return Said(
            {
                "after": _counted(self.n_recordings, after),
                "artists_after": self._artist_share @ np.log1p(times),
            },
            evidence,
        )

    def _credits(self, query: Query, folded: dict[str, Array]) -> Said:
        artists = np.fromiter(query.artists, np.intp)
        labels = np.fromiter(query.labels, np.intp)
        evidence = float(self._artist_evidence[artists].sum() + self._label_evidence[labels].sum())
        if not evidence:
            return Said({}, 0.0)
        shared = self._recordings_of[artists]
        counts = np.fromiter(query.artists.values(), np.float32) * self._rarity[artists]
        weight = np.repeat(counts, np.diff(shared.indptr))
        same = np.bincount(shared.indices, weight, self.n_recordings)
        label = np.zeros(len(self._label_rarity), np.float32)
        label[labels] = np.log1p(
            np.fromiter(query.labels.values(), np.float32) * self._label_rarity[labels]
        )
        signals = {
            "artists_together": self._artist_share @ self._artists_together(artists),
            "same_artist": np.log1p(same).astype(np.float32),
            "same_label": _take(label, self._label),
        }
        if folded:
            signals |= {
                "played_with": folded["credits"],
                "artist_factors": folded["artist"],
                "label_factors": folded["label"],
            }
        return Said(signals, evidence)

    def _artists_together(self, artists: NDArray[np.intp]) -> Array:
        """log(1 + sets in which an artist met the seeds' artists, beyond chance), shape (A,)."""
        sets = _distinct(self._sets_of_artist[artists].indices, self._plays.shape[0])
        met = np.bincount(self._set_artists[sets].indices, minlength=len(self._rarity))
        by_chance = self._artist_sets * (len(sets) / max(self._plays.shape[0], 1))
        beyond = np.log1p(np.maximum(met - by_chance, 0)).astype(np.float32)
        beyond[artists] = 0
        return beyond

    def _heard(self, question: Question) -> Said:
        if self._sound is None or not len(question.vectors) or not len(self._sound.rows):
            return Said({}, 0.0)
        queries = question.vectors
        mapped = None
        if self._map is not None and self._als is not None:
            user = self._als.fold_in(question.query)
            if not user.any():
                # No set says anything of the seeds: where would sets put what sounds so?
                nothing = Query(np.empty(0, np.intp), {}, {})
                user = self._als.fold_in(nothing, self._map.factors(question.vectors))
            mapped = self._map.query(user)
            queries = np.concatenate([queries, mapped[0][np.newaxis]])
        scores = self._sound.scores(queries)
        n = len(question.vectors)
        cosine = scores[:, :n]
        nearest = np.maximum(cosine.max(axis=1), 0)
        signals = {
            "nearest": nearest,
            "alike": np.maximum(nearest - 0.5, 0),
            "mean": np.maximum(cosine.mean(axis=1), 0),
        }
        if self._map is not None and mapped is not None:
            # A map that hardly knows where sets put a track has little to say.
            trust = np.float32(self._map.quality)
            signals["mapped"] = trust * _scaled(scores[:, n] + mapped[1])
        rows = self._sound.rows
        return Said(
            {name: _scattered(self.n_recordings, rows, s) for name, s in signals.items()},
            max(float(question.windows), 1.0),
        )


def _evidence_of(sets: sparse.csr_matrix, recordings: sparse.csr_matrix) -> Array:
    """Sets plus recordings of each artist or label."""
    return (
        np.asarray(sets.sum(axis=0)).ravel() + np.asarray(recordings.sum(axis=0)).ravel()
    ).astype(np.float32)


def _artists_after(counts: sparse.csr_matrix, artists: sparse.csr_matrix) -> sparse.csr_matrix:
    """How often a track of one artist came straight after a track of another, shape (A, A)."""
    between = sparse.csr_matrix(artists.T @ counts @ artists, dtype=np.float32)
    between.setdiag(0)
    between.eliminate_zeros()
    return between


def _label_index(labels: sparse.csr_matrix) -> NDArray[np.int32]:
    """Label of each recording, -1 for none, shape (R,)."""
    index = np.full(labels.shape[0], -1, np.int32)
    index[np.flatnonzero(np.diff(labels.indptr))] = labels.indices
    return index


def _take(values: Array, index: NDArray[np.int32]) -> Array:
    """Look up a value for each index; -1 gives 0."""
    return np.append(values, np.float32(0)).astype(np.float32)[index]


def _counted(size: int, rows: sparse.csr_matrix) -> Array:
    """log(1 + column sum) of a few sparse rows, shape (size,)."""
    return np.log1p(np.bincount(rows.indices, rows.data, size)).astype(np.float32)


def _distinct(index: NDArray[np.integer], size: int) -> NDArray[np.intp]:
    """Indices below `size` that occur, ascending; quicker than sorting them."""
    occurs = np.zeros(size, bool)
    occurs[index] = True
    return np.flatnonzero(occurs)


def _share_of_top(values: NDArray[np.floating]) -> Array:
    top = values.max(initial=0)
    return (values / top if top > 0 else values).astype(np.float32)


def _scattered(size: int, rows: NDArray[np.integer], values: Array) -> Array:
    spread = np.zeros(size, np.float32)
    spread[rows] = values
    return spread


def _scaled(scores: Array) -> Array:
    """Positive part over its maximum: only what speaks for a track counts."""
    positive = np.maximum(scores, 0)
    top = positive.max(initial=0)
    return positive / top if top > 0 else positive
