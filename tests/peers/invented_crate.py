"""The demo crate as services of the web would know it: with ISRCs, lengths and dates."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from data.demo import demo_tracklists
from data.records import Track


@dataclass(frozen=True)
class Release:
    """A recording of the demo crate as it was released.

    Parameters
    ----------
    number : int
        Its place in the crate, from 0.
    isrc : str
        Of a country that nobody has (ZZ).
    released : str
        ISO date.
    """

    number: int
    track: Track
    isrc: str
    duration_s: float
    released: str


@cache
def releases() -> tuple[Release, ...]:
    """Every recording that a set of the demo crate holds, in the order of the sets."""
    played = (play.track for one in demo_tracklists() for play in one.plays)
    tracks = dict.fromkeys(track for track in played if isinstance(track, Track))
    return tuple(
        Release(
            number=number,
            track=track,
            isrc=f"ZZSEG26{number:05}",
            duration_s=200.0 + number * 37 % 190,
            released=f"{2001 + number % 24}-03-07",
        )
        for number, track in enumerate(tracks)
    )
