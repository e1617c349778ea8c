"""There and back: signing in to a local Spotify through the app's own routes."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from dash import Dash
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.app import create_app
from dashboard.services import Library, attach, current_library
from dashboard.services import spotify as service
from dashboard.spotify.address import callback_address, origin
from dashboard.spotify.notes import Notes, current_notes
from dashboard.spotify.routes import COOKIE
from data.settings import Settings
from tests.peers.spotify import SpotifyPeer

AT = "http://127.0.0.1:8050"


@pytest.fixture(scope="module")
def peer() -> Iterator[SpotifyPeer]:
    with SpotifyPeer() as serving:
        yield serving


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


def settings_of(peer: SpotifyPeer, home: Path, **more: str) -> Settings:
    return Settings(
        home=home,
        spotify_api_url=peer.api_url,
        spotify_accounts_url=peer.accounts_url,
        spotify_delay=0,
        **more,
    )


@pytest.fixture
def app(any_app: Dash, peer: SpotifyPeer, tmp_path: Path) -> Iterator[Dash]:
    """The app over an empty catalogue that knows a Spotify app."""
    peer.heal()
    attach(any_app.server.config, Library(settings_of(peer, tmp_path / "home")))
    with any_app.server.app_context():
        service.set_app(current_library(), peer.app.client_id, "")
        yield any_app


@pytest.fixture
def browser(app: Dash) -> FlaskClient:
    return app.server.test_client()


def begin(browser: FlaskClient, query: str = "", at: str = AT) -> TestResponse:
    return browser.post(f"/spotify/sign-in{query}", base_url=at)


def back(browser: FlaskClient, address: str, at: str = AT) -> TestResponse:
    """Follow the address that Spotify sends the browser to."""
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}", base_url=at)


def kept(browser: FlaskClient) -> str:
    """What the browser's cookie of the sign-in holds; empty if there is none."""
    cookie = browser.get_cookie(COOKIE, domain="127.0.0.1", path="/spotify")
    return cookie.value if cookie else ""


def told(answer: TestResponse) -> str:
    """What the page will say after a redirect."""
    name = parse_qs(urlsplit(answer.headers["Location"]).query).get("note", [""])[0]
    return current_notes().get(name)


def stage() -> str:
    return service.account(current_library()).state().stage


def test_a_dj_signs_in_and_comes_back_to_the_crate_that_was_open(
    browser: FlaskClient, peer: SpotifyPeer
) -> None:
    there = begin(browser, "?crate=7")
    assert there.status_code == 303
    assert there.headers["Location"].startswith(peer.accounts_url)
    asked = parse_qs(urlsplit(there.headers["Location"]).query)
    assert asked["redirect_uri"] == [f"{AT}/spotify/callback"]
    here = back(browser, peer.agree(there.headers["Location"]))
    assert (here.status_code, here.headers["Location"]) == (303, "/spotify?crate=7")
    assert stage() == "signed_in"


def test_who_connects_again_is_asked_for_consent_anew(browser: FlaskClient) -> None:
    def asked(query: str) -> list[str]:
        there = urlsplit(begin(browser, query).headers["Location"])
        return parse_qs(there.query).get("show_dialog", [""])

    assert asked("?crate=7&again=1")[0].lower() == "true"
    assert asked("?crate=7")[0].lower() != "true"


def test_the_cookie_is_out_of_reach_of_scripts_and_gone_afterwards(
    browser: FlaskClient, peer: SpotifyPeer
) -> None:
    there = begin(browser)
    cookie = there.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for part in ("HttpOnly", "SameSite=Lax", "Path=/spotify", "Max-Age=600"):
        assert part in cookie
    assert "Secure" not in cookie
    assert len(cookie.partition("=")[2].partition(".")[0]) >= 43  # 256 bits
    assert begin(browser).headers["Set-Cookie"].split(";")[0] != cookie.split(";")[0]
    assert kept(browser)
    here = back(browser, peer.agree(begin(browser).headers["Location"]))
    assert "Max-Age=0" in here.headers["Set-Cookie"]
    assert not kept(browser)


def test_over_https_the_cookie_is_secure_and_the_public_address_is_named(
    any_app: Dash, peer: SpotifyPeer, tmp_path: Path
) -> None:
    place = "https://segue.example"
    settings = settings_of(
        peer, tmp_path / "home", public_url=f"{place}/", spotify_client_id=peer.app.client_id
    )
    attach(any_app.server.config, Library(settings))
    with any_app.server.app_context():
        there = begin(any_app.server.test_client())
    assert "Secure" in there.headers["Set-Cookie"]
    asked = parse_qs(urlsplit(there.headers["Location"]).query)
    assert asked["redirect_uri"] == [f"{place}/spotify/callback"]


def test_who_does_not_agree_is_told_and_stays_signed_out(
    browser: FlaskClient, peer: SpotifyPeer
) -> None:
    there = begin(browser, "?crate=7")
    here = back(browser, peer.cancel(there.headers["Location"]))
    assert here.headers["Location"].startswith("/spotify?crate=7&note=")
    assert "agree on Spotify's page" in told(here)
    assert stage() == "signed_out"


def test_a_wrong_state_is_refused(browser: FlaskClient, peer: SpotifyPeer) -> None:
    address = peer.agree(begin(browser).headers["Location"])
    code = parse_qs(urlsplit(address).query)["code"][0]
    query = urlencode({"code": code, "state": "somebody-elses"})
    here = back(browser, f"/spotify/callback?{query}")
    assert "not for the sign-in that was begun here" in told(here)
    assert stage() == "signed_out"


def test_a_sign_in_cannot_be_finished_in_another_browser(
    app: Dash, browser: FlaskClient, peer: SpotifyPeer
) -> None:
    address = peer.agree(begin(browser).headers["Location"])
    other = app.server.test_client()
    assert "in the browser" in told(back(other, address))
    begin(other)  # it has a sign-in of its own, but not this one
    assert "not for the sign-in" in told(back(other, address))
    assert stage() == "signed_out"


def test_of_two_tabs_the_one_that_began_last_signs_in(
    browser: FlaskClient, peer: SpotifyPeer
) -> None:
    first = peer.agree(begin(browser).headers["Location"])
    second = peer.agree(begin(browser).headers["Location"])
    assert "not for the sign-in" in told(back(browser, first))
    back(browser, second)
    assert stage() == "signed_in"


def test_who_signs_in_sees_nothing_of_the_account_before(
    browser: FlaskClient, peer: SpotifyPeer
) -> None:
    back(browser, peer.agree(begin(browser).headers["Location"]))
    assert service.own_playlists(current_library()) == []
    peer.add_playlist("Night Bus")
    assert service.own_playlists(current_library()) == []  # as a moment ago
    back(browser, peer.agree(begin(browser, "?again=1").headers["Location"]))
    assert [playlist.name for playlist in service.own_playlists(current_library())] == ["Night Bus"]


def test_an_answer_counts_once(browser: FlaskClient, peer: SpotifyPeer) -> None:
    there = begin(browser)
    cookie = kept(browser)
    address = peer.agree(there.headers["Location"])
    back(browser, address)
    browser.set_cookie(COOKIE, cookie, domain="127.0.0.1", path="/spotify")
    assert "used already" in told(back(browser, address))
    assert stage() == "signed_in"


def test_who_may_not_use_the_app_is_told_what_to_do(
    browser: FlaskClient, peer: SpotifyPeer
) -> None:
    peer.fail("not_registered", path="me")
    here = back(browser, peer.agree(begin(browser).headers["Location"]))
    assert "User Management" in told(here)
    assert stage() == "signed_out"


def test_what_spotify_writes_into_the_address_is_never_told(
    browser: FlaskClient, peer: SpotifyPeer
) -> None:
    rough = "<script>alert(1)</script>"
    state = parse_qs(urlsplit(begin(browser).headers["Location"]).query)["state"][0]
    query = urlencode({"error": rough, "error_description": rough, "state": state})
    here = back(browser, f"/spotify/callback?{query}")
    assert told(here) and "script" not in told(here)
    assert "script" not in here.headers["Location"] and here.data == b""


def test_too_long_an_answer_is_not_looked_at(browser: FlaskClient) -> None:
    begin(browser)
    here = back(browser, f"/spotify/callback?code={'x' * 5000}&state=y")
    assert "ten minutes" in told(here)


def test_neither_code_nor_state_nor_token_is_in_an_answer_or_in_the_log(
    browser: FlaskClient, peer: SpotifyPeer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    there = begin(browser)
    address = peer.agree(there.headers["Location"])
    here = back(browser, address)
    assert here.headers["Cache-Control"] == "no-store"
    assert here.headers["Referrer-Policy"] == "no-referrer"
    page = browser.get("/spotify", base_url=AT).get_data(as_text=True)
    shown = page + str(here.headers) + here.get_data(as_text=True) + caplog.text
    given = {value for values in parse_qs(urlsplit(address).query).values() for value in values}
    for secret in given | peer.secrets:
        assert secret not in shown


def test_signing_out_forgets(browser: FlaskClient, peer: SpotifyPeer) -> None:
    back(browser, peer.agree(begin(browser).headers["Location"]))
    answer = browser.post("/spotify/sign-out", base_url=AT)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/spotify")
    assert stage() == "signed_out"


@pytest.mark.parametrize("path", ["/spotify/sign-in", "/spotify/sign-out"])
def test_another_site_can_neither_begin_nor_end_it(browser: FlaskClient, path: str) -> None:
    foreign = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert browser.post(path, base_url=AT, headers=foreign).status_code == 403
    assert not kept(browser)


def test_the_way_back_is_open_to_a_browser_that_comes_from_spotify(
    browser: FlaskClient, peer: SpotifyPeer
) -> None:
    address = peer.agree(begin(browser).headers["Location"])
    parts = urlsplit(address)
    foreign = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    here = browser.get(f"{parts.path}?{parts.query}", base_url=AT, headers=foreign)
    assert here.headers["Location"] == "/spotify"
    assert stage() == "signed_in"


def test_without_an_app_there_is_nothing_to_sign_in_to(app: Dash, browser: FlaskClient) -> None:
    service.forget_app(current_library())
    answer = begin(browser)
    assert "client ID" in told(answer)
    assert "Set-Cookie" not in answer.headers


def test_page_and_routes_do_not_stand_in_each_others_way(browser: FlaskClient) -> None:
    assert browser.get("/spotify").status_code == 200
    assert browser.get("/spotify/nothing").status_code == 404
    assert browser.get("/spotify/sign-in").status_code == 404


# -- the redirect URI


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:9000/spotify/callback"),
        ("localhost", "http://127.0.0.1:9000/spotify/callback"),
        ("0.0.0.0", "http://127.0.0.1:9000/spotify/callback"),
        ("127.0.0.5", "http://127.0.0.5:9000/spotify/callback"),
        ("::1", "http://[::1]:9000/spotify/callback"),
        ("::", "http://[::1]:9000/spotify/callback"),
        ("192.168.1.20", ""),
        ("segue.lan", ""),
    ],
)
def test_spotify_is_given_this_computers_address_in_numbers(host: str, address: str) -> None:
    assert callback_address(Settings(host=host), {"SERVER_PORT": "9000"}) == address


@pytest.mark.parametrize(
    ("public", "address"),
    [
        ("https://segue.example", "https://segue.example/spotify/callback"),
        ("https://segue.example/", "https://segue.example/spotify/callback"),
        ("https://club.example/segue/", ""),
        ("http://127.0.0.1:7000", "http://127.0.0.1:7000/spotify/callback"),
        ("http://localhost:7000", ""),
        ("http://segue.example", ""),
        ("https://me:pw@segue.example", ""),
        ("https://segue.example/?x=1", ""),
        ("segue.example", ""),
        ("https://[bad", ""),
    ],
)
def test_a_public_address_is_taken_only_as_spotify_takes_it(public: str, address: str) -> None:
    assert callback_address(Settings(public_url=public), {"SERVER_PORT": "9000"}) == address


def test_the_port_is_the_one_listened_on_whatever_the_browser_names() -> None:
    environ = {"SERVER_PORT": "9000", "HTTP_HOST": "evil.example:1"}
    assert origin(callback_address(Settings(), environ)) == "http://127.0.0.1:9000"


# -- notes


def test_notes_are_told_by_a_name_that_nobody_guesses_and_old_ones_go() -> None:
    notes = Notes()
    first = notes.keep("One.")
    assert notes.get(first) == "One." and len(first) >= 12
    for number in range(50):
        notes.keep(f"Another {number}.")
    assert notes.get(first) == notes.get("") == notes.get("One.") == ""
