"""Find the tracks of a crate on Spotify: by known id, by ISRC, then by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from data.catalogue.outside_book import CHOICE
from data.identity.artists import lead, split_names
from data.identity.versions import version_key
from data.records import OutsideTrack, Track
from hybrid.spotify.likeness import Candidate, Length, judge

State = Literal["matched", "doubtful", "missing"]
How = Literal["id", "isrc", "search", ""]
Found = list[OutsideTrack]

_MOST_IDS = 3  # ids of one scheme that are tried
_MOST_SHOWN = 5
_RANK = {"same": 0, "doubt": 1, "version": 2, "other": 3}


class Finder(Protocol):
    """What of Spotify's client is needed to find tracks; see `scrapers.spotify`."""

    def track(self, ident: str) -> OutsideTrack | None:
        """Return a track by its id."""

    def by_isrc(self, isrc: str) -> list[OutsideTrack]:
        """Return the tracks that carry an ISRC."""

    def search(self, artist: str, title: str, limit: int = 10) -> list[OutsideTrack]:
        """Return the tracks that a text search finds, likeliest first."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a track is on Spotify.

    Parameters
    ----------
    state : {"matched", "doubtful", "missing"}
    how : {"id", "isrc", "search", ""}
        What led to the track that was chosen.
    why : str
        In sentences.
    chosen : Candidate or None
        None while it is missing.
    alternatives : tuple of Candidate
        Others it may be, likeliest first; where it is missing, its other versions.
    """

    state: State
    how: How
    why: str
    chosen: Candidate | None = None
    alternatives: tuple[Candidate, ...] = ()


def match(finder: Finder, track: Track, duration_s: float | None = None) -> Match:
    """Find a track on Spotify, with as few requests as will do.

    Parameters
    ----------
    finder : Finder
    track : Track
        Its outside ids lead: what the DJ chose before is it, and what else is found stands
        beside it, so that the choice can be changed; any other id and every ISRC has to agree
        with the name, because ids are sometimes wrong.
    duration_s : float or None
        Its length in seconds, of the whole recording.

    Raises
    ------
    SpotifyProblem
        If Spotify does not answer.
    """
    known = [outside for outside in track.ids if outside.scheme == "spotify"]
    known.sort(key=lambda outside: outside.source != CHOICE)
    found: dict[str, tuple[How, Candidate]] = {}
    kept: OutsideTrack | None = None
    for outside in known[:_MOST_IDS]:
        there = finder.track(outside.value)
        if there is None:
            continue
        if outside.source == CHOICE:
            kept = kept or there
        else:
            found[there.ident] = "id", judge(track, duration_s, there, said=True)
    if kept is not None:
        found.pop(kept.ident, None)
    for how, ask in _questions(finder, track):
        if any(candidate.verdict == "same" for _, candidate in found.values()):
            break
        for there in ask():
            if there.ident not in found and (kept is None or there.ident != kept.ident):
                found[there.ident] = how, judge(track, duration_s, there)
    if kept is None:
        return _chosen(found, duration_s)
    others = tuple(candidate for _, candidate in _ordered(found, duration_s))[:_MOST_SHOWN]
    chosen = Candidate(kept, "same", 1.0)
    return Match("matched", "id", "You chose it before.", chosen, others)


def _questions(finder: Finder, track: Track) -> Iterator[tuple[How, Callable[[], Found]]]:
    """Yield what can be asked, the surest first; each costs a request of a small budget."""
    isrcs = dict.fromkeys(outside.value for outside in track.ids if outside.scheme == "isrc")
    for isrc in list(isrcs)[:_MOST_IDS]:
        yield "isrc", partial(finder.by_isrc, isrc)
    artist = next(iter(split_names(lead(track.artist))), track.artist)
    if version_key(track.version):
        yield "search", partial(finder.search, artist, f"{track.title} {track.version}")
    yield "search", partial(finder.search, artist, track.title)


def _ordered(
    found: dict[str, tuple[How, Candidate]], duration_s: float | None
) -> list[tuple[How, Candidate]]:
    """Return what may be the track, likeliest first."""
    led = {"id": 0, "isrc": 1, "search": 2, "": 3}
    return sorted(
        (entry for entry in found.values() if entry[1].verdict != "other"),
        key=lambda entry: (
            _RANK[entry[1].verdict],
            led[entry[0]],
            -entry[1].score,
            Length(duration_s, entry[1].track.duration_s).apart,
        ),
    )


def _chosen(found: dict[str, tuple[How, Candidate]], duration_s: float | None) -> Match:
    ordered = _ordered(found, duration_s)
    shown = tuple(candidate for _, candidate in ordered)
    if not shown:
        return Match("missing", "", "Spotify has nothing of this name.")
    how, first = ordered[0]
    if first.verdict == "version":
        why = "Spotify has other versions of it only."
        return Match("missing", "", why, alternatives=shown[:_MOST_SHOWN])
    others = shown[1 : _MOST_SHOWN + 1]
    if first.verdict == "doubt":
        return Match("doubtful", how, first.why, first, others)
    return Match("matched", how, _WHY[how], first, others)


_WHY: dict[How, str] = {
    "id": "A source names this very track.",
    "isrc": "It has the same ISRC and name.",
    "search": "It has the same artist, title and version.",
}
