"""Paths of Macs, Linux and Windows in the spellings of rekordbox and Traktor."""

from __future__ import annotations

import pytest

from data.playlists.paths import (
    TraktorPlace,
    file_name,
    from_location,
    from_traktor,
    is_address,
    to_location,
    to_traktor,
)

PATHS = [
    "/Users/dj/Music/a b.mp3",
    "/home/dj/ü 100%.mp3",
    "/Volumes/STICK/a.mp3",
    "/a.mp3",
    "/back\\slash.mp3",
    "C:\\Music\\a b.mp3",
    "D:\\a.mp3",
    "\\\\server\\share\\deep\\a.mp3",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_path_comes_back_from_both(path: str) -> None:
    assert from_location(to_location(path)) == path
    assert from_traktor(to_traktor(path)) == path


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("file://localhost//Users/dj/a.mp3", "/Users/dj/a.mp3"),  # as pyrekordbox writes it
        ("file:///C:/a.mp3", "C:\\a.mp3"),
        ("FILE:///Music/a.mp3", "/Music/a.mp3"),
        ("file:/Music/a.mp3", "/Music/a.mp3"),
        ("file://localhosttidal:tracks:1", ""),
        ("file://elsewhere/a.mp3", ""),
        ("https://example.org/a.mp3", ""),
        ("", ""),
    ],
)
def test_addresses_as_they_are_met(location: str, path: str) -> None:
    assert from_location(location) == path


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (TraktorPlace("Macintosh HD", "/:Users/:dj/:", "a.mp3"), "/Users/dj/a.mp3"),
        (TraktorPlace("Renamed", "/:Users/:dj/:", "a.mp3"), "/Users/dj/a.mp3"),
        (TraktorPlace("STICK", "/:Music/:", "a.mp3"), "/Volumes/STICK/Music/a.mp3"),
        (TraktorPlace("C:", "/:", "a.mp3"), "C:\\a.mp3"),
        (TraktorPlace("C:", "/:Music/:", ""), ""),
    ],
)
def test_places_as_traktor_writes_them(place: TraktorPlace, path: str) -> None:
    assert from_traktor(place) == path


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("http://example.org/a", True),
        ("spotify:track:1", True),
        ("C:\\a.mp3", False),
        ("Nu: Tone - Low Tide.mp3", False),
    ],
)
def test_an_address_is_told_from_a_file(text: str, is_one: bool) -> None:
    assert is_address(text) is is_one


def test_the_name_of_a_file_is_what_stands_behind_its_folders() -> None:
    assert [file_name(path) for path in ("C:\\a\\b.mp3", "/a/b\\c.mp3", "..\\b.mp3", "b")] == [
        "b.mp3",
        "b\\c.mp3",
        "b.mp3",
        "b",
    ]
