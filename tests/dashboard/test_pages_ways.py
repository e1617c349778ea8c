"""The ways to add something to the Library that go over the network, without a browser."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from dash.exceptions import PreventUpdate

from dashboard.app import create_app
from dashboard.callbacks import library as page
from dashboard.components import ways_web
from dashboard.services import Library, attach, current_library
from data.errors import SegueError
from data.settings import Settings
from tests.dashboard.pressing import drawn, pressed
from tests.dashboard.spotify_account import stand

IDENT = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.fixture(scope="module")
def any_app(tmp_path_factory: pytest.TempPathFactory) -> Dash:
    return create_app(Settings(home=tmp_path_factory.mktemp("any")))


@pytest.fixture
def app(any_app: Dash, tmp_path: Path) -> Iterator[Dash]:
    """The app over an empty catalogue of this test's own."""
    attach(any_app.server.config, Library(Settings(home=tmp_path / "home")))
    with any_app.server.app_context():
        yield any_app


def add_link(text: str, crate: str = "") -> Any:
    return pressed(ways_web.LINK_ADD_ID, 1, page.add_link, 1, 1, text, crate)


def test_a_spotify_link_starts_the_job_of_what_it_is_of(
    app: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, "signed_in")
    _, text, crate = add_link(f" https://open.spotify.com/track/{IDENT}?si=1 ")
    add_link(f"spotify:playlist:{IDENT}", "Late night")
    add_link(f"spotify:playlist:{IDENT}", "Late night")  # pressed twice
    playlist, track = current_library().catalogue.jobs.recent()
    assert (track.kind, track.options) == ("spotify_track", {"spotify_id": IDENT})
    assert (playlist.kind, playlist.options["crate"]) == ("spotify_playlist", "Late night")
    assert (text, crate) == ("", "")  # ready for the next
    with pytest.raises(SegueError, match="Paste the link"):
        add_link(" ")
    with pytest.raises(SegueError, match="is of an album"):
        add_link(f"https://open.spotify.com/album/{IDENT}")


def test_who_is_not_signed_in_is_told_and_shown_the_way(
    app: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    def form() -> str:
        return drawn(page.show_spotify("/library"))

    stand(monkeypatch, "signed_out")
    assert "You are not signed in to Spotify" in form() and '"href": "/spotify"' in form()
    with pytest.raises(SegueError, match="sign in on the Spotify page"):
        add_link(f"spotify:track:{IDENT}")
    assert current_library().catalogue.jobs.recent() == []
    stand(monkeypatch, "signed_out", secret="b" * 32)
    assert "Tracks can be looked up. For your playlists, sign in" in form()
    stand(monkeypatch, "signed_in")
    assert "sign in" not in form() and "/spotify" not in form()
    with pytest.raises(PreventUpdate):
        page.show_spotify("/models")


def test_a_list_of_tracks_is_read_with_what_was_asked(app: Dash) -> None:
    def send(**fields: str) -> Any:
        data = {"files": [(io.BytesIO(b"artists\n"), "Tracks.csv")], **fields}
        here = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        client = app.server.test_client()
        return client.post("/uploads?purpose=tracks", data=data, headers=here)

    assert send(per_genre="25", seed="7").status_code == 201
    [job] = current_library().catalogue.jobs.recent()
    assert (job.kind, job.title) == ("tracks_csv", "Add tracks of Tracks.csv")
    assert (job.options["per_genre"], job.options["seed"]) == (25, 7)
    assert job.options["uploaded"] and Path(job.options["paths"][0]).read_text() == "artists\n"
    assert send(per_genre="10").status_code == 201
    assert current_library().catalogue.jobs.recent()[0].options["seed"] == 0
    for wrong in ("", "0", "-1", "many", "1e9", "10001"):
        refused = send(per_genre=wrong)
        assert refused.status_code == 400
        assert "Choose 1 to 10,000 tracks of each genre" in refused.get_json()["error"]
