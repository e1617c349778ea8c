"""Where sounds begin: one onset envelope for each of four bands.

A kick, a snare and a hat lie in different bands, and which of them sounds when is what tells
a beat from a half beat; so the bands are kept apart.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import scipy.fft
import soxr
from numpy.typing import NDArray

#: The rate at which envelopes are made; other audio is resampled to it first.
SAMPLE_RATE = 22_050
N_FFT = 1024
HOP = 256
FRAMES_PER_SECOND = SAMPLE_RATE / HOP
BANDS = ("low", "low mid", "high mid", "high")
#: Seconds from an onset to the peak of its envelope (-17 ms for clicks, -11 to -14 for kicks):
#: negative, since a frame hears an onset as soon as its edge reaches it.
ONSET_LATENCY_S = -0.0135

_MELS = 36
_LOWEST_HZ, _HIGHEST_HZ = 30.0, 10_000.0
_EDGES_HZ = (150.0, 500.0, 2_500.0)
#: Log compression log(1 + c x) of magnitudes relative to the loudest: Klapuri's mu-law idea,
#: with c as in Müller, Fundamentals of Music Processing, 6.1.2.
_COMPRESSION = 100.0
#: A loudest magnitude below this is silence: about -100 dBFS.
_SILENCE = 1e-5


def onset_envelopes(
    samples: NDArray[np.float32], *, sample_rate: int = SAMPLE_RATE
) -> NDArray[np.float32]:
    """Spectral flux of a log-compressed mel spectrogram, a row per band.

    Parameters
    ----------
    samples : numpy.ndarray of shape (samples,)
        Mono audio of any level.
    sample_rate : int
        Of `samples`, in Hz.

    Returns
    -------
    numpy.ndarray of shape (4, frames)
        Growth of loudness around each frame; frame `i` is centred on second
        ``i / FRAMES_PER_SECOND``. All zero for silence, and unchanged by gain.
    """
    samples = np.ascontiguousarray(samples, np.float32)
    if sample_rate != SAMPLE_RATE:
        samples = soxr.resample(samples, sample_rate, SAMPLE_RATE)
    if len(samples) < N_FFT:
        return np.zeros((len(BANDS), 0), np.float32)
    padded = np.pad(np.nan_to_num(samples), N_FFT // 2)
    frames = np.lib.stride_tricks.sliding_window_view(padded, N_FFT)[::HOP] * _window()
    spectrum = scipy.fft.rfft(frames, axis=1, overwrite_x=True)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    magnitude = np.sqrt(power @ _mel_bank())
    loudest = float(magnitude.max())
    if loudest < _SILENCE:
        return np.zeros((len(BANDS), len(magnitude)), np.float32)
    loudness = np.log1p(magnitude * np.float32(_COMPRESSION / loudest))
    flux = np.zeros_like(loudness)
    np.maximum(loudness[2:] - loudness[:-2], 0, out=flux[1:-1])
    return np.ascontiguousarray((flux @ _band_means()).T)


@lru_cache
def _window() -> NDArray[np.float32]:
    window: NDArray[np.float32] = np.hanning(N_FFT + 1)[:-1].astype(np.float32)
    return window


@lru_cache
def _mel_bank() -> NDArray[np.float32]:
    from librosa.filters import mel

    bank = mel(
        sr=SAMPLE_RATE, n_fft=N_FFT, n_mels=_MELS, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ, norm=None
    )
    return np.ascontiguousarray(bank.T, np.float32)


@lru_cache
def _band_means() -> NDArray[np.float32]:
    """Matrix of shape (mels, 4) that averages the mel bands of each wide band."""
    from librosa import mel_frequencies

    centres = mel_frequencies(_MELS + 2, fmin=_LOWEST_HZ, fmax=_HIGHEST_HZ)[1:-1]
    member = np.digitize(centres, _EDGES_HZ)[:, None] == np.arange(len(BANDS))
    means: NDArray[np.float32] = (member / member.sum(0)).astype(np.float32)
    return means
