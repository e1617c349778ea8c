"""Chooses the parameters that ship, on sets that the evaluation's split by date trains on.

The last fifth of the sets by date is never seen here: that is what `hybrid.evaluate` reports
on. What is left is walked through in time: train on the sets up to a moment, ask about the
sets that came next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from hybrid.evaluate.holdout import Split, queries, split_by_date
from hybrid.evaluate.metrics import CUTOFF, ndcg
from hybrid.evaluate.run import SEEDS, Corpus
from hybrid.fusion import Fusion, Weights
from models.collaborative import AlsParameters, JointALS

#: Windows of the training sets, as shares of them in order of time: (train up to, ask up to).
WINDOWS = ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.0))
#: More than 8 iterations change nothing (NDCG@50 0.0751 after 8 as after 15).
GRID = [
    AlsParameters(factors=factors, regularization=regularization, alpha=alpha, iterations=10)
    for factors in (16, 32, 64)
    for regularization in (0.05, 1.0)
    for alpha in (2.0, 5.0, 10.0)
]
#: Candidates of one query that the weights are learned on, per signal.
_DEPTH = 300
#: Keeps the weights of signals that always speak together apart.
_RIDGE = 1e-3


@dataclass(frozen=True)
class Example:
    """One query's likeliest candidates.

    Parameters
    ----------
    signals : ndarray of float32, shape (C, n)
        The n signals of C candidates.
    hit : ndarray of bool, shape (C,)
        Which candidates are targets.
    targets : int
        Targets of the query, also those that are not among the candidates.
    """

    signals: NDArray[np.float32]
    hit: NDArray[np.bool_]
    targets: int


def windows(corpus: Corpus) -> list[Split]:
    """Rolling windows over the training part of the split by date."""
    order = split_by_date(corpus.years).train
    cuts = [(int(a * len(order)), int(b * len(order))) for a, b in WINDOWS]
    return [Split(f"window {i}", order[:a], order[a:b]) for i, (a, b) in enumerate(cuts)]


def tune(corpus: Corpus, progress: Callable[[str], None] = print) -> dict[str, Any]:
    """Choose ALS parameters and the weights of the signals together.

    For each set of parameters, weights are learned on all windows but one and judged by
    NDCG@50 on that one, in turn. The best parameters get weights learned on all windows.

    Returns
    -------
    dict
        ``als`` and ``weights`` as `hybrid.tuned` reads them, and ``grid``, the NDCG@50 of
        each set of parameters.
    """
    splits = windows(corpus)
    grid: list[tuple[float, AlsParameters]] = []
    examples: list[Example] = []
    for parameters in GRID:
        found = [list(_examples(corpus, split, parameters)) for split in splits]
        score = float(np.mean([_left_out(found, i) for i in range(len(found))]))
        if not grid or score > max(grid, key=lambda row: row[0])[0]:
            examples = [example for window in found for example in window]
        grid.append((score, parameters))
        progress(f"{score:.4f} {parameters}")
    learned = learn(examples)
    return {
        "als": max(grid, key=lambda row: row[0])[1].as_dict(),
        "weights": dict(zip(Weights.names(), learned.round(2).tolist(), strict=True)),
        "examples": len(examples),
        "grid": [{"ndcg@50": round(score, 4), **p.as_dict()} for score, p in grid],
    }


def learn(examples: list[Example]) -> NDArray[np.float64]:
    """Weights >= 0 under which the targets are most likely, by softmax over the candidates.

    The loss is convex, so the result does not depend on a start or on chance.
    """
    useful = [(e.signals, e.hit) for e in examples if e.hit.any()]
    n = useful[0][0].shape[1]

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, gradient = 0.0, np.zeros(n)
        for signals, hit in useful:
            scores = signals @ weights
            chance = np.exp(scores - scores.max())
            log_sum = np.log(chance.sum()) + scores.max()
            total += log_sum - scores[hit].mean()
            gradient += (chance / chance.sum()) @ signals - signals[hit].mean(axis=0)
        scale = 1 / len(useful)
        ridge = _RIDGE * weights
        return total * scale + float(weights @ ridge), gradient * scale + 2 * ridge

    found = minimize(loss, np.full(n, 0.5), jac=True, method="L-BFGS-B", bounds=[(0, None)] * n)
    return np.asarray(found.x)


def _left_out(found: list[list[Example]], index: int) -> float:
    """NDCG@50 on one window with weights learned on the others."""
    others = [e for i, window in enumerate(found) if i != index for e in window]
    weights = learn(others)
    return float(np.mean([_ndcg(example, weights) for example in found[index]]))


def _ndcg(example: Example, weights: NDArray[np.float64]) -> float:
    order = np.argsort(-(example.signals @ weights), kind="stable")[:CUTOFF]
    return ndcg(example.hit[order], example.targets)


def _examples(corpus: Corpus, split: Split, parameters: AlsParameters) -> Iterator[Example]:
    """Signals of the likeliest candidates of each query, and which are targets."""
    train = corpus.interactions.keep_sets(split.train)
    als = JointALS(parameters).fit(train)
    played_next = corpus.played_next(split.train)
    fusion = Fusion(train, corpus.years[split.train], als, played_next, Weights())
    played = train.popularity > 0
    for seeds in SEEDS.values():
        for held_out in queries(corpus.interactions, split, seeds=seeds, draws=2):
            if not len(held_out.warm):
                continue
            signals = np.stack(list(fusion.signals(held_out.query).values()), axis=1)
            signals[~played] = 0
            signals[held_out.query.recordings] = 0
            columns = [*signals.T, signals.sum(axis=1)]
            depth = min(_DEPTH, len(signals) - 1)
            likely = [np.argpartition(-column, depth)[:depth] for column in columns]
            chosen = np.unique(np.concatenate(likely))
            hit = np.isin(chosen, held_out.warm)
            yield Example(signals[chosen], hit, len(held_out.warm))
