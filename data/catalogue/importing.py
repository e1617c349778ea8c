"""Takes tracklists in: one transaction that adds and replaces sets.

A set that comes again unchanged is known by its hash and costs no write. A set
that changed loses its rows and gets new ones. How the tracklists were dealt
into batches does not show in the result.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Connection, delete, select, update

from data.catalogue import upkeep
from data.catalogue.rows import CHANGES, count_up, ids_by_key, in_parts, insert_rows, take_ids
from data.catalogue.spelling import (
    Spelling,
    bounded,
    spelling_of,
    storable,
    stored_recording_key,
    stored_work_key,
)
from data.catalogue.tables import (
    DjSet,
    OutsideIdRow,
    PlayRow,
    Recording,
    SetDj,
    SetStyle,
)
from data.records import Play, Track, Tracklist


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What a batch held, and what it changed.

    Parameters
    ----------
    sets, plays, unknown, gaps : int
        Tracklists given, and their identified, unknown and missing rows.
    new_sets, changed_sets, unchanged_sets : int
        The same tracklists by what they did to the catalogue.
    """

    sets: int = 0
    plays: int = 0
    unknown: int = 0
    gaps: int = 0
    new_sets: int = 0
    changed_sets: int = 0
    unchanged_sets: int = 0

    def __add__(self, other: ImportCounts) -> ImportCounts:
        names = (f.name for f in fields(self))
        return ImportCounts(*(getattr(self, n) + getattr(other, n) for n in names))


@dataclass(frozen=True, slots=True)
class _Incoming:
    """A tracklist with its keys; `keys` and `chapters` run parallel to its plays."""

    tracklist: Tracklist
    keys: tuple[str | None, ...]
    chapters: tuple[int, ...]
    plays_hash: str
    content_hash: str

    @property
    def name(self) -> tuple[str, str]:
        return _set_name(self.tracklist)

    def identified(self) -> Iterator[tuple[Track, str]]:
        for play, key in zip(self.tracklist.plays, self.keys, strict=True):
            if play.track is not None and key is not None:
                yield play.track, key


def add(connection: Connection, batch: Iterable[Tracklist]) -> ImportCounts:
    """Upsert the sets of `batch` and everything they name."""
    total = ImportCounts()
    for tracklists in _without_repeats(batch):
        total += _add_distinct(connection, [_incoming(t) for t in tracklists])
    if total.new_sets or total.changed_sets:
        count_up(connection, CHANGES)
    return total


def _set_name(tracklist: Tracklist) -> tuple[str, str]:
    return storable(tracklist.source), bounded(storable(tracklist.source_id))


def _without_repeats(batch: Iterable[Tracklist]) -> Iterator[list[Tracklist]]:
    """Cut `batch` wherever a set comes again, so that the later one replaces the earlier."""
    part: dict[tuple[str, str], Tracklist] = {}
    for tracklist in batch:
        name = _set_name(tracklist)
        if name in part:
            yield list(part.values())
            part = {}
        part[name] = tracklist
    if part:
        yield list(part.values())


def _incoming(tracklist: Tracklist) -> _Incoming:
    keys = tuple(_key(play) for play in tracklist.plays)
    chapters: list[int] = []
    for index, play in enumerate(tracklist.plays):
        new = index > 0 and play.chapter != tracklist.plays[index - 1].chapter
        chapters.append(chapters[-1] + new if chapters else 0)
    seen = [
        (play.position, play.kind, key, play.with_previous, chapter)
        for play, key, chapter in zip(tracklist.plays, keys, chapters, strict=True)
    ]
    plays_hash = _hash(seen)
    written = [_as_written(play) for play in tracklist.plays]
    about = [getattr(tracklist, f.name) for f in fields(tracklist) if f.name != "plays"]
    return _Incoming(
        tracklist, keys, tuple(chapters), plays_hash, _hash([plays_hash, about, written])
    )


def _key(play: Play) -> str | None:
    if (play.kind == "identified") != (play.track is not None):
        raise ValueError(f"a play of kind {play.kind!r} came with track {play.track!r}")
    return None if play.track is None else stored_recording_key(play.track)


def _as_written(play: Play) -> tuple[object, ...]:
    track, cue = play.track, play.cue
    return (
        play.raw,
        play.chapter,
        play.reason,
        cue and (cue.text, cue.earliest, cue.latest),
        track and spelling_of(track),
        track and [(i.scheme, i.value, i.source) for i in track.ids],
    )


def _hash(value: object) -> str:
    # ascii() of plain tuples spells every value out the same way on every machine.
    return hashlib.blake2b(ascii(value).encode(), digest_size=16).hexdigest()


def _add_distinct(connection: Connection, sets: Sequence[_Incoming]) -> ImportCounts:
    known = _known_sets(connection, sets)
    new = [s for s in sets if s.name not in known]
    changed = [s for s in sets if s.name in known and known[s.name][1] != s.content_hash]
    ids = {name: ident for name, (ident, _) in known.items()}
    ids.update(zip((s.name for s in new), take_ids(connection, DjSet, len(new)), strict=True))
    if new or changed:
        stale = _clear(connection, [ids[s.name] for s in changed])
        _write(connection, new, changed, ids, stale)
    kinds = Counter(play.kind for s in sets for play in s.tracklist.plays)
    return ImportCounts(
        sets=len(sets),
        plays=kinds["identified"],
        unknown=kinds["unknown"],
        gaps=kinds["gap"],
        new_sets=len(new),
        changed_sets=len(changed),
        unchanged_sets=len(sets) - len(new) - len(changed),
    )


def _known_sets(
    connection: Connection, sets: Sequence[_Incoming]
) -> dict[tuple[str, str], tuple[int, str]]:
    by_source: dict[str, list[str]] = defaultdict(list)
    for source, source_id in (s.name for s in sets):
        by_source[source].append(source_id)
    known = {}
    for source, source_ids in by_source.items():
        for part in in_parts(source_ids):
            rows = connection.execute(
                select(DjSet.source_id, DjSet.id, DjSet.content_hash).where(
                    DjSet.source == source, DjSet.source_id.in_(part)
                )
            )
            known.update({(source, row[0]): (row[1], row[2]) for row in rows})
    return known


def _clear(connection: Connection, set_ids: Sequence[int]) -> set[int]:
    """Delete what hangs on the sets; return the recordings they held."""
    held = upkeep.recordings_of(connection, set_ids)
    for part in in_parts(set_ids):
        for table in (PlayRow, SetDj, SetStyle, OutsideIdRow):
            connection.execute(delete(table).where(table.set_id.in_(part)))
    return held


def _write(
    connection: Connection,
    new: Sequence[_Incoming],
    changed: Sequence[_Incoming],
    ids: dict[tuple[str, str], int],
    stale: set[int],
) -> None:
    insert_rows(connection, DjSet, ({"id": ids[s.name], **_set_row(s)} for s in new))
    for s in changed:
        connection.execute(update(DjSet).where(DjSet.id == ids[s.name]).values(_set_row(s)))
    # In the order given, so that ids do not depend on which sets were new.
    written = sorted([*new, *changed], key=lambda s: ids[s.name])
    recordings, touched = _recordings(connection, written)
    for table, rows in (
        (SetDj, ((s, enumerate(s.tracklist.djs)) for s in written)),
        (SetStyle, ((s, enumerate(s.tracklist.styles)) for s in written)),
    ):
        insert_rows(
            connection,
            table,
            (
                {"set_id": ids[s.name], "position": position, "name": storable(name)}
                for s, names in rows
                for position, name in names
            ),
        )
    insert_rows(
        connection,
        PlayRow,
        (row for s in written for row in _play_rows(s, ids[s.name], recordings)),
    )
    _write_outside_ids(connection, written, ids, recordings)
    upkeep.refresh(connection, touched | stale)


def _recordings(
    connection: Connection, sets: Sequence[_Incoming]
) -> tuple[dict[str, int], set[int]]:
    """Give every key its recording; return them and the ids that were there before."""
    spellings: dict[str, Counter[Spelling]] = defaultdict(Counter)
    works: dict[str, str] = {}
    in_sets: Counter[str] = Counter()
    for s in sets:
        for track, key in s.identified():
            spellings[key][spelling_of(track)] += 1
            if key not in works:
                works[key] = stored_work_key(track)
        in_sets.update({key for key in s.keys if key is not None})
    found = ids_by_key(connection, Recording.id, Recording.recording_key, spellings)
    fresh = [
        upkeep.NewRecording(key, works[key], counted, in_sets[key])
        for key, counted in spellings.items()
        if key not in found
    ]
    return found | upkeep.add_recordings(connection, fresh), set(found.values())


def _set_row(s: _Incoming) -> dict[str, Any]:
    t = s.tracklist
    source, source_id = s.name
    return {
        "source": source,
        "source_id": source_id,
        "title": storable(t.title),
        "date": storable(t.date),
        "show": storable(t.show),
        "venue": storable(t.venue),
        "url": storable(t.url),
        "licence": storable(t.licence),
        "completeness": t.completeness,
        "content_hash": s.content_hash,
        "plays_hash": s.plays_hash,
    }


_NOT_WRITTEN = Spelling("", "", "", "", "", "")


def _play_rows(s: _Incoming, set_id: int, recordings: dict[str, int]) -> Iterator[dict[str, Any]]:
    for play, key, chapter in zip(s.tracklist.plays, s.keys, s.chapters, strict=True):
        cue = play.cue
        spelling = spelling_of(play.track) if play.track else _NOT_WRITTEN
        yield {
            "set_id": set_id,
            "position": play.position,
            "kind": play.kind,
            "recording_id": None if key is None else recordings[key],
            "with_previous": play.with_previous,
            "chapter_number": chapter,
            "chapter": storable(play.chapter),
            "cue": cue and storable(cue.text),
            "cue_earliest": cue and cue.earliest,
            "cue_latest": cue and cue.latest,
            "reason": storable(play.reason),
            "raw": storable(play.raw),
            **spelling._asdict(),
        }


def _write_outside_ids(
    connection: Connection,
    sets: Sequence[_Incoming],
    ids: dict[tuple[str, str], int],
    recordings: dict[str, int],
) -> None:
    facts = {
        (
            recordings[key],
            storable(i.scheme),
            bounded(storable(i.value)),
            storable(i.source),
            set_id,
        )
        for s in sets
        for set_id in [ids[s.name]]
        for track, key in s.identified()
        for i in track.ids
    }
    names = ("recording_id", "scheme", "value", "source", "set_id")
    rows = [dict(zip(names, fact, strict=True)) for fact in sorted(facts)]
    fresh = take_ids(connection, OutsideIdRow, len(rows))
    insert_rows(
        connection, OutsideIdRow, ({"id": i, **row} for i, row in zip(fresh, rows, strict=True))
    )
