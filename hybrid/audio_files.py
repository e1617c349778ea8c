"""Finds the audio files below folders, and knows a file by what is in it."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data.catalogue import AudioFile
from data.errors import SegueError

SUFFIXES = frozenset(
    f".{ending}"
    for ending in (
        *("aac", "aif", "aifc", "aiff", "alac", "ape", "caf", "flac", "m4a", "m4b", "mka", "mp2"),
        *("mp3", "mp4", "mpc", "oga", "ogg", "opus", "wav", "wave", "webm", "wma", "wv"),
    )
)
"""Endings of the files that are taken from folders."""

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FoundAudio:
    """Files to analyse, and what was passed over in the folders.

    Parameters
    ----------
    files : tuple of Path
        As they were given, or below a folder that was given; each file once.
    skipped : mapping of str to int
        How many for which reason.
    """

    files: tuple[Path, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)

    def passed_over(self) -> str:
        """Say what was passed over and why, as in "2 hidden, 1 no audio by its name"."""
        return ", ".join(f"{count:,} {reason}" for reason, count in sorted(self.skipped.items()))

    def why_none(self) -> str:
        """Say that there is nothing to analyse, and what was passed over."""
        passed = f" ({self.passed_over()})" if self.skipped else ""
        return (
            f"There is no audio in these folders{passed}; "
            "name files one by one to have them tried whatever they are called."
        )


def find_audio(paths: Iterable[Path]) -> FoundAudio:
    """Find what to analyse.

    A file that is named is taken whatever it is called; from folders, and folders in them,
    come files with a name that audio has. Hidden files are passed over, such as the
    ``._x.mp3`` that a Mac leaves on other disks, and so is what is met a second time, by
    way of a link or of two paths.

    Parameters
    ----------
    paths : iterable of Path
        Files and folders; one that does not exist counts as a file.

    Examples
    --------
    >>> find_audio([Path("/music/no such file.mp3")]).files[0].name
    'no such file.mp3'
    """
    skipped: Counter[str] = Counter()
    seen: set[tuple[int, int]] = set()
    files = []
    for path in paths:
        for file in _below(path, skipped, seen) if path.is_dir() else [path]:
            if _met(file, seen):
                skipped["file met before"] += 1
            else:
                files.append(file)
    return FoundAudio(tuple(files), skipped)


def _below(folder: Path, skipped: Counter[str], seen: set[tuple[int, int]]) -> Iterator[Path]:
    if _met(folder, seen):
        skipped["folder met before"] += 1
        return
    try:
        paths = sorted(folder.iterdir())
    except OSError:
        skipped["folder that may not be read"] += 1
        return
    for path in paths:
        if path.name.startswith("."):
            skipped["hidden"] += 1
        elif path.is_dir():
            yield from _below(path, skipped, seen)
        elif path.suffix.lower() in SUFFIXES:
            yield path
        else:
            skipped["no audio by its name"] += 1


def _met(path: Path, seen: set[tuple[int, int]]) -> bool:
    """Whether the file or folder was met before, under whatever name."""
    try:
        status = path.stat()
    except OSError:
        # It is not there, or a link leads nowhere: analysing it will tell.
        return False
    number = (status.st_dev, status.st_ino)
    if number in seen:
        return True
    seen.add(number)
    return False


def absolute(path: Path) -> Path:
    """Return the path from the root; links in it stay, so that it is the path a DJ knows."""
    return Path(os.path.abspath(path))


def unchanged(file: AudioFile) -> bool:
    """Whether the file still has the size and time that it had."""
    try:
        status = file.path.stat()
    except OSError:
        return False
    return (status.st_size, status.st_mtime_ns) == (file.size, file.mtime_ns)


def identify(path: Path) -> AudioFile:
    """Read a file through and return what it is known by.

    Raises
    ------
    SegueError
        If it cannot be read.
    """
    try:
        # A pipe or a device would be read for ever.
        if not path.is_file():
            raise SegueError("is no file" if path.exists() else "does not exist")
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            digest = hashlib.blake2b(digest_size=16)
            while block := stream.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise SegueError(f"cannot be read ({error.strerror})") from error
    return AudioFile(absolute(path), digest.hexdigest(), status.st_size, status.st_mtime_ns)
