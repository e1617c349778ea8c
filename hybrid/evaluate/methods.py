"""The methods that are compared: honest baselines, what Segue ships, and its parts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.records import Lens
from hybrid.evaluate.corpus import Training
from hybrid.evaluate.scenarios import Heard
from hybrid.fusion import PARTS, Fusion, Part
from hybrid.question import Question
from hybrid.training import map_of
from hybrid.tuned import Tuned, als_parameters, shipped
from models.collaborative import (
    AlsParameters,
    ArtistsGreatestHits,
    ItemKNN,
    JointALS,
    Popularity,
    Scorer,
)
from models.collaborative.als import AlsItemSimilarity

Scores = NDArray[np.float32]
#: Methods are compared with one another, parts with the whole, a curve with itself.
Kind = Literal["method", "part", "curve"]

#: Name of the method that is what `segue recommend` does, rules and all.
SEGUE = "Segue, as shipped"
WITHOUT_RULES = "Segue, without rules"
#: The lens "next" is held against the other one.
GOES_WITH = "Segue, lens “goes with”"
#: Places of the slider that the curve is drawn through.
BALANCES = tuple(round(step / 10, 1) for step in range(11))


class Asking:
    """One question, with what the parts say about it computed once for all methods."""

    def __init__(self, fusion: Fusion, question: Question, lens: Lens = "goes_with") -> None:
        self.question = question
        self.lens = lens
        self._fusion = fusion
        self._parts: dict[Lens, dict[str, Part]] = {}
        self._plain: Scores | None = None

    def fused(
        self,
        lens: Lens | None = None,
        *,
        balance: float = 0.5,
        only: Collection[str] = (),
        without: Collection[str] = (),
    ) -> Scores:
        """Score every recording, shape (R,)."""
        lens = lens or self.lens
        if lens not in self._parts:
            self._parts[lens] = self._fusion.parts(self.question, lens)
        return self._fusion.fuse(
            self._parts[lens], lens, balance=balance, only=only, without=without
        ).score

    def plain(self) -> Scores:
        """Score as the product does when nobody touches anything."""
        if self._plain is None:
            self._plain = self.fused()
        return self._plain


@dataclass(frozen=True)
class Method:
    """A name, a way to score, and whether the default rules apply to its ranking.

    Parameters
    ----------
    part : str
        For the kind "part": the part that stands alone or is left out.
    left_out : bool
        Which of the two.
    balance : float
        For the kind "curve".
    lens : {"goes_with", "next"} or None
        The only questions it is asked; None for all.
    """

    name: str
    score: Callable[[Asking], Scores]
    rules: bool = False
    kind: Kind = "method"
    part: str = ""
    left_out: bool = False
    balance: float = 0.5
    lens: Lens | None = None


def fit_fusion(
    training: Training,
    heard: Heard,
    *,
    parameters: AlsParameters | None = None,
    tuned: Tuned | None = None,
) -> Fusion:
    """Fit everything that the product learns, on the training sets alone."""
    train, sound = training.interactions, heard.space
    als = JointALS(parameters or als_parameters()).fit(train)
    sound_map = None if sound is None else map_of(sound, als, train)
    return Fusion(
        train,
        training.years,
        als,
        training.played_next,
        sound,
        tuned or shipped(),
        sound_map,
        heard.windows,
    )


def all_methods(
    training: Training, heard: Heard, *, parameters: AlsParameters | None = None
) -> list[Method]:
    """Every method and every part; baselines are fitted on the training sets."""
    methods = [
        *_baselines(training, parameters),
        Method(WITHOUT_RULES, Asking.plain),
        Method(SEGUE, Asking.plain, rules=True),
        Method(GOES_WITH, lambda asking: asking.fused("goes_with"), lens="next"),
    ]
    for part in PARTS:
        if part != "sound" or heard.space is not None:
            methods += _ablations(part)
    if heard.space is not None:
        methods += [_at(balance) for balance in BALANCES]
    return methods


def _baselines(training: Training, parameters: AlsParameters | None) -> list[Method]:
    train = training.interactions
    plain = JointALS(parameters or als_parameters(), with_artists=False)
    baselines: list[Scorer] = [
        Popularity().fit(train),
        ItemKNN("cosine").fit(train),
        ItemKNN("bm25").fit(train),
        ArtistsGreatestHits().fit(train),
        AlsItemSimilarity(plain).fit(train),
        plain,  # fitted with the line before
        training.played_next,
    ]
    return [Method(baseline.name, _asks(baseline)) for baseline in baselines]


def _asks(baseline: Scorer) -> Callable[[Asking], Scores]:
    return lambda asking: baseline.score(asking.question.query)


def _ablations(part: str) -> list[Method]:
    return [
        Method(
            f"only {part}",
            lambda asking: asking.fused(only=(part,)),
            kind="part",
            part=part,
        ),
        Method(
            f"without {part}",
            lambda asking: asking.fused(without=(part,)),
            kind="part",
            part=part,
            left_out=True,
        ),
    ]


def _at(balance: float) -> Method:
    return Method(
        f"balance {balance:g}",
        lambda asking: asking.fused(balance=balance),
        kind="curve",
        balance=balance,
    )
