"""Runs every method over every held-out set."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue, Snapshot
from data.settings import Settings
from hybrid.corpus import interactions_of
from hybrid.evaluate.corpus import Corpus, Training
from hybrid.evaluate.holdout import Split, hide, split_at_random, split_by_date
from hybrid.evaluate.likeness import likeness, made_by
from hybrid.evaluate.methods import Asking, Method, all_methods, fit_fusion
from hybrid.evaluate.metrics import CUTOFF, Tally
from hybrid.evaluate.report import Report, Row
from hybrid.evaluate.scenarios import SCENARIOS, SEEDS, Asked, Field, Heard, field_of, scenarios
from hybrid.facts import Facts
from hybrid.fusion import Fusion
from hybrid.ranking import Ranking, merged
from hybrid.rules import Credits, choose
from hybrid.sound_space import SoundSpace
from hybrid.steering import Rules
from hybrid.training import load
from hybrid.tuned import Tuned

__all__ = ["compare", "evaluate", "measure"]

Progress = Callable[[str], None]
#: How often progress is told at most: on each of two splits, with and without hidden tracks.
STEPS = 2 * 2 * (1 + len(SEEDS) + 2)
#: What is known to be made alike, see `measure`.
Truth = Mapping[str, NDArray[np.integer]]


def evaluate(
    catalogue: Catalogue,
    settings: Settings,
    *,
    made: Truth | None = None,
    draws: int = 3,
    progress: Progress | None = None,
) -> Report:
    """Measure on a catalogue: its sets, the sound it has, the weights that are in force.

    See `measure`.
    """
    snapshot = catalogue.snapshot()
    interactions = interactions_of(snapshot)
    sound = SoundSpace.open(catalogue, settings, snapshot, previews=False)
    windows = Facts.of(catalogue, snapshot, interactions).windows
    return measure(
        snapshot,
        Heard(sound, windows),
        fingerprint=catalogue.fingerprint(),
        made=made,
        tuned=load(settings, snapshot, interactions, sound).tuned,
        draws=draws,
        progress=progress,
    )


def measure(
    snapshot: Snapshot,
    heard: Heard | None = None,
    *,
    fingerprint: str = "",
    made: Truth | None = None,
    tuned: Tuned | None = None,
    draws: int = 3,
    progress: Progress | None = None,
) -> Report:
    """Hold out sets by date and at random and compare all methods on them.

    Parameters
    ----------
    snapshot : Snapshot
        With names.
    heard : Heard, optional
        What the recordings sound like, in the order of the snapshot.
    fingerprint : str
        Of the catalogue.
    made : mapping of str to ndarray of int, shape (R,), optional
        What is known to be made alike: recordings with the same number were; -1 is not known.
        By default those of one artist, and those of one label.
    tuned : Tuned, optional
        Weights of the parts; by default those that ship.
    draws : int
        How often each held-out set is cut into seeds and targets.
    progress : callable, optional
        Called with a sentence at each step.

    Raises
    ------
    SegueError
        If there are too few sets to hold some out.
    """
    corpus = Corpus.of(snapshot)
    interactions = corpus.interactions
    heard = heard or Heard.of(None, interactions.n_recordings)
    report = Report(
        fingerprint=fingerprint,
        sets=interactions.n_sets,
        near_duplicates=corpus.near_duplicates,
        recordings=int(np.count_nonzero(interactions.popularity)),
        draws=draws,
        heard=0 if heard.space is None else len(heard.space.rows),
    )
    for split in (split_by_date(corpus.years), split_at_random(interactions.n_sets)):
        report.rows += compare(corpus, split, heard, tuned=tuned, draws=draws, progress=progress)
    if heard.space is not None:
        truth = made_by(snapshot) if made is None else made
        report.likeness = likeness(heard.space, truth, snapshot.work_index)
    return report


def compare(
    corpus: Corpus,
    split: Split,
    heard: Heard,
    *,
    tuned: Tuned | None = None,
    draws: int,
    progress: Progress | None = None,
) -> list[Row]:
    """All methods on one split: every scenario, for each number of seeds."""
    rows: list[Row] = []
    for hidden in (np.empty(0, np.intp), hide(corpus.interactions, split)):
        less = f", {len(hidden)} tracks hidden" if len(hidden) else ""
        if progress:
            progress(f"Training on {len(split.train)} sets, split {split.name}{less}")
        training = Training.of(corpus, split, hidden)
        fusion = fit_fusion(training, heard, tuned=tuned)
        methods = all_methods(training, heard)
        judge = _Judge(corpus, training, fusion, methods)
        for seeds, asked in scenarios(corpus, training, heard, draws):
            if progress and asked:
                about = ", ".join(dict.fromkeys(name for one in asked for name in one.targets))
                progress(f"Split {split.name}, seeds: {seeds}, {about}{less}")
            rows += judge.rows(seeds, asked)
    return rows


class _Judge:
    """Ranks for each question by each method and counts what was found."""

    def __init__(
        self, corpus: Corpus, training: Training, fusion: Fusion, methods: list[Method]
    ) -> None:
        train = training.interactions
        self._training = training
        self._fusion = fusion
        self._methods = methods
        warm = train.popularity > 0
        self._fields: dict[Field, NDArray[np.bool_]] = {
            "warm": warm,
            "cold": ~warm & training.competing,
            "all": training.competing,
        }
        self._rules = Rules.for_length(CUTOFF)
        self._credits = Credits(corpus.snapshot.work_index, train.artists)

    def rows(self, seeds: str, asked: list[Asked]) -> list[Row]:
        """One row for each scenario that is asked for, and each method."""
        train = self._training.interactions
        tallies: dict[tuple[str, Method], Tally] = {}
        groups: dict[str, list[int]] = {}
        for one in asked:
            for scenario in one.targets:
                groups.setdefault(scenario, []).append(one.set_index)
            asking = Asking(self._fusion, one.question, one.lens)
            for method in self._methods:
                if method.lens not in (None, one.lens):
                    continue
                for scenario, top in self._tops(method, asking, one).items():
                    tally = tallies.setdefault(
                        (scenario, method), Tally(train.popularity, train.n_sets)
                    )
                    tally.add(top, one.targets[scenario])
        return [
            Row(
                split=self._training.split.name,
                seeds=seeds,
                target=scenario,
                method=method,
                candidates=int(self._fields[field_of(scenario)].sum()),
                tally=tally,
                groups=np.array(groups[scenario], np.intp),
            )
            for (scenario, method), tally in sorted(
                tallies.items(), key=lambda item: SCENARIOS.index(item[0][0])
            )
        ]

    def _tops(self, method: Method, asking: Asking, one: Asked) -> dict[str, NDArray[np.intp]]:
        """The first 50 recordings that the method would show, for each scenario."""
        scores = method.score(asking).copy()
        scores[one.seeds] = 0
        scores[~self._training.competing] = 0
        known = np.flatnonzero(scores > 0)
        warm = self._fields["warm"][known]
        fields = {field_of(scenario) for scenario in one.targets}
        found: dict[Field, NDArray[np.intp]] = {}
        if method.rules:
            for field in fields:
                competing = np.where(self._fields[field], scores, np.float32(0))
                found[field] = choose(
                    competing, self._credits, one.seeds, CUTOFF, self._rules, count=False
                ).rows
        else:
            if fields & {"warm", "all"}:
                found["warm"] = Ranking(scores, known[warm]).top(CUTOFF)
            if fields & {"cold", "all"}:
                found["cold"] = Ranking(scores, known[~warm]).top(CUTOFF)
            if "all" in fields:
                found["all"] = merged(scores, found["warm"], found["cold"])[:CUTOFF]
        return {scenario: found[field_of(scenario)] for scenario in one.targets}
