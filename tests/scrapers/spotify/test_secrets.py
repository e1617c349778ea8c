"""No token, code or secret in a log or an error, whatever level somebody sets."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from data.catalogue import Catalogue
from data.settings import Settings
from scrapers.spotify import (
    AppKeys,
    SpotifyClient,
    SpotifyProblem,
    Started,
    app_token,
    exchange,
    renew,
    start,
)
from tests.peers.serving import Answer, Request, as_json
from tests.peers.spotify import SpotifyPeer

BACK = "http://127.0.0.1:8050/spotify/callback"
LOGGERS = ["", "spotipy", "spotipy.client", "spotipy.oauth2", "spotipy.util", "urllib3", "requests"]


@pytest.fixture(autouse=True)
def every_level(caplog: pytest.LogCaptureFixture) -> None:
    for name in LOGGERS:
        caplog.set_level(logging.DEBUG, logger=name)


def everything(error: BaseException) -> str:
    """All that an error says, and those that hang on to it, as a log would write them."""
    said = ["".join(traceback.format_exception(error)), repr(error), repr(vars(error))]
    for other in (error.__cause__, error.__context__):
        said += [everything(other)] if other else []
    return "\n".join(said)


def assert_quiet(text: str, secrets: set[str]) -> None:
    assert secrets
    for secret in secrets:
        assert secret not in text


def told(caplog: pytest.LogCaptureFixture) -> str:
    lines = [f"{one.getMessage()} {one.args} {one.exc_text}" for one in caplog.records]
    return "\n".join(lines)


def sign_in(peer: SpotifyPeer, settings: Settings, keys: AppKeys) -> tuple[Started, str, Any]:
    started = start(settings, keys, BACK)
    code = dict(parse_qsl(urlsplit(peer.agree(started.address)).query))["code"]
    return started, code, exchange(settings, keys, BACK, code, started.verifier)


def test_a_day_at_spotify_leaves_no_secret_in_the_log(
    peer: SpotifyPeer, settings: Settings, catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    moon = peer.add_track("Ada Sun", "Moon Letter", isrc="QZAAA2600001")
    for keys in (
        AppKeys(peer.app.client_id, peer.app.client_secret),
        AppKeys(peer.app.client_id),
    ):
        started, code, tokens = sign_in(peer, settings, keys)
        tokens = renew(settings, keys, tokens)
        client = SpotifyClient(settings, lambda renew, t=tokens: t["access_token"], catalogue.web)
        made = client.create_playlist("Night", "by Segue")
        client.add_items(made.ident, [moon.uri])
        assert len(list(client.items(made.ident))) == 1
        peer.fail("server")
        client.by_isrc(moon.isrc)
        peer.secrets.update({code, started.state, started.verifier} - {""})
    app_token(settings, AppKeys(peer.app.client_id, peer.app.client_secret))
    # That something is logged at all shows that the test listens.
    assert "GET /v1/search" in told(caplog)
    assert_quiet(told(caplog), peer.secrets | {code, started.state})


@pytest.fixture
def echoing(peer: SpotifyPeer, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Makes the peer repeat all that it was sent, in a refusal."""

    def echo(status: int) -> None:
        def answer(request: Request) -> Answer:
            sent = f"{request.headers.get('Authorization')} {request.raw.decode()}"
            return as_json({"error": {"status": status, "message": sent, "reason": sent}}, status)

        monkeypatch.setattr(peer, "answer", answer)

    return echo


@pytest.mark.parametrize("status", [200, 400, 401, 403, 404, 429, 500])
def test_a_server_that_repeats_what_it_was_sent_gets_nothing_into_an_error(
    peer: SpotifyPeer,
    settings: Settings,
    catalogue: Catalogue,
    echoing: Callable[[int], None],
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    keys = AppKeys(peer.app.client_id, peer.app.client_secret)
    tokens = peer.token_info(with_secret=True)
    refresh, access = tokens["refresh_token"], tokens["access_token"]
    # A traceback shows lines of this file, so no secret stands in one.
    code, verifier = token_urlsafe(40), token_urlsafe(60)
    echoing(status)
    client = SpotifyClient(settings, lambda renew: access, catalogue.web)
    calls: list[Callable[[], object]] = [
        client.me,
        lambda: client.add_items("0" * 22, ["spotify:track:x"]),
        lambda: exchange(settings, keys, BACK, code, ""),
        lambda: exchange(settings, AppKeys(keys.client_id), BACK, code, verifier),
        lambda: renew(settings, keys, tokens),
        lambda: app_token(settings, keys),
    ]
    secrets = {keys.client_secret, refresh, access, code, verifier}
    for call in calls:
        with pytest.raises(SpotifyProblem) as raised:
            call()
        assert_quiet(everything(raised.value), secrets)
        assert "spotipy" not in repr(raised.value.__context__)
    assert_quiet(told(caplog), secrets)


@pytest.mark.parametrize("kind", ["drop", "timeout"])
def test_a_line_that_breaks_says_nothing_of_what_was_sent(
    peer: SpotifyPeer, settings: Settings, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    keys = AppKeys(peer.app.client_id, peer.app.client_secret)
    tokens = peer.token_info(with_secret=True)
    peer.fail(kind, times=3, path="api/token")
    with pytest.raises(SpotifyProblem) as raised:
        renew(settings.model_copy(update={"http_timeout": 0.2}), keys, tokens)
    secrets = {keys.client_secret, tokens["refresh_token"]}
    assert_quiet(everything(raised.value) + told(caplog), secrets)


def test_keys_and_a_started_sign_in_do_not_show_what_is_secret(settings: Settings) -> None:
    assert "shh" not in repr(AppKeys("abc", "shh"))
    started = start(settings, AppKeys("abc"), BACK)
    assert started.verifier not in repr(started)


def test_a_token_that_no_header_takes_is_not_repeated(
    settings: Settings, catalogue: Catalogue
) -> None:
    secret = token_urlsafe(30)
    client = SpotifyClient(settings, lambda renew: f"{secret}\r\nX: 1", catalogue.web)
    with pytest.raises(SpotifyProblem) as raised:
        client.me()
    assert secret not in everything(raised.value)


def test_a_name_and_password_for_the_host_do_not_take_the_place_of_the_token(
    peer: SpotifyPeer,
    settings: Settings,
    catalogue: Catalogue,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(netrc))
    token = peer.access_token()
    assert SpotifyClient(settings, lambda renew: token, catalogue.web).me()


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    peer: SpotifyPeer, settings: Settings, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    token = peer.access_token()
    assert SpotifyClient(settings, lambda renew: token, catalogue.web).me()
