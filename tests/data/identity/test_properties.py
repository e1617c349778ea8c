"""What holds for any text at all."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from data.identity import (
    artist_names,
    label_key,
    make_track,
    parse_outside_id,
    parse_track,
    recording_key,
    search_text,
    split_layers,
    track_artists,
    work_key,
)
from data.records import Track, Unidentified

MARKS = st.sampled_from([*"()[]-–+?&/:.'\"|$ ", " - ", "feat. ", " (", ") ", " [", "] ", "ID"])
ROWS = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(MARKS, st.text(max_size=8)), max_size=16).map("".join),
)
NAMES = st.text("abcdeöéñøßkxyz 12ваシ夜'&", min_size=1, max_size=14).filter(str.strip)


def keys(found: Track | Unidentified) -> tuple[str, str] | None:
    return (recording_key(found), work_key(found)) if isinstance(found, Track) else None


@given(ROWS)
@example("- ")
@example("a - |")
@example("a - (b")
@example("[[[ - ]]]")
def test_any_text_is_read_without_error_and_kept(row):
    found = parse_track(row)
    if isinstance(found, Unidentified):
        assert found.raw == row
        return
    assert found.artist.strip()
    assert found.title.strip()
    artists, title, _ = recording_key(found).split("|")
    assert artists
    assert title
    assert all(part for part in work_key(found).split("|"))
    assert all(track_artists(found))


@given(ROWS, ROWS, ROWS)
def test_any_columns_are_read_without_error(artist, title, label):
    found = make_track(artist, title, label)
    assert isinstance(found, Track | Unidentified)


@given(ROWS)
def test_the_smaller_readers_take_any_text(text):
    assert all(artist_names(text))
    assert label_key(text) == label_key(f" {text} ")
    assert search_text(search_text(text)) == search_text(text)
    assert parse_outside_id(text) is None or text.strip()
    assert "".join("".join(split_layers(text)).split()) or not text.strip()


@given(NAMES, NAMES)
def test_spaces_and_case_do_not_change_a_key(artist, title):
    plain = keys(parse_track(f"{artist} - {title}"))
    spaced = keys(parse_track(f"  {artist.replace(' ', '   ')}  -\u00a0 {title.upper()} "))
    assert plain == spaced


@given(NAMES, NAMES)
def test_reading_what_was_written_gives_the_same_track(artist, title):
    once = parse_track(f"{artist} - {title} (Bo Remix)")
    if isinstance(once, Track):
        assert keys(parse_track(str(once))) == keys(once)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["a ", "a: ", "(", "[", "- ", " + ", "feat. ", "'", "1,", "?"])
def test_a_row_of_a_million_letters_is_set_aside(unit):
    row = unit * (1_000_000 // len(unit))
    assert parse_track(row) == Unidentified(row, "unreadable")
    assert split_layers(row) == [row.strip()]
    assert isinstance(make_track("Ana", row), Unidentified)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("unit", ["a ", "a: ", "(", "[", "- ", " + ", "feat. ", "'", "1,", "?"])
def test_the_longest_row_does_not_hang_the_reader(unit):
    row = (unit * 1000)[:1000]
    for text in (row, f"{row[:900]} - b", f"b - {row[:900]}"):
        keys(parse_track(text))
        split_layers(text)
