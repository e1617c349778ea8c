"""Folders of this computer, for whoever sits at it: where the music lies, and how much of it.

Names of folders are all that is told of a disk, and only to a browser on the same computer; see
`dashboard.guard.is_local`.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from data.catalogue import Catalogue
from data.errors import SegueError
from hybrid.audio_files import SUFFIXES, absolute

PATIENCE_S = 4.0
"""Seconds for which a folder is looked through before the count stops at "more than"."""
_LISTED = 500  # folders shown of one folder
_ASKED_FOR = 20_000  # files that the catalogue is asked for: whether it knows them


@dataclass(frozen=True, slots=True)
class Listing:
    """A folder and the folders in it.

    Parameters
    ----------
    path : Path
    folders : tuple of str
        Their names, in order; hidden ones are left out.
    audio : int
        Files in the folder itself whose name says audio.
    cut : bool
        Whether there are more folders than are listed.
    """

    path: Path
    folders: tuple[str, ...]
    audio: int
    cut: bool


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in a folder and all folders in it.

    Parameters
    ----------
    path : Path
    files, folders : int
        Files whose name says audio, and the folders that hold them.
    new : int
        Files that the catalogue does not know.
    whole : bool
        False if looking took too long: there is more.
    """

    path: Path
    files: int
    folders: int
    new: int
    whole: bool


def named(text: str) -> Path:
    """Return the folder or file that a person typed; ``~`` is their home.

    Raises
    ------
    SegueError
        If there is none.
    """
    text = text.strip().strip("\"'")
    if not text:
        raise SegueError("Type where the music is, or choose a folder.")
    try:
        path = Path(text).expanduser()
        if not path.is_absolute():
            raise SegueError("Type the whole path, from the top of the disk: /home/me/Music.")
        path = absolute(path)
        if not path.exists():
            raise SegueError(f"There is no {path} on this computer.")
    except (OSError, RuntimeError, ValueError):
        raise SegueError("This cannot be a folder; check how it is written.") from None
    return path


def listing(path: Path) -> Listing:
    """Return the folders in a folder.

    Raises
    ------
    SegueError
        If it is none or may not be read.
    """
    if not path.is_dir():
        raise SegueError(f"{path} is a file, not a folder.")
    folders, audio = [], 0
    try:
        with os.scandir(path) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if _is_folder(entry):
                    folders.append(entry.name)
                else:
                    audio += _says_audio(entry.name)
    except OSError as error:
        raise SegueError(f"{path} cannot be read ({error.strerror}).") from error
    folders.sort(key=str.casefold)
    return Listing(path, tuple(folders[:_LISTED]), audio, len(folders) > _LISTED)


def look(catalogue: Catalogue, path: Path, *, patience_s: float = PATIENCE_S) -> Found:
    """Count the music at a path, and how much of it is new.

    Raises
    ------
    SegueError
        If the folder may not be read.
    """
    until = time.monotonic() + patience_s
    files: list[Path] = []
    whole = True
    if path.is_file():
        files.append(path)
    else:
        listing(path)  # says so if it may not be read
        for file in _audio_below(path):
            files.append(file)
            if time.monotonic() > until:
                whole = False
                break
    known = catalogue.known_files(files[:_ASKED_FOR])
    return Found(
        path, len(files), len({file.parent for file in files}), len(files) - len(known), whole
    )


def _audio_below(top: Path) -> Iterator[Path]:
    """Yield what `hybrid.audio_files.find_audio` would take, bit by bit."""
    met: set[tuple[int, int]] = set()
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            status = folder.stat()
            if (status.st_dev, status.st_ino) in met:
                continue
            met.add((status.st_dev, status.st_ino))
            with os.scandir(folder) as entries:
                for entry in entries:
                    if entry.name.startswith("."):
                        continue
                    if _is_folder(entry):
                        waiting.append(folder / entry.name)
                    elif _says_audio(entry.name):
                        yield folder / entry.name
        except OSError:
            continue


def _says_audio(name: str) -> bool:
    return Path(name).suffix.lower() in SUFFIXES


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False
