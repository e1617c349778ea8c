"""A file that was dropped on the Dig page, by its callbacks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dash import Dash, no_update

from dashboard.app import create_app
from dashboard.callbacks import dig, dig_drop
from dashboard.components.search import ASKED_ID
from dashboard.services import Library, current_library
from data.settings import Settings
from hybrid.jobs.run import run_job
from tests.dashboard.pressing import drawn, pressed
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
