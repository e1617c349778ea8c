"""Pictures of sound: an outline that any theme can colour, and a spectrogram small enough."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import SegueError
from hybrid.pictures import HEIGHT, fragment, outline, spectrogram
from models.audio.waveform import Waveform
from tests.audio_files import RATE, cut, music, write


def wave(peaks: list[tuple[float, float]]) -> Waveform:
    return Waveform(0.0, 1.0, np.array(peaks, np.float32), np.zeros((len(peaks), 3), np.float32))


def points(path: str) -> list[tuple[int, int]]:
    """Walk along a path of relative lines, as a browser does."""
    assert re.fullmatch(r"M\d+ \d+l[-\d ]+z", path)
    numbers = [int(number) for number in re.findall(r"-?\d+", path)]
    at, found = (numbers[0], numbers[1]), [(numbers[0], numbers[1])]
    for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
        at = (at[0] + dx, at[1] + dy)
        found.append(at)
    return found


def test_an_outline_goes_up_along_the_peaks_and_back_below() -> None:
    path = outline(wave([(-1.0, 1.0), (-0.5, 0.25), (0.0, 0.0)]))
    assert points(path) == [(0, 0), (1, 24), (2, 32), (2, 32), (1, 48), (0, 64)]


def test_a_quiet_track_fills_its_height_too_and_noise_does_not() -> None:
    assert points(outline(wave([(-0.1, 0.1)])))[0] == (0, 0)
    assert points(outline(wave([(-0.001, 0.001)])))[0] == (0, 30)


@given(
    st.lists(st.tuples(st.floats(-1, 0, width=32), st.floats(0, 1, width=32)), min_size=1).filter(
        lambda peaks: len(peaks) < 300
    )
)
def test_an_outline_stays_in_its_box(peaks: list[tuple[float, float]]) -> None:
    walked = points(outline(wave(peaks)))
    assert len(walked) == 2 * len(peaks)
    assert all(0 <= x < len(peaks) and 0 <= y <= HEIGHT for x, y in walked)


def test_a_fragment_is_a_small_picture_in_the_colour_of_the_text(tmp_path: Path) -> None:
    drawn = fragment(write(tmp_path, "mp3", music(6)), 1.0)
    assert len(drawn) < 2000
    picture = ElementTree.fromstring(drawn)
    (path,) = picture
    assert path.get("fill") == path.get("stroke") == "currentColor"
    assert picture.get("viewBox") == f"0 0 149 {HEIGHT}"
    assert not re.search("#[0-9a-f]{3}|rgb|script", drawn)
    louder = fragment(write(tmp_path, "wav", np.full(RATE, 0.5, np.float32)), 0.0, 0.5)
    assert louder != drawn


def test_a_fragment_beyond_the_end_says_so(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="ends after 4 s"):
        fragment(write(tmp_path, "flac"), 100.0)


def test_a_tone_is_seen_at_its_frequency_and_only_while_it_sounds(tmp_path: Path) -> None:
    t = np.arange(6 * RATE) / RATE
    tone = (0.5 * np.sin(2 * np.pi * 1000 * t) * ((t >= 2) & (t < 4))).astype(np.float32)
    seen = spectrogram(write(tmp_path, "wav", tone))
    band = int(np.abs(seen.frequencies_hz - 1000).argmin())
    sounding = (seen.times_s > 2.2) & (seen.times_s < 3.8)
    assert (seen.decibels[:, sounding].argmax(axis=0) == band).all()
    assert (seen.decibels[band, sounding] > -6).all()
    assert (seen.decibels[:, (seen.times_s < 1.8) | (seen.times_s > 4.2)] == -80).all()


@pytest.mark.parametrize("seconds", [1.5, 14.0, 31.0])
def test_it_is_small_whatever_the_length(seconds: float, tmp_path: Path) -> None:
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, round(seconds * RATE)).astype(np.float32)
    seen = spectrogram(write(tmp_path, "wav", noise), columns=200)
    assert seen.decibels.dtype == np.int8
    assert seen.decibels.shape == (96, len(seen.times_s))
    assert 100 <= len(seen.times_s) <= 200
    assert np.all(np.diff(seen.times_s) > 0) and np.all(np.diff(seen.frequencies_hz) > 0)
    assert seen.times_s[-1] == pytest.approx(seconds, rel=0.02)
    assert seen.decibels.min() >= -80 and seen.decibels.max() == 0


def test_a_part_has_the_times_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path, "flac", music(8))
    part = spectrogram(path, start_s=5, length_s=2)
    assert (part.times_s[0], part.times_s[-1]) == (5, pytest.approx(7, abs=0.1))
    assert spectrogram(path, start_s=5).times_s[-1] == pytest.approx(8, abs=0.1)


def test_a_pause_in_a_track_is_dark(tmp_path: Path) -> None:
    paused = np.concatenate([np.zeros((2 * RATE, 2), np.float32), music(2)])
    seen = spectrogram(write(tmp_path, "wav", paused), start_s=0.2, length_s=1)
    assert (seen.decibels == -80).all()


def test_what_is_no_track_is_refused_in_a_sentence(tmp_path: Path) -> None:
    path = write(tmp_path, "wav", music(6))
    with pytest.raises(SegueError, match="a mix, not a track"):
        spectrogram(path, longest_s=5)
    with pytest.raises(SegueError, match="cut off or damaged"):
        spectrogram(cut(path))
    path.write_text("a shopping list")
    with pytest.raises(SegueError, match="is not a sound file"):
        spectrogram(path)
