"""Reading sound files by PyAV, which brings FFmpeg's decoders along: M4A, Opus, WMA, videos."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import av
import numpy as np
from av.stream import Discard
from numpy.typing import NDArray

from data.errors import SegueError
from models.audio.reader import BLOCK, AudioInfo, Block, Mixdown

#: FFmpeg opens playlists, pictures and addresses too: only files that hold sound may pass.
_FORMATS = (
    "aac,ac3,aiff,ape,asf,au,avi,caf,dsf,eac3,flac,flv,matroska,webm,mov,mp4,m4a,mp3,"
    "mpc,mpc8,mpeg,mpegts,ogg,tak,tta,w64,wav,wv"
)
#: Streams of frames without a header: FFmpeg guesses their length from the first bit rates.
_HEADERLESS = {"aac", "ac3", "eac3", "mp3"}
MOST_CHANNELS = 8
#: What MP4 files call sound that is encrypted.
_PROTECTED = {"drms", "enca", "aavd", "drmi"}


def open_by_ffmpeg(path: Path) -> FFmpegReader | None:
    """Open a file, or return None where FFmpeg finds no sound format in it.

    Raises
    ------
    SegueError
        If it is such a file but has no sound that can be decoded.
    """
    try:
        container = av.open(
            os.path.abspath(path),
            options={"format_whitelist": _FORMATS, "protocol_whitelist": "file"},
            metadata_errors="ignore",
        )
    except (av.error.FFmpegError, OSError, ValueError):
        return None
    try:
        return FFmpegReader(container, path.name)
    except SegueError:
        container.close()
        raise


class FFmpegReader:
    """Reads what `open_by_ffmpeg` opened."""

    def __init__(self, container: Any, name: str) -> None:
        if not container.streams.audio:
            raise SegueError(f"{name} holds no sound: it is a video without an audio track")
        self._container = container
        self._stream = container.streams.audio[0]
        context = self._stream.codec_context
        if context is not None and _tag(context) in _PROTECTED:
            raise SegueError(f"{name} is copy-protected (DRM): only its shop's player opens it")
        if context is None or not context.sample_rate or not context.channels:
            raise SegueError(f"{name} is damaged, or of a kind that Segue cannot decode")
        # Covers and videos would be read and decoded otherwise.
        for stream in container.streams:
            if stream is not self._stream:
                stream.discard = Discard.all
        self.cut_off = False
        self.mixdown = Mixdown()
        self.info = AudioInfo(
            duration_s=self._duration(),
            sample_rate=context.sample_rate,
            channels=context.channels,
            codec=context.name.removesuffix("float"),
        )

    def _duration(self) -> float:
        stream = self._stream
        if self._container.format.name not in _HEADERLESS:
            if stream.duration and stream.time_base:
                return float(stream.duration * stream.time_base)
            if self._container.duration:
                return self._container.duration / av.time_base
        counted = sum(p.duration or 0 for p in self._packets())
        return float(counted * (stream.time_base or 0))

    def _packets(self) -> Iterator[Any]:
        """Yield the packets from here to the end, or to where the file breaks."""
        with contextlib.suppress(av.error.FFmpegError):
            yield from self._container.demux(self._stream)

    def blocks(self, start_s: float, length_s: float) -> Iterator[Block]:
        """Yield mono blocks; see `Reader`."""
        rate = self.info.sample_rate
        first, wanted = round(start_s * rate), round(length_s * rate)
        gathered: list[Block] = []
        count = 0
        for position, samples in self._frames(start_s):
            skip = max(0, first - position) if position < first else 0
            part = samples[skip : skip + wanted]
            wanted -= len(part)
            count += len(part)
            gathered.append(part)
            if count >= BLOCK or wanted <= 0:
                yield np.concatenate(gathered)
                gathered, count = [], 0
            if wanted <= 0:
                return
        if count:
            yield np.concatenate(gathered)

    def _frames(self, start_s: float) -> Iterator[tuple[int, Block]]:
        """Yield (position in samples, mono samples) from at or before `start_s` on."""
        stream, rate = self._stream, self.info.sample_rate
        base, zero = float(stream.time_base or 0), stream.start_time or 0
        # Decoders need some frames before the first that is right.
        target = max(0.0, start_s - 0.2)
        with contextlib.suppress(av.error.FFmpegError):
            self._container.seek(int(target / base) + zero, stream=stream)
        as_float = av.AudioResampler(format="fltp")
        position: int | None = None
        for packet in self._packets():
            try:
                frames = [self._planar(frame, as_float) for frame in packet.decode()]
            except (av.error.FFmpegError, ValueError):
                continue  # One broken packet is a click; many are missed at the end.
            for pts, channels in filter(None, frames):
                if position is None:
                    known = start_s > 0 and pts is not None
                    position = round(((pts or 0) - zero) * base * rate) if known else 0
                samples = self.mixdown(channels)
                yield position, samples
                position += len(samples)

    def _planar(self, frame: Any, as_float: Any) -> tuple[int | None, NDArray[np.float32]] | None:
        """Time stamp and float32 samples of a frame, (channels, n); None for a damaged one."""
        # PyAV reads beyond the memory of a frame that claims dozens of channels.
        if frame.sample_rate != self.info.sample_rate or frame.layout.nb_channels > MOST_CHANNELS:
            return None
        if frame.format.name == "fltp":
            return frame.pts, frame.to_ndarray()
        converted = as_float.resample(frame)
        return (frame.pts, converted[0].to_ndarray()) if converted else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._container.close()


def _tag(context: Any) -> str:
    try:
        return str(context.codec_tag)
    except UnicodeDecodeError:  # Damaged.
        return ""
