"""What "near" means: by sound, or by the sets that recordings are played in."""

from __future__ import annotations

import hashlib
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from data.vectors import Neighbours, best, compare, unit_rows
from hybrid.recommender import Recommender

Basis = Literal["sound", "sets"]
BASES: tuple[Basis, ...] = get_args(Basis)

_BLOCK = 4096


class Ground:
    """What "near" means: a direction for each recording that one is known of.

    R recordings in snapshot order, n of them with a direction.

    Parameters
    ----------
    basis : {"sound", "sets"}
    rows : ndarray of int64, shape (n,)
        Snapshot row of each vector, ascending.
    vectors : ndarray of float32, shape (n, d)
        Of length 1.
    recording_ids : ndarray of int64, shape (R,)
    """

    def __init__(
        self,
        basis: Basis,
        rows: NDArray[np.int64],
        vectors: NDArray[np.float32],
        recording_ids: NDArray[np.int64],
    ) -> None:
        self.basis = basis
        self.rows = rows
        self.vectors = vectors
        self.recording_ids = recording_ids[rows]
        #: How many recordings have no direction.
        self.missing = len(recording_ids) - len(rows)

    @classmethod
    def of(cls, recommender: Recommender, basis: Basis) -> Ground | None:
        """Return the ground of a catalogue; None where nothing was heard, or trained.

        Recordings that no set of the model holds have no factors, and are left out.
        """
        ids = recommender.snapshot.recording_ids
        if basis == "sound":
            space = recommender.sound
            if space is None or not len(space.rows):
                return None
            return cls(basis, space.rows, space.vectors(space.rows), ids)
        als = recommender.model.als
        if als is None:
            return None
        rows = np.flatnonzero(als.recordings.any(axis=1))
        return cls(basis, rows, unit_rows(als.recordings[rows]), ids) if len(rows) else None

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, recording_id: int) -> int:
        """Return the row of a recording in `vectors`; -1 if it has no direction."""
        found = np.flatnonzero(self.recording_ids == recording_id)
        return int(found[0]) if len(found) else -1

    def nearest(self, recording_id: int, k: int) -> Neighbours:
        """Return the recordings nearest to one, which is left out itself; always exact.

        Returns
        -------
        Neighbours
            Its rows are recording ids. Best first; empty for a recording without a direction.
        """
        place = self.place(recording_id)
        if place < 0:
            return Neighbours(np.empty(0, np.int64), np.empty(0, np.float32))
        scores = compare(self.vectors, self.vectors[place : place + 1])[:, 0]
        others = np.delete(np.arange(len(self)), place)
        found = best(others, scores[others], k)
        return Neighbours(self.recording_ids[found.rows], found.scores)

    def stamp(self) -> str:
        """Return a text that changes when a recording or its direction does."""
        digest = hashlib.blake2b(self.basis.encode(), digest_size=8)
        digest.update(self.recording_ids.tobytes())
        for start in range(0, len(self), _BLOCK):
            digest.update(self.vectors[start : start + _BLOCK].tobytes())
        return digest.hexdigest()
