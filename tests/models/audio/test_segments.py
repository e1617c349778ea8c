"""Pieces of tracks are cut, faded, joined and become files that a page can play."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from data.errors import SegueError
from models.audio.segments import (
    AudioSegment,
    crossfade,
    cut,
    encode,
    excerpt_bytes,
    fade,
    join,
)
from tests.audio_files import RATE, music, write

LEFT = 0.5 * np.ones(4 * RATE, np.float32)
RIGHT = 0.25 * np.ones(4 * RATE, np.float32)


def _samples(piece: AudioSegment) -> NDArray[np.float64]:
    return np.array(piece.get_array_of_samples()) / 32767


def test_a_piece_of_samples_is_those_samples() -> None:
    ramp = np.linspace(-1, 1, 2 * RATE, dtype=np.float32)
    piece = cut(ramp, 0.5, 1.0)
    assert np.allclose(_samples(piece), ramp[RATE // 2 : -RATE // 2], atol=1e-4)


def test_a_piece_of_a_file_starts_where_it_was_asked_to(tmp_path: Path) -> None:
    stereo = music(3)
    piece = cut(write(tmp_path, "flac", stereo), 1.0, 0.5)
    assert np.allclose(_samples(piece), stereo[RATE : 3 * RATE // 2].mean(axis=1), atol=1e-3)


def test_samples_that_are_too_loud_are_clipped_not_turned_around() -> None:
    assert _samples(cut(4 * LEFT, 0, 1)).min() == pytest.approx(1)


@pytest.mark.parametrize(("start", "length"), [(-1, 2), (1, 0), (5, 1)])
def test_a_piece_of_nothing_is_refused(start: float, length: float) -> None:
    with pytest.raises(SegueError):
        cut(LEFT, start, length)


def test_a_faded_piece_starts_and_ends_in_silence() -> None:
    faded = _samples(fade(cut(LEFT, 0, 2), 0.5))
    assert abs(faded[0]) < 0.01 and abs(faded[-1]) < 0.01
    assert np.allclose(faded[RATE // 2 + 100 : -RATE // 2 - 100], 0.5, atol=1e-3)


def test_a_fade_longer_than_half_the_piece_is_shortened() -> None:
    assert len(fade(cut(LEFT, 0, 1), 9)) == 1000


def test_a_crossfade_plays_both_at_once() -> None:
    mixed = crossfade(cut(LEFT, 0, 4), cut(RIGHT, 0, 4), seconds=2)
    assert len(mixed) == 6000
    level = _samples(mixed)
    assert level[RATE] == pytest.approx(0.5, abs=1e-3)
    assert level[5 * RATE] == pytest.approx(0.25, abs=1e-3)
    assert np.all(np.diff(level[2 * RATE : 4 * RATE : RATE // 4]) < 0)


def test_a_crossfade_longer_than_a_piece_is_refused() -> None:
    with pytest.raises(SegueError, match="takes 0 to 1 s"):
        crossfade(cut(LEFT, 0, 4), cut(RIGHT, 0, 1), seconds=2)


def test_joined_pieces_follow_each_other_without_a_gap() -> None:
    level = _samples(join([cut(LEFT, 0, 1), cut(RIGHT, 0, 1), cut(LEFT, 0, 1)]))
    assert level[[RATE - 1, RATE, 2 * RATE - 1, 2 * RATE]] == pytest.approx(
        [0.5, 0.25, 0.25, 0.5], abs=1e-3
    )
    with pytest.raises(SegueError):
        join([])


@pytest.mark.parametrize("form", ["wav", "mp3", "ogg"])
def test_an_excerpt_is_a_file_that_plays(form: str, tmp_path: Path) -> None:
    data = excerpt_bytes(write(tmp_path, "m4a"), 1.0, 2.0, form=form)  # type: ignore[arg-type]
    samples, rate = soundfile.read(io.BytesIO(data))
    assert rate == RATE and len(samples) / rate == pytest.approx(2, abs=0.05)
    assert 0.3 < np.abs(samples).max() < 1 and abs(samples[0]) < 0.01


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(SegueError, match='"wav", "mp3" or "ogg"'):
        encode(cut(LEFT, 0, 1), "flac")  # type: ignore[arg-type]


def test_pydub_warns_nobody() -> None:
    # A fresh interpreter in which every warning is an error.
    code = "import models.audio.segments"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True, timeout=60)
