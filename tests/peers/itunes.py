"""A local server that answers like Apple's iTunes Search API, and serves its previews.

It knows no ISRC, offers mixed versions beside the real ones, and says HTTP 403 to who
asks too often. As a program it serves the demo crate until it is stopped::

    python -m tests.peers.itunes --port 0
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.peers import faults
from tests.peers.clips import SECONDS, clip
from tests.peers.faults import FaultyPeer
from tests.peers.invented_crate import releases
from tests.peers.previews import KINDS, PreviewFault, PreviewTrack, demo_clip, serve
from tests.peers.serving import Answer, Request, as_json
from tests.peers.words import words

_ASSETS = "/itunes-assets/AudioPreview115/v4/"


@dataclass
class ItunesFault(PreviewFault):
    """A `Fault` that knows "busy": HTTP 403 with no body."""

    def answer(self) -> Answer:
        return Answer(403) if self.kind == "busy" else super().answer()


@dataclass
class ItunesPeer(FaultyPeer):
    """The server; a context manager that serves in threads of its own.

    Parameters
    ----------
    per_minute : int or None
        Requests in a minute, as Apple has about 20; None for no end.
    seconds : float
        Length of the clips that it makes.

    Attributes
    ----------
    tracks : dict of int to PreviewTrack
    """

    per_minute: int | None = None
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        super().__post_init__()
        self.api_url = f"{self.url}/"
        self.host = f"127.0.0.1:{self.port}"
        self.tracks: dict[int, PreviewTrack] = {}
        self._number = itertools.count(1_900_000_001)
        self._recent: deque[float] = deque()

    @property
    def settings(self) -> dict[str, str]:
        """The environment that points Segue at this peer, with no delay."""
        return {
            "SEGUE_ITUNES_API_URL": self.api_url,
            "SEGUE_ITUNES_PREVIEW_HOSTS": self.host,
            "SEGUE_ITUNES_DELAY": "0",
        }

    def add_track(
        self, artist: str, title: str, *, make: Callable[[], bytes] | None = None, **told: Any
    ) -> PreviewTrack:
        """Put a track in; `told` are values of `PreviewTrack`, such as ``duration_s``."""
        make = make or partial(clip, "m4a", told.get("bpm") or 126.0, self.seconds)
        track = PreviewTrack(next(self._number), artist, title, make, **told)
        self.tracks[track.id] = track
        return track

    def fail(self, kind: str, times: int = 1, **when: Any) -> ItunesFault:
        """Make the next `times` answers fail; `when` are values of `Fault`.

        The path of a preview is ``"preview/<id>"``.
        """
        fault = ItunesFault(kind, times, **when)
        self._add(fault, (*faults.KINDS, *KINDS, "busy"))
        return fault

    def preview_url(self, track: PreviewTrack) -> str:
        """Address of a clip; empty where the track has none."""
        if track.preview is not None:
            return track.preview
        return f"http://{self.host}{_ASSETS}mzaf_{track.id}.plus.aac.p.m4a"

    # ---- answering

    def is_api(self, path: str) -> bool:
        return not path.startswith(_ASSETS)

    def short(self, path: str) -> str:
        found = re.search(r"/mzaf_(\d+)\.plus\.aac\.p\.m4a$", path)
        return path.strip("/") if self.is_api(path) or not found else f"preview/{found[1]}"

    def work(self, request: Request, path: str) -> Answer:
        if not self.is_api(request.path):
            track = next((one for one in self.tracks.values() if path == f"preview/{one.id}"), None)
            kind = {"Content-Type": "audio/x-m4a"}
            return Answer(200, track.sound, kind) if track else Answer(404)
        if self._is_too_much():
            return Answer(403)
        if path not in ("search", "lookup"):
            return Answer(404)
        country = request.query.get("country", "US")
        if not re.fullmatch(r"[A-Za-z]{2}", country):
            wrong = "Invalid value(s) for key(s): [country]"
            return as_json({"errorMessage": wrong, "queryParameters": {"country": country}}, 400)
        found = self._search(request.query) if path == "search" else self._lookup(request.query)
        results = [self.as_json(one, country.upper()) for one in found]
        # Apple sends its JSON as JavaScript, with blank lines around it.
        body = f"\n\n\n{json.dumps({'resultCount': len(results), 'results': results}, indent=1)}\n"
        return Answer(200, body.encode(), {"Content-Type": "text/javascript; charset=utf-8"})

    def _is_too_much(self) -> bool:
        now = self.now()
        while self._recent and self._recent[0] <= now - 60:
            self._recent.popleft()
        self._recent.append(now)
        return self.per_minute is not None and len(self._recent) > self.per_minute

    def _search(self, query: dict[str, str]) -> list[PreviewTrack]:
        wanted, limit = words(query.get("term", "")), query.get("limit", "50")
        if not wanted or query.get("entity", "song") != "song":
            return []
        found = [one for one in self.tracks.values() if wanted <= _all_words(one)]
        return found[: min(200, int(limit) if limit.isdecimal() else 50)]

    def _lookup(self, query: dict[str, str]) -> list[PreviewTrack]:
        asked = [int(one) for one in query.get("id", "").split(",") if one.isdecimal()]
        return [self.tracks[one] for one in asked if one in self.tracks]

    def as_json(self, track: PreviewTrack, country: str) -> dict[str, Any]:
        """A song of the store."""
        store = f"https://music.apple.com/{country.lower()}/album/{track.id + 7}"
        value = {
            "wrapperType": "track",
            "kind": "song",
            "artistId": track.id + 5,
            "collectionId": track.id + 7,
            "trackId": track.id,
            "artistName": track.artist,
            "collectionName": track.album or track.title,
            "trackName": track.title,
            "trackViewUrl": f"{store}?i={track.id}&uo=4",
            "previewUrl": self.preview_url(track),
            "artworkUrl100": f"https://is1-ssl.mzstatic.com/image/{track.id}/100x100bb.jpg",
            "releaseDate": f"{track.released}T07:00:00Z",
            "trackTimeMillis": round(track.duration_s * 1000),
            "country": country,
            "primaryGenreName": "Dance",
            "isStreamable": True,
        }
        if not value["previewUrl"]:
            del value["previewUrl"]
        return value


def _all_words(track: PreviewTrack) -> frozenset[str]:
    return words(f"{track.artist} {track.title} {track.album}")


def fill(peer: ItunesPeer) -> None:
    """Put half of the demo crate in, with its sound, and some mixed versions."""
    for one in releases():
        if one.number % 2:
            continue
        version = f" ({one.track.version})" if one.track.version else ""
        title, artist = f"{one.track.title}{version}", one.track.artist
        told = {"released": one.released, "make": demo_clip(one, "m4a")}
        if one.number % 8 == 0:
            album = "Three Hundred Nights (DJ Mix)"
            mixed = {**told, "duration_s": one.duration_s * 0.4, "album": album}
            peer.add_track(artist, f"{title} (Mixed)", **mixed)
        peer.add_track(artist, title, duration_s=one.duration_s, **told)


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="A local iTunes Store of invented tracks.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    with ItunesPeer(port=parser.parse_args().port) as peer:
        fill(peer)
        serve(peer.settings)


if __name__ == "__main__":
    main()
