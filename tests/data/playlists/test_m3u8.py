"""M3U8: what a list without paths looks like, and lists of other programs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from data.harmony import Key
from data.playlists import render
from data.playlists.m3u8 import file_name, read
from data.records import Entry, Track
from tests.data.playlists.crate import CRATE, NASTY


def entries(text: str | bytes) -> list[Entry]:
    content = text if isinstance(text, bytes) else text.encode("utf-8")
    [playlist] = read(content, source="list.m3u")
    return list(playlist.entries)


def test_names_the_file_a_dj_most_likely_has_and_shows_artist_and_title() -> None:
    assert render("m3u8", [Track("Odd Heron", "Low Tide", "Dub")], name="Friday").decode() == (
        "#EXTM3U\n#EXTENC:UTF-8\n#PLAYLIST:Friday\n"
        "#EXTINF:-1,Odd Heron - Low Tide (Dub)\nOdd Heron - Low Tide (Dub).mp3\n"
    )


def test_a_known_file_stands_with_its_path_and_length() -> None:
    entry = Entry(Track("Odd Heron", "Low Tide"), "/Music/a b.mp3", duration_s=231.4)
    content = render("m3u8", [entry], name="x").decode()
    assert "#EXTINF:231,Odd Heron - Low Tide\n/Music/a b.mp3\n" in content


def test_a_file_name_that_is_no_text_keeps_its_bytes() -> None:
    path = b"/Music/\xff\xfe.mp3".decode("utf-8", "surrogateescape")
    content = render("m3u8", [Entry(Track("A", "B"), path)], name="x")
    assert b"/Music/\xff\xfe.mp3\n" in content
    assert entries(content)[0].path == path


def test_a_path_with_a_line_break_in_it_stands_by_name() -> None:
    content = render("m3u8", [Entry(Track("A", "B"), "/Music/a\nb.mp3")], name="x").decode()
    assert content.endswith("\nA - B.mp3\n")


def test_has_no_byte_order_mark() -> None:
    assert render("m3u8", CRATE, name="x").startswith(b"#EXTM3U")


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
def test_file_names_are_safe_everywhere(track: Track, expected: str) -> None:
    assert file_name(track) == expected


def test_long_file_names_are_cut_between_letters() -> None:
    name = file_name(Track("é" * 300, "x"))
    assert len(name.encode()) <= 255
    assert set(name.removesuffix(".mp3")) == {"é"}


@settings(max_examples=40, deadline=None)
@given(artist=NASTY, title=NASTY)
def test_made_file_lines_are_never_comments_paths_or_blank(artist: str, title: str) -> None:
    lines = render("m3u8", [Track(artist, title)], name="x").decode().split("\n")
    path = lines[4]
    assert path.endswith(".mp3")
    assert len(path) > 4
    assert path[0] not in "#. "
    assert not set(path) & set("/\\:")


def test_reads_what_windows_programs_write() -> None:
    text = "\ufeff#EXTM3U\r\n#EXTINF:231,Zoë Ångström - Été\r\nC:\\Music\\été.mp3\r\n"
    [entry] = entries(text)
    assert (entry.track, entry.path, entry.duration_s) == (
        Track("Zoë Ångström", "Été"),
        "C:\\Music\\été.mp3",
        231,
    )
    assert entries(text.lstrip("\ufeff").encode("cp1252")) == [entry]
    assert entries(text.lstrip("\ufeff").encode("utf-16")) == [entry]


def test_a_length_of_minus_one_is_unknown_and_a_comma_belongs_to_the_title() -> None:
    [entry] = entries('#EXTINF:-1 tvg-id="a,b",Comma, Inc - One, Two\nx.mp3\n')
    assert entry.duration_s is None
    assert str(entry.track) == "Comma, Inc - One, Two"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("/Music/Odd Heron - Low Tide.mp3", "Odd Heron - Low Tide"),
        ("..\\Music\\07 - Odd Heron - Low Tide.flac", "Odd Heron - Low Tide"),
        ("01. Odd Heron - Low_Tide.aiff", "Odd Heron - Low Tide"),
        ("808 State - Pacific.mp3", "808 State - Pacific"),
    ],
)
def test_a_bare_list_of_files_names_tracks_by_their_files(line: str, name: str) -> None:
    [entry] = entries(line)
    assert str(entry.track) == name
    assert entry.path == line


def test_a_comment_without_an_end_is_looked_through_once() -> None:
    for endless in ("#EXTINF:" + "1" * 300_000, "#EXTVDJ:" + "<artist>" * 100_000):
        assert str(entries(f"{endless}\nLow Tide.mp3")[0].track) == " - Low Tide"


def test_reads_the_names_that_virtual_dj_adds() -> None:
    [entry] = entries(
        "#EXTVDJ:<filesize>9</filesize><artist>Odd Heron</artist><title>Low Tide</title>"
        "<songlength>212.45</songlength>\nD:\\x.mp3\n"
    )
    assert (entry.track, entry.duration_s) == (Track("Odd Heron", "Low Tide"), 212.45)


def test_an_address_leaves_its_id_and_no_path() -> None:
    link = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"
    [entry] = entries(f"#EXTINF:1,A - B\n{link}\n")
    assert entry.path == ""
    assert [i.scheme for i in entry.track.ids] == ["spotify"]
    assert entries("#EXTINF:1,A - B\nfile:///Music/a%20b.mp3\n")[0].path == "/Music/a b.mp3"


def test_what_is_said_of_one_file_is_not_said_of_the_next() -> None:
    first, second = entries("#EXTINF:9,A - B\na.mp3\nC - D.mp3\n")
    assert (first.duration_s, second.duration_s, second.track) == (9, None, Track("C", "D"))


def test_knows_no_tempo_or_key() -> None:
    content = render("m3u8", [Entry(Track("A", "B"), bpm=120, key=Key(0, "major"))], name="x")
    assert entries(content)[0].bpm is None
