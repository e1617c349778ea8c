"""Sets that flow: tracks in an order that mixes, and paths from one track to another."""

from __future__ import annotations

from hybrid.sequence.answer import Alternative, RunningOrder, Slot, Transition
from hybrid.sequence.curves import CURVES, Curve
from hybrid.sequence.deck import Deck
from hybrid.sequence.path import MOST_STEPS, NoWay
from hybrid.sequence.plan import Wishes
from hybrid.sequence.sequencer import Sequencer

__all__ = [
    "CURVES",
    "MOST_STEPS",
    "Alternative",
    "Curve",
    "Deck",
    "NoWay",
    "RunningOrder",
    "Sequencer",
    "Slot",
    "Transition",
    "Wishes",
]
