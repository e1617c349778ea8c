"""Read the playlist file that a DJ brings, whichever program wrote it."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from pathlib import Path, PurePath

from data.errors import SegueError
from data.playlists import csv
from data.playlists.decoding import decoded
from data.playlists.formats import FORMATS
from data.playlists.safe_xml import too_many
from data.records import Playlist

LARGEST = 200 * 1024 * 1024
"""Bytes of the largest file that is read; a collection of 100,000 tracks has half of it."""
MOST_LINES = 500_000
"""Lines of the longest list: 250,000 tracks with a comment each."""
LONGEST_LINE = 1024 * 1024
"""Bytes of the longest line; one of 64 KB would be a name that nobody can read."""
MOST_VALUES = 5_000_000
"""Values in the largest JSON; 100,000 tracks have two million."""
_HEAD = 64 * 1024
_ROOT = re.compile(r"<(?:!DOCTYPE\s+)?(DJ_PLAYLISTS|NML)\b")
_SOUND = re.compile(r"\.(?:mp3|wav|aiff?|flac|m4a|ogg|opus|alac|wma)$", re.IGNORECASE)


def sniff(head: bytes, name: str = "") -> str:
    """Return the key in `FORMATS` of a file that starts with `head`.

    Parameters
    ----------
    head : bytes
        The start of the file, or all of it.
    name : str
        The file's name; its ending decides only where the content may be several things.

    Returns
    -------
    str
        Empty if it is no playlist.
    """
    text = decoded(head).lstrip("\ufeff \t\r\n")
    ending = PurePath(name).suffix.lower()
    if "\x00" in text:
        return ""
    if text.startswith("<"):
        found = _ROOT.search(text)
        return {"DJ_PLAYLISTS": "rekordbox", "NML": "traktor"}[found[1]] if found else ""
    if text.startswith("{"):
        return "jspf" if '"playlist"' in text else ""
    if text.upper().startswith(("#EXTM3U", "#EXTINF", "#EXTVDJ", "#EXTENC", "#PLAYLIST")):
        return "m3u8"
    return _kind_of_lines(text, ending)


def _kind_of_lines(text: str, ending: str) -> str:
    """Tell a table, a list of files and a list of names apart."""
    # Segue's own text starts so, and its name may hold anything.
    if not text.startswith("# ") and csv.is_playlist(text):
        return "csv"
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    files = sum(bool(_SOUND.search(line)) for line in lines)
    if ending in (".m3u", ".m3u8") or (files and files >= len(lines) / 2):
        return "m3u8"
    named = sum(" - " in line or " – " in line for line in lines)
    return "text" if named >= max(1, len(lines) / 2) or (ending == ".txt" and not lines) else ""


def read_file(path: Path) -> list[Playlist]:
    """Read all playlists in a file.

    Nothing that the file names is opened.

    Parameters
    ----------
    path : Path
        A playlist of any format in `FORMATS`, with any ending.

    Returns
    -------
    list of Playlist
        Each has a name: the file's own where the file gives none.

    Raises
    ------
    SegueError
        If the file is missing, no playlist, damaged, or larger than `LARGEST`.
    """
    content = _content(path)
    key = sniff(content[:_HEAD], path.name)
    if not key:
        raise SegueError(
            f"{path.name} is not a playlist that Segue can read: give an M3U, rekordbox XML, "
            "Traktor NML, CSV or JSPF file, or a text with one track a line."
        )
    _check_size(key, content, path.name)
    playlists = FORMATS[key].read(content, source=path.name)
    if not any(playlist.entries or playlist.set_aside for playlist in playlists):
        raise SegueError(f"{path.name} holds no tracks: check that it is the right file.")
    return [
        playlist if playlist.name else replace(playlist, name=path.stem) for playlist in playlists
    ]


def _check_size(key: str, content: bytes, name: str) -> None:
    """Refuse what would take gigabytes once it is read; XML is counted while it is."""
    if key == "jspf":
        # Each value has one of these before or behind it; those inside texts do no harm.
        if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
            raise too_many(name)
    elif key not in ("rekordbox", "traktor"):
        ends = max(content.count(b"\n"), content.count(b"\r"))
        if ends > MOST_LINES:
            raise too_many(name)
        if _has_endless_line(content):
            raise SegueError(
                f"{name} has a line of more than {LONGEST_LINE // 2**20} MB, which names no "
                "track: export the playlist again."
            )


def _has_endless_line(content: bytes) -> bool:
    start = 0
    while len(content) - start > LONGEST_LINE:
        part = content[start : start + LONGEST_LINE]
        end = max(part.rfind(b"\n"), part.rfind(b"\r"))
        if end < 0:
            return True
        start += end + 1
    return False


def _content(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise SegueError(f"{path} is a folder: give the playlist file inside it.")
        if not path.exists():
            raise SegueError(f"{path} does not exist: check the name and the folder.")
        if not path.is_file():
            raise SegueError(f"{path} is not a regular file: save its content to a file first.")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            # To read up to the limit would set that much memory apart for the smallest file.
            content = file.read(size) if size <= LARGEST else b""
    except OSError as error:
        reason = error.strerror or error
        raise SegueError(f"{path} cannot be read ({reason}): check that you may open it.") from None
    if size > LARGEST:
        raise SegueError(
            f"{path.name} is larger than {LARGEST // 2**20} MB: export the playlists you want "
            "on their own."
        )
    return content
