"""The steps of a crate: what it held after each change, so that changes can be undone and redone.

A step is the whole content and a sentence ("Removed Mara Vale - Night Bus"). The crate knows at
which of its steps it stands; a change made after an undo puts itself in the place of what was
undone. What stands in a step, or in a deleted crate, stays in the catalogue (`remembered`), so
that it can come back.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select, update

from data.catalogue.spelling import storable
from data.catalogue.tables import CrateRow
from data.catalogue.tables_work import CrateStep, DeletedCrate

STEPS_KEPT = 100
"""How many changes of a crate can be undone."""

_LONGEST_SAID = 300


def record(
    connection: Connection, crate_id: int, before: Sequence[int], after: Sequence[int], said: str
) -> set[int]:
    """Keep a change of content, and forget what could have been redone.

    Returns
    -------
    set of int
        Recordings of the steps that were forgotten.
    """
    at = _step(connection, crate_id)
    numbers = CrateStep.number
    forgotten = (CrateStep.crate_id == crate_id) & ((numbers > at) | (numbers <= at - STEPS_KEPT))
    contents = connection.scalars(select(CrateStep.content).where(forgotten)).all()
    connection.execute(delete(CrateStep).where(forgotten))
    if not _is_kept(connection, crate_id, at):
        _keep(connection, crate_id, at, before, "")
    _keep(connection, crate_id, at + 1, after, _sentence(said))
    connection.execute(update(CrateRow).where(CrateRow.id == crate_id).values(step=at + 1))
    return {ident for content in contents for ident in json.loads(content)}


def sentences(connection: Connection, crate_id: int) -> tuple[str, str]:
    """Return what would be undone and what redone, each empty if there is nothing."""
    at = _step(connection, crate_id)
    near = (CrateStep.crate_id == crate_id) & CrateStep.number.between(at - 1, at + 1)
    rows = connection.execute(select(CrateStep.number, CrateStep.said).where(near))
    said = dict(rows.all())
    return said.get(at, "") if at - 1 in said else "", said.get(at + 1, "")


def move(connection: Connection, crate_id: int, steps: int) -> list[int] | None:
    """Stand `steps` further, +1 or -1, and return the content there; None if nothing is."""
    at = _step(connection, crate_id) + steps
    content = connection.scalar(
        select(CrateStep.content).where(CrateStep.crate_id == crate_id, CrateStep.number == at)
    )
    if content is None:
        return None
    connection.execute(update(CrateRow).where(CrateRow.id == crate_id).values(step=at))
    ids: list[int] = json.loads(content)
    return ids


def remembered(connection: Connection) -> set[int]:
    """Return the recordings that undo, redo or a crate put back may need again."""
    ids: set[int] = set()
    for content in (CrateStep.content, DeletedCrate.content):
        for text in connection.scalars(select(content)):
            ids.update(json.loads(text))
    return ids


def _step(connection: Connection, crate_id: int) -> int:
    return connection.scalar(select(CrateRow.step).where(CrateRow.id == crate_id)) or 0


def _is_kept(connection: Connection, crate_id: int, number: int) -> bool:
    of_it = (CrateStep.crate_id == crate_id) & (CrateStep.number == number)
    return connection.scalar(select(CrateStep.number).where(of_it)) is not None


def _keep(
    connection: Connection, crate_id: int, number: int, content: Sequence[int], said: str
) -> None:
    connection.execute(
        insert(CrateStep).values(
            crate_id=crate_id, number=number, said=said, content=json.dumps(list(content))
        )
    )


def _sentence(said: str) -> str:
    said = " ".join(storable(said).split()) or "Changed the crate"
    return said if len(said) <= _LONGEST_SAID else said[: _LONGEST_SAID - 1] + "…"
