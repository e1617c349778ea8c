"""Linear probe: how much of a label a linear classifier finds in a vector.

Artists are kept apart: an artist's clips share a studio, a singer and a master, and a
probe that has heard the artist answers for that (Pampalk, Flexer & Widmer, ISMIR 2005).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

from models.encoders.contract import Clip

#: Strengths of regularisation to choose from, inside the training folds only.
_STRENGTHS = np.logspace(-5, 1, 7)
#: Parts that the training rows are cut into for that.
_PARTS = 4


@dataclass(frozen=True, eq=False)
class Fold:
    """Rows to learn from and rows to measure on; no artist stands in both."""

    training: NDArray[np.intp]
    test: NDArray[np.intp]


def artist_groups(clips: Sequence[Clip]) -> NDArray[np.intp]:
    """Number the artists; a clip without one is an artist of its own."""
    names = [clip.artist or f"\0{row}" for row, clip in enumerate(clips)]
    return np.unique(names, return_inverse=True)[1]


def artist_folds(clips: Sequence[Clip], *, count: int = 5, seed: int = 0) -> list[Fold]:
    """Cut clips into folds, disjoint by artist and with like shares of the genres.

    Parameters
    ----------
    clips : sequence of Clip
        n clips.
    count : int
        Number of folds.
    seed : int
        Another seed cuts otherwise.

    Returns
    -------
    list of Fold
        `count` folds; each of the n rows is in exactly one test part.
    """
    groups = artist_groups(clips)
    genres = np.array([clip.genre for clip in clips])
    cutter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    return [Fold(a, b) for a, b in cutter.split(np.zeros(len(clips)), genres, groups)]


def linear_probe(
    training: NDArray[np.float32],
    labels: NDArray[np.str_],
    groups: NDArray[np.intp],
    test: NDArray[np.float32],
) -> NDArray[np.str_]:
    """Predict labels with logistic regression on standardised vectors.

    Its strength of regularisation is chosen on the training rows, disjoint by group.

    Parameters
    ----------
    training : ndarray of float32, shape (n, d)
    labels : ndarray of str, shape (n,)
    groups : ndarray of int, shape (n,)
        Artists of the training rows.
    test : ndarray of float32, shape (m, d)

    Returns
    -------
    ndarray of str, shape (m,)
    """
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=2000))
    grid = {"logisticregression__C": _STRENGTHS}
    # Log-loss moves with every row, the share of right answers in jumps of one row of few.
    return _chosen(model, grid, "neg_log_loss", training, labels, groups).predict(test)


def svm_probe(
    training: NDArray[np.float32],
    labels: NDArray[np.str_],
    groups: NDArray[np.intp],
    test: NDArray[np.float32],
) -> NDArray[np.str_]:
    """Predict labels with an RBF support vector machine, as `linear_probe` does otherwise."""
    model = make_pipeline(StandardScaler(), SVC())
    grid = {"svc__C": [0.3, 1.0, 3.0, 10.0, 30.0], "svc__gamma": ["scale", "auto"]}
    return _chosen(model, grid, "accuracy", training, labels, groups).predict(test)


def _chosen(
    model: Pipeline,
    grid: dict[str, Any],
    scoring: str,
    training: NDArray[np.float32],
    labels: NDArray[np.str_],
    groups: NDArray[np.intp],
) -> BaseEstimator:
    """Fit with the best of `grid`, chosen on parts that are disjoint by artist."""
    artists = [len(np.unique(groups[labels == label])) for label in np.unique(labels)]
    if min(artists) < 2:  # no part could be left out without a label
        return model.fit(training, labels)
    # Every part has to know every label, or the choice is made by those that do not.
    cut = StratifiedGroupKFold(min(_PARTS, *artists))
    search = GridSearchCV(model, grid, scoring=scoring, cv=cut, error_score="raise")
    return search.fit(training, labels, groups=groups)
