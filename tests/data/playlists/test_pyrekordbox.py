"""Our rekordbox XML as another program reads it: pyrekordbox, which knows the real ones."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pyrekordbox import rbxml

from data.harmony import Key
from data.playlists import render
from data.playlists.safe_xml import attribute
from data.records import Entry, Track
from tests.data.playlists.crate import CRATE, ENTRIES, NASTY


def opened(entries: list[Entry], name: str = "Friday"):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.xml"
        path.write_bytes(render("rekordbox", entries, name=name))
        return rbxml.RekordboxXml(path)


def in_order(xml) -> list:
    """The tracks of the one playlist, in its order."""
    [playlist] = xml.root_playlist_folder.get_playlists()
    return [xml.get_track(TrackID=number) for number in playlist.get_tracks()]


def as_it_gives_paths(path: str) -> str:
    """It leaves the first slash out (a known fault), and gives Windows' paths with slashes."""
    return path.lstrip("/").replace("\\", "/") if path[:1] == "/" else path.replace("\\", "/")


def test_a_crate_is_read_in_its_order_with_all_that_it_says() -> None:
    xml = opened([*CRATE, CRATE[0]], 'Été & "Nacht" 🚌')
    [playlist] = xml.root_playlist_folder.get_playlists()
    assert playlist.name == 'Été & "Nacht" 🚌'
    assert (playlist.entries, playlist.key_type, xml.num_tracks) == (4, "TrackID", 3)
    assert [
        (t["Name"], t["Artist"], t["AverageBpm"], t["Tonality"], t["TotalTime"], t["Label"])
        for t in in_order(xml)
    ] == [
        (
            entry.track.full_title,
            entry.track.artist,
            entry.bpm,
            entry.key and entry.key.classic(),
            entry.duration_s and round(entry.duration_s),
            entry.track.label or None,
        )
        for entry in (*CRATE[:3], CRATE[0])
    ]


def test_the_collection_says_how_many_it_holds() -> None:
    xml = opened(CRATE)
    assert xml.num_tracks == len(xml.get_tracks()) == 3
    assert xml.root_playlist_folder.count == 1


@settings(max_examples=40, deadline=None)
@given(
    entries=st.lists(ENTRIES, min_size=1, max_size=4, unique_by=lambda entry: entry.path),
    name=NASTY,
)
def test_whatever_names_and_paths_hold_it_reads_the_same(entries: list[Entry], name: str) -> None:
    xml = opened(entries, name)
    assert xml.root_playlist_folder.get_playlists()[0].name == (attribute(name) or "Segue")
    found = in_order(xml)
    assert [(t["Name"], t["Artist"]) for t in found] == [
        (attribute(entry.track.full_title), attribute(entry.track.artist)) for entry in entries
    ]
    assert [t["Location"] for t in found] == [as_it_gives_paths(entry.path) for entry in entries]
    assert [t["AverageBpm"] for t in found] == [entry.bpm for entry in entries]
    assert [t["Tonality"] for t in found] == [
        entry.key and entry.key.classic() for entry in entries
    ]


def test_every_key_is_written_as_it_knows_keys() -> None:
    keys = [Key.from_traktor(value) for value in range(24)]
    entries = [Entry(Track("A", f"{n}"), f"/{n}.mp3", key=key) for n, key in enumerate(keys)]
    assert [t["Tonality"] for t in in_order(opened(entries))] == [key.classic() for key in keys]
