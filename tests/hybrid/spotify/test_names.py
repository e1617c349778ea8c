"""Spotify's way of writing tracks is read as Segue's."""

from __future__ import annotations

import pytest

from data.identity import parse_track, recording_key
from data.records import OutsideId, OutsideTrack, Track, Unidentified
from hybrid.spotify.names import as_track


def read(artists: str, title: str) -> Track | Unidentified:
    return as_track(OutsideTrack("spotify", "x", tuple(artists.split("; ")), title))


@pytest.mark.parametrize(
    ("artists", "title", "row"),
    [
        ("Orla Kest", "Lantern", "Orla Kest - Lantern"),
        ("Orla Kest", "Lantern - Otto Falk Remix", "Orla Kest - Lantern (Otto Falk Remix)"),
        ("Orla Kest", "Lantern – Radio Edit", "Orla Kest - Lantern (Radio Edit)"),
        ("Orla Kest", "Lantern - 2011 Remaster", "Orla Kest - Lantern (2011 Remaster)"),
        ("Orla Kest", "Lantern - Live at Dock 9", "Orla Kest - Lantern (Live at Dock 9)"),
        ("Orla Kest", "Lantern - Pt. 2", "Orla Kest - Lantern (Pt. 2)"),
        ("Orla Kest", "Lantern [Otto Falk Remix]", "Orla Kest - Lantern (Otto Falk Remix)"),
        ("Orla Kest; Otto Falk", "Lantern - Otto Falk Remix",
         "Orla Kest - Lantern (Otto Falk Remix)"),
        ("Orla Kest; Mina Rau", "Lantern (feat. Mina Rau)", "Orla Kest feat. Mina Rau - Lantern"),
        ("Orla Kest; Mina Rau", "Lantern [feat. Mina Rau]", "Orla Kest feat. Mina Rau - Lantern"),
        ("Orla Kest; Bram Tully; Mina Rau", "Lantern (with Mina Rau) - Dub",
         "Orla Kest & Bram Tully feat. Mina Rau - Lantern (Dub)"),
        ("Kest & Tully", "Lantern", "Kest & Tully - Lantern"),
        ("Lantern", "Lantern - Otto Falk Remix", "Lantern - Lantern (Otto Falk Remix)"),
        ("Orla Kest", "Orla Kest - Lantern", "Orla Kest - Lantern"),
    ],
)  # fmt: skip
def test_it_is_the_recording_that_lists_write_so(artists: str, title: str, row: str) -> None:
    track, listed = read(artists, title), parse_track(row)
    assert isinstance(track, Track)
    assert isinstance(listed, Track)
    assert recording_key(track) == recording_key(listed)
    assert track.version == listed.version
    assert track.label == ""


def test_its_ids_are_kept_with_who_said_so() -> None:
    found = OutsideTrack("spotify", "abc", ("Orla Kest",), "Lantern", isrc="QZXXX2400001")
    track = as_track(found)
    assert isinstance(track, Track)
    assert track.ids == (
        OutsideId("spotify", "abc", "spotify"),
        OutsideId("isrc", "QZXXX2400001", "spotify"),
    )


def test_a_title_that_is_none_names_no_track() -> None:
    assert isinstance(read("Orla Kest", "Untitled"), Unidentified)
    assert isinstance(read("Orla Kest", "?"), Unidentified)
