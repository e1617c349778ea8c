"""Crates: tracks a DJ put together, in order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from data.catalogue import upkeep
from data.catalogue.rows import take_ids
from data.catalogue.spelling import storable
from data.catalogue.tables import CrateItem, CrateRow, Recording
from data.errors import SegueError


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate and how many recordings are in it."""

    id: int
    name: str
    size: int


def listed(connection: Connection) -> list[Crate]:
    """Return all crates, oldest first."""
    rows = connection.execute(
        select(CrateRow.id, CrateRow.name, func.count(CrateItem.recording_id))
        .outerjoin(CrateItem, CrateItem.crate_id == CrateRow.id)
        .group_by(CrateRow.id, CrateRow.name)
        .order_by(CrateRow.id)
    )
    return [Crate(*row) for row in rows]


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
    connection.execute(insert(CrateRow).values(id=ident, name=name))
    return ident


def rename(connection: Connection, crate_id: int, name: str) -> None:
    """Give a crate another name."""
    _check(connection, crate_id)
    name = _free_name(connection, name, besides=crate_id)
    connection.execute(update(CrateRow).where(CrateRow.id == crate_id).values(name=name))


def remove(connection: Connection, crate_id: int) -> None:
    """Delete a crate; recordings that only it kept go with it."""
    held = items(connection, crate_id)
    connection.execute(delete(CrateRow).where(CrateRow.id == crate_id))
    upkeep.refresh(connection, held)


def put(connection: Connection, crate_id: int, recording_id: int) -> bool:
    """Append a recording; return False if it is in the crate already."""
    if recording_id in items(connection, crate_id):
        return False
    if connection.scalar(select(Recording.id).where(Recording.id == recording_id)) is None:
        raise SegueError(f"The catalogue holds no track {recording_id}; search for it again.")
    last = connection.scalar(
        select(func.max(CrateItem.position)).where(CrateItem.crate_id == crate_id)
    )
    connection.execute(
        insert(CrateItem).values(
            crate_id=crate_id, recording_id=recording_id, position=(last or 0) + 1
        )
    )
    return True


def take_out(connection: Connection, crate_id: int, recording_id: int) -> None:
    """Take a recording out of a crate; one that is not in it is no error."""
    _check(connection, crate_id)
    connection.execute(
        delete(CrateItem).where(
            CrateItem.crate_id == crate_id, CrateItem.recording_id == recording_id
        )
    )
    upkeep.refresh(connection, [recording_id])


def reorder(connection: Connection, crate_id: int, ids: Sequence[int]) -> None:
    """Put the recordings of a crate into the order of `ids`."""
    if sorted(ids) != sorted(items(connection, crate_id)):
        raise SegueError(
            "The new order does not hold the same tracks as the crate; reload it and try again."
        )
    if ids:
        connection.execute(
            update(CrateItem)
            .where(CrateItem.crate_id == crate_id, CrateItem.recording_id == bindparam("ident"))
            .values(position=bindparam("place")),
            [{"ident": ident, "place": place} for place, ident in enumerate(ids, start=1)],
        )


def _check(connection: Connection, crate_id: int) -> None:
    if connection.scalar(select(CrateRow.id).where(CrateRow.id == crate_id)) is None:
        raise SegueError(f"There is no crate {crate_id}; it may have been deleted.")


def _free_name(connection: Connection, name: str, *, besides: int | None = None) -> str:
    name = " ".join(storable(name).split())
    if not name:
        raise SegueError("A crate needs a name; type one.")
    taken = connection.scalar(select(CrateRow.id).where(CrateRow.name == name))
    if taken is not None and taken != besides:
        raise SegueError(f"There is a crate called {name!r} already; choose another name.")
    return name
