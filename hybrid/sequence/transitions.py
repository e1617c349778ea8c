"""What it costs to play one track straight after another.

The cost is a weighted mean of terms that each lie between 0 (as good as can be) and 1. Every
term has a gate besides its weight: 0 where nothing is known, so that the term leaves numerator
and denominator, and for what DJs did a number that grows with how often they did it. That two
tracks were never played together says next to nothing, so it is never held against them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from data.harmony import key_grades, tempo_changes
from hybrid.sequence.deck import Deck

#: Pitch change in percent that DJs ride without a second thought, and its cost.
EASY_PERCENT, _EASY_COST = 6.0, 0.4
#: Pitch change from which on a transition cannot get worse.
_WORST_PERCENT = 10.0
#: What half or double time costs beside the pitch change.
_OCTAVE_COST = 0.2
#: Step in energy that cannot get worse.
_WORST_STEP = 0.5
#: Where nothing is known of a pair; a little of it is in every cost, so that one lucky match
#: of one term does not beat a pair that is good in all.
_NEUTRAL, _NEUTRAL_WEIGHT = 0.5, 0.25


@dataclass(frozen=True, slots=True)
class TransitionWeights:
    """How much each term counts; docs/sets.md says where the numbers come from.

    Parameters
    ----------
    played_next, together : float
        DJs played the second straight after the first; played both in one set.
    tempo, key, energy, sound : float
        Pitch change, harmony, step in energy, 1 - cosine of the vectors.
    artist : float
        Same artist twice in a row; counts only where it is so.
    verdict : float
        The DJ's own "works" or "clashes"; counts only where it was said.
    """

    played_next: float = 3.0
    together: float = 0.3
    tempo: float = 1.0
    key: float = 0.7
    energy: float = 0.7
    sound: float = 0.5
    artist: float = 1.0
    verdict: float = 8.0


#: The weights that ship.
SHIPPED = TransitionWeights()
TERMS: tuple[str, ...] = tuple(asdict(SHIPPED))


@dataclass(frozen=True, eq=False)
class Transitions:
    """The cost of playing the column's track after the row's, and what it is made of.

    Parameters
    ----------
    cost : ndarray of float64, shape (n, n)
        0 to 1.
    terms : dict of str to ndarray of float64, shape (n, n)
        The value of each of `TERMS`, 0 to 1; NaN where it knows nothing.
    shares : dict of str to ndarray of float64, shape (n, n)
        How much of the cost's denominator each term has, 0 to 1.
    linked : ndarray of bool, shape (n, n)
        Whether anything is known that ties the two together.
    """

    cost: NDArray[np.float64]
    terms: dict[str, NDArray[np.float64]]
    shares: dict[str, NDArray[np.float64]]
    linked: NDArray[np.bool_]


def transitions(deck: Deck, weights: TransitionWeights = SHIPPED) -> Transitions:
    """Compare every track of the deck with every other.

    Examples
    --------
    >>> deck = Deck.knowing(2, bpm=[120, 126])
    >>> transitions(deck).terms["tempo"].round(2)[0].tolist()
    [0.0, 0.32]
    """
    values = term_values(deck)
    cost, shares = weighed(values, term_gates(deck, values), weights)
    known = [np.isfinite(values[name]) for name in ("tempo", "key", "energy", "sound")]
    proven = (deck.played_next > 0) | (deck.together > 0) | (deck.verdict > 0)
    return Transitions(cost, values, shares, np.logical_or.reduce([*known, proven]))


def weighed(
    values: dict[str, NDArray[np.float64]],
    gates: dict[str, NDArray[np.float64]],
    weights: TransitionWeights,
) -> tuple[NDArray[np.float64], dict[str, NDArray[np.float64]]]:
    """Return the weighted mean of the terms, and how much of it each term decides."""
    heavy = {name: weight * gates[name] for name, weight in asdict(weights).items()}
    denominator = _NEUTRAL_WEIGHT + sum(heavy.values())
    numerator = _NEUTRAL * _NEUTRAL_WEIGHT + sum(
        weight * np.nan_to_num(values[name]) for name, weight in heavy.items()
    )
    shares = {name: weight / denominator for name, weight in heavy.items()}
    return np.asarray(numerator / denominator), shares


def term_values(deck: Deck) -> dict[str, NDArray[np.float64]]:
    """Value of every term, 0 to 1, shape (n, n); NaN where it knows nothing."""
    missing = np.full((len(deck), len(deck)), np.nan)
    step = np.abs(deck.energy[np.newaxis, :] - deck.energy[:, np.newaxis])
    return {
        "played_next": np.where(deck.played_next > 0, 0.0, missing),
        "together": np.where(deck.together > 0, 0.0, missing),
        "tempo": _tempo(deck.bpm),
        "key": key_costs()[deck.key[:, np.newaxis], deck.key[np.newaxis, :]],
        "energy": np.minimum(step / _WORST_STEP, 1.0),
        "sound": _sound(deck),
        "artist": np.where(deck.same_artist, 1.0, missing),
        "verdict": np.select([deck.verdict > 0, deck.verdict < 0], [0.0, 1.0], np.nan),
    }


def term_gates(
    deck: Deck, values: dict[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """How much there is to know in every term, 0 to 1, shape (n, n)."""
    gates = {name: np.isfinite(value).astype(np.float64) for name, value in values.items()}
    # Once may be chance: the first time counts half, the more the surer.
    gates["played_next"] = deck.played_next / (deck.played_next + 1)
    gates["together"] = deck.together / (deck.together + 2)
    return gates


def _tempo(bpm: NDArray[np.float64]) -> NDArray[np.float64]:
    """Cost of the pitch change, at the same, half or double tempo, whichever is nearest."""
    percent, octave = pitch_changes(bpm)
    easy = _EASY_COST * percent / EASY_PERCENT
    steep = _EASY_COST + (1 - _EASY_COST) * (percent - EASY_PERCENT) / (
        _WORST_PERCENT - EASY_PERCENT
    )
    return np.minimum(np.where(percent <= EASY_PERCENT, easy, steep) + _OCTAVE_COST * octave, 1.0)


def pitch_changes(
    bpm: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """How far, in percent, the second track must be pitched, and whether that is an octave off.

    Shapes (n, n); see `data.harmony.tempo_relation`.
    """
    before, after = bpm[:, np.newaxis], bpm[np.newaxis, :]
    octave = np.abs(np.nan_to_num(np.log2(after / before))) > 0.5
    return np.abs(tempo_changes(before, after)), octave


def key_costs() -> NDArray[np.float64]:
    """1 - the grade of every two keys, shape (25, 25); the last row and column are unknown."""
    table = np.full((25, 25), np.nan)
    table[:-1, :-1] = 1 - key_grades().astype(np.float64)
    return table


def _sound(deck: Deck) -> NDArray[np.float64]:
    cosine = (deck.vectors @ deck.vectors.T).astype(np.float64)
    both = deck.heard[:, np.newaxis] & deck.heard[np.newaxis, :]
    return np.where(both, np.clip(1 - cosine, 0.0, 1.0), np.nan)
