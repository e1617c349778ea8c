"""The sound of the previews: synthesised, and encoded as the services do."""

from __future__ import annotations

import io
import tempfile
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import soundfile
from numpy.typing import NDArray

from tests.audio_files import RATE, music, write

SECONDS = 30.0
"""How long the previews of both services are."""


@cache
def clip(form: Literal["mp3", "m4a"], bpm: float = 126.0, seconds: float = SECONDS) -> bytes:
    """Return a clip of `seconds` with a clear beat at `bpm`."""
    return encoded(form, music(seconds, bpm=bpm), RATE)


def encoded(form: Literal["mp3", "m4a"], samples: NDArray[np.float32], rate: int) -> bytes:
    """Encode samples, shape (n,) or (n, 2), as Deezer's MP3 or Apple's AAC."""
    if form == "mp3":
        file = io.BytesIO()
        soundfile.write(file, samples, rate, format="MP3")
        return file.getvalue()
    with tempfile.TemporaryDirectory() as folder:
        return write(Path(folder), "m4a", samples, rate=rate).read_bytes()
