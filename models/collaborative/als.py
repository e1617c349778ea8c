"""Factors from real sets by alternating least squares.

Recordings are rare: nine in ten occur in one set only. Their artists and labels are not,
so a set is described by all three: the matrix is set x (recordings, artists, labels), and
one factorisation places them in one space. A track nobody has played yet is then still
reached through its artist or label, and a seed no set has held still moves the query.

Hu, Koren & Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008,
fitted by implicit (benfred/implicit). Seeds are folded in as a new set.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import bm25_weight
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from models.collaborative.interactions import Interactions, Query

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class AlsParameters:
    """Parameters of the factorisation; those that ship are chosen by evaluation.

    `k1` and `b` are those of the BM25 weighting of the set x token matrix.
    """

    factors: int = 64
    regularization: float = 0.05
    alpha: float = 2.0
    iterations: int = 15
    k1: float = 100.0
    b: float = 0.8
    seed: int = 7

    def as_dict(self) -> dict[str, Any]:
        """Parameters for a model card."""
        return asdict(self)


class JointALS:
    """ALS over sets x (recordings, artists, labels), queried by fold-in.

    Parameters
    ----------
    with_artists : bool
        False leaves artists and labels out: the plain method, for comparison.

    Attributes
    ----------
    recordings, artists, labels : ndarray of float32, shapes (R, f), (A, f), (L, f)
        Factors. A recording that no set holds has the zero vector.
    confidence : ndarray of float32, shape (R + A + L,)
        Mean confidence of a token where it occurs; the fold-in's weight for it.
    """

    name = "ALS, fold-in"

    def __init__(
        self, parameters: AlsParameters | None = None, *, with_artists: bool = True
    ) -> None:
        self.parameters = parameters or AlsParameters()
        self._with_artists = with_artists

    def confidences(self, interactions: Interactions) -> sparse.csr_matrix:
        """BM25-weighted set x token matrix, the input of the factorisation."""
        p = self.parameters
        tokens = interactions.tokens() if self._with_artists else interactions.plays
        return bm25_weight(tokens, K1=p.k1, B=p.b).tocsr().astype(np.float32)

    def fit(self, interactions: Interactions, progress: Progress | None = None) -> Self:
        """Factorise S sets; `progress` is called with (iteration, iterations)."""
        matrix = self.confidences(interactions)
        p = self.parameters
        model = AlternatingLeastSquares(
            factors=p.factors,
            regularization=p.regularization,
            alpha=p.alpha,
            iterations=p.iterations,
            random_state=p.seed,
        )

        def report(iteration: int, _elapsed: float, _loss: float | None = None) -> None:
            if progress:
                progress(iteration + 1, p.iterations)

        with threadpool_limits(1, "blas"):
            model.fit(matrix, show_progress=False, callback=report)
        occurrences = np.maximum(matrix.getnnz(axis=0), 1)
        confidence = np.asarray(matrix.sum(axis=0)).ravel() / occurrences
        shape = (interactions.n_recordings, interactions.artists.shape[1])
        return self.restore(
            model.item_factors, confidence, shape, interactions.artist_share, interactions.labels
        )

    def restore(
        self,
        factors: NDArray[np.float32],
        confidence: NDArray[np.floating],
        shape: tuple[int, int],
        artist_share: sparse.csr_matrix,
        labels: sparse.csr_matrix,
    ) -> Self:
        """Take factors from a fit or an artefact.

        Parameters
        ----------
        factors : ndarray of float32, shape (R + A + L, f)
            Only the first R rows without artists.
        confidence : ndarray, shape (R + A + L,)
        shape : tuple of int
            R and A.
        """
        n_recordings, n_artists = shape
        self.factors = np.asarray(factors, np.float32)
        self.confidence = np.asarray(confidence, np.float32)
        self.recordings = self.factors[:n_recordings]
        self.artists = self.factors[n_recordings : n_recordings + n_artists]
        self.labels = self.factors[n_recordings + n_artists :]
        self._artist_share = artist_share
        self._labels = labels
        played = self.confidence[:n_recordings]
        played = played[played > 0]
        self._usual = float(played.mean()) if len(played) else 1.0
        # Y^T Y + lambda I of the paper's equation 4, the same for every query.
        self._gram = self.factors.T @ self.factors + self.parameters.regularization * np.eye(
            self.factors.shape[1], dtype=np.float32
        )
        return self

    def fold_in(
        self, query: Query, guessed: NDArray[np.float32] | None = None
    ) -> NDArray[np.float32]:
        """Factors of the set that the seeds would make, shape (f,).

        Solves equation 4 of the paper, x = (Y^T C Y + lambda I)^-1 Y^T C p, for the
        seeds' recordings, artists and labels. All zeros when none of them is known.

        Parameters
        ----------
        query : Query
        guessed : ndarray of float32, shape (m, f), optional
            Factors of further seeds that no set holds, guessed from something else. Each
            counts as a recording of the usual confidence.
        """
        n_recordings, n_artists = len(self.recordings), len(self.artists)
        index = [query.recordings]
        if self._with_artists:
            index.append(np.fromiter(query.artists, np.intp) + n_recordings)
            index.append(np.fromiter(query.labels, np.intp) + n_recordings + n_artists)
        tokens = np.concatenate(index)
        y = self.factors[tokens]
        c = self.parameters.alpha * self.confidence[tokens]
        if guessed is not None:
            y = np.concatenate([y, guessed])
            usual = self.parameters.alpha * self._usual
            c = np.concatenate([c, np.full(len(guessed), usual, np.float32)])
        left = self._gram + (y.T * (c - 1)) @ y
        return np.linalg.solve(left, y.T @ c).astype(np.float32)

    def by_artist(self, user: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score by the factors of a recording's artists, their mean, shape (R,)."""
        return np.asarray(self._artist_share @ (self.artists @ user), np.float32)

    def by_label(self, user: NDArray[np.float32]) -> NDArray[np.float32]:
        """Score by the factors of a recording's label, shape (R,)."""
        return np.asarray(self._labels @ (self.labels @ user), np.float32)

    def score(self, query: Query) -> NDArray[np.float32]:
        """Score by the recording's own factors, shape (R,)."""
        return self.recordings @ self.fold_in(query)


class AlsItemSimilarity:
    """The habit Segue does without: cosine between the factors of seeds and items, averaged."""

    name = "ALS, item similarity"

    def __init__(self, als: JointALS) -> None:
        self._als = als

    def fit(self, interactions: Interactions) -> Self:
        """Fit the factors and bring them to unit length."""
        factors = self._als.fit(interactions).recordings
        norm = np.linalg.norm(factors, axis=1, keepdims=True)
        self._unit = factors / np.maximum(norm, np.finfo(np.float32).tiny)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        """Mean cosine to the seeds, shape (R,)."""
        if not len(query.recordings):
            return np.zeros(len(self._unit), np.float32)
        return self._unit @ self._unit[query.recordings].mean(axis=0)
