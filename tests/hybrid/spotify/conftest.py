"""A local Spotify, and a DJ who is signed in there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.spotify.account import Account
from tests.hybrid.spotify.signing import settings_of, sign_in
from tests.peers.spotify import SpotifyPeer


@pytest.fixture
def peer() -> Iterator[SpotifyPeer]:
    with SpotifyPeer() as serving:
        yield serving


@pytest.fixture
def settings(peer: SpotifyPeer) -> Settings:
    return settings_of(peer)


@pytest.fixture
def account(catalogue: Catalogue, settings: Settings, peer: SpotifyPeer) -> Account:
    """Signed in, with an app that has no secret."""
    account = Account(catalogue, settings)
    account.set_keys(peer.app.client_id)
    sign_in(account, peer)
    peer.requests.clear()
    return account


@pytest.fixture
def shelf(peer: SpotifyPeer) -> Callable[[int], list[str]]:
    """Put so many tracks on Spotify and return their ids."""

    def shelf(number: int) -> list[str]:
        return [peer.add_track("Orla Kest", f"Lantern {n}").id for n in range(1, number + 1)]

    return shelf
