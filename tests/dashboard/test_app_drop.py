"""A file that was dropped on the Dig page, or a link that was pasted, by its callbacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from dash import Dash, no_update

from dashboard.app import create_app
from dashboard.callbacks import dig, dig_drop
from dashboard.components.search import ASKED_ID
from dashboard.services import Library, current_library
from data.errors import SegueError
from data.records import Entry, OutsideId, Track
from data.settings import Settings
from hybrid.jobs import KINDS, JobContext, Kind
from hybrid.jobs.run import run_job
from tests.dashboard.pressing import drawn, pressed
from tests.dashboard.spotify_account import stand
from tests.hybrid.ears import EAR


@pytest.fixture
def app(demo_home: Path) -> Iterator[Dash]:
    """The app over a demo crate of this test's own: what is dropped stays in the catalogue."""
    app = create_app(Settings(home=demo_home))
    with app.server.app_context():
        yield app


@pytest.fixture
def ear(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are heard by `tests.hybrid.ears`: what they hold says what happens."""
    monkeypatch.setattr("hybrid.listen.ear", lambda *_: EAR)


def dropped(library: Library, folder: Path, text: str) -> int:
    """Queue the job that the upload of a file starts."""
    path = folder / "Mara Vale - Night Bus.wav"
    path.write_text(text)
    return library.start_job("analyse", "Listen to it", {"paths": [str(path)], "origin": "dropped"})


def run_next(library: Library) -> None:
    job = library.catalogue.jobs.claim("test")
    assert job is not None
    run_job(library.catalogue, library.settings, job, "test")


def test_a_file_that_was_dropped_is_followed_and_becomes_the_seed(
    app: Dash, tmp_path: Path, ear: None
) -> None:
    library = current_library()
    library.recommender()  # it is read anew for the file
    job = dropped(library, tmp_path, "a sound")
    waiting = dig_drop.follow({"job": job}, None)
    assert not (waiting.over or waiting.away)
    assert "progressbar" in drawn(waiting.state)
    run_next(library)
    ticks = (dig_drop.follow({"job": job}, tick) for tick in range(20))
    followed = next(tick for tick in ticks if tick.over)
    query = pressed(ASKED_ID, 1, dig.change_view, followed.asked, [], [], "?seed=3")
    page = dig.show(query, None)
    assert "Night Bus" in drawn(page.chips)
    assert "chip-unknown" not in drawn(page.chips)


def test_a_file_that_cannot_be_heard_is_told_in_a_sentence(
    app: Dash, tmp_path: Path, ear: None
) -> None:
    library = current_library()
    job = dropped(library, tmp_path, "bad")
    run_next(library)
    followed = dig_drop.follow({"job": job}, 1)
    assert followed.over
    assert "Mara Vale - Night Bus.wav is cut off: 3 s of 4 s can be read." in drawn(followed.told)
    assert str(tmp_path) not in drawn(followed.told)


def test_listening_to_a_file_can_be_cancelled(app: Dash, tmp_path: Path) -> None:
    job = dropped(current_library(), tmp_path, "a sound")
    dig_drop.cancel(1, {"job": job})
    followed = dig_drop.follow({"job": job}, 1)
    assert followed.over
    assert "Stopped" in drawn(followed.told)


def test_what_kept_a_file_from_being_sent_is_told(app: Dash) -> None:
    followed = dig_drop.follow({"error": "It is too large."}, None)
    assert followed.over
    assert "too large" in drawn(followed.told)


def test_a_look_after_the_end_changes_nothing(app: Dash) -> None:
    late = dig_drop.follow(None, 9)
    assert late.over
    assert late.told is late.asked is no_update


# -- a link that was pasted

IDENT = "4uLU6hMCjMI75M1A2tKUQC"
LINK = f"https://open.spotify.com/track/{IDENT}?si=1"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the page is told to follow."""
    told: list[dict[str, Any]] = []
    monkeypatch.setattr(dig_drop, "set_props", lambda _id, props: told.append(props["data"]))
    return told


@pytest.fixture
def spotify(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spotify knows one track; the job adds it as the real one does."""

    def look_up(context: JobContext) -> dict[str, Any]:
        if context.options["spotify_id"] != IDENT:
            raise SegueError("Spotify does not have this: check the link.")
        track = Track("Mara Vale", "Low Water", ids=(OutsideId("spotify", IDENT, "spotify"),))
        added = context.catalogue.add_playlist("Brought", [Entry(track)])
        [recording] = context.catalogue.crate(added.crate_id)
        return {"summary": "Found.", "recording_id": recording, "heard": False}

    stand(monkeypatch, "signed_in")
    kinds = {**KINDS, "spotify_track": Kind("spotify_track", look_up)}
    monkeypatch.setattr("hybrid.jobs.run.KINDS", kinds)


def paste(text: str, query: str = "") -> Any:
    return pressed(ASKED_ID, 1, dig.change_view, {"text": text}, [], [], query)


@pytest.mark.parametrize("text", [LINK, f"spotify:track:{IDENT}", IDENT])
def test_a_link_that_nothing_is_known_of_is_looked_up_and_becomes_a_seed(
    app: Dash, sent: list[dict[str, Any]], spotify: None, text: str
) -> None:
    library = current_library()
    library.recommender()
    assert paste(text, "?seed=3") is no_update
    [follow] = sent
    waiting = dig_drop.follow(follow, None)
    assert not (waiting.over or waiting.away)
    assert "Look up a track on Spotify" in drawn(waiting.state)
    assert paste(text, "?seed=3") is no_update  # twice is once
    assert sent[1]["job"] == follow["job"]
    run_next(library)
    ticks = (dig_drop.follow(follow, tick) for tick in range(20))
    followed = next(tick for tick in ticks if tick.over)
    query = pressed(ASKED_ID, 1, dig.change_view, followed.asked, [], [], "?seed=3")
    assert query.startswith("?seed=3&seed=")
    assert "Low Water" in drawn(dig.show(query, None).chips)
    # From now on it is a seed like any other.
    assert paste(text, "") == f"?{urlencode({'seed': text})}"


def test_a_link_in_the_address_is_looked_up_when_somebody_wants_it(
    app: Dash, sent: list[dict[str, Any]], spotify: None
) -> None:
    library, query = current_library(), f"?{urlencode({'seed': LINK})}"
    shown = drawn(dig.show(query, None).head)
    assert "Look it up on Spotify" in shown
    assert library.catalogue.jobs.recent() == []  # to open an address asks nobody
    button = {"type": "seed-look-up", "key": LINK}
    follow = pressed(button, 1, dig_drop.press_look_up, None)
    run_next(library)
    followed = next(t for n in range(20) if (t := dig_drop.follow(follow, n)).over)
    after = pressed(ASKED_ID, 1, dig.change_view, followed.asked, [], [], query)
    assert after == f"?seed={followed.asked['id']}"
    assert "Look it up" not in drawn(dig.show(after, None).head)


@pytest.mark.parametrize("stage", ["no_app", "signed_out"])
def test_who_cannot_ask_spotify_is_told_what_to_do(
    app: Dash, sent: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    stand(monkeypatch, stage)
    assert paste(LINK) is no_update
    told = drawn(dig_drop.follow(sent[0], None).told)
    assert "the Spotify page, then try again." in told
    assert '"href": "/spotify"' in told
    assert current_library().catalogue.jobs.recent() == []


def test_what_spotify_refuses_is_told_in_its_sentence(
    app: Dash, sent: list[dict[str, Any]], spotify: None
) -> None:
    paste("spotify:track:7ouMYWpwJ422jRcDASZB7P")
    run_next(current_library())
    followed = dig_drop.follow(sent[0], 1)
    assert followed.over
    assert "Spotify does not have this: check the link." in drawn(followed.told)


def test_what_a_browser_makes_up_is_not_looked_up(app: Dash, spotify: None) -> None:
    button = {"type": "seed-look-up", "key": "../../me"}
    with pytest.raises(SegueError, match="no link of a Spotify track"):
        pressed(button, 1, dig_drop.press_look_up, None)
    assert current_library().catalogue.jobs.recent() == []


def test_looking_up_can_be_cancelled(app: Dash, sent: list[dict[str, Any]], spotify: None) -> None:
    paste(LINK)
    dig_drop.cancel(1, sent[0])
    assert "Stopped. The link is not used." in drawn(dig_drop.follow(sent[0], 1).told)


@pytest.mark.parametrize(
    "text", ["Mara Vale - Low Water", f"https://open.spotify.com/album/{IDENT}", "GBZZZ2600001"]
)
def test_anything_else_is_a_seed_as_before(
    app: Dash, sent: list[dict[str, Any]], text: str
) -> None:
    assert paste(text) == f"?{urlencode({'seed': text})}"
    assert sent == []


def test_the_hint_says_what_enter_does_with_a_link(app: Dash) -> None:
    assert "Enter looks it up on Spotify" in dig.suggest(LINK)[2]
    assert "Enter asks Segue" in dig.suggest("nothing like it at all")[2]
