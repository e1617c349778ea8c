"""What ordering answers: tracks in slots, the transitions between them, and why."""

from __future__ import annotations

from dataclasses import dataclass

from data.harmony import Key
from data.records import Track
from hybrid.sequence.curves import Curve


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another track for a slot.

    Parameters
    ----------
    recording_id : int
    track : Track
    change : float
        By how much the sum of all costs would rise; a transition that cannot be worse costs 1.
    slot : int or None
        The slot it stands in and would change places with; None if it is not in the set.
    """

    recording_id: int
    track: Track
    change: float
    slot: int | None = None


@dataclass(frozen=True, slots=True)
class Slot:
    """One track of a set, in its place.

    Parameters
    ----------
    number : int
        From 1.
    start_s : float or None
        When it starts, with the overlaps taken off; None where no track's length is known.
    bpm, key, energy : float, Key, float, or None
        None where unknown.
    wanted : float or None
        Energy that the curve wants here, in the pool's own terms; None without a curve.
    locked : bool
        Whether it had to stand here.
    alternatives : tuple of Alternative
        Cheapest first; none for a locked slot.
    """

    number: int
    recording_id: int
    track: Track
    start_s: float | None = None
    bpm: float | None = None
    key: Key | None = None
    energy: float | None = None
    wanted: float | None = None
    locked: bool = False
    alternatives: tuple[Alternative, ...] = ()


@dataclass(frozen=True, slots=True)
class Transition:
    """From one track to the next.

    Parameters
    ----------
    cost : float
        0 (as good as can be) to 1.
    terms : dict of str to float
        The value of every term that knows something, 0 to 1; see
        `hybrid.sequence.transitions.TransitionWeights`.
    shares : dict of str to float
        How much of the cost each of these terms decided; with the neutral rest they sum to 1.
    reason : str
        A sentence of what is known.
    warnings : tuple of str
        What may go wrong, a sentence each.
    """

    cost: float
    terms: dict[str, float]
    shares: dict[str, float]
    reason: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RunningOrder:
    """Tracks in the order they are to be played.

    Parameters
    ----------
    transitions : tuple of Transition
        One fewer than slots: ``transitions[i]`` leads from ``slots[i]`` to ``slots[i + 1]``.
    score : float
        1 - mean cost of the transitions.
    curve : Curve
    curve_fit : float or None
        1 - mean distance between energy wanted and energy there, in parts of the pool's range;
        None without a curve, or where no energy is known.
    length_s : float or None
        How long it plays; None where no track's length is known.
    left_out : tuple of int
        Recordings that were offered and are not in it.
    notes : tuple of str
        What was assumed, a sentence each.
    """

    slots: tuple[Slot, ...]
    transitions: tuple[Transition, ...]
    score: float
    curve: Curve = "none"
    curve_fit: float | None = None
    length_s: float | None = None
    left_out: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def recording_ids(self) -> tuple[int, ...]:
        """The recordings in order."""
        return tuple(slot.recording_id for slot in self.slots)
