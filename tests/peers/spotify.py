"""A local server that answers like Spotify in 2026, for a new app in development mode.

It holds invented tracks, playlists and people, and each request against the OpenAPI
document that Spotify publishes: what is deprecated there is refused. Any request can be
told to fail, in every way that was seen:

>>> with SpotifyPeer() as peer:  # doctest: +SKIP
...     moon = peer.add_track("Ada Sun", "Moon Letter - Bo Remix", isrc="QZAAA2600001")
...     peer.fail("done_but_502", method="POST", path="playlists/*/items")
...     peer.add_playlist("Warm up", [moon])
...     spotipy.Spotify(auth=peer.access_token()).prefix = peer.api_url

As a program it serves until it is stopped, and prints how to point Segue at it::

    python -m tests.peers.spotify --port 0 --fail quota:100:search
"""

from __future__ import annotations

import argparse
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.peers.faults import FaultyPeer
from tests.peers.serving import Answer, Request, as_shell
from tests.peers.spotify_accounts import SCOPES, Accounts, App, User
from tests.peers.spotify_api import Api
from tests.peers.spotify_catalogue import SpotifyTrack, TrackShelf
from tests.peers.spotify_faults import KINDS, SpotifyFault, error
from tests.peers.spotify_playlists import Playlists, SpotifyPlaylist
from tests.peers.spotify_spec import load

DJ = User("mira.okafor", "Mira Okafor", "7f1c2a90-5b1e-4d0c-9c55-0d3e8a6b1f42")
#: Somebody whose playlists the DJ can see but not read.
STRANGER = User("tove.halloran", "Tove Halloran", "aa01b2c3-0d0e-4f10-8a11-121314151617")


@dataclass
class SpotifyPeer(FaultyPeer):
    """The server; a context manager that serves in threads of its own.

    Parameters
    ----------
    app : App
        The registered app.
    user : User
        Who sits at the browser and owns what `add_playlist` makes.

    Attributes
    ----------
    api_url, accounts_url : str
        What ``SEGUE_SPOTIFY_API_URL`` and ``SEGUE_SPOTIFY_ACCOUNTS_URL`` are set to.
    shelf : TrackShelf
        The tracks.
    """

    app: App = field(default_factory=App)
    user: User = DJ

    def __post_init__(self) -> None:
        spec = load()  # Where it is missing, no socket is left behind.
        super().__post_init__()
        self.api_url, self.accounts_url = f"{self.url}/v1/", f"{self.url}/accounts/"
        self.accounts = Accounts(self.app, self.user, self.now)
        self.shelf = TrackShelf(f"{self.url}/v1")
        self.books = Playlists(self.shelf)
        self.users = {one.id: one for one in (self.user, DJ, STRANGER)}
        self._api = Api(spec, self.accounts, self.shelf, self.books, self.users)

    # ---- what is there

    @property
    def playlists(self) -> dict[str, SpotifyPlaylist]:
        """Every playlist by id, the newest first."""
        return self.books.all

    def add_track(self, artists: str | Iterable[str], title: str, **told: Any) -> SpotifyTrack:
        """Put a track in; `told` are values of `SpotifyTrack`, such as ``isrc``."""
        return self.shelf.add(artists, title, **told)

    def add_playlist(
        self,
        name: str,
        tracks: Iterable[SpotifyTrack] = (),
        *,
        owner: User | None = None,
        **told: Any,
    ) -> SpotifyPlaylist:
        """Make a playlist of `owner`, the user if nobody is named."""
        uris: list[Any] = [track.uri for track in tracks]
        return self.books.make(owner or self.user, name, entries=uris, **told)

    @property
    def settings(self) -> dict[str, str]:
        """The environment that points Segue at this peer, with no delay."""
        return {
            "SEGUE_SPOTIFY_API_URL": self.api_url,
            "SEGUE_SPOTIFY_ACCOUNTS_URL": self.accounts_url,
            "SEGUE_SPOTIFY_DELAY": "0",
        }

    # ---- who may

    def access_token(self, scopes: Iterable[str] = SCOPES, *, seconds: float = 3600) -> str:
        """A token of the user's, with no sign-in."""
        return str(self.token_info(scopes, seconds=seconds)["access_token"])

    def token_info(
        self, scopes: Iterable[str] = SCOPES, *, seconds: float = 3600, with_secret: bool = False
    ) -> dict[str, Any]:
        """What a sign-in ends with, in the shape that spotipy keeps."""
        granted = frozenset(scopes)
        info = self.accounts.give(self.user.id, granted, seconds)
        refresh = self.accounts.give_refresh(self.user.id, granted, with_secret=with_secret)
        return {**info, "refresh_token": refresh, "expires_at": int(self.now() + seconds)}

    def app_token(self) -> str:
        """A token of the app alone."""
        return str(self.accounts.give("", frozenset())["access_token"])

    def agree(self, address: str) -> str:
        """Answer the sign-in page with Agree; returns the address it sends the browser to."""
        return self._decide(address, b"answer=agree")

    def cancel(self, address: str) -> str:
        """Answer the sign-in page with Cancel."""
        return self._decide(address, b"answer=cancel")

    def _decide(self, address: str, form: bytes) -> str:
        parts = urlsplit(address)
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = self.answer(Request("POST", parts.path, dict(parse_qsl(parts.query)), kind, form))
        if "Location" not in answer.headers:
            raise AssertionError(f"the sign-in page said: {answer.body.decode()}")
        return answer.headers["Location"]

    @property
    def secrets(self) -> set[str]:
        """Everything that must not be in a log, an address or a page: tokens, the secret."""
        return set(self.accounts.secrets)

    # ---- answering

    def fail(self, kind: str, times: int = 1, **when: Any) -> SpotifyFault:
        """Make the next `times` answers fail; `when` are values of `Fault`."""
        if kind == "invalid_grant":
            when = {"path": "api/token", **when}
        fault = SpotifyFault(kind, times, **when)
        self._add(fault, KINDS)
        return fault

    def short(self, path: str) -> str:
        """What follows ``/v1/`` or ``/accounts/``."""
        return path.strip("/").partition("/")[2]

    def is_api(self, path: str) -> bool:
        """Whether it is the API, and not the accounts."""
        return path.startswith("/v1/")

    def work(self, request: Request, path: str) -> Answer:
        """Answer a request."""
        if self.is_api(request.path):
            return self._api.answer(request, f"/{path}")
        if request.path == "/accounts/authorize":
            return self.accounts.authorize(request)
        if request.path == "/accounts/api/token":
            return self.accounts.token(request)
        return error(404, "Service not found")


def _fault_argument(text: str) -> dict[str, Any]:
    kind, times, path = (*text.split(":", 2), "", "")[:3]
    return {"kind": kind, "times": int(times or 1), "path": path or None}


def main() -> None:
    """Serve until stopped."""
    from tests.peers.spotify_invented import fill

    parser = argparse.ArgumentParser(description="A local Spotify of invented tracks.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument(
        "--redirect",
        action="append",
        default=list(App().redirect_uris),
        metavar="URI",
        help="a redirect URI of the app besides http://127.0.0.1/spotify/callback",
    )
    parser.add_argument(
        "--fail",
        type=_fault_argument,
        action="append",
        default=[],
        metavar="KIND[:TIMES[:PATH]]",
        help="make answers fail: busy:3:search, scope, done_but_502:1:playlists/*/items; "
        "kinds are listed in spotify_faults",
    )
    asked = parser.parse_args()
    try:
        load()
    except pytest.skip.Exception as missing:
        parser.exit(1, f"{missing}\n")
    with SpotifyPeer(app=App(redirect_uris=tuple(asked.redirect)), port=asked.port) as peer:
        fill(peer)
        for fault in asked.fail:
            peer.fail(**fault)
        print(as_shell(peer.settings))
        print(f"client ID: {peer.app.client_id}\nclient secret: {peer.app.client_secret}")
        print(f"redirect URIs: {', '.join(peer.app.redirect_uris)}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
