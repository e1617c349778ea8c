"""Opening sound files of any format: libsndfile first, FFmpeg for what it cannot read.

Both readers give the same thing: blocks of mono float32 at the file's own sample rate,
from any place in the file, never more than a part of a second at a time. What a header
claims is never believed enough to allocate by it.
"""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

from data.errors import SegueError
from models.audio.ffmpeg import open_by_ffmpeg
from models.audio.libsndfile import open_by_libsndfile
from models.audio.reader import Reader

#: Sample rates beyond these are damage, and resampling from them would fill the memory.
SAMPLE_RATES = (4_000, 800_000)

_CONTENT = (
    (b"\xff\xd8\xff", "is a JPEG picture"),
    (b"\x89PNG", "is a PNG picture"),
    (b"GIF8", "is a GIF picture"),
    (b"%PDF", "is a PDF document"),
    (b"PK\x03\x04", "is a ZIP archive"),
    (b"#EXTM3U", "is a playlist"),
)


def open_reader(path: Path) -> Reader:
    """Open a sound file by its content, whatever its name ends on.

    Raises
    ------
    SegueError
        If there is no such file, it may not be read, or it holds no sound.
    """
    head = _head(path)
    reader: Reader | None = open_by_libsndfile(path, head) or open_by_ffmpeg(path)
    if reader is None and head[4:8] == b"ftyp":
        raise SegueError(
            f"{path.name} cannot be opened: its index is missing, so it is cut off or damaged"
        )
    if reader is None:
        raise SegueError(f"{path.name} is not a sound file: it {_looks_like(head)}")
    low, high = SAMPLE_RATES
    if not low <= reader.info.sample_rate <= high:
        rate = reader.info.sample_rate
        with reader:
            raise SegueError(f"{path.name} is damaged: its header claims {rate} samples a second")
    return reader


def _head(path: Path) -> bytes:
    """First bytes of a file, or the reason why it cannot be one of ours."""
    try:
        if path.is_dir():
            raise SegueError(f"{path.name} is a folder: name a sound file in it")
        if not path.exists():
            raise SegueError(f"there is no file {path}")
        if not path.is_file():
            raise SegueError(f"{path.name} is no ordinary file: copy its sound into one")
        with path.open("rb") as file:
            head = file.read(4096)
    except PermissionError:
        raise SegueError(f"{path.name} may not be read: change its permissions") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SegueError(f"{path.name} cannot be read: {reason}") from None
    if not head:
        raise SegueError(f"{path.name} is empty (0 bytes): fetch it again")
    return head


def _looks_like(head: bytes) -> str:
    for mark, what in _CONTENT:
        if head.startswith(mark):
            return what
    with contextlib.suppress(UnicodeDecodeError):
        if not re.search(r"[\x00-\x08\x0e-\x1f]", head[:2048].decode("utf-8", "strict")):
            return "is text"
    return "is damaged or of a kind that Segue does not know"
