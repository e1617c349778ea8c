"""Crates as the pages use them: what is in one, changing it, and taking it away as a file.

Every change is one step that can be undone. `expected` is the stamp of the crate that the person
was looking at; `data.catalogue.CrateChanged` is raised where it is another one by now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from dashboard.components.text import counted
from dashboard.services.library import Library
from data.catalogue import CrateChanged, CrateState
from data.errors import SegueError
from hybrid.playlists_out import PlaylistFile, playlist_file


def in_hand(library: Library) -> CrateState:
    """Return the crate that tracks are added to."""
    return library.catalogue.crate_state(library.crate_in_hand())


def ids_in_hand(library: Library) -> list[int]:
    """Return the recordings in the crate in hand, in order."""
    return library.catalogue.crate(library.crate_in_hand())


def add(
    library: Library, crate_id: int, ids: Iterable[int], *, expected: int | None = None
) -> CrateState:
    """Put recordings at the end of a crate; those that are in it already stay where they are."""
    wanted = list(dict.fromkeys(ids))
    while True:
        state = library.catalogue.crate_state(crate_id)
        fresh = [ident for ident in wanted if ident not in state.ids]
        if not fresh:
            return state
        try:
            return library.catalogue.set_crate(
                crate_id,
                [*state.ids, *fresh],
                said=f"Added {named(library, fresh)}",
                expected=expected if expected is not None else state.stamp,
            )
        except CrateChanged:
            # To add means the same whatever came in between, unless the person must see it.
            if expected is not None:
                raise


def remove(
    library: Library, crate_id: int, ids: Collection[int], *, expected: int | None = None
) -> CrateState:
    """Take recordings out of a crate."""
    state = library.catalogue.crate_state(crate_id)
    gone = [ident for ident in state.ids if ident in set(ids)]
    if not gone:
        return state
    return library.catalogue.set_crate(
        crate_id,
        [ident for ident in state.ids if ident not in set(gone)],
        said=f"Removed {named(library, gone)}",
        expected=expected if expected is not None else state.stamp,
    )


def move(
    library: Library, crate_id: int, ident: int, slot: int, *, expected: int | None = None
) -> CrateState:
    """Put a recording of a crate into another slot, from 1; too far is the end."""
    state = library.catalogue.crate_state(crate_id)
    others = [other for other in state.ids if other != ident]
    slot = min(max(slot, 1), len(state.ids))
    others.insert(slot - 1, ident)
    said = f"Moved {named(library, [ident])} to {slot}"
    return library.catalogue.set_crate(crate_id, others, said=said, expected=expected)


def replace(
    library: Library, crate_id: int, ident: int, other: int, *, expected: int | None = None
) -> CrateState:
    """Put a recording in the place of another; two that are both in the crate change places."""
    state = library.catalogue.crate_state(crate_id)
    swapped = {ident: other, other: ident}
    here, there = named(library, [ident]), named(library, [other])
    said = f"Swapped {here} and {there}" if other in state.ids else f"Put {there} for {here}"
    ids = [swapped.get(held, held) for held in state.ids]
    return library.catalogue.set_crate(crate_id, ids, said=said, expected=expected)


def insert(
    library: Library,
    crate_id: int,
    after: int,
    ids: Sequence[int],
    *,
    expected: int | None = None,
) -> CrateState:
    """Put recordings behind one that is in the crate; those that are in it already move there."""
    state = library.catalogue.crate_state(crate_id)
    between = [ident for ident in ids if ident != after]
    rest = [ident for ident in state.ids if ident not in set(between)]
    place = rest.index(after) + 1 if after in rest else len(rest)
    said = f"Put a path of {counted(len(between), 'step')} in"
    content = [*rest[:place], *between, *rest[place:]]
    return library.catalogue.set_crate(crate_id, content, said=said, expected=expected)


def clear(library: Library, crate_id: int, *, expected: int | None = None) -> CrateState:
    """Take everything out of a crate."""
    state = library.catalogue.crate_state(crate_id)
    if not state.ids:
        return state
    said = f"Removed {counted(len(state.ids), 'track')}"
    return library.catalogue.set_crate(
        crate_id, [], said=said, expected=expected if expected is not None else state.stamp
    )


def create(library: Library, name: str, ids: Sequence[int] = ()) -> int:
    """Make a crate, with recordings in it or empty; return its id."""
    crate_id = library.catalogue.create_crate(name)
    if ids:
        add(library, crate_id, ids)
    return crate_id


def free_name(library: Library, name: str) -> str:
    """Return a name that no crate has: `name`, or with a number behind it."""
    taken = {crate.name for crate in library.catalogue.crates()}
    number = 2
    found = name
    while found in taken:
        found, number = f"{name} {number}", number + 1
    return found


def named(library: Library, ids: Sequence[int]) -> str:
    """Return the title of one recording, or how many there are."""
    if len(ids) != 1:
        return counted(len(ids), "track")
    return library.catalogue.track(ids[0]).full_title


def export(library: Library, crate_id: int, format_key: str) -> PlaylistFile:
    """Return a crate in one of the playlist formats.

    Raises
    ------
    SegueError
        If there is nothing in the crate.
    """
    state = library.catalogue.crate_state(crate_id)
    if not state.ids:
        raise SegueError("The crate is empty: add a track to it, then download.")
    return playlist_file(library.catalogue, state.ids, format_key, name=state.name)
