"""Apple's iTunes Search: previews as M4A, by name.

Source of the calls: Apple's "iTunes Search API" (Performance Partners archive). A preview may be
played only beside a link to the store, so a track without one counts as not there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from data.identity import make_track
from data.records import OutsideTrack, Preview, Service, Track
from data.settings import Settings
from scrapers.http import Clock
from scrapers.previews.likeness import choose
from scrapers.previews.pace import Pace
from scrapers.previews.service import JsonService, page_link, seconds, text

LEAST_DELAY_S = 3.0
"""Apple answers about 20 requests a minute, then HTTP 403."""
_LIMIT = "10"


class ITunes:
    """Previews of the iTunes store; see `PreviewSource`.

    Parameters
    ----------
    settings : Settings
    clock : Clock, optional
        Source of time and sleep.
    """

    name: Service = "itunes"
    label = "Apple Music"

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        clock = clock or Clock()
        # A setting can lengthen the delay to Apple; to another server it rules alone.
        least = LEAST_DELAY_S if "apple.com" in settings.itunes_api_url else 0.0
        pace = Pace(settings.home / "pace-itunes", max(least, settings.itunes_delay), clock)
        self._service = JsonService(self.label, settings.itunes_api_url, pace, settings, clock)
        self._country = settings.itunes_country

    def find(
        self, artist: str, title: str, *, isrc: str = "", duration_s: float | None = None
    ) -> Preview | None:
        """Return the preview of a recording, by name: Apple's search knows no ISRC."""
        wanted = make_track(artist, title)
        if not isinstance(wanted, Track):
            return None
        asked = {
            "term": f"{wanted.artist} {wanted.title} {wanted.version}".strip()[:300],
            "media": "music",
            "entity": "song",
            "country": self._country,
            "limit": _LIMIT,
        }
        return choose(wanted, duration_s, _previews(self._service.get("search", asked)))

    def again(self, ident: str) -> Preview | None:
        """Return the preview with the address that it has now."""
        if not (ident.isascii() and ident.isdecimal()):
            return None
        answer = self._service.get("lookup", {"id": ident, "country": self._country})
        return next(_previews(answer), None)


def _previews(answer: dict[str, Any]) -> Iterator[Preview]:
    found = answer.get("results")
    for item in found if isinstance(found, list) else ():
        if isinstance(item, dict) and (preview := _preview(item)):
            yield preview


def _preview(item: dict[str, Any]) -> Preview | None:
    """Read a track of the store's; None where it is none, or there is nothing to hear."""
    url, ident, link = (
        text(item.get("previewUrl")),
        item.get("trackId"),
        page_link(item.get("trackViewUrl")),
    )
    name, title = text(item.get("artistName")), text(item.get("trackName"))
    song = item.get("kind") == "song"
    if not (song and url and link and isinstance(ident, int) and ident > 0 and name and title):
        return None
    track = OutsideTrack(
        "itunes",
        str(ident),
        (name,),
        title,
        duration_s=seconds(item.get("trackTimeMillis"), per_second=1000),
        album=text(item.get("collectionName")),
        released=text(item.get("releaseDate"))[:10],
        link=link,
    )
    return Preview(track, url)
