"""Sound files as mono float32 samples: a whole file, a part, or excerpts of a track.

Long files are streamed and seeked in, never loaded whole, and every file that
cannot be used gets one clear reason.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from data.errors import SegueError
from models.audio.formats import open_reader
from models.audio.reader import AudioInfo, Block, Reader

__all__ = ["AudioInfo", "Excerpt", "Excerpts", "decode", "excerpts", "probe"]

SAMPLE_RATE = 22_050
#: Seconds of the longest file that counts as a track.
LONGEST_S = 30 * 60.0
#: Seconds below which there is nothing to analyse.
SHORTEST_S = 1.0
#: A file up to this long, in seconds, is heard whole.
WHOLE_S = 60.0
#: Peak below which a file is silent: a little over what dither leaves in 16 bits.
SILENT = 1e-4
#: Peak beyond which samples are damage rather than loud.
ABSURD = 1e6


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """A part of a track: where it starts in the file, in seconds, and its mono samples."""

    start_s: float
    samples: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Excerpts:
    """What was heard of a track.

    Parameters
    ----------
    duration_s : float
        Length of the whole file in seconds.
    windows : tuple of Excerpt
        In order of time; none of them overlap.
    sample_rate : int
        Of the windows' samples.
    mixdown_db: float
        By how many decibels all channels together have more power than the mono mix:
        0 for mono, 3 for two equal channels, more where they differ.
    """

    duration_s: float
    windows: tuple[Excerpt, ...]
    sample_rate: int
    mixdown_db: float = 0.0


def probe(path: Path | str) -> AudioInfo:
    """Length, sample rate, channels and codec of a sound file, without decoding it.

    Raises
    ------
    SegueError
        If it is no sound file that Segue can read.
    """
    with open_reader(Path(path)) as reader:
        return reader.info


def decode(
    path: Path | str,
    *,
    sample_rate: int = SAMPLE_RATE,
    start_s: float = 0.0,
    length_s: float | None = None,
    longest_s: float = LONGEST_S,
) -> NDArray[np.float32]:
    """Mono samples of a sound file, shape (samples,).

    Parameters
    ----------
    path : Path or str
    sample_rate : int
        Samples per second to return.
    start_s, length_s : float
        The part that is wanted, in seconds; by default the whole file. A part that
        goes past the end is shorter.
    longest_s : float
        Most seconds to load.

    Raises
    ------
    SegueError
        If the file cannot be read, is cut off, holds numbers that are no samples, is
        silent as a whole, or longer than `longest_s`.
    """
    path = Path(path)
    with open_reader(path) as reader:
        duration = _plausible(path, reader)
        whole = start_s <= 0 and length_s is None
        length = duration - start_s if length_s is None else length_s
        if min(length, duration) > longest_s:
            raise _too_long(path, duration, longest_s)
        if start_s >= duration:
            raise SegueError(f"{path.name} ends after {duration:.0f} s, before {start_s:g} s")
        samples = _resampled(reader, start_s, length, sample_rate)
        if whole:
            _check_length(path, reader, len(samples) / sample_rate)
    _check_samples(path, [samples], silent_too=whole)
    return samples


def excerpts(
    path: Path | str,
    *,
    sample_rate: int = SAMPLE_RATE,
    count: int = 5,
    length_s: float = 30.0,
    longest_s: float = LONGEST_S,
) -> Excerpts:
    """What to listen to of a track: all of a short file, windows spread over a long one.

    Parameters
    ----------
    path : Path or str
    sample_rate : int
        Samples per second to return.
    count, length_s : int, float
        How many windows of how many seconds. They stand in the middle of equal parts
        of the track, and there are fewer where they would overlap. A file of a minute
        at most is one window.
    longest_s : float
        Seconds beyond which a file is a mix and no track.

    Raises
    ------
    SegueError
        As by `decode`, and for files shorter than a second. A file counts as cut off
        when more than 2% (and a quarter of a second) of what its header declares
        cannot be read, or when an Ogg file lacks its last page.
    """
    path = Path(path)
    with open_reader(path) as reader:
        duration = _plausible(path, reader)
        if duration > longest_s:
            raise _too_long(path, duration, longest_s)
        if duration < SHORTEST_S:
            raise SegueError(f"{path.name} is only {duration:.2f} s long: too short to analyse")
        if duration <= WHOLE_S:
            starts, length = [0.0], duration
        else:
            count = min(count, int(duration // length_s))
            starts = [(i + 0.5) * duration / count - length_s / 2 for i in range(count)]
            length = length_s
        windows = [Excerpt(s, _resampled(reader, s, length, sample_rate)) for s in starts]
        lost_db = reader.mixdown.lost_db
        heard = starts[-1] + len(windows[-1].samples) / sample_rate
        if len(starts) > 1 and heard >= starts[-1] + length - _tolerance(length):
            heard = _end(reader, heard)
        _check_length(path, reader, heard)
    _check_samples(path, [w.samples for w in windows], silent_too=True)
    return Excerpts(duration, tuple(windows), sample_rate, lost_db)


def _plausible(path: Path, reader: Reader) -> float:
    """Declared length in seconds, unless the file is far too small to hold it."""
    duration, size = reader.info.duration_s, os.path.getsize(path)
    if duration <= 0:
        raise SegueError(f"{path.name} holds no sound: its length is 0 s")
    # FLAC of silence, the smallest there is, takes about 200 bytes a second.
    if duration > 60 and size / duration < 50:
        raise SegueError(
            f"{path.name} is damaged: its header claims {duration / 60:.0f} minutes, "
            f"which {size} bytes cannot hold"
        )
    return duration


def _resampled(reader: Reader, start_s: float, length_s: float, rate: int) -> Block:
    blocks = reader.blocks(max(0.0, start_s), length_s)
    if reader.info.sample_rate == rate:
        return _joined(blocks)
    stream = soxr.ResampleStream(reader.info.sample_rate, rate, 1, dtype="float32")
    parts = [stream.resample_chunk(block) for block in blocks]
    parts.append(stream.resample_chunk(np.zeros(0, np.float32), last=True))
    return _joined(parts)


def _joined(blocks: Iterable[Block]) -> Block:
    return np.concatenate([np.zeros(0, np.float32), *blocks])


def _tolerance(duration_s: float) -> float:
    return max(0.25, 0.02 * duration_s)


def _end(reader: Reader, heard_s: float) -> float:
    """Declared end if the file can be read there, else where it can be read to."""
    duration = reader.info.duration_s
    if any(True for _ in reader.blocks(duration - _tolerance(duration), 0.1)):
        return duration
    rest = sum(len(block) for block in reader.blocks(heard_s, duration - heard_s))
    return heard_s + rest / reader.info.sample_rate


def _check_length(path: Path, reader: Reader, readable_s: float) -> None:
    declared = reader.info.duration_s
    missing = declared - readable_s > _tolerance(declared)
    if missing and not readable_s:
        raise SegueError(f"{path.name} is damaged: nothing in it can be decoded")
    if missing:
        raise SegueError(
            f"{path.name} is cut off or damaged: {readable_s:.3g} s of {declared:.3g} s can be read"
        )
    if reader.cut_off:
        raise SegueError(f"{path.name} is cut off after {readable_s:.3g} s: its end is missing")


def _check_samples(path: Path, windows: list[Block], *, silent_too: bool) -> None:
    # NumPy's maximum is NaN where one sample is; Python's would pass over it.
    peak = float(np.max([np.abs(window).max(initial=0) for window in windows]))
    if not peak <= ABSURD:
        raise SegueError(f"{path.name} is damaged: it holds samples that are not numbers or huge")
    if silent_too and peak < SILENT:
        raise SegueError(f"{path.name} is silent from beginning to end")


def _too_long(path: Path, duration_s: float, longest_s: float) -> SegueError:
    return SegueError(
        f"{path.name} is {duration_s / 60:.0f} minutes long: that is a mix, not a track "
        f"(the limit is {longest_s / 60:.0f} minutes; set SEGUE_MAX_DURATION_MIN to raise it)"
    )
