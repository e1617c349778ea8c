"""Playlist files a DJ takes away: one module per format, one contract for all.

Each format is a function ``write(tracks, stream, *, name)`` listed in `FORMATS`;
`render` gives the finished file for a download.
"""

from __future__ import annotations

import io
from collections.abc import Sequence

from data.playlists import csv, m3u8
from data.playlists.format import Format
from data.records import Track

__all__ = ["FORMATS", "Format", "render"]

FORMATS: dict[str, Format] = {
    "m3u8": Format("M3U8", ".m3u8", "application/vnd.apple.mpegurl", m3u8.write),
    "csv": Format("CSV", ".csv", "text/csv", csv.write),
}


def render(key: str, tracks: Sequence[Track], *, name: str) -> bytes:
    """Return the whole file in one of `FORMATS`, encoded as it belongs on disk.

    Parameters
    ----------
    key : str
        A key of `FORMATS`.
    tracks : sequence of Track
        The tracks, in playing order.
    name : str
        Name of the playlist, kept inside the file where the format has a place for it.
    """
    stream = io.StringIO(newline="")
    FORMATS[key].write(tracks, stream, name=name)
    return stream.getvalue().encode("utf-8")
