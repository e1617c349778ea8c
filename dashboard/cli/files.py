"""Files the commands read line by line, and the one they write whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from data.errors import SegueError

STANDARD = Path("-")
"""Stands for stdin or stdout."""


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file, or of stdin for ``-``, without their line ends.

    Bytes, because one line that is not UTF-8 must not cost the others.

    Raises
    ------
    SegueError
        If the file cannot be read or is no text.
    """
    if path == STANDARD:
        yield from _stripped(sys.stdin.buffer)
        return
    try:
        with path.open("rb") as file:
            if b"\0" in file.read(4096):
                raise SegueError(f"{path} is not a text file; give one with one entry a line.")
            file.seek(0)
            yield from _stripped(file)
    except OSError as error:
        raise SegueError(f"{path} cannot be read ({error.strerror}).") from error


def _stripped(file: Iterator[bytes]) -> Iterator[bytes]:
    for number, line in enumerate(file):
        yield (line.removeprefix(b"\xef\xbb\xbf") if number == 0 else line).rstrip(b"\r\n")


@contextmanager
def writing(path: Path, *, replace: bool = True) -> Iterator[TextIO]:
    """Open a text file that appears under its name only when it is whole.

    ``-`` is stdout, which is written as it comes.

    Parameters
    ----------
    replace : bool
        Whether it may take the place of another file, also of one that came meanwhile.

    Raises
    ------
    SegueError
        If it cannot be written.
    """
    if path == STANDARD:
        yield sys.stdout
        return
    part = None
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            yield file
        part.chmod(0o666 & ~_umask())  # mkstemp makes files that only their owner may read
        if replace or not _linked(part, path):
            part.replace(path)
    except FileExistsError as error:
        raise SegueError(f"{path} is there already and is not replaced.") from error
    except OSError as error:
        raise SegueError(f"{path} cannot be written ({error.strerror}).") from error
    finally:
        if part:
            part.unlink(missing_ok=True)


def _linked(part: Path, path: Path) -> bool:
    """Give a file its name, in one step that replaces nothing; False where links cannot be made.

    Raises
    ------
    FileExistsError
        If a file of that name is there.
    """
    try:
        os.link(part, path)
    except FileExistsError:
        raise
    except OSError:  # no such thing on a USB stick
        if path.exists():
            raise FileExistsError(path) from None
        return False
    return True


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
