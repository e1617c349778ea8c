"""Signing in at the Spotify peer follows the rules that the real one has."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import spotipy
from spotipy.cache_handler import MemoryCacheHandler
from spotipy.oauth2 import SpotifyClientCredentials, SpotifyOAuth, SpotifyOauthError, SpotifyPKCE

from tests.peers.spotify import SpotifyPeer
from tests.peers.spotify_accounts import REFRESH_SECONDS, SCOPES, App

BACK = "http://127.0.0.1:8050/spotify/callback"


def manager(peer: SpotifyPeer, *, secret: str | None = None, **told: Any) -> Any:
    """spotipy's side of a sign-in; with no secret, that of PKCE."""
    told = {
        "client_id": peer.app.client_id,
        "redirect_uri": BACK,
        "scope": " ".join(SCOPES),
        "cache_handler": MemoryCacheHandler(),
        "open_browser": False,
        **told,
    }
    made = SpotifyOAuth(client_secret=secret, **told) if secret else SpotifyPKCE(**told)
    made.OAUTH_AUTHORIZE_URL = f"{peer.accounts_url}authorize"
    made.OAUTH_TOKEN_URL = f"{peer.accounts_url}api/token"
    return made


def query_of(address: str) -> dict[str, str]:
    return {name: value[0] for name, value in parse_qs(urlsplit(address).query).items()}


def sign_in(peer: SpotifyPeer, side: Any) -> dict[str, Any]:
    code = query_of(peer.agree(side.get_authorize_url(state="s1")))["code"]
    side.get_access_token(code, check_cache=False)
    return side.cache_handler.get_cached_token()


def test_a_sign_in_with_pkce_opens_the_api(peer: SpotifyPeer) -> None:
    info = sign_in(peer, manager(peer))
    client = spotipy.Spotify(auth=info["access_token"])
    client.prefix = peer.api_url
    assert client.me()["display_name"] == peer.user.name
    assert {info["access_token"], info["refresh_token"]} <= peer.secrets


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_sign_in_with_a_secret_opens_the_api(peer: SpotifyPeer) -> None:
    info = sign_in(peer, manager(peer, secret=peer.app.client_secret))
    assert set(info["scope"].split()) == set(SCOPES)
    assert info["access_token"] in peer.accounts.tokens


def test_the_page_asks_and_sends_back_with_the_state(peer: SpotifyPeer) -> None:
    address = manager(peer).get_authorize_url(state="a&b c")
    page = requests.get(address, timeout=5)
    assert 'id="agree"' in page.text and 'id="cancel"' in page.text
    told = requests.post(address, data={"answer": "agree"}, allow_redirects=False, timeout=5)
    assert told.status_code == 303
    assert told.headers["Location"].startswith(f"{BACK}?code=")
    assert query_of(told.headers["Location"])["state"] == "a&b c"
    assert query_of(peer.cancel(address)) == {"error": "access_denied", "state": "a&b c"}


def test_who_agreed_once_is_not_asked_again_unless_it_must_be_shown(peer: SpotifyPeer) -> None:
    side = manager(peer)
    peer.agree(side.get_authorize_url())
    again = requests.get(side.get_authorize_url(), allow_redirects=False, timeout=5)
    assert again.status_code == 303
    shown = f"{side.get_authorize_url()}&show_dialog=True"
    assert requests.get(shown, timeout=5).status_code == 200
    more = manager(peer, scope=" ".join([*SCOPES, "user-library-read"])).get_authorize_url()
    assert requests.get(more, timeout=5).status_code == 200


@pytest.mark.parametrize(
    ("uri", "words"),
    [
        ("http://localhost:8050/spotify/callback", "Insecure redirect URI"),
        ("http://dj.example/spotify/callback", "Insecure redirect URI"),
        ("https://dj.example/spotify/callback", "Invalid redirect URI"),
        ("http://127.0.0.1:8050/spotify/callback/", "Invalid redirect URI"),
        ("http://127.0.0.1:8050/other", "Invalid redirect URI"),
        ("http://[::1]:8050/spotify/callback", "Invalid redirect URI"),
        ("", "Insecure redirect URI"),
    ],
)
def test_a_redirect_uri_must_be_registered_to_the_letter(
    peer: SpotifyPeer, uri: str, words: str
) -> None:
    query = {"client_id": peer.app.client_id, "response_type": "code", "redirect_uri": uri}
    refused = requests.get(f"{peer.accounts_url}authorize", params=query, timeout=5)
    assert (refused.status_code, refused.text) == (400, f"INVALID_CLIENT: {words}")


def test_a_port_that_is_registered_is_the_only_one() -> None:
    app = App(redirect_uris=("http://127.0.0.1:8050/back", "http://[::1]/back"))
    with SpotifyPeer(app=app) as peer:
        query = {"client_id": app.client_id, "response_type": "code"}
        statuses = [
            requests.get(
                f"{peer.accounts_url}authorize", params={**query, "redirect_uri": uri}, timeout=5
            ).status_code
            for uri in (
                "http://127.0.0.1:8050/back",
                "http://127.0.0.1:9000/back",
                "http://[::1]:9000/back",
            )
        ]
    assert statuses == [200, 400, 200]


def test_another_app_is_not_known(peer: SpotifyPeer) -> None:
    refused = requests.get(manager(peer, client_id="0" * 32).get_authorize_url(), timeout=5)
    assert (refused.status_code, refused.text) == (400, "INVALID_CLIENT: Invalid client")


def test_a_code_works_once(peer: SpotifyPeer) -> None:
    side = manager(peer)
    code = query_of(peer.agree(side.get_authorize_url()))["code"]
    side.get_access_token(code, check_cache=False)
    with pytest.raises(SpotifyOauthError) as refused:
        side.get_access_token(code, check_cache=False)
    assert refused.value.error == "invalid_grant"


def test_a_code_is_good_for_ten_minutes(peer: SpotifyPeer) -> None:
    side = manager(peer)
    code = query_of(peer.agree(side.get_authorize_url()))["code"]
    peer.later(601)
    with pytest.raises(SpotifyOauthError, match="expired"):
        side.get_access_token(code, check_cache=False)


def test_a_code_needs_the_verifier_that_it_began_with(peer: SpotifyPeer) -> None:
    code = query_of(peer.agree(manager(peer).get_authorize_url()))["code"]
    with pytest.raises(SpotifyOauthError, match="code_verifier was incorrect"):
        manager(peer).get_access_token(code, check_cache=False)


def test_a_code_with_no_challenge_needs_the_secret(peer: SpotifyPeer) -> None:
    side = manager(peer, secret=peer.app.client_secret)
    code = query_of(peer.agree(side.get_authorize_url()))["code"]
    with pytest.raises(SpotifyOauthError, match="Invalid client secret"):
        manager(peer).get_access_token(code, check_cache=False)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_wrong_secret_is_refused(peer: SpotifyPeer) -> None:
    side = manager(peer, secret="not the secret")
    code = query_of(peer.agree(side.get_authorize_url()))["code"]
    with pytest.raises(SpotifyOauthError, match="Invalid client secret"):
        side.get_access_token(code, check_cache=False)


def test_a_code_belongs_to_its_redirect_uri(peer: SpotifyPeer) -> None:
    side = manager(peer)
    code = query_of(peer.agree(side.get_authorize_url()))["code"]
    side.redirect_uri = BACK.replace("8050", "8051")
    with pytest.raises(SpotifyOauthError, match="Invalid redirect URI"):
        side.get_access_token(code, check_cache=False)


def test_a_refresh_token_of_pkce_works_once_and_brings_the_next(peer: SpotifyPeer) -> None:
    side = manager(peer)
    first = sign_in(peer, side)["refresh_token"]
    second = side.refresh_access_token(first)["refresh_token"]
    assert second != first
    with pytest.raises(SpotifyOauthError, match="revoked"):
        side.refresh_access_token(first)
    assert side.refresh_access_token(second)["access_token"] in peer.accounts.tokens


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_refresh_token_of_an_app_with_a_secret_stays(peer: SpotifyPeer) -> None:
    side = manager(peer, secret=peer.app.client_secret)
    refresh = sign_in(peer, side)["refresh_token"]
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    basic = (peer.app.client_id, peer.app.client_secret)
    for _ in range(2):
        answer = requests.post(side.OAUTH_TOKEN_URL, data=form, auth=basic, timeout=5)
        assert answer.ok and "refresh_token" not in answer.json()


def test_a_refresh_token_ends_six_months_after_the_sign_in(peer: SpotifyPeer) -> None:
    side = manager(peer)
    refresh = sign_in(peer, side)["refresh_token"]
    peer.later(REFRESH_SECONDS - 60)
    renewed = side.refresh_access_token(refresh)["refresh_token"]
    peer.later(120)
    with pytest.raises(SpotifyOauthError) as refused:
        side.refresh_access_token(renewed)
    assert refused.value.error == "invalid_grant"


def test_what_was_revoked_is_gone(peer: SpotifyPeer) -> None:
    side = manager(peer)
    info = sign_in(peer, side)
    peer.accounts.revoke()
    with pytest.raises(SpotifyOauthError, match="revoked"):
        side.refresh_access_token(info["refresh_token"])
    assert peer.accounts.problem(f"Bearer {info['access_token']}") == "Invalid access token"


def test_a_scope_can_be_withheld(peer: SpotifyPeer) -> None:
    peer.accounts.withheld.add("playlist-modify-private")
    info = sign_in(peer, manager(peer))
    assert "playlist-modify-private" not in peer.accounts.tokens[info["access_token"]].scopes


def test_an_app_token_needs_the_secret(peer: SpotifyPeer) -> None:
    def app_side(secret: str) -> SpotifyClientCredentials:
        made = SpotifyClientCredentials(
            peer.app.client_id, secret, cache_handler=MemoryCacheHandler()
        )
        made.OAUTH_TOKEN_URL = f"{peer.accounts_url}api/token"
        return made

    token = app_side(peer.app.client_secret).get_access_token(as_dict=False)
    assert peer.accounts.tokens[token].user == ""
    with pytest.raises(SpotifyOauthError, match="Invalid client secret"):
        app_side("not the secret").get_access_token(as_dict=False)


def test_a_sign_in_can_be_told_to_fail(peer: SpotifyPeer) -> None:
    side = manager(peer)
    info = sign_in(peer, side)
    peer.fail("invalid_grant")
    with pytest.raises(SpotifyOauthError) as refused:
        side.refresh_access_token(info["refresh_token"])
    assert refused.value.error == "invalid_grant"
    assert side.refresh_access_token(info["refresh_token"])["access_token"]
