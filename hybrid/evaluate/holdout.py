"""Sets held out of training, cut into seeds and targets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.collaborative import Interactions, Query

#: Share of the sets that is held out.
HELD_OUT = 0.2


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
    """

    set_index: int
    query: Query
    warm: NDArray[np.intp]
    cold: NDArray[np.intp]


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


def queries(
    interactions: Interactions,
    split: Split,
    *,
    seeds: float,
    draws: int = 3,
    rng_seed: int = 0,
) -> Iterator[HeldOutQuery]:
    """Cut each held-out set into seeds and targets, `draws` times at random.

    A seed that no training set has held is known only by its artists, as when a DJ types it:
    neither its label nor its own factors are used.

    Parameters
    ----------
    seeds : float
        Number of seeds if 1 or more, else the share of the set. At least one track is
        always left as target.
    """
    popularity = interactions.keep_sets(split.train).popularity
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
            known = chosen[popularity[chosen] > 0].astype(np.intp)
            yield HeldOutQuery(
                set_index,
                Query(
                    known,
                    _count(_artists(interactions, chosen)),
                    _count(interactions.labels[known].indices),
                ),
                rest[popularity[rest] > 0].astype(np.intp),
                rest[popularity[rest] == 0].astype(np.intp),
            )


def _artists(interactions: Interactions, tracks: NDArray[np.int32]) -> NDArray[np.int32]:
    return interactions.artists[tracks].indices


def _count(values: NDArray[np.integer]) -> dict[int, float]:
    unique, counts = np.unique(values, return_counts=True)
    return dict(zip(unique.tolist(), counts.astype(float).tolist(), strict=True))
