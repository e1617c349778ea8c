"""What a DJ's own software says of recordings: kept by program, and put before what was measured.

rekordbox and Traktor know the tempo and the key of every track in a DJ's library, and the DJ has
put right there what they got wrong. So their word stands before that of a file's tags and before
Segue's own measure, and it is all there is where nothing was listened to. A recording that such a
program names is in the DJ's library, and stays in the catalogue for it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, delete, select

from data.catalogue import upkeep
from data.catalogue.rows import HEARD, count_up, fetch, in_parts, insert_rows
from data.catalogue.spelling import bounded, storable
from data.catalogue.tables_outside import SaidRow
from data.harmony import Key, parse_key
from data.records import Analysis, Entry

SURE = 1.0
"""Confidence in what a DJ's software says: the DJ plays by it."""
TEMPOS = (40.0, 250.0)
"""Beats per minute below and above which a tempo is taken for a slip."""
_YEARS = (1900, 2100)
_SAME_TEMPO = 0.04
"""Share by which two readings of one tempo may differ."""


@dataclass(frozen=True, slots=True)
class Said:
    """What one program says of a recording; None is what it does not say, which may be all.

    Parameters
    ----------
    source : str
        The program: ``"rekordbox"`` or ``"traktor"``.
    bpm : float or None
        Beats per minute, 40 to 250.
    key : Key or None
    duration_s : float or None
        Length in seconds.
    year : int or None
    """

    source: str
    bpm: float | None = None
    key: Key | None = None
    duration_s: float | None = None
    year: int | None = None


def keep(
    connection: Connection,
    named: Iterable[tuple[int, Entry]],
    source: str,
    spoken_of: set[int],
) -> int:
    """Keep that a program names recordings, and what its entries say of them.

    It takes the place of what that program said before; where an entry says nothing, that stays.
    Of several entries of one recording the first that says something counts.

    Parameters
    ----------
    connection : Connection
    named : iterable of (int, Entry)
        Recordings and their entries.
    source : str
        The program.
    spoken_of : set of int
        Recordings that an earlier part of the same file spoke of, which counts; those that this
        part speaks of are added.

    Returns
    -------
    int
        Recordings of which it says something else now, or that it did not name before.
    """
    source = bounded(storable(source))
    nothing = Said(source)
    fresh: dict[int, Said] = {}
    for recording_id, entry in named:
        if recording_id not in spoken_of and fresh.get(recording_id, nothing) == nothing:
            fresh[recording_id] = _sane(entry, source)
    spoken_of.update(ident for ident, told in fresh.items() if told != nothing)
    number = 0
    for part in in_parts(fresh):
        old = {
            ident: next((told for told in said if told.source == source), None)
            for ident, said in of(connection, part).items()
        }
        changed = [
            ident
            for ident in part
            if old.get(ident) is None or fresh[ident] not in (old[ident], nothing)
        ]
        ours = (SaidRow.source == source) & SaidRow.recording_id.in_(changed)
        connection.execute(delete(SaidRow).where(ours))
        insert_rows(connection, SaidRow, (_row(ident, fresh[ident]) for ident in changed))
        if changed:
            count_up(connection, HEARD)
        number += len(changed)
    return number


def remove(connection: Connection, source: str) -> int:
    """Forget a program's library, and recordings that nothing else holds.

    Returns
    -------
    int
        How many recordings it named.
    """
    ours = SaidRow.source == source
    named = connection.scalars(select(SaidRow.recording_id).where(ours)).all()
    if named:
        connection.execute(delete(SaidRow).where(ours))
        upkeep.refresh(connection, named)
        count_up(connection, HEARD)
    return len(named)


def of(connection: Connection, recording_ids: Iterable[int]) -> dict[int, list[Said]]:
    """Return what is said of recordings, by the name of the program; the first counts most."""
    found: dict[int, list[Said]] = {}
    for part in in_parts(dict.fromkeys(int(ident) for ident in recording_ids)):
        rows = connection.execute(
            select(SaidRow.recording_id, *_SAID)
            .where(SaidRow.recording_id.in_(part))
            .order_by(SaidRow.recording_id, SaidRow.source)
        )
        for ident, source, bpm, key, duration_s, year in rows:
            told = Said(source, bpm, _key(key), duration_s, year)
            found.setdefault(ident, []).append(told)
    return found


def applied(analysis: Analysis | None, said: Sequence[Said]) -> Analysis | None:
    """Let what programs say stand before what was measured, and keep both.

    Parameters
    ----------
    analysis : Analysis or None
        None where nothing was listened to.
    said : sequence of Said
        Those that count most first.

    Returns
    -------
    Analysis or None
        The measured tempo comes first among the alternatives where it is another one, the
        measured key is then the runner-up. None where there is nothing to say.
    """
    bpm = next(((s.bpm, s.source) for s in said if s.bpm is not None), None)
    key = next(((s.key, s.source) for s in said if s.key is not None), None)
    length = next((s.duration_s for s in said if s.duration_s is not None), None)
    if analysis is None:
        if not (bpm or key or length):
            return None
        analysis = _NOTHING_HEARD
    changes: dict[str, Any] = {"provenance": dict(analysis.provenance)}
    if length is not None and math.isnan(analysis.duration_s):
        changes["duration_s"] = length
    if bpm is not None:
        changes["bpm"], changes["provenance"]["bpm"] = bpm
        changes["bpm_confidence"] = SURE
        readings = dict.fromkeys((analysis.measured_bpm, *analysis.bpm_alternatives))
        changes["bpm_alternatives"] = tuple(r for r in readings if r and not _same(r, bpm[0]))
    if key is not None:
        changes["key"], changes["provenance"]["key"] = key
        changes["key_confidence"] = SURE
        others = (analysis.measured_key, analysis.key_runner_up)
        changes["key_runner_up"] = next((k for k in others if k and k != key[0]), None)
    return replace(analysis, **changes)


@dataclass(frozen=True, slots=True, eq=False)
class SaidColumns:
    """What is said of all recordings, each value as of the program that counts most.

    Parameters
    ----------
    recording_ids : ndarray of int64, shape (S,)
        Ascending.
    bpm, duration_s, year : ndarray of float32, shape (S,)
        NaN where nobody says.
    key : ndarray of int8, shape (S,)
        Traktor's value; -1 where nobody says.
    """

    recording_ids: NDArray[np.int64]
    bpm: NDArray[np.float32]
    key: NDArray[np.int8]
    duration_s: NDArray[np.float32]
    year: NDArray[np.float32]


def columns(connection: Connection) -> SaidColumns | None:
    """Read what is said of all recordings; None where nothing is."""
    rows = fetch(connection, _QUERY)
    if not rows:
        return None
    ids, bpm, key, length, year = zip(*rows, strict=True)
    keys = {name: None if (k := _key(name)) is None else k.traktor() for name in set(key)}
    recordings, place = np.unique(np.array(ids, np.int64), return_inverse=True)

    def first(values: Sequence[Any]) -> NDArray[np.float32]:
        """The first known value of each recording: rows come by program."""
        column = np.array(values, np.float32)
        found = np.full(len(recordings), np.nan, np.float32)
        known = np.flatnonzero(~np.isnan(column))[::-1]
        found[place[known]] = column[known]
        return found

    named = first([keys[name] for name in key])
    return SaidColumns(
        recordings,
        bpm=first(bpm),
        key=np.where(np.isnan(named), -1, named).astype(np.int8),
        duration_s=first(length),
        year=first(year),
    )


_NOTHING_HEARD = Analysis(
    duration_s=math.nan,
    bpm=None,
    bpm_confidence=0.0,
    bpm_alternatives=(),
    beat_start_s=None,
    key=None,
    key_confidence=0.0,
    key_runner_up=None,
    energy=math.nan,
    loudness_lufs=math.nan,
    rolloff_hz=math.nan,
    windows=(),
    analyser="",
)
_SAID = (SaidRow.source, SaidRow.bpm, SaidRow.key, SaidRow.duration_s, SaidRow.year)
_QUERY = "SELECT recording_id, bpm, key, duration_s, year FROM said ORDER BY recording_id, source"


def _sane(entry: Entry, source: str) -> Said:
    low, high = TEMPOS
    first, last = _YEARS
    length = entry.duration_s
    return Said(
        source,
        bpm=entry.bpm if entry.bpm is not None and low <= entry.bpm <= high else None,
        key=entry.key,
        duration_s=length if length is not None and 0 < length < math.inf else None,
        year=entry.year if entry.year is not None and first <= entry.year <= last else None,
    )


def _row(recording_id: int, said: Said) -> dict[str, Any]:
    return {
        "recording_id": recording_id,
        "source": said.source,
        "bpm": said.bpm,
        "key": None if said.key is None else said.key.classic(),
        "duration_s": said.duration_s,
        "year": said.year,
    }


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= _SAME_TEMPO * min(a, b)


@cache  # there are 24 of them
def _key(name: str | None) -> Key | None:
    return None if name is None else parse_key(name)
