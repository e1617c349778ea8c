"""Tempo of a piece of music, how sure it is, and where its first beat lies.

Periods are easily found; which of them is the beat is the hard part. A small network, the same
for every candidate tempo, scores what `periodicity.evidence` says of it; a smooth preference
among tempi is added; softmax over the candidates turns the scores into probabilities. The
weights are made by ``benchmarks/train_tempo.py``, which also says on what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from models.audio.onsets import (
    FRAMES_PER_SECOND,
    ONSET_LATENCY_S,
    SAMPLE_RATE,
    onset_envelopes,
)
from models.audio.periodicity import (
    FASTEST,
    SLOWEST,
    Periodicity,
    detrended,
    evidence,
    periodicity,
    pooled_correlations,
)

#: A tempo within this is the same tempo, as in the MIREX tempo task.
TOLERANCE = 0.04
WEIGHTS = Path(__file__).parent / "weights" / "tempo.safetensors"
#: Seconds below which no window can show a tempo: a bar at 120.
SHORTEST_S = 2.0

#: Centres (natural logarithm of BPM) and width of the bumps that make up the preference.
PREFERENCE_CENTRES = np.log(np.geomspace(40, 250, 12))
PREFERENCE_WIDTH = 0.16

#: Least growth of loudness (99th percentile) of a window that has a beat: chords that only
#: swell and beat against themselves reach .3, the softest loop of a known tempo .46.
_LEAST_ONSET = 0.35
#: Least clarity, and the same times the square root of the frames, since the less there is of
#: noise, the higher it happens to correlate: noise reaches .06 in 30 s, the vaguest loop .2.
_LEAST_CLARITY = 0.12
_LEAST_CLARITY_OF_FEW = 4.5
#: Other readings of a beat, and the chance below which an odd one is not worth naming.
_HALF_AND_DOUBLE = (0.5, 2.0)
_ODD_READINGS = (2 / 3, 3 / 2, 1 / 3, 3.0, 3 / 4, 4 / 3)
_LEAST_CHANCE = 0.02
#: Seconds of the longest lag by which the tempo is sharpened.
_LONGEST_LAG_S = 20.0
_BEAT_BAND_WEIGHTS = np.array([3.0, 1.0, 1.0, 0.5], np.float32)


@dataclass(frozen=True)
class Tempo:
    """The beat of a track.

    Parameters
    ----------
    bpm : float or None
        Beats per minute; None where there is no beat.
    confidence : float
        0 to 1: about the chance that `bpm` is right within 4%.
    alternatives : tuple of float
        Half, double and whatever else (3:2, 4:3) is plausible, likeliest first.
    beat_start_s : float or None
        Time of the first beat in the first window; None where that window has no beat.
    """

    bpm: float | None
    confidence: float
    alternatives: tuple[float, ...]
    beat_start_s: float | None


NO_TEMPO = Tempo(None, 0.0, (), None)


def estimate_tempo(
    windows: Sequence[NDArray[np.float32]],
    *,
    sample_rate: int = SAMPLE_RATE,
    weights: Path = WEIGHTS,
) -> Tempo:
    """One tempo for all windows of a track; windows without a beat have no say.

    Parameters
    ----------
    windows : sequence of numpy.ndarray of shape (samples,)
        Mono audio, in order of time; best are 10 to 30 seconds each.
    sample_rate : int
        Of the windows, in Hz.
    weights : pathlib.Path
        The network's, as safetensors.

    Returns
    -------
    Tempo
        With None for `bpm` where no window has a beat (silence, noise, a pad).

    Examples
    --------
    >>> clicks = np.zeros(22_050 * 10, np.float32)
    >>> clicks[:: 22_050 // 2] = 1
    >>> round(estimate_tempo([clicks]).bpm)
    120
    """
    envelopes = [onset_envelopes(window, sample_rate=sample_rate) for window in windows]
    heard = [pulse_of(envelope) for envelope in envelopes]
    parts = [part for part in heard if part is not None]
    if not parts:
        return NO_TEMPO
    shares = window_shares(parts)
    tempi, features = evidence(parts, shares)
    chances = _softmax(_network(weights)(tempi, features))
    rough = float(tempi[_most_mass(tempi, chances)])
    bpm = _sharpen(pooled_correlations(parts, shares)[0], rough, min(p.frames for p in parts))
    start = _first_beat(envelopes[0], bpm) if heard[0] is not None else None
    return Tempo(
        bpm=round(bpm, 3),
        confidence=round(_mass_near(tempi, chances, bpm), 4),
        alternatives=_other_readings(tempi, chances, bpm),
        beat_start_s=start,
    )


def pulse_of(envelopes: NDArray[np.float32]) -> Periodicity | None:
    """The periodicity of a window, or None where it has no beat.

    Parameters
    ----------
    envelopes : numpy.ndarray of shape (4, frames)
        From `models.audio.onsets.onset_envelopes`.
    """
    if envelopes.shape[1] < SHORTEST_S * FRAMES_PER_SECOND:
        return None
    if np.quantile(envelopes, 0.99) < _LEAST_ONSET:
        return None
    part = periodicity(envelopes)
    least = max(_LEAST_CLARITY, _LEAST_CLARITY_OF_FEW / np.sqrt(part.frames))
    return part if part.clarity >= least else None


def window_shares(parts: Sequence[Periodicity]) -> list[float]:
    """How much each window counts: its length times the square of its clarity."""
    raw = np.array([part.frames * part.clarity**2 for part in parts])
    return [float(weight) for weight in raw / raw.sum()]


@dataclass(frozen=True)
class _Network:
    """One hidden layer over the evidence of a candidate, and the preference among tempi."""

    hidden_weight: NDArray[np.float32]
    hidden_bias: NDArray[np.float32]
    output_weight: NDArray[np.float32]
    preference: NDArray[np.float32]

    def __call__(
        self, tempi: NDArray[np.float64], features: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        hidden = np.tanh(features @ self.hidden_weight + self.hidden_bias)
        return np.asarray(
            hidden @ self.output_weight + preference_bumps(tempi) @ self.preference, np.float64
        )


def preference_bumps(tempi: NDArray[np.float64]) -> NDArray[np.float64]:
    """Gaussian bumps on log tempo, shape (..., 12): their sum can be any smooth preference."""
    distance = (np.log(tempi)[..., None] - PREFERENCE_CENTRES) / PREFERENCE_WIDTH
    return np.asarray(np.exp(-0.5 * distance**2))


@lru_cache
def _network(weights: Path) -> _Network:
    return _Network(**load_file(weights))


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def _mass_near(tempi: NDArray[np.float64], chances: NDArray[np.float64], bpm: float) -> float:
    return float(chances[np.abs(np.log(tempi / bpm)) < TOLERANCE].sum())


def _most_mass(tempi: NDArray[np.float64], chances: NDArray[np.float64]) -> int:
    """The likeliest candidate among those around the tolerance that holds the most."""
    near = np.abs(np.log(tempi[:, None] / tempi)) < TOLERANCE
    held = np.where(near[(near @ chances).argmax()], chances, 0.0)
    return int(held.argmax())


def _sharpen(correlation: NDArray[np.float32], rough: float, frames: int) -> float:
    """The tempo near `rough` whose multiples, up to 20 s away, repeat the most.

    An error of 0.1% moves a lag of 20 s by two frames, which is what makes it visible.
    """
    longest = min(_LONGEST_LAG_S * FRAMES_PER_SECOND, 0.75 * frames, len(correlation) - 2)
    beat = 60 / rough * FRAMES_PER_SECOND
    multiples = np.arange(1, max(2, int(longest / (beat * 1.03)) + 1))
    step = 0.25 / longest
    beats = beat * np.exp(np.arange(-0.025, 0.025, step))
    lags = multiples * beats[:, None]
    score = np.interp(lags, np.arange(len(correlation)), correlation).mean(1)
    best = int(score.argmax())
    if 0 < best < len(score) - 1:
        before, at, after = score[best - 1 : best + 2]
        bend = before - 2 * at + after
        shift = 0.5 * (before - after) / bend if bend < 0 else 0.0
    else:
        shift = 0.0
    return float(60 * FRAMES_PER_SECOND / (beats[best] * np.exp(shift * step)))


def _first_beat(envelopes: NDArray[np.float32], bpm: float) -> float:
    """Where a train of pulses at `bpm` meets the most onsets, low ones above all."""
    flux = np.maximum(_BEAT_BAND_WEIGHTS @ detrended(envelopes), 0)
    beat = 60 / bpm * FRAMES_PER_SECOND
    phases = np.arange(0, beat, 0.125)
    pulses = phases[:, None] + beat * np.arange(int((len(flux) - 1) / beat))
    best = phases[np.interp(pulses, np.arange(len(flux)), flux).sum(1).argmax()]
    start = best / FRAMES_PER_SECOND - ONSET_LATENCY_S
    period = 60 / bpm
    # A beat on the very first sample may come out a little before it.
    start = start % period
    return 0.0 if period - start < 0.02 else round(float(start), 4)


def _other_readings(
    tempi: NDArray[np.float64], chances: NDArray[np.float64], bpm: float
) -> tuple[float, ...]:
    held = {ratio: _mass_near(tempi, chances, bpm * ratio) for ratio in _HALF_AND_DOUBLE}
    for ratio in _ODD_READINGS:
        chance = _mass_near(tempi, chances, bpm * ratio)
        if chance >= _LEAST_CHANCE:
            held[ratio] = chance
    within = [ratio for ratio in held if SLOWEST * 0.75 <= bpm * ratio <= FASTEST * 1.25]
    within.sort(key=lambda ratio: -held[ratio])
    return tuple(round(bpm * ratio, 3) for ratio in within)
