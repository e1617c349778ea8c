"""What is known of each recording besides sets and sound: what filters and ordering look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from data.catalogue import Catalogue, Snapshot
from hybrid.corpus import decimal_years
from models.collaborative import Interactions


@dataclass(frozen=True, eq=False)
class Facts:
    """R recordings, in the order of a `Snapshot`'s rows.

    Unknown is NaN, -1 or an empty text.

    Parameters
    ----------
    recording_ids : ndarray of int64, shape (R,)
    sets : ndarray of float32, shape (R,)
        Distinct sets that hold the recording.
    year : ndarray of float32, shape (R,)
        Year in its file's tags or in DJ software, else of the first dated set that played it;
        NaN.
    bpm, bpm_confidence : ndarray of float32, shape (R,)
    key : ndarray of int8, shape (R,)
        Traktor's value 0 to 23, see `data.harmony.Key.traktor`; -1.
    key_confidence : ndarray of float32, shape (R,)
    energy : ndarray of float32, shape (R,)
    duration_s : ndarray of float32, shape (R,)
    windows : ndarray of float32, shape (R,)
        Windows of audio that were analysed; 0 where it was never heard.
    owned : ndarray of bool, shape (R,)
        It is in the DJ's library: a file of it was heard, or rekordbox or Traktor names it (the
        demo crate's sound counts as owned, a preview does not).
    genre : ndarray of object (str), shape (R,)
    label : ndarray of int32, shape (R,)
        Index into `label_keys`; -1.
    label_keys : ndarray of object (str), shape (L,)
    work : ndarray of int32, shape (R,)
        Dense index of the work.
    artists : csr_matrix of float32, shape (R, A)
        1 where the artist made or remixed the recording.

    Notes
    -----
    `genre` is what tracklists say; where they say none, the file's tags.
    """

    recording_ids: NDArray[np.int64]
    sets: NDArray[np.float32]
    year: NDArray[np.float32]
    bpm: NDArray[np.float32]
    bpm_confidence: NDArray[np.float32]
    key: NDArray[np.int8]
    key_confidence: NDArray[np.float32]
    energy: NDArray[np.float32]
    duration_s: NDArray[np.float32]
    windows: NDArray[np.float32]
    owned: NDArray[np.bool_]
    genre: NDArray[np.object_]
    label: NDArray[np.int32]
    label_keys: NDArray[np.object_]
    work: NDArray[np.int32]
    artists: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.recording_ids)

    @classmethod
    def of(cls, catalogue: Catalogue, snapshot: Snapshot, interactions: Interactions) -> Facts:
        """Gather them once, when the catalogue is opened.

        Parameters
        ----------
        catalogue : Catalogue
            Asked for the numbers of what was heard, and for what DJ software says.
        snapshot : Snapshot
            With names.
        interactions : Interactions
            Of the same recordings; its sets are those that `sets` counts.
        """
        heard = catalogue.sound_columns()
        rows = snapshot.rows_of(heard.recording_ids)
        there = rows >= 0  # the catalogue may have changed since the snapshot was taken

        def spread(column: NDArray[Any], unknown: float | str) -> NDArray[Any]:
            whole = np.full(len(snapshot.recording_ids), unknown, column.dtype)
            whole[rows[there]] = column[there]
            return whole

        tagged_year, tagged_genre = spread(heard.year, np.nan), spread(heard.genre, "")
        return cls(
            recording_ids=snapshot.recording_ids,
            sets=interactions.popularity,
            year=np.where(np.isnan(tagged_year), _first_played(snapshot), tagged_year),
            bpm=spread(heard.bpm, np.nan),
            bpm_confidence=spread(heard.bpm_confidence, 0.0),
            key=spread(heard.key, -1),
            key_confidence=spread(heard.key_confidence, 0.0),
            energy=spread(heard.energy, np.nan),
            duration_s=spread(heard.duration_s, np.nan),
            windows=spread(heard.windows, 0.0),
            owned=spread(heard.owned, False),
            genre=np.where(snapshot.genres == "", tagged_genre, snapshot.genres),
            label=snapshot.recording_label,
            label_keys=snapshot.label_keys,
            work=snapshot.work_index,
            artists=interactions.artists,
        )


def _first_played(snapshot: Snapshot) -> NDArray[np.float32]:
    """Year of the first dated set that holds each recording, shape (R,); NaN where none does."""
    years = np.floor(decimal_years(snapshot.set_dates)).astype(np.float32)
    first = np.full(len(snapshot.recording_ids), np.nan, np.float32)
    # fmin takes the number where the other is none.
    np.fmin.at(first, snapshot.play_recording, years[snapshot.play_set])
    return first
