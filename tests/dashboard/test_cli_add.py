"""``segue add``: links of Spotify and lists of tracks, in the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app
from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import SetAside
from data.settings import get_settings
from hybrid.jobs import JobContext, Kind
from tests.dashboard.spotify_account import stand
from tests.hybrid.previewing import EAR
from tests.hybrid.small import heard
from tests.peers.deezer import DeezerPeer
from tests.peers.spotify import SpotifyPeer

ONE, OTHER = "4uLU6hMCjMI75M1A2tKUQC", "7ouMYWpwJ422jRcDASZB7P"
TRACK = f"https://open.spotify.com/track/{ONE}"


@pytest.fixture(autouse=True)
def signed_in(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_home.mkdir()
    stand(monkeypatch, "signed_in")


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, dict[str, Any]]]:
    """What the jobs were asked to do; they do what any job may do with its context."""
    ran: list[tuple[str, dict[str, Any]]] = []

    def run(name: str) -> Any:
        def kind(context: JobContext) -> dict[str, Any]:
            context.tell("Asking", 1, 2)
            context.check()
            context.sleep(0)
            context.log("Asked once.")
            context.set_aside([SetAside("row 3", "no artist")])
            context.keep()
            assert context.catalogue.crates() == [] and context.settings.home
            if context.options.get("crate") == "Broken":
                raise SegueError("Spotify does not have this.")
            ran.append((name, dict(context.options)))
            return {"summary": f"Did {name}.", "recording_id": 7}

        return Kind(name, kind)

    names = ("spotify_track", "spotify_playlist", "tracks_csv")
    monkeypatch.setattr("hybrid.jobs.KINDS", {name: run(name) for name in names})
    return ran


def run(*args: str, command: str = "add") -> Any:
    return CliRunner().invoke(app, [command, *args])


def refused(*args: str) -> str:
    result = run(*args)
    assert (result.exit_code, result.stdout) == (2, "")
    return " ".join(result.stderr.split())


def test_a_track_and_a_playlist_are_added_with_progress_and_what_was_left_out(
    done: list[Any],
) -> None:
    result = run(TRACK, f"spotify:playlist:{OTHER}", "--crate", "Late", TRACK)
    assert result.exit_code == 0, result.output
    assert done == [
        ("spotify_track", {"spotify_id": ONE}),
        ("spotify_playlist", {"playlist_id": OTHER, "crate": "Late"}),
    ]
    assert result.stdout == "Did spotify_track.\nDid spotify_playlist.\n"
    assert "Asked once." in result.stderr
    assert "row 3: no artist" in result.stderr


def test_lists_of_tracks_are_sampled_together(done: list[Any], tmp_path: Path) -> None:
    files = [tmp_path / "a.csv", tmp_path / "b.txt"]
    for file in files:
        file.write_text("artists,track_name,track_genre,track_id\n")
    stand_nowhere = [str(file) for file in files]
    result = run(*stand_nowhere, "--per-genre", "5", "--seed", "3")
    assert result.exit_code == 0
    assert done == [("tracks_csv", {"paths": stand_nowhere, "per_genre": 5, "seed": 3})]


def test_a_list_of_tracks_needs_no_sign_in(
    done: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, "no_app")
    (tmp_path / "a.csv").write_text("x")
    assert run(str(tmp_path / "a.csv")).exit_code == 0
    assert len(done) == 1


def test_a_program_gets_what_came_of_each(done: list[Any]) -> None:
    told = json.loads(run(TRACK, "--json").stdout)
    assert told == {
        "added": [
            {
                "kind": "spotify_track",
                "summary": "Did spotify_track.",
                "recording_id": 7,
                "left_out": [{"where": "row 3", "reason": "no artist"}],
            }
        ]
    }


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["Mara Vale - Night Bus"], '"Mara Vale - Night Bus": This is no link'),
        (["gone.csv"], "There is no file gone.csv"),
        ([f"https://open.spotify.com/artist/{ONE}"], "is of an artist"),
        ([f"spotify:playlist:{OTHER}", "--crate", "Broken"], "Spotify does not have this."),
    ],
)
def test_what_cannot_be_added_is_said_in_a_sentence(
    done: list[Any], args: list[str], words: str
) -> None:
    assert words in refused(*args)
    assert done == []


def test_nothing_is_begun_where_spotify_cannot_be_asked(
    done: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    stand(monkeypatch, "signed_out", secret="b" * 32)
    told = refused(TRACK, f"spotify:playlist:{OTHER}")
    assert "sign in on the Spotify page" in told and "`segue serve`" in told
    assert done == []
    assert run(TRACK).exit_code == 0


def test_what_is_in_the_command_is_what_a_job_is_given() -> None:
    """A kind that asks its context for more than the terminal gives would fail only there."""
    from dashboard.cli.add import TerminalContext

    offered = {name for name in dir(JobContext) if not name.startswith("_")} - {"alive"}
    assert offered <= {name for name in dir(TerminalContext) if not name.startswith("_")}


def test_recommend_tells_how_an_unknown_link_comes_in() -> None:
    with Catalogue.open(get_settings().url) as catalogue:
        catalogue.add_tracklists([heard("a", "Mara Vale - Night Bus", "Otto Lind - Lamp")])
    result = run(TRACK, command="recommend")
    assert f"`segue add {TRACK}` looks it up on Spotify." in result.stderr
    known = run("Otto Lind - Lamp", command="recommend")
    assert "segue add" not in known.stderr


# -- with a local Spotify and Deezer


@pytest.fixture
def services(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Any, Any]]:
    """A Spotify and a Deezer on this machine, and an app with its secret."""
    monkeypatch.undo()  # the account is the real one
    monkeypatch.setattr("hybrid.listen.ear", lambda *_: EAR)
    with SpotifyPeer() as spotify, DeezerPeer() as deezer:
        given = {
            **spotify.settings,
            **deezer.settings,
            "SEGUE_HOME": str(own_home),
            "SEGUE_SPOTIFY_CLIENT_ID": spotify.app.client_id,
            "SEGUE_SPOTIFY_CLIENT_SECRET": spotify.app.client_secret,
            "SEGUE_ITUNES_API_URL": f"{deezer.url}/none/",
            "SEGUE_ITUNES_DELAY": "0",
        }
        for name, value in given.items():
            monkeypatch.setenv(name, value)
        get_settings.cache_clear()
        yield spotify, deezer
    get_settings.cache_clear()


def test_a_link_becomes_a_recording_that_was_heard(services: tuple[Any, Any]) -> None:
    spotify, deezer = services
    track = spotify.add_track("Ada Sun", "Moon Letter - Bo Remix", isrc="QZAAA2600001")
    deezer.add_track("Ada Sun", "Moon Letter (Bo Remix)", isrc="QZAAA2600001")
    link = f"https://open.spotify.com/track/{track.id}"
    told = run(link)
    assert told.exit_code == 0, told.output
    assert "Ada Sun - Moon Letter (Bo Remix): added, heard." in told.stdout
    with Catalogue.open(get_settings().url) as catalogue:
        [ident] = catalogue.find_outside("spotify", track.id)
        assert catalogue.sound([ident])[ident].bpm
    assert "known already, heard" in run(link).stdout
    gone = refused("https://open.spotify.com/track/" + "0" * 22)
    assert "Spotify does not have this" in gone
    secrets = spotify.secrets
    assert not [secret for secret in secrets if secret in told.output + gone]


def test_a_list_of_tracks_is_sampled_and_no_track_heard_twice(
    services: tuple[Any, Any], tmp_path: Path
) -> None:
    _, deezer = services
    rows = ["artists,track_name,track_genre,track_id"]
    for genre in ("house", "dub"):
        for number in range(4):
            deezer.add_track("Ada Sun", f"{genre.title()} {number}")
            rows.append(f"Ada Sun,{genre.title()} {number},{genre},")
    path = tmp_path / "many.csv"
    path.write_text("\n".join(rows))
    told = run(str(path), "--per-genre", "2")
    assert told.exit_code == 0, told.output
    assert "4 heard of 4 chosen from 2 genres" in told.stdout
    for wanted in ((4, 4), (0, 8)):  # what is known is skipped: each time others are drawn
        again = json.loads(run(str(path), "--per-genre", "2", "--json").stdout)["added"][0]
        assert (again["heard"], again["known"]) == wanted
