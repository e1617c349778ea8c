"""What models learn from: which set played which recording, by which artists, on which label."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

#: Two sets that share at least this part of their recordings are one set told twice
#: (a repeat, a mirror, the same night on two sites).
NEAR_DUPLICATE = 0.5


@dataclass(frozen=True)
class Interactions:
    """S sets, R recordings, A artists and L labels as arrays.

    Parameters
    ----------
    plays : csr_matrix of float32, shape (S, R)
        1 where the set played the recording, however often.
    artists : csr_matrix of float32, shape (R, A)
        1 where the artist made or remixed the recording.
    labels : csr_matrix of float32, shape (R, L)
        1 for the recording's label; at most one a row.
    """

    plays: sparse.csr_matrix
    artists: sparse.csr_matrix
    labels: sparse.csr_matrix

    @classmethod
    def from_arrays(
        cls,
        n_sets: int,
        play_set: NDArray[np.int32],
        play_recording: NDArray[np.int32],
        artist_ptr: NDArray[np.int64],
        artist_idx: NDArray[np.int32],
        n_artists: int,
        recording_label: NDArray[np.int32],
        n_labels: int,
    ) -> Interactions:
        """Build from index arrays as a catalogue's snapshot holds them.

        Parameters
        ----------
        play_set, play_recording : ndarray of int32, shape (P,)
            Set and recording of each play.
        artist_ptr, artist_idx : ndarray, shapes (R + 1,) and (N,)
            Artists of each recording, in CSR form.
        recording_label : ndarray of int32, shape (R,)
            Label of each recording, -1 for none.
        """
        n_recordings = len(recording_label)
        plays = _binary(play_set, play_recording, (n_sets, n_recordings))
        artists = sparse.csr_matrix(
            (np.ones(len(artist_idx), np.float32), artist_idx, artist_ptr),
            shape=(n_recordings, n_artists),
        )
        has = np.flatnonzero(recording_label >= 0)
        labels = _binary(has, recording_label[has], (n_recordings, n_labels))
        return cls(plays, artists, labels)

    @property
    def n_sets(self) -> int:
        """Number of sets S."""
        return self.plays.shape[0]

    @property
    def n_recordings(self) -> int:
        """Number of recordings R."""
        return self.plays.shape[1]

    @property
    def n_askable(self) -> int:
        """Number of sets with two recordings or more, which say what goes with what."""
        return int(np.count_nonzero(np.diff(self.plays.indptr) >= 2))

    @cached_property
    def popularity(self) -> NDArray[np.float32]:
        """Number of sets that hold each recording, shape (R,)."""
        return np.asarray(self.plays.sum(axis=0), dtype=np.float32).ravel()

    @cached_property
    def set_artists(self) -> sparse.csr_matrix:
        """Which set played which artist, 0/1, shape (S, A)."""
        return _ones(self.plays @ self.artists)

    @cached_property
    def set_labels(self) -> sparse.csr_matrix:
        """Which set played which label, 0/1, shape (S, L)."""
        return _ones(self.plays @ self.labels)

    @cached_property
    def artist_share(self) -> sparse.csr_matrix:
        """Recording x artist with rows that sum to 1, shape (R, A)."""
        per_row = np.maximum(np.diff(self.artists.indptr), 1)
        return sparse.csr_matrix(sparse.diags((1 / per_row).astype(np.float32)) @ self.artists)

    def tokens(self) -> sparse.csr_matrix:
        """Everything a set says, side by side: shape (S, R + A + L), 0/1."""
        return sparse.hstack([self.plays, self.set_artists, self.set_labels]).tocsr()

    def keep_sets(self, keep: NDArray[np.intp]) -> Interactions:
        """The same recordings with only some of the sets."""
        return Interactions(self.plays[keep].tocsr(), self.artists, self.labels)

    def distinct_sets(self, threshold: float = NEAR_DUPLICATE) -> NDArray[np.intp]:
        """Indices of the sets that are left when near-duplicates are dropped.

        Of two sets whose recordings overlap (Jaccard index >= `threshold`) the
        first stays. Sets with fewer than two recordings teach nothing about
        what goes together and are dropped as well.
        """
        overlap = (self.plays @ self.plays.T).tocoo()
        size = np.diff(self.plays.indptr)
        pair = overlap.col < overlap.row
        first, second, both = overlap.col[pair], overlap.row[pair], overlap.data[pair]
        close = both / (size[first] + size[second] - both) >= threshold
        keep = size >= 2
        # In order of the second, so that a chain of copies keeps only its first.
        for i, j in sorted(zip(second[close], first[close], strict=True)):
            if keep[j]:
                keep[i] = False
        return np.flatnonzero(keep)


@dataclass(frozen=True)
class Query:
    """What is known of the seeds, as indices into `Interactions`.

    A seed that no set has held still says something through its artists.

    Parameters
    ----------
    recordings : ndarray of intp
        Seeds that the catalogue holds.
    artists, labels : dict of int to float
        How many seeds carry each artist, each label.
    """

    recordings: NDArray[np.intp]
    artists: dict[int, float]
    labels: dict[int, float]

    def artist_vector(self, n_artists: int) -> NDArray[np.float32]:
        """Seeds per artist as a dense vector, shape (A,)."""
        vector = np.zeros(n_artists, np.float32)
        for index, count in self.artists.items():
            vector[index] = count
        return vector


def _binary(
    rows: NDArray[np.integer], columns: NDArray[np.integer], shape: tuple[int, int]
) -> sparse.csr_matrix:
    data = np.ones(len(rows), np.float32)
    return _ones(sparse.csr_matrix((data, (rows, columns)), shape=shape))


def _ones(matrix: sparse.spmatrix) -> sparse.csr_matrix:
    """CSR copy in which every stored value is 1."""
    matrix = sparse.csr_matrix(matrix, dtype=np.float32)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
