"""Signing in as somebody at a browser does."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from data.settings import Settings
from hybrid.spotify.account import Account
from tests.peers.spotify import SpotifyPeer

REDIRECT = "http://127.0.0.1:8050/spotify/callback"


def answer_of(address: str) -> dict[str, str]:
    """What the address that Spotify sends the browser to says."""
    told = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    return {name: told.get(name, "") for name in ("state", "code", "error")}


def sign_in(account: Account, peer: SpotifyPeer, session: str = "browser") -> None:
    """Begin a sign-in, agree, and finish it."""
    back = peer.agree(account.begin(REDIRECT, session))
    account.finish(session, **answer_of(back), redirect_uri=REDIRECT)


def settings_of(peer: SpotifyPeer, **more: object) -> Settings:
    """Settings that point at a peer; `more` go before them."""
    given: dict[str, object] = {
        "spotify_api_url": peer.api_url,
        "spotify_accounts_url": peer.accounts_url,
        "spotify_delay": 0,
        "http_timeout": 2,
        "previews": False,
    }
    return Settings(**{**given, **more})
