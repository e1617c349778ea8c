"""The contract that every playlist format keeps: what is written is read back the same."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SegueError
from data.playlists import FORMATS, missing, render, sniff
from data.records import Entry, Playlist, Track
from tests.data.playlists.crate import CRATE, ENTRIES, NASTY, shown, without_files

every_format = pytest.mark.parametrize("key", FORMATS)
every_dj_format = pytest.mark.parametrize("key", ["rekordbox", "traktor"])
with_files = pytest.mark.parametrize("key", ["m3u8", "rekordbox", "traktor"])
with_tempo_and_key = pytest.mark.parametrize("key", ["rekordbox", "traktor", "csv", "jspf"])
with_length = pytest.mark.parametrize("key", ["m3u8", "rekordbox", "traktor", "csv", "jspf"])
# DJ programs know a track by its file: one file has one name.
LISTS = st.lists(ENTRIES, max_size=3, unique_by=lambda entry: entry.path)
CRATE_WITH_FILES = [entry for entry in CRATE if entry.path]


def back(key: str, entries: list[Entry], name: str = "Friday") -> Playlist:
    [playlist] = FORMATS[key].read(render(key, entries, name=name), source="the file")
    assert not playlist.set_aside
    return playlist


@every_format
def test_names_come_back_letter_for_letter_in_playing_order(key: str) -> None:
    playlist = back(key, CRATE_WITH_FILES)
    names = [(e.track.artist, e.track.full_title) for e in playlist.entries]
    assert names == [(e.track.artist, e.track.full_title) for e in CRATE_WITH_FILES]


@every_format
def test_the_name_of_the_playlist_comes_back(key: str) -> None:
    assert back(key, CRATE_WITH_FILES, 'Été & "Nacht" 🚌').name == 'Été & "Nacht" 🚌'


@with_files
def test_files_come_back_as_the_disk_spells_them(key: str) -> None:
    paths = [entry.path for entry in back(key, CRATE_WITH_FILES).entries]
    assert paths == [entry.path for entry in CRATE_WITH_FILES]


@with_length
def test_lengths_come_back_to_the_second(key: str) -> None:
    lengths = [entry.duration_s for entry in back(key, CRATE_WITH_FILES).entries]
    assert lengths == [pytest.approx(231.4, abs=0.5), 402, None]


@with_tempo_and_key
def test_tempo_and_key_come_back(key: str) -> None:
    entries = back(key, CRATE_WITH_FILES).entries
    assert [entry.bpm for entry in entries] == [127.98, 174, None]
    assert [entry.key for entry in entries] == [entry.key for entry in CRATE_WITH_FILES]


@with_tempo_and_key
def test_comment_date_and_label_come_back(key: str) -> None:
    entry = back(key, CRATE_WITH_FILES).entries[0]
    assert (entry.comment, entry.added, entry.track.label, entry.track.genre) == (
        "Peak time; <loud>",
        "2026-11-20",
        "Ærlig Musikk",
        "House",
    )


@pytest.mark.parametrize("key", ["csv", "jspf"])
def test_outside_ids_come_back(key: str) -> None:
    ids = [
        {(i.scheme, i.value) for i in entry.track.ids}
        for entry in back(key, CRATE_WITH_FILES).entries
    ]
    assert ids == [{(i.scheme, i.value) for i in e.track.ids} for e in CRATE_WITH_FILES]


@every_format
def test_the_same_recording_twice_stays_twice(key: str) -> None:
    one, two = CRATE_WITH_FILES[:2]
    assert len(back(key, [one, two, one]).entries) == 3


@every_format
def test_an_empty_crate_is_a_valid_file_that_is_known_for_what_it_is(key: str) -> None:
    content = render(key, [], name="Empty")
    assert sniff(content, f"empty{FORMATS[key].extension}") == key
    [playlist] = FORMATS[key].read(content, source="the file")
    assert playlist.entries == ()


@every_format
@settings(max_examples=25, deadline=None)
@given(entries=LISTS, name=NASTY)
def test_no_text_can_add_break_or_change_an_entry(
    key: str, entries: list[Entry], name: str
) -> None:
    entries = [*entries, Entry(Track("After", "All"), "/Music/after.mp3")]
    kept = [entry for entry in entries if FORMATS[key].holds(entry)]
    found = back(key, entries, name).entries
    assert [shown(entry.track) for entry in found] == [shown(entry.track) for entry in kept]


@every_format
def test_names_of_any_length_come_back_whole(key: str) -> None:
    # rekordbox's own limit is far below; a reader that cuts a name makes another track of it.
    entry = Entry(Track("Ä" * 9000, "x" * 9000, "'" * 3000), "/Music/long.mp3", 61.0)
    [found] = back(key, [entry]).entries
    assert shown(found.track) == shown(entry.track)


@with_files
@settings(max_examples=25, deadline=None)
@given(entries=LISTS)
def test_any_file_on_any_system_comes_back(key: str, entries: list[Entry]) -> None:
    assert [entry.path for entry in back(key, entries).entries] == [e.path for e in entries]


@with_tempo_and_key
@settings(max_examples=12, deadline=None)
@given(entries=LISTS)
def test_any_tempo_key_and_length_come_back(key: str, entries: list[Entry]) -> None:
    found = [(e.bpm, e.key, e.duration_s) for e in back(key, entries).entries]
    assert found == [(e.bpm, e.key, e.duration_s) for e in entries]


@every_format
@settings(max_examples=12, deadline=None)
@given(entry=ENTRIES, name=NASTY)
def test_a_file_is_known_by_its_content_whatever_it_is_called(
    key: str, entry: Entry, name: str
) -> None:
    assert sniff(render(key, [entry], name=name), "download") == key


@every_format
@settings(max_examples=25, deadline=None)
@given(
    at=st.integers(0, 3000),
    put=st.binary(max_size=8) | NASTY.map(lambda text: text.encode("utf-8", "replace")),
)
def test_a_damaged_file_is_read_or_refused_with_a_sentence(key: str, at: int, put: bytes) -> None:
    content = bytearray(render(key, CRATE, name="Friday"))
    content[at : at + len(put)] = put
    with contextlib.suppress(SegueError):
        FORMATS[key].read(bytes(content), source="the file")


@every_format
@settings(max_examples=25, deadline=None)
@given(content=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_sentence(key: str, content: bytes) -> None:
    sniff(content)
    with contextlib.suppress(SegueError):
        FORMATS[key].read(content, source="the file")


@every_format
def test_writing_to_a_stream_gives_the_file_that_is_downloaded(key: str) -> None:
    stream = io.StringIO(newline="")
    FORMATS[key].write(CRATE, stream, name="Friday")
    assert stream.getvalue().encode("utf-8") == render(key, CRATE, name="Friday")


@every_format
def test_the_same_crate_gives_the_same_file(key: str) -> None:
    assert render(key, CRATE, name="Friday") == render(key, CRATE, name="Friday")


@every_format
def test_a_format_has_a_file_extension_and_a_media_type(key: str) -> None:
    assert FORMATS[key].extension.startswith(".")
    assert "/" in FORMATS[key].media_type


def test_no_two_formats_share_a_file_extension() -> None:
    assert len({entry.extension for entry in FORMATS.values()}) == len(FORMATS)


@every_dj_format
def test_tracks_without_a_file_are_left_out_where_a_file_is_needed_and_named(key: str) -> None:
    assert missing(key, CRATE) == [CRATE[3].track]
    assert len(back(key, CRATE).entries) == 3
    assert missing(key, [entry.track for entry in CRATE]) == [entry.track for entry in CRATE]


@every_dj_format
def test_a_name_beside_the_playlist_is_no_file_that_is_known(key: str) -> None:
    assert missing(key, [Entry(Track("A", "B"), "b.mp3")]) == [Track("A", "B")]


@pytest.mark.parametrize("key", ["m3u8", "csv", "jspf", "text"])
def test_tracks_without_a_file_stand_by_name_where_a_name_is_enough(key: str) -> None:
    assert missing(key, CRATE) == []
    assert len(back(key, without_files(CRATE)).entries) == len(CRATE)


@pytest.mark.parametrize("key", ["csv", "jspf", "text"])
def test_what_goes_to_the_web_says_nothing_of_the_disk(key: str) -> None:
    content = render(key, CRATE, name="Friday").decode("utf-8")
    assert "/Users" not in content
    assert "C:" not in content


@every_format
def test_bare_tracks_are_taken_too(key: str) -> None:
    tracks = [entry.track for entry in CRATE]
    assert render(key, tracks, name="Friday") == render(
        key, without_files_or_facts(), name="Friday"
    )


def without_files_or_facts() -> list[Entry]:
    return [Entry(entry.track) for entry in CRATE]
