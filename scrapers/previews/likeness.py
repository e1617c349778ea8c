"""Whether a track that a service found is the recording that was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz import fuzz

from data.identity import artist_names, make_track
from data.identity.artists import credit_key
from data.identity.text import title_key
from data.identity.versions import version_key
from data.records import OutsideTrack, Preview, Track

NEAR_S = 3.0
"""Seconds by which two lengths of one recording may differ, as services count."""
_SAME_TITLE = 92.0
"""Likeness of title keys, of 100, from which they differ by a slip of the hand."""
# "Moon (Mixed)", "Moon (Bo Remix) [Mixed]": a piece cut out of a mix, with others in it.
_MIXED = re.compile(r"[(\[][^)\]]*\bmixed\b|\s-\s+mixed\s*$", re.IGNORECASE)


def choose(wanted: Track, duration_s: float | None, previews: Iterable[Preview]) -> Preview | None:
    """Return the preview that is most surely one of the recording; None where none is.

    Parameters
    ----------
    wanted : Track
    duration_s : float or None
        Its length in seconds.
    previews : iterable of Preview
        As the service ranked them; the first of equals is taken.
    """
    best, most = None, 0.0
    for preview in previews:
        score = likeness(wanted, duration_s, preview.track)
        if score > most:
            best, most = preview, score
    return best


def likeness(wanted: Track, duration_s: float | None, found: OutsideTrack) -> float:
    """Return how surely a track of a service is the recording: 0, it is not, to 1.

    Its version must be the same, as `data.identity` reads versions, its length within three
    seconds where both are known, and at least one artist must be the same.

    Examples
    --------
    >>> moon = Track("Anna & Bo", "Moon", "Cid Remix")
    >>> likeness(moon, None, OutsideTrack("deezer", "1", ("Bo",), "Moon (Cid Rmx)"))
    0.5
    >>> likeness(moon, None, OutsideTrack("deezer", "2", ("Anna", "Bo"), "Moon"))
    0.0
    """
    track = make_track(found.artist, found.title)
    if not isinstance(track, Track) or version_key(track.version) != version_key(wanted.version):
        return 0.0
    if _MIXED.search(found.title) and not _MIXED.search(wanted.full_title):
        return 0.0
    if duration_s and found.duration_s and abs(duration_s - found.duration_s) > NEAR_S:
        return 0.0
    return _artists(wanted.artist, track.artist) * _titles(wanted.title, track.title)


def _artists(wanted: str, found: str) -> float:
    """Share of names that both credits have; names are never compared by likeness."""
    if credit_key(wanted) == credit_key(found):
        return 1.0
    one, other = set(artist_names(wanted)), set(artist_names(found))
    return len(one & other) / max(1, len(one | other))


def _titles(wanted: str, found: str) -> float:
    one, other = title_key(wanted), title_key(found)
    if one == other:
        return 1.0
    if re.findall(r"\d+", one) != re.findall(r"\d+", other):
        return 0.0  # part 1 is not part 2
    alike = fuzz.ratio(one, other)
    return alike / 100 if alike >= _SAME_TITLE else 0.0
