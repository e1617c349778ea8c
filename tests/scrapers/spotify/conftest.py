"""A local Spotify that enforces the published document, and a client that asks it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from data.catalogue import Catalogue
from data.settings import Settings
from scrapers.http import Clock
from scrapers.spotify import SpotifyClient
from tests.peers.serving import Answer, Request, as_json
from tests.peers.spotify import SpotifyPeer


class SkippingClock:
    """Time as it is, but nobody waits: what would be slept is added to it."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    def clock(self) -> Clock:
        return Clock(
            monotonic=lambda: time.monotonic() + sum(self.slept),
            wall=lambda: time.time() + sum(self.slept),
            sleep=self.slept.append,
        )


@pytest.fixture
def peer(shared: object) -> Iterator[SpotifyPeer]:
    with SpotifyPeer() as running:
        yield running


@pytest.fixture
def settings(peer: SpotifyPeer) -> Settings:
    return Settings(
        spotify_api_url=peer.api_url,
        spotify_accounts_url=peer.accounts_url,
        spotify_delay=0,
        http_timeout=2,
    )


@pytest.fixture
def time_skips() -> SkippingClock:
    return SkippingClock()


@pytest.fixture
def new_client(
    peer: SpotifyPeer, settings: Settings, catalogue: Catalogue, time_skips: SkippingClock
) -> Callable[..., SpotifyClient]:
    """Makes clients; without a `token` of its own, each has a good one of the peer's."""

    def make(token: Callable[[bool], Any] | None = None, **changed: Any) -> SpotifyClient:
        good = peer.access_token()
        return SpotifyClient(
            settings.model_copy(update=changed),
            token or (lambda renew: good),
            catalogue.web,
            clock=time_skips.clock(),
        )

    return make


@pytest.fixture
def client(new_client: Callable[..., SpotifyClient]) -> SpotifyClient:
    return new_client()


@pytest.fixture
def rewritten(
    peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch
) -> Callable[[dict[str, object]], None]:
    """Writes other values over those of every answer that is an object."""
    answer = peer.answer

    def rewrite(changed: dict[str, object]) -> None:
        def other(request: Request) -> Answer:
            said = answer(request)
            return as_json({**json.loads(said.body), **changed}, said.status)

        monkeypatch.setattr(peer, "answer", other)

    return rewrite
