"""One score from what sets, credits and sound say.

Each part is brought to nats on held-out data, so that parts can be compared, and the score of a
track is their weighted mean. A part that does not know the seeds or the track is not in the
mean; one that knows little counts little. What a track's score is made of can be shown.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.records import Lens
from hybrid.coldstart import SoundMap
from hybrid.question import Question
from hybrid.signals import PARTS, PRIOR, TIES, Said, Signals
from hybrid.sound_space import SoundSpace
from hybrid.tuned import LENSES, PartWeight, Tuned
from models.collaborative import Interactions, JointALS, PlayedNext

__all__ = ["PARTS", "Fused", "Fusion", "Part"]

Array = NDArray[np.float32]

#: What stands alone at the ends of the slider: for sets under each lens, and for sound.
_SETS_END: dict[Lens, str] = {"goes_with": "sets", "next": "next"}
_SOUND_END = "sound"


@dataclass(frozen=True, eq=False)
class Part:
    """What one part says of every recording.

    Parameters
    ----------
    value : ndarray of float32, shape (R,)
        In nats, at least 0; 0 where the part says nothing for the track, or is missing.
    weight : ndarray of float32, shape (R,)
        At least 0, more with more evidence; 0 where it is missing.
    """

    value: Array
    weight: Array


@dataclass(frozen=True, eq=False)
class Fused:
    """The parts in one score.

    Parameters
    ----------
    score : ndarray of float32, shape (R,)
        0 to 1; 0 where nothing speaks for a track.
    parts : mapping of str to Part
        Those that took part.
    lead : str
        The part that the slider leans on; empty in the middle.
    lean : float
        How far: 0 not at all, 1 on it alone.
    half : float
        Nats that a score of .5 stands for.
    """

    score: Array
    parts: Mapping[str, Part]
    lead: str
    lean: float
    half: float

    def shares(self, rows: NDArray[np.integer]) -> dict[str, Array]:
        """How much each part counts for some recordings, by part; they sum to 1.

        All are 0 where no part knows a recording. Shape (n,) each, of float32.
        """
        weights = {name: self.parts[name].weight[rows] for name in self.parts}
        total = np.maximum(_sum(weights.values(), len(rows)), np.finfo(np.float32).tiny)
        shares = {name: weight / total for name, weight in weights.items()}
        if self.lead:
            known = weights[self.lead] > 0 if self.lead in weights else np.zeros(len(rows), bool)
            lean = np.where(known, np.float32(self.lean), np.float32(self.lean == 1))
            shares = {name: share * (1 - lean) for name, share in shares.items()}
            if self.lead in shares:
                shares[self.lead] += np.where(known, lean, np.float32(0))
        nothing = np.zeros(len(rows), np.float32)
        return {name: shares.get(name, nothing) for name in PARTS}

    def contributions(self, rows: NDArray[np.integer]) -> dict[str, Array]:
        """What each part adds to the score of some recordings; they sum to it."""
        weights = {name: self.parts[name].weight[rows] for name in self.parts}
        total = np.maximum(_sum(weights.values(), len(rows)), np.finfo(np.float32).tiny)
        given = {
            name: np.float32(1 - self.lean) * self.parts[name].value[rows] * weight / total
            for name, weight in weights.items()
        }
        if self.lead in given:
            lead = self.parts[self.lead]
            given[self.lead] = given[self.lead] + np.float32(self.lean) * lead.value[rows]
        mean = np.maximum(_sum(given.values(), len(rows)), np.finfo(np.float32).tiny)
        scale = self.score[rows] / mean
        nothing = np.zeros(len(rows), np.float32)
        return {name: given[name] * scale if name in given else nothing for name in PARTS}


class Fusion:
    """Asks all parts about a question and makes one score of what they say.

    Parameters
    ----------
    interactions : Interactions
        Sets whose near-duplicates have been dropped.
    years : ndarray of float64, shape (S,)
        Date of each set in years; NaN where unknown.
    als : JointALS or None
        Fitted, or restored from an artefact; None where nothing was trained.
    played_next : PlayedNext
        Fitted on the same sets.
    sound : SoundSpace or None
        None where nothing was heard.
    tuned : Tuned
        The weights in force.
    sound_map : SoundMap or None
        From the vectors of `sound` to the factors of `als`.
    windows : ndarray of float32, shape (R,), optional
        Windows of audio that each recording's vector was made of; one each unless given.
    """

    def __init__(
        self,
        interactions: Interactions,
        years: NDArray[np.float64],
        als: JointALS | None,
        played_next: PlayedNext,
        sound: SoundSpace | None,
        tuned: Tuned,
        sound_map: SoundMap | None = None,
        windows: Array | None = None,
    ) -> None:
        self.tuned = tuned
        self._signals = Signals(interactions, years, als, played_next, sound, sound_map, windows)
        self._silent = np.zeros(interactions.n_recordings, np.float32)
        self._silent.setflags(write=False)
        self._gates = {
            lens: {
                part: _gate(self._signals.evidence[part], tuned.lenses[lens][part].candidate)
                for part in PARTS
            }
            for lens in LENSES
        }

    def parts(self, question: Question, lens: Lens = "goes_with") -> dict[str, Part]:
        """What each part says of every recording.

        Parameters
        ----------
        question : Question
        lens : {"goes_with", "next"}
            ``"next"`` asks what comes straight after the last seed.
        """
        said = self._signals.of(question, lens)
        parts = {part: self._tie(part, said[part], lens) for part in TIES}
        parts[PRIOR] = self._prior(said[PRIOR], [part.weight for part in parts.values()], lens)
        return {part: parts[part] for part in PARTS}

    def _tie(self, part: str, said: Said, lens: Lens) -> Part:
        """What ties recordings to the seeds."""
        weight = self.tuned.lenses[lens][part]
        if not said.signals or not said.evidence:
            return Part(self._silent, self._silent)
        seen = np.float32(weight.base * seed_gate(said.evidence, weight))
        gate = self._gates[lens][part]
        return Part(valued(said.signals, weight) * (gate > 0), gate * seen)

    def _prior(self, said: Said, ties: Sequence[Array], lens: Lens) -> Part:
        """What is played much and lately, as far as something ties it to the seeds.

        Where nothing is known of the seeds it is all there is to say.
        """
        weight, gate = self.tuned.lenses[lens][PRIOR], self._gates[lens][PRIOR]
        value = valued(said.signals, weight) * (gate > 0)
        known = [tie for tie in ties if tie is not self._silent]
        if not known:
            return Part(value, gate * np.float32(weight.base))
        tied = _sum(known, len(value))
        counts = tied + np.float32(weight.seed)
        np.divide(tied, counts, out=tied, where=counts > 0)
        tied *= gate
        tied *= np.float32(weight.base)
        return Part(value, tied)

    def fuse(
        self,
        parts: Mapping[str, Part],
        lens: Lens = "goes_with",
        *,
        balance: float = 0.5,
        only: Collection[str] = (),
        without: Collection[str] = (),
    ) -> Fused:
        """Make one score of the parts.

        Parameters
        ----------
        balance : float
            The slider "sets <-> sound": 0 is the sets alone (under the lens ``"next"`` what was
            played straight after), 1 the sound alone, .5 as learned. Between, the score goes
            over from one to the other in proportion.
        only : collection of str
            Parts to use; all unless given.
        without : collection of str
            Parts to leave out.

        Raises
        ------
        ValueError
            If `balance` is not within 0 to 1, or there is no such part.
        """
        if not 0 <= balance <= 1:
            raise ValueError(f"balance must be 0 to 1, not {balance}")
        if unknown := {*only, *without} - set(PARTS):
            raise ValueError(f"there is no part {', '.join(sorted(unknown))}: {', '.join(PARTS)}")
        used = {
            name: part
            for name, part in parts.items()
            if (not only or name in only) and name not in without
        }
        lean = abs(2 * balance - 1)
        lead = "" if not lean else _SETS_END[lens] if balance < 0.5 else _SOUND_END
        nats = np.zeros(len(self._silent), np.float32)
        if len(used) == 1:
            # The mean of one part is that part, to the last digit: rounding would break ties.
            nats += next(iter(used.values())).value
        elif lean < 1:
            total = np.full(len(nats), np.finfo(np.float32).tiny, np.float32)
            for part in used.values():
                if part.weight is not self._silent:
                    nats += part.weight * part.value
                    total += part.weight
            nats /= total
        if lead:
            nats *= np.float32(1 - lean)
            if lead in used:
                nats += np.float32(lean) * used[lead].value
        half = self.tuned.half[lens]
        # nats / (nats + half), in place: this array has a million rows.
        nats /= nats + np.float32(half)
        return Fused(nats, used, lead, lean, half)


def valued(signals: Mapping[str, Array], weight: PartWeight) -> Array:
    """Nats that the signals of a part sum up to, shape (R,)."""
    value = np.zeros(len(next(iter(signals.values()))), np.float32)
    for name, signal in signals.items():
        if factor := weight.signals[name]:
            value += np.float32(factor) * signal
    return value


def seed_gate(evidence: float, weight: PartWeight) -> float:
    """Share of its weight that a part keeps when this much is known of the seeds."""
    return evidence / (evidence + weight.seed)


def _gate(evidence: Array, half: float) -> Array:
    gate = np.zeros_like(evidence)
    np.divide(evidence, evidence + np.float32(half), out=gate, where=evidence > 0)
    gate.setflags(write=False)
    return gate


def _sum(arrays: Collection[Array], size: int) -> Array:
    total = np.zeros(size, np.float32)
    for array in arrays:
        total += array
    return total
