"""What a playlist file holds: entries in playing order, and what it says about each."""

from __future__ import annotations

from dataclasses import dataclass

from data.harmony import Key
from data.records.sets import SetAside, Track


@dataclass(frozen=True, slots=True)
class Entry:
    r"""One line of a playlist.

    Parameters
    ----------
    track : Track
        The names as the file writes them; artist or title may be empty, and a title may
        hold its version. Outside ids that stand beside it are the track's.
    path : str
        Where the sound lies, as that machine writes it ("/Users/…", "C:\…"), or a name
        beside the playlist; empty where the file does not say. Bytes that are no text
        are kept as `os.fsdecode` gives them.
    duration_s : float or None
        Length in seconds.
    bpm : float or None
    key : Key or None
    added : str
        ISO date on which the DJ took the track in, or empty.
    comment : str
    year : int or None
        In which it came out.
    """

    track: Track
    path: str = ""
    duration_s: float | None = None
    bpm: float | None = None
    key: Key | None = None
    added: str = ""
    comment: str = ""
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Playlist:
    """A playlist: its name, its entries in order, and what of it could not be read.

    Parameters
    ----------
    name : str
        Empty where the file gives it none.
    said_by : str
        The DJ's program whose word tempo, key, length and year are, ``"rekordbox"`` or
        ``"traktor"``; empty where nobody stands for them, as in what Segue wrote itself.
    collection : bool
        Whether it is no playlist, but the tracks of the DJ's program that stand in none.
    """

    name: str
    entries: tuple[Entry, ...]
    set_aside: tuple[SetAside, ...] = ()
    said_by: str = ""
    collection: bool = False
