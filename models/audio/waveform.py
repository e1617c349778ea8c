"""The outline of a sound file: how far it swings, and how much of it is low, middle and high."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import scipy.fft
from numpy.typing import NDArray

from data.errors import SegueError
from models.audio.formats import open_reader
from models.audio.reader import Block

__all__ = ["Waveform", "waveform"]

Floats = NDArray[np.float32]

#: Between low and middle (kick and bass below), and between middle and high (hats above), in Hz.
BAND_EDGES_HZ = (200.0, 2_500.0)
#: Samples that are worked on at a time, so that a mix of hours takes no more memory.
_PART = 1 << 19
#: Seconds of the frames that are transformed: a cycle of the lowest kick.
_FRAME_S = 0.023


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """A sound file, or a part of it, in `b` equal bins.

    Parameters
    ----------
    start_s, length_s : float
        The part that it shows, in seconds.
    peaks : ndarray of float32, shape (b, 2)
        Lowest and highest sample of each bin; full scale is 1.
    bands : ndarray of float32, shape (b, 3)
        Level (root mean square) of what is low, middle and high, see `BAND_EDGES_HZ`.
    """

    start_s: float
    length_s: float
    peaks: Floats
    bands: Floats


def waveform(
    path: Path | str, *, start_s: float = 0.0, length_s: float | None = None, bins: int = 600
) -> Waveform:
    """Measure the waveform of a sound file, channels mixed to one.

    Parameters
    ----------
    path : Path or str
    start_s, length_s : float
        The part that is wanted, in seconds; by default the whole file. A part that goes
        past the end is shorter.
    bins : int
        Into how many equal pieces it is cut; fewer where there are fewer samples.

    Returns
    -------
    Waveform
        Where the file can no longer be read, its bins are silent.

    Raises
    ------
    SegueError
        If the file cannot be read, or ends before `start_s`.
    """
    if bins < 1 or start_s < 0 or (length_s is not None and length_s <= 0):
        raise SegueError("a waveform starts at 0 s or later, and has a length and a bin")
    path = Path(path)
    with open_reader(path) as reader:
        rate, left = reader.info.sample_rate, reader.info.duration_s - start_s
        length = left if length_s is None else min(length_s, left)
        count = round(length * rate)
        if count < 1:
            raise SegueError(
                f"{path.name} ends after {reader.info.duration_s:.0f} s: "
                f"there is nothing to see at {start_s:g} s"
            )
        bins = min(bins, count)
        # Whole numbers, since a rounded step would leave a bin without a sample.
        edges = np.arange(bins + 1, dtype=np.int64) * count // bins
        peaks = np.zeros((bins, 2), np.float32)
        bands = np.zeros((bins, 3), np.float32)
        heard = 0
        for first, last, samples in _whole_bins(reader.blocks(start_s, length), edges, _PART):
            within = edges[first : last + 1] - edges[first]
            peaks[first:last, 0] = np.minimum.reduceat(samples, within[:-1])
            peaks[first:last, 1] = np.maximum.reduceat(samples, within[:-1])
            bands[first:last] = _levels(samples, within, rate)
            heard += len(samples)
    if not heard:
        raise SegueError(f"{path.name} is damaged: nothing in it can be decoded")
    if not (np.isfinite(peaks).all() and np.isfinite(bands).all()):
        raise SegueError(f"{path.name} is damaged: it holds samples that are not numbers")
    return Waveform(start_s, count / rate, peaks, bands)


def _whole_bins(
    blocks: Iterable[Block], edges: NDArray[np.int64], part: int
) -> Iterator[tuple[int, int, Block]]:
    """Yield (first bin, bin after the last, samples of those bins), about `part` at a time."""
    held: list[Block] = []
    count = at = 0
    for block in blocks:
        held.append(block)
        count += len(block)
        upto = int(np.searchsorted(edges, edges[at] + count, "right")) - 1
        if count >= part and upto > at:
            samples = np.concatenate(held)
            whole = int(edges[upto] - edges[at])
            yield at, upto, samples[:whole]
            held, count, at = [samples[whole:]], count - whole, upto
    if count and at < len(edges) - 1:
        # The file may end within a bin, which is then filled up with silence.
        upto = min(int(np.searchsorted(edges, edges[at] + count)), len(edges) - 1)
        samples = np.zeros(int(edges[upto] - edges[at]), np.float32)
        there = np.concatenate(held)[: len(samples)]
        samples[: len(there)] = there
        yield at, upto, samples


def _levels(samples: Block, edges: NDArray[np.int64], rate: int) -> Floats:
    """Level of the three bands in each bin, shape (bins, 3)."""
    size = 2 ** round(np.log2(rate * _FRAME_S))
    if len(samples) < size:
        samples = np.pad(samples, (0, size - len(samples)))
    bins = len(edges) - 1
    each = max(1, round(int(edges[-1]) / bins / size))
    places = (np.arange(each) + 0.5) / each
    centres = edges[:-1, None] + places * np.diff(edges)[:, None]
    starts = np.clip(centres.ravel() - size / 2, 0, len(samples) - size).astype(np.int64)
    window, member = _tables(size, rate)
    frames = np.lib.stride_tricks.sliding_window_view(samples, size)[starts] * window
    spectrum = scipy.fft.rfft(frames, axis=1, overwrite_x=True)
    power = (np.square(spectrum.real) + np.square(spectrum.imag)) @ member
    levels: Floats = np.sqrt(power.reshape(bins, each, 3).mean(axis=1))
    return levels


@lru_cache(maxsize=8)
def _tables(size: int, rate: int) -> tuple[Floats, Floats]:
    """Window of a frame, and what turns power per frequency into power per band."""
    window = np.hanning(size + 1)[:-1].astype(np.float32)
    hz = scipy.fft.rfftfreq(size, 1 / rate)
    member = np.digitize(hz, BAND_EDGES_HZ)[:, None] == np.arange(3)
    # Parseval: a frequency and its mirror image together hold the mean square.
    share = 2 / (size * float(np.square(window).sum()))
    return window, (member * share).astype(np.float32)
