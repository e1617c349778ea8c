"""CSV for spreadsheets and for the services that move playlists between stores.

UTF-8 with a byte order mark, without which Excel reads "Röyksopp" as "RÃ¶yksopp".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from typing import TextIO

from data.playlists.format import one_line
from data.records import Track

COLUMNS = (
    "position",
    "artist",
    "title",
    "version",
    "label",
    "catalogue_number",
    "genre",
    "isrc",
    "spotify",
    "playlist",
)

# A spreadsheet runs a cell that starts so as a formula (also in its full-width forms).
# Apostrophes in front are matched too: only then can a reader take exactly one away.
_FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]")


def write(tracks: Sequence[Track], stream: TextIO, *, name: str) -> None:
    """Write the tracks as a table with the header `COLUMNS`.

    Cells that a spreadsheet would run as a formula start with an apostrophe, which
    spreadsheets do not show.

    Parameters
    ----------
    tracks : sequence of Track
        The tracks, in playing order.
    stream : text stream
        Where to; to be encoded as plain UTF-8 (the byte order mark is written here).
    name : str
        Repeated in the column ``playlist``, where transfer services look for it.
    """
    stream.write("\ufeff")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for position, track in enumerate(tracks, start=1):
        cells = (
            track.artist,
            track.title,
            track.version,
            track.label,
            track.catalogue_number,
            track.genre,
            _outside_id(track, "isrc"),
            _outside_id(track, "spotify"),
            name,
        )
        writer.writerow([position, *map(cell, cells)])


def cell(text: str) -> str:
    """Return the text as a cell that a spreadsheet shows and never runs."""
    text = one_line(text)
    return f"'{text}" if _FORMULA.match(text) else text


def _outside_id(track: Track, scheme: str) -> str:
    return next((i.value for i in track.ids if i.scheme == scheme), "")
