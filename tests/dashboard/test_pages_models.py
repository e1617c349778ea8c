"""The Models page: what is learned, how good it is, the library in figures, and a track."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from dash import Dash
from dash.exceptions import PreventUpdate

from dashboard.app import create_app
from dashboard.callbacks import models as page
from dashboard.components.models_learned import ENCODERS, learned_from
from dashboard.components.models_learned import when as moment
from dashboard.services import Library, current_library, models
from data.errors import SegueError
from data.records import Play, Track, Tracklist
from data.settings import Settings
from hybrid.training import KIND, train
from models import artefacts
from models.encoders import registry
from tests.dashboard.modelling import STRANGER, heard, shown, text_of
from tests.dashboard.pressing import pressed


@pytest.fixture
def app(trained: Path, own_home: Path) -> Iterator[Dash]:
    """The app over a demo crate of this test's own."""
    shutil.copytree(trained, own_home)
    app = create_app(Settings(home=own_home))
    with app.server.app_context():
        yield app


@pytest.fixture
def library(app: Dash) -> Library:
    return current_library()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Library]:
    app = create_app(Settings(home=tmp_path / "empty"))
    with app.server.app_context():
        yield current_library()


# -- the parts and their addresses


@pytest.mark.parametrize(
    ("search", "view"),
    [
        ("", "learned"),
        ("?show=evaluation", "evaluation"),
        ("?show=overview", "overview"),
        ("?show=track", "track"),
        ("?track=7", "track"),
        ("?show=overview&track=7", "track"),
        ("?show=nonsense", "learned"),
        ("?track=nonsense", "learned"),
    ],
)
def test_an_address_names_a_part(search: str, view: str) -> None:
    assert models.view_of(search) == view


def test_only_the_part_that_is_named_is_drawn(app: Dash) -> None:
    view, *rest = shown("?show=overview")
    parts, hidden = rest[:4], rest[4:]
    assert view == "overview"
    assert [part is not None for part in parts] == [False, False, True, False]
    assert hidden == [True, True, False, True]


def test_another_page_is_none_of_its_business(app: Dash) -> None:
    with pytest.raises(PreventUpdate):
        page.show("", None, "/library")


# -- what is learned


def test_the_model_says_what_it_learned_from(library: Library) -> None:
    found, stats = models.learned(library), library.catalogue.stats()
    assert (found.sets, found.plays) == (stats.sets, stats.plays)
    assert 0 < found.recordings <= stats.recordings
    assert found.version == artefacts.current_version(library.settings.models_dir, KIND)
    assert found.parameters["factors"] == 64
    assert not found.own_weights
    assert found.quality is None
    assert found.advice == ""
    assert "Every set in your library has been learned from" in text_of()


def test_sets_that_came_in_since_ask_for_training(library: Library) -> None:
    source = library.catalogue.sources()[0].source
    library.catalogue.clear_source(source)
    assert models.learned(library).has_sets is False
    assert "There are no DJ sets to learn from yet" in text_of()


def test_a_model_of_other_sets_is_out_of_date(library: Library) -> None:
    plays = tuple(
        Play(position, "identified", Track("Ania Ferro", title))
        for position, title in enumerate("ab", 1)
    )
    library.catalogue.add_tracklists(
        [Tracklist(source="text", source_id="1", title="Night", date="2024-01-01", plays=plays)]
    )
    assert "Train again so that they count" in models.learned(library).advice
    assert "Train again so that they count" in text_of()
    train(library.catalogue, library.settings)
    assert models.learned(library).advice == ""


def test_without_a_model_the_page_says_to_train(library: Library) -> None:
    shutil.rmtree(library.settings.models_dir / KIND)
    found = models.learned(library)
    assert (found.version, found.sets) == ("", 0)
    assert "Train it" in found.advice
    assert '"Train"' in text_of()


def test_a_damaged_model_is_told_and_can_be_trained_anew(library: Library) -> None:
    version = artefacts.current_version(library.settings.models_dir, KIND)
    (library.settings.models_dir / KIND / str(version) / "card.json").write_text("{")
    text = text_of()
    assert "segue train" in text
    assert "models-start" in text


def test_an_empty_library_says_what_to_do_everywhere(empty: Library) -> None:
    for search in ("", "?show=evaluation", "?show=overview", "?show=track"):
        assert "Library page" in text_of(search), search


# -- encoders


def test_the_encoder_in_use_comes_first_with_what_it_has_heard(library: Library) -> None:
    tracks = [track for _, track in library.starters(2)]
    library.catalogue.add_sound(
        [heard(tracks[0]), heard(tracks[1], version="1-before"), heard(STRANGER)]
    )
    first, *others = models.encoders(library)
    assert (first.label, first.in_use, first.ready, first.trained_here) == (
        "segue", True, True, False,
    )  # fmt: skip
    assert (first.heard, first.outdated, first.dimension) == (2, 1, 256)
    assert first.licences["MIT"] > 0
    assert not any(other.ready or other.heard for other in others)
    assert "Heard by an earlier version: 1 track." in text_of()


def test_every_encoder_is_listed_and_described(empty: Library) -> None:
    labels = [one.label for one in models.encoders(empty)]
    assert labels[0] == registry.DEFAULT
    assert set(labels) == set(registry.names()) - {"onnx"} == set(ENCODERS)


def test_an_encoder_that_was_trained_here_is_told_apart(empty: Library) -> None:
    artefacts.save(
        empty.settings.models_dir,
        "encoder-onnx-mine",
        {"a": np.zeros(1, np.float32)},
        parameters={},
        fingerprint="1-abc",
        metrics={},
        about={"data": "12 clips", "licences": {"CC0": 12}},
    )
    mine = next(one for one in models.encoders(empty) if one.label == "onnx:mine")
    assert (mine.ready, mine.trained_here, mine.learned_from) == (True, True, "12 clips")
    assert "Trained here" in text_of()


def test_what_a_card_says_is_told_without_what_it_had_none_of() -> None:
    assert learned_from("1468 clips by 7 artists, 60 tags, 0 factors") == (
        "1,468 clips by 7 artists, 60 tags"
    )
    assert moment("no date") == ""


# -- work


def test_the_buttons_start_work_one_at_a_time(library: Library) -> None:
    pressed({"key": "tune", "type": "models-start"}, 1, page.start, [1])
    [job] = library.catalogue.jobs.recent()
    assert (job.kind, job.options) == ("train", {"tune": True})
    with pytest.raises(SegueError, match="training already"):
        pressed({"key": "train", "type": "models-start"}, 1, page.start, [1])
    pressed({"key": "evaluate", "type": "models-start"}, 1, page.start, [1])
    assert {job.kind for job in library.catalogue.jobs.recent()} == {"train", "evaluate"}
    assert "Training is in progress" in text_of()
    library.catalogue.jobs.cancel(job.id)
    models.start(library, "train")


def test_buttons_that_are_only_drawn_start_nothing(library: Library) -> None:
    with pytest.raises(PreventUpdate):
        pressed({"key": "train", "type": "models-start"}, None, page.start, [None])
    assert library.catalogue.jobs.recent() == []


def test_two_windows_together_start_one_training(library: Library) -> None:
    both = threading.Barrier(8)

    def press(_: int) -> bool:
        both.wait()
        try:
            models.start(library, "train")
        except SegueError:
            return False
        return True

    with ThreadPoolExecutor(8) as hands:
        assert sum(hands.map(press, range(8))) == 1
