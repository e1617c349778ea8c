"""Takes in what was heard: audio, its files, recordings, numbers and vectors."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from sqlalchemy import Connection, bindparam, delete, select, update

from data.catalogue import marks, retagged, upkeep
from data.catalogue.rows import (
    CHANGES,
    HEARD,
    count_up,
    ids_by_key,
    in_parts,
    insert_rows,
    take_ids,
)
from data.catalogue.sound import Sound, path_key
from data.catalogue.spelling import (
    bounded,
    spelling_of,
    storable,
    stored_recording_key,
    stored_work_key,
)
from data.catalogue.tables import OutsideIdRow, Recording
from data.catalogue.tables_sound import AnalysisRow, Audio, AudioPath, EmbeddingRow
from data.harmony import Key
from data.records import Analysis, Embedding, OutsideId


def add(connection: Connection, batch: Sequence[Sound]) -> None:
    """Upsert what was heard; of two of one kind the later one counts.

    A recording that plays have described keeps that description. One that only audio
    names takes it from the tags heard last. Where they name a file otherwise, see `retagged`.
    """
    made, recordings = _recordings(connection, batch)
    ids = _new_audio(connection, batch)
    left = _describe(connection, batch, ids, recordings)
    renamed = retagged.renamed(connection, batch, recordings)
    left |= _place(connection, batch, ids)
    retagged.follow(connection, renamed)
    _add_outside_ids(connection, batch, ids, recordings)
    _replace_analyses(connection, {ids[s.content_hash]: s.analysis for s in batch if s.analysis})
    _replace_embeddings(
        connection,
        {(ids[s.content_hash], s.embedding.encoder): s.embedding for s in batch if s.embedding},
    )
    marks.forget_aside(connection, (str(s.file.path) for s in batch if s.file))
    upkeep.refresh(connection, left)
    tagged = (s.track for s in batch if s.track and s.tags and {"artist", "title"} <= s.tags.keys())
    spelled = {recordings[stored_recording_key(track)]: spelling_of(track) for track in tagged}
    if upkeep.describe_unplayed(connection, spelled) or made or left:
        count_up(connection, CHANGES)
    if batch:
        count_up(connection, HEARD)


def remove(connection: Connection, origin: str) -> int:
    """Remove the audio of one origin and recordings that only it held; return how much audio."""
    gone = connection.scalars(select(Audio.id).where(Audio.origin == origin)).all()
    left = _drop(connection, gone)
    upkeep.refresh(connection, left)
    if left:
        count_up(connection, CHANGES)
    if gone:
        count_up(connection, HEARD)
    return len(gone)


def _recordings(connection: Connection, batch: Sequence[Sound]) -> tuple[bool, dict[str, int]]:
    """Give every named track its recording; return whether some are new, and ids by key."""
    tracks = {stored_recording_key(s.track): s.track for s in batch if s.track}
    found = ids_by_key(connection, Recording.id, Recording.recording_key, tracks)
    fresh = [
        upkeep.NewRecording(key, stored_work_key(track), Counter([spelling_of(track)]), 0)
        for key, track in tracks.items()
        if key not in found
    ]
    return bool(fresh), found | upkeep.add_recordings(connection, fresh)


def _new_audio(connection: Connection, batch: Sequence[Sound]) -> dict[str, int]:
    """Add the audio that is not there yet; return all ids by content hash."""
    first = {s.content_hash: s for s in reversed(batch)}
    known = ids_by_key(connection, Audio.id, Audio.content_hash, first)
    new = [s for s in first.values() if s.content_hash not in known][::-1]
    for s in new:
        if s.duration_s is None:
            raise ValueError(f"audio {s.content_hash} is new and came without a duration")
    ids = dict(
        zip((s.content_hash for s in new), take_ids(connection, Audio, len(new)), strict=True)
    )
    insert_rows(
        connection,
        Audio,
        (
            {
                "id": ids[s.content_hash],
                "content_hash": s.content_hash,
                "recording_id": None,
                "duration_s": s.duration_s,
                "origin": s.origin,
                "tags": "{}",
            }
            for s in new
        ),
    )
    return known | ids


def _describe(
    connection: Connection,
    batch: Sequence[Sound],
    ids: dict[str, int],
    recordings: dict[str, int],
) -> set[int]:
    """Write length, tags and recording; return the recordings that lost a piece of audio."""
    old: dict[int, int | None] = {}
    for part in in_parts(set(ids.values())):
        query = select(Audio.id, Audio.recording_id).where(Audio.id.in_(part))
        old.update((ident, recording) for ident, recording in connection.execute(query))
    linked = {
        ids[s.content_hash]: recordings[stored_recording_key(s.track)] for s in batch if s.track
    }
    _set(connection, "recording_id", linked)
    _set(
        connection,
        "duration_s",
        {ids[s.content_hash]: s.duration_s for s in batch if s.duration_s is not None},
    )
    _set(
        connection,
        "tags",
        {ids[s.content_hash]: json.dumps(dict(s.tags)) for s in batch if s.tags is not None},
    )
    lost = {old[ident] for ident, recording in linked.items() if old[ident] != recording}
    return {recording for recording in lost if recording is not None}


def _add_outside_ids(
    connection: Connection,
    batch: Sequence[Sound],
    ids: dict[str, int],
    recordings: dict[str, int],
) -> None:
    """Keep the ids that files carry, such as an ISRC; they stand in no set.

    Tags may give an ISRC and neither artist nor title: then it is an id of what the file is
    by its name, or was known to be before.
    """
    names = ("recording_id", "scheme", "value", "source")
    facts = {
        (recordings[stored_recording_key(s.track)], *_storable_id(i))
        for s in batch
        if s.track
        for i in s.track.ids
    }
    tagged = {ids[s.content_hash]: isrc for s in batch if (isrc := (s.tags or {}).get("isrc"))}
    for part in in_parts(tagged):
        query = select(Audio.id, Audio.recording_id).where(Audio.id.in_(part))
        for ident, recording in connection.execute(query):
            if recording is not None:
                facts.add((recording, *_storable_id(OutsideId("isrc", tagged[ident], "file"))))
    for part in in_parts({fact[0] for fact in facts}):
        query = select(*(getattr(OutsideIdRow, name) for name in names)).where(
            OutsideIdRow.set_id.is_(None), OutsideIdRow.recording_id.in_(part)
        )
        facts -= {tuple(row) for row in connection.execute(query)}
    fresh = take_ids(connection, OutsideIdRow, len(facts))
    insert_rows(
        connection,
        OutsideIdRow,
        (
            {"id": ident, "set_id": None, **dict(zip(names, fact, strict=True))}
            for ident, fact in zip(fresh, sorted(facts), strict=True)
        ),
    )


def _storable_id(outside: OutsideId) -> tuple[str, str, str]:
    return storable(outside.scheme), bounded(storable(outside.value)), storable(outside.source)


def _set(connection: Connection, column: str, values: dict[int, Any]) -> None:
    if values:
        connection.execute(
            update(Audio).where(Audio.id == bindparam("ident")).values({column: bindparam("to")}),
            [{"ident": ident, "to": value} for ident, value in values.items()],
        )


def _place(connection: Connection, batch: Sequence[Sound], ids: dict[str, int]) -> set[int]:
    """Write which files hold the audio; return the recordings of audio that no file holds now.

    A file whose bytes changed leaves its former audio. If that lies nowhere else it goes:
    most often somebody wrote tags into the file.
    """
    files = {path_key(s.file.path): s.file for s in batch if s.file}
    before: set[int] = set()
    for part in in_parts(files):
        held = select(AudioPath.audio_id).where(AudioPath.path_key.in_(part))
        before.update(connection.scalars(held))
        connection.execute(delete(AudioPath).where(AudioPath.path_key.in_(part)))
    insert_rows(
        connection,
        AudioPath,
        (
            {
                "path_key": key,
                "path": os.fsencode(file.path),
                "audio_id": ids[file.content_hash],
                "size": file.size,
                "mtime_ns": file.mtime_ns,
            }
            for key, file in files.items()
        ),
    )
    left = before - set(ids.values())
    for part_of_left in in_parts(sorted(left)):
        held = select(AudioPath.audio_id).distinct().where(AudioPath.audio_id.in_(part_of_left))
        left -= set(connection.scalars(held))
    return _drop(connection, left)


def _drop(connection: Connection, audio_ids: Collection[int]) -> set[int]:
    """Delete audio with all that hangs on it; return the recordings it belonged to."""
    left: set[int] = set()
    for part in in_parts(sorted(audio_ids)):
        query = select(Audio.recording_id).where(Audio.id.in_(part))
        left.update(ident for ident in connection.scalars(query) if ident is not None)
        connection.execute(delete(Audio).where(Audio.id.in_(part)))
    return left


def _replace_analyses(connection: Connection, analyses: dict[int, Analysis]) -> None:
    for part in in_parts(analyses):
        connection.execute(delete(AnalysisRow).where(AnalysisRow.audio_id.in_(part)))
    insert_rows(
        connection,
        AnalysisRow,
        (
            {
                "audio_id": ident,
                "analyser": a.analyser,
                "bpm": a.bpm,
                "bpm_confidence": a.bpm_confidence,
                "bpm_alternatives": json.dumps(a.bpm_alternatives),
                "beat_start_s": a.beat_start_s,
                "key": _name(a.key),
                "key_confidence": a.key_confidence,
                "key_runner_up": _name(a.key_runner_up),
                "energy": a.energy,
                "loudness_lufs": a.loudness_lufs,
                "rolloff_hz": a.rolloff_hz,
                "windows": json.dumps(a.windows),
                "measured_bpm": a.measured_bpm,
                "measured_key": _name(a.measured_key),
                "provenance": json.dumps(a.provenance),
            }
            for ident, a in analyses.items()
        ),
    )


def _name(key: Key | None) -> str | None:
    return None if key is None else key.classic()


def _replace_embeddings(
    connection: Connection, embeddings: dict[tuple[int, str], Embedding]
) -> None:
    for encoder in {encoder for _, encoder in embeddings}:
        for part in in_parts(ident for ident, name in embeddings if name == encoder):
            connection.execute(
                delete(EmbeddingRow).where(
                    EmbeddingRow.encoder == encoder, EmbeddingRow.audio_id.in_(part)
                )
            )
    insert_rows(
        connection,
        EmbeddingRow,
        ({"audio_id": ident, **_vectors(e)} for (ident, _), e in embeddings.items()),
    )


def _vectors(embedding: Embedding) -> dict[str, Any]:
    n, d = embedding.fragments.shape
    # Half precision keeps three digits, whatever the vectors' range, once they are at most 1.
    scale = float(np.abs(embedding.fragments).max(initial=0.0)) or 1.0
    return {
        "encoder": embedding.encoder,
        "version": embedding.version,
        "d": d,
        "n": n,
        "fragment_s": float(embedding.fragment_s),
        "scale": scale,
        "vector": embedding.vector.astype("<f4").tobytes(),
        "starts": embedding.starts_s.astype("<f8").tobytes(),
        "fragments": (embedding.fragments / scale).astype("<f2").tobytes(),
    }
