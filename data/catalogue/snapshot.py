"""The whole catalogue as arrays, for training and serving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

from data.catalogue.rows import fetch, objects, uncollected


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Sets, recordings and plays at one moment, in ascending id order.

    S sets, R recordings, P identified plays, A artists and L labels. With
    ``names=False`` the object arrays of sets and recordings but `recording_keys`, and
    `set_dates`, have length 0.

    Parameters
    ----------
    set_ids : ndarray of int64, shape (S,)
    set_dates : ndarray of str, shape (S,)
        ISO dates as far as known; they sort by time.
    set_titles, set_urls, set_sources : ndarray of object (str), shape (S,)
    set_djs : ndarray of object (tuple of str), shape (S,)
    recording_ids : ndarray of int64, shape (R,)
    artists, titles, versions, labels, genres : ndarray of object (str), shape (R,)
    recording_keys, work_keys : ndarray of object (str), shape (R,)
    work_index : ndarray of int32, shape (R,)
        Dense index of the recording's work.
    play_set, play_recording : ndarray of int32, shape (P,)
        Indices into the sets and the recordings; plays are ordered by set, then position.
    play_position : ndarray of int32, shape (P,)
        1-based row of the tracklist, gaps and unknown rows counted.
    play_with_previous : ndarray of bool, shape (P,)
    play_chapter : ndarray of int32, shape (P,)
        0 for the first chapter of a set, one more with every new heading.
    recording_artist_ptr : ndarray of int64, shape (R + 1,)
        ``recording_artist_idx[ptr[r]:ptr[r + 1]]`` are the artists of recording r.
    recording_artist_idx : ndarray of int32
        Indices into `artist_names`.
    artist_names : ndarray of object (str), shape (A,)
    recording_label : ndarray of int32, shape (R,)
        Index into `label_keys`; -1 for none.
    label_keys : ndarray of object (str), shape (L,)
    """

    set_ids: NDArray[np.int64]
    set_dates: NDArray[np.str_]
    set_titles: NDArray[np.object_]
    set_djs: NDArray[np.object_]
    set_urls: NDArray[np.object_]
    set_sources: NDArray[np.object_]
    recording_ids: NDArray[np.int64]
    artists: NDArray[np.object_]
    titles: NDArray[np.object_]
    versions: NDArray[np.object_]
    labels: NDArray[np.object_]
    genres: NDArray[np.object_]
    recording_keys: NDArray[np.object_]
    work_keys: NDArray[np.object_]
    work_index: NDArray[np.int32]
    play_set: NDArray[np.int32]
    play_recording: NDArray[np.int32]
    play_position: NDArray[np.int32]
    play_with_previous: NDArray[np.bool_]
    play_chapter: NDArray[np.int32]
    recording_artist_ptr: NDArray[np.int64]
    recording_artist_idx: NDArray[np.int32]
    artist_names: NDArray[np.object_]
    recording_label: NDArray[np.int32]
    label_keys: NDArray[np.object_]

    def rows_of(self, recording_ids: NDArray[np.int64]) -> NDArray[np.int64]:
        """Rows of recordings by id, in the shape of the ids; -1 where the snapshot holds none."""
        if not len(self.recording_ids):
            return np.full(recording_ids.shape, -1, np.int64)
        rows = np.searchsorted(self.recording_ids, recording_ids)
        found = self.recording_ids.take(rows, mode="clip") == recording_ids
        return np.where(found, rows, -1)


def take(connection: Connection, *, names: bool = True) -> Snapshot:
    """Read the catalogue into a `Snapshot`; the queries must see one state."""
    with uncollected():
        sets = _set_columns(connection, names)
        recordings = _recording_columns(connection, names)
        return Snapshot(
            **sets,
            **recordings,
            **_play_columns(connection, sets["set_ids"], recordings["recording_ids"]),
            **_artist_columns(connection, recordings["recording_ids"]),
        )


def _set_columns(connection: Connection, names: bool) -> dict[str, Any]:
    columns = ("set_dates", "set_titles", "set_urls", "set_sources")
    wanted = "id, date, title, url, source" if names else "id"
    rows = fetch(connection, f"SELECT {wanted} FROM sets ORDER BY id")
    ids, *texts = _columns(rows, 1 + len(columns) * names)
    djs: dict[int, list[str]] = {ident: [] for ident in ids}
    if names:
        for ident, name in fetch(
            connection, "SELECT set_id, name FROM set_djs ORDER BY set_id, position"
        ):
            djs[ident].append(name)
    found = dict(zip(columns, map(objects, texts or [()] * len(columns)), strict=True))
    return found | {
        "set_ids": np.array(ids, dtype=np.int64),
        "set_dates": found["set_dates"].astype("U10"),
        "set_djs": objects([tuple(d) for d in djs.values()] if names else ()),
    }


def _recording_columns(connection: Connection, names: bool) -> dict[str, Any]:
    texts = ("artists", "titles", "versions", "labels", "genres", "recording_keys", "work_keys")
    numbers = _numbers(
        connection, "SELECT id, work_id, coalesce(label_id, -1) FROM recordings ORDER BY id", 3
    )
    labels = fetch(connection, "SELECT id, label_key FROM labels ORDER BY id")
    label_ids, label_keys = _columns(labels, 2)
    label = np.searchsorted(np.array(label_ids, dtype=np.int64), numbers[:, 2])
    if names:
        query = (
            "SELECT r.artist, r.title, r.version, r.label, r.genre, r.recording_key, w.work_key "
            "FROM recordings r JOIN works w ON w.id = r.work_id ORDER BY r.id"
        )
        columns = _columns(fetch(connection, query), len(texts))
    else:
        keys = fetch(connection, "SELECT recording_key FROM recordings ORDER BY id")
        columns = [(), (), (), (), (), _columns(keys, 1)[0], ()]
    return {
        **dict(zip(texts, map(objects, columns), strict=True)),
        "recording_ids": numbers[:, 0].copy(),
        "work_index": np.unique(numbers[:, 1], return_inverse=True)[1].astype(np.int32),
        "recording_label": np.where(numbers[:, 2] < 0, -1, label).astype(np.int32),
        "label_keys": objects(label_keys),
    }


def _play_columns(
    connection: Connection, set_ids: NDArray[np.int64], recording_ids: NDArray[np.int64]
) -> dict[str, Any]:
    numbers = _numbers(
        connection,
        "SELECT set_id, recording_id, position, CAST(with_previous AS INTEGER), chapter_number "
        "FROM plays WHERE recording_id IS NOT NULL ORDER BY set_id, position",
        5,
    )
    return {
        "play_set": np.searchsorted(set_ids, numbers[:, 0]).astype(np.int32),
        "play_recording": np.searchsorted(recording_ids, numbers[:, 1]).astype(np.int32),
        "play_position": numbers[:, 2].astype(np.int32),
        "play_with_previous": numbers[:, 3].astype(bool),
        "play_chapter": numbers[:, 4].astype(np.int32),
    }


def _artist_columns(connection: Connection, recording_ids: NDArray[np.int64]) -> dict[str, Any]:
    artist_ids, names = _columns(fetch(connection, "SELECT id, name FROM artists ORDER BY id"), 2)
    numbers = _numbers(
        connection,
        "SELECT recording_id, artist_id FROM recording_artists ORDER BY recording_id, position",
        2,
    )
    ends = np.searchsorted(numbers[:, 0], recording_ids, side="right")
    index = np.searchsorted(np.array(artist_ids, dtype=np.int64), numbers[:, 1])
    return {
        "recording_artist_ptr": np.concatenate([[0], ends]).astype(np.int64),
        "recording_artist_idx": index.astype(np.int32),
        "artist_names": objects(names),
    }


def _numbers(connection: Connection, sql: str, width: int) -> NDArray[np.int64]:
    rows = fetch(connection, sql)
    flat = np.fromiter(chain.from_iterable(rows), dtype=np.int64, count=len(rows) * width)
    return flat.reshape(len(rows), width)


def _columns(rows: Sequence[tuple[Any, ...]], width: int) -> list[Sequence[Any]]:
    return list(zip(*rows, strict=True)) if rows else [()] * width
