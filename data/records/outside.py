"""What services of the web say about a track, and where a clip of it can be heard."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Service = Literal["spotify", "deezer", "itunes"]


@dataclass(frozen=True, slots=True)
class OutsideTrack:
    """A track as a service of the web knows it.

    Parameters
    ----------
    service : {"spotify", "deezer", "itunes"}
    ident : str
        Its id there.
    artists : tuple of str
        At least one.
    title : str
        With the version, as the service writes it: ``"Moon - Bo Remix"``.
    isrc : str
        In canonical spelling; empty where the service does not say.
    duration_s : float or None
        Length in seconds.
    album : str
    released : str
        ISO date as far as it is known: ``"2001-03-07"``, ``"2001"`` or empty.
    link : str
        Its page at the service.
    """

    service: Service
    ident: str
    artists: tuple[str, ...]
    title: str
    isrc: str = ""
    duration_s: float | None = None
    album: str = ""
    released: str = ""
    link: str = ""

    @property
    def artist(self) -> str:
        """All artists in one text."""
        return ", ".join(self.artists)


@dataclass(frozen=True, slots=True)
class Preview:
    """A clip of about 30 seconds that a service lets people hear.

    Parameters
    ----------
    track : OutsideTrack
        What it is a clip of, as the service says.
    url : str
        Where the sound is now; it may be signed and die, so it is never kept.
    expires : datetime or None
        When the address dies (UTC); None if it says nothing of it.
    """

    track: OutsideTrack
    url: str
    expires: datetime | None = None
