"""What the DJ said of tracks and pairs, as it moves a list at once.

Feedback changes the order of answers and never what is learned: training does not read it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue, Snapshot
from data.errors import SegueError
from data.identity import parse_track
from data.records import Seed, Track
from hybrid.corpus import interactions_of
from hybrid.resolve import Resolver

#: The odds that a score stands for, multiplied for a track that the DJ likes: .25 becomes .5.
LIKE_ODDS = 3.0
#: Digits of the largest id that a database takes.
_LONGEST_ID = 18
#: Largest float32 below 1.
_BELOW_ONE = np.nextafter(np.float32(1), np.float32(0))

Rows = Sequence[int] | NDArray[np.integer]


@dataclass(frozen=True, eq=False)
class Feedback:
    """A DJ's words on R recordings, in the order of a `Snapshot`'s rows.

    A pair is a transition and has a direction. A clash is a warning in the other direction too,
    and where no direction is asked for, what works in one works; but neither against the DJ's
    own word on that other direction.

    Parameters
    ----------
    liked, disliked : ndarray of bool, shape (R,)
    works, clashes : ndarray of int64, shape (n, 2)
        Pairs of rows: what is mixed out of, and into.
    """

    liked: NDArray[np.bool_]
    disliked: NDArray[np.bool_]
    works: NDArray[np.int64]
    clashes: NDArray[np.int64]

    @classmethod
    def none(cls, n_recordings: int) -> Feedback:
        """No word on any of `n_recordings`."""
        return cls.from_words(n_recordings, [])

    @classmethod
    def of(cls, catalogue: Catalogue, snapshot: Snapshot) -> Feedback:
        """The words in force now; those on recordings that the snapshot does not hold are left out.

        Read it anew whenever ``catalogue.feedback.stamp()``, which is cheap to ask, differs.
        """
        words = catalogue.feedback.words()
        ids = [(w.recording_id, w.next_id or w.recording_id) for w in words]
        rows = snapshot.rows_of(np.array(ids, np.int64).reshape(-1, 2)).tolist()
        return cls.from_words(
            len(snapshot.recording_ids),
            [
                (word.verdict, first, second)
                for word, (first, second) in zip(words, rows, strict=True)
                if min(first, second) >= 0
            ],
        )

    @classmethod
    def from_words(cls, n_recordings: int, words: Sequence[tuple[str, int, int]]) -> Feedback:
        """Build from verdicts with two rows each, of which a word on a track uses the first."""

        def marked(verdict: str) -> NDArray[np.bool_]:
            mask = np.zeros(n_recordings, bool)
            mask[[first for said, first, _ in words if said == verdict]] = True
            return mask

        def pairs(verdict: str) -> NDArray[np.int64]:
            found = [(first, second) for said, first, second in words if said == verdict]
            return np.array(found, np.int64).reshape(-1, 2)

        return cls(marked("like"), marked("dislike"), pairs("works"), pairs("clashes"))

    def working(self, seed_rows: Rows, *, directed: bool = False) -> NDArray[np.bool_]:
        """Which recordings work with one of the seeds, shape (R,).

        Parameters
        ----------
        seed_rows : sequence of int
        directed : bool
            Whether only what works straight after a seed counts, as under the lens "next";
            otherwise what works before it counts as well.
        """
        return self._mask(self._working_rows(seed_rows, directed))

    def clashing(self, seed_rows: Rows) -> NDArray[np.bool_]:
        """Which recordings clash with one of the seeds, shape (R,)."""
        return self._mask(_partners(self._clashes_either_way, seed_rows))

    def adjusted(
        self, scores: NDArray[np.float32], seed_rows: Rows, *, directed: bool = False
    ) -> NDArray[np.float32]:
        """Move what works with a seed to the front, and what is liked up.

        What clashes or is disliked keeps its score: whether it is shown is for a filter to say.

        Parameters
        ----------
        scores : ndarray of float32, shape (R,)
            0 to 1; 0 where nothing is known.
        seed_rows : sequence of int
        directed : bool
            See `working`.

        Returns
        -------
        ndarray of float32, shape (R,)
            0 to 1. The order among what is liked, among what works with a seed, and among all
            others stays. A score of 0 stays 0, unless the DJ said that the track works. What
            works with one seed and clashes with another is not moved to the front.
        """
        if not self.liked.any() and not len(self.works):
            return scores
        moved = scores.copy()
        liked = scores[self._liked_rows]
        moved[self._liked_rows] = LIKE_ODDS * liked / (1 + (LIKE_ODDS - 1) * liked)
        clashing = _partners(self._clashes_either_way, seed_rows)
        front = np.setdiff1d(self._working_rows(seed_rows, directed), clashing)
        if len(front):
            at_front, moved[front] = moved[front], 0
            np.minimum(moved, _BELOW_ONE, out=moved)
            best = moved.max()
            # Between the best of the others and 1, clear of the best.
            placed = best + (1 - best) * (1 + at_front) / 2
            moved[front] = np.maximum(placed, np.nextafter(best, np.float32(1)))
        return moved

    def verdict(
        self, row: int, seed_rows: Rows, *, directed: bool = False
    ) -> Literal["like", "dislike", "works", "clashes", ""]:
        """The DJ's word on a recording beside these seeds: a warning first, then on pairs."""
        if row in _partners(self._clashes_either_way, seed_rows):
            return "clashes"
        if row in self._working_rows(seed_rows, directed):
            return "works"
        return "like" if self.liked[row] else "dislike" if self.disliked[row] else ""

    @cached_property
    def _liked_rows(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.liked)

    @cached_property
    def _works_either_way(self) -> NDArray[np.int64]:
        return _either_way(self.works, self.clashes)

    @cached_property
    def _clashes_either_way(self) -> NDArray[np.int64]:
        return _either_way(self.clashes, self.works)

    def _working_rows(self, seed_rows: Rows, directed: bool) -> NDArray[np.int64]:
        return _partners(self.works if directed else self._works_either_way, seed_rows)

    def _mask(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        mask = np.zeros(len(self.liked), bool)
        mask[rows] = True
        return mask


def _either_way(pairs: NDArray[np.int64], against: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs in both directions, but turned around only where `against` does not name that."""
    turned = {(second, first) for first, second in pairs.tolist()}
    turned -= {(first, second) for first, second in against.tolist()}
    return np.concatenate([pairs, np.array(sorted(turned), np.int64).reshape(-1, 2)])


def _partners(pairs: NDArray[np.int64], seed_rows: Rows) -> NDArray[np.int64]:
    """The second rows of the pairs whose first is a seed."""
    return pairs[np.isin(pairs[:, 0], seed_rows), 1]


def understood(catalogue: Catalogue, texts: Sequence[str]) -> list[Seed]:
    """Find the recordings that a person names to say something of them.

    Parameters
    ----------
    catalogue : Catalogue
    texts : sequence of str
        As in a query: "Artist - Title (Version)", words, a number of the catalogue, a link,
        an ISRC.

    Returns
    -------
    list of Seed
        Each with a recording; its rung says how near that is to what was asked.

    Raises
    ------
    SegueError
        If one is not in the catalogue, with what is near.
    """
    seeds = [_exact(catalogue, text) for text in texts]
    if None in seeds:
        # Only what is not named exactly needs all names at hand, which take seconds to read.
        snapshot = catalogue.snapshot()
        resolver = Resolver(catalogue, snapshot, interactions_of(snapshot))
        seeds = [seed or resolver.text(text) for seed, text in zip(seeds, texts, strict=True)]
    return [_found(seed) for seed in seeds if seed is not None]


def _exact(catalogue: Catalogue, text: str) -> Seed | None:
    if text.isascii() and text.isdecimal() and len(text) <= _LONGEST_ID:
        number = int(text)
        known = catalogue.tracks([number])
        return Seed(text, known[number], number, "id") if number in known else None
    track = parse_track(text)
    if not isinstance(track, Track) or (ident := catalogue.find(track)) is None:
        return None
    return Seed(text, track, ident, "recording")


def _found(seed: Seed) -> Seed:
    if seed.recording_id is not None:
        return seed
    near = ", ".join(f'"{track}"' for _, track in seed.near)
    hint = f"did you mean {near}?" if near else "import a set or analyse a file with it first."
    raise SegueError(f'"{seed.query}" is not in the catalogue; {hint}')
