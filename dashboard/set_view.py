"""What the Set page shows, and the address that shows it again; see `dashboard.view`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import parse_qsl, urlencode

from hybrid.sequence import CURVES, MOST_STEPS, Curve, Wishes

STEPS = 4
MOST_MINUTES = 24 * 60
_MOST_LOCKS = 200

Tool = Literal["", "order", "path"]


@dataclass(frozen=True, slots=True)
class SetView:
    """One state of the Set page.

    Parameters
    ----------
    crate : int or None
        None for the crate in hand.
    curve : Curve
        How energy should go; the chart shows it beside how it goes.
    minutes : int or None
        How long the set may play.
    locks : tuple of (int, int)
        Slot, from 1, and the recording that stays there.
    first, last : int or None
        Recordings that open and close the set.
    tool : {"", "order", "path"}
        What is laid out beside the set: a proposed order, or a path between two tracks.
    others : int or None
        The slot whose alternatives are open.
    start, end : int or None
        The recordings a path leads from and to.
    steps : int
        Transitions of the path.
    """

    crate: int | None = None
    curve: Curve = "none"
    minutes: int | None = None
    locks: tuple[tuple[int, int], ...] = ()
    first: int | None = None
    last: int | None = None
    tool: Tool = ""
    others: int | None = None
    start: int | None = None
    end: int | None = None
    steps: int = STEPS

    @classmethod
    def from_search(cls, search: str | None) -> SetView:
        """Read the query part of an address; what makes no sense is left at its default."""
        pairs = parse_qsl((search or "").lstrip("?"))
        given = dict(pairs)
        curve, tool = given.get("curve", ""), given.get("tool", "")
        return cls(
            crate=_number(given.get("crate")),
            curve=next((known for known in CURVES if known == curve), "none"),
            minutes=_number(given.get("minutes"), MOST_MINUTES),
            locks=_locks(value for key, value in pairs if key == "lock"),
            first=_number(given.get("first")),
            last=_number(given.get("last")),
            tool="order" if tool == "order" else "path" if tool == "path" else "",
            others=_number(given.get("alternatives")),
            start=_number(given.get("from")),
            end=_number(given.get("to")),
            steps=_number(given.get("steps"), MOST_STEPS) or STEPS,
        )

    def to_search(self) -> str:
        """Write the query part of an address; empty for the crate in hand as it is."""
        pairs: list[tuple[str, Any]] = [
            ("crate", self.crate),
            ("curve", self.curve if self.curve != "none" else None),
            ("minutes", self.minutes),
            *(("lock", f"{slot}:{ident}") for slot, ident in self.locks),
            ("first", self.first),
            ("last", self.last),
            ("tool", self.tool or None),
            ("from", self.start),
            ("to", self.end),
            ("steps", self.steps if self.steps != STEPS else None),
            ("alternatives", self.others),
        ]
        said = [(key, value) for key, value in pairs if value is not None]
        return f"?{urlencode(said, safe=':')}" if said else ""

    def wishes(self, ids: Sequence[int]) -> Wishes:
        """Return what is wanted of a set of `ids`; wishes about other tracks are left out."""
        held = {slot: ident for slot, ident in self.locks if ident in ids}
        return Wishes(
            curve=self.curve,
            locks=held,
            first=self.first if self.first in ids else None,
            last=self.last if self.last in ids else None,
            minutes=self.minutes,
        )

    def locked(self, ids: Sequence[int]) -> set[int]:
        """Return which of `ids` are locked where they stand."""
        standing = set(enumerate(ids, start=1))
        return {ident for slot, ident in self.locks if (slot, ident) in standing}

    def following(self, before: Sequence[int], after: Sequence[int]) -> SetView:
        """Return the view of a set whose order was changed: locks go with their tracks."""
        places = {ident: slot for slot, ident in enumerate(after, start=1)}
        kept = sorted((places[ident], ident) for ident in self.locked(before) if ident in places)
        return replace(self, locks=tuple(kept), others=None)

    def toggled_lock(self, slot: int, ident: int) -> SetView:
        """Return the view with a track held in its slot, or let go of."""
        others = tuple(lock for lock in self.locks if lock[0] != slot and lock[1] != ident)
        if (slot, ident) in self.locks:
            return replace(self, locks=others)
        return replace(self, locks=tuple(sorted((*others, (slot, ident)))))

    def of_crate(self, crate: int | None) -> SetView:
        """Return the plain view of a crate; only the curve stays."""
        return SetView(crate=crate, curve=self.curve)


def _number(text: str | None, most: int = 2**53) -> int | None:
    """Read a number from 1 on; one that is too large is `most`."""
    if not text or not (text.isascii() and text.isdecimal()):
        return None
    return min(int(text[:17]), most) or None


def _locks(texts: Iterable[str]) -> tuple[tuple[int, int], ...]:
    """Read "SLOT:TRACK"; a slot, and a track, is locked once."""
    held: dict[int, int] = {}
    for text in texts:
        slot, _, ident = text.partition(":")
        place, track = _number(slot, 9999), _number(ident)
        if place and track and place not in held and track not in held.values():
            held[place] = track
    return tuple(sorted(held.items())[:_MOST_LOCKS])
