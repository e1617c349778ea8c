"""The fragments of many songs in one place, to be searched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from data.errors import SegueError
from models.encoders.contract import Fragments

#: Numbers worked with at once: 4 million of them are 32 MB in double precision.
_AT_ONCE = 4_000_000


@dataclass(frozen=True, eq=False)
class Library:
    """The fragments of many songs, one after the other.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
    songs : ndarray of int, shape (n,)
        Song of each fragment, 0 to `count` - 1.
    starts_s : ndarray of float64, shape (n,)
        Where in its song each fragment starts, in seconds.
    tags : tuple of tuple of str
        Tags of each song.
    """

    vectors: NDArray[np.float32]
    songs: NDArray[np.intp]
    starts_s: NDArray[np.float64]
    tags: tuple[tuple[str, ...], ...]

    @property
    def count(self) -> int:
        """Number of songs."""
        return len(self.tags)

    @classmethod
    def of(
        cls, tracks: Sequence[Fragments], tags: Sequence[Sequence[str]] | None = None
    ) -> Library:
        """Put the fragments of tracks together; song `i` is ``tracks[i]``, with ``tags[i]``.

        Raises
        ------
        SegueError
            If there are no tracks, or their vectors are of different lengths.
        """
        if not tracks:
            raise SegueError("There are no analysed tracks to search. Run `segue analyse` first.")
        if len({track.vectors.shape[1] for track in tracks}) > 1:
            raise SegueError(
                "The tracks were analysed by different encoders. Run `segue analyse` again."
            )
        songs = np.repeat(np.arange(len(tracks)), [len(track.vectors) for track in tracks])
        return cls(
            np.concatenate([track.vectors for track in tracks]),
            songs,
            np.concatenate([track.starts_s for track in tracks]),
            tuple(tuple(labels) for labels in tags) if tags else ((),) * len(tracks),
        )

    def blocks(self, width: int) -> Iterator[tuple[int, NDArray[np.float64]]]:
        """Yield the vectors in blocks, each with the row of its first.

        A block is small enough for `width` results of each of its rows.
        """
        size = max(1, _AT_ONCE // max(width, self.vectors.shape[1]))
        for start in range(0, len(self.vectors), size):
            yield start, self.vectors[start : start + size].astype(np.float64)

    def sums(self) -> NDArray[np.float64]:
        """Sum up the vectors of each song, shape (count, d)."""
        sums = np.zeros((self.count, self.vectors.shape[1]))
        for start, block in self.blocks(1):
            rows = np.arange(len(block))
            places = self.songs[start : start + len(block)], rows
            sums += (
                sparse.csr_array((np.ones(len(block)), places), (self.count, len(block))) @ block
            )
        return sums
