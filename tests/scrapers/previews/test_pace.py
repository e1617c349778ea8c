"""Turns are given out once, also where the file that holds them is damaged or late."""

from __future__ import annotations

from pathlib import Path

import pytest

from scrapers.http import Clock
from scrapers.previews.pace import Crowded, Pace


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def pace(tmp_path: Path, waits: list[float]) -> Pace:
    return Pace(tmp_path / "home" / "pace", 3.0, Clock(wall=lambda: 1000.0, sleep=waits.append))


def test_the_first_goes_at_once_and_each_later_one_a_delay_after(
    pace: Pace, waits: list[float]
) -> None:
    for _ in range(3):
        pace.wait()
    assert waits == [3.0, 6.0]


def test_another_process_is_seen_by_its_file(pace: Pace, waits: list[float]) -> None:
    pace.wait()
    (pace._file).write_text("1010.0")
    pace.wait()
    assert waits == [10.0]


@pytest.mark.parametrize("content", ["", "half a numb", "nan", "inf", "-5", "1e300", "99999999"])
def test_a_damaged_file_and_a_clock_that_was_set_back_hold_nobody_up(
    pace: Pace, waits: list[float], content: str
) -> None:
    pace.wait()
    pace._file.write_text(content)
    pace.wait()
    pace.wait()
    assert waits == [3.0]


def test_who_would_wait_too_long_is_sent_away_and_takes_no_turn(
    pace: Pace, waits: list[float]
) -> None:
    for _ in range(4):
        pace.wait()
    for _ in range(2):
        with pytest.raises(Crowded) as crowded:
            pace.wait()
        assert crowded.value.seconds == 12.0
    assert waits == [3.0, 6.0, 9.0]


def test_no_delay_needs_no_file(tmp_path: Path, waits: list[float]) -> None:
    pace = Pace(tmp_path / "pace", 0.0, Clock(sleep=waits.append))
    pace.wait()
    assert not waits and not (tmp_path / "pace").exists()


def test_a_home_that_cannot_be_written_to_still_waits(tmp_path: Path, waits: list[float]) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "pace").mkdir()  # where the file should be
    pace = Pace(tmp_path / "home" / "pace", 3.0, Clock(wall=lambda: 0.0, sleep=waits.append))
    pace.wait()
    assert waits == [3.0]
