"""A waveform shows how far a file swings and which band does it, wherever one looks."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from data.errors import SegueError
from models.audio.waveform import _whole_bins, waveform
from tests.audio_files import RATE, broken, cut, music, write


def sine(hz: float, seconds: float = 2.0, *, level: float = 0.5) -> NDArray[np.float32]:
    t = np.arange(round(seconds * RATE)) / RATE
    return (level * np.sin(2 * np.pi * hz * t)).astype(np.float32)


def by_hand(samples: NDArray[np.float32], bins: int) -> NDArray[np.float32]:
    edges = np.arange(bins + 1) * len(samples) // bins
    pieces = [samples[a:b] for a, b in pairwise(edges)]
    return np.array([(piece.min(), piece.max()) for piece in pieces], np.float32)


@pytest.mark.parametrize("form", ["wavfloat", "flac", "mp3", "m4a"])
def test_it_follows_the_samples(form: str, tmp_path: Path) -> None:
    stereo = music(4)
    wave = waveform(write(tmp_path, form, stereo), bins=80)
    assert (wave.start_s, wave.length_s) == (0, pytest.approx(4, abs=0.1))
    if form in ("wavfloat", "flac"):
        assert np.allclose(wave.peaks, by_hand(stereo.mean(axis=1), 80), atol=1e-3)
    else:  # Its encoder adds a moment before, and is not exact.
        loud, expected = wave.peaks[:, 1], by_hand(stereo.mean(axis=1), 80)[:, 1]
        assert np.corrcoef(loud, expected)[0, 1] > 0.9


def test_a_part_starts_where_it_was_asked_to_and_ends_with_the_file(tmp_path: Path) -> None:
    mono = music(4)[:, 0]
    path = write(tmp_path, "wavfloat", mono)
    part = waveform(path, start_s=1, length_s=2, bins=50)
    assert np.allclose(part.peaks, by_hand(mono[RATE : 3 * RATE], 50))
    end = waveform(path, start_s=3, length_s=60, bins=50)
    assert (end.start_s, end.length_s) == (3, 1)
    assert np.allclose(end.peaks, by_hand(mono[3 * RATE :], 50))


@given(length=st.integers(1, 4000), bins=st.integers(1, 300), part=st.integers(1, 5000))
def test_every_sample_is_in_one_bin_however_the_file_is_read(
    length: int, bins: int, part: int
) -> None:
    samples = np.arange(1, length + 1, dtype=np.float32)
    blocks = [samples[at : at + 777] for at in range(0, length, 777)]
    bins = min(bins, length)
    edges = np.arange(bins + 1, dtype=np.int64) * length // bins
    found = list(_whole_bins(blocks, edges, part))
    assert [first for first, _, _ in found] == [0, *(last for _, last, _ in found[:-1])]
    assert found[-1][1] == bins
    assert np.array_equal(np.concatenate([piece for _, _, piece in found]), samples)


@pytest.mark.parametrize(("hz", "band"), [(60, 0), (800, 1), (6000, 2)])
@pytest.mark.parametrize("bins", [20, 700])
def test_a_tone_is_seen_in_its_band_at_its_level(
    hz: float, band: int, bins: int, tmp_path: Path
) -> None:
    wave = waveform(write(tmp_path, "wavfloat", sine(hz)), bins=bins)
    inner = wave.bands[bins // 10 : -bins // 10]
    assert inner[:, band].mean() == pytest.approx(0.5 / np.sqrt(2), rel=0.05)
    others = np.delete(inner, band, axis=1)
    assert others.max() < 0.05


def test_a_rate_that_is_not_that_of_a_cd_is_no_other_music(tmp_path: Path) -> None:
    for rate in (11_025, 96_000):
        t = np.arange(2 * rate) / rate
        tone = (0.5 * np.sin(2 * np.pi * 800 * t)).astype(np.float32)
        wave = waveform(write(tmp_path, "wavfloat", tone, rate=rate), bins=40)
        assert wave.bands[4:-4, 1] == pytest.approx(np.full(32, 0.354), abs=0.02)


def test_silence_is_flat_and_very_short_files_have_fewer_bins(tmp_path: Path) -> None:
    quiet = waveform(write(tmp_path, "wav", np.zeros(RATE, np.float32)), bins=30)
    assert not quiet.peaks.any() and not quiet.bands.any()
    short = waveform(write(tmp_path, "wav", sine(440)[:7], name="short.wav"), bins=30)
    assert short.peaks.shape == (7, 2) and short.bands.shape == (7, 3)


def test_where_a_file_breaks_off_its_waveform_is_silent(tmp_path: Path) -> None:
    whole = write(tmp_path, "wav", music(4))
    wave = waveform(cut(whole), bins=40)
    assert wave.length_s == pytest.approx(4, abs=1e-3)
    assert np.abs(wave.peaks[:14]).max(axis=1).min() > 0.01
    assert not wave.peaks[17:].any()


def test_a_file_that_is_none_says_so_in_a_sentence(tmp_path: Path) -> None:
    files = broken(tmp_path / "broken")
    for what in ("text", "a picture", "empty", "a folder", "not a number", "a video without sound"):
        with pytest.raises(SegueError, match=r"\w+ \w+"):
            waveform(files[what], bins=50)
    with pytest.raises(SegueError, match="ends after 4 s"):
        waveform(write(tmp_path, "flac"), start_s=9)


@pytest.mark.parametrize("wrong", [{"bins": 0}, {"start_s": -1.0}, {"length_s": 0.0}])
def test_a_part_that_is_none_is_refused(wrong: dict, tmp_path: Path) -> None:
    with pytest.raises(SegueError):
        waveform(write(tmp_path, "flac"), **wrong)
