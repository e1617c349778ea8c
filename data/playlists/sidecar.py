"""The list that goes beside a playlist file: the tracks for which there is no file of their own.

rekordbox and Traktor leave such tracks out, a player finds nothing where an M3U names them.
The list says which they are, so that a DJ can get them; it is a table that `read_file` reads as
a playlist, and so do the services that move playlists between stores.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from types import MappingProxyType

from data.playlists import rekordbox, traktor
from data.playlists.csv import cell
from data.playlists.format import id_value, is_one_line
from data.records import Entry, Track

COLUMNS = ("position", "artist", "title", "version", "label", "isrc", "spotify")
"""The header; `position` is the track's place in the playlist, from 1."""
ENDING = ".missing.csv"
MEDIA_TYPE = "text/csv"
_SPOTIFY = "https://open.spotify.com/track/"


def _m3u8_leads_to(entry: Entry) -> bool:
    return rekordbox.holds(entry) and is_one_line(entry.path)


#: Whether a file of these formats leads to the sound of an entry. The others name tracks only.
_LEADS_TO: Mapping[str, Callable[[Entry], bool]] = MappingProxyType(
    {"m3u8": _m3u8_leads_to, "rekordbox": rekordbox.holds, "traktor": traktor.holds}
)
FILE_FORMATS = tuple(_LEADS_TO)
"""Keys of the formats that name each track's file."""


def without_file(key: str, entries: Sequence[Entry]) -> list[tuple[int, Track]]:
    """Return the tracks that a playlist file does not lead to, each behind its place from 1.

    Parameters
    ----------
    key : str
        A key of `data.playlists.FORMATS`. A format that names no files misses none.
    entries : sequence of Entry
        In playing order.
    """
    leads_to = _LEADS_TO.get(key)
    if leads_to is None:
        return []
    return [(place, entry.track) for place, entry in enumerate(entries, 1) if not leads_to(entry)]


def render_missing(missing: Sequence[tuple[int, Track]]) -> bytes:
    """Return the list as a CSV file, in UTF-8 with a byte order mark for Excel.

    Cells that a spreadsheet would run as a formula start with an apostrophe, as in
    `data.playlists.csv`.

    Parameters
    ----------
    missing : sequence of (int, Track)
        As `without_file` returns them.
    """
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for place, track in missing:
        spotify = id_value(track, "spotify")
        cells = (
            track.artist,
            track.title,
            track.version,
            track.label,
            id_value(track, "isrc"),
            f"{_SPOTIFY}{spotify}" if spotify else "",
        )
        table.writerow([place, *map(cell, cells)])
    return text.getvalue().encode("utf-8-sig")


def name_beside(name: str) -> str:
    """Return what the list beside a playlist file is called.

    Examples
    --------
    >>> name_beside("Friday.xml"), name_beside("Vol. 2.nml")
    ('Friday.missing.csv', 'Vol. 2.missing.csv')
    """
    return f"{PurePath(name).stem}{ENDING}"
