"""Deezer: previews as MP3, by ISRC and by name.

Source of the calls: https://developers.deezer.com/api. Errors come with HTTP 200, and addresses
of previews are signed and die.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from data.identity import make_track, written_names
from data.identity.artists import lead
from data.records import OutsideTrack, Preview, Service, Track
from data.settings import Settings
from scrapers.http import Clock
from scrapers.previews.likeness import choose
from scrapers.previews.pace import Pace
from scrapers.previews.service import JsonService, page_link, seconds, text

LEAST_DELAY_S = 0.125
"""Deezer answers 50 requests in 5 seconds to an address; eight a second leave some to others."""
_NO_DATA = 800
_QUOTA, _BUSY = 4, 700
_AFTER_LIMIT_S, _AFTER_FAULT_S = 5.0, 30.0
_LIMIT = "25"
_ISRC = re.compile(r"[A-Z]{2}[A-Z0-9]{3}\d{7}")
_EXPIRES = re.compile(r"\bexp=(\d{9,11})\b")


class Deezer:
    """Previews of Deezer; see `PreviewSource`.

    Parameters
    ----------
    settings : Settings
    clock : Clock, optional
        Source of time and sleep.
    """

    name: Service = "deezer"
    label = "Deezer"

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        clock = clock or Clock()
        # A setting can lengthen the delay to Deezer; to another server it rules alone.
        least = LEAST_DELAY_S if "deezer.com" in settings.deezer_api_url else 0.0
        pace = Pace(settings.home / "pace-deezer", max(least, settings.deezer_delay), clock)
        self._service = JsonService(self.label, settings.deezer_api_url, pace, settings, clock)

    def find(
        self, artist: str, title: str, *, isrc: str = "", duration_s: float | None = None
    ) -> Preview | None:
        """Return the preview of a recording: by its ISRC, else by name."""
        wanted = make_track(artist, title)
        if not isinstance(wanted, Track):
            return None
        if _ISRC.fullmatch(isrc):
            found = _preview(self._ask(f"track/isrc:{isrc}"))
            # An id may be wrong, and a remix often carries that of the original. But where it
            # is right, the length that others counted matters no more.
            if found is not None and choose(wanted, None, [found]):
                return found
        for query in _queries(wanted):
            answer = self._ask("search", {"q": query, "limit": _LIMIT})
            if chosen := choose(wanted, duration_s, _previews(answer)):
                return chosen
        return None

    def again(self, ident: str) -> Preview | None:
        """Return the preview with an address that is valid now."""
        if not (ident.isascii() and ident.isdecimal()):
            return None
        return _preview(self._ask(f"track/{ident}"))

    def _ask(self, path: str, params: dict[str, str] | None = None) -> dict[str, Any]:
        """Return what Deezer answers; empty where it says that it has no such thing."""
        answer = self._service.get(path, params)
        error = answer.get("error")
        if not error:
            return answer
        code = error.get("code") if isinstance(error, dict) else None
        if code == _NO_DATA:
            return {}
        if code in (_QUOTA, _BUSY):
            # This says nothing about the track: it must not count as "not found".
            raise self._service.unavailable("was asked too often", _AFTER_LIMIT_S)
        raise self._service.unavailable("does not answer as it should", _AFTER_FAULT_S)


def _queries(wanted: Track) -> Iterator[str]:
    """Yield what to search for: with the version, then, as services write it as they like, without.

    Guests stand in the way of a search, and of several artists Deezer names one.
    """
    names = [*written_names(lead(wanted.artist)).values(), wanted.artist]
    for title in dict.fromkeys((f"{wanted.title} {wanted.version}".strip(), wanted.title)):
        yield f'artist:"{_plain(names[0])}" track:"{_plain(title)}"'


def _plain(name: str) -> str:
    return " ".join(name.replace('"', " ").split())[:200]


def _previews(answer: dict[str, Any]) -> Iterator[Preview]:
    found = answer.get("data")
    for item in found if isinstance(found, list) else ():
        if isinstance(item, dict) and (preview := _preview(item)):
            yield preview


def _preview(item: dict[str, Any]) -> Preview | None:
    """Read a track of Deezer's; None where it is none, or there is nothing to hear."""
    url, ident = text(item.get("preview")), item.get("id")
    artist = item.get("artist")
    name = text(artist.get("name")) if isinstance(artist, dict) else ""
    title = text(item.get("title"))
    if not (url and isinstance(ident, int) and ident > 0 and name and title):
        return None
    version = text(item.get("title_version"))
    if version and version.casefold() not in title.casefold():
        title = f"{title} {version}"
    album = item.get("album")
    track = OutsideTrack(
        "deezer",
        str(ident),
        (name,),
        title,
        isrc=text(item.get("isrc")),
        duration_s=seconds(item.get("duration")),
        album=text(album.get("title")) if isinstance(album, dict) else "",
        released=text(item.get("release_date")),
        link=page_link(item.get("link")),
    )
    return Preview(track, url, _expires(url))


def _expires(url: str) -> datetime | None:
    found = _EXPIRES.search(unquote(url))
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None
