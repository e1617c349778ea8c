from __future__ import annotations

from pathlib import Path

import pytest

from data.records import FileTags, OutsideId
from hybrid.listen import track_of


@pytest.mark.parametrize(
    ("name", "track"),
    [
        ("Anna - Moon.mp3", "Anna - Moon"),
        ("Anna - Moon (Bo Remix) [Cellar].flac", "Anna - Moon (Bo Remix)"),
        ("03 - Anna - Moon.mp3", "Anna - Moon"),
        ("03. Anna - Moon.mp3", "Anna - Moon"),
        ("03 Anna - Moon.mp3", "Anna - Moon"),
        ("[12] - Anna - Moon.mp3", "Anna - Moon"),
        ("A1 Anna - Moon.mp3", "Anna - Moon"),
        ("Anna_-_Moon.mp3", "Anna - Moon"),
        ("Anna - The Album - 03 - Moon.mp3", "Anna - Moon"),
        ("3 Phase - Moon.mp3", "3 Phase - Moon"),
        ("808 State - Pacific.mp3", "808 State - Pacific"),
        ("B12 - Moon.mp3", "B12 - Moon"),
        ("track03.mp3", None),
        ("03 - Moon.mp3", None),
        ("Anna - ID.mp3", None),
        (".mp3", None),
    ],
)
def test_a_file_without_tags_goes_by_its_name(name, track):
    found = track_of(Path("/music") / name)
    assert (str(found) if found else None) == track


def test_tags_go_before_the_name_and_bring_label_genre_and_isrc():
    tags = FileTags(
        artist="Anna", title="Moon (Bo Mix)", label="Cellar", genre="House", isrc="GBAAA0000001"
    )
    track = track_of(Path("Somebody - Else.mp3"), tags)
    assert (track.artist, track.title, track.version) == ("Anna", "Moon", "Bo Mix")
    assert (track.label, track.genre) == ("Cellar", "House")
    assert track.ids == (OutsideId("isrc", "GBAAA0000001", "file"),)


@pytest.mark.parametrize("tags", [FileTags(artist="Anna"), FileTags(artist="Anna", title="ID")])
def test_tags_that_name_no_track_leave_it_to_the_name(tags):
    assert str(track_of(Path("Somebody - Else.mp3"), tags)) == "Somebody - Else"


def test_a_name_of_bytes_that_are_no_text_is_read_all_the_same():
    name = b"Caf\xe9 - Moon.mp3".decode("utf-8", "surrogateescape")
    assert track_of(Path(name)).title == "Moon"
