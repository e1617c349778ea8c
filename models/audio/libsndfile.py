"""Reading sound files by libsndfile: WAV, AIFF, FLAC, MP3, Ogg Vorbis and their like."""

from __future__ import annotations

import contextlib
import os
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import numpy as np
import soundfile

from models.audio.reader import BLOCK, AudioInfo, Block, Mixdown

#: libsndfile opens old computer-music formats too, whose marks other files carry by chance.
_FORMATS = {"WAV", "WAVEX", "RF64", "W64", "AIFF", "FLAC", "OGG", "MP3", "CAF", "AU"}
#: First bytes of files in which libsndfile does not look for MP3 frames.
_NO_MP3 = {b"RIFF", b"RF64", b"FORM", b"fLaC", b"OggS", b"caff"}
#: In libsndfile's log: a chunk that claims more bytes than the file has.
_CHUNK = re.compile(r"^\s*(?:data|SSND|Riff size)\s*:\s*(\d+) \(should be (\d+)\)", re.MULTILINE)
#: Writers that do not know the length in advance leave one of these in the header.
_LENGTH_UNKNOWN = {0, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF}
_UNFINISHED = "lacks an end-of-stream bit"


def open_by_libsndfile(path: Path, head: bytes) -> SoundFileReader | None:
    """A reader, or None where FFmpeg should try."""
    quiet = contextlib.nullcontext() if head[:4] in _NO_MP3 else quiet_stderr()
    try:
        with quiet:
            # TypeError: python-soundfile asks for more where a name ends on .raw.
            file = soundfile.SoundFile(os.fspath(path))
    except (soundfile.SoundFileError, TypeError, ValueError, OSError):
        return None
    # libsndfile decodes Opus twice as slowly as FFmpeg. An MP3 without a header that
    # counts its frames has a length that libsndfile guesses, and it stops reading there.
    guessed = file.format == "MP3" and not _counts_its_frames(path)
    slow = file.subtype == "OPUS" and _UNFINISHED not in file.extra_info
    if file.format not in _FORMATS or guessed or slow:
        file.close()
        return None
    return SoundFileReader(file)


def _counts_its_frames(path: Path) -> bool:
    """Whether an MP3 starts with a Xing, Info or VBRI header."""
    with path.open("rb") as file:
        head = file.read(10)
        if head[:3] == b"ID3":
            size = 0
            for byte in head[6:10]:
                size = size << 7 | byte & 0x7F
            file.seek(10 + size)
        else:
            file.seek(0)
        frame = file.read(4096)
    return any(mark in frame for mark in (b"Xing", b"Info", b"VBRI"))


class SoundFileReader:
    """Reads by libsndfile, which seeks exactly and fast in each of its formats."""

    def __init__(self, file: soundfile.SoundFile) -> None:
        self._file = file
        self.mixdown = Mixdown()
        log = file.extra_info
        duration = file.frames / file.samplerate if file.samplerate > 0 else 0.0
        self.cut_off = file.format == "OGG" and _UNFINISHED in log
        if file.format != "MP3" and (chunk := _CHUNK.search(log)):
            # Where a chunk is longer than the file, libsndfile shortens it without a word.
            claimed, there = int(chunk[1]), int(chunk[2])
            if there and claimed > there and claimed not in _LENGTH_UNKNOWN:
                duration *= claimed / there
        codec = file.subtype.lower().replace("mpeg_layer_iii", "mp3")
        self.info = AudioInfo(
            duration_s=duration,
            sample_rate=file.samplerate,
            channels=file.channels,
            codec="flac" if file.format == "FLAC" else codec,
        )

    def blocks(self, start_s: float, length_s: float) -> Iterator[Block]:
        """Yield mono blocks; see `Reader`."""
        rate = self.info.sample_rate
        first, wanted = round(start_s * rate), round(length_s * rate)
        buffer = np.empty((BLOCK, self.info.channels), np.float32)
        try:
            with self._quiet():
                self._file.seek(min(first, self._file.frames))
            while wanted > 0:
                with self._quiet():
                    block = self._file.read(out=buffer[: min(BLOCK, wanted)])
                if not len(block):
                    return
                wanted -= len(block)
                yield self.mixdown(block.T)
        except soundfile.SoundFileError:
            return

    def _quiet(self) -> contextlib.AbstractContextManager[None]:
        return quiet_stderr() if self._file.format == "MP3" else contextlib.nullcontext()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._file.close()


_stderr = threading.Lock()


@contextlib.contextmanager
def quiet_stderr() -> Iterator[None]:
    """Keep what a C library writes to standard error off the terminal.

    libmpg123, inside libsndfile, reports every oddity of an MP3 there and has no way
    to be told otherwise. The whole process is quiet meanwhile, so keep it short.
    """
    with _stderr:
        try:
            kept = os.dup(2)
        except OSError:  # No standard error at all, as under a service.
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)
