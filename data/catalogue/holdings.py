"""What the catalogue holds by where it came from: sets, audio, and the DJ's software."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from data.catalogue.tables import DjSet, PlayRow
from data.catalogue.tables_outside import SaidRow
from data.catalogue.tables_sound import Audio


@dataclass(frozen=True, slots=True)
class SetHolding:
    """The sets of one source.

    Parameters
    ----------
    source : str
    sets, plays : int
        Sets, and their identified plays.
    first, last : str
        ISO dates, as far as known, of the oldest and the newest; empty where none has one.
    """

    source: str
    sets: int
    plays: int
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class SoundHolding:
    """The audio of one origin, see `data.catalogue.Sound`.

    Parameters
    ----------
    origin : str
    pieces, recordings : int
        Pieces of audio, and the recordings that they are.
    seconds : float
        Length of all of it.
    """

    origin: str
    pieces: int
    recordings: int
    seconds: float


@dataclass(frozen=True, slots=True)
class SaidHolding:
    """The library of a DJ's program, and how many recordings it names."""

    source: str
    recordings: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """All of it, by name."""

    sets: tuple[SetHolding, ...]
    sound: tuple[SoundHolding, ...]
    said: tuple[SaidHolding, ...]


def holdings(connection: Connection) -> Holdings:
    """Count what the catalogue holds by where it came from."""
    return Holdings(_sets(connection), _sound(connection), _said(connection))


def _sets(connection: Connection) -> tuple[SetHolding, ...]:
    plays = (
        select(PlayRow.set_id, func.count(PlayRow.recording_id).label("plays"))
        .group_by(PlayRow.set_id)
        .subquery()
    )
    dated = func.nullif(DjSet.date, "")
    query = (
        select(
            DjSet.source,
            func.count(DjSet.id),
            func.coalesce(func.sum(plays.c.plays), 0),
            func.coalesce(func.min(dated), ""),
            func.coalesce(func.max(dated), ""),
        )
        .outerjoin(plays, plays.c.set_id == DjSet.id)
        .group_by(DjSet.source)
        .order_by(DjSet.source)
    )
    return tuple(
        SetHolding(source, sets, int(number), first, last)
        for source, sets, number, first, last in connection.execute(query)
    )


def _sound(connection: Connection) -> tuple[SoundHolding, ...]:
    query = (
        select(
            Audio.origin,
            func.count(Audio.id),
            func.count(Audio.recording_id.distinct()),
            func.sum(Audio.duration_s),
        )
        .group_by(Audio.origin)
        .order_by(Audio.origin)
    )
    return tuple(SoundHolding(*row) for row in connection.execute(query))


def _said(connection: Connection) -> tuple[SaidHolding, ...]:
    query = (
        select(SaidRow.source, func.count(SaidRow.recording_id))
        .group_by(SaidRow.source)
        .order_by(SaidRow.source)
    )
    return tuple(SaidHolding(*row) for row in connection.execute(query))
