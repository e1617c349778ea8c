"""Extended M3U in UTF-8, the playlist that every DJ program and player reads.

A playlist entry is a file, and Segue does not know a DJ's files yet. So each entry
is the name that a bought file usually has, ``Artist - Title (Version).mp3``, without
a folder: put beside the music, the list plays what is there, and a DJ program shows
the rest by name as missing, ready for its "relocate". An entry with no file line
would be dropped by every reader and the list would look empty.

There is no byte order mark: several players take it for part of the first line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TextIO

from data.playlists.format import one_line
from data.records import Track

# What Windows forbids in a file name; this covers Linux and macOS as well, and it keeps
# "http://..." in a title from being read as an address.
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_LONGEST = 240  # bytes; file systems allow 255, and some tools add an ending of their own


def write(tracks: Sequence[Track], stream: TextIO, *, name: str) -> None:
    """Write the tracks as an extended M3U playlist.

    Parameters
    ----------
    tracks : sequence of Track
        The tracks, in playing order.
    stream : text stream
        Where to; to be encoded as UTF-8.
    name : str
        Shown by players that know ``#PLAYLIST``.
    """
    stream.write("#EXTM3U\n#EXTENC:UTF-8\n")
    stream.write(f"#PLAYLIST:{one_line(name)}\n")
    for track in tracks:
        # -1 is the format's way to say that the length is not known.
        stream.write(f"#EXTINF:-1,{one_line(str(track))}\n{file_name(track)}\n")


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
