"""Answers small questions about the catalogue: what is there, and which recording is this."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, Select, func, select

from data.catalogue.rows import in_parts
from data.catalogue.spelling import bounded, storable, stored_recording_key, stored_work_key
from data.catalogue.tables import Artist, DjSet, Label, OutsideIdRow, PlayRow, Recording, Work
from data.catalogue.tables_sound import AnalysisRow
from data.identity import parse_outside_id
from data.records import OutsideId, Track


@dataclass(frozen=True, slots=True)
class Stats:
    """What the catalogue holds; `plays` are the identified ones, `analysed` pieces of audio."""

    sets: int
    recordings: int
    works: int
    plays: int
    artists: int
    labels: int
    analysed: int


@dataclass(frozen=True, slots=True)
class SourceCount:
    """How many sets and identified plays came from one source."""

    source: str
    sets: int
    plays: int


def stats(connection: Connection) -> Stats:
    """Count what is there."""

    def count(query: Select[tuple[int]]) -> int:
        return connection.scalar(query) or 0

    return Stats(
        sets=count(select(func.count(DjSet.id))),
        recordings=count(select(func.count(Recording.id))),
        works=count(select(func.count(Work.id))),
        plays=count(select(func.count(PlayRow.recording_id))),
        artists=count(select(func.count(Artist.id))),
        labels=count(select(func.count(Label.id))),
        analysed=count(select(func.count(AnalysisRow.audio_id))),
    )


def sources(connection: Connection) -> list[SourceCount]:
    """Return the sources the sets came from, by name."""
    query = (
        select(DjSet.source, func.count(DjSet.id.distinct()), func.count(PlayRow.recording_id))
        .outerjoin(PlayRow, PlayRow.set_id == DjSet.id)
        .group_by(DjSet.source)
        .order_by(DjSet.source)
    )
    return [SourceCount(*row) for row in connection.execute(query)]


def recording(connection: Connection, track: Track) -> int | None:
    """Return the recording that `track` is, if there is one."""
    return connection.scalar(
        select(Recording.id).where(Recording.recording_key == stored_recording_key(track))
    )


def versions(connection: Connection, track: Track) -> list[int]:
    """Return the recordings of the work that `track` is a version of, most played first."""
    query = (
        select(Recording.id)
        .join(Work, Work.id == Recording.work_id)
        .where(Work.work_key == stored_work_key(track))
        .order_by(Recording.sets.desc(), Recording.id)
    )
    return list(connection.scalars(query))


def with_outside_id(connection: Connection, scheme: str, value: str) -> list[int]:
    """Return the recordings that carry an outside id, those that most said so first.

    Outside ids are sometimes wrong, so that several recordings may carry one: sets that say
    so count, then how many sets play the recording.
    """
    parsed = parse_outside_id(value)
    if parsed is not None and parsed.scheme == scheme:
        value = parsed.value
    query = (
        select(OutsideIdRow.recording_id)
        .join(Recording, Recording.id == OutsideIdRow.recording_id)
        .where(
            OutsideIdRow.scheme == storable(scheme),
            OutsideIdRow.value == bounded(storable(value.strip())),
        )
        .group_by(OutsideIdRow.recording_id, Recording.sets)
        .order_by(func.count().desc(), Recording.sets.desc(), OutsideIdRow.recording_id)
    )
    return list(connection.scalars(query))


def tracks(connection: Connection, ids: Iterable[int]) -> dict[int, Track]:
    """Return recordings by id, in the order asked for; unknown ids are left out."""
    found: dict[int, Track] = {}
    asked = dict.fromkeys(int(ident) for ident in ids)
    for part in in_parts(asked):
        facts = _outside_ids(connection, part)
        for row in connection.execute(select(Recording.id, *_TRACK).where(Recording.id.in_(part))):
            ident, artist, title, version, label, number, genre = row
            ids_of_it = tuple(facts.get(ident, ()))
            found[ident] = Track(artist, title, version, label, number, genre, ids_of_it)
    return {ident: found[ident] for ident in asked if ident in found}


_TRACK = (
    Recording.artist,
    Recording.title,
    Recording.version,
    Recording.label,
    Recording.catalogue_number,
    Recording.genre,
)
CHOICE = "choice"
"""Source of the outside ids that a DJ chose: they go before all others."""
_OUTSIDE_ID = (OutsideIdRow.scheme, OutsideIdRow.value, OutsideIdRow.source)


def _outside_ids(connection: Connection, ids: list[int]) -> dict[int, dict[OutsideId, None]]:
    facts: dict[int, dict[OutsideId, None]] = {}
    query = (
        select(OutsideIdRow.recording_id, *_OUTSIDE_ID)
        .where(OutsideIdRow.recording_id.in_(ids))
        .order_by(OutsideIdRow.scheme, OutsideIdRow.source != CHOICE, *_OUTSIDE_ID)
    )
    for ident, scheme, value, source in connection.execute(query):
        facts.setdefault(ident, {})[OutsideId(scheme, value, source)] = None
    return facts
