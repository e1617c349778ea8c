"""A Spotify peer with somebody signed in, for the tests of the peer itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests
import spotipy

from tests.peers.spotify import SpotifyPeer

Ask = Callable[..., requests.Response]


@pytest.fixture
def peer() -> Iterator[SpotifyPeer]:
    with SpotifyPeer() as serving:
        yield serving


@pytest.fixture
def client(peer: SpotifyPeer) -> spotipy.Spotify:
    """spotipy as the DJ, which tries nothing twice."""
    made = spotipy.Spotify(
        auth=peer.access_token(), retries=0, status_retries=0, status_forcelist=(599,)
    )
    made.prefix = peer.api_url
    return made


@pytest.fixture
def ask(peer: SpotifyPeer) -> Ask:
    """Ask the API with the DJ's token; a token of "" is none."""

    def asking(
        method: str, path: str, *, token: str | None = None, **told: Any
    ) -> requests.Response:
        token = peer.access_token() if token is None else token
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return requests.request(method, f"{peer.api_url}{path}", headers=headers, timeout=5, **told)

    return asking
