"""Spotify's JSON, read as that of a stranger: what is not as it should be is left out.

Nothing is taken on trust. A field of another type counts as missing, addresses are
made from ids and not taken over, and an answer that cannot be used as a whole raises
one error.
"""

from __future__ import annotations

import html
import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.identity import parse_outside_id
from data.records.outside import OutsideTrack
from scrapers.spotify.errors import SpotifyProblem

LONGEST_TEXT = 1000
# A listing that claims to be longer than any of Spotify's would be read without end.
MOST_ENTRIES = 50_000

_IDENT = re.compile(r"[0-9A-Za-z]{22}")
_DAY = re.compile(r"[12]\d{3}(?:-\d\d(?:-\d\d)?)?")

NO_LONGER_THERE = "no longer on Spotify"
LOCAL_FILE = "a file on somebody's computer, not on Spotify"
EPISODE = "an episode of a podcast"
UNREADABLE = "Spotify does not say what it is"


@dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in.

    Parameters
    ----------
    account_id : str
        Never changes; accounts made before Spotify had it are named by `ident`.
    name : str
        For people.
    ident : str
        The id that playlists name as their owner.
    """

    account_id: str
    name: str
    ident: str


@dataclass(frozen=True, slots=True)
class PlaylistInfo:
    """A playlist without its items.

    Parameters
    ----------
    ident : str
    name : str
    total : int
        Number of its items, as far as Spotify says.
    owned : bool
        Whether it belongs to who is signed in.
    link : str
        Its page at Spotify.
    description : str
        As plain text.
    """

    ident: str
    name: str
    total: int
    owned: bool
    link: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class PlaylistItem:
    """One place of a playlist.

    Parameters
    ----------
    uri : str
        ``spotify:track:…``; empty where Spotify holds nothing at this place.
    track : OutsideTrack or None
    why : str
        Why there is no track, for people; empty where there is one.
    name : str
        What stands there, for people, as far as Spotify says.
    """

    uri: str
    track: OutsideTrack | None
    why: str = ""
    name: str = ""


def is_ident(text: str) -> bool:
    """Whether a text can be an id of Spotify's, so that no path can be made of it."""
    return bool(_IDENT.fullmatch(text))


def track_of(value: Any) -> OutsideTrack | None:
    """Read a track; None if it has no id, no title or no artist, or is no track."""
    if not isinstance(value, dict) or value.get("type", "track") != "track":
        return None
    ident, title = _ident(value.get("id")), _text(value.get("name"))
    named = (_text(_field(artist, "name")) for artist in _list(value.get("artists")))
    artists = tuple(name for name in named if name)
    if not (ident and title and artists):
        return None
    album = value.get("album")
    return OutsideTrack(
        service="spotify",
        ident=ident,
        artists=artists,
        title=title,
        isrc=_isrc(_field(value.get("external_ids"), "isrc")),
        duration_s=_seconds(value.get("duration_ms")),
        album=_text(_field(album, "name")),
        released=_day(_field(album, "release_date")),
        link=f"https://open.spotify.com/track/{ident}",
    )


def found_of(value: Any) -> list[OutsideTrack]:
    """Read the tracks of a search, best first; what is not readable is left out.

    Raises
    ------
    SpotifyProblem
        ``"damaged"`` if it is no answer to a search for tracks.
    """
    items = _field(_field(value, "tracks"), "items")
    if not isinstance(items, list):
        raise SpotifyProblem("damaged")
    return [track for item in items if (track := track_of(item))]


def me_of(value: Any) -> Me:
    """Read who is signed in.

    Raises
    ------
    SpotifyProblem
        ``"damaged"`` if there is no id.
    """
    ident = _text(_field(value, "id"))
    account = _text(_field(value, "account_id")) or ident
    if not account:
        raise SpotifyProblem("damaged")
    return Me(account, _text(_field(value, "display_name")) or ident or account, ident)


def playlist_of(value: Any, me: Me) -> PlaylistInfo | None:
    """Read a playlist; None if it has no id."""
    ident = _ident(_field(value, "id"))
    if not ident:
        return None
    # Spotify renamed `tracks` to `items` in 2026; servers of either kind are met.
    totals = (_field(_field(value, key), "total") for key in ("items", "tracks"))
    owner = _text(_field(_field(value, "owner"), "id"))
    return PlaylistInfo(
        ident=ident,
        name=_text(_field(value, "name")),
        total=next((total for total in totals if _is_count(total)), 0),
        owned=bool(owner) and owner == me.ident,
        link=f"https://open.spotify.com/playlist/{ident}",
        # Of a description, and of it only, Spotify sends HTML.
        description=html.unescape(_text(_field(value, "description"))),
    )


def item_of(entry: Any) -> PlaylistItem:
    """Read one place of a playlist; it always is one, so that places can be counted."""
    value = _field(entry, "item") or _field(entry, "track")
    if not isinstance(value, dict):
        return PlaylistItem("", None, NO_LONGER_THERE)
    uri, name = _text(value.get("uri")), _name(value)
    if _field(entry, "is_local") is True or value.get("is_local") is True:
        return PlaylistItem(uri, None, LOCAL_FILE, name)
    if value.get("type") == "episode":
        return PlaylistItem(uri, None, EPISODE, name)
    track = track_of(value)
    if track is None:
        return PlaylistItem(uri, None, UNREADABLE, name)
    return PlaylistItem(f"spotify:track:{track.ident}", track, "", name)


def page_of(value: Any, most: int) -> tuple[list[Any], int]:
    """Read the entries of a page, `most` at most, and how many the whole listing has.

    Raises
    ------
    SpotifyProblem
        ``"damaged"`` if it is no page of a listing.
    """
    items, total = _field(value, "items"), _field(value, "total")
    if not isinstance(items, list) or len(items) > most:
        raise SpotifyProblem("damaged")
    if not _is_count(total) or total > MOST_ENTRIES:
        raise SpotifyProblem("damaged")
    return items, total


def snapshot_of(value: Any) -> str:
    """Read the version of a playlist after it was changed.

    Raises
    ------
    SpotifyProblem
        ``"damaged"`` if there is none: whether it was changed is not known then.
    """
    snapshot = _text(_field(value, "snapshot_id"))
    if not snapshot:
        raise SpotifyProblem("damaged")
    return snapshot


def flags_of(value: Any, number: int) -> list[bool]:
    """Read an answer of `number` truth values.

    Raises
    ------
    SpotifyProblem
        ``"damaged"`` if it is anything else.
    """
    if not isinstance(value, list) or len(value) != number:
        raise SpotifyProblem("damaged")
    if not all(isinstance(flag, bool) for flag in value):
        raise SpotifyProblem("damaged")
    return value


def _field(value: Any, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _list(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


def _text(value: Any) -> str:
    """A text on one line, without what no database and no page takes."""
    if not isinstance(value, str):
        return ""
    taken = (
        " " if unicodedata.category(letter) == "Cc" else letter
        for letter in value[:LONGEST_TEXT]
        # Half of a surrogate pair is no text; JSON can hold one.
        if unicodedata.category(letter) != "Cs"
    )
    return " ".join("".join(taken).split())


def _ident(value: Any) -> str:
    return value if isinstance(value, str) and is_ident(value) else ""


def _isrc(value: Any) -> str:
    outside = parse_outside_id(value) if isinstance(value, str) else None
    return outside.value if outside and outside.scheme == "isrc" else ""


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        seconds = value / 1000
    except OverflowError:
        return None
    return seconds if math.isfinite(seconds) and seconds > 0 else None


def _day(value: Any) -> str:
    return value if isinstance(value, str) and _DAY.fullmatch(value) else ""


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _name(value: dict[str, Any]) -> str:
    named = (_text(_field(artist, "name")) for artist in _list(value.get("artists")))
    artists = ", ".join(name for name in named if name)
    return " - ".join(part for part in (artists, _text(value.get("name"))) if part)
