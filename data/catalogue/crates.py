"""Crates: tracks a DJ put together, in order, with every change kept so that it can be undone."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from data.catalogue import crate_history, lookup, upkeep
from data.catalogue.rows import in_parts, insert_rows, take_ids
from data.catalogue.spelling import storable
from data.catalogue.tables import CrateItem, CrateRow, Recording
from data.errors import SegueError

_LONGEST_NAME = 200


class CrateChanged(SegueError):
    """A crate is not as it was when the change to it was thought of."""

    def __init__(self) -> None:
        super().__init__(
            "This crate was changed in another window; look at it as it is now, "
            "then make your change again."
        )


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate and how many recordings are in it; `stamp` grows with every change of it."""

    id: int
    name: str
    size: int
    stamp: int


@dataclass(frozen=True, slots=True)
class CrateState:
    """A crate as it stands, and what can be done to it.

    Parameters
    ----------
    id : int
    name : str
    stamp : int
        Grows with every change of content or name.
    ids : tuple of int
        Its recordings in order.
    undo, redo : str
        What would be undone or done again ("Removed 3 tracks"); empty if nothing.
    """

    id: int
    name: str
    stamp: int
    ids: tuple[int, ...]
    undo: str
    redo: str


def listed(connection: Connection) -> list[Crate]:
    """Return all crates, oldest first."""
    rows = connection.execute(
        select(CrateRow.id, CrateRow.name, func.count(CrateItem.recording_id), CrateRow.stamp)
        .outerjoin(CrateItem, CrateItem.crate_id == CrateRow.id)
        .group_by(CrateRow.id, CrateRow.name, CrateRow.stamp)
        .order_by(CrateRow.id)
    )
    return [Crate(*row) for row in rows]


def state(connection: Connection, crate_id: int) -> CrateState:
    """Return a crate as it stands."""
    ids = items(connection, crate_id)
    asked = select(CrateRow.name, CrateRow.stamp).where(CrateRow.id == crate_id)
    name, stamp = connection.execute(asked).one()
    undo, redo = crate_history.sentences(connection, crate_id)
    return CrateState(crate_id, name, stamp, tuple(ids), undo, redo)


def items(connection: Connection, crate_id: int) -> list[int]:
    """Return the recording ids of a crate in order."""
    _check(connection, crate_id)
    return list(
        connection.scalars(
            select(CrateItem.recording_id)
            .where(CrateItem.crate_id == crate_id)
            .order_by(CrateItem.position)
        )
    )


def create(connection: Connection, name: str) -> int:
    """Make an empty crate and return its id."""
    name = _free_name(connection, name)
    [ident] = take_ids(connection, CrateRow, 1)
    connection.execute(insert(CrateRow).values(id=ident, name=name, stamp=0, step=0))
    return ident


def rename(connection: Connection, crate_id: int, name: str, expected: int | None) -> None:
    """Give a crate another name."""
    _check(connection, crate_id, expected)
    name = _free_name(connection, name, besides=crate_id)
    connection.execute(
        update(CrateRow)
        .where(CrateRow.id == crate_id, CrateRow.name != name)
        .values(name=name, stamp=CrateRow.stamp + 1)
    )


def duplicate(connection: Connection, crate_id: int, name: str) -> int:
    """Make another crate with the same recordings in the same order; return its id."""
    held = items(connection, crate_id)
    if not name:
        original = connection.scalar(select(CrateRow.name).where(CrateRow.id == crate_id)) or ""
        name = numbered_name(connection, _ending(original, " copy"))
    made = create(connection, name)
    fill(connection, made, held)
    return made


def change(
    connection: Connection, crate_id: int, ids: Iterable[int], said: str, expected: int | None
) -> None:
    """Let a crate hold `ids` in this order, each once, as one step that can be undone."""
    before = items(connection, crate_id)
    _check(connection, crate_id, expected)
    after = list(dict.fromkeys(int(ident) for ident in ids))
    fresh = set(after).difference(before)
    if len(known(connection, fresh)) < len(fresh):
        raise SegueError(
            "One of these tracks is not in the catalogue any more; reload the page and try again."
        )
    _become(connection, crate_id, before, after, said)


def move(connection: Connection, crate_id: int, steps: int, expected: int | None) -> None:
    """Undo (-1) or redo (+1) a step; recordings that have gone are left out."""
    _check(connection, crate_id, expected)
    ids = crate_history.move(connection, crate_id, steps)
    if ids is not None:
        held = known(connection, ids)
        fill(connection, crate_id, [ident for ident in ids if ident in held])


def put(connection: Connection, crate_id: int, recording_id: int) -> bool:
    """Append a recording; return False if it is in the crate already."""
    before = items(connection, crate_id)
    if recording_id in before:
        return False
    if not known(connection, [recording_id]):
        raise SegueError(f"The catalogue holds no track {recording_id}; search for it again.")
    said = f"Added {_named(connection, recording_id)}"
    _become(connection, crate_id, before, [*before, recording_id], said)
    return True


def take_out(connection: Connection, crate_id: int, recording_id: int) -> None:
    """Take a recording out of a crate; one that is not in it is no error."""
    before = items(connection, crate_id)
    if recording_id in before:
        said = f"Removed {_named(connection, recording_id)}"
        after = [ident for ident in before if ident != recording_id]
        _become(connection, crate_id, before, after, said)


def reorder(connection: Connection, crate_id: int, ids: Sequence[int]) -> None:
    """Put the recordings of a crate into the order of `ids`."""
    before = items(connection, crate_id)
    if sorted(ids) != sorted(before):
        raise SegueError(
            "The new order does not hold the same tracks as the crate; reload it and try again."
        )
    moved = _moved(before, ids)
    said = "Changed the order" if moved is None else f"Moved {_named(connection, moved)}"
    _become(connection, crate_id, before, list(ids), said)


def fill(connection: Connection, crate_id: int, ids: Sequence[int]) -> None:
    """Write what a crate holds; recordings that only it kept and that are not in `ids` go."""
    rows = connection.execute(
        select(CrateItem.recording_id, CrateItem.position).where(CrateItem.crate_id == crate_id)
    )
    held = dict(rows.all())
    places = {ident: place for place, ident in enumerate(ids, start=1)}
    gone = [ident for ident in held if ident not in places]
    for part in in_parts(gone):
        connection.execute(
            delete(CrateItem).where(
                CrateItem.crate_id == crate_id, CrateItem.recording_id.in_(part)
            )
        )
    moved = [i for i, place in places.items() if i in held and held[i] != place]
    if moved:
        connection.execute(
            update(CrateItem)
            .where(CrateItem.crate_id == crate_id, CrateItem.recording_id == bindparam("ident"))
            .values(position=bindparam("place")),
            [{"ident": ident, "place": places[ident]} for ident in moved],
        )
    fresh = [i for i in places if i not in held]
    of_it = ({"crate_id": crate_id, "recording_id": i, "position": places[i]} for i in fresh)
    insert_rows(connection, CrateItem, of_it)
    connection.execute(
        update(CrateRow).where(CrateRow.id == crate_id).values(stamp=CrateRow.stamp + 1)
    )
    upkeep.refresh(connection, gone)


def known(connection: Connection, ids: Collection[int]) -> set[int]:
    """Return those of `ids` that are recordings of the catalogue."""
    found: set[int] = set()
    for part in in_parts(ids):
        found.update(connection.scalars(select(Recording.id).where(Recording.id.in_(part))))
    return found


def numbered_name(connection: Connection, name: str) -> str:
    """Return `name`, with a number behind it if a crate is called so already."""
    taken = set(connection.scalars(select(CrateRow.name)))
    numbers = (_ending(name, f" {number}") for number in count(2))
    return name if name not in taken else next(n for n in numbers if n not in taken)


def _become(
    connection: Connection, crate_id: int, before: list[int], after: list[int], said: str
) -> None:
    if after != before:
        forgotten = crate_history.record(connection, crate_id, before, after, said)
        fill(connection, crate_id, after)
        upkeep.refresh(connection, forgotten.difference(after))


def _moved(before: Sequence[int], after: Sequence[int]) -> int | None:
    """Return the one recording that was moved; None if it takes more than one to tell."""
    differ = [place for place in range(len(before)) if before[place] != after[place]]
    if not differ:
        return None
    first, last = differ[0], differ[-1]
    if list(before[first + 1 : last + 1]) == list(after[first:last]):
        return before[first]
    if list(before[first:last]) == list(after[first + 1 : last + 1]):
        return before[last]
    return None


def _named(connection: Connection, recording_id: int) -> str:
    return str(lookup.tracks(connection, [recording_id])[recording_id])


def _check(connection: Connection, crate_id: int, expected: int | None = None) -> None:
    stamp = connection.scalar(select(CrateRow.stamp).where(CrateRow.id == crate_id))
    if stamp is None:
        raise SegueError(f"There is no crate {crate_id}; it may have been deleted.")
    if expected is not None and stamp != expected:
        raise CrateChanged


def _free_name(connection: Connection, name: str, *, besides: int | None = None) -> str:
    name = " ".join(storable(name).split())
    if not name:
        raise SegueError("A crate needs a name; type one.")
    if len(name) > _LONGEST_NAME:
        raise SegueError(
            f"A crate's name has at most {_LONGEST_NAME} characters; choose a shorter one."
        )
    taken = connection.scalar(select(CrateRow.id).where(CrateRow.name == name))
    if taken is not None and taken != besides:
        raise SegueError(f"There is a crate called {name!r} already; choose another name.")
    return name


def _ending(name: str, ending: str) -> str:
    return name[: _LONGEST_NAME - len(ending)].rstrip() + ending
