"""A file whose tags name it otherwise: its new recording takes the place of the old one.

A DJ who mends a title and scans again has the same track in the same crates, under its mended
name. Only a recording that nothing but this file named is left so: one that sets play, or that
another file holds, is a track of its own and stays where it is.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Connection, bindparam, delete, select, update

from data.catalogue.rows import in_parts, insert_rows
from data.catalogue.sound import Sound, path_key
from data.catalogue.spelling import stored_recording_key
from data.catalogue.tables import CrateItem, CrateRow, FeedbackRow, OutsideIdRow, PlayRow
from data.catalogue.tables_outside import SaidRow
from data.catalogue.tables_sound import AnalysisRow, Audio, AudioPath
from data.catalogue.tables_work import CrateStep, DeletedCrate


def renamed(
    connection: Connection, batch: Sequence[Sound], recordings: Mapping[str, int]
) -> dict[int, int]:
    """Return which recordings became which, as far as their files tell.

    Parameters
    ----------
    connection : Connection
        Before the files are given to their new audio.
    batch : sequence of Sound
    recordings : mapping of str to int
        The recordings that the batch names, by their keys.

    Returns
    -------
    dict of int to int
        New recordings by old ones. Another song in a file of the same name is none of them.
    """
    fresh = {
        path_key(sound.file.path): (recordings[stored_recording_key(sound.track)], sound)
        for sound in batch
        if sound.file and sound.track and sound.analysis
    }
    found: dict[int, int] = {}
    for part in in_parts(fresh):
        rows = connection.execute(
            select(
                AudioPath.path_key,
                Audio.content_hash,
                Audio.recording_id,
                Audio.duration_s,
                AnalysisRow.loudness_lufs,
                AnalysisRow.rolloff_hz,
            )
            .join(Audio, Audio.id == AudioPath.audio_id)
            .join(AnalysisRow, AnalysisRow.audio_id == Audio.id)
            .where(AudioPath.path_key.in_(part))
        )
        for key, content_hash, old, *heard in rows:
            new, sound = fresh[key]
            same = content_hash != sound.content_hash and _same_sound(sound, heard)
            if same and old is not None and old != new:
                found[old] = new
    return found


def _same_sound(sound: Sound, heard: Sequence[float]) -> bool:
    """Whether two files hold the same music: what is measured of it is the same to the digit."""
    new = sound.analysis
    assert new is not None
    length = new.duration_s if sound.duration_s is None else sound.duration_s
    numbers = zip((length, new.loudness_lufs, new.rolloff_hz), heard, strict=True)
    return all(math.isclose(one, other, rel_tol=1e-4) for one, other in numbers)


def follow(connection: Connection, renamed: Mapping[int, int]) -> None:
    """Put new recordings where the old ones stood: in crates, their steps, and what was said.

    Old ones that sets play or that other audio holds are left alone.
    """
    own = dict(renamed)
    for held in (PlayRow.recording_id, Audio.recording_id):
        for part in in_parts(renamed):
            for old in connection.scalars(select(held).distinct().where(held.in_(part))):
                own.pop(old or 0, None)
    if not own:
        return
    _in_crates(connection, own)
    _in_steps(connection, own)
    _in_feedback(connection, own)
    _in_facts(connection, own)


def _in_feedback(connection: Connection, own: Mapping[int, int]) -> None:
    for column in (FeedbackRow.recording_id, FeedbackRow.next_id):
        connection.execute(
            update(FeedbackRow)
            .where(column == bindparam("old"))
            .values({column: bindparam("new")}),
            [{"old": old, "new": new} for old, new in own.items()],
        )
    connection.execute(delete(FeedbackRow).where(FeedbackRow.recording_id == FeedbackRow.next_id))


def _in_facts(connection: Connection, own: Mapping[int, int]) -> None:
    """Let what others say of the old one be said of the new one, unless they speak of it too."""
    both = [{"old": old, "new": new} for old, new in own.items()]
    of_new = SaidRow.__table__.alias()
    spoken = select(of_new.c.source).where(of_new.c.recording_id == bindparam("new"))
    connection.execute(
        update(SaidRow)
        .where(SaidRow.recording_id == bindparam("old"), SaidRow.source.not_in(spoken))
        .values(recording_id=bindparam("new")),
        both,
    )
    # What is left would keep the old one alive.
    connection.execute(delete(SaidRow).where(SaidRow.recording_id == bindparam("old")), both)
    # What stood in the file's own tags comes from its new ones.
    loose = OutsideIdRow.set_id.is_(None) & (OutsideIdRow.source != "file")
    connection.execute(
        update(OutsideIdRow)
        .where(OutsideIdRow.recording_id == bindparam("old"), loose)
        .values(recording_id=bindparam("new")),
        both,
    )


def _in_crates(connection: Connection, own: Mapping[int, int]) -> None:
    crates: set[int] = set()
    for part in in_parts(own):
        of_them = select(CrateItem.crate_id).distinct().where(CrateItem.recording_id.in_(part))
        crates.update(connection.scalars(of_them))
    for crate_id in crates:
        of_it = CrateItem.crate_id == crate_id
        held = connection.scalars(
            select(CrateItem.recording_id).where(of_it).order_by(CrateItem.position)
        ).all()
        connection.execute(delete(CrateItem).where(of_it))
        places = enumerate(_put(held, own), start=1)
        rows = ({"crate_id": crate_id, "recording_id": i, "position": n} for n, i in places)
        insert_rows(connection, CrateItem, rows)
        connection.execute(
            update(CrateRow).where(CrateRow.id == crate_id).values(stamp=CrateRow.stamp + 1)
        )


def _in_steps(connection: Connection, own: Mapping[int, int]) -> None:
    for content in (CrateStep.content, DeletedCrate.content):
        for text in connection.scalars(select(content).distinct()).all():
            held = json.loads(text)
            if not own.keys().isdisjoint(held):
                put = json.dumps(_put(held, own))
                connection.execute(
                    update(content.class_).where(content == text).values(content=put)
                )


def _put(held: Iterable[int], own: Mapping[int, int]) -> list[int]:
    """Return the recordings with the new ones in their places, each once."""
    return list(dict.fromkeys(own.get(ident, ident) for ident in held))
