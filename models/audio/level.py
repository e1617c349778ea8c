"""How loud, how bright and how energetic a piece of audio is.

References
----------
ITU-R BS.1770-4, "Algorithms to measure audio programme loudness and true-peak audio
level", 2015: the loudness. EBU Tech 3341: the signals that it is tested with.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import scipy.fft
import scipy.signal
from numpy.typing import NDArray

Floats = NDArray[np.float32]

#: BS.1770's absolute gate, and what silence is given: JSON knows no minus infinity.
QUIETEST_LUFS = -70.0
RELATIVE_GATE_LU = -10.0

FRAME_S = 2048 / 22_050
BLOCK = 2048  # frames transformed at a time, which bounds the memory for long audio
ROLLOFF_SHARE = 0.85
BAND_EDGES_HZ = (30, 60, 120, 250, 500, 1000, 2000, 4000, 8000, 11_025)
BASS_HZ = 250
FLOOR_DB = -60.0  # below the loud frames; what is quieter counts as this quiet
FILLED_DB = -30.0
SILENT_POWER = 1e-9  # of a frame's spectrum; samples all below about 1e-7 of full scale


class Scale(NamedTuple):
    """Where a quantity counts 0, where 1, and its share in the energy."""

    calm: float
    peak: float
    share: float

    def __call__(self, value: float) -> float:
        """Place of `value` between the two, 0 to 1."""
        return float(np.clip((value - self.calm) / (self.peak - self.calm), 0.0, 1.0))


# The tenth and ninetieth percentile of each quantity among the clips of set `open` and
# 200 invented songs, taken together; the shares are a judgement.
MOVEMENT = Scale(20.0, 63.0, 0.40)  # rise of the level in a band, dB per second
FULLNESS = Scale(0.57, 0.91, 0.25)  # share of bands and moments that are filled
BASS = Scale(0.31, 0.85, 0.20)  # share of the power below 250 Hz
STEADINESS = Scale(12.5, 2.4, 0.15)  # dB from the quieter to the loud moments


class Level(NamedTuple):
    """`loudness_lufs`, `energy` and `rolloff_hz` of one piece of audio."""

    loudness_lufs: float
    energy: float
    rolloff_hz: float


def measure_level(samples: Floats, sample_rate: int) -> Level:
    """All three measures, with one spectrogram between them.

    Parameters
    ----------
    samples : ndarray of float32, shape (samples,)
        Mono, full scale is 1.
    sample_rate : int
        Samples per second.
    """
    power, hz = _spectrogram(samples, sample_rate)
    return Level(loudness_lufs(samples, sample_rate), _energy(power, hz), _rolloff(power, hz))


def loudness_lufs(samples: Floats, sample_rate: int) -> float:
    """Integrated loudness after ITU-R BS.1770-4: K-weighting, absolute and relative gate.

    Parameters
    ----------
    samples : ndarray of float32, shape (samples,)
        Mono, full scale is 1. Shorter than a gating block of 400 ms it is one block.
    sample_rate : int
        Samples per second.

    Returns
    -------
    float
        In LUFS, at least -70, which is what silence gets.

    Notes
    -----
    This is the loudness of one channel. BS.1770 adds up the channels' power, so the
    mean of two equal channels is 3.01 LU below their stereo loudness, and that of
    channels that have nothing in common 6.02 LU; whoever mixed down knows the difference.
    Sound above half the sample rate is missing: at 22,050 Hz that is less than 0.1 LU where
    the spectrum falls by 6 dB per octave, as that of most music does, and 1 LU for pink noise.

    Examples
    --------
    >>> sine = 10 ** (-23 / 20) * np.sin(2 * np.pi * 1000 * np.arange(20 * 48_000) / 48_000)
    >>> round(loudness_lufs(sine, 48_000) + 3.01, 1)  # as both channels of a stereo signal
    -23.0
    """
    if not len(samples):
        return QUIETEST_LUFS
    weighted = scipy.signal.sosfilt(_k_weighting(sample_rate), samples)
    step = round(sample_rate / 10)
    steps = len(weighted) // step
    if steps < 4:
        blocks = np.array([np.mean(weighted**2)])
    else:
        squares = weighted[: steps * step].reshape(steps, step)
        powers = np.einsum("ij,ij->i", squares, squares) / step
        # 400 ms blocks, each 100 ms after the one before.
        blocks = np.lib.stride_tricks.sliding_window_view(powers, 4).mean(axis=1)
    blocks = blocks[_lufs(blocks) > QUIETEST_LUFS]
    if not len(blocks):
        return QUIETEST_LUFS
    gate = _lufs(blocks.mean()) + RELATIVE_GATE_LU
    return max(QUIETEST_LUFS, float(_lufs(blocks[_lufs(blocks) > gate].mean())))


def rolloff_hz(samples: Floats, sample_rate: int) -> float:
    """Frequency below which 85% of the spectral energy lies: median over time.

    Parameters
    ----------
    samples : ndarray of float32, shape (samples,)
        Mono.
    sample_rate : int
        Samples per second.

    Returns
    -------
    float
        In Hz; 0 for silence. Moments 60 dB below the loud ones have no say.
    """
    return _rolloff(*_spectrogram(samples, sample_rate))


def energy(samples: Floats, sample_rate: int) -> float:
    """How energetic it is, from 0 (calm) to 1 (peak time), whatever the volume.

    Parameters
    ----------
    samples : ndarray of float32, shape (samples,)
        Mono.
    sample_rate : int
        Samples per second.

    Returns
    -------
    float
        0 for silence.

    Notes
    -----
    Four quantities, each scaled to 0-1, in fixed shares; the energy rises with each of them:

    * 40% movement: how much the level rises per second in an octave band (percussion,
      dense rhythm);
    * 25% fullness: how much of the bands and moments is filled;
    * 20% bass: the share of power below 250 Hz;
    * 15% steadiness: how little the quieter moments fall below the loud ones.
    """
    return _energy(*_spectrogram(samples, sample_rate))


@cache
def _k_weighting(sample_rate: int) -> NDArray[np.float64]:
    """BS.1770's two filter stages at any sample rate, as second-order sections.

    The standard gives coefficients for 48 kHz alone; these are the analogue filters
    behind them (Brecht De Man, "Evaluation of implementations of the EBU R128 loudness
    measurement", AES 145, 2018), warped to the sample rate.
    """
    k, q = np.tan(np.pi * 1681.974450955533 / sample_rate), 0.7071752369554196
    high = 10 ** (3.999843853973347 / 20)
    band = high**0.4996667741545416
    norm = 1 + k / q + k * k
    shelf = [high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k]
    shelf_poles = [norm, 2 * (k * k - 1), 1 - k / q + k * k]
    k, q = np.tan(np.pi * 38.13547087602444 / sample_rate), 0.5003270373238773
    pass_poles = [1 + k / q + k * k, 2 * (k * k - 1), 1 - k / q + k * k]
    # The standard leaves the gain of the second numerator at 1, -2, 1.
    return np.array(
        [
            np.array([*shelf, *shelf_poles]) / norm,
            [1.0, -2.0, 1.0, *(np.array(pass_poles) / pass_poles[0])],
        ]
    )


def _lufs(power: NDArray[np.float64] | np.float64) -> NDArray[np.float64]:
    return -0.691 + 10 * np.log10(np.maximum(power, 1e-20))


def _spectrogram(samples: Floats, sample_rate: int) -> tuple[Floats, NDArray[np.float64]]:
    """Power of each frame and bin, and the bins' frequencies."""
    size = int(2 ** np.round(np.log2(FRAME_S * sample_rate)))
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[:: size // 2]
    window = scipy.signal.get_window("hann", size).astype(np.float32)
    parts: list[Floats] = []
    for start in range(0, len(frames), BLOCK):
        spectrum = scipy.fft.rfft(frames[start : start + BLOCK] * window, axis=1)
        parts.append(spectrum.real**2 + spectrum.imag**2)
    power: Floats = np.concatenate(parts)
    return power, scipy.fft.rfftfreq(size, 1 / sample_rate)


def _relative_db(power: NDArray[np.float32], loud: float) -> NDArray[np.float32]:
    return 10 * np.log10(np.maximum(power / loud, 10 ** (FLOOR_DB / 10)))


def _loud(frame_power: NDArray[np.float32]) -> float:
    """Power of the loud frames; 0 if there is nothing but silence."""
    loud = float(np.percentile(frame_power, 95))
    return loud if loud > SILENT_POWER else 0.0


def _rolloff(power: Floats, hz: NDArray[np.float64]) -> float:
    total = power.sum(axis=1)
    loud = _loud(total)
    if not loud:
        return 0.0
    power = power[_relative_db(total, loud) > FLOOR_DB]
    below = np.cumsum(power, axis=1)
    reached = (below >= ROLLOFF_SHARE * below[:, -1:]).argmax(axis=1)
    return float(np.median(hz[reached]))


def _energy(power: Floats, hz: NDArray[np.float64]) -> float:
    edges = np.searchsorted(hz, [edge for edge in BAND_EDGES_HZ if edge <= hz[-1]])
    bands = np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1)
    moments = bands.sum(axis=1)
    loud = _loud(moments)
    if not loud:
        return 0.0
    levels = _relative_db(bands, loud)
    rises = np.maximum(np.diff(levels, axis=0), 0.0)
    frames_per_s = 2 * hz[1]  # half a frame between frames: the bins' spacing, twice
    movement = float(rises.mean()) * frames_per_s if len(rises) else 0.0
    bass_bands = int(np.searchsorted(BAND_EDGES_HZ, BASS_HZ))
    overall = _relative_db(moments, loud)
    quieter, louder = np.percentile(overall, (20, 95))
    return (
        MOVEMENT.share * MOVEMENT(movement)
        + BASS.share * BASS(float(bands[:, :bass_bands].sum() / moments.sum()))
        + FULLNESS.share * FULLNESS(float(np.mean(levels > FILLED_DB)))
        + STEADINESS.share * STEADINESS(float(louder - quieter))
    )
