"""Playlist files a DJ takes away or brings: one module per format, one contract for all.

Each format is a pair of functions, ``write(entries, stream, *, name)`` and
``read(content, *, source)``, listed in `FORMATS`. `render` gives the finished file for a
download, `missing` says which tracks it cannot hold, and `read_file` reads whatever a DJ
brings, known by its content and not by its ending.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from data.playlists.format import Format
from data.playlists.formats import FORMATS
from data.playlists.reading import LARGEST, read_file, sniff
from data.records import Entry, Track

__all__ = ["FORMATS", "LARGEST", "Format", "missing", "read_file", "render", "sniff"]


def render(key: str, entries: Sequence[Entry | Track], *, name: str) -> bytes:
    """Return the whole file in one of `FORMATS`, encoded as it belongs on disk.

    Parameters
    ----------
    key : str
        A key of `FORMATS`.
    entries : sequence of Entry or Track
        In playing order. A bare track is one without a file, length, tempo or key.
    name : str
        Name of the playlist, kept inside the file where the format has a place for it.

    See Also
    --------
    missing : the tracks that such a file leaves out.
    """
    stream = io.StringIO(newline="")
    FORMATS[key].write(_entries(entries), stream, name=name)
    # Only the name of a file can still hold bytes that are no text.
    return stream.getvalue().encode("utf-8", "surrogateescape")


def missing(key: str, entries: Sequence[Entry | Track]) -> list[Track]:
    """Return the tracks that a file of this format cannot hold, in order.

    rekordbox and Traktor know a track by its file, so those whose file is not known are
    left out of theirs; the other formats hold any track.
    """
    return [entry.track for entry in _entries(entries) if not FORMATS[key].holds(entry)]


def _entries(given: Sequence[Entry | Track]) -> list[Entry]:
    return [Entry(item) if isinstance(item, Track) else item for item in given]
