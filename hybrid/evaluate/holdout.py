"""Sets held out of training, cut into seeds and targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.collaborative import Interactions, Query

#: Share of the sets that is held out.
HELD_OUT = 0.2
#: Tracks given as seeds: one, a handful, half of the set.
SEEDS: dict[str, float] = {"1": 1, "5": 5, "half": 0.5}
#: Share of the recordings of training sets that is hidden from all of them.
HIDDEN = 0.2


@dataclass(frozen=True)
class Split:
    """Training sets and held-out sets, both as indices into the interactions."""

    name: str
    train: NDArray[np.intp]
    test: NDArray[np.intp]


@dataclass(frozen=True)
class HeldOutQuery:
    """Some tracks of a held-out set as seeds, the others as targets.

    `warm` targets were played in a training set, `cold` ones in none.

    Parameters
    ----------
    seeds : ndarray of intp
        Every track given as seed, also those that no training set has held.
    """

    set_index: int
    query: Query
    warm: NDArray[np.intp]
    cold: NDArray[np.intp]
    seeds: NDArray[np.intp]


def split_by_date(years: NDArray[np.float64], held_out: float = HELD_OUT) -> Split:
    """Hold out the latest sets; those without a date stay in training."""
    order = np.argsort(np.where(np.isnan(years), -np.inf, years), kind="stable")
    cut = len(order) - round(held_out * len(order))
    return Split("by date", order[:cut], order[cut:])


def split_at_random(n_sets: int, held_out: float = HELD_OUT, seed: int = 0) -> Split:
    """Hold out sets drawn at random."""
    order = np.random.default_rng(seed).permutation(n_sets)
    cut = n_sets - round(held_out * n_sets)
    return Split("random", np.sort(order[:cut]), np.sort(order[cut:]))


def hide(
    interactions: Interactions, split: Split, share: float = HIDDEN, seed: int = 0
) -> NDArray[np.intp]:
    """Draw recordings of the training sets to be hidden from all of them.

    Drawn among all, whether a held-out set plays them or not: a hidden track is as likely to be
    asked for as another, so nothing is won by showing tracks for being unplayed.
    """
    trained = np.flatnonzero(interactions.keep_sets(split.train).popularity > 0)
    drawn = np.random.default_rng(seed).permutation(trained)[: round(share * len(trained))]
    return np.sort(drawn)


def without(interactions: Interactions, hidden: NDArray[np.intp]) -> Interactions:
    """The same sets and recordings, as if nobody had noted the `hidden` ones."""
    if not len(hidden):
        return interactions
    noted = np.ones(interactions.n_recordings, np.float32)
    noted[hidden] = 0
    plays = sparse.csr_matrix(interactions.plays @ sparse.diags(noted), dtype=np.float32)
    plays.eliminate_zeros()
    plays.sort_indices()
    return Interactions(plays, interactions.artists, interactions.labels)


def queries(
    interactions: Interactions,
    split: Split,
    *,
    seeds: float,
    draws: int = 3,
    rng_seed: int = 0,
    hidden: NDArray[np.intp] | None = None,
) -> Iterator[HeldOutQuery]:
    """Cut each held-out set into seeds and targets, `draws` times at random.

    A seed that no training set has held is known only by its artists, as when a DJ types it:
    neither its label nor its own factors are used.

    Parameters
    ----------
    seeds : float
        Number of seeds if 1 or more, else the share of the set. At least one track is
        always left as target.
    hidden : ndarray of intp, optional
        Recordings that were taken out of all training sets.
    """
    popularity = interactions.keep_sets(split.train).popularity.copy()
    if hidden is not None:
        popularity[hidden] = 0
    rng = np.random.default_rng(rng_seed)
    plays = interactions.plays
    for set_index in split.test.tolist():
        tracks = plays.indices[plays.indptr[set_index] : plays.indptr[set_index + 1]]
        if len(tracks) < 2:
            continue
        count = int(seeds) if seeds >= 1 else max(1, int(len(tracks) * seeds))
        for _ in range(draws):
            order = rng.permutation(tracks)
            count = min(count, len(tracks) - 1)
            chosen, rest = order[:count], order[count:]
            yield HeldOutQuery(
                set_index,
                query_of(interactions, popularity, chosen),
                rest[popularity[rest] > 0].astype(np.intp),
                rest[popularity[rest] == 0].astype(np.intp),
                chosen.astype(np.intp),
            )


def query_of(
    interactions: Interactions, popularity: NDArray[np.float32], seeds: NDArray[np.integer]
) -> Query:
    """What is known of seeds, if training sets hold each recording `popularity` times."""
    known = seeds[popularity[seeds] > 0].astype(np.intp)
    return Query(
        known,
        _count(interactions.artists[seeds].indices),
        _count(interactions.labels[known].indices),
    )


def _count(values: NDArray[np.integer]) -> dict[int, float]:
    unique, counts = np.unique(values, return_counts=True)
    return dict(zip(unique.tolist(), counts.astype(float).tolist(), strict=True))
