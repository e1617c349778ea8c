"""Tones: band-limited wavetables, an envelope, and a filter that closes while a note sounds.

A table is built for each pitch from its harmonics, so none lies above half the
sample rate. A low-pass filter is a curve over these harmonics; a filter that moves is
a blend of an open and a closed table. Both cost nothing per sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Audio = NDArray[np.float32]

_TABLE = 4096  # samples of one period: read without interpolation, errors stay below -60 dB
_ORGAN = {1: 1.0, 2: 0.7, 3: 0.35, 4: 0.4, 6: 0.2, 8: 0.2}
_KEYS = {1: 1.0, 2: 0.35, 3: 0.12, 4: 0.08, 14: 0.06}  # an electric piano, with its tine
_BELL = {1: 1.0, 2: 0.4, 3: 0.22, 5: 0.16, 8: 0.1, 11: 0.05}


@dataclass(frozen=True, slots=True)
class Patch:
    """How an instrument sounds.

    Parameters
    ----------
    shape : str
        ``"saw"``, ``"square"``, ``"pulse"``, ``"triangle"``, ``"sine"``, ``"organ"``,
        ``"keys"``, ``"bell"``, ``"choir"``.
    cutoff : float
        Where the low-pass filter rests, in Hz.
    sweep : float
        How many times higher the filter starts; 1 leaves it at rest.
    resonance : float
        Height of the filter's bump at the cutoff; 0 for none.
    attack, decay, release : float
        Seconds. `decay` is the time constant of filter and loudness.
    sustain : float
        Loudness that is left after the decay, 0 to 1.
    voices : int
        Detuned oscillators per note.
    detune : float
        Cents between the outermost voices.
    """

    shape: str
    cutoff: float
    sweep: float = 1.0
    resonance: float = 0.0
    attack: float = 0.004
    decay: float = 0.2
    sustain: float = 0.6
    release: float = 0.06
    voices: int = 1
    detune: float = 12.0


def hertz(pitch: float) -> float:
    """Frequency of a MIDI pitch (69 is 440 Hz)."""
    return 440.0 * 2.0 ** ((pitch - 69.0) / 12.0)


def note(
    patch: Patch, pitch: float, length_s: float, sample_rate: int, *, bright: float = 1.0
) -> Audio:
    """Play one note.

    Parameters
    ----------
    patch : Patch
    pitch : float
        MIDI pitch.
    length_s : float
        How long the key is held; the release comes after it.
    sample_rate : int
    bright : float
        Multiplies the cutoff of the filter.

    Returns
    -------
    ndarray of float32, shape (samples,)
        At most about 1 in size.
    """
    size = max(int((length_s + patch.release) * sample_rate), 64)
    frequency = hertz(pitch)
    cutoff = patch.cutoff * bright
    rest = _table(patch, frequency, cutoff, sample_rate)
    time = np.arange(size, dtype=np.float32) / np.float32(sample_rate)
    reads = [_read(i, patch, frequency, size, sample_rate) for i in range(patch.voices)]
    wave = sum((rest[read] for read in reads), np.zeros(size, np.float32))
    if patch.sweep != 1.0:
        open_table = _table(patch, frequency, cutoff * patch.sweep, sample_rate)
        closing = np.exp(-time / np.float32(patch.decay * 0.6))
        swept = sum((open_table[read] for read in reads), np.zeros(size, np.float32))
        wave += closing * (swept - wave)
    return np.asarray(wave * _loudness(patch, time, length_s) / np.sqrt(patch.voices), np.float32)


def _read(voice: int, patch: Patch, frequency: float, size: int, sample_rate: int) -> NDArray:
    spread = (voice / (patch.voices - 1) - 0.5) if patch.voices > 1 else 0.0
    step = frequency * 2.0 ** (spread * patch.detune / 1200.0) * _TABLE / sample_rate
    start = _TABLE * (voice * 0.381966)  # voices that start together would click
    return (np.arange(size) * step + start).astype(np.int64) & (_TABLE - 1)


def _loudness(patch: Patch, time: Audio, length_s: float) -> Audio:
    level = patch.sustain + (1.0 - patch.sustain) * np.exp(-time / np.float32(patch.decay))
    if patch.attack > 0:
        level *= np.minimum(time / np.float32(patch.attack), 1.0)
    level *= np.clip((length_s + patch.release - time) / np.float32(patch.release), 0.0, 1.0)
    return np.asarray(level, np.float32)


@lru_cache(maxsize=1024)
def _table(patch: Patch, frequency: float, cutoff: float, sample_rate: int) -> Audio:
    number = np.arange(1, max(int(0.46 * sample_rate / frequency), 1) + 1)
    number = number[: _TABLE // 2 - 1]
    height = _harmonics(patch.shape, number, frequency)
    ratio = number * frequency / cutoff
    height = height / np.sqrt(1.0 + ratio**4)
    height *= 1.0 + patch.resonance * np.exp(-((np.log2(ratio) / 0.35) ** 2))
    spectrum = np.zeros(_TABLE // 2 + 1, np.complex128)
    spectrum[number] = -0.5j * _TABLE * height
    return np.asarray(np.fft.irfft(spectrum), np.float32)


def _harmonics(shape: str, n: NDArray, frequency: float) -> NDArray[np.float64]:
    if shape == "saw":
        return 0.6 / n
    if shape == "square":
        return np.where(n % 2, 0.8 / n, 0.0)
    if shape == "pulse":
        return 0.8 * np.sin(n * np.pi * 0.22) / n
    if shape == "triangle":
        return np.where(n % 2, 1.0 / n**2, 0.0)
    if shape == "choir":  # a saw through the formants of an "ah"
        hz = n * frequency
        formants = ((700.0, 1.0), (1150.0, 0.6), (2800.0, 0.15))
        vowel = sum(a * np.exp(-(((hz - f) / 220.0) ** 2)) for f, a in formants)
        return np.asarray(vowel / n**0.5 + 0.3 / n**2)
    drawn = {"organ": _ORGAN, "keys": _KEYS, "bell": _BELL, "sine": {1: 1.0}}[shape]
    return np.array([drawn.get(int(i), 0.0) for i in n])
