"""A transition in words."""

from __future__ import annotations

import numpy as np

from data.harmony import Key, Notation, key_compatibility, tempo_relation
from hybrid.sequence.answer import Transition
from hybrid.sequence.deck import Deck
from hybrid.sequence.transitions import EASY_PERCENT, Transitions

#: Grade of two keys below which they are said to clash.
_CLASH = 0.3
#: Pitch change in percent beyond which nobody mixes by pitching: tempos are told as they are.
_RIDEABLE = 10.0
#: Step in energy that dancers notice, as a part of the whole scale.
_JUMP = 0.3


def described(
    deck: Deck, costs: Transitions, before: int, after: int, notation: Notation = "camelot"
) -> Transition:
    """Say what is known of playing one track of the deck straight after another.

    `notation` is how keys are written.
    """
    known = [name for name, values in costs.terms.items() if np.isfinite(values[before, after])]
    return Transition(
        cost=round(float(costs.cost[before, after]), 4),
        terms={name: round(float(costs.terms[name][before, after]), 4) for name in known},
        shares={name: round(float(costs.shares[name][before, after]), 4) for name in known},
        reason=_reason(deck, costs, before, after, notation),
        warnings=tuple(_warnings(deck, costs, before, after, notation)),
    )


def key_of(deck: Deck, track: int) -> Key | None:
    """Return the key of a track of the deck."""
    value = int(deck.key[track])
    return None if value < 0 else Key.from_traktor(value)


def _reason(deck: Deck, costs: Transitions, before: int, after: int, notation: Notation) -> str:
    mix = [_keys(deck, before, after, notation), _tempo(deck, before, after)]
    parts = [
        ", ".join(part for part in mix if part),
        "you said that it works" if deck.verdict[before, after] > 0 else "",
        _history(deck, before, after),
        _energy(deck, before, after),
        _sound(costs, before, after),
    ]
    text = "; ".join(part for part in parts if part)
    return f"{text[0].upper()}{text[1:]}." if text else "Nothing is known of this pair."


def _keys(deck: Deck, before: int, after: int, notation: Notation) -> str:
    a, b = key_of(deck, before), key_of(deck, after)
    relation = key_compatibility(a, b)
    if a is None or b is None or relation is None:
        return ""
    return f"{a.written(notation)} to {b.written(notation)} ({relation.name})"


def _tempo(deck: Deck, before: int, after: int) -> str:
    a, b = float(deck.bpm[before]), float(deck.bpm[after])
    if np.isnan(a) or np.isnan(b):
        return ""
    relation = tempo_relation(a, b)
    if abs(relation.percent) > _RIDEABLE:
        return f"{a:.0f} to {b:.0f} BPM"
    pitch = f"{relation.percent:+.1f}%" if abs(relation.percent) >= 0.05 else "same tempo"
    if relation.kind == "same":
        return pitch
    return f"{relation.kind} time, {pitch}" if pitch[0] in "+-" else f"{relation.kind} time"


def _history(deck: Deck, before: int, after: int) -> str:
    straight, together = int(deck.played_next[before, after]), int(deck.together[before, after])
    if straight:
        return f"played straight after it {_times(straight)}"
    return f"played with it in {together} {'set' if together == 1 else 'sets'}" if together else ""


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


def _energy(deck: Deck, before: int, after: int) -> str:
    step = float(deck.energy[after] - deck.energy[before])
    if np.isnan(step):
        return ""
    return f"energy {step:+.0%}" if abs(step) >= 0.005 else "same energy"


def _sound(costs: Transitions, before: int, after: int) -> str:
    away = float(costs.terms["sound"][before, after])
    return "" if np.isnan(away) else f"sounds {1 - away:.0%} alike"


def _warnings(
    deck: Deck, costs: Transitions, before: int, after: int, notation: Notation
) -> list[str]:
    found = []
    if deck.verdict[before, after] < 0:
        found.append("You said that these two clash.")
    found += _tempo_warnings(deck, before, after)
    a, b = key_of(deck, before), key_of(deck, after)
    relation = key_compatibility(a, b)
    if a is not None and b is not None and relation is not None and relation.score < _CLASH:
        found.append(f"The keys clash: {a.written(notation)} to {b.written(notation)}.")
    step = float(deck.energy[after] - deck.energy[before])
    if abs(step) >= _JUMP:
        found.append(f"The energy {'jumps' if step > 0 else 'drops'} by {abs(step):.0%}.")
    if deck.same_artist[before, after]:
        found.append("Same artist twice in a row.")
    if not costs.linked[before, after]:
        found.append("Nothing that is known ties these two together.")
    return found


def _tempo_warnings(deck: Deck, before: int, after: int) -> list[str]:
    a, b = float(deck.bpm[before]), float(deck.bpm[after])
    if np.isnan(a) or np.isnan(b):
        return []
    percent = abs(tempo_relation(a, b).percent)
    if percent <= EASY_PERCENT:
        return []
    if percent <= _RIDEABLE:
        return [f"Tempo jump of {percent:.0f}%."]
    return [f"Tempo jump from {a:.0f} to {b:.0f} BPM."]
