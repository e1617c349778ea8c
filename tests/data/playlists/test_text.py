"""Plain text: what a DJ pastes under a mix, and lists that others typed."""

from __future__ import annotations

from data.playlists import render
from data.playlists.text import read
from data.records import Playlist, Track


def playlist(text: str) -> Playlist:
    [found] = read(text.encode("utf-8"), source="list.txt")
    return found


def names(text: str) -> list[str]:
    return [str(entry.track) for entry in playlist(text).entries]


def test_is_a_numbered_list_under_the_name() -> None:
    tracks = [Track("Odd Heron", "Low Tide", "Dub"), Track("Mara Vale", "Night Bus")]
    assert render("text", tracks, name="Friday").decode() == (
        "# Friday\n1. Odd Heron - Low Tide (Dub)\n2. Mara Vale - Night Bus\n"
    )


def test_numbers_that_do_not_count_the_lines_belong_to_the_names() -> None:
    assert names("808 State - Pacific\n3 Phase - Der Klang\n") == [
        "808 State - Pacific",
        "3 Phase - Der Klang",
    ]
    assert names("01. 808 State - Pacific\r\n02) 3 Phase - Der Klang\r\n") == [
        "808 State - Pacific",
        "3 Phase - Der Klang",
    ]


def test_a_long_dash_parts_artist_and_title_too() -> None:
    assert names("Odd Heron – Low Tide") == ["Odd Heron - Low Tide"]


def test_a_line_that_names_no_track_is_set_aside_with_its_place() -> None:
    found = playlist("Friday at the dock\n\nOdd Heron - Low Tide\n")
    assert [str(entry.track) for entry in found.entries] == ["Odd Heron - Low Tide"]
    assert [aside.where for aside in found.set_aside] == ["list.txt, line 1"]


def test_only_a_comment_in_front_is_the_name() -> None:
    found = playlist("Odd Heron - Low Tide\n# later\n")
    assert found.name == ""
    assert len(found.entries) == 1
