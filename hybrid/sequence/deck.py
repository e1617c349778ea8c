"""The tracks that are to be put in order, with all that ordering looks at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from hybrid.facts import Facts
from hybrid.feedback import Feedback
from hybrid.sound_space import SoundSpace
from models.collaborative import PlayedNext


@dataclass(frozen=True, eq=False)
class Deck:
    """n tracks. Unknown is NaN, -1, a vector of zeros, a count of 0.

    Parameters
    ----------
    ids : ndarray of int64, shape (n,)
        Recording ids, or any numbers that tell the tracks apart.
    bpm, energy, duration_s : ndarray of float64, shape (n,)
    key : ndarray of int64, shape (n,)
        Traktor's value 0 to 23, see `data.harmony.Key.traktor`.
    vectors : ndarray of float32, shape (n, d)
        Of length 1, or zeros for a track that was never heard.
    played_next : ndarray of float64, shape (n, n)
        How often DJs played the column's track straight after the row's.
    together : ndarray of float64, shape (n, n)
        Sets that hold both; symmetric.
    same_artist : ndarray of bool, shape (n, n)
        Whether they share an artist or remixer; symmetric.
    verdict : ndarray of int8, shape (n, n)
        The DJ's own word on playing the column's track after the row's: 1 works, -1 clashes.

    Examples
    --------
    >>> deck = Deck.knowing(3, bpm=[120, 122, np.nan])
    >>> len(deck), deck.key.tolist(), deck.together.shape
    (3, [-1, -1, -1], (3, 3))
    """

    ids: NDArray[np.int64]
    bpm: NDArray[np.float64]
    key: NDArray[np.int64]
    energy: NDArray[np.float64]
    duration_s: NDArray[np.float64]
    vectors: NDArray[np.float32]
    played_next: NDArray[np.float64]
    together: NDArray[np.float64]
    same_artist: NDArray[np.bool_]
    verdict: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def heard(self) -> NDArray[np.bool_]:
        """Which tracks have a vector, shape (n,)."""
        return np.asarray(self.vectors.any(axis=1))

    @classmethod
    def knowing(cls, n: int, **columns: ArrayLike) -> Deck:
        """Make a deck of `n` tracks of which only `columns` are known."""
        known: dict[str, Any] = {
            name: np.asarray(column).astype(_TYPES[name]) for name, column in columns.items()
        }
        nothing: dict[str, Any] = {
            "ids": np.arange(n),
            "bpm": np.full(n, np.nan),
            "key": np.full(n, -1),
            "energy": np.full(n, np.nan),
            "duration_s": np.full(n, np.nan),
            "vectors": np.zeros((n, 0), np.float32),
            "played_next": np.zeros((n, n)),
            "together": np.zeros((n, n)),
            "same_artist": np.zeros((n, n), bool),
            "verdict": np.zeros((n, n), np.int8),
        }
        return cls(**{**nothing, **known})

    @classmethod
    def of(
        cls,
        rows: NDArray[np.intp],
        facts: Facts,
        played_next: PlayedNext,
        recording_sets: sparse.csr_matrix,
        sound: SoundSpace | None = None,
        feedback: Feedback | None = None,
    ) -> Deck:
        """Take the recordings at `rows` out of the catalogue's arrays.

        Parameters
        ----------
        rows : ndarray of intp, shape (n,)
            Snapshot rows, each once.
        recording_sets : csr_matrix of float32, shape (R, S)
            1 where a set played the recording.
        """
        columns: dict[str, Any] = {
            "ids": facts.recording_ids[rows],
            "bpm": facts.bpm[rows],
            "key": facts.key[rows],
            "energy": facts.energy[rows],
            "duration_s": facts.duration_s[rows],
            "played_next": played_next.counts[rows][:, rows].toarray(),
            "together": _shared(recording_sets[rows]),
            "same_artist": _shared(facts.artists[rows]) > 0,
        }
        if sound is not None:
            columns["vectors"] = _vectors(sound, rows)
        if feedback is not None:
            columns["verdict"] = _verdicts(feedback, rows)
        return cls.knowing(len(rows), **columns)


_TYPES = {
    "ids": np.int64,
    "bpm": np.float64,
    "key": np.int64,
    "energy": np.float64,
    "duration_s": np.float64,
    "vectors": np.float32,
    "played_next": np.float64,
    "together": np.float64,
    "same_artist": np.bool_,
    "verdict": np.int8,
}


def _shared(of: sparse.csr_matrix) -> NDArray[np.float64]:
    """How many columns each two different rows have in common, shape (n, n)."""
    counts = (of @ of.T).toarray().astype(np.float64)
    np.fill_diagonal(counts, 0)
    return counts


def _vectors(sound: SoundSpace, rows: NDArray[np.intp]) -> NDArray[np.float32]:
    matrix = np.zeros((len(rows), sound.index.dimension), np.float32)
    for place, row in enumerate(rows.tolist()):
        vector = sound.vector(row)
        if vector is not None:
            matrix[place] = vector
    return matrix


def _verdicts(feedback: Feedback, rows: NDArray[np.intp]) -> NDArray[np.int8]:
    """The DJ's words on pairs; a clash is one in the other direction too, unless that works."""
    place = {row: index for index, row in enumerate(rows.tolist())}
    verdict = np.zeros((len(rows), len(rows)), np.int8)
    words = ((feedback.clashes[:, ::-1], -1), (feedback.works, 1), (feedback.clashes, -1))
    for pairs, word in words:
        for before, after in pairs.tolist():
            if before in place and after in place:
                verdict[place[before], place[after]] = word
    return verdict
