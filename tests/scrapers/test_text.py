"""Pasted tracklists: numbers, cues, dashes, headings, and what is none of these."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import SegueError
from data.records import SetAside, Tracklist
from scrapers.text import TextFile, read_text


def read(text: str) -> Tracklist:
    (tracklist,) = (r for r in read_text(text, name="x.txt") if isinstance(r, Tracklist))
    return tracklist


def left(text: str) -> list[SetAside]:
    return [r for r in read_text(text, name="x.txt") if isinstance(r, SetAside)]


def rows(text: str) -> list[str]:
    return [str(play.track) if play.track else f"({play.kind})" for play in read(text).plays]


def seconds(text: str) -> list[int | None]:
    return [play.cue.seconds if play.cue else None for play in read(text).plays]


@pytest.mark.parametrize(
    "form",
    ["{n}. {t}", "{n:02}) {t}", "{n:02} {t}", "#{n} {t}", "{n} - {t}", "{n}: {t}", "{n}.{t}"],
)
def test_numbers_that_count_the_rows_are_taken_off(form: str) -> None:
    tracks = ["Ann - Tide", "3 Phase - Kelp", "808 Coast - Sand", "Bob - Salt"]
    text = "\n".join(form.format(n=n, t=track) for n, track in enumerate(tracks, start=1))
    assert rows(text) == tracks


def test_numbers_that_do_not_ascend_belong_to_the_artist() -> None:
    tracks = ["3 Phase - Kelp", "808 Coast - Sand", "2 Rude Gulls - Salt", "Ann - Tide"]
    assert rows("\n".join(tracks)) == tracks


def test_two_artists_whose_names_begin_with_rising_numbers_keep_them() -> None:
    assert rows("2 Rude Gulls - Salt\n3 Phase - Kelp") == ["2 Rude Gulls - Salt", "3 Phase - Kelp"]


def test_numbers_may_start_again_in_each_part() -> None:
    text = "Part 1:\n1. A - B\n2. C - D\nPart 2:\n1. E - F\n2. G - H\n"
    assert rows(text) == ["A - B", "C - D", "E - F", "G - H"]
    assert [play.chapter for play in read(text).plays] == ["Part 1", "Part 1", "Part 2", "Part 2"]


def test_a_skipped_number_does_not_end_the_count() -> None:
    assert rows("1. A - B\n2. C - D\nw/ E - F\n4. 5 Gulls - H\n") == [
        "A - B",
        "C - D",
        "E - F",
        "5 Gulls - H",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[00:00] A - B\n[04:10] C - D\n[1:02:03] E - F", [0, 250, 3723]),
        ("(00:00) A - B\n(04:10) C - D", [0, 250]),
        ("0:00 A - B\n4:10 - C - D", [0, 250]),
        ("01. [00:00] A - B\n02. [04:10] C - D", [0, 250]),
        ("[00:00] 01. A - B\n[04:10] 02. C - D", [0, 250]),
        ("A - B [00:00]\nC - D (04:10)", [0, 250]),
        ("A - B 0:00\nC - D 4:10", [0, 250]),
        ("1. A - B @ 0:00\n2. C - D @ 4:10", [0, 250]),
        ("[000] A - B\n[061] C - D\n[07?] E - F", [0, 3660, None]),
    ],
)
def test_cues_stand_before_or_after(text: str, expected: list[int | None]) -> None:
    assert seconds(text) == expected
    assert rows(text)[:2] == ["A - B", "C - D"]


def test_a_title_that_is_a_time_stays_a_title() -> None:
    assert rows("Ann - Tide\nBob - 4:20\nCid - Kelp") == ["Ann - Tide", "Bob - 4:20", "Cid - Kelp"]


@pytest.mark.parametrize("dash", [" – ", " — ", " ‒ ", " ― ", " -- ", "\t", "\u00a0-\u00a0"])
def test_every_dash_with_space_around_it_separates(dash: str) -> None:
    assert rows(f"Ann{dash}Tide\nBob{dash}Kelp") == ["Ann - Tide", "Bob - Kelp"]


def test_versions_and_labels_are_read() -> None:
    track = read("Ann - Tide (Night Mix) [Kiln - KLN 001]\nBob - Kelp").plays[0].track
    assert track and (track.version, track.label, track.catalogue_number) == (
        "Night Mix",
        "Kiln",
        "KLN 001",
    )


@pytest.mark.parametrize("mark", ["w/ ", "+ ", "W/", "2. w/ "])
def test_rows_played_with_the_row_before_are_marked(mark: str) -> None:
    plays = read(f"1. A - B\n{mark}C - D\n").plays
    assert [play.with_previous for play in plays] == [False, True]
    assert str(plays[1].track) == "C - D"


def test_layers_in_one_row_are_plays_of_their_own() -> None:
    plays = read("Ann - Tide + Bob - Kelp\nCid - Sand").plays
    assert [play.with_previous for play in plays] == [False, True, False]


def test_ids_are_unknown_and_dots_are_gaps() -> None:
    text = "1. ID - ID\n2. Ann - ID\n...\n3. Bob - Kelp\n4. ?\n"
    assert [play.kind for play in read(text).plays] == [
        "unknown",
        "unknown",
        "gap",
        "identified",
        "unknown",
    ]


def test_bullets_are_no_part_of_the_artist() -> None:
    assert rows("• Ann - Tide\n• Bob - Kelp") == ["Ann - Tide", "Bob - Kelp"]


def test_the_lines_above_the_list_are_title_and_date() -> None:
    text = "Ann @ Old Mill, Leeds\n24 July 2019\nTracklist:\n\n1. Bob - Tide\n2. Cid - Kelp\n"
    tracklist = read(text)
    assert (tracklist.title, tracklist.date) == ("Ann @ Old Mill, Leeds", "2019-07-24")
    assert (tracklist.djs, tracklist.venue) == (("Ann",), "Old Mill, Leeds")
    assert left(text) == []


@pytest.mark.parametrize(
    "title",
    ["Ann - Live at Old Mill 2019-07-24", "Ann - Old Mill tracklist", "Ann @ Old Mill - Closing"],
)
def test_a_title_of_the_form_a_b_is_not_the_first_track(title: str) -> None:
    assert rows(f"{title}\nBob - Tide\nCid - Kelp\n") == ["Bob - Tide", "Cid - Kelp"]


def test_an_unnumbered_line_above_a_numbered_list_is_the_title() -> None:
    tracklist = read("Ann - Live at Old Mill\n1. Bob - Tide\n2. Cid - Kelp\n")
    assert (tracklist.title, tracklist.djs) == ("Ann - Live at Old Mill", ("Ann",))


def test_a_first_track_stays_a_track_where_every_line_is_followed_by_a_blank_one() -> None:
    assert rows("Ann - Tide\n\nBob - Kelp\n\nCid - Sand\n") == [
        "Ann - Tide",
        "Bob - Kelp",
        "Cid - Sand",
    ]


def test_lines_that_belong_to_nothing_are_set_aside_with_their_number() -> None:
    text = "Ann @ Old Mill\nBig thanks to all\n1. Bob - Tide\n2. Cid - Kelp\nThanks for listening\n"
    assert sorted(aside.where for aside in left(text)) == ["x.txt, line 2", "x.txt, line 5"]
    assert len(read(text).plays) == 2


def test_a_heading_identifies_the_set_and_without_one_the_files_name(tmp_path: Path) -> None:
    assert (
        read("Ann @ Old Mill 2019-07-24\n\nBob - Tide\n").source_id == "Ann @ Old Mill 2019-07-24"
    )
    file = tmp_path / "closing night.txt"
    file.write_text("Bob - Tide\nCid - Kelp\n")
    (tracklist,) = TextFile(file).read()
    assert isinstance(tracklist, Tracklist)
    assert tracklist.source_id == "closing night"


@pytest.mark.parametrize(
    "text",
    [
        "hello\nworld\n",
        "...\n...\n",
        "Dear all,\nthe meeting is at noon.\nBring a pen - and paper.\n"
        + "Some more prose.\n" * 20,
    ],
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(SegueError, match=r'x\.txt .* read "Artist - Title"'):
        list(read_text(text, name="x.txt"))
