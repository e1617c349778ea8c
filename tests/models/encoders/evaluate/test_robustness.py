"""The disturbances do what they say, and cosines see the difference."""

from __future__ import annotations

import numpy as np
import pytest

from models.encoders.evaluate import robustness
from models.encoders.evaluate.baselines import MfccStatistics
from tests.models.encoders.sounds import SAMPLE_RATE, clips, sound


def test_gain_is_six_decibels_and_nothing_else() -> None:
    samples = sound("drums", 0)
    softer = robustness.gain(samples, SAMPLE_RATE)
    assert 20 * np.log10(np.abs(softer).max() / np.abs(samples).max()) == pytest.approx(
        -6, abs=0.01
    )
    assert np.corrcoef(samples, softer)[0, 1] == pytest.approx(1)


def test_lead_in_and_late_start_move_the_sound() -> None:
    samples = sound("bleeps", 0)
    shift = int(1.2 * SAMPLE_RATE)
    led = robustness.lead_in(samples, SAMPLE_RATE)
    assert not led[:shift].any()
    assert np.array_equal(led[shift:], samples)
    assert np.array_equal(robustness.late_start(samples, SAMPLE_RATE), samples[shift:])


def test_mp3_comes_back_alike_and_not_the_same() -> None:
    samples = sound("drone", 0)
    coded = robustness.mp3(samples, SAMPLE_RATE)
    assert coded.dtype == np.float32
    assert abs(len(coded) - len(samples)) < 0.2 * SAMPLE_RATE  # an encoder pads
    assert np.std(coded) == pytest.approx(np.std(samples), rel=0.1)
    assert not np.array_equal(coded[: len(samples)], samples[: len(coded)])


def test_all_disturbances_are_measured_on_an_encoder() -> None:
    encoder = MfccStatistics().fit(clips(range(2)), [])
    cosines = robustness.cosines(encoder, sound("drums", 1))
    assert set(cosines) == set(robustness.DISTURBANCES)
    assert cosines["gain"] > 0.9
    assert all(-1 <= value <= 1.000001 for value in cosines.values())
