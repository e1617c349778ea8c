"""Plain text, one track a line, for a message or the description of a mix."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TextIO

from data.playlists.decoding import decoded
from data.playlists.format import named, one_line, split_name
from data.records import Entry, Playlist, SetAside

_LINE_END = re.compile(r"\r\n|\r|\n")
_NUMBERED = re.compile(r"0*(\d{1,6})[.)](?:\s+(.*))?")
_LONG_DASH = re.compile(r"\s+[–—]\s+")


def write(entries: Sequence[Entry], stream: TextIO, *, name: str) -> None:
    """Write the entries as numbered lines "1. Artist - Title (Version)" under the name.

    Parameters
    ----------
    entries : sequence of Entry
        In playing order.
    stream : text stream
        Where to; to be encoded as UTF-8.
    name : str
        Stands in the first line, behind a ``#``.
    """
    stream.write(f"# {one_line(name)}\n")
    for number, entry in enumerate(entries, start=1):
        stream.write(f"{number}. {named(entry.track.artist, entry.track.full_title)}\n")


def read(content: bytes, *, source: str) -> list[Playlist]:
    """Read one playlist of "Artist - Title" lines.

    Numbers in front are taken off if they count all the lines, so that "3 Phase" keeps
    its own. A first line behind ``#`` is the name; other such lines are comments.
    """
    name = ""
    rows: list[tuple[int, str]] = []
    for at, line in enumerate(_LINE_END.split(decoded(content)), start=1):
        text = one_line(line)
        if text.startswith("#"):
            name = name or ("" if rows else text.lstrip("#").strip(" "))
        elif text:
            rows.append((at, text))
    counted = [_NUMBERED.fullmatch(text) for _, text in rows]
    numbers = [int(found[1]) for found in counted if found]
    numbered = numbers == list(range(1, len(rows) + 1))
    entries, aside = [], []
    for (at, text), found in zip(rows, counted, strict=True):
        row = found[2] or "" if numbered and found else text
        track = split_name(row if " - " in row else _LONG_DASH.sub(" - ", row, count=1))
        if track.artist or numbered:
            entries.append(Entry(track))
        else:
            reason = 'the line does not read "Artist - Title"'
            aside.append(SetAside(f"{source}, line {at}", reason))
    return [Playlist(name, tuple(entries), tuple(aside))]
