"""Item-kNN: recordings that share sets with the seeds."""

from __future__ import annotations

from typing import Literal, Self

import numpy as np
from implicit.nearest_neighbours import bm25_weight
from numpy.typing import NDArray
from scipy import sparse

from models.collaborative.interactions import Interactions, Query


class ItemKNN:
    """Sum of item-to-item similarities over the seeds.

    Parameters
    ----------
    weighting : {"cosine", "bm25"}
        Cosine of the set vectors, or the product of BM25-weighted ones with
        implicit's own defaults K1=1.2, B=0.75 (Robertson & Zaragoza 2009).
    """

    def __init__(self, weighting: Literal["cosine", "bm25"] = "cosine") -> None:
        self.weighting = weighting
        self.name = f"item-kNN ({weighting if weighting == 'cosine' else 'BM25'})"

    def fit(self, interactions: Interactions) -> Self:
        """Weight the set x recording matrix; similarities are found per query."""
        plays = interactions.plays
        if self.weighting == "cosine":
            norm = 1 / np.sqrt(np.maximum(interactions.popularity, 1))
            weighted = plays @ sparse.diags(norm)
        else:
            # implicit weights rows as documents; a recording is the document here.
            weighted = bm25_weight(plays.T.tocsr(), K1=1.2, B=0.75).T
        self._by_set = sparse.csr_matrix(weighted, dtype=np.float32)
        self._by_recording = sparse.csr_matrix(self._by_set.T)
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        """Similarity to all seeds together, shape (R,)."""
        sets = np.asarray(self._by_recording[query.recordings].sum(axis=0)).ravel()
        return np.asarray(self._by_set.T @ sets, dtype=np.float32)
