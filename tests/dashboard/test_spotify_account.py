"""The head of the Spotify page: what it says at each stage, and what it never shows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash, no_update
from dash.exceptions import PreventUpdate
from flask import Flask

from dashboard.app import create_app
from dashboard.callbacks import spotify_account as page
from dashboard.components import spotify as parts
from dashboard.services import Library, attach, current_library
from dashboard.services import spotify as service
from dashboard.spotify.notes import current_notes
from data.errors import SegueError
from data.settings import Settings
from tests.dashboard.pressing import drawn, pressed

CLIENT_ID, SECRET = "a1" * 16, "b2" * 16
ADDRESS = "http://127.0.0.1:8050/spotify/callback"


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


@pytest.fixture
def app(any_app: Dash, tmp_path: Path) -> Iterator[Dash]:
    """The app over an empty catalogue of this test's own."""
    attach(any_app.server.config, Library(Settings(home=tmp_path / "home")))
    with any_app.server.app_context():
        yield any_app


@pytest.fixture
def library(app: Dash) -> Library:
    return current_library()


def asked(app: Dash) -> Any:
    """A request, as callbacks have one."""
    server: Flask = app.server
    return server.test_request_context("/", base_url="http://127.0.0.1:8050")


def test_without_an_app_it_leads_through_making_one() -> None:
    said = drawn(parts.head(parts.Head("no_app", address=ADDRESS)))
    for words in (ADDRESS, "Premium", "Web API", "User Management", "localhost", "Client ID"):
        assert words in said
    assert parts.DASHBOARD in said


def test_where_spotify_would_send_nobody_back_it_says_what_to_set() -> None:
    said = drawn(parts.head(parts.Head("no_app")))
    assert "SEGUE_PUBLIC_URL" in said and "callback" not in said


def test_what_is_kept_is_never_shown_again(app: Dash, library: Library) -> None:
    service.set_app(library, CLIENT_ID, SECRET)
    with asked(app):
        shown = page.show_head("", None, None, None, None)
    said = drawn(shown)
    assert "Client ID and secret are kept" in said
    assert CLIENT_ID not in said and SECRET not in said


def test_what_is_no_client_id_is_refused_with_a_sentence(library: Library) -> None:
    for wrong in (None, "", "my app", "x" * 31):
        with pytest.raises(SegueError, match="client ID"):
            service.set_app(library, wrong, "")
    assert service.account(library).keys() is None


def test_what_is_wrong_is_told_beside_the_field_and_what_was_typed_stays(app: Dash) -> None:
    button = {"key": 0, "type": "spotify-keep"}
    *kept, said = pressed(button, 1, page.keep_app, [1], "my app", SECRET)
    assert kept == [no_update] * 3 and "client ID" in said


def test_keeping_the_app_empties_the_fields(app: Dash, library: Library) -> None:
    button = {"key": 0, "type": "spotify-keep"}
    stamp, *fields = pressed(button, 1, page.keep_app, [1], f" {CLIENT_ID} ", SECRET)
    assert stamp and fields == ["", "", ""]
    keys = service.account(library).keys()
    assert keys is not None and keys.client_secret == SECRET
    pressed({"key": 0, "type": "spotify-forget"}, 1, page.forget_app, [1])
    assert service.account(library).keys() is None


def test_a_button_that_is_only_drawn_does_nothing(app: Dash) -> None:
    button = {"key": 0, "type": "spotify-forget"}
    with pytest.raises(PreventUpdate):
        pressed(button, None, page.forget_app, [None])


def test_an_app_of_the_settings_cannot_be_forgotten_here() -> None:
    of = parts.Head("signed_out", address=ADDRESS, from_settings=True)
    said = drawn(parts.head(of))
    assert "SEGUE_SPOTIFY_CLIENT_ID" in said and "spotify-forget" not in said


def test_signed_in_it_says_as_whom_and_how_to_end_it() -> None:
    said = drawn(parts.head(parts.Head("signed_in", name="Mara <b>", address=ADDRESS, crate=3)))
    assert "Mara <b>" in said  # as text, which React escapes
    assert "/spotify/sign-out" in said and "forgets the sign-in" in said
    assert "/spotify/sign-in?crate=3&again=1" in said


def test_a_sign_in_that_ended_says_so() -> None:
    of = parts.Head("signed_out", name="Mara", address=ADDRESS)
    assert "Your sign-in as Mara has ended" in drawn(parts.head(of))
    assert "six months" in drawn(parts.head(parts.Head("signed_out", address=ADDRESS)))


def test_a_pause_is_told_with_its_end_and_switches_the_sign_in_off() -> None:
    until = dt.datetime.now(dt.UTC) + dt.timedelta(days=2)
    said = drawn(parts.head(parts.Head("signed_out", address=ADDRESS, paused_until=until)))
    assert "the rest of Segue works on" in said and '"disabled": true' in said


def test_a_pause_names_the_day_only_if_it_is_another() -> None:
    now = dt.datetime(2026, 11, 21, 12, 0).astimezone()
    soon = parts.pause_line(now + dt.timedelta(hours=2), "Your app is tired", now)
    assert soon.startswith("Your app is tired until 14:00. ")
    assert " until 11:00 on 22 November. " in parts.pause_line(
        now + dt.timedelta(hours=23), "", now
    )


def test_a_pause_is_not_told_to_be_over_before_it_is() -> None:
    now = dt.datetime(2026, 11, 21, 23, 0).astimezone()
    assert " until 23:11. " in parts.pause_line(now + dt.timedelta(seconds=601), "", now)
    midnight = now + dt.timedelta(minutes=59, seconds=1)
    assert " until 00:00 on 22 November. " in parts.pause_line(midnight, "", now)


def test_the_head_is_drawn_anew_only_when_it_changed(app: Dash, library: Library) -> None:
    with asked(app):
        _, shown, origin, hidden, blocked = page.show_head("", 0, None, None, None)
        assert (origin, hidden, blocked) == ("http://127.0.0.1:8050", True, False)
        with pytest.raises(PreventUpdate):
            page.show_head("", 1, None, None, shown)
        service.set_app(library, CLIENT_ID, "")
        assert page.show_head("", 2, None, None, shown)[1] != shown


def test_an_address_tells_no_words_of_its_own(app: Dash) -> None:
    with asked(app):
        kept = current_notes().keep("Spotify did not agree.")
        assert "did not agree" in drawn(page.show_head(f"?note={kept}", 0, None, None, None))
        said = drawn(page.show_head("?note=Call+this+number", 0, None, None, None))
    assert "Call this" not in said


def test_the_settings_say_how_it_stands() -> None:
    line = {
        stage: drawn(parts.settings_line(parts.Head(stage, name="Mara")))
        for stage in ("no_app", "signed_out", "signed_in")
    }
    assert "not connected" in line["no_app"] and "signed out" in line["signed_out"]
    assert "connected as Mara" in line["signed_in"] and "/spotify" in line["signed_in"]
