"""Opens the catalogue's database: engine, pragmas, migrations and clear errors."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from data.catalogue.migrations import REVISION, VERSION_TABLE
from data.errors import SegueError

BUSY_SECONDS = 60
"""How long a writer waits for another one before it gives up."""

# busy_timeout first: switching to WAL already needs to wait for other processes.
_PRAGMAS = (
    f"busy_timeout = {BUSY_SECONDS * 1000}",
    "journal_mode = WAL",
    "synchronous = NORMAL",
    "foreign_keys = ON",
)


class Database:
    """One open database: `reading`, `writing` and `noting` are its only ways in.

    Parameters
    ----------
    url : str
        SQLAlchemy URL, SQLite or PostgreSQL.
    create : bool
        Whether a missing SQLite file is made.

    Raises
    ------
    SegueError
        If the database cannot be reached, is not a catalogue, or is newer than this Segue.
    """

    def __init__(self, url: str, *, create: bool = True) -> None:
        self.url = _parsed(url)
        self.place = self.url.database or "memory"
        if self.url.get_backend_name() == "sqlite":
            _prepare_file(self.url, create=create)
        else:
            self.place = self.url.render_as_string(hide_password=True)
        self.engine = _engine(self.url)
        try:
            with self._clear_errors("open"):
                self._migrate()
        except BaseException:
            self.engine.dispose()
            raise

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection on which all queries see one and the same state."""
        with self._clear_errors("read"), self.engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the one writer's connection; everything is kept at the end, or nothing."""
        with self._clear_errors("write"), self._locked() as connection:
            yield connection

    @contextmanager
    def noting(self) -> Iterator[Connection]:
        """Give a connection to change one row that is there, without waiting for a long writer.

        That is for PostgreSQL; in SQLite it is `writing`, because nobody writes beside a writer.
        """
        if self.engine.dialect.name != "postgresql":
            with self.writing() as connection:
                yield connection
            return
        with self._clear_errors("write"), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _locked(self) -> Iterator[Connection]:
        engine = self.engine.execution_options(segue_write=True)
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(hashtext(current_schema()))"))
            yield connection

    def _migrate(self) -> None:
        with self.engine.connect() as connection:
            if _revision(connection) == REVISION:
                return
        with self._locked() as connection:
            found = _revision(connection)
            if found is None and inspect(connection).get_table_names():
                raise SegueError(
                    f"{self.place} holds another program's tables and no Segue catalogue; "
                    "name a new file or an empty database."
                )
            if found != REVISION:
                _upgrade(connection, found, self.place)

    @contextmanager
    def _clear_errors(self, doing: str) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise _explained(error, doing, self.place, self.url) from error


def _parsed(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise SegueError(
            f"{url!r} is no database URL; write it like sqlite:////home/me/catalogue.sqlite "
            "or postgresql://user@host/name."
        ) from None
    if parsed.drivername in {"postgres", "postgresql"}:
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.get_backend_name() not in {"sqlite", "postgresql"}:
        raise SegueError(
            f"Segue keeps its catalogue in SQLite or PostgreSQL, not in {parsed.drivername}; "
            "set SEGUE_DATABASE_URL to one of these."
        )
    return parsed


def _prepare_file(url: URL, *, create: bool) -> None:
    if not url.database or url.database == ":memory:":
        return
    path = Path(url.database)
    if not create and not path.exists():
        raise SegueError(
            f"There is no catalogue at {path}; run `segue demo` or `segue import tracklists` first."
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SegueError(
            f"The folder {path.parent} cannot be made ({error.strerror}); "
            "set SEGUE_HOME to a folder you may write to."
        ) from error


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url)
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise SegueError(
            f"The driver for {url.drivername} is missing; "
            "install it with: pip install 'psycopg[binary]'"
        ) from error
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _set_pragmas)
        event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    # The driver's own way opens a transaction only at the first write, too late
    # to keep two writers apart; `_begin` does it instead.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        _set_pragma(connection, pragma)


def _set_pragma(connection: sqlite3.Connection, pragma: str) -> None:
    """Set one; SQLite does not wait in every case in which another process switches to WAL."""
    given_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() >= given_up:
                raise
            time.sleep(0.05)
        else:
            return


def _begin(connection: Connection) -> None:
    write = connection.get_execution_options().get("segue_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))


def _upgrade(connection: Connection, found: str | None, place: str) -> None:
    # Alembic takes longer to import than an up-to-date catalogue takes to open.
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    # "%" would be read as an interpolation by the config parser underneath.
    folder = os.fspath(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise SegueError(
            f"The catalogue at {place} was written by a newer Segue; "
            "update Segue, or name another catalogue."
        )
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)


def _explained(error: DBAPIError, doing: str, place: str, url: URL) -> Exception:
    """Give the sentence for a fault that a person can put right, else the error itself."""
    original: Any = error.orig
    said = (
        str(original).strip().splitlines()[0] if str(original).strip() else type(original).__name__
    )
    if url.get_backend_name() == "postgresql":
        if not error.connection_invalidated and type(original).__name__ != "OperationalError":
            return error
        return SegueError(
            f"The database {place} did not answer ({said}); check that it is running."
        )
    if "not a database" in said or "malformed" in said:
        return SegueError(f"{place} is not a Segue catalogue ({said}); name another file.")
    if "locked" in said:
        return SegueError(
            f"Another program has been writing to {place} for over {BUSY_SECONDS} s; "
            "try again when it is done."
        )
    if isinstance(original, sqlite3.OperationalError):
        return SegueError(f"Could not {doing} the catalogue at {place}: {said}.")
    return error
