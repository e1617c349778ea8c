"""Handcrafted descriptors of a fragment of music, for the encoder `segue`.

Each block says one thing about ten seconds of sound and owes its form to work on music
similarity before networks learned it: the shape of the spectrum and how it varies (Logan &
Salomon 2001; Mandel & Ellis 2005), block-level spectral, delta, correlation and fluctuation
patterns (Pampalk 2006; Seyerlehner, Widmer & Pohle, "Fusing Block-Level Features for Music
Similarity Estimation", DAFx 2010), noisiness by octave (after spectral contrast: Jiang et al.,
ICME 2002), how tonal the sound is and how fast its harmony moves (Harte, Sandler & Gasser
2006), the intervals that sound together, and the strength and regularity of its onsets.

No block depends on the level of the audio, and none says which key the music is in: another
key does not make it other music.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import librosa
import numpy as np
import scipy.fft
import torch
from numpy.typing import NDArray
from torch import Tensor

Array = NDArray[np.float32]

SAMPLE_RATE = 22_050
N_FFT, HOP = 2048, 512
N_MELS = 64
#: Frames and seconds of a fragment, and frames from one to the next.
FRAMES, STEP = 430, 215
FRAGMENT_S = FRAMES * HOP / SAMPLE_RATE
#: Root mean square to which audio is brought, and the power under which all is silence.
_LEVEL, _FLOOR = 0.1, 1e-7
#: Frames this far under the loudest one, at the beginning and the end, are not music.
_SILENCE_DB = 55.0
#: Edges in Hz of the bands whose noisiness is measured.
_OCTAVES = (60, 200, 400, 800, 1600, 3200, 6400, 10_500)
_LOWEST_HZ, _SEMITONES = 55.0, 84
_MODULATIONS_HZ = (0.15, 0.3, 0.5, 0.75, 1, 1.4, 1.9, 2.5, 3.3, 4.4, 6, 8, 11, 15, 21)


@dataclass(frozen=True, eq=False)
class Picture:
    """What is measured of each frame.

    Parameters
    ----------
    mel : ndarray of float32, shape (64, t)
        Power in mel bands, dB.
    notes : ndarray of float32, shape (84, t)
        Amplitude at the semitones from A1 up, as log(1 + a / mean a).
    noise : ndarray of float32, shape (7, t)
        Log of geometric over arithmetic mean of power, by octave: 0 is noise, -10 a lone tone.
    roll : ndarray of float32, shape (3, t)
        Place on the mel axis, 0 to 1, under which 50, 85 and 95% of the power lie.
    first_frame : int
        Frame of the audio at which the picture begins, after the silence.
    """

    mel: Array
    notes: Array
    noise: Array
    roll: Array
    first_frame: int

    @property
    def frames(self) -> int:
        """Number of frames."""
        return self.mel.shape[1]

    def cut(self, first: int) -> Picture:
        """Return the fragment that starts at frame `first`."""
        span = slice(first, first + FRAMES)
        return Picture(
            self.mel[:, span], self.notes[:, span], self.noise[:, span], self.roll[:, span], first
        )

    def starts(self) -> list[int]:
        """Return the first frame of each fragment; the last one ends where the music ends.

        They are laid out from both ends, so that a few frames more or less, as a codec makes
        them, move each fragment a little and never take one away.
        """
        spare = self.frames - FRAMES
        return np.linspace(0, spare, round(spare / STEP) + 1).round().astype(int).tolist()


def picture(samples: Array) -> Picture:
    """Measure all frames of mono `samples`, shape (n,), at 22,050 Hz.

    Silence before and after the music is left out, and audio shorter than a fragment is
    repeated until it fills one.
    """
    samples = np.ascontiguousarray(samples, np.float32)
    least = FRAMES * HOP
    if len(samples) < least:
        samples = np.resize(samples, least)
    samples = samples * np.float32(_LEVEL / max(float(np.sqrt(np.mean(samples**2))), 1e-9))
    first, last = _sounding(samples)
    samples = samples[first * HOP : last * HOP]
    window, mels, semitones, octaves = _tables()
    spectrum = torch.stft(
        torch.from_numpy(samples), N_FFT, HOP, window=window, pad_mode="constant",
        return_complex=True,
    )  # fmt: skip
    # The frame centred on the very end is left out: fragments end where the samples end.
    spectrum = spectrum[:, : len(samples) // HOP]
    power = spectrum.real**2 + spectrum.imag**2
    power_mel = mels @ power
    notes = (semitones @ power).sqrt_()
    logs = octaves @ power.clamp(min=_FLOOR).log_()
    means = (octaves @ power).clamp_(min=_FLOOR).log_()
    grown = power_mel.cumsum(0)
    grown /= grown[-1:].clamp(min=_FLOOR)
    roll = torch.stack([(grown < share).float().mean(0) for share in (0.5, 0.85, 0.95)])
    return Picture(
        mel=power_mel.clamp_(min=_FLOOR).log10_().mul_(10).numpy(),
        notes=torch.log1p(notes / notes.mean().clamp(min=1e-9)).numpy(),
        noise=(logs - means).clamp_(-12, 0).numpy(),
        roll=roll.numpy(),
        first_frame=first,
    )


def describe(part: Picture) -> Array:
    """Describe one fragment, shape (`DIMENSION`,): all `BLOCKS` one after the other."""
    return np.concatenate([block(part) for block in _BLOCKS.values()]).astype(np.float32)


def _sounding(samples: Array) -> tuple[int, int]:
    """First frame with sound and the one after the last, in hops, a fragment apart at least."""
    count = len(samples) // HOP
    level = np.mean(samples[: count * HOP].reshape(count, HOP) ** 2, axis=1)
    loud = np.flatnonzero(level >= level.max() * 10 ** (-_SILENCE_DB / 10))
    first, last = int(loud[0]), int(loud[-1]) + 1
    first = max(0, min(first, count - FRAMES))
    return first, max(last, first + FRAMES)


@lru_cache(maxsize=1)
def _tables() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    frequencies = np.arange(N_FFT // 2 + 1) * SAMPLE_RATE / N_FFT
    mels = librosa.filters.mel(sr=SAMPLE_RATE, n_fft=N_FFT, n_mels=N_MELS, fmin=30, fmax=10_500)
    centres = _LOWEST_HZ * 2 ** (np.arange(_SEMITONES)[:, None] / 12)
    width = np.maximum(centres * (2 ** (1 / 24) - 2 ** (-1 / 24)), SAMPLE_RATE / N_FFT)
    semitones = np.maximum(0, 1 - np.abs(frequencies - centres) / width)
    lows, highs = np.array(_OCTAVES[:-1])[:, None], np.array(_OCTAVES[1:])[:, None]
    octaves = ((frequencies >= lows) & (frequencies < highs)).astype(float)
    octaves /= octaves.sum(axis=1, keepdims=True)
    tables = (torch.from_numpy(t.astype(np.float32)) for t in (mels, semitones, octaves))
    return (torch.hann_window(N_FFT), *tables)  # type: ignore[return-value]


@lru_cache(maxsize=1)
def _cosines() -> Array:
    table: Array = scipy.fft.dct(np.eye(N_MELS), norm="ortho", axis=0)[:25].astype(np.float32)
    return table


def _timbre(part: Picture) -> Array:
    """Mean, deviation and change of 25 cepstral coefficients; covariance of the first 15."""
    cepstrum = _cosines() @ part.mel
    change = np.abs(np.diff(cepstrum, axis=1)).mean(axis=1)
    spread = np.cov(cepstrum[:15])[np.triu_indices(15)]
    return np.concatenate(
        [
            cepstrum[1:].mean(axis=1),
            cepstrum.std(axis=1),
            np.log(change + 0.1),
            np.sign(spread) * np.log1p(np.abs(spread)),
        ]
    )


def _spectral_pattern(part: Picture) -> Array:
    """Quantiles over time of the mel bands, about the mean of all."""
    ordered = np.sort(part.mel[::2] - part.mel.mean(), axis=1)
    return ordered[:, (np.array([0.1, 0.5, 0.9, 0.97]) * FRAMES).astype(int)].T.ravel()


def _delta_pattern(part: Picture) -> Array:
    """How hard each band sets in: the 90th percentile and the mean of its rises."""
    rise = np.maximum(part.mel[::2, 3:] - part.mel[::2, :-3], 0)
    high = np.partition(rise, int(0.9 * rise.shape[1]), axis=1)[:, int(0.9 * rise.shape[1])]
    return np.concatenate([high, np.log(rise.mean(axis=1) + 0.05)])


def _correlation_pattern(part: Picture) -> Array:
    """Which bands move together: correlations of 16 bands."""
    bands = part.mel.reshape(16, 4, -1).mean(axis=1)
    bands = bands - bands.mean(axis=1, keepdims=True)
    bands /= np.linalg.norm(bands, axis=1, keepdims=True) + 1e-3
    return (bands @ bands.T)[np.triu_indices(16, 1)]


def _fluctuation(part: Picture) -> Array:
    """Logarithmic fluctuation pattern: 16 bands by 14 modulation frequencies."""
    bands = part.mel.reshape(16, 4, -1).mean(axis=1)
    bands = (bands - bands.mean(axis=1, keepdims=True)) * np.hanning(FRAMES).astype(np.float32)
    power = np.abs(scipy.fft.rfft(bands, axis=1)) ** 2
    rates = np.fft.rfftfreq(FRAMES, HOP / SAMPLE_RATE)
    edges = np.searchsorted(rates, _MODULATIONS_HZ)
    mean = np.add.reduceat(power[:, : edges[-1]], edges[:-1], axis=1) / np.diff(edges)
    return np.log(np.sqrt(mean) / FRAMES + 1e-2).ravel()


def _noisiness(part: Picture) -> Array:
    """Noise against tone by octave, and where the power ends: mean and deviation."""
    rows = np.concatenate([part.noise, part.roll])
    return np.concatenate([rows.mean(axis=1), rows.std(axis=1)])


def _tonality(part: Picture) -> Array:
    """How the twelve pitch classes are used, whatever the key, and how fast that changes."""
    chroma = part.notes.reshape(7, 12, -1).sum(axis=0)
    chroma = chroma - chroma.min(axis=0)
    chroma /= np.linalg.norm(chroma, axis=0) + 1e-6
    over_time = np.abs(scipy.fft.fft(chroma, axis=0)[1:7])
    stays = [
        (chroma[:, :-lag] * chroma[:, lag:]).sum(axis=0).mean() for lag in (1, 2, 4, 8, 16, 32)
    ]
    mean = chroma.mean(axis=1)
    return np.concatenate(
        [
            np.abs(scipy.fft.fft(mean))[1:7],
            over_time.mean(axis=1),
            over_time.std(axis=1),
            np.sort(mean),
            np.log(1.001 - np.array(stays)),
        ]
    )


def _intervals(part: Picture) -> Array:
    """Peaks on the semitone axis: how many, how high, and which intervals they form."""
    notes = part.notes
    middle = notes[1:-1]
    peaks = np.zeros_like(notes)
    peaks[1:-1] = middle * ((middle > notes[:-2]) & (middle > notes[2:]))
    together = peaks @ peaks.T / FRAMES
    intervals = np.array([np.trace(together, k) / (_SEMITONES - k) for k in range(1, 25)])
    heights = peaks.reshape(14, 6, -1).mean(axis=(1, 2))
    counts = [(peaks > 0).mean(), (peaks > 1).sum(axis=0).mean() / 10]
    held = np.minimum(notes[::4, 8:], notes[::4, :-8]).mean(axis=1) - notes[::4].mean(axis=1)
    return np.concatenate([intervals / (intervals.mean() + 1e-6), heights, counts, held])


def _onsets(part: Picture) -> Array:
    """Strength and number of onsets in four ranges, and how regularly they come back."""
    rise = np.maximum(np.diff(part.mel, axis=1), 0).reshape(4, 16, -1).mean(axis=1)
    onset = rise.mean(axis=0)
    centred = onset - onset.mean()
    again = scipy.fft.irfft(np.abs(scipy.fft.rfft(centred, 1024)) ** 2)[:90]
    again = again[8:86] / (again[0] + 1e-6)
    level = onset.mean() + onset.std()
    peak = (onset[1:-1] > onset[:-2]) & (onset[1:-1] > onset[2:]) & (onset[1:-1] > level)
    return np.concatenate(
        [
            np.log(rise.mean(axis=1) + 0.02),
            np.log(rise.std(axis=1) + 0.02),
            np.sort(again)[-8:],
            again.reshape(13, 6).max(axis=1),
            [again.std(), (onset > level).mean(), peak.mean()],
        ]
    )


def _dynamics(part: Picture) -> Array:
    """How the level moves about its mean."""
    level = np.sort(part.mel.mean(axis=0))
    places = (np.array([0.02, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99]) * FRAMES).astype(int)
    change = np.abs(np.diff(part.mel.mean(axis=0))).mean()
    return np.concatenate([level[places] - level.mean(), [np.log(change + 0.05), level.std()]])


_BLOCKS: dict[str, Callable[[Picture], Array]] = {
    "timbre": _timbre,
    "spectral_pattern": _spectral_pattern,
    "delta_pattern": _delta_pattern,
    "correlation_pattern": _correlation_pattern,
    "fluctuation": _fluctuation,
    "noisiness": _noisiness,
    "tonality": _tonality,
    "intervals": _intervals,
    "onsets": _onsets,
    "dynamics": _dynamics,
}


def _spans() -> dict[str, slice]:
    still = Picture(
        np.zeros((N_MELS, FRAMES), np.float32), np.zeros((_SEMITONES, FRAMES), np.float32),
        np.zeros((7, FRAMES), np.float32), np.zeros((3, FRAMES), np.float32), 0,
    )  # fmt: skip
    spans, first = {}, 0
    for name, block in _BLOCKS.items():
        size = len(block(still))
        spans[name] = slice(first, first + size)
        first += size
    return spans


#: Where each block lies in what `describe` returns.
BLOCKS = _spans()
DIMENSION = max(span.stop for span in BLOCKS.values())
