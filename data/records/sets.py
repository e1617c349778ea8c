"""What DJs played: tracks, plays and the sets that hold them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PlayKind = Literal["identified", "unknown", "gap"]


@dataclass(frozen=True, slots=True)
class OutsideId:
    """An identifier somebody else gave to a recording.

    Outside ids are facts with provenance, never the key of a recording: they
    are sometimes wrong (a remix carrying the original's ISRC).

    Parameters
    ----------
    scheme : str
        ``"spotify"``, ``"isrc"``, ``"youtube"``, ``"1001tracklists"``, ...
    value : str
        The identifier in its canonical spelling.
    source : str
        Who said so: the name of the source it was read from.
    """

    scheme: str
    value: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """One recording as somebody wrote it down.

    Parameters
    ----------
    artist : str
        Joined artist credit, as written ("Chase & Status").
    title : str
        Title without its version ("Strings of Life").
    version : str
        Version without brackets ("Danny Krivit Re-Edit"); empty for the original.
    label, catalogue_number : str
        Record label and catalogue number, empty where none (or no real one) was written.
    genre : str
        Genre where the source gives one to a row.
    ids : tuple of OutsideId
        Outside identifiers found beside the row.
    """

    artist: str
    title: str
    version: str = ""
    label: str = ""
    catalogue_number: str = ""
    genre: str = ""
    ids: tuple[OutsideId, ...] = ()

    @property
    def full_title(self) -> str:
        """Title with the version in round brackets, as a DJ reads it."""
        return f"{self.title} ({self.version})" if self.version else self.title

    def __str__(self) -> str:
        return f"{self.artist} - {self.full_title}"


@dataclass(frozen=True, slots=True)
class Unidentified:
    """A row that names no recording, with the reason.

    `artist`, `title` and `label` keep whichever half was known ("? - G.O.D.").
    """

    raw: str
    reason: Literal["unknown", "no artist", "no title", "not music", "unreadable"]
    artist: str = ""
    title: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Cue:
    """Where a play starts in its set, in whole seconds.

    Unknown digits make a range: ``[07?]`` is 70 to 79 minutes, so `earliest`
    is 4200 and `latest` 4740. A cue that is certain has ``earliest == latest``.
    """

    text: str
    earliest: int | None = None
    latest: int | None = None

    @property
    def seconds(self) -> int | None:
        """The start in seconds, or None while it is only a range."""
        return self.earliest if self.earliest == self.latest else None


@dataclass(frozen=True, slots=True)
class Play:
    """One row of a tracklist.

    Parameters
    ----------
    position : int
        1-based place of the row among all rows of the list, gaps included.
    kind : {"identified", "unknown", "gap"}
        A gap (``...``) says that something is missing here; an unknown row says
        that one track was played and nobody knows which.
    track : Track or None
        The recording; None unless `kind` is ``"identified"``.
    raw : str
        The row as it was written, for people and for later re-reading.
    with_previous : bool
        Played together with the row before it (``+``, ``w/``, a layer or a mashup's part).
    chapter : str
        Heading the row stands under, usually another DJ or part of the night.
    reason : str
        Why the row is unknown; empty for identified rows.
    """

    position: int
    kind: PlayKind
    track: Track | None = None
    raw: str = ""
    cue: Cue | None = None
    with_previous: bool = False
    chapter: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Tracklist:
    """One DJ set and what was played in it.

    Parameters
    ----------
    source : str
        Name of the source (``"mixesdb"``, ``"djmix"``, ``"csv"``, ...).
    source_id : str
        The set's identifier at that source. (`source`, `source_id`) is unique:
        importing it again replaces the rows, it never doubles them.
    date : str
        ISO date as far as it is known: ``"2013-07-24"``, ``"2011-06"``, ``"1995"``
        or ``""``. Strings of this form sort by time.
    djs : tuple of str
        Names of the DJs, in order.
    url : str
        The page the list came from, kept as attribution.
    completeness : {"complete", "incomplete", "unknown"}
    """

    source: str
    source_id: str
    title: str
    plays: tuple[Play, ...]
    date: str = ""
    djs: tuple[str, ...] = ()
    show: str = ""
    venue: str = ""
    styles: tuple[str, ...] = ()
    url: str = ""
    licence: str = ""
    completeness: Literal["complete", "incomplete", "unknown"] = "unknown"

    @property
    def identified(self) -> tuple[Play, ...]:
        """The plays that name a recording."""
        return tuple(p for p in self.plays if p.kind == "identified")


@dataclass(frozen=True, slots=True)
class SetAside:
    """Something that could not be taken in, where it is and why."""

    where: str
    reason: str
