"""The Spotify peer fails in every way that Spotify was seen to, when it is told to."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.peers.conftest import Ask
from tests.peers.invented_crate import releases
from tests.peers.spotify import SpotifyPeer
from tests.peers.spotify_invented import fill, spotify_title
from tests.peers.spotify_spec import load


@pytest.mark.parametrize(
    ("kind", "status", "text"),
    [
        ("expired", 401, "The access token expired"),
        ("not_registered", 403, "the user may not be registered"),
        ("premium", 403, "Active premium subscription required"),
        ("forbidden", 403, '"Forbidden"'),
        ("scope", 403, "Insufficient client scope"),
        ("not_found", 404, "not found"),
        ("bad_limit", 400, "Invalid limit"),
        ("busy", 429, "rate limit"),
        ("quota", 429, '"reason": "QUOTA_EXCEEDED"'),
        ("server", 502, "Bad gateway"),
        ("string_error", 400, '"error": "'),
        ("html", 200, "<html>"),
        ("empty", 200, ""),
    ],
)
def test_the_next_answer_can_fail_and_the_one_after_is_good(
    ask: Ask, peer: SpotifyPeer, kind: Any, status: int, text: str
) -> None:
    peer.fail(kind)
    failed = ask("GET", "me")
    assert (failed.status_code, text in failed.text) == (status, True)
    assert ask("GET", "me").json()["id"] == peer.user.id
    assert [one.status for one in peer.asked("GET", "me")] == [status, 200]


def test_how_long_to_wait_stands_in_the_header_or_nowhere(ask: Ask, peer: SpotifyPeer) -> None:
    peer.fail("busy")
    peer.fail("quota")
    peer.fail("quota", retry_after=None)
    waits = [ask("GET", "me").headers.get("Retry-After") for _ in range(3)]
    assert waits == ["3", "48925", None]


@pytest.mark.parametrize(
    ("kind", "done"),
    [
        ("server", False),
        ("drop", False),
        ("timeout", False),
        ("done_but_502", True),
        ("done_but_drop", True),
        ("done_but_timeout", True),
    ],
)
def test_a_write_that_failed_may_have_happened(
    ask: Ask, peer: SpotifyPeer, kind: Any, done: bool
) -> None:
    track, made = peer.add_track("Ada Sun", "Moon Letter"), peer.add_playlist("Late")
    peer.fail(kind, method="POST", path="playlists/*/items", seconds=0.01)
    try:
        answer = ask("POST", f"playlists/{made.id}/items", json={"uris": [track.uri]})
        assert answer.status_code == 502
    except requests.ConnectionError:
        assert kind not in ("server", "done_but_502")
    assert made.uris == [track.uri] * done


def test_a_fault_waits_for_its_request(ask: Ask, peer: SpotifyPeer) -> None:
    peer.fail("server", times=2, method="GET", path="me/*", after=1)
    statuses = [ask("GET", path).status_code for path in ["me", *["me/playlists"] * 4]]
    assert statuses == [200, 200, 502, 502, 200]


def test_an_answer_can_be_damaged(ask: Ask, peer: SpotifyPeer) -> None:
    peer.add_track("Ada Sun", "Moon Letter")
    peer.fail("nulls", path="search")
    peer.fail("cut", path="search")
    params = {"q": "moon", "type": "track"}
    assert ask("GET", "search", params=params).json()["tracks"]["items"][0] is None
    with pytest.raises(requests.JSONDecodeError):
        ask("GET", "search", params=params).json()


def test_leaving_does_not_wait_for_answers_that_never_come(peer: SpotifyPeer) -> None:
    peer.fail("timeout", seconds=600)
    given_up: list[type[Exception]] = []

    def wait() -> None:
        try:
            requests.get(f"{peer.api_url}me", timeout=600)
        except requests.RequestException as error:
            given_up.append(type(error))

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not peer.requests:
        peer.stopped.wait(0.001)
    peer.__exit__()
    waiting.join(5)
    assert given_up == [requests.ConnectionError]


# ---- by hand


def test_the_invented_tracks_leave_something_to_decide(peer: SpotifyPeer) -> None:
    fill(peer)
    titles = [(track.artists[0], track.title) for track in peer.shelf.tracks.values()]
    wanted = [(one.track.artist, spotify_title(one)) for one in releases()]
    assert len(set(wanted) & set(titles)) > 800
    assert len(set(wanted) - set(titles)) > 100
    assert len(titles) > len(set(titles)) + 100
    assert sum(not track.isrc for track in peer.shelf.tracks.values()) > 200


def test_the_program_says_where_it_is() -> None:
    load()  # With no document the program has nothing to say, and this is skipped.
    program = [sys.executable, "-m", "tests.peers.spotify", "--fail", "premium:1:me"]
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(program, cwd=root, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        lines = [running.stdout.readline().strip() for _ in range(6)]
        running.terminate()
    told = dict(line.removeprefix("export ").split("=") for line in lines if "export" in line)
    assert told["SEGUE_SPOTIFY_API_URL"].endswith("/v1/")
    assert told["SEGUE_SPOTIFY_ACCOUNTS_URL"].endswith("/accounts/")
    assert lines[-1] == "redirect URIs: http://127.0.0.1/spotify/callback"
