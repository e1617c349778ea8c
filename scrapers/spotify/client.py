"""Spotify's Web API as new apps have it since 2026, through spotipy 2.26.

Only these calls are made; each of them is in Spotify's published document, and none
is deprecated there: ``GET /me``, ``GET /tracks/{id}``, ``GET /search``,
``GET|POST /me/playlists``, ``GET /playlists/{id}``, ``GET|POST|PUT
/playlists/{id}/items``, ``GET /me/library/contains``.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Protocol

from spotipy import Spotify

from data.identity import parse_outside_id
from data.records.outside import OutsideTrack
from data.settings import Settings
from scrapers.http import Clock
from scrapers.spotify.errors import PAUSE_REASONS, SpotifyProblem, paused_problem
from scrapers.spotify.line import Line, Pace, base_url, now_of, pace_of
from scrapers.spotify.reading import (
    Me,
    PlaylistInfo,
    PlaylistItem,
    flags_of,
    found_of,
    is_ident,
    item_of,
    me_of,
    page_of,
    playlist_of,
    snapshot_of,
    track_of,
)
from scrapers.spotify.search import looser_query, query

SERVICE = "spotify"
PAGE = 50
INFO = "id,name,description,owner(id),items(total),tracks(total)"
MOST_URIS = 100
MOST_FLAGS = 40
MOST_FOUND = 10
A_DAY = 24 * 3600.0
TRACK_S = 30 * A_DAY
"""How long a track is kept: Spotify renames tracks and takes some away, and its terms allow no
copy for longer than it is of use."""
SHORT_WAIT = timedelta(seconds=5)


class Pause(Protocol):
    """Until when, and why, a service is left alone."""

    @property
    def until(self) -> datetime:
        """When it ends, with its zone."""

    @property
    def reason(self) -> str:
        """As it was given to `Memory.pause`."""


class Memory(Protocol):
    """Where answers and pauses are kept: they outlast this process."""

    def answer(self, service: str, question: str) -> Any | None:
        """JSON value that was kept and is not outdated, or None."""

    def keep(
        self, service: str, question: str, answer: Any, *, seconds: float | None = None
    ) -> None:
        """Keep a JSON value, for ever or for some seconds."""

    def pause(self, service: str, until: datetime, reason: str) -> None:
        """Leave a service alone until then."""

    def paused(self, service: str) -> Pause | None:
        """The pause of a service, if it is not over."""


class SpotifyClient:
    """What Segue asks of Spotify.

    It can be used by several threads; all clients of a process share one pace.
    A GET is repeated where that may help: once after a timeout, twice after a 5xx,
    once after a short 429. A request that changes something is sent once, unless
    Spotify refused its token: then nothing was done, and it is sent with a new one.
    Every method raises `SpotifyProblem`, and nothing else that Spotify could cause.

    Parameters
    ----------
    settings : Settings
        Address, market, pace and timeout.
    token : callable
        Gives an access token; told True, a new one, because the last was refused.
    memory : Memory
        Keeps tracks for 30 days, searches for one, and the pauses Spotify asks for.
    clock : Clock, optional
        Source of time and sleep. A client with its own clock has its own pace.
    """

    def __init__(
        self,
        settings: Settings,
        token: Callable[[bool], str | None],
        memory: Memory,
        *,
        clock: Clock | None = None,
    ) -> None:
        self._settings = settings
        self._token = token
        self._memory = memory
        self._clock = clock or Clock()
        self._pace = Pace() if clock else pace_of(settings.spotify_api_url)
        self._lock = threading.Lock()
        self._line = Line(settings, self._clock)
        self._spotify = Spotify(
            auth="", requests_session=self._line.session, requests_timeout=self._line.timeout
        )
        self._spotify.prefix = base_url(settings.spotify_api_url)
        self._me: Me | None = None

    def me(self) -> Me:
        """Who is signed in; asked once by each client."""
        if self._me is None:
            # spotipy's own method asks for `me/`, which the published document does not know.
            self._me = me_of(self._get(lambda spotify: spotify._get("me")))
        return self._me

    def track(self, ident: str) -> OutsideTrack | None:
        """Look a track up, or None if Spotify does not have it (any more)."""
        if not is_ident(ident):
            return None
        question = f"track {self._market} {ident}"
        kept = self._kept(question)
        if kept is not None:
            return kept[0] if kept else None
        try:
            value = self._get(lambda spotify: spotify.track(ident, market=self._market))
        except SpotifyProblem as problem:
            if problem.kind != "not_found":
                raise
            self._keep(question, [], A_DAY)
            return None
        track = track_of(value)
        if track is None:
            raise SpotifyProblem("damaged")
        self._keep(question, [track], TRACK_S)
        return track

    def by_isrc(self, isrc: str) -> list[OutsideTrack]:
        """Tracks with this ISRC, or of which Spotify does not say theirs, best first."""
        outside = parse_outside_id(isrc)
        if outside is None or outside.scheme != "isrc":
            return []
        found = self._search(f"isrc:{outside.value}")
        return [track for track in found if track.isrc in ("", outside.value)]

    def search(self, artist: str, title: str, limit: int = MOST_FOUND) -> list[OutsideTrack]:
        """Tracks with a title and an artist like these, best first; 10 at most."""
        asked = query(artist, title)
        found = self._search(asked) if asked else []
        if asked and not found:
            found = self._search(looser_query(artist, title))
        return found[: max(1, min(limit, MOST_FOUND))]

    def playlists(self) -> Iterator[PlaylistInfo]:
        """Playlists of the account, own and followed ones, as Spotify orders them."""
        me = self.me()
        for value in self._entries(
            lambda spotify, offset: spotify.current_user_playlists(limit=PAGE, offset=offset)
        ):
            info = playlist_of(value, me)
            if info is not None:
                yield info

    def playlist(self, ident: str) -> PlaylistInfo:
        """One playlist, without its items."""
        me, path = self.me(), f"playlists/{_playlist(ident)}"
        # Without this the answer holds the first 100 items.
        info = playlist_of(self._get(lambda spotify: spotify._get(path, fields=INFO)), me)
        if info is None:
            raise SpotifyProblem("damaged")
        return info

    def items(self, ident: str) -> Iterator[PlaylistItem]:
        """What stands at each place of a playlist, in its order.

        No market is sent: with one, Spotify may show another id than the playlist holds.
        """
        _playlist(ident)
        for entry in self._entries(
            lambda spotify, offset: spotify.playlist_items(ident, limit=PAGE, offset=offset)
        ):
            yield item_of(entry)

    def create_playlist(self, name: str, description: str, public: bool = False) -> PlaylistInfo:
        """Make an empty playlist. Names need not be unique: each call makes one."""
        me = self.me()
        made = self._change(
            lambda spotify: spotify.current_user_playlist_create(
                name, public=public, description=description
            )
        )
        info = playlist_of(made, me)
        if info is None:
            raise SpotifyProblem("damaged")
        return info

    def add_items(self, ident: str, uris: Sequence[str]) -> str:
        """Put up to 100 items at the end of a playlist; return its new snapshot id."""
        if not 1 <= len(uris) <= MOST_URIS:
            raise ValueError(f"1 to {MOST_URIS} items can be added at once, not {len(uris)}")
        # spotipy's own method sends a bare array, which the published document does not know.
        path, payload = f"playlists/{_playlist(ident)}/items", {"uris": list(uris)}
        return snapshot_of(self._change(lambda spotify: spotify._post(path, payload=payload)))

    def replace_items(self, ident: str, uris: Sequence[str]) -> str:
        """Make a playlist hold these up to 100 items only; return its new snapshot id."""
        if len(uris) > MOST_URIS:
            raise ValueError(f"at most {MOST_URIS} items can be put at once, not {len(uris)}")
        path, payload = f"playlists/{_playlist(ident)}/items", {"uris": list(uris)}
        return snapshot_of(self._change(lambda spotify: spotify._put(path, payload=payload)))

    def in_library(self, uris: Sequence[str]) -> list[bool]:
        """For each item, whether the account has saved it or follows it."""
        flags: list[bool] = []
        for start in range(0, len(uris), MOST_FLAGS):
            flags += self._flags(uris[start : start + MOST_FLAGS])
        return flags

    def _flags(self, uris: Sequence[str]) -> list[bool]:
        joined = ",".join(uris)
        answer = self._get(lambda spotify: spotify._get("me/library/contains", uris=joined))
        return flags_of(answer, len(uris))

    @property
    def _market(self) -> str | None:
        return self._settings.spotify_market or None

    def _search(self, asked: str) -> list[OutsideTrack]:
        question = f"search {self._market} {asked}"
        kept = self._kept(question)
        if kept is not None:
            return kept
        found = found_of(
            self._get(
                lambda spotify: spotify.search(
                    asked, limit=MOST_FOUND, type="track", market=self._market
                )
            )
        )
        self._keep(question, found, A_DAY)
        for track in found:
            self._keep(f"track {self._market} {track.ident}", [track], TRACK_S)
        return found

    def _kept(self, question: str) -> list[OutsideTrack] | None:
        """What was answered before; None too if it was kept by another version of Segue."""
        try:
            rows = self._memory.answer(SERVICE, question)
            if rows is None:
                return None
            return [OutsideTrack(**{**row, "artists": tuple(row["artists"])}) for row in rows]
        except (TypeError, KeyError):
            return None

    def _keep(self, question: str, found: Sequence[OutsideTrack], seconds: float) -> None:
        rows = [{**asdict(track), "artists": list(track.artists)} for track in found]
        self._memory.keep(SERVICE, question, rows, seconds=seconds)

    def _entries(self, page: Callable[..., Any]) -> Iterator[Any]:
        """Read a listing to its end, by our own counting.

        The address of the next page in an answer is not followed: whoever wrote it
        would be sent the token.
        """
        offset = 0
        while True:
            entries, total = page_of(self._get(partial(page, offset=offset)), PAGE)
            yield from entries
            offset += PAGE
            if offset >= total:
                return
            if not entries:
                raise SpotifyProblem("damaged")

    def _get(self, call: Callable[[Spotify], Any]) -> Any:
        return self._ask(call, reads=True)

    def _change(self, call: Callable[[Spotify], Any]) -> Any:
        return self._ask(call, reads=False)

    def _ask(self, call: Callable[[Spotify], Any], *, reads: bool) -> Any:
        self._require_open()
        token = self._require(self._token(False))
        renewed = waited = False
        while True:
            try:
                return self._send(call, token)
            except SpotifyProblem as problem:
                short = self._heed(problem)
                if problem.kind == "signed_out" and not renewed:
                    token, renewed = self._renewed(token), True
                elif short and reads and not waited:
                    waited = True
                else:
                    raise

    def _send(self, call: Callable[[Spotify], Any], token: str) -> Any:
        self._pace.wait(self._settings.spotify_delay, self._clock)
        # Another thread may have been told of a pause while this one waited.
        self._require_open()
        with self._lock:
            self._spotify.set_auth(token)
            # None where the answer was empty or no JSON; no reading takes that for an answer.
            return self._line.ask(lambda: call(self._spotify))

    def _require_open(self) -> None:
        pause = self._memory.paused(SERVICE)
        if pause is not None:
            raise paused_problem(pause.until, pause.reason, now_of(self._clock))

    def _heed(self, problem: SpotifyProblem) -> bool:
        """Keep to a pause that Spotify asks for, and say whether it is worth waiting for."""
        if problem.until is None:
            return False
        left = problem.until - now_of(self._clock)
        short = problem.kind == "busy" and left <= SHORT_WAIT
        if short:
            self._pace.hold(self._clock.monotonic() + left.total_seconds())
        else:
            self._memory.pause(SERVICE, problem.until, PAUSE_REASONS[problem.kind])
        return short

    def _renewed(self, refused: str) -> str:
        """A token that is not the refused one: another thread may have renewed it already."""
        token = self._require(self._token(False))
        return token if token != refused else self._require(self._token(True))

    @staticmethod
    def _require(token: str | None) -> str:
        # spotipy would ask without a token, and requests name a bad one in its error.
        if not isinstance(token, str) or not token.isascii() or not token.isprintable():
            raise SpotifyProblem("signed_out")
        if not token or token != token.strip():
            raise SpotifyProblem("signed_out")
        return token


def _playlist(ident: str) -> str:
    if not is_ident(ident):
        raise SpotifyProblem("not_found")
    return ident
