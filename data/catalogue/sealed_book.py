"""Secrets as the catalogue keeps them: bytes that say nothing, by name; see `data.vault`."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select

from data.catalogue.clock import now
from data.catalogue.database import Database
from data.catalogue.tables_outside import SealedRow


class SealedBook:
    """Sealed values of one catalogue, as ``catalogue.sealed``; `data.vault.Vault` opens them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, name: str, blob: bytes, *, seconds: float | None = None) -> None:
        """Keep bytes under a name, in the place of those before.

        Parameters
        ----------
        name : str
        blob : bytes
        seconds : float, optional
            After which they are as if never kept; for ever unless given.
        """
        outdated = (SealedRow.until > "") & (SealedRow.until <= now())
        until = "" if seconds is None else now(seconds)
        with self._database.writing() as connection:
            connection.execute(delete(SealedRow).where(outdated | (SealedRow.name == name)))
            connection.execute(insert(SealedRow).values(name=name, blob=blob, until=until))

    def get(self, name: str) -> bytes | None:
        """Return what is kept under a name; None if nothing is, or not any more."""
        with self._database.reading() as connection:
            return _kept(connection, name)

    def take(self, name: str) -> bytes | None:
        """Return the same and remove it: of several who ask at once, one gets it."""
        with self._database.writing() as connection:
            blob = _kept(connection, name)
            connection.execute(delete(SealedRow).where(SealedRow.name == name))
        return blob

    def delete(self, name: str) -> None:
        """Remove what is kept under a name, if anything is."""
        self._remove(SealedRow.name == name)

    def delete_all(self, prefix: str) -> None:
        """Remove everything whose name starts with `prefix`."""
        # LIKE would take "_" for any letter, and in SQLite "A" for "a".
        self._remove(func.substr(SealedRow.name, 1, len(prefix)) == prefix)

    def _remove(self, which: ColumnElement[bool]) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(SealedRow).where(which))


def _kept(connection: Connection, name: str) -> bytes | None:
    holds = or_(SealedRow.until == "", SealedRow.until > now())
    return connection.scalar(select(SealedRow.blob).where(SealedRow.name == name, holds))
