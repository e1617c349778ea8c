"""CSV: safe in a spreadsheet, and known as the transfer services write it."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given, settings

from data.harmony import parse_key
from data.playlists import render
from data.playlists.csv import COLUMNS, cell, is_playlist, read, uncell
from data.records import Entry, Playlist, Track
from tests.data.playlists.crate import CRATE, NASTY, SPOTIFY

EXPORTIFY = f"""Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),\
Popularity,Explicit,Added By,Added At,Genres,Record Label,Danceability,Key,Mode,Tempo
spotify:track:{SPOTIFY},"Low Tide - Dub",Album,Odd Heron;Mara Vale,2024,231400,50,false,x,\
2026-01-02T03:04:05Z,house,Dock Records,0.8,9,0,127.98
"""
SOUNDIIZ = "title;artist;album;isrc\nLow Tide;Odd Heron;Album;ZZ-Z01-26-00001\n"
TUNE_MY_MUSIC = """\ufeffTrack name,Artist name,Album,Playlist name,Type,ISRC,Spotify - id
Low Tide,Odd Heron,Album,Friday,Playlist,ZZZ012600001,4uLU6hMCjMI75M1A2tKUQC
Odd Heron - High Tide,,Album,Saturday,Playlist,,
"""
REKORDBOX_TEXT = (
    "#\tArtwork\tTrack Title\tArtist\tAlbum\tGenre\tBPM\tRating\tTime\tKey\tDate Added\r\n"
    "1\t\tLow Tide\tOdd Heron\t\tHouse\t128.00\t\t03:51\tAm\t2026-11-20\r\n"
)


def playlists(text: str, encoding: str = "utf-8") -> list[Playlist]:
    return read(text.encode(encoding), source="list.csv")


def entry_of(text: str, encoding: str = "utf-8") -> Entry:
    [playlist] = playlists(text, encoding)
    [entry] = playlist.entries
    return entry


def test_has_a_byte_order_mark_for_excel_and_a_documented_header() -> None:
    blob = render("csv", CRATE, name="Friday")
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
        "genre": "House",
        "isrc": "",
        "spotify": "",
        "playlist": "Friday",
        "duration": "231",
        "bpm": "127.98",
        "key": "8A",
        "added": "2026-11-20",
        "comment": "Peak time; <loud>",
    }
    assert rows[1]["isrc"] == "ZZZ012600001"


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-", "@home", "＝1", "\t=1", "'=1", " =1", '=HYPERLINK("x")']
)
def test_cells_are_never_formulas(text: str) -> None:
    assert cell(text).startswith("'")


@pytest.mark.parametrize("text", ["Heron", "1+1", "'Til Dawn", "a=b", "", "(-)"])
def test_cells_that_are_no_formula_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


@settings(max_examples=40, deadline=None)
@given(text=NASTY)
def test_a_reader_takes_away_exactly_what_the_writer_added(text: str) -> None:
    assert uncell(cell(text)) == uncell(cell(uncell(cell(text))))
    assert cell(uncell(cell(text))) == cell(text)


def test_reads_exportify() -> None:
    entry = entry_of(EXPORTIFY)
    assert str(entry.track) == "Odd Heron, Mara Vale - Low Tide - Dub"
    assert entry.track.label == "Dock Records"
    assert [(i.scheme, i.value) for i in entry.track.ids] == [("spotify", SPOTIFY)]
    assert (entry.duration_s, entry.bpm, entry.key, entry.added) == (
        231.4,
        127.98,
        parse_key("Am"),
        "2026-01-02",
    )


def test_reads_soundiiz_with_its_semicolons() -> None:
    track = entry_of(SOUNDIIZ).track
    assert str(track) == "Odd Heron - Low Tide"
    assert [i.value for i in track.ids] == ["ZZZ012600001"]


def test_reads_tune_my_music_and_its_playlists_apart() -> None:
    friday, saturday = playlists(TUNE_MY_MUSIC)
    assert (friday.name, saturday.name) == ("Friday", "Saturday")
    assert [(i.scheme, i.value) for i in friday.entries[0].track.ids] == [
        ("isrc", "ZZZ012600001"),
        ("spotify", SPOTIFY),
    ]
    assert saturday.entries[0].track == Track("", "Odd Heron - High Tide")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le"])
def test_reads_the_text_that_rekordbox_exports(encoding: str) -> None:
    entry = entry_of(REKORDBOX_TEXT, encoding)
    assert str(entry.track) == "Odd Heron - Low Tide"
    assert (entry.duration_s, entry.bpm, entry.key) == (231, 128, parse_key("8A"))


def test_reads_what_excel_saved_on_an_old_windows() -> None:
    assert entry_of("artist,title\nZoë Ångström,Été\n", "cp1252").track == Track(
        "Zoë Ångström", "Été"
    )


@pytest.mark.parametrize("text", [EXPORTIFY, SOUNDIIZ, TUNE_MY_MUSIC, REKORDBOX_TEXT])
def test_the_header_tells_a_list_of_tracks(text: str) -> None:
    assert is_playlist(text.lstrip("\ufeff"))


@pytest.mark.parametrize(
    "text",
    [
        "set_id,date,dj,set_title,position,artist,title,label\n",
        "title\nLow Tide\n",
        "name,price\n",
        "Odd Heron - Low Tide, Mara Vale - Night Bus\n",
        "",
    ],
)
def test_other_tables_and_texts_are_none(text: str) -> None:
    assert not is_playlist(text)


def test_a_row_that_names_nothing_is_set_aside_with_its_line() -> None:
    [playlist] = playlists("artist,title\nOdd Heron,\n\nMara Vale,Night Bus\n")
    assert [str(entry.track) for entry in playlist.entries] == ["Mara Vale - Night Bus"]
    [aside] = playlist.set_aside
    assert (aside.where, aside.reason) == ("list.csv, line 2", "the row names no track")


def test_a_quote_that_is_never_closed_costs_its_own_row() -> None:
    rows = [f"Artist {n},Title {n}" for n in range(200)]
    rows[3] = 'Odd Heron,"Low Tide'
    [playlist] = playlists("artist,title\n" + "\n".join(rows))
    assert len(playlist.entries) == 199
    assert [aside.where for aside in playlist.set_aside] == ["list.csv, line 5"]
