"""Signing in, from the address to go to until the tokens are renewed."""

from __future__ import annotations

import builtins
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from data.settings import Settings
from scrapers.spotify import (
    SCOPES,
    AppKeys,
    SpotifyProblem,
    Started,
    app_token,
    exchange,
    renew,
    start,
)
from tests.peers.serving import as_text
from tests.peers.spotify import SpotifyPeer

Rewritten = Callable[[dict[str, object]], None]
BACK = "http://127.0.0.1:8050/spotify/callback"


@pytest.fixture(params=["with a secret", "without one"])
def keys(request: pytest.FixtureRequest, peer: SpotifyPeer) -> AppKeys:
    secret = peer.app.client_secret if request.param == "with a secret" else ""
    return AppKeys(peer.app.client_id, secret)


@pytest.fixture(autouse=True)
def nobody_at_the_terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No browser, no keyboard, no keys in the environment, and an empty folder to be in."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("spotipy went its own way")

    monkeypatch.setattr(builtins, "input", refuse)
    monkeypatch.setattr(webbrowser, "open", refuse)
    for name in ("CLIENT_ID", "CLIENT_SECRET", "REDIRECT_URI"):
        monkeypatch.setenv(f"SPOTIPY_{name}", "fromtheenvironment")
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def came_back(peer: SpotifyPeer, started: Started) -> dict[str, str]:
    return dict(parse_qsl(urlsplit(peer.agree(started.address)).query))


def signed_in(peer: SpotifyPeer, settings: Settings, keys: AppKeys) -> dict[str, Any]:
    started = start(settings, keys, BACK)
    code = came_back(peer, started)["code"]
    return exchange(settings, keys, BACK, code, started.verifier)


def refused(call: Any, *asked: Any) -> SpotifyProblem:
    with pytest.raises(SpotifyProblem) as raised:
        call(*asked)
    return raised.value


class TestStart:
    def test_the_address_asks_for_what_segue_needs_and_no_more(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        started = start(settings, keys, BACK)
        address = urlsplit(started.address)
        asked = {name: value for name, (value,) in parse_qs(address.query).items()}
        assert started.address.startswith(f"{peer.accounts_url}authorize?")
        assert asked["client_id"] == keys.client_id
        assert asked["redirect_uri"] == BACK
        assert set(asked["scope"].split()) == set(SCOPES)
        assert asked["state"] == started.state
        assert asked["response_type"] == "code"

    def test_without_a_secret_only_the_hash_of_the_verifier_is_in_the_address(
        self, settings: Settings, peer: SpotifyPeer
    ) -> None:
        started = start(settings, AppKeys(peer.app.client_id), BACK)
        asked = parse_qs(urlsplit(started.address).query)
        assert asked["code_challenge_method"] == ["S256"]
        assert 43 <= len(started.verifier) <= 128
        assert started.verifier not in started.address

    def test_with_a_secret_it_is_not_in_the_address(
        self, settings: Settings, peer: SpotifyPeer
    ) -> None:
        started = start(settings, AppKeys(peer.app.client_id, peer.app.client_secret), BACK)
        assert peer.app.client_secret not in started.address
        assert started.verifier == ""

    def test_no_two_are_alike(self, settings: Settings, keys: AppKeys) -> None:
        states = {start(settings, keys, BACK).state for _ in range(20)}
        assert len(states) == 20
        assert all(len(state) >= 32 for state in states)

    def test_people_who_agreed_are_asked_again_if_wanted(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        signed_in(peer, settings, keys)
        again = parse_qs(urlsplit(start(settings, keys, BACK, again=True).address).query)
        assert again["show_dialog"] == ["True"]
        assert "show_dialog" not in start(settings, keys, BACK).address

    def test_an_address_in_the_settings_needs_no_slash(
        self, settings: Settings, keys: AppKeys
    ) -> None:
        bare = settings.model_copy(update={"spotify_accounts_url": "https://accounts.example"})
        address = start(bare, keys, BACK).address
        assert address.startswith("https://accounts.example/authorize?")

    @pytest.mark.parametrize(
        ("client_id", "secret"),
        [
            ("", ""),
            ("", "abc"),
            ("with space", ""),
            ("abc", "sécret"),
            ("a:b", ""),
            ("a" * 999, ""),
        ],
    )
    def test_what_cannot_be_keys_is_refused_without_being_repeated(
        self, settings: Settings, client_id: str, secret: str
    ) -> None:
        keys = AppKeys(client_id, secret)
        for problem in (refused(start, settings, keys, BACK), refused(app_token, settings, keys)):
            assert problem.kind == "bad_request"
            assert "developer.spotify.com" in str(problem)
            assert not secret or secret not in str(problem)


class TestExchange:
    def test_a_code_becomes_tokens(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        tokens = signed_in(peer, settings, keys)
        assert tokens["access_token"] in peer.accounts.tokens
        assert tokens["refresh_token"] in peer.accounts.refreshes
        assert abs(tokens["expires_at"] - time.time() - 3600) < 30
        assert set(tokens["scope"].split()) == set(SCOPES)

    def test_a_scope_that_was_not_granted_is_not_claimed(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        peer.accounts.withheld = {"playlist-modify-public"}
        granted = signed_in(peer, settings, keys)["scope"].split()
        assert set(granted) == set(SCOPES) - {"playlist-modify-public"}

    def test_a_code_works_once(self, settings: Settings, keys: AppKeys, peer: SpotifyPeer) -> None:
        started = start(settings, keys, BACK)
        code = came_back(peer, started)["code"]
        exchange(settings, keys, BACK, code, started.verifier)
        again = refused(exchange, settings, keys, BACK, code, started.verifier)
        assert again.kind == "signed_out"
        assert code not in str(again)

    def test_the_verifier_of_another_sign_in_does_not_work(
        self, settings: Settings, peer: SpotifyPeer
    ) -> None:
        keys = AppKeys(peer.app.client_id)
        code = came_back(peer, start(settings, keys, BACK))["code"]
        other = start(settings, keys, BACK).verifier
        assert refused(exchange, settings, keys, BACK, code, other).kind == "signed_out"

    def test_with_no_code_nothing_is_asked_of_anybody(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        assert refused(exchange, settings, keys, BACK, "", "x" * 50).kind == "signed_out"
        without = AppKeys(peer.app.client_id)
        assert refused(exchange, settings, without, BACK, "AQcode", "").kind == "signed_out"
        assert peer.requests == []

    def test_a_wrong_secret_is_said_to_be_one(self, settings: Settings, peer: SpotifyPeer) -> None:
        keys = AppKeys(peer.app.client_id, "f" * 32)
        code = came_back(peer, start(settings, keys, BACK))["code"]
        problem = refused(exchange, settings, keys, BACK, code, "")
        assert "client secret" in str(problem)

    @pytest.mark.parametrize("kind", ["server", "done_but_502", "drop", "timeout"])
    def test_it_is_sent_once(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer, kind: str
    ) -> None:
        quick = settings.model_copy(update={"http_timeout": 0.3})
        started = start(settings, keys, BACK)
        code = came_back(peer, started)["code"]
        peer.fail(kind, times=5, path="api/token")
        problem = refused(exchange, quick, keys, BACK, code, started.verifier)
        assert problem.kind == "unreachable"
        assert len(peer.asked("POST", "api/token")) == 1

    @pytest.mark.parametrize("kind", ["empty", "html", "cut"])
    def test_an_answer_that_is_no_json_is_damaged(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer, kind: str
    ) -> None:
        started = start(settings, keys, BACK)
        code = came_back(peer, started)["code"]
        peer.fail(kind, path="api/token")
        problem = refused(exchange, settings, keys, BACK, code, started.verifier)
        assert problem.kind == "damaged"

    @pytest.mark.parametrize(
        "said",
        [
            {"access_token": None},
            {"access_token": ["BQ"]},
            {"expires_in": None},
            {"expires_in": "3600"},
        ],
    )
    def test_an_answer_of_another_shape_is_damaged(
        self,
        settings: Settings,
        keys: AppKeys,
        peer: SpotifyPeer,
        rewritten: Rewritten,
        said: dict[str, object],
    ) -> None:
        started = start(settings, keys, BACK)
        code = came_back(peer, started)["code"]
        rewritten(said)
        problem = refused(exchange, settings, keys, BACK, code, started.verifier)
        assert problem.kind == "damaged"

    @pytest.mark.parametrize("seconds", ["1e999", "NaN", "-1e300", "9" * 4000])
    def test_a_token_that_never_ends_is_damaged(
        self,
        settings: Settings,
        keys: AppKeys,
        peer: SpotifyPeer,
        monkeypatch: pytest.MonkeyPatch,
        seconds: str,
    ) -> None:
        body = f'{{"access_token": "BQ", "expires_in": {seconds}}}'
        said = as_text(body, kind="application/json")
        monkeypatch.setattr(peer, "answer", lambda request: said)
        problem = refused(exchange, settings, keys, BACK, "AQcode", "x" * 50)
        assert problem.kind == "damaged"

    def test_a_pause_of_the_accounts_service_says_when_it_ends(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        peer.fail("busy", path="api/token", retry_after="60")
        problem = refused(exchange, settings, keys, BACK, "AQcode", "x" * 50)
        assert problem.kind == "busy"
        assert problem.until is not None


class TestRenew:
    def test_a_new_token_comes_and_the_sign_in_goes_on(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        first = signed_in(peer, settings, keys)
        peer.later(3700)
        second = renew(settings, keys, first)
        third = renew(settings, keys, second)
        assert len({one["access_token"] for one in (first, second, third)}) == 3
        assert third["refresh_token"] in peer.accounts.refreshes
        assert third["scope"] == first["scope"]

    def test_the_refresh_token_stays_where_no_new_one_comes(
        self, settings: Settings, peer: SpotifyPeer
    ) -> None:
        keys = AppKeys(peer.app.client_id, peer.app.client_secret)
        first = signed_in(peer, settings, keys)
        assert renew(settings, keys, first)["refresh_token"] == first["refresh_token"]

    @pytest.mark.parametrize("nothing", [None, "", 0])
    def test_an_empty_refresh_token_in_the_answer_does_not_end_the_sign_in(
        self,
        settings: Settings,
        keys: AppKeys,
        peer: SpotifyPeer,
        rewritten: Rewritten,
        nothing: object,
    ) -> None:
        first = signed_in(peer, settings, keys)
        rewritten({"refresh_token": nothing, "scope": nothing})
        second = renew(settings, keys, first)
        assert second["refresh_token"] == first["refresh_token"]
        assert second["scope"] == first["scope"]

    def test_a_consent_that_was_taken_back_is_the_end_of_the_sign_in(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        tokens = signed_in(peer, settings, keys)
        peer.accounts.revoke()
        problem = refused(renew, settings, keys, tokens)
        assert problem.kind == "signed_out"
        assert "sign in again" in str(problem)

    def test_a_consent_ends_after_six_months_however_often_it_was_used(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer
    ) -> None:
        tokens = renew(settings, keys, signed_in(peer, settings, keys))
        peer.later(183 * 86400)
        assert refused(renew, settings, keys, tokens).kind == "signed_out"

    @pytest.mark.parametrize("page", ["Log in to the network", '{"error": {"status": 401}}'])
    def test_the_page_of_a_network_in_between_does_not_end_the_sign_in(
        self,
        settings: Settings,
        keys: AppKeys,
        peer: SpotifyPeer,
        monkeypatch: pytest.MonkeyPatch,
        page: str,
    ) -> None:
        tokens = signed_in(peer, settings, keys)
        monkeypatch.setattr(peer, "answer", lambda request: as_text(page, 401))
        assert refused(renew, settings, keys, tokens).kind == "unreachable"

    @pytest.mark.parametrize("info", [{}, {"refresh_token": ""}, {"refresh_token": 3}])
    def test_without_a_refresh_token_nobody_is_signed_in(
        self, settings: Settings, keys: AppKeys, peer: SpotifyPeer, info: dict[str, Any]
    ) -> None:
        assert refused(renew, settings, keys, info).kind == "signed_out"
        assert peer.requests == []


class TestAppToken:
    def test_it_opens_look_ups(self, settings: Settings, peer: SpotifyPeer) -> None:
        tokens = app_token(settings, AppKeys(peer.app.client_id, peer.app.client_secret))
        assert tokens["access_token"] in peer.accounts.tokens
        assert "refresh_token" not in tokens

    def test_it_needs_a_secret(self, settings: Settings, peer: SpotifyPeer) -> None:
        problem = refused(app_token, settings, AppKeys(peer.app.client_id))
        assert "client secret" in str(problem)
        assert peer.requests == []

    def test_an_owner_without_premium_is_told(self, settings: Settings, peer: SpotifyPeer) -> None:
        peer.fail("premium", path="api/token")
        keys = AppKeys(peer.app.client_id, peer.app.client_secret)
        assert refused(app_token, settings, keys).kind == "premium"


def test_nothing_is_written_anywhere(
    settings: Settings, keys: AppKeys, peer: SpotifyPeer, nobody_at_the_terminal: Path
) -> None:
    renew(settings, keys, signed_in(peer, settings, keys))
    if keys.client_secret:
        app_token(settings, keys)
    assert list(nobody_at_the_terminal.iterdir()) == []


def test_nobody_else_is_signed_in_by_a_sign_in_before(
    settings: Settings, keys: AppKeys, peer: SpotifyPeer
) -> None:
    first = signed_in(peer, settings, keys)
    peer.accounts.revoke()
    second = signed_in(peer, settings, keys)
    assert second["access_token"] != first["access_token"]
    assert second["access_token"] in peer.accounts.tokens
