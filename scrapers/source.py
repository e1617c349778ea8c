"""What a source of DJ sets is: one small contract that all of them keep.

A source turns somebody's format into Segue's records and does nothing else: it
knows no database, and whatever it cannot read it hands on as a `SetAside`, with
the place and the reason. To add a source, write one file beside this one with a
class that has

* a ``name``, the short word kept with each set (``"mixesdb"``, ``"csv"``),
* a constructor that takes where to read from (a path, a client) and does not read,
* a ``read`` method that yields records one by one,

teach `scrapers.files` to recognise its files, and add an example of them to the
list in ``tests/scrapers/test_source_contract.py``. Every source passes the same test.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from data.records import Cue, Play, SetAside, Track, Tracklist, Unidentified


class Source(Protocol):
    """Somewhere DJ sets come from.

    Attributes
    ----------
    name : str
        The `source` of the tracklists it yields.
    """

    name: str

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Read from the start; a second call yields equal records.

        Yields
        ------
        Tracklist or SetAside
            A set whose plays stand at positions 1 to n, every row of the list among
            them, each unidentified one with its reason; or what could not be taken
            in. (`source`, `source_id`) is unique within one reading.

        Raises
        ------
        data.errors.SegueError
            If the whole cannot be read, in one sentence for the person who gave it.
        """
        ...


def as_play(
    position: int,
    reading: Track | Unidentified,
    *,
    raw: str,
    cue: Cue | None = None,
    with_previous: bool = False,
    chapter: str = "",
) -> Play:
    """Make the play at `position` of what `data.identity` read in its row.

    A first row cannot be played with the one before it, whatever its mark says.
    """
    with_previous = with_previous and position > 1
    if isinstance(reading, Track):
        return Play(position, "identified", reading, raw, cue, with_previous, chapter)
    return Play(position, "unknown", None, raw, cue, with_previous, chapter, reading.reason)
