"""What a cue says, and how an ambiguous one is decided by its list."""

from __future__ import annotations

import pytest

from data.records import Cue
from scrapers.mixesdb.cues import read_cues


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("07", 420, 420),
        ("083", 4980, 4980),
        ("61", 3660, 3660),
        ("07?", 4200, 4740),
        ("0??", 0, 99 * 60),
        ("1??", 6000, 199 * 60),
        ("4?", 2400, 2940),
        ("010:15", 615, 615),
        ("120:??", 7200, 7259),
        ("07?:??", 4200, 79 * 60 + 59),
        ("0??:??", 0, 99 * 60 + 59),
        ("1:02:30", 3750, 3750),
        ("0:0?:??", 0, 599),
        ("30:1?", 1810, 1819),
    ],
)
def test_a_cue_that_says_its_unit_is_read_alone(text: str, earliest: int, latest: int) -> None:
    assert read_cues([text]) == [Cue(text, earliest, latest)]


@pytest.mark.parametrize("text", ["???", "??", "??:??", "?"])
def test_a_cue_without_a_digit_is_wholly_unknown(text: str) -> None:
    assert read_cues([text]) == [Cue(text)]


def test_a_row_without_a_cue_has_none() -> None:
    assert read_cues(["", "05"]) == [None, Cue("05", 300, 300)]


def test_one_digit_before_the_colon_is_hours() -> None:
    cues = read_cues(["0:00", "0:07", "0:56", "1:51"], length=7200)
    assert [cue.seconds for cue in cues if cue] == [0, 420, 3360, 6660]


def test_two_digits_that_would_outlast_the_show_as_hours_are_minutes() -> None:
    cues = read_cues(["00:00", "09:51", "16:12", "72:05"], length=4582)
    assert [cue.seconds for cue in cues if cue] == [0, 591, 972, 4325]


def test_two_digits_that_would_fly_by_as_minutes_are_hours() -> None:
    cues = read_cues(["00:00", "00:06", "00:11", "01:02", "01:57"], length=7200)
    assert [cue.seconds for cue in cues if cue] == [0, 360, 660, 3720, 7020]


def test_a_list_that_goes_on_in_hours_began_in_minutes() -> None:
    cues = read_cues(["02:10", "58:40", "1:02:10"])
    assert [cue.seconds for cue in cues if cue] == [130, 3520, 3730]


def test_the_order_of_a_mixed_list_decides() -> None:
    cues = read_cues(["00:50", "055", "01:00"])
    assert [cue.seconds for cue in cues if cue] == [3000, 3300, 3600]
