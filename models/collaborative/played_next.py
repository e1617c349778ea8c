"""What is played straight after what: a directional model of adjacent plays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.collaborative.interactions import Query


class PlayedNext:
    """Counts of "b straight after a", damped towards chance.

    Only rows that stand next to each other in one chapter count: an unknown
    row or a gap between two tracks means that nobody knows what was mixed into
    what. A row played together with the one before (a layer, an acapella over
    it) is not a next track; the row after the pair follows both.

    The score of b after a is ``n_ab / (n_a + damping)``, an estimate of
    P(b next | a) shrunk towards zero where a was seldom followed by anything.
    """

    name = "played right after"

    def __init__(self, damping: float = 2.0) -> None:
        self.damping = damping

    def fit_plays(
        self,
        play_set: NDArray[np.int32],
        play_recording: NDArray[np.int32],
        play_position: NDArray[np.int32],
        play_with_previous: NDArray[np.bool_],
        play_chapter: NDArray[np.int32],
        n_recordings: int,
    ) -> PlayedNext:
        """Learn from plays ordered by set, then position; arrays of shape (P,)."""
        before, after = adjacent(play_set, play_position, play_with_previous, play_chapter)
        a, b = play_recording[before], play_recording[after]
        moved = a != b
        counts = sparse.csr_matrix(
            (np.ones(moved.sum(), np.float32), (a[moved], b[moved])),
            shape=(n_recordings, n_recordings),
        )
        counts.sum_duplicates()
        self.counts = counts
        self._followed = np.asarray(counts.sum(axis=1), dtype=np.float32).ravel()
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        """Damped chance to be played straight after one of the seeds, shape (R,)."""
        weight = 1 / (self._followed[query.recordings] + self.damping)
        rows = sparse.diags(weight) @ self.counts[query.recordings]
        return np.asarray(rows.sum(axis=0), dtype=np.float32).ravel()


def adjacent(
    play_set: NDArray[np.int32],
    play_position: NDArray[np.int32],
    play_with_previous: NDArray[np.bool_],
    play_chapter: NDArray[np.int32],
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Pairs of plays of which the second was played straight after the first.

    Returns
    -------
    before, after : ndarray of intp
        Indices into the plays. Plays that run together form one step; each play of
        a step is followed by the play that opens the next step.
    """
    n = len(play_set)
    if n < 2:
        return np.empty(0, np.intp), np.empty(0, np.intp)
    same = (
        (play_set[1:] == play_set[:-1])
        & (play_chapter[1:] == play_chapter[:-1])
        & (play_position[1:] == play_position[:-1] + 1)
    )
    opens = np.ones(n, bool)
    opens[1:] = ~(same & play_with_previous[1:])
    step = np.cumsum(opens) - 1
    first_of_step = np.flatnonzero(opens)
    # Step s is followed by step s + 1 when that one's first play touches s's last.
    follows = np.zeros(len(first_of_step), bool)
    follows[:-1] = same[first_of_step[1:] - 1]
    before = np.flatnonzero(follows[step])
    return before, first_of_step[step[before] + 1]
