"""A crate of invented tracks, and what a format has to give back of it."""

from __future__ import annotations

import string
from dataclasses import replace

from hypothesis import strategies as st

from data.harmony import Key, parse_key
from data.playlists.format import named, one_line
from data.records import Entry, OutsideId, Track

SPOTIFY = "4uLU6hMCjMI75M1A2tKUQC"

CRATE = [
    Entry(
        Track("Zoë Ångström", "Nuit d'été", "Håkon's 12\" Edit", "Ærlig Musikk", "ÆM 007", "House"),
        "/Users/dj/Music/Nuit d'été & more/100% #1 ångström.mp3",
        duration_s=231.4,
        bpm=127.98,
        key=parse_key("8A"),
        added="2026-11-20",
        comment="Peak time; <loud>",
    ),
    Entry(
        Track("東京ボイラー", "夜のバス 🚌", ids=(OutsideId("isrc", "ZZZ012600001"),)),
        "C:\\Music\\夜のバス.flac",
        duration_s=402,
        bpm=174,
        key=parse_key("F#"),
    ),
    Entry(
        Track("Cafe\u0301 Décomposé", "Nai\u0308ve", ids=(OutsideId("spotify", SPOTIFY),)),
        "/Volumes/STICK/nai\u0308ve.wav",
    ),
    Entry(Track('Comma, Quote & "Daughters"', "Semi;colon")),
]

NASTY = st.text(max_size=40) | st.sampled_from(
    [
        *("\n#EXTM3U", "=1+1", "@SUM(A1)", "\r\nx", "..", "/etc/passwd", "CON", "a\u2028b"),
        *("\ud800", "\x00", "&amp;", "<b>]]>", "%20 100%", '"', "'=1", "\ufffe", "x" * 3000),
        *("a;b", "1. one", "# one", "]]", "{", "one | two\tthree", "sep=;"),
    ]
)
_NAMEABLE = st.characters(exclude_characters="/\\:\ufffe\uffff", codec="utf-8")
_PART = st.text(_NAMEABLE, min_size=1, max_size=20).map(one_line)
_PART = _PART.filter(lambda part: part not in ("", ".", ".."))
_POSIX = st.lists(_PART, min_size=1, max_size=4).map(lambda parts: "/Music/" + "/".join(parts))
_LETTER = st.sampled_from(string.ascii_uppercase)
_WINDOWS = st.builds(
    lambda drive, parts: f"{drive}:\\" + "\\".join(parts),
    _LETTER,
    st.lists(_PART, min_size=1, max_size=4),
)
PATHS = _POSIX | _WINDOWS
KEYS = st.none() | st.integers(0, 23).map(Key.from_traktor)
ENTRIES = st.builds(
    Entry,
    st.builds(Track, NASTY.filter(one_line), NASTY.filter(one_line), NASTY.map(one_line)),
    PATHS,
    duration_s=st.none() | st.integers(1, 36_000).map(float),
    bpm=st.none() | st.integers(4000, 25_000).map(lambda hundredths: hundredths / 100),
    key=KEYS,
)


def shown(track: Track) -> str:
    """The name as a person reads it; runs of spaces say nothing."""
    name = named(track.artist, track.full_title).replace("\ufffe", "\ufffd")
    return " ".join(name.replace("\uffff", "\ufffd").split())


def without_files(entries: list[Entry]) -> list[Entry]:
    return [replace(entry, path="") for entry in entries]
