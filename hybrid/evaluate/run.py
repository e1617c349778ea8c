"""Runs every method over every held-out set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue, Snapshot
from data.errors import SegueError
from hybrid.corpus import decimal_years, interactions_of, played_next_of
from hybrid.evaluate.holdout import (
    HeldOutQuery,
    Split,
    queries,
    split_at_random,
    split_by_date,
)
from hybrid.evaluate.methods import Method, all_methods
from hybrid.evaluate.metrics import CUTOFF, Tally
from hybrid.evaluate.report import Report, Row
from hybrid.rules import Rules, Selection
from models.collaborative import Interactions, PlayedNext

#: Tracks given as seeds: one, a handful, half of the set.
SEEDS: dict[str, float] = {"1": 1, "5": 5, "half": 0.5}
#: Fewest sets that can be split into something to learn from and something to ask.
_LEAST_SETS = 20

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Corpus:
    """The distinct sets of a catalogue with their dates.

    Parameters
    ----------
    keep : ndarray of intp
        Indices of these sets in the snapshot.
    """

    snapshot: Snapshot
    keep: NDArray[np.intp]
    interactions: Interactions
    years: NDArray[np.float64]
    near_duplicates: int

    @classmethod
    def of(cls, snapshot: Snapshot) -> Corpus:
        """Drop near-duplicate sets, so that none is in training and test at once."""
        everything = interactions_of(snapshot)
        keep = everything.distinct_sets()
        if len(keep) < _LEAST_SETS:
            raise SegueError(
                f"The catalogue holds {len(keep)} distinct sets; at least {_LEAST_SETS} are "
                "needed to hold some out. Load more with `segue import tracklists`."
            )
        return cls(
            snapshot,
            keep,
            everything.keep_sets(keep),
            decimal_years(snapshot.set_dates)[keep],
            everything.n_askable - len(keep),
        )

    def played_next(self, sets: NDArray[np.intp]) -> PlayedNext:
        """What follows what in some of the sets."""
        return played_next_of(self.snapshot, self.keep[sets])


def evaluate(catalogue: Catalogue, *, draws: int = 3, progress: Progress | None = None) -> Report:
    """Hold out sets by date and at random and compare all methods on them.

    Parameters
    ----------
    draws : int
        How often each held-out set is cut into seeds and targets.
    progress : callable, optional
        Called with a sentence at each step.

    Raises
    ------
    SegueError
        If there are too few sets to hold some out.
    """
    corpus = Corpus.of(catalogue.snapshot())
    n_sets = corpus.interactions.n_sets
    report = Report(
        fingerprint=catalogue.fingerprint(),
        sets=n_sets,
        near_duplicates=corpus.near_duplicates,
        recordings=int(np.count_nonzero(corpus.interactions.popularity)),
        draws=draws,
    )
    for split in (split_by_date(corpus.years), split_at_random(n_sets)):
        if progress:
            progress(f"Training on {len(split.train)} sets, split {split.name}")
        report.rows += compare(corpus, split, draws=draws, progress=progress)
    return report


def compare(
    corpus: Corpus, split: Split, *, draws: int, progress: Progress | None = None
) -> list[Row]:
    """All methods on one split, for each number of seeds, warm and cold targets apart."""
    train = corpus.interactions.keep_sets(split.train)
    methods = all_methods(train, corpus.years[split.train], corpus.played_next(split.train))
    rows: list[Row] = []
    for label, seeds in SEEDS.items():
        asked = list(queries(corpus.interactions, split, seeds=seeds, draws=draws))
        for target in ("warm", "cold"):
            if progress:
                progress(f"Split {split.name}, {label} seeds, {target} targets")
            rows += _judge(corpus, train, methods, asked, split.name, label, target)
    return rows


def _judge(
    corpus: Corpus,
    train: Interactions,
    methods: list[Method],
    asked: list[HeldOutQuery],
    split: str,
    seeds: str,
    target: str,
) -> list[Row]:
    """Rank for each query. Warm targets compete with warm tracks, cold ones with all."""
    relevant = [q for q in asked if len(getattr(q, target))]
    played = train.popularity > 0
    candidates = played if target == "warm" else np.ones_like(played)
    selection = Selection(Rules.for_length(CUTOFF), corpus.snapshot.work_index, train.artists)
    rows = []
    for method in methods:
        tally = Tally(train.popularity, train.n_sets)
        for held_out in relevant:
            top = _top(method, held_out, candidates, selection)
            tally.add(top, getattr(held_out, target))
        rows.append(
            Row(
                split=split,
                seeds=seeds,
                target=target,
                method=method.name,
                queries=len(relevant),
                metrics=tally.means(int(candidates.sum())),
                tally=tally,
                groups=np.array([q.set_index for q in relevant], dtype=np.intp),
            )
        )
    return rows


def _top(
    method: Method,
    held_out: HeldOutQuery,
    candidates: NDArray[np.bool_],
    selection: Selection,
) -> NDArray[np.intp]:
    """The first 50 recordings that the method would show."""
    scores = method.score(held_out.query)
    scores = np.where(candidates, scores, 0)
    scores[held_out.query.recordings] = 0
    # Scores at or below 0 say "nothing known" and are not shown.
    shown = int(np.count_nonzero(scores > 0))
    depth = min(shown, CUTOFF * 20)
    if not depth:
        return np.empty(0, np.intp)
    best = np.argpartition(-scores, depth - 1)[:depth]
    ranking = best[np.lexsort((best, -scores[best]))]
    if method.rules:
        taken, _ = selection.take(ranking.tolist(), held_out.query.recordings, CUTOFF)
        return np.array(taken, dtype=np.intp)
    return ranking[:CUTOFF]
