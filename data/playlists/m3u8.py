"""Extended M3U in UTF-8, the playlist that every DJ program and player reads.

An entry is a file. A track whose file is known stands with its path, exactly as the
disk spells it. Any other stands with the name that a bought file usually has,
``Artist - Title (Version).mp3``, without a folder: put beside the music, the list plays
what is there, and a DJ program shows the rest by name as missing, ready for its
"relocate". An entry with no file line would be dropped by every reader.

There is no byte order mark: several players take it for part of the first line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TextIO

from data.playlists import paths
from data.playlists.decoding import decoded
from data.playlists.format import (
    amount,
    is_one_line,
    named,
    one_line,
    outside_id,
    split_name,
)
from data.records import Entry, Playlist, Track

# What Windows forbids in a file name; this covers Linux and macOS as well, and it keeps
# "http://..." in a title from being read as an address.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_LONGEST = 240  # bytes; file systems allow 255, and some tools add an ending of their own
_ENCODED = b"#EXTENC:UTF-8"
_LINE_END = re.compile(r"\r\n|\r|\n")
_INFO = re.compile(r'#EXTINF:\s*+(-?[\d.]*+)(?:[^,"]|"[^"]*")*+,(.*)', re.IGNORECASE)
_VIRTUAL_DJ = {
    tag: (re.compile(f"<{tag}>", re.IGNORECASE), re.compile(f"</{tag}>", re.IGNORECASE))
    for tag in ("artist", "title", "songlength")
}
_NUMBER_IN_FRONT = re.compile(r"\d{1,3}(?:\.\s+|\s+-\s+)(?=\S)")
_ENDING = re.compile(r"\.[A-Za-z0-9]{2,4}$")


def write(entries: Sequence[Entry], stream: TextIO, *, name: str) -> None:
    """Write the entries as an extended M3U playlist.

    Parameters
    ----------
    entries : sequence of Entry
        In playing order.
    stream : text stream
        Where to; to be encoded as UTF-8 with ``surrogateescape``, so that a file name
        that is no text comes out as its bytes.
    name : str
        Shown by players that know ``#PLAYLIST``.
    """
    stream.write("#EXTM3U\n#EXTENC:UTF-8\n")
    stream.write(f"#PLAYLIST:{one_line(name)}\n")
    for entry in entries:
        # -1 is the format's way to say that the length is not known.
        length = -1 if entry.duration_s is None else round(entry.duration_s)
        title = named(entry.track.artist, entry.track.full_title)
        stream.write(f"#EXTINF:{length},{title}\n{_file_line(entry)}\n")


def _file_line(entry: Entry) -> str:
    usable = paths.is_absolute(entry.path) and is_one_line(entry.path)
    return entry.path if usable and paths.to_bytes(entry.path) else file_name(entry.track)


def file_name(track: Track) -> str:
    """Return the name under which a DJ most likely keeps this track.

    Safe on every file system, never empty, never a comment, a path or an address.
    """
    stem = _FORBIDDEN.sub("_", one_line(str(track)))
    stem = stem.encode("utf-8")[:_LONGEST].decode("utf-8", errors="ignore")
    stem = stem.strip(" .") or "_"
    if stem.startswith("#") or _RESERVED.match(stem):
        stem = f"_{stem}"
    return f"{stem}.mp3"


def read(content: bytes, *, source: str) -> list[Playlist]:
    """Read one playlist, as any program writes it, with or without lines of comment.

    A path is kept as it is written; one of the web leaves only the id that is in it.
    """
    name, about, entries = "", Entry(Track("", "")), []
    for line in _LINE_END.split(_text(content)):
        if line.upper().startswith("#PLAYLIST:"):
            name = one_line(line.partition(":")[2])
        elif line.startswith("#"):
            about = _described(about, line)
        elif line.strip():
            entries.append(_entry(about, line))
            about = Entry(Track("", ""))
    return [Playlist(name, tuple(entries))]


def _text(content: bytes) -> str:
    if _ENCODED in content[:200]:
        return content.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "surrogateescape")
    return decoded(content)


def _described(about: Entry, line: str) -> Entry:
    """Return what a comment line adds to what is known of the next entry."""
    if found := _INFO.match(line):
        return Entry(split_name(found[2]), duration_s=amount(found[1]))
    if line.upper().startswith("#EXTVDJ:"):
        track = Track(_tagged(line, "artist"), _tagged(line, "title"))
        return Entry(track, duration_s=amount(_tagged(line, "songlength")))
    return about


def _tagged(line: str, tag: str) -> str:
    """Return what stands between the tags; one look for each end, however long the line."""
    opening, closing = _VIRTUAL_DJ[tag]
    if (start := opening.search(line)) and (end := closing.search(line, start.end())):
        return one_line(line[start.end() : end.start()])
    return ""


def _entry(about: Entry, line: str) -> Entry:
    track, path = about.track, line
    if paths.is_address(line.strip()):
        path = paths.from_location(line.strip())
        ident = outside_id(line)
        track = Track(track.artist, track.title, ids=(ident,) if ident else ())
    if path and not (track.artist or track.title):
        stem = _ENDING.sub("", paths.file_name(path))
        track = split_name(_NUMBER_IN_FRONT.sub("", stem).replace("_", " "))
    return Entry(track, path, about.duration_s)
