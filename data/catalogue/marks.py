"""What an import leaves behind besides sets: things set aside, and how far it came."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from data.catalogue.rows import in_parts, insert_rows, take_ids
from data.catalogue.spelling import bounded, storable
from data.catalogue.tables import Checkpoint, SetAsideRow
from data.records import SetAside


def set_aside(connection: Connection, limit: int | None) -> list[SetAside]:
    """Return what could not be taken in, oldest first."""
    query = select(SetAsideRow.place, SetAsideRow.reason).order_by(SetAsideRow.id).limit(limit)
    return [SetAside(*row) for row in connection.execute(query)]


def checkpoint(connection: Connection, name: str) -> str | None:
    """Return the token last kept under `name`."""
    return connection.scalar(select(Checkpoint.token).where(Checkpoint.name == name))


def keep_aside(connection: Connection, entries: Iterable[SetAside]) -> None:
    """Keep what could not be taken in; the same entry is kept once."""
    named = dict.fromkeys(
        (bounded(storable(s.where)), bounded(storable(s.reason))) for s in entries
    )
    known: set[tuple[str, str]] = set()
    for part in in_parts(place for place, _ in named):
        query = select(SetAsideRow.place, SetAsideRow.reason).where(SetAsideRow.place.in_(part))
        known.update((place, reason) for place, reason in connection.execute(query))
    fresh = [name for name in named if name not in known]
    ids = take_ids(connection, SetAsideRow, len(fresh)) if fresh else range(0)
    insert_rows(
        connection,
        SetAsideRow,
        (
            {"id": ident, "place": place, "reason": reason}
            for ident, (place, reason) in zip(ids, fresh, strict=True)
        ),
    )


def forget_aside(connection: Connection, places: Iterable[str]) -> None:
    """Forget what was said of `places`: each came in, or fails for another reason now."""
    for part in in_parts(dict.fromkeys(bounded(storable(place)) for place in places)):
        connection.execute(delete(SetAsideRow).where(SetAsideRow.place.in_(part)))


def keep_checkpoint(connection: Connection, name: str, token: str | None) -> None:
    """Keep `token` under `name`; None forgets it."""
    if token is None:
        connection.execute(delete(Checkpoint).where(Checkpoint.name == name))
        return
    kept = connection.execute(update(Checkpoint).where(Checkpoint.name == name).values(token=token))
    if not kept.rowcount:
        connection.execute(insert(Checkpoint).values(name=name, token=token))
