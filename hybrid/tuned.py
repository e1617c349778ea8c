"""What was learned about the parts of a score: the values that ship, and a catalogue's own.

Written by ``make tune`` or ``segue train --tune``, never by hand.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from importlib.resources import files
from typing import Any, Self, cast

from data.records import Lens
from hybrid.signals import PARTS, SIGNALS
from models.collaborative import AlsParameters

LENSES: tuple[Lens, ...] = ("goes_with", "next")


@dataclass(frozen=True)
class PartWeight:
    """How one part of the score is made and how much it counts.

    Parameters
    ----------
    signals : mapping of str to float
        Factor of each of the part's signals, at least 0: what they sum up to is in nats, the
        change of a candidate's log odds to be among the targets by this part alone.
    base : float
        Weight under full evidence, above 0.
    seed, candidate : float
        Evidence of the seeds, of the candidate, under which half of the weight is left; 0 where
        any evidence is enough. For the prior, which knows no seeds, `seed` is the weight of all
        parts that tie a track to them under which half of its own is left.
    """

    signals: Mapping[str, float]
    base: float
    seed: float
    candidate: float


@dataclass(frozen=True)
class Tuned:
    """The weights in force.

    Parameters
    ----------
    lenses : mapping of str to mapping of str to PartWeight
        By lens and part.
    half : mapping of str to float
        By lens: nats that a score of .5 stands for.
    source : str
        ``"shipped"``, or ``"catalogue"`` where they were learned on its own sets.
    about : mapping
        What they were learned on, and how well they did there.
    """

    lenses: Mapping[Lens, Mapping[str, PartWeight]]
    half: Mapping[Lens, float]
    source: str = "shipped"
    about: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any]) -> Self:
        """Read what `as_dict` wrote.

        Raises
        ------
        ValueError
            If a lens, a part or a signal is missing, or a number is none or out of its range.
        """
        try:
            lenses = {
                lens: {part: PartWeight(**given["lenses"][lens][part]) for part in PARTS}
                for lens in LENSES
            }
            half = {lens: float(given["half"][lens]) for lens in LENSES}
            read = cls(lenses, half, str(given["source"]), dict(given.get("about", {})))
            read._check()
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"these are no weights: {error}") from error
        return read

    def _check(self) -> None:
        for lens in LENSES:
            for part, weight in self.lenses[lens].items():
                if set(weight.signals) != set(SIGNALS[part]):
                    raise ValueError(f"the signals of {part} are {', '.join(SIGNALS[part])}")
                numbers = (*weight.signals.values(), weight.base, weight.seed, weight.candidate)
                if not all(math.isfinite(n) and n >= 0 for n in numbers) or weight.base == 0:
                    raise ValueError(f"the weights of {part} must be finite and not negative")
            if not (math.isfinite(self.half[lens]) and self.half[lens] > 0):
                raise ValueError("half must be above 0")

    def as_dict(self) -> dict[str, Any]:
        """Everything as JSON takes it."""
        return asdict(self)

    def scaled(self, **factors: float) -> Self:
        """Multiply the base weights of some parts, under both lenses.

        Examples
        --------
        >>> plain = shipped().scaled(prior=0.5)
        >>> plain.lenses["next"]["prior"].base / shipped().lenses["next"]["prior"].base
        0.5
        """
        lenses = {
            lens: {
                part: replace(weight, base=weight.base * factors.get(part, 1.0))
                for part, weight in parts.items()
            }
            for lens, parts in self.lenses.items()
        }
        return replace(self, lenses=cast(Mapping[Lens, Mapping[str, PartWeight]], lenses))


def als_parameters() -> AlsParameters:
    """Parameters of the factorisation that did best on sets held out for tuning."""
    return AlsParameters(**_read()["als"])


@cache
def shipped() -> Tuned:
    """The weights that come with Segue, learned on sets held out for tuning."""
    return Tuned.from_dict(_read()["fusion"])


def _read() -> dict[str, Any]:
    return dict(json.loads((files("hybrid") / "tuned.json").read_text(encoding="utf-8")))
