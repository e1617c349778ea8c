"""What a classifier is worth on clips it was not fitted on, as plain numbers for a card."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

#: Groups of wrong-tag counts, first and last number of each, as seed 000 reports them.
_GROUPS = ((0, 0), (1, 6), (7, 10), (11, 14), (15, None))


def tag_report(truth: NDArray[np.bool_], probabilities: NDArray[np.float32]) -> dict[str, Any]:
    """Measure multi-label predictions; a tag is predicted at a probability of one half.

    Parameters
    ----------
    truth : ndarray of bool, shape (n, tags)
    probabilities : ndarray of float32, shape (n, tags)

    Returns
    -------
    dict
        ``bce`` (mean binary cross-entropy), ``hamming_accuracy`` (share of right decisions),
        ``exact_match`` (share of rows with no wrong tag), ``wrong_tags`` and
        ``wrong_tags_grouped``: rows of ``{"wrong", "samples", "share"}``.

    Examples
    --------
    >>> report = tag_report(np.array([[True, False]]), np.array([[0.9, 0.8]], np.float32))
    >>> report["hamming_accuracy"], report["wrong_tags"]
    (0.5, [{'wrong': '1', 'samples': 1, 'share': 1.0}])
    """
    wrong = ((probabilities >= 0.5) != truth).sum(axis=1)
    return {
        "bce": float(metrics.log_loss(truth.ravel(), _pairs(probabilities), labels=[False, True])),
        "hamming_accuracy": float(1 - wrong.mean() / truth.shape[1]),
        "exact_match": float((wrong == 0).mean()),
        "wrong_tags": [
            _row(str(count), int(samples), len(wrong))
            for count, samples in zip(*np.unique(wrong, return_counts=True), strict=True)
        ],
        "wrong_tags_grouped": [
            _row(
                _named(first, last),
                int(((wrong >= first) & (wrong <= (np.inf if last is None else last))).sum()),
                len(wrong),
            )
            for first, last in _GROUPS
        ],
    }


def genre_report(
    truth: NDArray[np.intp], probabilities: NDArray[np.float32], genres: Sequence[str]
) -> dict[str, Any]:
    """Measure predictions of one genre out of several.

    Parameters
    ----------
    truth : ndarray of int, shape (n,)
        Number of the right genre in `genres`.
    probabilities : ndarray of float32, shape (n, g)
    genres : sequence of str
        g names.

    Returns
    -------
    dict
        ``log_loss``, ``accuracy``, ``precision``, ``recall`` and ``f1`` (means over the
        genres that occur, each counting alike), and ``genres``: the last three of each genre.
    """
    numbers = np.arange(len(genres))
    said = probabilities.argmax(axis=1)
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        truth, said, labels=numbers, zero_division=0
    )
    heard = support > 0
    return {
        "log_loss": float(metrics.log_loss(truth, _shares(probabilities), labels=numbers)),
        "accuracy": float(metrics.accuracy_score(truth, said)),
        "precision": float(precision[heard].mean()),
        "recall": float(recall[heard].mean()),
        "f1": float(f1[heard].mean()),
        "genres": {
            genre: {
                "precision": float(precision[row]),
                "recall": float(recall[row]),
                "f1": float(f1[row]),
                "samples": int(support[row]),
            }
            for row, genre in enumerate(genres)
        },
    }


def _pairs(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Chance against and for each tag, as log_loss wants them."""
    yes = probabilities.astype(np.float64).ravel()
    return np.column_stack([1 - yes, yes])


def _shares(probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """Take away what single precision left of a sum that is not quite one."""
    exact = probabilities.astype(np.float64)
    return exact / exact.sum(axis=1, keepdims=True)


def _row(wrong: str, samples: int, of: int) -> dict[str, Any]:
    return {"wrong": wrong, "samples": samples, "share": samples / of}


def _named(first: int, last: int | None) -> str:
    if last is None:
        return f"{first} or more"
    return str(first) if first == last else f"{first} to {last}"
