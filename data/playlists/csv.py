"""CSV for spreadsheets and for the services that move playlists between stores.

Written as UTF-8 with a byte order mark, without which Excel reads "Röyksopp" as
"RÃ¶yksopp", and without file paths, which are nobody's business on the web. Read as
Exportify, Soundiiz, TuneMyMusic, rekordbox, Mixxx and Segue write it: columns are known
by their names, in any order.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TextIO

from data.harmony import Key, parse_key
from data.playlists import paths
from data.playlists.decoding import decoded
from data.playlists.format import amount, date, id_value, one_line, outside_id, seconds
from data.records import Entry, OutsideId, Playlist, SetAside, Track

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
    "duration",
    "bpm",
    "key",
    "added",
    "comment",
)

# A spreadsheet runs a cell that starts so as a formula (also in its full-width forms).
# Apostrophes in front are matched too: only then can a reader take exactly one away.
_FORMULA = re.compile(r"['\s]*[=+\-@＝＋－＠]")

_NAMES = {
    "artist": "artist|artists|artist name|artist names|track artist|creator",
    "title": "title|track|track name|track title|song|song name|name",
    "version": "version|mix",
    "label": "label|record label",
    "catalogue_number": "catalogue number|catalog number",
    "genre": "genre",
    "isrc": "isrc",
    "spotify": "spotify|spotify id|spotify uri|spotify url|track uri|track id|uri",
    "youtube": "youtube|youtube id|youtube url",
    "playlist": "playlist|playlist name",
    "milliseconds": "duration ms|track duration ms",
    "duration": "duration|length|time|duration s",
    "bpm": "bpm|tempo",
    "key": "key",
    "mode": "mode",
    "added": "added|added at|date added",
    "comment": "comment|comments",
    "path": "path|location|file|file path",
    "set": "set id",
}
_COLUMN = {name: column for column, names in _NAMES.items() for name in names.split("|")}
_PITCHES = {str(pitch) for pitch in range(12)}
_DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"sep=(.)\s*$", re.IGNORECASE)
_MOST_LINES = 50
"""Lines that one record may take; more are a quote that somebody forgot to close."""


def write(entries: Sequence[Entry], stream: TextIO, *, name: str) -> None:
    """Write the entries as a table with the header `COLUMNS`.

    Cells that a spreadsheet would run as a formula start with an apostrophe, which
    spreadsheets do not show.

    Parameters
    ----------
    entries : sequence of Entry
        In playing order.
    stream : text stream
        Where to; to be encoded as plain UTF-8 (the byte order mark is written here).
    name : str
        Repeated in the column ``playlist``, where transfer services look for it.
    """
    stream.write("\ufeff")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for position, entry in enumerate(entries, start=1):
        track = entry.track
        cells = (
            track.artist,
            track.title,
            track.version,
            track.label,
            track.catalogue_number,
            track.genre,
            id_value(track, "isrc"),
            id_value(track, "spotify"),
            name,
            "" if entry.duration_s is None else f"{entry.duration_s:.0f}",
            "" if entry.bpm is None else f"{entry.bpm:.2f}",
            "" if entry.key is None else entry.key.camelot(),
            entry.added,
            entry.comment,
        )
        writer.writerow([position, *map(cell, cells)])


def cell(text: str) -> str:
    """Return the text as a cell that a spreadsheet shows and never runs."""
    text = one_line(text)
    return f"'{text}" if _FORMULA.match(text) else text


def uncell(text: str) -> str:
    """Return what `cell` was given."""
    text = one_line(text)
    return text[1:] if text.startswith("'") and _FORMULA.match(text[1:]) else text


def columns_of(text: str) -> tuple[str, ...]:
    """Return what the columns of a table hold, by its header; an empty text for unknown ones."""
    lines = list(islice(io.StringIO(text, newline=""), 20))
    at, delimiter = _dialect(lines)
    try:
        header = next(csv.reader(lines[at : at + 1], delimiter=delimiter), [])
    except csv.Error:
        return ()
    plain = (" ".join(re.findall(r"[a-z0-9]+", name.casefold())) for name in header)
    return tuple(_COLUMN.get(name.removesuffix(" s"), _COLUMN.get(name, "")) for name in plain)


def is_playlist(text: str) -> bool:
    """Whether a text starts with a header that names tracks, and not the sets of a tracklist."""
    columns = {*columns_of(text)}
    # One name alone might be a line of any text.
    beside = columns & {"artist", "isrc", "spotify", "path"}
    return "title" in columns and bool(beside) and "set" not in columns


def read(content: bytes, *, source: str) -> list[Playlist]:
    """Read a table of tracks; rows of several playlists become several, in file order."""
    text = decoded(content)
    columns = columns_of(text)
    entries: dict[str, list[Entry]] = {}
    aside = []
    for line, cells, error in _records(text):
        if not error and not any(value.strip() for value in cells):
            continue
        row = _by_column(columns, cells)
        if not error and not (row.get("title") or row.get("path")):
            error = "the row names no track"
        if error:
            aside.append(SetAside(f"{source}, line {line}", error))
        else:
            entries.setdefault(row.get("playlist", ""), []).append(_entry(row))
    if not entries:
        return [Playlist("", (), tuple(aside))]
    playlists = [Playlist(name, tuple(listed)) for name, listed in entries.items()]
    return [Playlist(playlists[0].name, playlists[0].entries, tuple(aside)), *playlists[1:]]


def _by_column(columns: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    """Return the known cells; of two columns that say the same the first one filled counts."""
    row: dict[str, str] = {}
    for column, text in zip(columns, cells, strict=False):
        # A path is taken as it is: its spaces are the file's.
        value = text if column == "path" else uncell(text)
        if column and not row.get(column):
            row[column] = value
    return row


def _entry(row: dict[str, str]) -> Entry:
    milliseconds = amount(row.get("milliseconds", ""))
    track = Track(
        # Exportify joins artists so; a semicolon inside a name is rare.
        artist=", ".join(filter(None, map(one_line, row.get("artist", "").split(";"))))
        if "milliseconds" in row
        else row.get("artist", ""),
        title=row.get("title", ""),
        version=row.get("version", ""),
        label=row.get("label", ""),
        catalogue_number=row.get("catalogue_number", ""),
        genre=row.get("genre", ""),
        ids=_ids(row),
    )
    path = row.get("path", "")
    return Entry(
        track,
        path=paths.from_location(path) if paths.is_address(path) else path,
        duration_s=milliseconds / 1000 if milliseconds else seconds(row.get("duration", "")),
        bpm=amount(row.get("bpm", "")),
        key=_key(row.get("key", ""), row.get("mode", "")),
        added=date(row.get("added", "")),
        comment=row.get("comment", ""),
    )


def _ids(row: dict[str, str]) -> tuple[OutsideId, ...]:
    found = (outside_id(row.get(scheme, ""), scheme) for scheme in ("isrc", "spotify", "youtube"))
    return tuple(ident for ident in found if ident)


def _key(text: str, mode: str) -> Key | None:
    """Return a key in any notation; with a mode beside it, it is Spotify's number, C = 0."""
    if mode.strip() in ("0", "1") and text.strip() in _PITCHES:
        return Key(int(text), "major" if mode.strip() == "1" else "minor")
    return parse_key(text)


def _dialect(lines: list[str]) -> tuple[int, str]:
    """Return the index of the header line and the delimiter."""
    for at, line in enumerate(lines):
        if found := _SEP_LINE.match(line):
            return at + 1, found[1]
        if line.strip():
            return at, max(_DELIMITERS, key=line.count)
    return 0, ","


def _records(text: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield first line, cells and error of each record under the header.

    A quote that is never closed costs its own row only.
    """
    # str.splitlines would also break at U+2028, which stands inside real titles.
    lines = list(io.StringIO(text, newline=""))
    header, delimiter = _dialect(lines)
    at = header + 1
    while at < len(lines):
        reader = csv.reader(lines[at : at + _MOST_LINES], delimiter=delimiter)
        try:
            cells = next(reader)
            taken = lines[at : at + reader.line_num]
            if len(taken) > 1 and sum(line.count('"') for line in taken) % 2:
                raise csv.Error("a quote is opened and never closed")
            yield at + 1, cells, ""
            at += len(taken)
        except csv.Error as error:
            yield at + 1, [], str(error)
            at += 1
