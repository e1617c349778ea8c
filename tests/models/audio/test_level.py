"""Loudness by the signals of EBU Tech 3341, energy and roll-off by invented music."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.signal
from numpy.typing import NDArray

from models.audio.level import energy, loudness_lufs, measure_level, rolloff_hz

RATE = 22_050
STEREO = 3.01  # two equal channels have twice the power of one


def sine(
    level_db: float, seconds: float, *, hz: float = 1000, rate: int = RATE
) -> NDArray[np.float32]:
    """A sine whose peaks are `level_db` against full scale."""
    time = np.arange(int(seconds * rate)) / rate
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hz * time)).astype(np.float32)


def beat(every_s: float, seconds: float = 20) -> NDArray[np.float32]:
    """A kick and a burst of noise, over and over, above a soft chord."""
    rng = np.random.default_rng(3)
    time = np.arange(int(every_s * RATE)) / RATE
    hit = np.sin(2 * np.pi * 55 * time) * np.exp(-time / 0.1)
    hit += 0.5 * rng.standard_normal(len(time)) * np.exp(-time / 0.04)
    hits = np.tile(hit, int(seconds / every_s))
    chord = sum(sine(-26, len(hits) / RATE + 1, hz=hz)[: len(hits)] for hz in (220, 277, 330))
    return (0.4 * hits + chord).astype(np.float32)


@pytest.mark.parametrize("rate", [22_050, 44_100, 48_000])
@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ([(-23, 20)], -23),
        ([(-33, 20)], -33),
        ([(-36, 10), (-23, 60), (-36, 10)], -23),
        ([(-72, 10), (-36, 10), (-23, 60), (-36, 10), (-72, 10)], -23),
        ([(-26, 20), (-20, 20.1), (-26, 20)], -23),
    ],
    ids=["case 1", "case 2", "case 3", "case 4", "case 5"],
)
def test_ebu_tech_3341(levels: list[tuple[float, float]], expected: float, rate: int) -> None:
    """Its cases 1 to 5, in both channels of a stereo signal, to the 0.1 LU that it asks for."""
    signal = np.concatenate([sine(level, seconds, rate=rate) for level, seconds in levels])
    assert loudness_lufs(signal, rate) + STEREO == pytest.approx(expected, abs=0.1)


def test_k_weighting_hears_treble_more_and_deep_bass_less() -> None:
    rate = 48_000
    deep, middle, high = (
        loudness_lufs(sine(-20, 5, hz=hz, rate=rate), rate) for hz in (30, 1000, 6000)
    )
    assert deep < middle - 3
    assert high == pytest.approx(middle + 3.3, abs=0.3)


@pytest.mark.parametrize("decibels", [-20, -6, 6])
def test_loudness_follows_the_gain(decibels: float) -> None:
    music = beat(0.5)
    louder = (10 ** (decibels / 20) * music).astype(np.float32)
    assert loudness_lufs(louder, RATE) - loudness_lufs(music, RATE) == pytest.approx(decibels)


def test_pauses_do_not_count() -> None:
    music = beat(0.5)
    paused = np.concatenate([music, np.zeros(20 * RATE, np.float32)])
    assert loudness_lufs(paused, RATE) == pytest.approx(loudness_lufs(music, RATE), abs=0.1)


@pytest.mark.parametrize("length", [0, 1, 100, 5 * RATE])
def test_silence_is_at_the_floor_and_calm(length: int) -> None:
    assert measure_level(np.zeros(length, np.float32), RATE) == (-70.0, 0.0, 0.0)


def test_less_than_one_gating_block_has_a_loudness() -> None:
    assert loudness_lufs(sine(-23, 0.3), RATE) + STEREO == pytest.approx(-23, abs=0.2)


@pytest.mark.parametrize("hz", [200, 1000, 5000])
def test_the_rolloff_of_a_tone_is_its_frequency(hz: float) -> None:
    assert rolloff_hz(sine(-12, 3, hz=hz), RATE) == pytest.approx(hz, abs=30)


def test_the_rolloff_of_white_noise_is_85_percent_of_the_way_up() -> None:
    noise = np.random.default_rng(0).standard_normal(5 * RATE).astype(np.float32)
    assert rolloff_hz(noise, RATE) == pytest.approx(0.85 * RATE / 2, rel=0.03)


def test_the_rolloff_is_that_of_most_of_the_time() -> None:
    mostly_low = np.concatenate([sine(-12, 6, hz=300), sine(-12, 3, hz=4000)])
    assert rolloff_hz(mostly_low, RATE) == pytest.approx(300, abs=30)


def test_a_faster_beat_has_more_energy() -> None:
    slow, medium, fast = (energy(beat(every), RATE) for every in (2.0, 0.5, 0.25))
    assert slow < medium < fast


def test_a_held_chord_is_calm_and_a_beat_is_not() -> None:
    chord = sum(sine(-20, 20, hz=hz) for hz in (220, 277, 330))
    assert energy(chord, RATE) < 0.3
    assert energy(beat(0.25), RATE) > energy(chord, RATE) + 0.3


def test_taking_the_bass_out_takes_energy_away() -> None:
    music = beat(0.5)
    high_pass = scipy.signal.butter(4, 300, "highpass", fs=RATE, output="sos")
    thin = scipy.signal.sosfilt(high_pass, music).astype(np.float32)
    assert energy(thin, RATE) < energy(music, RATE) - 0.1


def test_long_pauses_take_energy_away() -> None:
    music = beat(0.5)
    broken = music * (np.arange(len(music)) // (2 * RATE) % 2)
    assert energy(broken.astype(np.float32), RATE) < energy(music, RATE)


@pytest.mark.parametrize("volume", [0.01, 0.1, 3.0])
def test_energy_and_rolloff_do_not_hear_the_volume(volume: float) -> None:
    music = beat(0.5)
    other = (volume * music).astype(np.float32)
    assert energy(other, RATE) == pytest.approx(energy(music, RATE), abs=1e-3)
    assert rolloff_hz(other, RATE) == rolloff_hz(music, RATE)


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_energy_stays_in_its_range_at_other_sample_rates(rate: int) -> None:
    noise = np.random.default_rng(1).standard_normal(5 * rate).astype(np.float32)
    for samples in (noise, 0.01 * noise, sine(-3, 5, rate=rate)):
        assert 0 <= energy(samples, rate) <= 1


def test_one_spectrogram_gives_the_same_as_three() -> None:
    music = beat(0.5)
    assert measure_level(music, RATE) == (
        loudness_lufs(music, RATE),
        energy(music, RATE),
        rolloff_hz(music, RATE),
    )
