"""Ranking metrics over held-out sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

#: Length of the list that is judged.
CUTOFF = 50
_SHORT = 10
_COLLECTED = ("recall_10", "recall_50", "ndcg_50", "mrr", "hits_1", "novelty")
_DISCOUNT = 1 / np.log2(np.arange(2, CUTOFF + 2))
_IDEAL = np.cumsum(_DISCOUNT)


def ndcg(hits: NDArray[np.bool_], targets: int) -> float:
    """NDCG of one list of at most 50, best first, of which `hits` are among the targets."""
    return float(hits @ _DISCOUNT[: len(hits)]) / float(_IDEAL[min(targets, CUTOFF) - 1])


@dataclass
class Tally:
    """Collects one method's answers to many queries.

    Parameters
    ----------
    popularity : ndarray of float32, shape (R,)
        Training sets of each recording, for novelty.
    n_sets : int
        Number of training sets.
    """

    popularity: NDArray[np.float32]
    n_sets: int
    recall_10: list[float] = field(default_factory=list)
    recall_50: list[float] = field(default_factory=list)
    ndcg_50: list[float] = field(default_factory=list)
    mrr: list[float] = field(default_factory=list)
    hits_1: list[float] = field(default_factory=list)
    novelty: list[float] = field(default_factory=list)
    recommended: set[int] = field(default_factory=set)

    def add(self, top: NDArray[np.intp], targets: NDArray[np.intp]) -> None:
        """Judge one list of at most 50 recordings against the targets of its query."""
        # Both are short: comparing all with all is faster than sorting.
        hits = (top[:, np.newaxis] == targets).any(axis=1)
        self.recall_10.append(hits[:_SHORT].sum() / len(targets))
        self.recall_50.append(hits.sum() / len(targets))
        self.ndcg_50.append(ndcg(hits, len(targets)))
        self.hits_1.append(float(hits[:1].sum()))
        self.mrr.append(1 / (int(np.argmax(hits)) + 1) if hits.any() else 0.0)
        if len(top):
            # Self-information in bits; one more set keeps unplayed tracks finite.
            share = (self.popularity[top] + 1) / (self.n_sets + 1)
            self.novelty.append(float(-np.log2(share).mean()))
        self.recommended.update(top.tolist())

    @classmethod
    def join(cls, tallies: Sequence[Tally]) -> Tally:
        """Put the answers of one method to several kinds of queries together."""
        joined = cls(tallies[0].popularity, tallies[0].n_sets)
        for tally in tallies:
            for name in _COLLECTED:
                getattr(joined, name).extend(getattr(tally, name))
            joined.recommended |= tally.recommended
        return joined

    def means(self, n_candidates: int) -> dict[str, float]:
        """Metrics averaged over the queries.

        Coverage is the share of `n_candidates` recordings that was recommended at least
        once; novelty the mean self-information of a recommendation in bits.
        """
        return {
            "recall@10": _mean(self.recall_10),
            "recall@50": _mean(self.recall_50),
            "ndcg@50": _mean(self.ndcg_50),
            "mrr": _mean(self.mrr),
            "hits@1": _mean(self.hits_1),
            "coverage": len(self.recommended) / max(n_candidates, 1),
            "novelty": _mean(self.novelty),
        }


def margin(
    ours: list[float], theirs: list[float], groups: NDArray[np.intp], draws: int = 2000
) -> tuple[float, float]:
    """95% bootstrap interval of the mean difference between two methods.

    Whole sets are drawn, because the queries of one set are not independent.

    Parameters
    ----------
    ours, theirs : list of float, length Q
        One metric of both methods on the same queries.
    groups : ndarray of intp, shape (Q,)
        The set each query was cut from.
    """
    if not ours:
        return 0.0, 0.0
    difference = np.asarray(ours) - np.asarray(theirs)
    _, group = np.unique(groups, return_inverse=True)
    totals = np.bincount(group, weights=difference)
    counts = np.bincount(group)
    rng = np.random.default_rng(0)
    picks = rng.integers(len(totals), size=(draws, len(totals)))
    means = totals[picks].sum(axis=1) / counts[picks].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def _mean(values: list[float]) -> float:
    return float(np.mean(values)) if values else 0.0
