"""Small tools for many rows: lookups by key, ids, bulk inserts, and whole tables as arrays."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute

from data.catalogue.tables import Artist, Counter, Label, Work

_Item = TypeVar("_Item")

CHANGES = "changes"
"""Name of the counter of writes that changed recordings or plays."""
HEARD = "heard"
"""Name of the counter of writes that changed audio, its numbers or its vectors."""

_PER_QUERY = 2000


def in_parts(items: Iterable[_Item], size: int = _PER_QUERY) -> Iterator[list[_Item]]:
    """Deal `items` into lists that one query can take."""
    items = list(items)
    for start in range(0, len(items), size):
        yield items[start : start + size]


def ids_by_key(
    connection: Connection,
    ident: InstrumentedAttribute[int],
    key: InstrumentedAttribute[str],
    keys: Iterable[str],
) -> dict[str, int]:
    """Return the ids of those `keys` that the table holds."""
    found: dict[str, int] = {}
    for part in in_parts(dict.fromkeys(keys)):
        rows = connection.execute(select(key, ident).where(key.in_(part)))
        found.update((name, number) for name, number in rows)
    return found


def ids_made(
    connection: Connection,
    table: type[Artist] | type[Label] | type[Work],
    key: InstrumentedAttribute[str],
    keys: Iterable[str],
) -> dict[str, int]:
    """Return the ids of all `keys`, adding rows for the missing ones in their order."""
    keys = list(dict.fromkeys(keys))
    found = ids_by_key(connection, table.id, key, keys)
    missing = [k for k in keys if k not in found]
    fresh = dict(zip(missing, take_ids(connection, table, len(missing)), strict=True))
    insert_rows(connection, table, ({"id": i, key.key: k} for k, i in fresh.items()))
    return found | fresh


def take_ids(connection: Connection, table: type[DeclarativeBase], number: int) -> range:
    """Reserve `number` ids of `table` that were never given out before."""
    last = count_up(connection, table.__tablename__, number)
    return range(last - number + 1, last + 1)


def count_up(connection: Connection, name: str, number: int = 1) -> int:
    """Raise the counter `name` and return its new value."""
    value = connection.scalar(select(Counter.value).where(Counter.name == name))
    if value is None:
        connection.execute(insert(Counter).values(name=name, value=number))
        return number
    if number:
        connection.execute(update(Counter).where(Counter.name == name).values(value=value + number))
    return value + number


def insert_rows(
    connection: Connection, table: type[DeclarativeBase], rows: Iterable[dict[str, Any]]
) -> None:
    """Insert `rows` at once; none is fine."""
    listed: Sequence[dict[str, Any]] = list(rows)
    if listed:
        connection.execute(insert(table), listed)


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the garbage collector, which walks all rows anew and takes half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def fetch(connection: Connection, sql: str) -> Sequence[tuple[Any, ...]]:
    """Return all rows of a query as the driver's own tuples.

    Wrapping 50,000 rows costs more than reading them.
    """
    return connection.exec_driver_sql(sql).cursor.fetchall()


def objects(values: Sequence[Any]) -> NDArray[np.object_]:
    """Return `values` as an array of objects, tuples among them whole."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
