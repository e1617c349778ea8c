"""From what a DJ wants of a set to the problem that is solved."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from hybrid.sequence.curves import Curve, position_costs
from hybrid.sequence.deck import Deck
from hybrid.sequence.problem import Problem
from hybrid.sequence.transitions import Transitions

#: Length of a track where not one of the pool's is known.
ASSUMED_S = 300.0
#: Cost of time that is left unfilled, for every typical track that would have gone there.
_UNFILLED = 1.0


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a set should be like.

    Parameters
    ----------
    curve : Curve
        How energy should go.
    locks : mapping of int to int
        Slot, from 1, to the recording that must stand there.
    first, last : int or None
        Recordings that must open and close it.
    minutes : float or None
        How long it may play; the tracks that go in are chosen. None plays all.
    overlap_s : float
        Seconds for which two tracks run together.
    """

    curve: Curve = "none"
    locks: Mapping[int, int] = field(default_factory=dict)
    first: int | None = None
    last: int | None = None
    minutes: float | None = None
    overlap_s: float = 30.0


@dataclass(frozen=True, eq=False)
class Plan:
    """A problem, and what had to be assumed to pose it.

    Parameters
    ----------
    net_s : ndarray of float64, shape (n,)
        What each track adds to the length of a set, in seconds; its overlap is taken off.
    tail_s : float
        What the last track adds besides, in seconds: nothing overlaps its end.
    timed : bool
        Whether any track's length is known.
    """

    problem: Problem
    net_s: NDArray[np.float64]
    tail_s: float
    timed: bool
    notes: tuple[str, ...]


def plan(deck: Deck, costs: Transitions, wishes: Wishes, name: Callable[[int], str]) -> Plan:
    """Pose the problem.

    Parameters
    ----------
    name : callable
        From a recording id to what a person calls it.

    Raises
    ------
    SegueError
        If the locks contradict each other or do not fit into the time.
    """
    net, tail, known = _net_lengths(deck, wishes)
    room = np.inf if wishes.minutes is None else wishes.minutes * 60 - tail
    held = _held(deck, wishes, name)
    slots = len(deck)
    if wishes.minutes is not None:
        slots = _fitting(net, tail, held, wishes.minutes, lambda place: name(int(deck.ids[place])))
    position = position_costs(deck.energy, wishes.curve, slots)
    if slots < len(deck):
        position = position - _UNFILLED * (net / np.median(net))[:, np.newaxis]
    problem = Problem(costs.cost, position, _locked(held, slots, deck, name), net, room)
    return Plan(problem, net, tail, bool(known.any()), tuple(_notes(deck, wishes, known)))


def _net_lengths(
    deck: Deck, wishes: Wishes
) -> tuple[NDArray[np.float64], float, NDArray[np.bool_]]:
    """Return the lengths less the overlaps, the longest overlap, and which lengths are known."""
    known = np.isfinite(deck.duration_s)
    typical = float(np.median(deck.duration_s[known])) if known.any() else ASSUMED_S
    lengths = np.where(known, deck.duration_s, typical)
    overlaps = np.minimum(wishes.overlap_s, lengths / 2)
    return lengths - overlaps, float(overlaps.max()), known


def _held(deck: Deck, wishes: Wishes, name: Callable[[int], str]) -> dict[int, int]:
    """Slots, from 1, or -1 for the last, with the track of the deck that must stand there."""
    places = {ident: place for place, ident in enumerate(deck.ids.tolist())}
    wanted = [*sorted(wishes.locks.items())]
    wanted += [(1, wishes.first)] if wishes.first is not None else []
    wanted += [(-1, wishes.last)] if wishes.last is not None else []
    held: dict[int, int] = {}
    for slot, ident in wanted:
        if ident not in places:
            raise SegueError(f"{name(ident)} is not among the tracks to order; add it to them.")
        if slot != -1 and slot < 1:
            raise SegueError(f"There is no slot {slot}: slots count from 1.")
        if held.setdefault(slot, places[ident]) != places[ident]:
            other = name(int(deck.ids[held[slot]]))
            raise SegueError(f"Slot {slot} cannot hold both {other} and {name(ident)}.")
    return held


def _fitting(
    net: NDArray[np.float64],
    tail: float,
    held: Mapping[int, int],
    minutes: float,
    name: Callable[[int], str],
) -> int:
    """How many tracks of typical length the time holds, and fewer where locks are long."""
    room = minutes * 60 - tail
    bound = sorted(set(held.values()))
    least = net[bound].sum() + np.concatenate([[0.0], np.cumsum(np.sort(np.delete(net, bound)))])
    within = np.flatnonzero(least <= room + 1e-6)
    if not len(within):
        names = ", ".join(name(place) for place in bound)
        takes = f"{names} alone take {_clock(least[0] + tail)}"
        raise SegueError(f"{takes}, more than {minutes:g} minutes; allow more time.")
    most = len(bound) + int(within[-1])
    if most < 2:
        raise SegueError(
            f"No two tracks fit into {minutes:g} minutes: "
            f"the shortest two take {_clock(float(np.sort(net)[:2].sum()) + tail)}."
        )
    return max(2, len(bound), min(most, int(room / np.median(net))))


def _locked(
    held: Mapping[int, int], slots: int, deck: Deck, name: Callable[[int], str]
) -> NDArray[np.intp]:
    locked = np.full(slots, -1, np.intp)
    for slot, place in held.items():
        at = slots if slot == -1 else slot
        track = name(int(deck.ids[place]))
        if at > slots:
            raise SegueError(f"{track} cannot stand in slot {slot}: the set has {slots} tracks.")
        if locked[at - 1] not in (-1, place):
            other = name(int(deck.ids[locked[at - 1]]))
            raise SegueError(f"Slot {at}, the last one, cannot hold both {other} and {track}.")
        elsewhere = np.setdiff1d(np.flatnonzero(locked == place), [at - 1])
        if len(elsewhere):
            raise SegueError(
                f"{track} cannot stand in two places: slot {elsewhere[0] + 1} and slot {at}."
            )
        locked[at - 1] = place
    return locked


def _notes(deck: Deck, wishes: Wishes, known: NDArray[np.bool_]) -> list[str]:
    notes = []
    unknown = int((~known).sum())
    if wishes.minutes is not None and unknown:
        typical = float(np.median(deck.duration_s[known])) if known.any() else ASSUMED_S
        why = "the median of the others" if known.any() else "an assumption"
        notes.append(
            f"{unknown} of {len(deck)} tracks have no known length and count as "
            f"{_clock(typical)}, {why}."
        )
    energies = int(np.isfinite(deck.energy).sum())
    if wishes.curve != "none" and energies < len(deck):
        notes.append(
            f'The curve "{wishes.curve}" knows the energy of {energies} of {len(deck)} tracks; '
            "analyse their files for the others."
        )
    return notes


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"
