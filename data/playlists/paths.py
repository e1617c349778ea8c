"""Where a DJ's files lie, in the spellings of rekordbox and Traktor.

All of it is text work: no path is looked up here, and a path of another machine, a
Windows one on a Mac, is as good as one of this.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:(?://|\S+$)")
_BOOT = "Macintosh HD"
# A double slash in front is a share of a Windows network, but some tools write it for these.
_HOMES = ("//Users/", "//Volumes/", "//home/", "//Library/", "//private/")


def is_address(text: str) -> bool:
    """Whether `text` is like ``http://…`` or ``spotify:track:…``; a drive letter is none."""
    return bool(_ADDRESS.match(text))


def to_bytes(path: str) -> bytes | None:
    """Return a path's bytes, also of one that is no text; None if nothing can write it."""
    try:
        return path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return None


def is_share(path: str) -> bool:
    r"""Whether a path is on a Windows network: ``\\server\folder``."""
    return path.startswith(("\\\\", "//"))


def is_windows(path: str) -> bool:
    """Whether a path is one that Windows writes, wherever this runs."""
    return bool(_DRIVE.match(path)) or path.startswith("\\\\")


def is_absolute(path: str) -> bool:
    """Whether a path names a file from the root or the drive on."""
    return path.startswith("/") or is_windows(path)


def file_name(path: str) -> str:
    """Return the last part of a path."""
    return re.split(r"[\\/]" if is_windows(path) or "/" not in path else "/", path)[-1]


def to_location(path: str) -> str:
    r"""Return rekordbox's ``Location`` of an absolute path.

    Examples
    --------
    >>> to_location("/Users/dj/a b.mp3"), to_location("C:\\Music\\é.mp3")
    ('file://localhost/Users/dj/a%20b.mp3', 'file://localhost/C:/Music/%C3%A9.mp3')
    """
    if is_windows(path):
        path = path.replace("\\", "/")
    slash = "/" if _DRIVE.match(path) else ""
    return f"file://localhost{slash}{quote_from_bytes(to_bytes(path) or b'', safe='/:')}"


def from_location(location: str) -> str:
    r"""Return the path that a ``file:`` address holds; empty if it holds none.

    Examples
    --------
    >>> from_location("file://localhost/C:/Music/%C3%A9.mp3"), from_location("file:///a%20b")
    ('C:\\Music\\é.mp3', '/a b')
    >>> from_location("file://localhosttidal:tracks:1")
    ''
    """
    if not location.lower().startswith("file:"):
        return ""
    path = location[len("file:") :]
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        path = (slash + rest) if host.lower() in ("", "localhost") else ""
    path = unquote_to_bytes(path).decode("utf-8", "surrogateescape")
    if _DRIVE.match(path[1:]):
        return path[1:].replace("/", "\\")
    if path.startswith(_HOMES):
        return path[1:]
    if path.startswith("//"):
        return path.replace("/", "\\")
    return path if path.startswith("/") else ""


class TraktorPlace(NamedTuple):
    """Where Traktor says that a file lies."""

    volume: str
    folder: str
    file: str

    @property
    def key(self) -> str:
        """What a playlist of Traktor calls the file."""
        return f"{self.volume}{self.folder}{self.file}"


def to_traktor(path: str) -> TraktorPlace:
    r"""Return Traktor's ``VOLUME``, ``DIR`` and ``FILE`` of an absolute path.

    Examples
    --------
    >>> to_traktor("C:\\Music\\a.mp3")
    TraktorPlace(volume='C:', folder='/:Music/:', file='a.mp3')
    >>> to_traktor("/Volumes/STICK/a.mp3").key
    'STICK/:a.mp3'
    """
    if path.startswith("\\\\"):
        server, share, *parts = [*path[2:].split("\\"), ""][:-1]
        volume = f"\\\\{server}\\{share}"
    elif is_windows(path):
        volume, *parts = re.split(r"[\\/]", path)
    else:
        parts = path.lstrip("/").split("/")
        volume = _BOOT
        if parts[0] == "Volumes" and len(parts) > 2:
            _, volume, *parts = parts
    folders = "".join(f"{part}/:" for part in parts[:-1])
    return TraktorPlace(volume, f"/:{folders}", parts[-1])


def from_traktor(place: TraktorPlace) -> str:
    """Return the path of a file that Traktor names; empty if it names none.

    Traktor gives the name of a Mac's disk and not whether the Mac started from it. A disk
    that holds people's folders is taken for that one, any other for a disk plugged in.
    """
    if not place.file:
        return ""
    path = f"{place.folder}{place.file}".replace("/:", "/")
    if re.fullmatch(r"[A-Za-z]:", place.volume) or place.volume.startswith("\\\\"):
        return f"{place.volume}{path}".replace("/", "\\")
    if place.volume in ("", _BOOT) or path.startswith("/Users/"):
        return path
    return f"/Volumes/{place.volume}{path}"
