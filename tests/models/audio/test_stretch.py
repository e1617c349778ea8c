"""Stretched sound is longer or shorter and otherwise the same."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from models.audio.stretch import stretch
from tests.audio_files import RATE, music

RATES = (0.84, 0.95, 1.02, 1.16)


def pitch(samples: NDArray[np.float32]) -> tuple[float, float]:
    """Frequency of the strongest partial, and its share of the power."""
    power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 20)) ** 2
    top = int(power.argmax())
    return top * RATE / (1 << 20), float(power[top - 60 : top + 60].sum() / power.sum())


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("hz", [55.0, 220.0, 997.3])
def test_a_tone_keeps_its_pitch_and_level(rate: float, hz: float) -> None:
    tone = (0.5 * np.sin(2 * np.pi * hz * np.arange(6 * RATE) / RATE)).astype(np.float32)
    slow = stretch(tone, rate, sample_rate=RATE)
    found, share = pitch(slow[RATE // 2 : -RATE // 2])
    assert found == pytest.approx(hz, rel=5e-4)
    assert share > 0.999
    assert slow.std() == pytest.approx(tone.std(), rel=0.01)


@pytest.mark.parametrize("rate", RATES)
def test_no_click_is_lost_or_doubled_and_each_is_in_its_place(rate: float) -> None:
    at = np.arange(0.3, 19.5, 60 / 126)
    clicks = np.zeros(20 * RATE, np.float32)
    clicks[(at * RATE).astype(int)] = 0.9
    found = np.flatnonzero(np.abs(stretch(clicks, rate, sample_rate=RATE)) > 0.2) / RATE
    assert len(found) == len(at)
    assert np.abs(found - at / rate).max() < 0.008


@pytest.mark.parametrize("rate", RATES)
def test_a_kick_stays_as_sharp_as_it_was(rate: float) -> None:
    """What speaks for it: the same measure gives a phase vocoder about a half."""
    track = music(12, bpm=126)[:, 0]
    other = stretch(track, rate, sample_rate=RATE)
    kick = track[: int(0.03 * RATE)]
    likeness = []
    for beat in np.arange(2, 24) * 60 / 126 / rate:
        around = other[int((beat - 0.02) * RATE) : int((beat + 0.05) * RATE)]
        likeness.append(np.correlate(around, kick, "valid").max() / np.dot(kick, kick))
    assert np.median(likeness) > 0.8


@given(
    count=st.integers(0, 30_000),
    rate=st.floats(0.5, 2.0),
    seed=st.integers(0, 9),
)
def test_it_is_as_long_as_it_should_be_and_no_louder(count: int, rate: float, seed: int) -> None:
    noise = np.random.default_rng(seed).uniform(-1, 1, count).astype(np.float32)
    other = stretch(noise, rate, sample_rate=22_050)
    assert len(other) == round(count / rate)
    assert np.isfinite(other).all()
    assert np.abs(other).max(initial=0) <= np.abs(noise).max(initial=0) + 1e-6


def test_at_its_own_tempo_it_is_left_alone() -> None:
    track = music(1)[:, 0]
    assert np.array_equal(stretch(track, 1.0, sample_rate=RATE), track)


@pytest.mark.parametrize("rate", [0.4, 2.5, 0.0, float("nan")])
def test_what_would_be_heard_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match=r"0\.5 to 2"):
        stretch(music(1)[:, 0], rate, sample_rate=RATE)
