"""Retrieval: whether the nearest vectors belong to what is known to belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.encoders.contract import Encoder


def similarities(
    queries: NDArray[np.float32], candidates: NDArray[np.float32], metric: str
) -> NDArray[np.float64]:
    """Closeness of each query, shape (q, d), to each candidate, shape (c, d); higher is nearer."""
    a, b = np.asarray(queries, np.float64), np.asarray(candidates, np.float64)
    if metric == "cosine":
        a = a / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-12)
        b = b / np.maximum(np.linalg.norm(b, axis=1, keepdims=True), 1e-12)
        return a @ b.T
    squares = (a**2).sum(axis=1)[:, None] + (b**2).sum(axis=1)[None, :] - 2 * a @ b.T
    return -np.sqrt(np.maximum(squares, 0.0))


def same_label(
    vectors: NDArray[np.float32], labels: list[str], metric: str, *, k: int = 10
) -> dict[str, float]:
    """Look among all other rows for those that carry the same label.

    Rows with an empty label, or one that no other row carries, are candidates but no queries.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
    labels : list of str, length n
    metric : {"cosine", "euclidean"}
    k : int
        Length of the list that recall looks at.

    Returns
    -------
    dict
        ``queries``, ``map`` (mean average precision) and ``recall`` (found within the
        first `k`, of those there are, at most `k`); NaN where there is no query.
    """
    names = np.array(labels)
    closeness = similarities(vectors, vectors, metric)
    np.fill_diagonal(closeness, -np.inf)
    precisions, recalls = [], []
    for row, label in enumerate(names):
        relevant = (names == label) & (np.arange(len(names)) != row)
        if not label or not relevant.any():
            continue
        hits = relevant[np.argsort(-closeness[row], kind="stable")[:-1]]
        places = np.flatnonzero(hits)
        precisions.append(float(np.mean(np.arange(1, len(places) + 1) / (places + 1))))
        recalls.append(hits[:k].sum() / min(len(places), k))
    return {
        "queries": float(len(recalls)),
        "map": float(np.mean(precisions)) if precisions else float("nan"),
        "recall": float(np.mean(recalls)) if recalls else float("nan"),
    }


def same_track(
    first: NDArray[np.float32], second: NDArray[np.float32], metric: str
) -> dict[str, float]:
    """Look for each track's other half among the other halves of all tracks.

    Parameters
    ----------
    first, second : ndarray of float32, shape (n, d)
        Vectors of the two halves; row i of both is one track.

    Returns
    -------
    dict
        ``queries``, ``map`` (with one right answer: the mean reciprocal rank) and
        ``recall`` at 1.
    """
    closeness = similarities(first, second, metric)
    own = np.diag(closeness)
    ranks = 1 + (closeness > own[:, None]).sum(axis=1)
    return {
        "queries": float(len(ranks)),
        "map": float(np.mean(1.0 / ranks)),
        "recall": float(np.mean(ranks == 1)),
    }


def halves(
    encoder: Encoder, samples: NDArray[np.float32]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Embed the first and the second half of a track on their own."""
    middle = len(samples) // 2
    return encoder.embed_track(samples[:middle]), encoder.embed_track(samples[middle:])
