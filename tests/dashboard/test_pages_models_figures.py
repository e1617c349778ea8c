"""The Models page: how good it is, the library in figures, and a track looked into."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from dash.exceptions import PreventUpdate

from dashboard.app import create_app
from dashboard.callbacks import models as page
from dashboard.callbacks.suggesting import suggested
from dashboard.services import Library, current_library
from dashboard.services import models_evaluation as evaluation
from dashboard.services import models_overview as library_in_figures
from dashboard.services.models_track import Pictures, sheet
from data.catalogue import Sound
from data.demo import is_demo
from data.errors import SegueError
from data.harmony import Key
from data.settings import Settings
from hybrid.evaluate import kept
from tests.dashboard.modelling import STRANGER, heard, text_of
from tests.dashboard.pressing import drawn


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


# -- how good it is


def row(method: str, target: str, queries: int, recall: float, **more: Any) -> dict[str, Any]:
    return {
        "split": "by date", "seeds": "5", "targets": target, "kind": "method",
        "method": method, "queries": queries, "recall@50": recall, "recall@10": recall / 2,
    } | more  # fmt: skip


def keep(library: Library, **changes: Any) -> None:
    """Keep an evaluation as a file, as another process would have."""
    figures = {
        "sets": 300, "recordings": 900, "heard": 0, "draws": 2, "likeness": [], "curves": [],
        "margins": [
            {"split": "by date", "seeds": "5", "targets": "mixed", "metric": "recall@50",
             "difference_95": [0.06, 0.13]}
        ],
        "rows": [
            row("Segue, as shipped", "mixed", 10, 0.5),
            row("Segue, as shipped", "mixed", 30, 0.3, seeds="1"),
            row("Segue, without rules", "mixed", 10, 0.9),
            row("popularity", "mixed", 10, 0.2),
            row("popularity", "next", 10, 0.1),
            row("Segue, as shipped", "next", 10, 0.4),
            row("Segue, as shipped", "mixed", 10, 0.6, split="random"),
        ],
    }  # fmt: skip
    whole = {
        "date": "2026-11-20T10:00:00+00:00",
        "fingerprint": library.catalogue.fingerprint(),
        "figures": figures,
    }
    path = kept.path_of(library.settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole | changes))


def test_every_query_counts_the_same_whatever_the_number_of_seeds(library: Library) -> None:
    keep(library)
    found = evaluation.evaluated(library)
    assert found is not None
    assert (found.split, found.splits) == ("by date", ("by date", "random"))
    assert found.asked == ("mixed", "next")
    assert [line.name for line in found.lines] == ["Segue", "Most played of all"]
    assert found.lines[0].shares == pytest.approx((0.35, 0.2))
    assert (found.held_back, found.stale, found.lead) == (60, False, (0.06, 0.13))


def test_the_page_tells_it_in_plain_words(library: Library) -> None:
    keep(library)
    text = text_of("?show=evaluation")
    assert "Of a set's hidden tracks, how many are among the first 50?" in text
    assert "35%" in text
    assert "60 sets held back from learning" in text.replace('", "', "")
    assert "leads the best other way by 6 to 13 points" in text
    assert "Sets came in or went" not in text
    assert "60%" in text_of("?show=evaluation&split=random")


def test_a_new_catalogue_makes_it_stale(library: Library) -> None:
    keep(library, fingerprint="another")
    assert "Measure again to see how it is now" in text_of("?show=evaluation")


@pytest.mark.parametrize("figures", [{}, {"rows": []}, {"rows": [{"kind": "method"}]}])
def test_what_another_version_kept_is_measured_again(library: Library, figures: dict) -> None:
    keep(library, figures=figures)
    with pytest.raises(SegueError, match="Measure again"):
        evaluation.evaluated(library)
    assert "Measure again" in text_of("?show=evaluation")


def test_what_was_never_measured_offers_to(library: Library) -> None:
    assert evaluation.evaluated(library) is None
    assert "was not measured on your sets yet" in text_of("?show=evaluation")


def test_the_choice_of_sets_stands_in_the_address(app: Dash) -> None:
    assert page.hold_back("random", "?show=evaluation") == "?show=evaluation&split=random"
    assert page.hold_back("by date", "?show=evaluation&split=random") == "?show=evaluation"
    with pytest.raises(PreventUpdate):
        page.hold_back("by date", "?show=evaluation")


# -- the library in figures


def test_the_library_is_counted(library: Library) -> None:
    stats = library.catalogue.stats()
    before = library_in_figures.overview(library)
    assert (before.tracks, before.analysed, before.tempos) == (stats.recordings, 0, None)
    assert sum(count for _, count in before.labels) <= stats.recordings
    assert library_in_figures.overview(library) is before
    library.catalogue.add_sound([heard(STRANGER), heard(library.starters(1)[0][1], bpm=62, seed=1)])
    after = library_in_figures.overview(library)
    assert (after.tracks, after.analysed) == (stats.recordings + 1, 2)
    assert after.tempos is not None
    assert after.tempos.total == 2
    assert after.keys[Key(9, "minor")] == 2
    assert after.energies[6] == 2
    assert after.sample == 2
    assert after.hears is not None


def test_genres_of_a_tracklist_are_taken_apart(empty: Library) -> None:
    empty.catalogue.add_sound([heard(STRANGER)])
    assert dict(library_in_figures.overview(empty).genres) == {"House": 1, "Dub": 1}


def test_every_figure_has_a_table_and_keys_are_written_as_the_dj_writes_them(
    library: Library,
) -> None:
    library.catalogue.add_sound([heard(STRANGER)])
    text = text_of("?show=overview")
    assert text.count("Show as table") == 4
    assert "8A" in text
    assert "/library?q=" in text
    library.catalogue.set_preference("notation", "open_key")
    assert '"1m"' in text_of("?show=overview")


# -- a track


def test_a_track_shows_how_surely_it_is_known(library: Library) -> None:
    library.catalogue.add_sound([heard(STRANGER)])
    recording_id = library.catalogue.find(STRANGER)
    text = text_of(f"?track={recording_id}")
    assert "measured, 93% sure" in text
    assert "as the file says" in text
    assert "9A (E minor), 81% sure" in text
    assert "8B (C major)" in text
    assert "What Segue hears in it" in text
    assert "As it goes on" in text


def test_a_track_without_sound_says_what_to_do(empty: Library) -> None:
    empty.catalogue.add_sound([Sound("h", track=STRANGER, duration_s=61.0)])
    found = sheet(empty, int(empty.catalogue.find(STRANGER) or 0))
    assert found is not None
    assert (found.analysis, found.playable, found.hears) == (None, False, None)
    text = text_of(f"?track={found.recording_id}")
    assert "Segue has no file of this track" in text
    assert "are not known" in text


@pytest.mark.parametrize("recording_id", [999_999, 10**17])
def test_a_track_that_is_gone_is_told(library: Library, recording_id: int) -> None:
    assert "no longer in your library" in text_of(f"?track={recording_id}")


def test_a_suggestion_becomes_an_address(library: Library) -> None:
    recording_id, track = library.starters(1)[0]
    values, _, hint = suggested(track.title)
    assert values[0].endswith(str(recording_id))
    assert hint == ""
    assert suggested("no such thing at all")[2] == "No such track in your catalogue."
    assert (
        page.look_into({"id": recording_id}, "?show=track&job=3") == f"?job=3&track={recording_id}"
    )


def test_the_spectrogram_of_a_demo_track_is_drawn(library: Library) -> None:
    recording_id, track = library.starters(1)[0]
    assert is_demo(track)
    text = drawn(page.draw(recording_id))
    assert "Spectrogram" in text
    assert "heatmap" in text


def test_no_spectrogram_says_why(library: Library) -> None:
    assert "no longer in the catalogue" in drawn(page.draw(999_999))
    with pytest.raises(PreventUpdate):
        page.draw(None)


def test_pictures_are_measured_once_and_forgotten_in_turn(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dashboard.services import models_track

    measured: list[Path] = []
    monkeypatch.setattr(models_track, "spectrogram", lambda path: measured.append(path) or path)
    files = [library.audio_file(recording_id) for recording_id, _ in library.starters(3)]
    pictures = Pictures(kept=2)
    with ThreadPoolExecutor(4) as hands:
        list(hands.map(pictures.of, [files[0]] * 4))
    assert measured == [files[0]]
    for file in (files[1], files[0], files[2], files[0], files[1]):
        pictures.of(file)
    assert measured == [files[0], files[1], files[2], files[1]]
    with pytest.raises(SegueError, match="not there any more"):
        pictures.of(files[0].with_name("gone.flac"))
