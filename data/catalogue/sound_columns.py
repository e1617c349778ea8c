"""The numbers of all recordings that have any, as arrays: what filters and ordering look at."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, select

from data.catalogue import said
from data.catalogue.rows import fetch, in_parts, objects, uncollected
from data.catalogue.said import SURE, SaidColumns
from data.catalogue.sound import PREVIEW
from data.catalogue.tables_sound import Audio
from data.harmony import parse_key


@dataclass(frozen=True, slots=True, eq=False)
class SoundColumns:
    """H recordings that have audio or that DJ software knows, by ascending id.

    Of several files the longest speaks. Of a recording whose audio was not analysed, length and
    tags are known and the rest not. The word of DJ software stands before that, as in
    `Catalogue.sound`, and of a recording without audio nothing else is known.

    Parameters
    ----------
    recording_ids : ndarray of int64, shape (H,)
    heard : ndarray of bool, shape (H,)
        It has audio of the DJ's, or of the demo crate: more than a preview.
    owned : ndarray of bool, shape (H,)
        It is in the DJ's library: it has such audio, or DJ software names it.
    analysed : ndarray of bool, shape (H,)
    duration_s : ndarray of float32, shape (H,)
        NaN where unknown, as of a recording that only a preview was heard of.
    bpm, energy : ndarray of float32, shape (H,)
        NaN where unknown.
    bpm_confidence, key_confidence : ndarray of float32, shape (H,)
        0 where unknown.
    key : ndarray of int8, shape (H,)
        Traktor's value, see `data.harmony.Key.traktor`; -1 where unknown.
    windows : ndarray of float32, shape (H,)
        How many windows of it were listened to.
    year : ndarray of float32, shape (H,)
        By the file's tags, else by DJ software; NaN where neither says.
    genre : ndarray of object (str), shape (H,)
        By the file's tags; empty where they do not say.
    """

    recording_ids: NDArray[np.int64]
    heard: NDArray[np.bool_]
    owned: NDArray[np.bool_]
    analysed: NDArray[np.bool_]
    duration_s: NDArray[np.float32]
    bpm: NDArray[np.float32]
    bpm_confidence: NDArray[np.float32]
    key: NDArray[np.int8]
    key_confidence: NDArray[np.float32]
    energy: NDArray[np.float32]
    windows: NDArray[np.float32]
    year: NDArray[np.float32]
    genre: NDArray[np.object_]


# What stands for a value that is not known, where that is not NaN.
_UNKNOWN: dict[str, Any] = {
    "heard": False,
    "owned": False,
    "analysed": False,
    "bpm_confidence": 0,
    "key": -1,
    "key_confidence": 0,
    "windows": 0,
    "genre": "",
}
# Windows are a list of lists: one bracket more than there are windows. The database reads the
# tags where it can: PostgreSQL refuses JSON with characters that its texts cannot hold. In this
# order SQLite walks along its index and sorts nothing.
_QUERY = """
SELECT a.recording_id, a.duration_s, n.bpm, n.bpm_confidence, n.key, n.key_confidence, n.energy,
    length(n.windows) - length(replace(n.windows, '[', '')) - 1, a.origin, {tags}
FROM audio a LEFT JOIN analyses n ON n.audio_id = a.id
WHERE a.recording_id IS NOT NULL
ORDER BY a.recording_id, a.id
"""
_TAGS = {"sqlite": "json_extract(a.tags, '$.year', '$.genre')", "postgresql": "a.tags"}


def sound_columns(connection: Connection) -> SoundColumns:
    """Read the numbers of all recordings that have any."""
    with uncollected():
        rows = fetch(connection, _QUERY.format(tags=_TAGS[connection.dialect.name]))
        ids, length, bpm, bpm_sure, key, key_sure, energy, windows, origin, tags = (
            zip(*rows, strict=True) if rows else [()] * 10
        )
        tagged = {text: _year_and_genre(json.loads(text)) for text in set(tags)}
        # A clip's length is not the recording's.
        lent = {name: name == PREVIEW for name in set(origin)}
        clip = np.array([lent[name] for name in origin], bool)
        columns = SoundColumns(
            recording_ids=np.array(ids, np.int64),
            heard=~clip,
            owned=~clip,
            analysed=~np.isnan(_numbers(key_sure)),
            duration_s=np.where(clip, np.float32(np.nan), _numbers(length)),
            bpm=_numbers(bpm),
            bpm_confidence=np.nan_to_num(_numbers(bpm_sure)),
            key=_keys(key),
            key_confidence=np.nan_to_num(_numbers(key_sure)),
            energy=_numbers(energy),
            windows=np.nan_to_num(_numbers(windows)),
            year=_numbers([tagged[text][0] for text in tags]),
            genre=objects([tagged[text][1] for text in tags]),
        )
        told = said.columns(connection)
    columns = _one_each(columns)
    return columns if told is None else _with_said(columns, told)


def years(connection: Connection, recording_ids: Iterable[int]) -> dict[int, int]:
    """Return when recordings came out, by their files' tags, else by what DJ software says."""
    found: dict[int, int] = {}
    for part in in_parts(dict.fromkeys(int(ident) for ident in recording_ids)):
        tagged = connection.execute(
            select(Audio.recording_id, Audio.tags)
            .where(Audio.recording_id.in_(part))
            .order_by(Audio.recording_id, Audio.id)
        )
        named = [(ident, _year_and_genre(json.loads(tags))[0]) for ident, tags in tagged]
        told = said.of(connection, part)
        named += [(ident, one.year) for ident in told for one in told[ident]]
        for ident, year in named:
            if ident is not None and year is not None:
                found.setdefault(ident, year)
    return found


def _one_each(columns: SoundColumns) -> SoundColumns:
    """Keep the row that speaks for each: analysed, no preview, then longest, then first."""
    ids = columns.recording_ids
    if not len(ids) or (np.diff(ids) > 0).all():
        return columns
    order = np.lexsort((-columns.duration_s, ~columns.heard, ~columns.analysed, ids))
    kept = order[np.flatnonzero(np.diff(ids[order], prepend=-1))]
    chosen = SoundColumns(**{f.name: getattr(columns, f.name)[kept] for f in fields(columns)})
    heard = np.isin(chosen.recording_ids, ids[columns.heard])
    return replace(chosen, heard=heard, owned=heard)


def _with_said(columns: SoundColumns, told: SaidColumns) -> SoundColumns:
    """Put what DJ software says before the rest, and add what nothing else is known of."""
    ids = np.union1d(columns.recording_ids, told.recording_ids)
    heard, place = (np.searchsorted(ids, c.recording_ids) for c in (columns, told))

    def spread(name: str) -> NDArray[Any]:
        column = getattr(columns, name)
        whole = np.full(len(ids), _UNKNOWN.get(name, np.nan), column.dtype)
        whole[heard] = column
        return whole

    whole = {f.name: spread(f.name) for f in fields(columns) if f.name != "recording_ids"}
    whole["owned"][place] = True
    tempo, key = ~np.isnan(told.bpm), told.key >= 0
    whole["bpm"][place[tempo]] = told.bpm[tempo]
    whole["bpm_confidence"][place[tempo]] = SURE
    whole["key"][place[key]] = told.key[key]
    whole["key_confidence"][place[key]] = SURE
    for name in ("duration_s", "year"):
        known = whole[name][place]
        whole[name][place] = np.where(np.isnan(known), getattr(told, name), known)
    return SoundColumns(ids, **whole)


def _numbers(column: Sequence[Any]) -> NDArray[np.float32]:
    return np.array(column, np.float32)  # None becomes NaN


def _keys(names: Sequence[str | None]) -> NDArray[np.int8]:
    values: dict[str | None, int] = {None: -1}
    for name in set(names) - {None}:
        key = parse_key(name or "")
        values[name] = -1 if key is None else key.traktor()
    return np.array([values[name] for name in names], np.int8)


def _year_and_genre(tags: dict[str, str] | list[str | None]) -> tuple[int | None, str]:
    year, genre = (tags.get("year"), tags.get("genre")) if isinstance(tags, dict) else tags
    return int(year) if year and year.isdecimal() else None, genre or ""
