"""A pasted Spotify link: what it is of, and whether Spotify can be asked about it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from dashboard import links
from data.catalogue import Catalogue
from data.errors import SegueError
from data.settings import Settings
from hybrid import many
from tests.dashboard.spotify_account import stand

IDENT = "4uLU6hMCjMI75M1A2tKUQC"


@pytest.mark.parametrize(
    ("text", "link"),
    [
        (f"https://open.spotify.com/track/{IDENT}?si=1", ("track", IDENT)),
        (f" spotify:track:{IDENT} ", ("track", IDENT)),
        (IDENT, ("track", IDENT)),
        (f"https://open.spotify.com/intl-de/playlist/{IDENT}", ("playlist", IDENT)),
        (f"spotify:playlist:{IDENT}", ("playlist", IDENT)),
    ],
)
def test_a_link_says_what_it_is_of(text: str, link: tuple[str, str]) -> None:
    assert links.read(text) == links.Link(*link)  # type: ignore[arg-type]
    assert links.spotify_id(text) == (IDENT if link[0] == "track" else "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Paste the link"),
        ("Mara Vale - Night Bus", "no link of a Spotify track or playlist"),
        (f"https://open.spotify.com/album/{IDENT}", "is of an album"),
        (f"https://open.spotify.com.evil.example/track/{IDENT}", "no link of a Spotify"),
        (f"https://open.spotify.com@evil.example/track/{IDENT}", "no link of a Spotify"),
        ("https://open.spotify.com/track/../../me", "no link of a Spotify"),
    ],
)
def test_anything_else_is_refused_in_a_sentence(text: str, words: str) -> None:
    with pytest.raises(SegueError, match=words):
        links.read(text)


def test_without_an_app_nothing_can_be_asked(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, "no_app")
    asking = links.asking(catalogue, Settings())
    assert "set it up on the Spotify page" in asking.track == asking.playlist
    assert asking.page_helps


def test_an_app_with_a_secret_looks_up_tracks_without_a_sign_in(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, "signed_out")
    asking = links.asking(catalogue, Settings())
    assert "sign in on the Spotify page" in asking.why_not("track")
    stand(monkeypatch, "signed_out", secret="b" * 32)
    asking = links.asking(catalogue, Settings())
    assert (asking.why_not("track"), "sign in" in asking.why_not("playlist")) == ("", True)


def test_who_is_signed_in_can_ask_unless_spotify_wants_a_pause(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, "signed_in")
    assert links.asking(catalogue, Settings()) == links.Asking()
    until = datetime.now(UTC) + timedelta(hours=30)
    stand(monkeypatch, "signed_in", paused_until=until, paused_reason="It has had enough.")
    asking = links.asking(catalogue, Settings())
    over = links.end_of(until)
    assert asking.track == f"It has had enough until {over}: try again then." and " on " in over
    assert not asking.page_helps
    past = datetime.now(UTC) - timedelta(seconds=1)
    stand(monkeypatch, "signed_in", paused_until=past)
    assert links.asking(catalogue, Settings()) == links.Asking()


def test_the_real_account_answers_without_asking_anybody(catalogue: Catalogue) -> None:
    asking = links.asking(catalogue, Settings())
    assert "set it up" in asking.track


def test_each_thing_has_its_job() -> None:
    track = links.job_of(links.Link("track", IDENT))
    assert (track[0], track[2]) == ("spotify_track", {"spotify_id": IDENT})
    playlist = links.job_of(links.Link("playlist", IDENT), "  Late   night ")
    assert playlist[0] == "spotify_playlist"
    assert playlist[2] == {"playlist_id": IDENT, "crate": "Late night"}


def test_page_and_terminal_take_as_many_of_a_genre_as_the_job_does() -> None:
    assert links.PER_GENRE == many.PER_GENRE
