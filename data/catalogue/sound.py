"""What was heard: the records that come and go, and the questions about them."""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Row, select

from data.catalogue import said
from data.catalogue.rows import in_parts
from data.catalogue.tables_sound import AnalysisRow, Audio, AudioPath, EmbeddingRow
from data.harmony import Key, parse_key
from data.records import Analysis, Embedding, Track


@dataclass(frozen=True, slots=True)
class AudioFile:
    """A file of audio, with what tells whether it has changed.

    Parameters
    ----------
    path : Path
        Absolute.
    content_hash : str
        Hash of the file's bytes.
    size : int
        In bytes.
    mtime_ns : int
        Time of the last change in nanoseconds.
    """

    path: Path
    content_hash: str
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """What was learned about a piece of audio, ready for the catalogue.

    Parameters
    ----------
    content_hash : str
        Hash of the bytes, which is what the audio is known by.
    file : AudioFile, optional
        A file that holds it, with the same hash.
    track : Track, optional
        The recording it is; None leaves the one that is known.
    duration_s : float, optional
        Length in seconds. Must be given for audio that the catalogue does not know.
    tags : mapping of str to str, optional
        What the file says about itself; None leaves what is known.
    origin : str
        ``"file"``, ``"demo"`` for the generated crate, or ``"preview"`` for a clip that a service
        of the web lets people hear: that has no file, its hash is ``"preview:<service>:<ident>"``,
        it speaks for its recording only where no other audio does, and nothing may learn from it.
    analysis : Analysis, optional
        Replaces the one that is known; None leaves it.
    embedding : Embedding, optional
        Replaces the one of the same encoder; None leaves it.
    """

    content_hash: str
    file: AudioFile | None = None
    track: Track | None = None
    duration_s: float | None = None
    tags: Mapping[str, str] | None = None
    origin: str = "file"
    analysis: Analysis | None = None
    embedding: Embedding | None = None


@dataclass(frozen=True, slots=True, eq=False)
class KnownSound:
    """What the catalogue holds of a piece of audio, as far as it is of the versions asked for.

    Parameters
    ----------
    audio_id : int
    recording_id : int or None
    analysis : Analysis or None
    vector : ndarray of float32, shape (d,), or None
    """

    audio_id: int
    recording_id: int | None
    analysis: Analysis | None
    vector: NDArray[np.float32] | None


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """One vector for each piece of audio, by ascending audio id.

    Parameters
    ----------
    audio_ids : ndarray of int64, shape (n,)
    recording_ids : ndarray of int64, shape (n,)
        -1 for audio that is no known recording. Two files may be one recording.
    matrix : ndarray of float32, shape (n, d)
    """

    audio_ids: NDArray[np.int64]
    recording_ids: NDArray[np.int64]
    matrix: NDArray[np.float32]


PREVIEW = "preview"
"""Origin of a clip that a service of the web lets people hear."""


def path_key(path: Path) -> str:
    """Return the key under which the table of files keeps `path`."""
    return hashlib.blake2b(os.fsencode(path), digest_size=16).hexdigest()


def known_files(connection: Connection, paths: Iterable[Path]) -> dict[Path, AudioFile]:
    """Return the files among `paths` that were seen before, as they were then."""
    keys = {path_key(path): path for path in paths}
    found = {}
    for part in in_parts(keys):
        rows = connection.execute(
            select(AudioPath.path_key, Audio.content_hash, AudioPath.size, AudioPath.mtime_ns)
            .join(Audio, Audio.id == AudioPath.audio_id)
            .where(AudioPath.path_key.in_(part))
        )
        for key, content_hash, size, mtime_ns in rows:
            found[keys[key]] = AudioFile(keys[key], content_hash, size, mtime_ns)
    return found


def known_sound(
    connection: Connection, hashes: Iterable[str], analyser: str, encoder: str, version: str
) -> dict[str, KnownSound]:
    """Return the audio among `hashes` that is known, with what need not be done again."""
    found = {}
    for part in in_parts(dict.fromkeys(hashes)):
        numbers = _analyses(
            connection, Audio.content_hash.in_(part) & (AnalysisRow.analyser == analyser)
        )
        rows = connection.execute(
            select(Audio.content_hash, Audio.id, Audio.recording_id, EmbeddingRow.vector)
            .outerjoin(
                EmbeddingRow,
                (EmbeddingRow.audio_id == Audio.id)
                & (EmbeddingRow.encoder == encoder)
                & (EmbeddingRow.version == version),
            )
            .where(Audio.content_hash.in_(part))
        )
        for content_hash, ident, recording_id, vector in rows:
            found[content_hash] = KnownSound(
                ident,
                recording_id,
                numbers[ident].analysis if ident in numbers else None,
                None if vector is None else np.frombuffer(vector, "<f4").astype(np.float32),
            )
    return found


def sound(connection: Connection, recording_ids: Iterable[int]) -> dict[int, Analysis]:
    """Return what recordings sound like; of several files the longest speaks.

    The word of the DJ's software stands before it.
    """
    found: dict[int, Analysis] = {}
    for part in in_parts(dict.fromkeys(int(ident) for ident in recording_ids)):
        numbers = _analyses(connection, Audio.recording_id.in_(part))
        for heard in sorted(numbers.values(), key=_rank):
            if heard.recording_id is not None and heard.recording_id not in found:
                found[heard.recording_id] = _of_track(heard)
        for ident, programs in said.of(connection, part).items():
            if (told := said.applied(found.get(ident), programs)) is not None:
                found[ident] = told
    return found


def vectors(connection: Connection, encoder: str, version: str) -> Vectors:
    """Return all vectors of one version of an encoder."""
    rows = connection.execute(
        select(EmbeddingRow.audio_id, Audio.recording_id, EmbeddingRow.vector)
        .join(Audio, Audio.id == EmbeddingRow.audio_id)
        .where(EmbeddingRow.encoder == encoder, EmbeddingRow.version == version)
        .order_by(EmbeddingRow.audio_id)
    ).all()
    flat = np.frombuffer(b"".join(row[2] for row in rows), "<f4").astype(np.float32)
    return Vectors(
        np.array([row[0] for row in rows], np.int64),
        np.array([-1 if row[1] is None else row[1] for row in rows], np.int64),
        flat.reshape(len(rows), flat.size // max(len(rows), 1)),
    )


def fragments(
    connection: Connection, audio_ids: Iterable[int], encoder: str, version: str
) -> dict[int, Embedding]:
    """Return the vectors of whole pieces and of their fragments, by audio id."""
    found = {}
    for part in in_parts(dict.fromkeys(int(ident) for ident in audio_ids)):
        rows = connection.execute(
            select(*EmbeddingRow.__table__.columns).where(
                EmbeddingRow.audio_id.in_(part),
                EmbeddingRow.encoder == encoder,
                EmbeddingRow.version == version,
            )
        )
        found.update({row.audio_id: _embedding(row) for row in rows})
    return dict(sorted(found.items()))


def recording_fragments(
    connection: Connection, recording_ids: Iterable[int], encoder: str, version: str
) -> dict[int, Embedding]:
    """Return the same by recording; of several files the longest speaks."""
    found: dict[int, Embedding] = {}
    for part in in_parts(dict.fromkeys(int(ident) for ident in recording_ids)):
        rows = connection.execute(
            select(Audio.recording_id, *EmbeddingRow.__table__.columns)
            .join(EmbeddingRow, EmbeddingRow.audio_id == Audio.id)
            .where(
                Audio.recording_id.in_(part),
                EmbeddingRow.encoder == encoder,
                EmbeddingRow.version == version,
            )
            .order_by(Audio.origin == PREVIEW, Audio.duration_s.desc(), Audio.id)
        )
        for row in rows:
            if row.recording_id not in found:
                found[row.recording_id] = _embedding(row)
    return found


def audio_path(connection: Connection, recording_id: int) -> Path | None:
    """Return a file that holds the recording and is still there, the longest piece first."""
    rows = connection.scalars(
        select(AudioPath.path)
        .join(Audio, Audio.id == AudioPath.audio_id)
        .where(Audio.recording_id == recording_id)
        .order_by(Audio.duration_s.desc(), Audio.id, AudioPath.path_key)
    )
    return next((path for row in rows if (path := Path(os.fsdecode(row))).is_file()), None)


def playable(connection: Connection, recording_ids: Iterable[int]) -> set[int]:
    """Return the recordings that have audio which was read from a file, there still or not."""
    found: set[int] = set()
    for part in in_parts(dict.fromkeys(int(ident) for ident in recording_ids)):
        with_file = (
            select(Audio.recording_id)
            .join(AudioPath, AudioPath.audio_id == Audio.id)
            .where(Audio.recording_id.in_(part))
        )
        found.update(ident for ident in connection.scalars(with_file) if ident is not None)
    return found


@dataclass(frozen=True, slots=True)
class _Heard:
    audio_id: int
    recording_id: int | None
    is_preview: bool
    analysis: Analysis


def _rank(heard: _Heard) -> tuple[bool, float, int]:
    """Which of several pieces of audio speaks for a recording: the least."""
    return heard.is_preview, -heard.analysis.duration_s, heard.audio_id


def _of_track(heard: _Heard) -> Analysis:
    """Return the numbers as far as they are the recording's: a clip has times of its own."""
    if not heard.is_preview:
        return heard.analysis
    return replace(heard.analysis, duration_s=math.nan, beat_start_s=None)


def paths_of(connection: Connection, audio_ids: Iterable[int]) -> dict[int, Path]:
    """Return a file for each piece of audio that was read from one, there still or not."""
    found: dict[int, Path] = {}
    for part in in_parts(dict.fromkeys(int(ident) for ident in audio_ids)):
        rows = connection.execute(
            select(AudioPath.audio_id, AudioPath.path)
            .where(AudioPath.audio_id.in_(part))
            .order_by(AudioPath.path)
        )
        for ident, path in rows:
            kept = Path(os.fsdecode(path))
            if ident not in found or not found[ident].is_file():
                found[ident] = kept
    return found


def _analyses(connection: Connection, wanted: ColumnElement[bool]) -> dict[int, _Heard]:
    """Return the numbers of the audio that the condition picks, by audio id."""
    rows = connection.execute(
        select(Audio.recording_id, Audio.origin, Audio.duration_s, *AnalysisRow.__table__.columns)
        .join(AnalysisRow, AnalysisRow.audio_id == Audio.id)
        .where(wanted)
    )
    return {
        row.audio_id: _Heard(row.audio_id, row.recording_id, row.origin == PREVIEW, _analysis(row))
        for row in rows
    }


def _analysis(row: Row[Any]) -> Analysis:
    return Analysis(
        duration_s=row.duration_s,
        bpm=row.bpm,
        bpm_confidence=row.bpm_confidence,
        bpm_alternatives=tuple(json.loads(row.bpm_alternatives)),
        beat_start_s=row.beat_start_s,
        key=_key(row.key),
        key_confidence=row.key_confidence,
        key_runner_up=_key(row.key_runner_up),
        energy=row.energy,
        loudness_lufs=row.loudness_lufs,
        rolloff_hz=row.rolloff_hz,
        windows=tuple((start, length) for start, length in json.loads(row.windows)),
        analyser=row.analyser,
        measured_bpm=row.measured_bpm,
        measured_key=_key(row.measured_key),
        provenance=json.loads(row.provenance),
    )


def _key(name: str | None) -> Key | None:
    return None if name is None else parse_key(name)


def _embedding(row: Row[Any]) -> Embedding:
    flat = np.frombuffer(row.fragments, "<f2").astype(np.float32) * np.float32(row.scale)
    return Embedding(
        encoder=row.encoder,
        version=row.version,
        vector=np.frombuffer(row.vector, "<f4").astype(np.float32),
        fragments=flat.reshape(row.n, row.d),
        starts_s=np.frombuffer(row.starts, "<f8").astype(np.float64),
        fragment_s=row.fragment_s,
    )
