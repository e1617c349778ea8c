"""Tracks as Spotify writes them, read as Segue writes them."""

from __future__ import annotations

import re

from data.identity import artist_names, make_track, track_artists
from data.identity.artists import name_key
from data.identity.versions import is_version, remixers
from data.records import OutsideId, OutsideTrack, Track, Unidentified

_TAIL = re.compile(r"\s+[-–—]\s+")
# Which pressing it is on, or comes from: the recording is the same.
_NOTE = re.compile(r"(?:mono|stereo)(?: version)?|bonus(?: track)?", re.IGNORECASE)
_SQUARE = str.maketrans("[]", "()")


def as_track(found: OutsideTrack) -> Track | Unidentified:
    """Read a track of Spotify as a row that names a recording.

    Spotify writes versions behind a dash ("Moon - Bo Remix") and names guests and remixers
    among the artists; here versions stand in brackets, and who is named in the title is no
    artist beside it.

    Examples
    --------
    >>> found = OutsideTrack("spotify", "x", ("Anna", "Bo", "Cat"), "Moon (feat. Cat) - Bo Remix")
    >>> str(as_track(found))
    'Anna feat. Cat - Moon (Bo Remix)'
    """
    ids = [OutsideId("spotify", found.ident, "spotify")]
    if found.isrc:
        ids.append(OutsideId("isrc", found.isrc, "spotify"))
    title = _bracketed(found.title, found.artists)
    track = make_track(found.artist, title, ids=ids)
    if isinstance(track, Unidentified) or len(found.artists) == 1:
        return track
    first = make_track(found.artists[0], title)
    if isinstance(first, Unidentified):
        return track
    # Read with one artist, whoever else the row names stands in its title.
    named = {*remixers(first.version), *track_artists(first)} - set(artist_names(found.artists[0]))
    others = [name for name in found.artists[1:] if not set(artist_names(name)) <= named]
    return make_track(", ".join((found.artists[0], *others)), title, ids=ids)


def _bracketed(title: str, artists: tuple[str, ...]) -> str:
    """Put what stands behind dashes in round brackets, as lists do."""
    # Spotify's titles hold no label, which is what square brackets mean in a list.
    first, *tails = _TAIL.split(title.translate(_SQUARE).strip())
    same = any(name_key(first) == name_key(artist) for artist in artists)
    if tails and same and not is_version(tails[0]):
        # "Anna - Moon" as the title of a track by Anna.
        first, *tails = tails
    said = (tail.strip() for tail in tails)
    return " ".join((first, *(f"({tail})" for tail in said if tail and not _NOTE.fullmatch(tail))))
