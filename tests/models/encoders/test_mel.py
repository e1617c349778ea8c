"""The log-mel spectrogram is librosa's, made faster."""

from __future__ import annotations

import librosa
import numpy as np
import pytest

from models.encoders.mel import LogMel
from tests.models.encoders.sounds import sound


@pytest.mark.parametrize(
    "mel",
    [
        LogMel(),
        LogMel(n_fft=1024, hop=256, n_mels=96, fmin=20, fmax=8000),
        LogMel(sample_rate=16_000, n_fft=512, hop=160, n_mels=40),
    ],
    ids=["default", "fine", "16 kHz"],
)
@pytest.mark.parametrize("genre", ["drone", "drums"])
def test_it_agrees_with_librosa(mel: LogMel, genre: str) -> None:
    samples = sound(genre, 0, sample_rate=mel.sample_rate)
    expected = librosa.power_to_db(
        librosa.feature.melspectrogram(
            y=samples, sr=mel.sample_rate, n_fft=mel.n_fft, hop_length=mel.hop,
            n_mels=mel.n_mels, fmin=mel.fmin, fmax=mel.fmax, pad_mode="constant",
        ),
        top_db=None,
    )  # fmt: skip
    found = mel(samples)
    assert found.dtype == np.float32
    assert found.shape == expected.shape == (mel.n_mels, mel.frames(len(samples)))
    assert np.corrcoef(found.ravel(), expected.ravel())[0, 1] > 0.99999
    # Near the floor the two differ by how they round; where there is sound they do not.
    heard = expected > expected.max() - 80
    assert np.abs(found - expected)[heard].max() < 0.05


def test_silence_is_finite() -> None:
    assert np.isfinite(LogMel()(np.zeros(5000, np.float32))).all()


def test_twice_as_loud_is_six_decibels_more() -> None:
    samples = sound("bleeps", 1)
    quiet, loud = LogMel()(samples), LogMel()(2 * samples)
    heard = quiet > quiet.max() - 60
    assert np.allclose((loud - quiet)[heard], 20 * np.log10(2), atol=1e-2)
