"""What every playlist format has, and the rules of text and numbers they share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TextIO

from data.identity import parse_outside_id
from data.records import Entry, OutsideId, Playlist, SetAside, Track

# Everything that some reader takes for the end of a line, and the other control characters:
# C0, DEL, C1 (with NEL), the line and the paragraph separator.
_BREAKS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_LONE_SURROGATES = re.compile(r"[\ud800-\udfff]")
_DATE = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR = re.compile(r"(1[89]\d\d|20\d\d)(?!\d)")
_BARE_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
_LARGEST = 1e9  # beats, seconds or milliseconds of no recording; those are 11 days
SOURCE = "playlist"
"""Who says so, for outside ids that stand in a playlist."""


class Write(Protocol):
    """Write entries, in order, to a text stream that is opened with ``newline=""``."""

    def __call__(self, entries: Sequence[Entry], stream: TextIO, *, name: str) -> None:
        """Write the playlist called `name`."""


class Read(Protocol):
    """Read the playlists in a whole file; `source` is what messages call it."""

    def __call__(self, content: bytes, *, source: str) -> list[Playlist]:
        """Return the playlists; SegueError if the file cannot be read at all."""


def every(_entry: Entry) -> bool:
    """Say that a format can hold any track."""
    return True


@dataclass(frozen=True, slots=True)
class Format:
    """A playlist format.

    Parameters
    ----------
    name : str
        Its name for people.
    extension, media_type : str
        What a file of it is called.
    write, read : callable
    holds : callable
        Whether an entry can stand in such a file. What DJ programs read needs the track's
        own file; what names tracks holds any.
    """

    name: str
    extension: str
    media_type: str
    write: Write
    read: Read
    holds: Callable[[Entry], bool] = every


def one_line(text: str) -> str:
    """Return the text on one line, otherwise letter for letter as it is.

    Line breaks and control characters become a space, so that a title can never
    add a line to a file. Nothing else is normalised: DJ software compares names
    as they are written. Half characters that no encoding can hold become U+FFFD.
    """
    return _LONE_SURROGATES.sub("\ufffd", _BREAKS.sub(" ", text)).strip(" ")


def is_one_line(text: str) -> bool:
    """Whether `text` can stand on a line as it is."""
    return not _BREAKS.search(text)


def named(artist: str, title: str) -> str:
    """Return "Artist - Title", and whichever there is if it is only one."""
    return " - ".join(filter(None, (one_line(artist), one_line(title))))


def split_name(text: str) -> Track:
    """Return the track that "Artist - Title" names, as it is written; the inverse of `named`."""
    artist, dash, title = one_line(text).partition(" - ")
    return Track(artist, title.strip(" ")) if dash else Track("", artist)


def amount(text: object) -> float | None:
    """Return a length or tempo above 0, or None: 0 is how files say that they do not know.

    What no recording can have is as if it were not said.
    """
    try:
        value = float(str(text).strip().replace(",", "."))
    except ValueError:
        return None
    return value if 0 < value < _LARGEST else None


def seconds(text: str) -> float | None:
    """Return the length that "231", "3:51" or "1:03:51" says, in seconds."""
    total = 0.0
    for part in text.split(":"):
        value = amount(part) if part.strip("0 ") else 0.0
        if value is None:
            return None
        total = total * 60 + value
    return total if 0 < total < _LARGEST else None


def date(text: str) -> str:
    """Return the ISO date that a text starts with, or an empty text."""
    found = _DATE.match(text.strip())
    return f"{found[1]}-{int(found[2]):02}-{int(found[3]):02}" if found else ""


def year(text: str) -> int | None:
    """Return the year that a text starts with, or None: 0 is how files say that they do not know.

    Examples
    --------
    >>> year("2019/5/1"), year("0")
    (2019, None)
    """
    found = _YEAR.match(text.strip())
    return int(found[1]) if found else None


def outside_id(text: str, scheme: str = "") -> OutsideId | None:
    """Return the id of a track that `text` holds; of `scheme` only, if one is given."""
    text = text.strip()
    if scheme == "spotify" and _BARE_SPOTIFY_ID.fullmatch(text):
        return OutsideId("spotify", text, SOURCE)
    found = parse_outside_id(text)
    if found is None or found.scheme not in ("isrc", "spotify", "youtube"):
        return None
    return (
        None if scheme not in ("", found.scheme) else OutsideId(found.scheme, found.value, SOURCE)
    )


def id_value(track: Track, scheme: str) -> str:
    """Return the first outside id of one scheme, or an empty text."""
    return next((i.value for i in track.ids if i.scheme == scheme), "")


def with_rest(
    playlists: Sequence[Playlist],
    collection: Iterable[Entry],
    said_by: str,
    set_aside: tuple[SetAside, ...] = (),
) -> list[Playlist]:
    """Return the playlists, and behind them the tracks of the collection that stand in none.

    Where no program stands for the collection it is no DJ's library: then its tracks are a
    playlist too.
    """
    listed = {id(entry) for playlist in playlists for entry in playlist.entries}
    rest = tuple(entry for entry in collection if id(entry) not in listed)
    if playlists and not rest and not set_aside:
        return list(playlists)
    name = "collection" if said_by else ""
    return [*playlists, Playlist(name, rest, set_aside, said_by, collection=bool(said_by))]


def distinct_names(names: Sequence[tuple[str, ...]]) -> list[str]:
    """Name playlists that stand in folders: by their own name, with folders if two share it.

    Parameters
    ----------
    names : sequence of tuple of str
        Folders from the outside in, and the playlist's own name last.
    """
    counts = Counter(path[-1] for path in names)
    return [path[-1] if counts[path[-1]] == 1 else " / ".join(path) for path in names]
