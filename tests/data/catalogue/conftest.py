"""Catalogues in both databases, and a short way to write a tracklist."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError

from data.catalogue import Catalogue
from data.catalogue.tables import Base
from data.identity import parse_track
from data.records import Play, Track, Tracklist

POSTGRES = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"

Heard = Callable[..., Tracklist]


@pytest.fixture(scope="session")
def postgres_server() -> str:
    engine = create_engine(POSTGRES, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError:
        pytest.skip("no PostgreSQL server at 127.0.0.1:5432 that lets user postgres in")
    finally:
        engine.dispose()
    return POSTGRES


@contextmanager
def _schema(server: str) -> Iterator[str]:
    schema = f"segue_test_{uuid.uuid4().hex}"
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    yield f"{server}?options=-csearch_path%3D{schema}"
    with engine.begin() as connection:
        connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    engine.dispose()


@pytest.fixture(scope="module")
def postgres_catalogue(postgres_server: str) -> Iterator[Callable[[], str]]:
    """Give the URL of a catalogue in PostgreSQL, emptied again; making one takes much longer."""
    with _schema(postgres_server) as url:
        Catalogue.open(url).close()
        engine = create_engine(url)

        def emptied() -> str:
            with engine.begin() as connection:
                for table in reversed(Base.metadata.sorted_tables):
                    connection.execute(table.delete())
            return url

        yield emptied
        engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A URL of a place for a catalogue, in each database in turn.

    Nothing is there yet, unless the test also asks for the `catalogue`.
    """
    is_made = "catalogue" in request.fixturenames
    if request.param == "sqlite":
        path = tmp_path / "catalogue.sqlite"
        if is_made:
            shutil.copy(request.getfixturevalue("new_catalogue"), path)
        yield f"sqlite:///{path}"
    elif is_made:
        yield request.getfixturevalue("postgres_catalogue")()
    else:
        with _schema(request.getfixturevalue("postgres_server")) as url:
            yield url


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    with Catalogue.open(url) as opened:
        yield opened


@pytest.fixture
def heard() -> Heard:
    """Write a set as rows of text: ``"?"`` is an unknown row, ``"..."`` a gap."""

    def play(position: int, row: str) -> Play:
        if row == "...":
            return Play(position, "gap", raw=row)
        track = parse_track(row)
        if not isinstance(track, Track):
            return Play(position, "unknown", raw=row, reason=track.reason)
        return Play(position, "identified", track, raw=row)

    def write(source_id: str, *rows: str, **details: object) -> Tracklist:
        plays = tuple(play(position, row) for position, row in enumerate(rows, start=1))
        given = {"source": "notes", "title": f"Set {source_id}", **details}
        return Tracklist(source_id=source_id, plays=plays, **given)

    return write
