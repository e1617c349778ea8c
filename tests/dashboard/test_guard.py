"""Whom the server answers: by which name it is asked for, and from whose page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from flask import Flask, request
from flask.testing import FlaskClient

from dashboard import guard
from dashboard.app import create_app
from dashboard.services import Library, attach, current_library
from data.settings import Settings

LOCAL = {"REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "127.0.0.1:8050"}
EVIL = "elsewhere.example:8050"  # led to 127.0.0.1 by whoever owns the name


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


@pytest.fixture
def client(any_app: Dash, tmp_path: Path) -> Iterator[FlaskClient]:
    attach(any_app.server.config, Library(Settings(home=tmp_path / "home")))
    with any_app.server.app_context():
        yield any_app.server.test_client()


def asked(environment: dict[str, str]) -> Any:
    return Flask("test").test_request_context("/", environ_overrides=LOCAL | environment)


@pytest.mark.parametrize(
    ("name", "host", "names", "taken"),
    [
        ("localhost:8050", "127.0.0.1", "", True),
        ("LOCALHOST.:8050", "127.0.0.1", "", True),
        ("127.0.0.1:8050", "localhost", "", True),
        ("[::1]:8050", "::1", "", True),
        ("192.168.1.2:8050", "127.0.0.1", "", True),
        (EVIL, "127.0.0.1", "", False),
        (EVIL, "localhost", "", False),
        (EVIL, "::1", "", False),
        ("localhost.elsewhere.example", "127.0.0.1", "", False),
        ("127.0.0.1.elsewhere.example", "127.0.0.1", "", False),
        ("localhost@elsewhere.example", "127.0.0.1", "", False),
        ("[half", "127.0.0.1", "", False),
        ("segue.example", "127.0.0.1", "Segue.example, booth", True),
        ("booth:8050", "127.0.0.1", "Segue.example, booth", True),
        ("booth:8050", "0.0.0.0", "", True),
        ("booth:8050", "0.0.0.0", "booth", True),
        (EVIL, "0.0.0.0", "booth", False),
        ("192.168.1.2:8050", "0.0.0.0", "booth", True),
    ],
)
def test_the_server_knows_its_own_names(name: str, host: str, names: str, taken: bool) -> None:
    with asked({"HTTP_HOST": name}):
        assert guard.is_named(request, Settings(host=host, names=names)) is taken


def test_the_public_address_is_a_name_and_keeps_nobody_out() -> None:
    public = "https://Segue.example:444/"
    for name, host, taken in (
        ("segue.example:444", "127.0.0.1", True),
        (EVIL, "127.0.0.1", False),
        ("booth:8050", "0.0.0.0", True),
    ):
        with asked({"HTTP_HOST": name}):
            assert guard.is_named(request, Settings(host=host, public_url=public)) is taken
    with asked({"HTTP_HOST": "[half"}):
        assert not guard.is_named(request, Settings(public_url="https://[half"))


@pytest.mark.parametrize(
    ("headers", "own"),
    [
        ({}, True),
        ({"ORIGIN": "http://127.0.0.1:8050"}, True),
        ({"ORIGIN": "https://127.0.0.1:8050"}, True),
        ({"SEC_FETCH_SITE": "same-origin", "ORIGIN": "https://proxy.example"}, True),
        ({"SEC_FETCH_SITE": "none"}, True),
        ({"SEC_FETCH_SITE": "same-site", "ORIGIN": "http://127.0.0.1:3000"}, False),
        ({"SEC_FETCH_SITE": "cross-site"}, False),
        ({"ORIGIN": "http://elsewhere.example"}, False),
        ({"ORIGIN": "null"}, False),
        ({"ORIGIN": "http://["}, False),
    ],
)
def test_a_page_of_another_site_is_told_from_segues_own(headers: dict[str, str], own: bool) -> None:
    with asked({f"HTTP_{name}": value for name, value in headers.items()}):
        assert guard.from_own_page(request) is own


@pytest.mark.parametrize(
    "address", ["/", "/library", "/health", "/_dash-layout", "/audio/1", "/api/v1/crates"]
)
def test_nothing_is_read_under_another_name(client: FlaskClient, address: str) -> None:
    answer = client.get(address, headers={"Host": EVIL})
    assert answer.status_code == 403
    assert "SEGUE_NAMES" in answer.get_json()["error"]
    assert client.get("/health").status_code == 200


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("POST", "/uploads?purpose=music"),
        ("POST", "/api/v1/crates"),
        ("DELETE", "/api/v1/crates/1"),
        ("POST", "/_dash-update-component"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": EVIL, "Origin": f"http://{EVIL}", "Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://elsewhere.example"},
        {"Origin": "http://["},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_nothing_is_written_from_another_page(
    client: FlaskClient, method: str, address: str, headers: dict[str, str]
) -> None:
    answer = client.open(address, method=method, json={"name": "Theirs"}, headers=headers)
    assert answer.status_code == 403
    assert answer.get_json()["error"].endswith(".")
    assert current_library().catalogue.crates() == []


@pytest.mark.parametrize(
    ("environment", "host", "allowed"),
    [
        ({}, "127.0.0.1", True),
        ({"HTTP_HOST": "localhost:8050"}, "localhost", True),
        ({"HTTP_HOST": "[::1]:8050", "REMOTE_ADDR": "::1"}, "::1", True),
        ({"HTTP_ORIGIN": "http://127.0.0.1:8050"}, "127.0.0.1", True),
        ({"HTTP_ORIGIN": "http://elsewhere.example"}, "127.0.0.1", False),
        ({"HTTP_ORIGIN": "null"}, "127.0.0.1", False),
        ({"HTTP_HOST": "elsewhere.example:8050"}, "127.0.0.1", False),
        ({"HTTP_HOST": "127.0.0.1.elsewhere.example"}, "127.0.0.1", False),
        ({"HTTP_HOST": "[half"}, "127.0.0.1", False),
        ({"REMOTE_ADDR": "192.168.1.7"}, "127.0.0.1", False),
        ({"HTTP_X_FORWARDED_FOR": "192.168.1.7"}, "127.0.0.1", False),
        ({"HTTP_FORWARDED": "for=1.2.3.4"}, "127.0.0.1", False),
        ({}, "0.0.0.0", False),
        ({}, "192.168.1.2", False),
    ],
)
def test_folders_are_for_a_browser_on_this_computer(
    environment: dict[str, str], host: str, allowed: bool
) -> None:
    with Flask("test").test_request_context("/", environ_overrides=LOCAL | environment):
        assert guard.is_local(request, Settings(host=host)) is allowed
