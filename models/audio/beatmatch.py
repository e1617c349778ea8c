"""Bringing two tracks together: the beat of a passage, and where the beats of two meet."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import scipy.signal
from numpy.typing import NDArray

from models.audio.onsets import FRAMES_PER_SECOND, onset_envelopes
from models.audio.periodicity import detrended
from models.audio.tempo import estimate_tempo

__all__ = ["Beat", "Grid", "meeting_place", "passage_beat"]

Floats = NDArray[np.float32]

#: A passage is at most this much off the tempo of its track: tags are rounded, drummers are not.
_NEAR = 0.02
#: Music made with a machine runs at whole beats per minute: so near, it is one.
_NEARLY_WHOLE = 0.05
#: How much each band of `models.audio.onsets.BANDS` counts: kicks must meet above all.
_BAND_WEIGHTS = np.array([3.0, 1.0, 1.0, 0.5], np.float32)
#: Seconds that beats may be off the grid: 0.03% of 45 s, and what kick and click are heard apart.
_OFF_GRID_S = 0.02


#: How much of a likeness counts where the bars are not thought to meet. Broken beats tell their
#: bars apart by a factor of two and overrule it; where every beat has a kick, chance makes 15%.
_OFF_BAR = 0.75


class Beat(NamedTuple):
    """Tempo in beats per minute, and seconds from the start to the first beat if that is known."""

    bpm: float
    start_s: float | None = None


class Grid(NamedTuple):
    """Places at which the beats of two tracks meet.

    Parameters
    ----------
    period_s : float
        From one to the next, in seconds.
    start_s : float
        One of them; they go on before it and after it.
    bar : int
        At every so many of them, counted from `start_s`, their bars are thought to meet too.
    """

    period_s: float
    start_s: float
    bar: int = 1


def passage_beat(samples: Floats, known: float | None, *, sample_rate: int) -> Beat | None:
    """Beat of a passage, its tempo to a few hundredths of a percent.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono, best 10 to 40 seconds.
    known : float or None
        Tempo of the whole track, which says what counts as a beat, in beats per minute.
    sample_rate : int
        Samples per second.

    Returns
    -------
    Beat or None
        Only `known` where the passage has no beat near it; None where there is none at all.
    """
    heard = estimate_tempo([samples], sample_rate=sample_rate)
    readings = () if heard.bpm is None else (heard.bpm, *heard.alternatives)
    if known is not None:
        readings = tuple(bpm for bpm in readings if abs(bpm / known - 1) <= _NEAR)
    if not readings:
        return None if known is None else Beat(known)
    bpm = readings[0] if known is None else min(readings, key=lambda bpm: abs(bpm - known))
    whole = round(bpm)
    return Beat(float(whole) if abs(bpm - whole) <= _NEARLY_WHOLE else bpm, heard.beat_start_s)


def meeting_place(
    playing: Floats,
    coming: Floats,
    *,
    sample_rate: int,
    earliest: int,
    latest: int,
    grid: Grid | None = None,
) -> int:
    """Find where `coming` must start in `playing` for the beats of both to fall together.

    Parameters
    ----------
    playing, coming : ndarray of float32, shape (n,) and (m,)
        Mono, in the same tempo. The beginning of `coming` that overlaps is enough.
    sample_rate : int
        Samples per second, of both.
    earliest, latest : int
        First and last sample of `playing` that may be the place. Within a bar of range the
        backbeats meet too, not only some beat with some other.
    grid : Grid, optional
        Where their beats meet by all that is known of either, in seconds of `playing`. Two
        passages alone may look alike at half a beat too, hats on kicks.

    Returns
    -------
    int
        Sample of `playing`; `latest` where nothing in them begins.
    """
    hop = sample_rate / FRAMES_PER_SECOND
    lags = max(1, int((latest - earliest) / hop) + 1)
    bed = _onsets(playing[earliest : latest + len(coming)], sample_rate)
    onto = _onsets(coming, sample_rate)
    frames = onto.shape[1] + lags - 1
    bed = np.pad(bed[:, :frames], ((0, 0), (0, max(0, frames - bed.shape[1]))))
    score = np.zeros(lags)
    for weight, one, other in zip(_BAND_WEIGHTS, bed, onto, strict=True):
        score += weight * scipy.signal.correlate(one, other, "valid")
    if not score.any():
        return latest
    best = int(score.argmax())
    place = _summit(score, best)
    if grid is not None:
        periods = ((earliest + hop * np.arange(lags)) / sample_rate - grid.start_s) / grid.period_s
        off = (periods - np.rint(periods)) * grid.period_s
        on_grid = np.abs(off) <= max(_OFF_GRID_S, np.abs(off).min())
        off_bar = (np.rint(periods) % grid.bar != 0) & (score > 0)
        likely = np.where(off_bar, _OFF_BAR * score, score)
        best = int(np.where(on_grid, likely, -np.inf).argmax())
        # The slope of a summit that lies off the grid says nothing: the grid knows better.
        beside = score[max(0, best - 1) : best + 2]
        place = (
            _summit(score, best)
            if score[best] == beside.max()
            else best - off[best] * FRAMES_PER_SECOND
        )
    return int(np.clip(round(earliest + hop * place), earliest, latest))


def _onsets(samples: Floats, sample_rate: int) -> Floats:
    """Onsets of each band around their mean, the bands made equally strong."""
    bands = detrended(onset_envelopes(samples, sample_rate=sample_rate))
    if not bands.shape[1]:
        return np.zeros((len(bands), 1), np.float32)
    deviation = bands.std(axis=1, keepdims=True)
    # A band in which nothing happens must not be blown up to the size of the others.
    return np.asarray(bands / np.maximum(deviation, 0.1 * deviation.max() + 1e-9), np.float32)


def _summit(score: NDArray[np.float64], best: int) -> float:
    """Where the parabola through a place and its neighbours is highest, if it is a summit."""
    if not 0 < best < len(score) - 1:
        return float(best)
    before, at, after = score[best - 1 : best + 2]
    if not before <= at >= after or before == after == at:
        return float(best)
    return float(best + 0.5 * (before - after) / (before - 2 * at + after))
