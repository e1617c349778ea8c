"""What a rhythm looks like from each tempo: the evidence that tells the beat from its multiples.

For a candidate tempo, the autocorrelations and the cross-correlations of the onset bands are
read at simple fractions and multiples of its beat, and their Fourier magnitudes at the matching
frequencies. Autocorrelation is high at the multiples of a period, Fourier magnitude at its
fractions, so that both together say which it is (Peeters, "Template-based estimation of
time-varying tempo", 2007). A kick and a snare that alternate correlate across the bands at one
beat and not at two: the cross-correlations are what finds the level.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import scipy.fft
import scipy.ndimage
from numpy.typing import NDArray

from models.audio.onsets import FRAMES_PER_SECOND

#: Candidates are cells of 2%, each of 8 steps of a quarter percent.
_STEP = 0.0025
_STEPS_PER_CELL = 8
_CELLS = 96
SLOWEST = 38.0
_FINE = SLOWEST * np.exp(_STEP * np.arange(_CELLS * _STEPS_PER_CELL))
FASTEST = float(_FINE[-1])

#: Lags in beats and frequencies per beat at which a candidate is looked at.
LAGS = np.array([1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 3 / 4, 1, 4 / 3, 3 / 2, 2, 3, 4, 6, 8])
RATES = np.array([1 / 4, 1 / 3, 1 / 2, 2 / 3, 1, 3 / 2, 2, 3, 4, 6, 8])
#: Bands whose correlation is taken; 4 is the sum of all.
_PAIRS = ((4, 4), (0, 0), (1, 1), (2, 2), (3, 3), (0, 2), (0, 3), (2, 3))
_TREND_FRAMES = 86
_LONGEST_LAG = int(LAGS[-1] * 60 / SLOWEST * FRAMES_PER_SECOND) + 2
#: Lags between which a pulse shows: 240 to 30 per minute.
_PULSE = slice(int(0.25 * FRAMES_PER_SECOND), int(2 * FRAMES_PER_SECOND))


@dataclass(frozen=True)
class Periodicity:
    """How a stretch of music repeats.

    Parameters
    ----------
    correlations : numpy.ndarray of shape (8, lags)
        Of the summed bands with themselves, each band with itself, and three pairs
        of bands, by lag in frames; 1 is perfect.
    spectra : numpy.ndarray of shape (5, bins)
        Fourier magnitude of each band and of their sum.
    bin_hz : float
        Width of a bin.
    frames : int
        Length of what was heard.
    """

    correlations: NDArray[np.float32]
    spectra: NDArray[np.float32]
    bin_hz: float
    frames: int

    @property
    def clarity(self) -> float:
        """Highest autocorrelation at the lag of any plausible beat, 0 to 1."""
        pulse = self.correlations[0, _PULSE]
        return float(np.clip(pulse.max(), 0, 1)) if pulse.size else 0.0


def periodicity(envelopes: NDArray[np.float32]) -> Periodicity:
    """Correlations and spectra of onset envelopes.

    Parameters
    ----------
    envelopes : numpy.ndarray of shape (4, frames)
        From `models.audio.onsets.onset_envelopes`.

    Returns
    -------
    Periodicity
        All zero where nothing begins.
    """
    bands = detrended(envelopes)
    bands = np.vstack([bands, bands.sum(0, keepdims=True)])
    frames = bands.shape[1]
    deviation = np.sqrt(np.square(bands).mean(1, keepdims=True))
    # A band in which nothing happens must not be blown up to the size of the others.
    bands = bands / np.maximum(deviation, 1e-3 * deviation.max() + 1e-9)
    # Padded to twice its length, so that its end is not correlated with its beginning.
    size = scipy.fft.next_fast_len(2 * max(frames, _LONGEST_LAG), real=True)
    spectra = scipy.fft.rfft(bands, size, axis=1)
    lags = np.arange(_LONGEST_LAG)
    # Unbiased, but never by more than four: long lags of a short clip rest on a few frames.
    fewer = np.minimum(frames / np.maximum(frames - lags, 1), 4) / frames
    rows = []
    for first, second in _PAIRS:
        row = scipy.fft.irfft(spectra[first] * spectra[second].conj(), size)
        ahead, behind = row[:_LONGEST_LAG], np.roll(row[::-1], 1)[:_LONGEST_LAG]
        rows.append((ahead + behind) / 2 * fewer)
    return Periodicity(
        correlations=np.asarray(rows, np.float32),
        spectra=np.asarray(np.abs(spectra) * 2 / frames, np.float32),
        bin_hz=FRAMES_PER_SECOND / size,
        frames=frames,
    )


def detrended(envelopes: NDArray[np.float32]) -> NDArray[np.float32]:
    """The envelopes around their mean over a second."""
    trend = scipy.ndimage.uniform_filter1d(envelopes, _TREND_FRAMES, axis=1, mode="reflect")
    return np.asarray(envelopes - trend, np.float32)


def evidence(
    parts: Sequence[Periodicity], weights: Sequence[float]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """What speaks for each candidate tempo, over one or several windows of a track.

    Parameters
    ----------
    parts : sequence of Periodicity
        One per window.
    weights : sequence of float
        How much each window counts; they sum to 1.

    Returns
    -------
    tempi : numpy.ndarray of shape (96,)
        The best beats per minute within each cell of 2%, ascending.
    features : numpy.ndarray of shape (96, features)
        Correlation at each of `LAGS` for each pair of bands, then magnitude at each of
        `RATES` for each band.
    """
    correlations = pooled_correlations(parts, weights)
    lag = 60 / _FINE * FRAMES_PER_SECOND
    salience = _read(correlations[0], np.array([[1], [2], [4]]) * lag).sum(0)
    best = salience.reshape(_CELLS, _STEPS_PER_CELL).argmax(1)
    tempi = _FINE[best + _STEPS_PER_CELL * np.arange(_CELLS)]
    at_lags = _read(correlations, LAGS[:, None] * (60 / tempi * FRAMES_PER_SECOND))
    at_rates = np.zeros((len(parts[0].spectra), len(RATES), _CELLS))
    for part, weight in zip(parts, weights, strict=True):
        at_rates += weight * _read(part.spectra, RATES[:, None] * (tempi / 60 / part.bin_hz))
    features = np.vstack([at_lags.reshape(-1, _CELLS), at_rates.reshape(-1, _CELLS)])
    return tempi, features.T.astype(np.float32)


def pooled_correlations(
    parts: Sequence[Periodicity], weights: Sequence[float]
) -> NDArray[np.float32]:
    """Weighted mean of the windows' correlations, each lag over the windows that reach it."""
    total = np.zeros_like(parts[0].correlations)
    counted = np.full(total.shape[1], 1e-9, np.float32)
    for part, weight in zip(parts, weights, strict=True):
        reached = slice(0, min(total.shape[1], part.frames - 1))
        total[:, reached] += np.float32(weight) * part.correlations[:, reached]
        counted[reached] += weight
    return np.asarray(total / counted, np.float32)


def _read(rows: NDArray[np.float32], where: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows at fractional places, linearly interpolated; zero past the end."""
    last = rows.shape[-1] - 2
    place = np.minimum(where.astype(int), last)
    part = where - place
    values = rows[..., place] * (1 - part) + rows[..., place + 1] * part
    return np.where(where <= last + 1, values, 0.0)
