"""Keeps recordings in step with their plays: added, described anew, pruned."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, select, update

from data.catalogue import crate_history, feedback
from data.catalogue.rows import CHANGES, count_up, ids_made, in_parts, insert_rows, take_ids
from data.catalogue.spelling import Description, Spelling, describe
from data.catalogue.tables import (
    Artist,
    CrateItem,
    DjSet,
    Label,
    PlayRow,
    Recording,
    RecordingArtist,
    Work,
)
from data.catalogue.tables_outside import SaidRow
from data.catalogue.tables_sound import Audio

_SPELLED = (
    PlayRow.artist,
    PlayRow.title,
    PlayRow.version,
    PlayRow.label,
    PlayRow.catalogue_number,
    PlayRow.genre,
)
_SHOWN = ("artist", "title", "version", "label", "catalogue_number", "genre", "search")


class NewRecording(NamedTuple):
    """A recording that the catalogue does not hold yet."""

    recording_key: str
    work_key: str
    spellings: Counter[Spelling]
    sets: int


def add_recordings(connection: Connection, fresh: Sequence[NewRecording]) -> dict[str, int]:
    """Insert recordings with their works, labels and artists; return the ids by key."""
    ids = dict(
        zip(
            (r.recording_key for r in fresh),
            take_ids(connection, Recording, len(fresh)),
            strict=True,
        )
    )
    described = [describe(r.spellings) for r in fresh]
    works = ids_made(connection, Work, Work.work_key, (r.work_key for r in fresh))
    labels = _label_ids(connection, described)
    insert_rows(
        connection,
        Recording,
        (
            {
                "id": ids[r.recording_key],
                "recording_key": r.recording_key,
                "work_id": works[r.work_key],
                **_shown(d, labels, r.sets),
            }
            for r, d in zip(fresh, described, strict=True)
        ),
    )
    _add_artists(connection, dict(zip(ids.values(), described, strict=True)))
    return ids


def recordings_of(connection: Connection, set_ids: Collection[int]) -> set[int]:
    """Return the recordings that the sets hold."""
    held: set[int] = set()
    for part in in_parts(set_ids):
        held.update(
            connection.scalars(
                select(PlayRow.recording_id)
                .distinct()
                .where(PlayRow.set_id.in_(part), PlayRow.recording_id.is_not(None))
            )
        )
    return held


def clear_source(connection: Connection, source: str) -> int:
    """Remove the sets of one source and all that only they held; return how many sets."""
    set_ids = connection.scalars(select(DjSet.id).where(DjSet.source == source)).all()
    if not set_ids:
        return 0
    held = recordings_of(connection, set_ids)
    connection.execute(delete(DjSet).where(DjSet.source == source))
    refresh(connection, held)
    count_up(connection, CHANGES)
    return len(set_ids)


def refresh(connection: Connection, recording_ids: Collection[int]) -> None:
    """Describe recordings anew from their plays; prune those that nothing holds any more."""
    loose = False
    for part in in_parts(sorted(recording_ids)):
        spellings, sets = _plays_of(connection, part)
        described = {ident: describe(counted) for ident, counted in spellings.items()}
        loose |= _update(connection, described, sets)
        loose |= _drop_unheld(connection, [i for i in part if i not in described])
    if loose:
        _prune(connection)
        # Whoever let go of them: search must not find what is gone.
        count_up(connection, CHANGES)


def describe_unplayed(connection: Connection, spelled: Mapping[int, Spelling]) -> bool:
    """Describe those of the recordings that no set plays; what is left out stays as it is.

    Returns
    -------
    bool
        Whether one of them is shown otherwise now.
    """
    changed = False
    for part in in_parts(sorted(spelled)):
        shown = connection.execute(
            select(
                Recording.id, Recording.label, Recording.catalogue_number, Recording.genre
            ).where(Recording.id.in_(part), Recording.sets == 0)
        ).all()
        described = {}
        for ident, label, number, genre in shown:
            new = spelled[ident]
            new = new if new.label else new._replace(label=label, catalogue_number=number)
            described[ident] = describe(Counter([new._replace(genre=new.genre or genre)]))
        changed |= _update(connection, described, dict.fromkeys(described, 0))
    if changed:
        _prune(connection)
    return changed


def _plays_of(
    connection: Connection, ids: Sequence[int]
) -> tuple[dict[int, Counter[Spelling]], dict[int, int]]:
    spellings: dict[int, Counter[Spelling]] = defaultdict(Counter)
    for ident, *spelling, number in connection.execute(
        select(PlayRow.recording_id, *_SPELLED, func.count())
        .where(PlayRow.recording_id.in_(ids))
        .group_by(PlayRow.recording_id, *_SPELLED)
    ):
        if ident is not None:
            spellings[ident][Spelling(*spelling)] = number
    sets = connection.execute(
        select(PlayRow.recording_id, func.count(PlayRow.set_id.distinct()))
        .where(PlayRow.recording_id.in_(ids))
        .group_by(PlayRow.recording_id)
    )
    return spellings, {ident: number for ident, number in sets if ident is not None}


def _update(
    connection: Connection, described: dict[int, Description], sets: dict[int, int]
) -> bool:
    """Write what differs; return whether a label or an artist may have lost its last recording."""
    names = ("label_id", *_SHOWN, "sets")
    columns = [getattr(Recording, name) for name in names]
    rows = connection.execute(select(Recording.id, *columns).where(Recording.id.in_(described)))
    old = {row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}
    labels = _label_ids(connection, described.values())
    new = {ident: _shown(d, labels, sets[ident]) for ident, d in described.items()}
    different = [ident for ident in new if new[ident] != old[ident]]
    if not different:
        return False
    connection.execute(
        update(Recording).where(Recording.id == bindparam("ident")),
        [{"ident": ident, **new[ident]} for ident in different],
    )
    respelt = [i for i in different if any(new[i][n] != old[i][n] for n in _SHOWN)]
    if respelt:
        connection.execute(delete(RecordingArtist).where(RecordingArtist.recording_id.in_(respelt)))
        _add_artists(connection, {ident: described[ident] for ident in respelt})
    return bool(respelt)


def _drop_unheld(connection: Connection, ids: Sequence[int]) -> bool:
    """Delete those of the unplayed recordings that no crate, audio or word of the DJ holds.

    A crate holds also what undo would bring back; what DJ software names is in the DJ's library.
    """
    if not ids:
        return False
    kept = (feedback.held(connection, ids) | crate_history.remembered(connection)) & set(ids)
    for held in (CrateItem.recording_id, Audio.recording_id, SaidRow.recording_id):
        found = connection.scalars(select(held).distinct().where(held.in_(ids)))
        kept.update(ident for ident in found if ident is not None)
    if kept:
        connection.execute(update(Recording).where(Recording.id.in_(kept)).values(sets=0))
    gone = sorted(set(ids) - kept)
    if gone:
        connection.execute(delete(Recording).where(Recording.id.in_(gone)))
    return bool(gone)


def _prune(connection: Connection) -> None:
    """Delete works, labels and artists without a recording."""
    for table, reference in (
        (Work, Recording.work_id),
        (Label, Recording.label_id),
        (Artist, RecordingArtist.artist_id),
    ):
        used = select(reference).where(reference == table.id).exists()
        connection.execute(delete(table).where(~used))


def _shown(description: Description, labels: dict[str, int], sets: int) -> dict[str, Any]:
    shown = {name: getattr(description, name) for name in _SHOWN}
    return {"label_id": labels.get(description.label_key), **shown, "sets": sets}


def _label_ids(connection: Connection, described: Iterable[Description]) -> dict[str, int]:
    keys = (d.label_key for d in described if d.label_key)
    return ids_made(connection, Label, Label.label_key, keys)


def _add_artists(connection: Connection, described: dict[int, Description]) -> None:
    names = (name for d in described.values() for name in d.artists)
    artists = ids_made(connection, Artist, Artist.name, names)
    insert_rows(
        connection,
        RecordingArtist,
        (
            {"recording_id": ident, "position": position, "artist_id": artists[name]}
            for ident, d in described.items()
            for position, name in enumerate(d.artists)
        ),
    )
