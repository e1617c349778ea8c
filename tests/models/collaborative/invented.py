"""Small invented sets, as the models see them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from models.collaborative import AlsParameters, Interactions, PlayedNext, Query

#: Small enough to fit in a few milliseconds.
QUICK = AlsParameters(factors=8, regularization=0.05, alpha=2.0, iterations=8)

Sets = Sequence[Sequence[int]]


def interactions(
    sets: Sets,
    n_recordings: int | None = None,
    *,
    artists: Sequence[Sequence[int]] | None = None,
    labels: Sequence[int] | None = None,
) -> Interactions:
    """Sets as lists of recordings; artists and label (-1 for none) of each recording."""
    if n_recordings is None:
        n_recordings = 1 + max((r for s in sets for r in s), default=-1)
    artists = artists if artists is not None else [[]] * n_recordings
    labels = labels if labels is not None else [-1] * n_recordings
    return Interactions.from_arrays(
        len(sets),
        np.array([i for i, s in enumerate(sets) for _ in s], np.int32),
        np.array([r for s in sets for r in s], np.int32),
        np.cumsum([0, *map(len, artists)]).astype(np.int64),
        np.array([a for row in artists for a in row], np.int32),
        1 + max((a for row in artists for a in row), default=-1),
        np.array(labels, np.int32),
        1 + max(labels, default=-1),
    )


def played_next(sets: Sets, n_recordings: int) -> PlayedNext:
    """Sets without gaps, layers or chapters."""
    n_plays = sum(map(len, sets))
    return PlayedNext().fit_plays(
        np.array([i for i, s in enumerate(sets) for _ in s], np.int32),
        np.array([r for s in sets for r in s], np.int32),
        np.array([p for s in sets for p in range(1, len(s) + 1)], np.int32),
        np.zeros(n_plays, bool),
        np.zeros(n_plays, np.int32),
        n_recordings,
    )


def query(*recordings: int, of: Interactions | None = None) -> Query:
    """Seeds by index, with their artists and labels where `of` is given."""
    rows = list(recordings)
    artists: dict[int, float] = {}
    labels: dict[int, float] = {}
    if of is not None:
        for index in of.artists[rows].indices.tolist():
            artists[index] = artists.get(index, 0) + 1
        for index in of.labels[rows].indices.tolist():
            labels[index] = labels.get(index, 0) + 1
    return Query(np.array(rows, np.intp), artists, labels)


def random_sets(n_sets: int, n_recordings: int, *, size: int = 5, seed: int = 0) -> list[list[int]]:
    rng = np.random.default_rng(seed)
    return [rng.choice(n_recordings, size, replace=False).tolist() for _ in range(n_sets)]
