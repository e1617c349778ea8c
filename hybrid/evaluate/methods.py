"""The methods that are compared: honest baselines, and what Segue ships."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hybrid import tuned
from hybrid.fusion import Fusion, Weights
from models.collaborative import (
    AlsParameters,
    ArtistsGreatestHits,
    Interactions,
    ItemKNN,
    JointALS,
    PlayedNext,
    Popularity,
    Query,
    Scorer,
)
from models.collaborative.als import AlsItemSimilarity

Score = Callable[[Query], NDArray[np.float32]]

#: Name of the method that is what `segue recommend` does, rules and all.
SEGUE = "Segue, as shipped"
WITHOUT_RULES = "Segue, without rules"


@dataclass(frozen=True)
class Method:
    """A name, a way to score, and whether the default rules apply to its ranking."""

    name: str
    score: Score
    rules: bool = False


def all_methods(
    train: Interactions,
    years: NDArray[np.float64],
    played_next: PlayedNext,
    *,
    parameters: AlsParameters | None = None,
    weights: Weights | None = None,
) -> list[Method]:
    """Fit every method on the training sets.

    Parameters
    ----------
    train : Interactions
        Training sets, near-duplicates dropped; recordings no set holds may be among R.
    years : ndarray of float64, shape (S,)
        Dates of the training sets.
    played_next : PlayedNext
        Fitted on the training sets.
    """
    parameters = parameters or tuned.als_parameters()
    baselines: list[Scorer] = [
        Popularity().fit(train),
        ItemKNN("cosine").fit(train),
        ItemKNN("bm25").fit(train),
        ArtistsGreatestHits().fit(train),
        AlsItemSimilarity(JointALS(parameters, with_artists=False)).fit(train),
        JointALS(parameters, with_artists=False).fit(train),
        played_next,
    ]
    fusion = Fusion(
        train, years, JointALS(parameters).fit(train), played_next, weights or tuned.weights()
    )
    return [
        *(Method(b.name, b.score) for b in baselines),
        Method(WITHOUT_RULES, fusion.score),
        Method(SEGUE, fusion.score, rules=True),
    ]
