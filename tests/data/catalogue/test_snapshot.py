from __future__ import annotations

from dataclasses import fields

import numpy as np
import pytest

from data.catalogue import Catalogue, Snapshot
from data.identity import track_artists
from data.records import Track

DTYPES = {
    "set_ids": np.int64,
    "recording_ids": np.int64,
    "work_index": np.int32,
    "play_set": np.int32,
    "play_recording": np.int32,
    "play_position": np.int32,
    "play_with_previous": np.bool_,
    "play_chapter": np.int32,
    "recording_artist_ptr": np.int64,
    "recording_artist_idx": np.int32,
    "recording_label": np.int32,
}
NAMED = {
    "set_dates",
    "set_titles",
    "set_djs",
    "set_urls",
    "set_sources",
    "artists",
    "titles",
    "versions",
    "labels",
    "genres",
    "work_keys",
}


@pytest.fixture
def snapshot(catalogue, heard) -> Snapshot:
    catalogue.add_tracklists(
        [
            heard(
                "1",
                "Mara Vale - Night Bus [Quay Records]",
                "?",
                "Mara Vale & Fjord - Undertow",
                "...",
                "Mara Vale - Night Bus (Otto Lindqvist Remix)",
                date="2011-06",
                djs=("Ana", "Bo"),
                url="https://example.org/1",
            ),
            heard(
                "2", "Velour Parade - Low Tide [Saltworks]", "Mara Vale - Night Bus", djs=("Cy",)
            ),
            heard("3", "?"),
        ]
    )
    return catalogue.snapshot()


def test_sets_come_with_what_evidence_shows(snapshot):
    assert snapshot.set_dates.tolist() == ["2011-06", "", ""]
    assert snapshot.set_titles.tolist() == ["Set 1", "Set 2", "Set 3"]
    assert snapshot.set_djs.tolist() == [("Ana", "Bo"), ("Cy",), ()]
    assert snapshot.set_urls.tolist() == ["https://example.org/1", "", ""]
    assert snapshot.set_sources.tolist() == ["notes"] * 3
    assert (np.diff(snapshot.set_ids) > 0).all()


def test_recordings_come_with_names_keys_and_works(snapshot):
    assert snapshot.titles.tolist() == ["Night Bus", "Undertow", "Night Bus", "Low Tide"]
    assert snapshot.artists.tolist()[1] == "Mara Vale & Fjord"
    assert snapshot.versions.tolist() == ["", "", "Otto Lindqvist Remix", ""]
    assert snapshot.labels.tolist() == ["Quay Records", "", "", "Saltworks"]
    assert snapshot.genres.tolist() == [""] * 4
    assert snapshot.work_index[0] == snapshot.work_index[2]
    assert sorted(set(snapshot.work_index.tolist())) == [0, 1, 2]
    assert snapshot.work_keys[0] == snapshot.work_keys[2]
    assert len(set(snapshot.recording_keys)) == 4


def test_plays_are_the_identified_rows_at_their_places(snapshot):
    assert snapshot.play_set.tolist() == [0, 0, 0, 1, 1]
    assert snapshot.play_recording.tolist() == [0, 1, 2, 3, 0]
    assert snapshot.play_position.tolist() == [1, 3, 5, 1, 2]


def test_artists_and_labels_are_indices(snapshot):
    ptr, names = snapshot.recording_artist_ptr, snapshot.artist_names
    artists = [
        tuple(names[snapshot.recording_artist_idx[ptr[r] : ptr[r + 1]]])
        for r in range(len(snapshot.recording_ids))
    ]
    assert artists == [
        track_artists(Track("Mara Vale", "Night Bus")),
        track_artists(Track("Mara Vale & Fjord", "Undertow")),
        track_artists(Track("Mara Vale", "Night Bus", "Otto Lindqvist Remix")),
        track_artists(Track("Velour Parade", "Low Tide")),
    ]
    assert [len(a) for a in artists] == [1, 2, 2, 1]
    assert snapshot.recording_label[1] == -1
    assert "saltworks" in snapshot.label_keys[snapshot.recording_label[3]]


def test_without_names_the_indices_are_the_same(catalogue, snapshot):
    bare = catalogue.snapshot(names=False)
    for field in fields(Snapshot):
        if field.name in NAMED:
            assert len(getattr(bare, field.name)) == 0
        else:
            np.testing.assert_array_equal(getattr(bare, field.name), getattr(snapshot, field.name))


def test_rows_are_found_by_id_in_the_shape_of_the_ids(catalogue, snapshot):
    first, *_, last = snapshot.recording_ids.tolist()
    asked = np.array([[last, first], [last + 1, first - 1]])
    assert snapshot.rows_of(asked).tolist() == [[3, 0], [-1, -1]]
    assert snapshot.rows_of(asked[:0]).shape == (0, 2)
    with Catalogue.open("sqlite://") as empty:
        assert empty.snapshot().rows_of(asked).tolist() == [[-1, -1]] * 2


@pytest.mark.parametrize("names", [True, False])
def test_an_empty_catalogue_gives_empty_arrays_of_the_same_types(catalogue, names):
    empty = catalogue.snapshot(names=names)
    for field in fields(Snapshot):
        array = getattr(empty, field.name)
        assert len(array) == (1 if field.name == "recording_artist_ptr" else 0)
        if field.name == "set_dates":
            assert array.dtype == np.dtype("<U10")
        else:
            assert array.dtype == DTYPES.get(field.name, np.dtype(object))
