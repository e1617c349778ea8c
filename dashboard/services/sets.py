"""What the Set page shows of a crate: its tracks in order, what is known of each, and proposals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.services.library import Library, Sounds
from dashboard.set_view import SetView
from data.catalogue import CrateState
from data.errors import SegueError
from data.records import Track
from hybrid.sequence import Alternative, RunningOrder, Wishes

OTHERS = 4  # alternatives of each kind that a slot is offered


@dataclass(frozen=True, slots=True)
class CrateSet:
    """A crate as a set.

    Parameters
    ----------
    state : CrateState
    tracks : mapping of int to Track
        In order.
    sounds : Sounds
        What of it can be heard, and what was measured.
    order : RunningOrder or None
        As it stands; None for fewer than two tracks, or where `note` says why.
    note : str
    """

    state: CrateState
    tracks: Mapping[int, Track]
    sounds: Sounds
    order: RunningOrder | None = None
    note: str = ""

    @property
    def ids(self) -> tuple[int, ...]:
        """The recordings in order."""
        return self.state.ids

    @property
    def minutes(self) -> float | None:
        """How long it plays with the usual overlaps, in minutes; None where nothing is known."""
        if self.order is None or self.order.length_s is None:
            return None
        return self.order.length_s / 60

    @property
    def tempos(self) -> tuple[float, float] | None:
        """Slowest and fastest BPM; None where no tempo is known."""
        known = [heard.bpm for heard in self.sounds.measured.values() if heard.bpm]
        return (min(known), max(known)) if known else None


def shown_crate(library: Library, view: SetView) -> int:
    """Return the crate that an address is about: the one it names, else the one in hand."""
    return library.crate_in_hand() if view.crate is None else view.crate


def crate_set(library: Library, view: SetView, crate_id: int) -> CrateSet:
    """Read a crate as a set.

    Raises
    ------
    SegueError
        If there is no such crate.
    """
    state = library.catalogue.crate_state(crate_id)
    tracks = library.catalogue.tracks(state.ids)
    sounds = library.sounds(tracks)
    if len(state.ids) < 2:
        return CrateSet(state, tracks, sounds)
    try:
        order = library.sequencer().standing(
            state.ids, Wishes(curve=view.curve), notation=library.notation()
        )
    except SegueError:  # a track was taken into the catalogue this very moment
        note = "How these tracks mix is not known yet: Segue is reading what is new. Reload soon."
        return CrateSet(state, tracks, sounds, note=note)
    return CrateSet(state, tracks, sounds, order)


def proposal(library: Library, view: SetView, ids: Sequence[int]) -> RunningOrder:
    """Return the order that flows best within the wishes of a view.

    Raises
    ------
    SegueError
        If the wishes contradict each other.
    """
    wishes, notation = view.wishes(ids), library.notation()
    return library.sequencer().order(ids, wishes, alternatives=0, notation=notation)


def path(library: Library, view: SetView) -> RunningOrder | None:
    """Return the path that a view asks for; None if it does not name two tracks.

    Raises
    ------
    NoWay
        If nothing leads there in so many steps.
    """
    if view.start is None or view.end is None:
        return None
    return library.sequencer().path(
        view.start, view.end, steps=view.steps, alternatives=0, notation=library.notation()
    )


def others(
    library: Library, ids: Sequence[int], slot: int
) -> tuple[tuple[Alternative, ...], tuple[Alternative, ...]]:
    """Return what may stand in a slot instead: tracks of the set, and tracks of the catalogue.

    What each changes is said of the transitions alone, without the curve.
    """
    sequencer = library.sequencer()
    within = sequencer.standing(ids, alternatives=OTHERS).slots[slot - 1].alternatives
    return within, sequencer.fitting(ids, slot, count=OTHERS)
