"""A local server that answers like Deezer's API, and serves previews like its CDN.

Errors come with HTTP 200, a search knows neither ISRC nor tempo, and the address of a
preview is signed and dies. As a program it serves the demo crate until it is stopped::

    python -m tests.peers.deezer --port 0
"""

from __future__ import annotations

import argparse
import hashlib
import hmac
import itertools
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
from tests.peers.previews import DENIED, KINDS, PreviewFault, PreviewTrack, demo_clip, serve
from tests.peers.serving import Answer, Request, as_json
from tests.peers.words import words

_FIELD = re.compile(r'\b(artist|track|album):"([^"]*)"')
_SIGNED = re.compile(r"exp=(\d+)~acl=([^~]*)~hmac=([0-9a-f]+)")
_VERSION = re.compile(r"(.*?) (\([^()]*\))")
_KEY = b"invented key of the peer"

_ERRORS = {
    "quota": ("Exception", "Quota limit exceeded", 4),
    "busy": ("Exception", "Service busy", 700),
    "parameter": ("ParameterException", "Wrong parameter", 500),
    "no_data": ("DataException", "no data", 800),
    "missing": ("MissingParameterException", "Missing parameters: q", 501),
    "path": ("InvalidQueryException", "Unknown path components", 600),
}


@dataclass
class DeezerFault(PreviewFault):
    """A `Fault` that knows Deezer's errors: quota, busy, parameter, no_data."""

    def answer(self) -> Answer:
        return error(self.kind) if self.kind in _ERRORS else super().answer()


@dataclass
class DeezerPeer(FaultyPeer):
    """The server; a context manager that serves in threads of its own.

    The clips stand at its own host, which `settings` names.

    Parameters
    ----------
    signed_for : float
        Seconds that the address of a preview lives.
    quota : int or None
        Requests in five seconds, as Deezer has 50; None for no end.
    seconds : float
        Length of the clips that it makes.

    Attributes
    ----------
    tracks : dict of int to PreviewTrack
    """

    signed_for: float = 900.0
    quota: int | None = None
    seconds: float = SECONDS

    def __post_init__(self) -> None:
        super().__post_init__()
        self.api_url = f"{self.url}/"
        self.host = f"127.0.0.1:{self.port}"
        self.tracks: dict[int, PreviewTrack] = {}
        self._number = itertools.count(700_000_001)
        self._recent: deque[float] = deque()

    @property
    def settings(self) -> dict[str, str]:
        """The environment that points Segue at this peer, with no delay."""
        return {
            "SEGUE_DEEZER_API_URL": self.api_url,
            "SEGUE_DEEZER_PREVIEW_HOSTS": self.host,
            "SEGUE_DEEZER_DELAY": "0",
        }

    def add_track(
        self, artist: str, title: str, *, make: Callable[[], bytes] | None = None, **told: Any
    ) -> PreviewTrack:
        """Put a track in; `told` are values of `PreviewTrack`, such as ``isrc``."""
        make = make or partial(clip, "mp3", told.get("bpm") or 126.0, self.seconds)
        track = PreviewTrack(next(self._number), artist, title, make, **told)
        self.tracks[track.id] = track
        return track

    def fail(self, kind: str, times: int = 1, **when: Any) -> DeezerFault:
        """Make the next `times` answers fail; `when` are values of `Fault`.

        The path of a preview is ``"preview/<id>"``, that of a look-up ``"track/*"``.
        """
        fault = DeezerFault(kind, times, **when)
        self._add(fault, (*faults.KINDS, *KINDS, *_ERRORS))
        return fault

    def preview_url(self, track: PreviewTrack) -> str:
        """Address of a clip, signed as of now; empty where the track has none."""
        if track.preview is not None:
            return track.preview
        path, ends = f"/api/1/1/{_hash(track)}.mp3", int(self.now() + self.signed_for)
        signed = f"exp={ends}~acl={path}*~hmac={_sign(ends, path)}"
        return f"http://{self.host}{path}?hdnea={signed}"

    # ---- answering

    def is_api(self, path: str) -> bool:
        return not path.startswith("/api/")

    def short(self, path: str) -> str:
        if self.is_api(path):
            return path.strip("/")
        return f"preview/{next((one.id for one in self._of(path)), '')}"

    def _of(self, path: str) -> list[PreviewTrack]:
        return [one for one in self.tracks.values() if path == f"/api/1/1/{_hash(one)}.mp3"]

    def work(self, request: Request, path: str) -> Answer:
        if not self.is_api(request.path):
            return self._clip(request)
        if self._is_too_much():
            return error("quota")
        if path == "search":
            return self._search(request)
        if found := re.fullmatch(r"track/(isrc:)?(\w+)", path):
            track = self._by_isrc(found[2]) if found[1] else self._by_id(found[2])
            return as_json(self.as_json(track)) if track else error("no_data")
        return error("path")

    def _is_too_much(self) -> bool:
        now = self.now()
        while self._recent and self._recent[0] <= now - 5:
            self._recent.popleft()
        self._recent.append(now)
        return self.quota is not None and len(self._recent) > self.quota

    def _by_isrc(self, isrc: str) -> PreviewTrack | None:
        tracks = self.tracks.values()
        return next((one for one in tracks if one.isrc and one.isrc == isrc.upper()), None)

    def _by_id(self, ident: str) -> PreviewTrack | None:
        return self.tracks.get(int(ident)) if ident.isdecimal() else None

    def _search(self, request: Request) -> Answer:
        query = request.query
        if not query.get("q", "").strip():
            return error("missing")
        limit, index = query.get("limit", "25"), query.get("index", "0")
        if not (limit.isdecimal() and index.isdecimal() and 0 < int(limit) <= 100):
            return error("parameter")
        found = [one for one in self.tracks.values() if _fits(query["q"], one)]
        start, end = int(index), int(index) + int(limit)
        items = [self.as_json(one, found=True) for one in found[start:end]]
        answer: dict[str, Any] = {"data": items, "total": len(found)}
        if end < len(found):
            answer["next"] = f"{self.api_url}search?limit={limit}&index={end}"
        return as_json(answer)

    def _clip(self, request: Request) -> Answer:
        signed, found = _SIGNED.fullmatch(request.query.get("hdnea", "")), self._of(request.path)
        if not (signed and found) or int(signed[1]) <= self.now():
            return DENIED
        if not hmac.compare_digest(signed[3], _sign(signed[1], request.path)):
            return DENIED
        return Answer(200, found[0].sound, {"Content-Type": "audio/mpeg"})

    def as_json(self, track: PreviewTrack, *, found: bool = False) -> dict[str, Any]:
        """A track; `found` by a search, with less said of it."""
        version = _VERSION.fullmatch(track.title)
        value: dict[str, Any] = {
            "id": track.id,
            "readable": True,
            "title": track.title,
            "title_short": version[1] if version else track.title,
            "title_version": version[2] if version else "",
            "link": f"https://www.deezer.com/track/{track.id}",
            "duration": round(track.duration_s),
            "rank": 100_000 + track.id % 900_000,
            "explicit_lyrics": False,
            "preview": self.preview_url(track),
            "artist": {
                "id": _number(track.artist),
                "name": track.artist,
                "link": f"https://www.deezer.com/artist/{_number(track.artist)}",
                "type": "artist",
            },
            "album": {
                "id": _number(track.album),
                "title": track.album or track.title,
                "type": "album",
            },
            "type": "track",
        }
        if found:
            return value
        known = {"release_date": track.released, "bpm": track.bpm, "gain": -9.4}
        return {**value, **known, "isrc": track.isrc}


def error(kind: str) -> Answer:
    """An error as Deezer sends it: with HTTP 200."""
    name, message, code = _ERRORS[kind]
    return as_json({"error": {"type": name, "message": message, "code": code}})


def _fits(question: str, track: PreviewTrack) -> bool:
    """Whether a track has every word that a search asks for, where it asks for it."""
    told = {"artist": track.artist, "track": track.title, "album": track.album}
    fields = _FIELD.findall(question)
    anywhere = words(" ".join(told.values()))
    free = words(_FIELD.sub(" ", question))
    return free <= anywhere and all(words(value) <= words(told[name]) for name, value in fields)


def _hash(track: PreviewTrack) -> str:
    return f"{str(track.id)[-1]}/{hashlib.md5(str(track.id).encode()).hexdigest()}"


def _sign(ends: int | str, path: str) -> str:
    return hmac.new(_KEY, f"{ends}{path}".encode(), "sha256").hexdigest()


def _number(text: str) -> int:
    return int.from_bytes(hashlib.md5(text.encode()).digest()[:4], "big")


def fill(peer: DeezerPeer) -> None:
    """Put two thirds of the demo crate in, with its sound."""
    for one in releases():
        if one.number % 3 == 2:
            continue
        version = f" ({one.track.version})" if one.track.version else ""
        told = {"duration_s": one.duration_s, "released": one.released, "album": one.track.title}
        isrc = "" if one.number % 5 == 4 else one.isrc
        make = demo_clip(one, "mp3")
        peer.add_track(
            one.track.artist, f"{one.track.title}{version}", make=make, isrc=isrc, **told
        )


def main() -> None:
    """Serve until stopped."""
    parser = argparse.ArgumentParser(description="A local Deezer of invented tracks.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    with DeezerPeer(port=parser.parse_args().port) as peer:
        fill(peer)
        serve(peer.settings)


if __name__ == "__main__":
    main()
