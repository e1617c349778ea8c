"""Read the content of a file a person gave, within bounds.

What is read may be anything: a bomb of compressed zeros, one endless line, a
device. So nothing here takes more into memory than the limit it was called with,
and everything that goes wrong becomes a `SegueError` that names the file.
"""

from __future__ import annotations

import codecs
import gzip
import io
import json
import re
import stat
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from data.errors import SegueError

HEAD = 64 * 1024
"""Bytes that are enough to recognise any format."""
MAX_LINE = 64 * 1024
"""Longest line, in bytes, of a text or CSV file."""
MAX_BYTES = 64 * 1024 * 1024
"""Largest file, in bytes after unpacking, that is read into memory as a whole."""
MAX_PAGE = 16 * 1024 * 1024
"""Largest HTML page in bytes; ten times any page that was seen."""
MAX_NESTING = 3
"""How many times over a file may be compressed with gzip."""

_ARCHIVES = {
    b"PK\x03\x04": "a ZIP archive",
    b"\xfd7zXZ": "an XZ archive",
    b"BZh": "a bzip2 archive",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"\x28\xb5\x2f\xfd": "a Zstandard archive",
    b"%PDF": "a PDF document",
}
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I
)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """Open `path` for reading bytes, unpacked where it is compressed with gzip.

    Raises
    ------
    SegueError
        If the file is missing, not a file, not readable, empty or damaged; also when
        the damage shows only while the caller reads.
    """
    streams: list[BinaryIO] = []
    try:
        streams.append(_open_regular(path))
        while _peek(streams[-1])[:2] == b"\x1f\x8b":
            if len(streams) > MAX_NESTING:
                raise SegueError(
                    f"{path} is compressed more than {MAX_NESTING} times over: unpack it first."
                )
            unpacked = gzip.GzipFile(fileobj=streams[-1], mode="rb")
            streams.append(cast(BinaryIO, io.BufferedReader(cast(io.RawIOBase, unpacked))))
        if not _peek(streams[-1]):
            raise SegueError(f"{path} is empty: there is no tracklist in it.")
        yield streams[-1]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise SegueError(f"{path} is a damaged gzip file: download or save it again.") from error
    except OSError as error:
        raise SegueError(
            f"{path} cannot be read ({error.strerror or error}): check that you may open it."
        ) from error
    finally:
        for stream in reversed(streams):
            stream.close()


def _open_regular(path: Path) -> BinaryIO:
    try:
        kind = path.stat().st_mode
    except FileNotFoundError:
        raise SegueError(f"{path} does not exist: check the name and the folder.") from None
    if stat.S_ISDIR(kind):
        raise SegueError(f"{path} is a folder: give the files inside it.")
    if not stat.S_ISREG(kind):
        raise SegueError(f"{path} is not a regular file: save its content to a file first.")
    return path.open("rb")


def _peek(stream: BinaryIO) -> bytes:
    return cast(io.BufferedReader, stream).peek(2)


def head(path: Path, size: int = HEAD) -> bytes:
    """Return the first `size` bytes, unpacked."""
    with opened(path) as stream:
        return stream.read(size)


def whole(path: Path, limit: int = MAX_BYTES) -> bytes:
    """Return all bytes, unpacked; a `SegueError` if they are more than `limit`."""
    with opened(path) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise too_large(path, limit)
    return content


def too_large(path: Path, limit: int) -> SegueError:
    """Return the error that says `path` holds more than `limit` bytes."""
    return SegueError(f"{path} is larger than {limit // 2**20} MB: split it into smaller files.")


def foreign(start: bytes) -> str:
    """Name what a file that starts so is if it is no text at all; empty if it may be text."""
    for magic, name in _ARCHIVES.items():
        if start.startswith(magic):
            return name
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ""
    control = sum(start.count(code) for code in range(32) if code not in b"\t\n\f\r\x1b")
    return "a binary file" if b"\0" in start or control > len(start) / 100 else ""


def decode(content: bytes) -> str:
    """Decode text of unknown encoding; never fails.

    What the bytes say themselves comes first (a byte order mark, valid UTF-8), for
    saved pages often declare UTF-8 and are Windows-1252; then what an HTML page
    declares; then UTF-8 with a few broken characters; then Windows-1252. Bytes
    without a meaning become U+FFFD.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    for encoding in ("utf-8-sig", _declared(content)):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    text = content.decode("utf-8-sig", "replace")
    broken = text.count("\ufffd")
    beyond_ascii = len(text) - len(text.encode("ascii", "ignore"))
    return text if beyond_ascii > 2 * broken else content.decode("cp1252", "replace")


def _declared(content: bytes) -> str:
    found = _META_CHARSET.search(content[:4096])
    return found[1].decode("ascii") if found else "utf-8"


def text(path: Path, limit: int = MAX_BYTES) -> str:
    """Return the whole file as text whose lines are no longer than `MAX_LINE`."""
    chunks: list[bytes] = []
    size, line, since_break = 0, 1, 0
    with opened(path) as stream:
        # In chunks no longer than a line may be, so an endless line is never in memory.
        while chunk := stream.read(MAX_LINE):
            first, last = chunk.find(b"\n"), chunk.rfind(b"\n")
            size += len(chunk)
            if since_break + (len(chunk) if first < 0 else first) > MAX_LINE:
                raise SegueError(
                    f"{path} has a line of more than {MAX_LINE // 1024} KB, line {line}: "
                    "a tracklist has one track a line."
                )
            if size > limit:
                raise too_large(path, limit)
            line += chunk.count(b"\n")
            since_break = since_break + len(chunk) if last < 0 else len(chunk) - last - 1
            chunks.append(chunk)
    return decode(b"".join(chunks))


def json_document(path: Path) -> object:
    """Return the file's JSON value; a `SegueError` that says where it breaks."""
    content = decode(whole(path))
    try:
        return json.loads(content)
    except json.JSONDecodeError as error:
        raise SegueError(
            f"{path} looks like JSON but breaks at line {error.lineno}, column {error.colno}: "
            "download or save it again."
        ) from None
    except (RecursionError, ValueError) as error:
        raise SegueError(f"{path} is JSON that cannot be read: {error}.") from None
