"""Takes in what a playlist names: recordings found or made, and the crate that holds them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, func, select

from data.catalogue import crates, said, upkeep
from data.catalogue.rows import CHANGES, count_up, ids_by_key, in_parts, insert_rows, take_ids
from data.catalogue.sound import path_key
from data.catalogue.spelling import (
    bounded,
    spelling_of,
    storable,
    stored_recording_key,
    stored_work_key,
)
from data.catalogue.tables import OutsideIdRow, Recording
from data.catalogue.tables_sound import Audio, AudioPath
from data.identity.versions import version_key
from data.records import Entry, Track

_LONGEST_NAME = 190
"""Characters of a playlist's name that its crate keeps; a number may follow."""


@dataclass(frozen=True, slots=True)
class NamedTracks:
    """What became of the tracks of a DJ's library.

    Parameters
    ----------
    matched, new : int
        Entries whose recording was in the catalogue, and recordings made for the others.
    told : int
        Recordings of which the DJ's program says something else than before.
    """

    matched: int
    new: int
    told: int


@dataclass(frozen=True, slots=True)
class NamedCrate:
    """The crate that a playlist became.

    Parameters
    ----------
    crate_id : int
    name : str
        The playlist's, with a number if a crate of that name holds something else.
    matched, new : int
        Entries whose recording was in the catalogue, and recordings made for the others.
    repeated : int
        Entries that name a recording once more: a crate holds each once.
    made : bool
        False if a crate of that name held exactly this already; then no crate was changed.
    told : int
        Recordings of which the DJ's program says something else than before.
    """

    crate_id: int
    name: str
    matched: int
    new: int
    repeated: int
    made: bool
    told: int


def add(
    connection: Connection,
    name: str,
    entries: Sequence[Entry],
    written: Sequence[Track],
    said_by: str,
    spoken_of: set[int],
) -> NamedCrate:
    """Find or make the recording of each entry, and the crate that holds them in order.

    The crate keeps alive the recordings that were made for it. What the program `said_by` says
    of them is kept too.
    """
    each, came = _take_in(connection, entries, written, said_by, spoken_of)
    ids = list(dict.fromkeys(each))
    name = " ".join(storable(name).split())[:_LONGEST_NAME].rstrip() or "Playlist"
    known = _crate_of(connection, name, ids)
    if known is None:
        crate_id = crates.create(connection, crates.numbered_name(connection, name))
        crates.fill(connection, crate_id, ids)
        name = crates.state(connection, crate_id).name
    else:
        crate_id, name = known
    return NamedCrate(
        crate_id,
        name,
        matched=came.matched,
        new=came.new,
        repeated=len(each) - len(ids),
        made=known is None,
        told=came.told,
    )


def add_collection(
    connection: Connection,
    entries: Sequence[Entry],
    written: Sequence[Track],
    said_by: str,
    spoken_of: set[int],
) -> NamedTracks:
    """Find or make the recording of each entry, which the word of the program keeps alive."""
    if not said_by:
        raise ValueError("a collection is some program's: nothing would keep its tracks")
    return _take_in(connection, entries, written, said_by, spoken_of)[1]


def _take_in(
    connection: Connection,
    entries: Sequence[Entry],
    written: Sequence[Track],
    said_by: str,
    spoken_of: set[int],
) -> tuple[list[int], NamedTracks]:
    """Return the recording of each entry, found or made, and count them."""
    found = _match(connection, entries, written)
    keys = [stored_recording_key(entry.track) for entry in entries]
    each = list(zip(keys, entries, found, strict=True))
    made = _make(connection, {key: entry.track for key, entry, ident in each if ident is None})
    ids = [made[key] if ident is None else ident for key, _, ident in each]
    _keep_ids(connection, zip(ids, (entry.track for entry in entries), strict=True))
    told = 0
    if said_by:
        told = said.keep(connection, zip(ids, entries, strict=True), said_by, spoken_of)
    matched = sum(ident is not None for ident in found)
    return ids, NamedTracks(matched, len(made), told)


def add_track(connection: Connection, track: Track) -> tuple[int, bool]:
    """Find or make the recording of one track, and keep its ids; return it, and if it is new."""
    [found] = _match(connection, [Entry(track)], [])
    key = stored_recording_key(track)
    ident = _make(connection, {key: track})[key] if found is None else found
    _keep_ids(connection, [(ident, track)])
    return ident, found is None


def _crate_of(connection: Connection, name: str, ids: list[int]) -> tuple[int, str] | None:
    """Return the crate of that name, numbered or not, that holds exactly `ids`."""
    alike = re.compile(rf"{re.escape(name)}(?: \d+)?")
    for crate in crates.listed(connection):
        same = crate.size == len(ids) and alike.fullmatch(crate.name)
        if same and crates.items(connection, crate.id) == ids:
            return crate.id, crate.name
    return None


def _match(
    connection: Connection, entries: Sequence[Entry], written: Sequence[Track]
) -> list[int | None]:
    """Return the recording that each entry is, if the catalogue holds it.

    The exact name counts first, then the file, then the ids that others gave: a remix
    often carries the id of the original, so that an id counts only for the same version.
    """
    keys = [stored_recording_key(entry.track) for entry in entries]
    others = [stored_recording_key(track) for track in written] or keys
    known = ids_by_key(connection, Recording.id, Recording.recording_key, {*keys, *others})
    by_key = {
        key: known.get(key) or known[other]
        for key, other in zip(keys, others, strict=True)
        if key in known or other in known
    }
    left = [entry for entry, key in zip(entries, keys, strict=True) if key not in by_key]
    by_path = _by_path(connection, left)
    by_id = _by_outside_id(connection, left)
    return [
        by_key.get(key) or by_path.get(entry.path) or _of_version(by_id, entry.track)
        for entry, key in zip(entries, keys, strict=True)
    ]


def _by_path(connection: Connection, entries: Iterable[Entry]) -> dict[str, int]:
    """Return the recordings of known files by the paths as the entries write them."""
    written: dict[str, str] = {}
    for path in {entry.path for entry in entries if os.path.isabs(entry.path)}:
        # A Mac's disk may spell accents apart where the DJ's program joins them.
        for form in (path, *(unicodedata.normalize(f, path) for f in ("NFC", "NFD"))):
            try:
                written.setdefault(path_key(Path(form)), path)
            except UnicodeEncodeError:
                break
    found: dict[str, int] = {}
    for part in in_parts(written):
        rows = connection.execute(
            select(AudioPath.path_key, Audio.recording_id)
            .join(Audio, Audio.id == AudioPath.audio_id)
            .where(AudioPath.path_key.in_(part), Audio.recording_id.is_not(None))
        )
        found.update({written[key]: ident for key, ident in rows if ident is not None})
    return found


_Held = dict[tuple[str, str], list[tuple[int, str]]]


def _by_outside_id(connection: Connection, entries: Iterable[Entry]) -> _Held:
    """Return recordings and their versions by outside id, those that most said so first."""
    values: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for outside in entry.track.ids:
            values[storable(outside.scheme)].add(bounded(storable(outside.value)))
    held: _Held = defaultdict(list)
    for scheme, of_scheme in values.items():
        for part in in_parts(sorted(of_scheme)):
            rows = connection.execute(
                select(OutsideIdRow.value, OutsideIdRow.recording_id, Recording.version)
                .join(Recording, Recording.id == OutsideIdRow.recording_id)
                .where(OutsideIdRow.scheme == scheme, OutsideIdRow.value.in_(part))
                .group_by(
                    OutsideIdRow.value,
                    OutsideIdRow.recording_id,
                    Recording.version,
                    Recording.sets,
                )
                .order_by(func.count().desc(), Recording.sets.desc(), OutsideIdRow.recording_id)
            )
            for value, ident, version in rows:
                held[scheme, value].append((ident, version_key(version)))
    return held


def _of_version(held: _Held, track: Track) -> int | None:
    wanted = version_key(track.version)
    for outside in track.ids:
        value = bounded(storable(outside.value))
        for recording_id, version in held.get((storable(outside.scheme), value), ()):
            if version == wanted:
                return recording_id
    return None


def _make(connection: Connection, tracks: dict[str, Track]) -> dict[str, int]:
    """Add a recording for each track; return the ids by key."""
    fresh = [
        upkeep.NewRecording(key, stored_work_key(track), Counter([spelling_of(track)]), 0)
        for key, track in tracks.items()
    ]
    if fresh:
        count_up(connection, CHANGES)
    return upkeep.add_recordings(connection, fresh) if fresh else {}


def _keep_ids(connection: Connection, named: Iterable[tuple[int, Track]]) -> None:
    """Keep the ids that stand in the playlist; they stand in no set."""
    facts = {
        (ident, storable(i.scheme), bounded(storable(i.value)), storable(i.source))
        for ident, track in named
        for i in track.ids
    }
    columns = (
        OutsideIdRow.recording_id,
        OutsideIdRow.scheme,
        OutsideIdRow.value,
        OutsideIdRow.source,
    )
    for part in in_parts({fact[0] for fact in facts}):
        of_none = OutsideIdRow.set_id.is_(None) & OutsideIdRow.recording_id.in_(part)
        facts -= {tuple(row) for row in connection.execute(select(*columns).where(of_none))}
    numbers = take_ids(connection, OutsideIdRow, len(facts)) if facts else range(0)
    names = [column.key for column in columns]
    rows = (dict(zip(names, fact, strict=True)) for fact in sorted(facts))
    insert_rows(
        connection,
        OutsideIdRow,
        ({"id": number, "set_id": None, **row} for number, row in zip(numbers, rows, strict=True)),
    )
