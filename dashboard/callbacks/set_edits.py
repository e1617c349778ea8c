"""What can be done on the Set page: each a function from what was asked to the view after it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboard.services import Library, crates
from dashboard.set_view import SetView
from data.catalogue import CrateChanged, CrateState
from data.errors import SegueError


@dataclass(frozen=True, slots=True)
class Edit:
    """Something asked for, and what the person was looking at when they asked.

    Parameters
    ----------
    library : Library
    view : SetView
    asked : mapping
        ``"do"`` names the action; the rest is what it needs.
    crate, stamp : int
        The crate on the page, and its stamp.
    ids : sequence of int
        Its recordings.
    proposed : mapping
        The ``"ids"`` of the order or path that was on the page.
    """

    library: Library
    view: SetView
    asked: Mapping[str, Any]
    crate: int
    stamp: int
    ids: Sequence[int]
    proposed: Mapping[str, Any]

    def number(self, name: str) -> int:
        """Return a number that the action needs."""
        return int(self.asked[name])

    def title(self, ident: int) -> str:
        """Return what a recording is called."""
        return self.library.catalogue.track(ident).full_title

    def became(self, state: CrateState, said: str) -> After:
        """Return what follows a change of content."""
        return After(self.view.following(self.ids, state.ids), said)


@dataclass(frozen=True, slots=True)
class After:
    """The view that follows, and what to announce."""

    view: SetView
    said: str = ""


def move(edit: Edit) -> After:
    """Move a track by some places, or to one."""
    ident = edit.number("id")
    if ident not in edit.ids:
        raise CrateChanged
    now = edit.ids.index(ident) + 1
    slot = edit.number("to") if "to" in edit.asked else now + edit.number("by")
    slot = min(max(slot, 1), len(edit.ids))
    if slot == now:
        where = "first" if slot == 1 else "last"
        return After(edit.view, f"{edit.title(ident)} is the {where} already.")
    state = crates.move(edit.library, edit.crate, ident, slot, expected=edit.stamp)
    return edit.became(state, f"{edit.title(ident)} is now {slot} of {len(state.ids)}.")


def remove(edit: Edit) -> After:
    """Take one or several tracks out."""
    ids = [int(ident) for ident in edit.asked.get("ids") or [edit.asked["id"]]]
    state = crates.remove(edit.library, edit.crate, ids, expected=edit.stamp)
    return edit.became(state, f"{state.undo}.")


def add(edit: Edit) -> After:
    """Put a track at the end."""
    ident = edit.number("id")
    if ident in edit.ids:
        raise SegueError(f"{edit.title(ident)} is in this crate already.")
    state = crates.add(edit.library, edit.crate, [ident], expected=edit.stamp)
    return edit.became(state, f"{state.undo}.")


def swap_in(edit: Edit) -> After:
    """Put an alternative in the place of a track."""
    ident, other = edit.number("id"), edit.number("other")
    state = crates.replace(edit.library, edit.crate, ident, other, expected=edit.stamp)
    return edit.became(state, f"{state.undo}.")


def use(edit: Edit) -> After:
    """Give the crate the order that was proposed."""
    if edit.proposed.get("stamp") != edit.stamp or edit.proposed.get("crate") != edit.crate:
        raise CrateChanged
    state = edit.library.catalogue.set_crate(
        edit.crate, edit.proposed["ids"], said="Ordered for flow", expected=edit.stamp
    )
    return After(replace(edit.view, tool="", others=None), f"{state.undo}.")


def insert_path(edit: Edit) -> After:
    """Put the path behind its first track."""
    start, *rest = edit.proposed["ids"]
    state = crates.insert(edit.library, edit.crate, start, rest, expected=edit.stamp)
    after = edit.became(state, f"{state.undo}.")
    return replace(after, view=replace(after.view, tool=""))


def path_crate(edit: Edit) -> After:
    """Make a new crate of the path."""
    ids = edit.proposed["ids"]
    name = f"{edit.title(ids[0])} to {edit.title(ids[-1])}"
    made = crates.create(edit.library, crates.free_name(edit.library, name[:180]), ids)
    return After(SetView(crate=made), f"Made the crate {name}.")


def undo(edit: Edit) -> After:
    """Take the last change back."""
    what = edit.library.catalogue.crate_state(edit.crate).undo
    state = edit.library.catalogue.undo_crate(edit.crate, expected=edit.stamp)
    return edit.became(state, f"Taken back: {what}." if what else "There is nothing to undo.")


def redo(edit: Edit) -> After:
    """Make the change again that was taken back."""
    what = edit.library.catalogue.crate_state(edit.crate).redo
    state = edit.library.catalogue.redo_crate(edit.crate, expected=edit.stamp)
    return edit.became(state, f"Done again: {what}." if what else "There is nothing to redo.")


def clear(edit: Edit) -> After:
    """Take every track out."""
    state = crates.clear(edit.library, edit.crate, expected=edit.stamp)
    return edit.became(state, f"{state.undo}.")


def duplicate(edit: Edit) -> After:
    """Make another crate with the same tracks."""
    made = edit.library.catalogue.duplicate_crate(edit.number("id"))
    name = edit.library.catalogue.crate_state(made).name
    return After(SetView(crate=made), f"This is {name}.")


def delete(edit: Edit) -> After:
    """Delete the crate; it can be put back."""
    name = edit.library.catalogue.crate_state(edit.number("id")).name
    edit.library.catalogue.delete_crate(edit.number("id"))
    return After(SetView(), f"Deleted {name}. It can be put back.")


def restore(edit: Edit) -> After:
    """Put a deleted crate back."""
    ident = edit.number("id")
    edit.library.catalogue.restore_crate(ident)
    return After(SetView(crate=ident), "The crate is back.")


def hand(edit: Edit) -> After:
    """Make the crate the one that tracks are added to."""
    edit.library.take_in_hand(edit.number("id"))
    return After(edit.view, "Tracks you add on Dig and Map go to this crate now.")


def lock(edit: Edit) -> After:
    """Hold a track in its slot, or let go of it."""
    slot, ident = edit.number("slot"), edit.number("id")
    view = edit.view.toggled_lock(slot, ident)
    held = (slot, ident) in view.locks
    return After(view, f"{edit.title(ident)} {'stays at' if held else 'may leave'} {slot}.")


def others(edit: Edit) -> After:
    """Open or close what else could stand in a slot."""
    slot = edit.number("slot")
    return After(replace(edit.view, others=None if edit.view.others == slot else slot))


def tool(edit: Edit) -> After:
    """Lay a proposal or a path out."""
    return After(replace(edit.view, tool="path" if edit.asked["tool"] == "path" else "order"))


def close_tool(edit: Edit) -> After:
    """Put the proposal or the path away."""
    return After(replace(edit.view, tool=""))


ACTIONS: Mapping[str, Callable[[Edit], After]] = {
    "move": move,
    "remove": remove,
    "add": add,
    "replace": swap_in,
    "use": use,
    "insert-path": insert_path,
    "path-crate": path_crate,
    "undo": undo,
    "redo": redo,
    "clear": clear,
    "duplicate": duplicate,
    "delete": delete,
    "restore": restore,
    "hand": hand,
    "lock": lock,
    "others": others,
    "tool": tool,
    "close-tool": close_tool,
}
