"""Which key a piece of audio is in.

Spectral peaks are folded onto the pitch classes, each also counted for the fundamentals
it could be a harmonic of (Gómez's harmonic pitch class profile), and the mean profile is
compared with what each of the 24 keys looks like in electronic music (Faraldo) and with
its bare triad, and with the bass. The few weights that join these are fitted on
invented songs by ``benchmarks/fit_key.py``; no real clip was used.

References
----------
E. Gómez, "Tonal description of music audio signals", PhD thesis, UPF 2006.
Á. Faraldo, "Tonality estimation in electronic dance music", PhD thesis, UPF 2018: the
``bgate`` profiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import scipy.fft
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from data.harmony import Key

Floats = NDArray[np.float32]

#: Frame length in seconds: 2.7 Hz between bins, and peaks are interpolated, so that
#: neighbouring semitones stay apart down to about 50 Hz.
FRAME_S = 8192 / 22_050
BLOCK = 512  # frames transformed at a time, which bounds the memory for long audio
LOWEST_HZ, HIGHEST_HZ = 38.0, 5000.0
NEIGHBOURS = 31  # bins over which the spectrum is averaged to tell a peak from noise
LEAST_CONTRAST = 1.0  # natural logarithm of peak over neighbours; noise stays below
RANGE = 7.0  # peaks more than e^7 (61 dB) below the strongest of their frame are not heard

LOWEST_NOTE, BASS_BELOW, HIGHEST_NOTE = 24, 52, 108  # MIDI: C1 to E3 is bass, C8 the top
HARMONICS = 5
HARMONIC_DECAY = 0.8

#: Below this concentration of peaks on an equal-tempered grid nothing tonal is heard:
#: drum loops stay below 0.32 (median 0.12), songs above 0.37 (99 in 100).
LEAST_TONALITY = 0.2
FULL_TONALITY = 0.4

# Faraldo's bgate profiles, major and minor, from the tonic upwards.
BGATE = (
    (1.00, 0.00, 0.42, 0.00, 0.53, 0.37, 0.00, 0.77, 0.00, 0.38, 0.21, 0.30),
    (1.00, 0.00, 0.36, 0.39, 0.00, 0.38, 0.00, 0.74, 0.27, 0.00, 0.42, 0.23),
)
TRIADS = (
    (1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0),
    (1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0),
)


class Weights(NamedTuple):
    """What each piece of evidence for a key counts, in natural logarithms of its odds."""

    profile: float  # fit of the whole range to the bgate profile
    triad: float  # fit of the whole range to the triad
    bass_tonic: float
    bass_fifth: float
    bass_third: float
    minor: float  # head start of the minor keys


#: Printed by ``benchmarks/fit_key.py``.
FITTED = Weights(17.52, 7.79, 1.16, -0.17, 0.67, 1.01)


@dataclass(frozen=True, slots=True, eq=False)
class KeyEstimate:
    """The key of a piece of audio.

    Parameters
    ----------
    key, runner_up : Key or None
        Likeliest and second likeliest key; None where nothing tonal was heard.
    confidence : float
        0 to 1, calibrated: about the chance that `key` is exactly right.
    scores : ndarray of float32, shape (24,)
        Probability of each key, C to B major and then C to B minor; all 0 where
        nothing tonal was heard.
    """

    key: Key | None = None
    confidence: float = 0.0
    runner_up: Key | None = None
    scores: Floats = field(default_factory=lambda: np.zeros(24, np.float32))


class _Peaks(NamedTuple):
    """Spectral peaks: the frame each is in, its frequency, its weight; number of frames."""

    frame: NDArray[np.intp]
    hz: NDArray[np.float64]
    weight: NDArray[np.float64]
    frames: int


def estimate_key(windows: Sequence[Floats], *, sample_rate: int = 22_050) -> KeyEstimate:
    """Find the key that the windows of one track have in common.

    Parameters
    ----------
    windows : sequence of ndarray of float32, each of shape (samples,)
        Mono audio. One window of 5 s is enough for a loop; a song is better heard in
        several. Loudness does not matter, the tuning may be off by up to half a semitone.
    sample_rate : int
        Samples per second, at least 11,025.

    Returns
    -------
    KeyEstimate
        With `key` None for silence, noise and drums without a pitch.

    Examples
    --------
    >>> seconds = np.arange(5 * 22_050) / 22_050
    >>> chord = sum(np.sin(2 * np.pi * hz * seconds) for hz in (220.0, 261.63, 329.63))
    >>> estimate_key([chord.astype(np.float32)]).key.classic()
    'Am'
    """
    features = tonal_features(windows, sample_rate=sample_rate)
    if features is None:
        return KeyEstimate()
    logits = features @ np.array(FITTED)
    scores = np.exp(logits - logits.max())
    scores /= scores.sum()
    second, first = (int(key) for key in np.argsort(scores)[-2:])
    return KeyEstimate(
        Key.from_traktor(first),
        float(scores[first]),
        Key.from_traktor(second),
        scores.astype(np.float32),
    )


def tonal_features(
    windows: Sequence[Floats], *, sample_rate: int = 22_050
) -> NDArray[np.float64] | None:
    """Evidence for each key, a column for each of `Weights`.

    Returns
    -------
    ndarray of float64, shape (24, 6), or None
        Rows C to B major, then C to B minor; None where nothing tonal was heard.
    """
    peaks = _join([_peaks(window, sample_rate) for window in windows])
    tuning, tonality = _tuning(peaks)
    if tonality < LEAST_TONALITY:
        return None
    whole, bass = _chroma(_salience(peaks, tuning))
    # Peaks that hardly keep to the grid are weak evidence for any key.
    return _evidence(whole, bass) * min(1.0, tonality / FULL_TONALITY)


def _peaks(samples: Floats, sample_rate: int) -> _Peaks:
    size = int(2 ** np.round(np.log2(FRAME_S * sample_rate)))
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[:: size // 2]
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    parts = [
        _peaks_of(frames[start : start + BLOCK] * window, sample_rate)
        for start in range(0, len(frames), BLOCK)
    ]
    return _join(parts)


def _peaks_of(frames: Floats, sample_rate: int) -> _Peaks:
    size = frames.shape[1]
    margin = NEIGHBOURS // 2 + 1
    low = max(margin, int(LOWEST_HZ * size / sample_rate))
    high = min(size // 2 - margin, int(HIGHEST_HZ * size / sample_rate))
    spectrum = scipy.fft.rfft(frames, axis=1)[:, low - margin : high + margin]
    level = np.log(np.abs(spectrum) + np.float32(1e-8))
    floor = uniform_filter1d(level, NEIGHBOURS, axis=1)[:, margin:-margin]
    left, middle, right = (
        level[:, margin + shift : level.shape[1] - margin + shift] for shift in (-1, 0, 1)
    )
    heard = (middle > left) & (middle >= right) & (middle > floor + LEAST_CONTRAST)
    heard &= middle > np.maximum(middle.max(axis=1, keepdims=True) - RANGE, -13.0)
    frame, at = np.nonzero(heard)
    a, b, c = (part[frame, at].astype(np.float64) for part in (left, middle, right))
    # The top of the parabola through the three highest bins of a peak.
    shift = 0.5 * (a - c) / (a - 2 * b + c)
    hz = (low + at + shift) * sample_rate / size
    # The square root of the magnitude: a loud note does not drown the others.
    return _Peaks(frame, hz, np.exp(0.5 * (b - 0.25 * (a - c) * shift)), len(frames))


def _join(parts: Sequence[_Peaks]) -> _Peaks:
    if not parts:
        return _Peaks(np.zeros(0, np.intp), np.zeros(0), np.zeros(0), 0)
    starts = np.cumsum([0, *(part.frames for part in parts)])
    frame = np.concatenate([part.frame + start for part, start in zip(parts, starts, strict=False)])
    hz = np.concatenate([part.hz for part in parts])
    weight = np.concatenate([part.weight for part in parts])
    return _Peaks(frame, hz, weight, int(starts[-1]))


def _notes(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    return 69 + 12 * np.log2(hz / 440.0)


def _tuning(peaks: _Peaks) -> tuple[float, float]:
    """Semitones (-.5 to .5) by which the music lies above A = 440 Hz, and how clearly."""
    weight = peaks.weight * ((peaks.hz > 60) & (peaks.hz < 2500))
    if not weight.any():
        return 0.0, 0.0
    mean = (weight * np.exp(2j * np.pi * _notes(peaks.hz))).sum() / weight.sum()
    return float(np.angle(mean) / (2 * np.pi)), float(abs(mean))


def _salience(peaks: _Peaks, tuning: float) -> NDArray[np.float64]:
    """How strongly each note sounds in each frame; shape (frames, notes)."""
    notes = HIGHEST_NOTE - LOWEST_NOTE
    total = np.zeros(peaks.frames * notes)
    for harmonic in range(1, HARMONICS + 1):
        pitch = _notes(peaks.hz / harmonic) - tuning
        nearest = np.round(pitch).astype(np.intp)
        weight = peaks.weight * HARMONIC_DECAY ** (harmonic - 1)
        weight = weight * np.cos(np.pi * (pitch - nearest)) ** 2
        inside = (nearest >= LOWEST_NOTE) & (nearest < HIGHEST_NOTE)
        cell = peaks.frame[inside] * notes + nearest[inside] - LOWEST_NOTE
        total += np.bincount(cell, weight[inside], minlength=len(total))
    return total.reshape(peaks.frames, notes)


def _chroma(salience: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean profile of the pitch classes over the whole range, and in the bass."""
    octaves = salience.reshape(len(salience), -1, 12)
    bass = octaves.copy()
    bass.reshape(len(bass), -1)[:, BASS_BELOW - LOWEST_NOTE :] = 0
    return _pooled(octaves.sum(axis=1)), _pooled(bass.sum(axis=1))


def _pooled(chroma: NDArray[np.float64]) -> NDArray[np.float64]:
    # Each frame counts alike, but for those that are quiet against the whole.
    loudness = np.sqrt(np.mean(chroma**2, axis=1, keepdims=True))
    overall = np.sqrt(np.mean(chroma**2))
    mean = (chroma / (loudness + 0.1 * overall + 1e-6)).mean(axis=0)
    return np.asarray(mean - mean.mean())


def _evidence(whole: NDArray[np.float64], bass: NDArray[np.float64]) -> NDArray[np.float64]:
    rows = []
    for minor in (0, 1):
        profile, triad = (_standardised(of[minor]) for of in (BGATE, TRIADS))
        third = 3 if minor else 4
        for tonic in range(12):
            heard, low = np.roll(whole, -tonic), np.roll(bass, -tonic)
            fit = [heard @ profile / 12, heard @ triad / 12, low[0], low[7], low[third]]
            rows.append([*fit, float(minor)])
    return np.array(rows)


def _standardised(profile: Sequence[float]) -> NDArray[np.float64]:
    values = np.array(profile, dtype=np.float64)
    return np.asarray((values - values.mean()) / values.std())
