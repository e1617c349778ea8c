"""Crates that were deleted: kept as they were, so that they can be put back."""

from __future__ import annotations

import json

from sqlalchemy import Connection, delete, insert, select

from data.catalogue import crates, upkeep
from data.catalogue.clock import now
from data.catalogue.crates import Crate
from data.catalogue.tables import CrateRow
from data.catalogue.tables_work import DeletedCrate


def listed(connection: Connection) -> list[Crate]:
    """Return the deleted crates, last deleted first, with how many recordings would come back."""
    rows = connection.execute(
        select(DeletedCrate).order_by(DeletedCrate.deleted_at.desc(), DeletedCrate.id.desc())
    ).all()
    held = {row.id: json.loads(row.content) for row in rows}
    known = crates.known(connection, {ident for ids in held.values() for ident in ids})
    return [
        Crate(row.id, row.name, len(known.intersection(held[row.id])), row.stamp) for row in rows
    ]


def remove(connection: Connection, crate_id: int) -> None:
    """Delete a crate; its recordings stay, so that it can be put back."""
    held = crates.items(connection, crate_id)
    crate = connection.execute(select(CrateRow).where(CrateRow.id == crate_id)).one()
    connection.execute(
        insert(DeletedCrate).values(
            id=crate_id,
            name=crate.name,
            stamp=crate.stamp,
            step=crate.step,
            content=json.dumps(held),
            deleted_at=now(),
        )
    )
    connection.execute(delete(CrateRow).where(CrateRow.id == crate_id))
    upkeep.refresh(connection, held)


def restore(connection: Connection, crate_id: int) -> None:
    """Put a deleted crate back; if its name is taken meanwhile, it gets a number."""
    asked = select(DeletedCrate).where(DeletedCrate.id == crate_id)
    crate = connection.execute(asked).one_or_none()
    if crate is None:
        crates.items(connection, crate_id)  # One that is back already may stay.
        return
    connection.execute(
        insert(CrateRow).values(
            id=crate_id,
            name=crates.numbered_name(connection, crate.name),
            stamp=crate.stamp,
            step=crate.step,
        )
    )
    ids: list[int] = json.loads(crate.content)
    known = crates.known(connection, ids)
    crates.fill(connection, crate_id, [ident for ident in ids if ident in known])
    connection.execute(delete(DeletedCrate).where(DeletedCrate.id == crate_id))
