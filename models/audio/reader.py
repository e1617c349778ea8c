"""What an open sound file is, whichever library reads it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

#: Frames read at a time: as much is lost where a file breaks, so a third of a second.
BLOCK = 16_384

Block = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class AudioInfo:
    """What a sound file says about itself.

    Parameters
    ----------
    duration_s : float
        Length in seconds that the header declares; where there is none, what was counted.
    sample_rate : int
        Samples per second in the file.
    channels : int
    codec : str
        ``"pcm_16"``, ``"mp3"``, ``"vorbis"``, ``"aac"``, ...
    """

    duration_s: float
    sample_rate: int
    channels: int
    codec: str


class Reader(Protocol):
    """An open sound file."""

    info: AudioInfo
    #: Whether its end is missing though its length is not declared anywhere.
    cut_off: bool
    #: Over all blocks that were read.
    mixdown: Mixdown

    def blocks(self, start_s: float, length_s: float) -> Iterator[Block]:
        """Yield mono blocks, shape (n,), at ``info.sample_rate``; fewer where the file ends.

        What cannot be decoded ends the blocks or is left out; it never raises.
        """

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...


class Mixdown:
    """Mixes channels to mono and keeps account of the power that is lost by it."""

    def __init__(self) -> None:
        self._channels = self._mono = 0.0

    def __call__(self, channels: NDArray[Any]) -> Block:
        """Mean of `channels`, shape (c, n); the first where they cancel each other out."""
        mono: Block = channels[0].astype(np.float32)
        if len(channels) == 1:
            return mono
        # Damaged files hold any number; who takes the samples looks at them.
        with np.errstate(over="ignore", invalid="ignore"):
            for other in channels[1:]:
                mono += other
            mono *= np.float32(1 / len(channels))
            if not mono.any():
                mono = channels[0].astype(np.float32)
            self._channels += sum(float(np.dot(channel, channel)) for channel in channels)
            self._mono += float(np.dot(mono, mono))
        return mono

    @property
    def lost_db(self) -> float:
        """Power of all channels together over that of the mix, in decibels."""
        if not (self._mono > 0 and math.isfinite(self._channels)):
            return 0.0
        return 10 * math.log10(self._channels / self._mono)
