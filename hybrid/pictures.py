"""Sound as a picture: the outline of a waveform as SVG, and a spectrogram as an array."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.audio.decode import LONGEST_S, decode, probe
from models.audio.waveform import Waveform, waveform

__all__ = ["HEIGHT", "Spectrogram", "fragment", "outline", "spectrogram", "svg"]

#: Height of an outline; its width is one for each bin.
HEIGHT = 64
#: Swings below this are drawn as if they were: noise is not blown up to fill the picture.
_SMALLEST = 0.02

_SAMPLE_RATE, _N_FFT = 22_050, 2048
_DEEPEST_DB = -80
#: Decibels of the quietest sound that is called loudest: a pause is not music.
_LEAST_DB = -20.0


@dataclass(frozen=True, slots=True, eq=False)
class Spectrogram:
    """A mel spectrogram small enough for a page.

    Parameters
    ----------
    times_s : ndarray of float32, shape (t,)
        Middle of each column in seconds of the file.
    frequencies_hz : ndarray of float32, shape (f,)
        Centre of each mel band, ascending.
    decibels : ndarray of int8, shape (f, t)
        0 for the loudest, -80 and below as -80.
    """

    times_s: NDArray[np.float32]
    frequencies_hz: NDArray[np.float32]
    decibels: NDArray[np.int8]


def outline(wave: Waveform) -> str:
    """Draw a waveform as the ``d`` of an SVG path: up along its peaks and back below.

    The path fills a box as wide as there are bins and `HEIGHT` high, its largest swing the
    whole height.

    Examples
    --------
    >>> flat = np.zeros((2, 2), np.float32)
    >>> outline(Waveform(0.0, 1.0, flat, np.zeros((2, 3), np.float32)))
    'M0 32l1 0 0 0-1 0z'
    """
    swing = max(_SMALLEST, float(np.abs(wave.peaks).max()))
    heights = np.rint((0.5 - 0.5 * wave.peaks / swing) * HEIGHT).astype(int)
    below, above = heights[:, 0], heights[:, 1]
    across = np.arange(len(heights))
    points = np.concatenate(
        [np.column_stack([across, above]), np.column_stack([across, below])[::-1]]
    )
    # Steps from point to point are half as long to write as the points.
    steps = np.diff(points, axis=0).ravel()
    written = "".join(f"{' ' if step >= 0 else ''}{step}" for step in steps).strip()
    return f"M{points[0, 0]} {points[0, 1]}l{written}z"


def svg(wave: Waveform) -> str:
    """Draw a waveform as an SVG element in the colour of the text around it.

    It stretches to whatever box it is given. Whoever shows it says in words what it is.
    """
    width = max(1, len(wave.peaks) - 1)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" '
        'preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        '<path fill="currentColor" stroke="currentColor" '
        f'vector-effect="non-scaling-stroke" d="{outline(wave)}"/>'
        "</svg>"
    )


def fragment(path: Path, start_s: float, length_s: float = 3.0, *, bins: int = 150) -> str:
    """Draw a moment of a file as SVG; see `svg`.

    Raises
    ------
    SegueError
        As by `models.audio.waveform.waveform`.
    """
    return svg(waveform(path, start_s=start_s, length_s=length_s, bins=bins))


def spectrogram(
    path: Path,
    *,
    start_s: float = 0.0,
    length_s: float | None = None,
    n_mels: int = 96,
    columns: int = 600,
    longest_s: float = LONGEST_S,
) -> Spectrogram:
    """Measure which frequencies sound when.

    Parameters
    ----------
    path : Path
    start_s, length_s : float
        The part that is wanted, in seconds; by default the whole file.
    n_mels : int
        How many bands, from 0 Hz to 11 kHz.
    columns : int
        Most columns.
    longest_s : float
        Seconds beyond which a file is a mix and is not shown whole.

    Raises
    ------
    SegueError
        As by `models.audio.decode.decode`.
    """
    # They take a second to import, which a waveform need not wait for.
    from librosa import mel_frequencies

    from models.encoders.mel import LogMel

    if length_s is None:
        length_s = probe(path).duration_s - start_s if start_s > 0 else None
    samples = decode(
        path, sample_rate=_SAMPLE_RATE, start_s=start_s, length_s=length_s, longest_s=longest_s
    )
    # Four looks a column where the file is long; powers of two, whose tables are kept.
    hop = int(2 ** np.clip(np.floor(np.log2(max(1, len(samples) / (4 * columns)))), 8, 12))
    decibels = LogMel(_SAMPLE_RATE, _N_FFT, hop, n_mels)(samples)
    each = -(-decibels.shape[1] // columns)
    whole = decibels[:, : decibels.shape[1] // each * each]
    pooled = whole.reshape(n_mels, -1, each).mean(axis=2)
    relative = np.maximum(pooled - max(_LEAST_DB, float(pooled.max())), _DEEPEST_DB)
    times = start_s + (np.arange(pooled.shape[1]) * each + (each - 1) / 2) * hop / _SAMPLE_RATE
    bands = mel_frequencies(n_mels + 2, fmin=0, fmax=_SAMPLE_RATE / 2)[1:-1]
    return Spectrogram(
        times_s=times.astype(np.float32),
        frequencies_hz=bands.astype(np.float32),
        decibels=np.rint(relative).astype(np.int8),
    )
