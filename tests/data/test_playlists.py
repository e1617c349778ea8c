"""The contract that every playlist format keeps, then what each format adds."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.playlists import FORMATS, render
from data.playlists.csv import COLUMNS, cell
from data.playlists.m3u8 import file_name
from data.records import OutsideId, Track

TRACKS = [
    Track("Zoë Ångström", "Nuit d'été", "Håkon's 12\" Edit", "Ærlig Musikk", "ÆM 007"),
    Track("東京ボイラー", "夜のバス 🚌", ids=(OutsideId("isrc", "ZZZ012600001"),)),
    Track("Cafe\u0301 Décomposé", "Nai\u0308ve"),  # accents as separate characters
    Track('Comma, Quote & "Daughters"', "Semi;colon"),
]
NASTY = st.text(max_size=40) | st.sampled_from(
    ["\n#EXTM3U", "=1+1", "@SUM(A1)", "\r\nx", "..", "/etc/passwd", "CON", "a\u2028b", "\ud800"]
)

every_format = pytest.mark.parametrize("key", FORMATS)


def rows_of(key: str, tracks: list[Track], name: str = "Friday") -> list[str]:
    """The text of each track's row, read back the way other software reads the format."""
    text = render(key, tracks, name=name).decode("utf-8")
    if key == "m3u8":
        return [line for line in text.split("\n") if line.startswith("#EXTINF:")]
    return [",".join(row) for row in csv.reader(io.StringIO(text, newline=""))][1:]


@every_format
def test_every_track_has_one_row_in_playing_order(key: str) -> None:
    rows = rows_of(key, TRACKS)
    assert len(rows) == len(TRACKS)
    for row, track in zip(rows, TRACKS, strict=True):
        assert track.title in row


@every_format
def test_unicode_is_kept_letter_for_letter(key: str) -> None:
    text = render(key, TRACKS, name="Été").decode("utf-8")
    for wanted in ("Zoë Ångström", "夜のバス 🚌", "Cafe\u0301 Décomposé", "Nai\u0308ve", "Été"):
        assert wanted in text


@every_format
def test_the_same_recording_twice_stays_twice(key: str) -> None:
    assert len(rows_of(key, [TRACKS[0], TRACKS[1], TRACKS[0]])) == 3


@every_format
def test_an_empty_crate_is_a_valid_file(key: str) -> None:
    assert render(key, [], name="Empty")
    assert rows_of(key, []) == []


@every_format
@given(artist=NASTY, title=NASTY, version=NASTY, name=NASTY)
def test_no_text_can_add_or_break_a_row(
    key: str, artist: str, title: str, version: str, name: str
) -> None:
    tracks = [Track(artist, title, version), Track("After", "All")]
    rows = rows_of(key, tracks, name)
    assert len(rows) == 2
    assert "After" in rows[1]


@every_format
def test_writing_to_a_stream_gives_the_file_that_is_downloaded(key: str) -> None:
    stream = io.StringIO(newline="")
    FORMATS[key].write(TRACKS, stream, name="Friday")
    assert stream.getvalue().encode("utf-8") == render(key, TRACKS, name="Friday")


@every_format
def test_a_format_is_named_after_its_file_extension(key: str) -> None:
    assert FORMATS[key].extension == f".{key}"
    assert "/" in FORMATS[key].media_type


def test_m3u8_names_the_file_a_dj_most_likely_has_and_shows_artist_and_title() -> None:
    assert render("m3u8", [Track("Odd Heron", "Low Tide", "Dub")], name="Friday").decode() == (
        "#EXTM3U\n#EXTENC:UTF-8\n#PLAYLIST:Friday\n"
        "#EXTINF:-1,Odd Heron - Low Tide (Dub)\nOdd Heron - Low Tide (Dub).mp3\n"
    )


def test_m3u8_has_no_byte_order_mark() -> None:
    assert render("m3u8", TRACKS, name="x").startswith(b"#EXTM3U")


@pytest.mark.parametrize(
    ("track", "expected"),
    [
        (Track("AC/DC Hum", "What?"), "AC_DC Hum - What_.mp3"),
        (Track("#1 Heron", "Go"), "_#1 Heron - Go.mp3"),
        (Track("http://x", "y"), "http___x - y.mp3"),
        (Track("..", "up"), "- up.mp3"),
        (Track("con. heron", "x"), "_con. heron - x.mp3"),
        (Track("", ""), "-.mp3"),
    ],
)
def test_m3u8_file_names_are_safe_everywhere(track: Track, expected: str) -> None:
    assert file_name(track) == expected


def test_m3u8_cuts_long_file_names_between_letters() -> None:
    name = file_name(Track("é" * 300, "x"))
    assert len(name.encode()) <= 255
    assert set(name.removesuffix(".mp3")) == {"é"}


@given(artist=NASTY, title=NASTY)
def test_m3u8_file_lines_are_never_comments_paths_or_blank(artist: str, title: str) -> None:
    lines = render("m3u8", [Track(artist, title)], name="x").decode().split("\n")
    path = lines[4]
    assert path.endswith(".mp3")
    assert len(path) > 4
    assert path[0] not in "#. "
    assert not set(path) & set("/\\:")


def test_csv_has_a_byte_order_mark_for_excel_and_a_documented_header() -> None:
    blob = render("csv", TRACKS, name="Friday")
    assert blob.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(blob.decode("utf-8-sig"), newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert rows[0] == {
        "position": "1",
        "artist": "Zoë Ångström",
        "title": "Nuit d'été",
        "version": "Håkon's 12\" Edit",
        "label": "Ærlig Musikk",
        "catalogue_number": "ÆM 007",
        "genre": "",
        "isrc": "",
        "spotify": "",
        "playlist": "Friday",
    }
    assert rows[1]["isrc"] == "ZZZ012600001"


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-", "@home", "＝1", "\t=1", "'=1", " =1", '=HYPERLINK("x")']
)
def test_csv_cells_are_never_formulas(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", ["Heron", "1+1", "'Til Dawn", "a=b", "", "(-)"])
def test_csv_cells_that_are_no_formula_stay_as_they_are(text: str) -> None:
    assert cell(text) == text
