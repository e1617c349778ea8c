"""What a hand-picked page must give, in the words of a test."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """What one row must say; cue in seconds, or as its two ends where digits are unknown."""

    position: int
    artist: str
    title: str
    version: str = ""
    label: str = ""
    number: str = ""
    cue: int | tuple[int, int] | None = None
    joined: bool = False


@dataclass(frozen=True)
class Page:
    """What one page must give: counts of identified, unknown and gap rows, and some rows."""

    name: str
    counts: tuple[int, int, int]
    rows: tuple[Row, ...]
    date: str
    djs: tuple[str, ...]
    venue: str = ""
    styles: tuple[str, ...] = ()
    complete: bool = True
    chapters: dict[str, int] = field(default_factory=dict)
    joined: int = 0
    gaps_at: tuple[int, ...] = ()
    unknown_at: tuple[int, ...] = ()
