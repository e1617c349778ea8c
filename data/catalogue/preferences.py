"""Choices of the DJ that hold for the whole of Segue, by name."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from data.catalogue.spelling import bounded, storable
from data.catalogue.tables_work import Preference


def get(connection: Connection, name: str) -> str | None:
    """Return what was chosen; None if nothing was."""
    named = Preference.name == _key(name)
    return connection.scalar(select(Preference.value).where(named))


def choose(connection: Connection, name: str, value: str) -> None:
    """Keep a choice in the place of the one before."""
    key, chosen = _key(name), {"value": storable(value)}
    kept = connection.execute(update(Preference).where(Preference.name == key).values(chosen))
    if not kept.rowcount:
        connection.execute(insert(Preference).values(name=key, **chosen))


def _key(name: str) -> str:
    return bounded(storable(name))
