"""The sets that an evaluation splits, and what may be learned from one side of a split."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Snapshot
from data.errors import SegueError
from hybrid.corpus import decimal_years, interactions_of, played_next_of
from hybrid.evaluate.holdout import Split, without
from models.collaborative import Interactions, PlayedNext

#: Fewest sets that can be split into something to learn from and something to ask.
_LEAST_SETS = 20
_NONE = np.empty(0, np.intp)


@dataclass(frozen=True)
class Corpus:
    """The distinct sets of a catalogue with their dates.

    Parameters
    ----------
    keep : ndarray of intp
        Indices of these sets in the snapshot.
    """

    snapshot: Snapshot
    keep: NDArray[np.intp]
    interactions: Interactions
    years: NDArray[np.float64]
    near_duplicates: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> Corpus:
        """Drop near-duplicate sets, so that none is in training and test at once.

        Raises
        ------
        SegueError
            If there are too few sets to hold some out.
        """
        everything = interactions_of(snapshot)
        keep = everything.distinct_sets()
        if len(keep) < _LEAST_SETS:
            raise SegueError(
                f"The catalogue holds {len(keep)} distinct sets; at least {_LEAST_SETS} are "
                "needed to hold some out. Load more with `segue import tracklists`."
            )
        return cls(
            snapshot,
            keep,
            everything.keep_sets(keep),
            decimal_years(snapshot.set_dates)[keep],
            everything.n_askable - len(keep),
        )

    def played_next(self, sets: NDArray[np.intp], hidden: NDArray[np.intp] = _NONE) -> PlayedNext:
        """What follows what in some of the sets, as if nobody had noted the `hidden` tracks."""
        snapshot = self.snapshot
        if len(hidden):
            noted = ~np.isin(snapshot.play_recording, hidden)
            columns = ("set", "recording", "position", "with_previous", "chapter")
            snapshot = replace(
                snapshot,
                **{f"play_{name}": getattr(snapshot, f"play_{name}")[noted] for name in columns},
            )
        return played_next_of(snapshot, self.keep[sets])


@dataclass(frozen=True)
class Training:
    """All that one side of a split says; the other side is in none of it.

    Parameters
    ----------
    split : Split
    hidden : ndarray of intp
        Recordings that were taken out of all training sets.
    interactions : Interactions
        Training sets; every recording of the catalogue is among R.
    years : ndarray of float64, shape (S,)
    played_next : PlayedNext
    competing : ndarray of bool, shape (R,)
        Recordings that may come: all of the catalogue; where some were hidden, those of the
        training sets, hidden ones too, so that played and unplayed tracks are asked for alike.
    """

    split: Split
    hidden: NDArray[np.intp]
    interactions: Interactions
    years: NDArray[np.float64]
    played_next: PlayedNext
    competing: NDArray[np.bool_]

    @classmethod
    def of(cls, corpus: Corpus, split: Split, hidden: NDArray[np.intp] = _NONE) -> Training:
        """Learn from the training sets of a split, as if no set held the `hidden` tracks."""
        everything = corpus.interactions.keep_sets(split.train)
        trained = everything.popularity > 0
        return cls(
            split,
            hidden,
            without(everything, hidden),
            corpus.years[split.train],
            corpus.played_next(split.train, hidden),
            trained if len(hidden) else np.ones_like(trained),
        )
