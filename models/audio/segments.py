"""Cutting, fading and joining pieces of tracks, and turning them into files for the page.

pydub does the cutting, on samples that Segue decoded: pydub's own decoders start an
ffmpeg program, which need not be there.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile
from numpy.typing import NDArray

from data.errors import SegueError
from models.audio.decode import decode

with warnings.catch_warnings():
    # pydub looks for ffmpeg, which Segue never lets it use, and imports audioop, which
    # the package audioop-lts brings back where Python has it no longer.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment

__all__ = ["AudioSegment", "crossfade", "cut", "encode", "excerpt_bytes", "fade", "join"]

#: Samples a second of what a person listens to.
SAMPLE_RATE = 44_100

Form = Literal["wav", "mp3", "ogg"]


def cut(
    source: Path | str | NDArray[np.float32],
    start_s: float,
    length_s: float,
    *,
    sample_rate: int = SAMPLE_RATE,
) -> AudioSegment:
    """Cut a piece out of a file or of mono samples.

    Parameters
    ----------
    source : Path, str or ndarray of float32, shape (samples,)
        A file, or samples at `sample_rate`.
    start_s, length_s : float
        In seconds. A piece that goes past the end is shorter.
    sample_rate : int
        Of the piece, in samples per second.

    Returns
    -------
    AudioSegment
        Mono, 16 bits.

    Raises
    ------
    SegueError
        If the file cannot be decoded or there is nothing at `start_s`.

    Examples
    --------
    >>> tone = np.sin(np.arange(44_100) / 20).astype(np.float32)
    >>> len(cut(tone, 0.25, 0.5))  # in milliseconds
    500
    """
    if start_s < 0 or length_s <= 0:
        raise SegueError("a piece must start at 0 s or later and be longer than 0 s")
    if isinstance(source, np.ndarray):
        first = round(start_s * sample_rate)
        samples = source[first : first + round(length_s * sample_rate)]
    else:
        samples = decode(source, sample_rate=sample_rate, start_s=start_s, length_s=length_s)
    if not len(samples):
        raise SegueError(f"there is nothing to cut at {start_s:g} s: the track ends before")
    whole = np.round(np.clip(samples, -1, 1) * 32767).astype("<i2")
    return AudioSegment(whole.tobytes(), sample_width=2, frame_rate=sample_rate, channels=1)


def fade(segment: AudioSegment, seconds: float) -> AudioSegment:
    """Fade a piece in and out over `seconds` each, at most half of it."""
    duration = min(round(1000 * seconds), len(segment) // 2)
    return segment.fade_in(duration).fade_out(duration)


def crossfade(left: AudioSegment, right: AudioSegment, *, seconds: float) -> AudioSegment:
    """Play `right` into the last `seconds` of `left`, as a DJ would.

    Raises
    ------
    SegueError
        If one of the pieces is shorter than the crossfade.
    """
    shorter = min(len(left), len(right)) / 1000
    if not 0 <= seconds <= shorter:
        raise SegueError(f"a crossfade between these pieces takes 0 to {shorter:g} s")
    return left.append(right, crossfade=round(1000 * seconds))


def join(segments: Sequence[AudioSegment]) -> AudioSegment:
    """Put pieces one after another, without a gap."""
    if not segments:
        raise SegueError("there are no pieces to join: name at least one")
    return sum(segments[1:], segments[0])


def encode(segment: AudioSegment, form: Form = "wav") -> bytes:
    """A piece as the bytes of a WAV, MP3 or Ogg Vorbis file."""
    kinds = {"wav": ("WAV", "PCM_16"), "mp3": ("MP3", None), "ogg": ("OGG", "VORBIS")}
    if form not in kinds:
        raise SegueError(f'a piece can be "wav", "mp3" or "ogg", not {form!r}')
    container, subtype = kinds[form]
    samples = np.frombuffer(segment.raw_data, "<i2").reshape(-1, segment.channels)
    rate, written = segment.frame_rate, io.BytesIO()
    with soundfile.SoundFile(
        written, "w", rate, segment.channels, subtype, format=container
    ) as file:
        # libsndfile crashes when it is given minutes of Vorbis at once.
        for start in range(0, len(samples), rate):
            file.write(samples[start : start + rate])
    return written.getvalue()


def excerpt_bytes(
    path: Path | str,
    start_s: float,
    length_s: float,
    *,
    fade_s: float = 0.02,
    form: Form = "wav",
    sample_rate: int = SAMPLE_RATE,
) -> bytes:
    """A faded piece of a file, as a file that a browser plays.

    Raises
    ------
    SegueError
        As by `cut` and `encode`.
    """
    piece = cut(path, start_s, length_s, sample_rate=sample_rate)
    return encode(fade(piece, fade_s), form)
