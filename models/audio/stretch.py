"""Playing faster or slower at the same pitch.

WSOLA (Verhelst and Roelands, "An overlap-add technique based on waveform similarity (WSOLA) for
high quality time-scale modification of speech", ICASSP 1993) in the form that DJ software uses:
long pieces are played as they are and spliced where the waves on both sides look alike. A drum
stays as sharp as it was, which a phase vocoder smears; and librosa's vocoder takes seconds until
its numba code is there.
"""

from __future__ import annotations

import numpy as np
import scipy.ndimage
import scipy.signal
from numpy.typing import NDArray

__all__ = ["LEAST_RATE", "MOST_RATE", "stretch"]

Floats = NDArray[np.float32]

#: Beyond these the splices can be heard.
LEAST_RATE, MOST_RATE = 0.5, 2.0

#: Seconds from splice to splice: as many as change the length by 4 ms, within these bounds.
_SHORTEST_S, _LONGEST_S, _CHANGE_S = 0.03, 0.08, 0.004
_SPLICE_S = 0.012
#: Seconds that a splice may be off its place: one cycle of a bass of 50 Hz, both ways together.
_REACH_S = 0.010
#: What being off by the whole reach costs, of a likeness of at most 1: drums stay in their
#: place unless the waves clearly want otherwise.
_COST = 0.05
#: What an onset costs that would be played twice or left out.
_ONSET_COST = 0.5
#: A sound begins where the level rises by so many decibels above the loudest of the last
#: milliseconds, half a cycle of the lowest bass; so far below the peak everything is silence.
_ONSET_DB, _BEFORE_MS, _FLOOR_DB = 6.0, 13, -50.0


def stretch(samples: Floats, rate: float, *, sample_rate: int) -> Floats:
    """Play `samples` `rate` times as fast, at the same pitch.

    Parameters
    ----------
    samples : ndarray of float32, shape (n,)
        Mono.
    rate : float
        Above 1 is faster and shorter; 0.5 to 2.
    sample_rate : int
        Samples per second.

    Returns
    -------
    ndarray of float32, shape (round(n / rate),)
        What was at second `t` is at `t / rate`, 10 ms more or less.

    Raises
    ------
    ValueError
        If the rate is out of its range.

    Examples
    --------
    >>> tone = np.sin(np.arange(44_100) / 10).astype(np.float32)
    >>> len(stretch(tone, 1.05, sample_rate=44_100))
    42000
    """
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise ValueError(f"rate must be {LEAST_RATE} to {MOST_RATE}, not {rate!r}")
    wanted = round(len(samples) / rate)
    if wanted == len(samples) or not wanted:
        return samples[:wanted].copy()
    piece_s = float(np.clip(_CHANGE_S / abs(rate - 1), _SHORTEST_S, _LONGEST_S))
    piece, splice, reach = (round(s * sample_rate) for s in (piece_s, _SPLICE_S, _REACH_S))
    # Silence on both sides, so that every piece can be looked for everywhere.
    padded = np.pad(samples, (reach, round(piece * rate) + piece + splice + 2 * reach))
    onsets = _onsets_before(padded, sample_rate)
    rise = np.linspace(0, 1, splice, endpoint=False, dtype=np.float32)
    late = piece * (rate - 1) / 2  # half of what a piece is off by its end: right in its middle
    off = _COST * np.square(np.linspace(-1, 1, 2 * reach + 1))
    out = np.empty(wanted + piece + splice, np.float32)
    out[: piece + splice] = padded[reach : reach + piece + splice]
    at = reach  # where the piece that plays was taken from
    for start in range(piece, wanted, piece):
        # It would go on like this; the next piece is taken from where it sounds the same.
        on = at + piece
        goes_on = padded[on : on + splice]
        first = round(start * rate + late)
        twice = np.abs(onsets[first : first + 2 * reach + 1] - onsets[on])
        likeness = _likeness(goes_on, padded[first : first + 2 * reach + splice])
        at = first + int((likeness - off - _ONSET_COST * twice).argmax())
        out[start : start + splice] = goes_on + rise * (padded[at : at + splice] - goes_on)
        out[start + splice : start + piece + splice] = padded[at + splice : at + piece + splice]
    return out[:wanted].copy()


def _likeness(wanted: Floats, where: Floats) -> NDArray[np.float64]:
    """How much `wanted` is like what stands at each place of `where`: 1 for the same."""
    products = scipy.signal.correlate(where, wanted, "valid")
    energies = np.concatenate([[0.0], np.cumsum(np.square(where, dtype=np.float64))])
    power = energies[len(wanted) :] - energies[: -len(wanted)]
    mine = float(np.dot(wanted, wanted))
    quiet = 1e-9 * len(wanted)  # -90 dB: what is silent is like everything
    return np.asarray((products + quiet) / np.sqrt((power + quiet) * (mine + quiet)))


def _onsets_before(samples: Floats, sample_rate: int) -> NDArray[np.int64]:
    """How many sounds begin before each sample."""
    frame = max(1, sample_rate // 1000)
    count = len(samples) // frame
    power = np.square(samples[: count * frame]).reshape(count, frame).mean(axis=1)
    level = 10 * np.log10(np.maximum(power, power.max(initial=1e-10) * 10 ** (_FLOOR_DB / 10)))
    loudest = scipy.ndimage.maximum_filter1d(level, _BEFORE_MS, origin=_BEFORE_MS // 2)
    begins = np.concatenate([[False], level[1:] > loudest[:-1] + _ONSET_DB])
    before = np.repeat(np.cumsum(begins), frame)
    return np.pad(before, (0, len(samples) - len(before)), "edge")
