"""Learns the weights that ship, on sets that the evaluation's split by date trains on.

The last fifth of the sets by date is never seen here: that is what `hybrid.evaluate` reports
on. What is left is walked through in time: train on the sets up to a moment, ask about the
sets that came next.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from data.errors import SegueError
from data.records import Lens
from hybrid.evaluate.corpus import Corpus, Training
from hybrid.evaluate.examples import CRATE, NEXT_WARM, Example, examples
from hybrid.evaluate.holdout import Split, hide, split_by_date
from hybrid.evaluate.learn import Weights, alone, calibrate, learn, nats
from hybrid.evaluate.metrics import CUTOFF, ndcg
from hybrid.evaluate.scenarios import Heard
from hybrid.signals import PARTS, SIGNALS
from hybrid.tuned import LENSES, PartWeight, Tuned
from models.collaborative import AlsParameters

#: Windows of the training sets, as shares of them in order of time: (train up to, ask up to).
WINDOWS = ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.0))
#: How much each scenario counts, by lens. Played tracks have to be told apart from one another,
#: which is hard and decides few candidates. Where new tracks of the sets asked about compete
#: ("cold", "mixed"), being unplayed is itself a hint that no DJ's own catalogue gives, so these
#: count little; where tracks were hidden at random it is none, so "hidden mixed" counts more.
IMPORTANCE: dict[Lens, dict[str, float]] = {
    "goes_with": {
        "warm": 20.0,
        "mixed": 1.0,
        "hidden": 1.0,
        "hidden mixed": 10.0,
        f"{CRATE}warm": 6.0,
        f"{CRATE}mixed": 6.0,
        f"{CRATE}cold alone": 1.0,
        f"{CRATE}hidden": 2.4,
        f"{CRATE}hidden mixed": 6.0,
        f"{CRATE}unheard": 2.0,
    },
    "next": {NEXT_WARM: 10.0, "next": 4.0, f"{CRATE}next": 10.0},
}
#: Scenarios that are reported.
REPORTED = (
    *("warm", "cold", "cold alone", "mixed", "hidden", "hidden mixed", "unheard"),
    *("next", NEXT_WARM),
)
#: Share of the recordings of the sets asked about that is hidden to be found again.
_HIDDEN = 0.3
#: Holds weights to those they start from where there are few examples: a catalogue is smaller
#: than what the shipped weights were learned on, and one track a question comes next.
_FIRM, _FEW = 1e-2, 1e-3
#: Fewest sets that weights of one's own are learned from: below, windows hold too few questions.
LEAST_SETS = 200
#: Where learning starts: every signal says a little, every part counts the same.
NEUTRAL: Weights = {
    part: PartWeight(dict.fromkeys(names, 0.3), 1.0, 1.0, 1.0) for part, names in SIGNALS.items()
}

#: More than 8 iterations change nothing (NDCG@50 0.0751 after 8 as after 15).
GRID = [
    AlsParameters(factors=factors, regularization=regularization, alpha=alpha, iterations=10)
    for factors in (16, 32, 64)
    for regularization in (0.05, 1.0)
    for alpha in (2.0, 5.0, 10.0)
]

Progress = Callable[[str], None]
#: Examples by window.
Found = list[list[Example]]
LensWeights = Mapping[Lens, Weights]
#: NDCG@50 by scenario, then by part; ``"fused"`` is all of them.
Figures = dict[str, dict[str, float]]
_Scores = dict[str, dict[str, list[float]]]


@dataclass(frozen=True, eq=False)
class Ground:
    """Sets to learn on, and what their recordings sound like."""

    corpus: Corpus
    heard: Heard

    @classmethod
    def unheard(cls, corpus: Corpus) -> Ground:
        """Sets of which no recording was heard."""
        return cls(corpus, Heard.of(None, corpus.interactions.n_recordings))


def windows(corpus: Corpus) -> list[Split]:
    """Rolling windows over the training part of the split by date."""
    order = split_by_date(corpus.years).train
    cuts = [(int(a * len(order)), int(b * len(order))) for a, b in WINDOWS]
    return [Split(f"window {i}", order[:a], order[a:b]) for i, (a, b) in enumerate(cuts)]


def tune(
    real: Ground,
    parameters: AlsParameters,
    *,
    crate: Ground | None = None,
    progress: Progress = print,
) -> Tuned:
    """Learn all weights.

    What sets and credits say is weighed on `real` and `crate` together, sound on `crate` alone:
    real tracklists come without audio.

    Returns
    -------
    Tuned
        `about` holds NDCG@50 by scenario, of the fusion and of each part alone, each window of
        `real` judged by weights learned without it.
    """
    found = ask(real, parameters, progress)
    made: Found = [] if crate is None else [_apart(w) for w in ask(crate, parameters, progress)]
    progress("Learning from all windows")
    learned = fitted(found + made)
    about: dict[str, Any] = {
        "sets": real.corpus.interactions.n_sets,
        "questions": sum(map(len, found)),
        "ndcg@50": left_out(found, progress, made=made),
    }
    if crate is not None:
        about["crate"] = {
            "sets": crate.corpus.interactions.n_sets,
            "heard": 0 if crate.heard.space is None else len(crate.heard.space.rows),
            "questions": sum(map(len, made)),
            "ndcg@50": {lens: judged(made, lens, learned[lens]) for lens in LENSES},
        }
    half = {lens: _half(found, lens, learned[lens]) for lens in LENSES}
    return Tuned(learned, half, about=about)


def _apart(window: list[Example]) -> list[Example]:
    """The same examples under scenarios of their own."""
    return [
        replace(
            example,
            hits={f"{CRATE}{name}": hit for name, hit in example.hits.items()},
            targets={f"{CRATE}{name}": count for name, count in example.targets.items()},
        )
        for example in window
    ]


def tune_catalogue(
    ground: Ground, parameters: AlsParameters, start: Tuned, progress: Progress = print
) -> Tuned | None:
    """Learn a catalogue's own weights, starting from those in force.

    Returns
    -------
    Tuned or None
        None where they are no better than `start` on windows they were not learned on, by
        NDCG@50 over all scenarios.

    Raises
    ------
    SegueError
        If there are too few sets.
    """
    n_sets = ground.corpus.interactions.n_sets
    if n_sets < LEAST_SETS:
        raise SegueError(
            f"The catalogue holds {n_sets} distinct sets; at least {LEAST_SETS} are needed to "
            "learn weights of its own. Load more with `segue import tracklists`, or run "
            "`segue train` to go on with those that ship."
        )
    found = ask(ground, parameters, progress)
    own = left_out(found, progress, start.lenses)
    before = {lens: judged(found, lens, start.lenses[lens]) for lens in LENSES}
    if _overall(own) <= _overall(before):
        return None
    learned = fitted(found, start.lenses)
    about = {"sets": n_sets, "questions": sum(map(len, found)), "ndcg@50": own, "before": before}
    half = {lens: _half(found, lens, learned[lens]) for lens in LENSES}
    return Tuned(learned, half, "catalogue", about)


def choose_als(
    corpus: Corpus, progress: Progress = print
) -> tuple[AlsParameters, list[dict[str, Any]]]:
    """Choose the parameters of the factorisation with which the fusion does best.

    Weights are learned with each, and judged on the windows that they were not learned on.

    Returns
    -------
    parameters : AlsParameters
    grid : list of dict
        What was tried, with its NDCG@50 on warm targets.
    """
    grid = []
    for parameters in GRID:
        figures = left_out(ask(Ground.unheard(corpus), parameters, _silent), _silent)
        grid.append({"ndcg@50": figures["goes_with"]["warm"]["fused"], **parameters.as_dict()})
        progress(str(grid[-1]))
    best = max(range(len(grid)), key=lambda i: grid[i]["ndcg@50"])
    return GRID[best], grid


def _silent(_: str) -> None:
    """Tell nobody."""


def _overall(figures: Mapping[Lens, Figures]) -> float:
    return float(np.mean([row["fused"] for found in figures.values() for row in found.values()]))


def ask(ground: Ground, parameters: AlsParameters, progress: Progress) -> Found:
    """Ask about every window: once as it was, once with some recordings hidden."""
    found = []
    for split in windows(ground.corpus):
        progress(f"Asking about the {len(split.test)} sets of {split.name}")
        hidden = hide(ground.corpus.interactions, split, _HIDDEN)
        trainings = (
            Training.of(ground.corpus, split),
            Training.of(ground.corpus, split, hidden),
        )
        found.append(
            [
                example
                for training in trainings
                for example in examples(ground.corpus, training, ground.heard, parameters, draws=1)
            ]
        )
    return found


def fitted(found: Found, start: LensWeights | None = None) -> dict[Lens, dict[str, PartWeight]]:
    """Learn the weights of both lenses.

    Without a start, each part is calibrated by itself before all are weighed against one
    another.
    """
    # Where nothing was heard, nothing says what sound counts.
    heard = any(example.asked[PARTS.index("sound")] for window in found for example in window)
    free = [part for part in PARTS if part != "sound" or heard]
    asked = of_lens(found, "goes_with")
    important = IMPORTANCE["goes_with"]
    if start is None:
        company = learn(asked, calibrate(asked, NEUTRAL, important), important, free=free)
    else:
        company = learn(asked, start["goes_with"], important, free=free, ridge=_FIRM)
    asked, important = of_lens(found, "next"), IMPORTANCE["next"]
    if start is None:
        first = calibrate(asked, NEUTRAL, important)
        following = learn(asked, first, important, free=free, ridge=_FEW)
    else:
        following = learn(asked, start["next"], important, free=free, ridge=_FIRM)
    return {"goes_with": company, "next": following}


def of_lens(found: Found, lens: Lens) -> list[Example]:
    """Examples of all windows that were asked under a lens."""
    return [example for window in found for example in window if example.lens == lens]


def left_out(
    found: Found,
    progress: Progress,
    start: LensWeights | None = None,
    made: Sequence[list[Example]] = (),
) -> dict[Lens, Figures]:
    """Judge each window by weights that were learned on the others, and `made`; see `judged`."""
    scores: dict[Lens, list[_Scores]] = {lens: [] for lens in LENSES}
    for i, window in enumerate(found):
        progress(f"Checking on window {i} what the others teach")
        weights = fitted([*found[:i], *found[i + 1 :], *made], start)
        for lens in LENSES:
            scores[lens].append(_scores([window], lens, weights[lens]))
    return {lens: _means(scores[lens]) for lens in LENSES}


def judged(found: Found, lens: Lens, weights: Weights) -> Figures:
    """NDCG@50 by scenario of the fusion, and of each part alone."""
    return _means([_scores(found, lens, weights)])


def _scores(found: Found, lens: Lens, weights: Weights) -> _Scores:
    scores: _Scores = {}
    for example in of_lens(found, lens):
        by_name = {"fused": nats(example, weights)} | {
            part: alone(example, weights, part) for part in PARTS
        }
        for scenario, hit in example.hits.items():
            if scenario.removeprefix(CRATE) in REPORTED:
                competes = example.competes(scenario)
                for name, score in by_name.items():
                    ranked = np.where(competes, score, 0)
                    order = np.argsort(-ranked, kind="stable")[:CUTOFF]
                    value = ndcg(hit[order] & (ranked[order] > 0), example.targets[scenario])
                    scores.setdefault(scenario.removeprefix(CRATE), {}).setdefault(name, []).append(
                        value
                    )
    return scores


def _means(scores: Sequence[_Scores]) -> Figures:
    means: Figures = {}
    for scenario in dict.fromkeys(scenario for found in scores for scenario in found):
        asked = [found[scenario] for found in scores if scenario in found]
        means[scenario] = {
            name: round(float(np.mean(np.concatenate([rows[name] for rows in asked]))), 4)
            for name in ("fused", *PARTS)
        }
    return means


def _half(found: Found, lens: Lens, weights: Weights) -> float:
    """Nats of the median question's best candidate: it gets a score of .5."""
    tops = [
        float(score.max())
        for example in of_lens(found, lens)
        if len(score := nats(example, weights)) and score.max() > 0
    ]
    if not tops:
        raise SegueError("There is nothing to learn weights from: no held-out set could be asked.")
    return round(float(np.median(tops)), 4)
