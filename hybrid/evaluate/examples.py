"""What the weights are learned from: questions about held-out sets, and what every part said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.records import Lens
from hybrid.evaluate.corpus import Corpus, Training
from hybrid.evaluate.scenarios import Asked, Heard, field_of, scenarios
from hybrid.signals import PARTS, SIGNALS, Signals
from hybrid.training import map_of
from models.collaborative import AlsParameters, JointALS

#: The signals of all parts, side by side in the examples.
COLUMNS = tuple((part, name) for part in PARTS for name in SIGNALS[part])
#: The one track that came next, where a training set holds it, among tracks of which that is true.
NEXT_WARM = "next warm"
#: Before the names of scenarios on a generated crate, which count apart from the real ones.
CRATE = "crate: "
#: Best candidates of each signal that are kept, of the played ones and of the others.
_DEPTH = 60


@dataclass(frozen=True, eq=False)
class Example:
    """One question's likeliest candidates, C of them.

    Parameters
    ----------
    signals : ndarray of float32, shape (C, len(COLUMNS))
    known : ndarray of float32, shape (C, len(PARTS))
        Evidence of each part about each candidate; 0 where it is missing.
    asked : ndarray of float32, shape (len(PARTS),)
        Evidence of each part about the seeds; 0 where it is silent.
    lens : {"goes_with", "next"}
    warm : ndarray of bool, shape (C,)
        Which were played in a training set.
    hits : dict of str to ndarray of bool, shape (C,)
        Which are targets, by scenario.
    targets : dict of str to int
        Targets by scenario, also those that are not among the candidates.
    """

    signals: NDArray[np.float32]
    known: NDArray[np.float32]
    asked: NDArray[np.float32]
    lens: Lens
    warm: NDArray[np.bool_]
    hits: dict[str, NDArray[np.bool_]]
    targets: dict[str, int]

    def competes(self, scenario: str) -> NDArray[np.bool_]:
        """Which candidates compete in a scenario, shape (C,)."""
        scenario = scenario.removeprefix(CRATE)
        field = "warm" if scenario == NEXT_WARM else field_of(scenario)
        if field == "all":
            return np.ones(len(self.warm), bool)
        return self.warm if field == "warm" else ~self.warm


def examples(
    corpus: Corpus, training: Training, heard: Heard, parameters: AlsParameters, *, draws: int
) -> Iterator[Example]:
    """Ask about the held-out sets of a training, by all scenarios that it allows."""
    als = JointALS(parameters).fit(training.interactions)
    space = heard.space
    signals = Signals(
        training.interactions,
        training.years,
        als,
        training.played_next,
        space,
        None if space is None else map_of(space, als, training.interactions),
        heard.windows,
    )
    warm = training.interactions.popularity > 0
    for _, asked in scenarios(corpus, training, heard, draws):
        for question in asked:
            yield _example(signals, question, warm, training.competing)


def _example(
    signals: Signals, asked: Asked, warm: NDArray[np.bool_], competing: NDArray[np.bool_]
) -> Example:
    said = signals.of(asked.question, asked.lens)
    silent = np.zeros(len(warm), np.float32)
    matrix = np.stack([said[part].signals.get(name, silent) for part, name in COLUMNS], axis=1)
    matrix[asked.seeds] = 0
    matrix[~competing] = 0
    chosen = np.union1d(_likely(matrix, warm), _likely(matrix, ~warm))
    targets = dict(asked.targets)
    if "next" in targets and warm[targets["next"]].all():
        targets[NEXT_WARM] = targets["next"]
    return Example(
        matrix[chosen],
        np.stack([signals.evidence[part][chosen] for part in PARTS], axis=1),
        np.array([said[part].evidence for part in PARTS], np.float32),
        asked.lens,
        warm[chosen],
        {name: np.isin(chosen, rows) for name, rows in targets.items()},
        {name: len(rows) for name, rows in targets.items()},
    )


def _likely(matrix: NDArray[np.float32], among: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows that are best by one of the signals, or by all of them on one scale."""
    rows = np.flatnonzero(among)
    part = matrix[rows]
    together = (part / np.maximum(part.max(axis=0, initial=0), 1e-9)).sum(axis=1)
    chosen = []
    for column in (*part.T, together):
        heard = np.flatnonzero(column > 0)
        depth = min(_DEPTH, len(heard))
        if depth:
            best = np.argpartition(-column[heard], depth - 1)[:depth]
            chosen.append(rows[heard[best]])
    return np.unique(np.concatenate(chosen)) if chosen else np.empty(0, np.intp)
