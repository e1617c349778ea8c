"""The app as a WSGI application, and its callbacks as plain functions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextvars import copy_context
from pathlib import Path
from typing import Any

import pytest
from dash import Dash
from dash._callback_context import context_value
from dash._utils import AttributeDict
from dash.exceptions import PreventUpdate

from dashboard.app import create_app
from dashboard.callbacks import crate, dig, shell
from dashboard.components.results import HIDDEN
from dashboard.components.search import ASKED_ID, MARK
from dashboard.services import Library, current_library
from data.catalogue import Catalogue
from data.demo import demo_tracklists
from data.errors import SegueError
from data.settings import Settings
from hybrid.training import train


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo crate with a model, shared by the tests of this file."""
    settings = Settings(home=tmp_path_factory.mktemp("segue"))
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_tracklists(demo_tracklists())
        train(catalogue, settings)
    return settings


@pytest.fixture
def app(trained: Settings) -> Iterator[Dash]:
    app = create_app(trained)
    with app.server.app_context():
        current_library().clear_crate()
        yield app


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Dash]:
    app = create_app(Settings(home=tmp_path))
    with app.server.app_context():
        yield app


def pressed(trigger: Any, value: Any, function: Callable, *arguments: Any) -> Any:
    """Call a callback as Dash does when the control `trigger` reports `value`."""
    name = json.dumps(trigger, separators=(",", ":")) if isinstance(trigger, dict) else trigger

    def call() -> Any:
        context_value.set(
            AttributeDict(triggered_inputs=[{"prop_id": f"{name}.n_clicks", "value": value}])
        )
        return function(*arguments)

    return copy_context().run(call)


def drawn(component: Any) -> str:
    return json.dumps(component, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


def a_track(library: Library) -> int:
    return library.starters()[0][0]


# -- the application


def test_health_is_answered_by_the_server_not_by_the_start_page(app: Dash) -> None:
    answer = app.server.test_client().get("/health")
    assert answer.status_code == 200
    assert b"<html" not in answer.data


def test_the_page_names_its_language_and_carries_no_data(app: Dash) -> None:
    page = app.server.test_client().get("/").get_data(as_text=True)
    assert '<html lang="en">' in page
    assert "dig-search" not in page
    assert set(re.findall(r"https?://([^/\"' ]+)", page)) <= {"localhost"}


def test_answers_are_not_sniffed_framed_or_leaked(app: Dash) -> None:
    headers = app.server.test_client().get("/").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "SAMEORIGIN"
    assert headers["Referrer-Policy"] == "same-origin"


def test_two_apps_in_one_process_both_have_every_callback(
    trained: Settings, tmp_path: Path
) -> None:
    def callbacks(app: Dash) -> set[str]:
        answer = app.server.test_client().get("/_dash-dependencies")
        return {entry["output"] for entry in answer.get_json()}

    first, second = create_app(trained), create_app(Settings(home=tmp_path))
    assert callbacks(first) == callbacks(second) != set()


def test_making_the_app_opens_nothing(tmp_path: Path) -> None:
    create_app(Settings(home=tmp_path / "not yet"))
    assert not (tmp_path / "not yet").exists()


# -- what is missing is said


def test_an_empty_catalogue_says_how_to_fill_it_and_looks_again(empty_app: Dash) -> None:
    chips, head, shown, looking_off = dig.show("", None)
    assert (chips, head, looking_off) == ([], None, False)
    assert "segue import tracklists" in drawn(shown)


def test_a_catalogue_without_a_model_says_how_to_train_one(empty_app: Dash) -> None:
    current_library().catalogue.add_tracklists(demo_tracklists()[:5])
    *_, shown, looking_off = dig.show("", None)
    assert "segue train" in drawn(shown)
    assert not looking_off


def test_a_model_trained_meanwhile_is_found_without_a_restart(
    empty_app: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.LOOK_AGAIN", 0.0)
    library = current_library()
    library.catalogue.add_tracklists(demo_tracklists()[:60])
    with pytest.raises(SegueError):
        library.recommender()
    train(library.catalogue, library._settings)
    assert dig.show("", None)[-1]
    first = library.recommender()
    assert library.recommender() is first
    library.catalogue.add_tracklists(demo_tracklists()[60:90])
    train(library.catalogue, library._settings)
    assert library.recommender() is not first


# -- searching and digging


def test_typing_brings_suggestions_in_spite_of_a_typing_error(app: Dash) -> None:
    _, track = current_library().starters()[0]
    typed = f"{track.artist} {track.title[1:]}"
    values, drawing, hint = dig.suggest(typed)
    assert values and all(value.startswith(MARK) for value in values)
    assert track.title in {shown["title"] for shown in drawing["options"]["tracks"].values()}
    assert hint == ""


def test_typing_what_is_nowhere_says_so(app: Dash) -> None:
    assert dig.suggest("qqxxzzvv wwyyqq")[0] == []
    assert "Enter" in dig.suggest("qqxxzzvv wwyyqq")[2]
    assert dig.suggest("")[0] == dig.suggest(None)[0] == []


def test_a_chosen_suggestion_becomes_a_seed_in_the_address(app: Dash) -> None:
    assert pressed(ASKED_ID, 1, dig.change_view, {"id": 7}, [], [], "?seed=3") == "?seed=3&seed=7"


def test_a_text_entered_without_choosing_becomes_a_seed(app: Dash) -> None:
    asked = {"text": " Mara Vale - Night Bus "}
    address = pressed(ASKED_ID, 1, dig.change_view, asked, [], [], "")
    assert address == "?seed=Mara+Vale+-+Night+Bus"
    with pytest.raises(PreventUpdate):
        pressed(ASKED_ID, 1, dig.change_view, {"text": "  "}, [], [], "")


def test_controls_that_are_only_drawn_change_nothing(app: Dash) -> None:
    button = {"key": 7, "type": "seed-add"}
    assert pressed(button, 1, dig.change_view, None, [], [], "") == "?seed=7"
    with pytest.raises(PreventUpdate):
        pressed(button, None, dig.change_view, None, [], [], "")


def test_a_seed_is_answered_with_reasons(app: Dash) -> None:
    library = current_library()
    chips, head, shown, looking_off = dig.show(f"?seed={a_track(library)}", None)
    assert looking_off
    assert library.starters()[0][1].title in drawn(chips)
    answer = library.answer(dig.View.from_search(f"?seed={a_track(library)}"))
    assert answer.results
    assert all(result.reason for result in answer.results)
    assert json.dumps(answer.results[0].reason, ensure_ascii=False) in drawn(shown)
    assert f"Best {len(answer.results)}" in drawn(head)


def test_an_address_with_text_is_resolved_as_well(app: Dash) -> None:
    _, track = current_library().starters()[0]
    view = dig.View(seeds=(str(track),))
    assert current_library().answer(view).seeds[0].recording_id is not None


def test_a_track_nobody_played_is_said_to_be_unknown(app: Dash) -> None:
    chips, head, shown, _ = dig.show("?seed=qqxxzz+-+wwyyvv", None)
    assert "No set in your catalogue has" in drawn(chips)
    assert "check the spelling" in drawn(head)
    assert "Nothing is known of your seeds" in drawn(shown)


def test_a_recording_that_is_gone_does_not_break_an_old_link(app: Dash) -> None:
    chips, head, *_ = dig.show("?seed=99999999", None)
    assert "No set in your catalogue has “99999999”" in drawn(chips)
    assert "nothing to go on" in drawn(head)


def test_a_rule_switched_off_brings_back_what_it_hid(app: Dash) -> None:
    library = current_library()
    seed = a_track(library)
    strict = library.answer(dig.View(seeds=(seed,), artist_cap=1))
    free = library.answer(dig.View(seeds=(seed,), one_version=False, artist_cap=0))
    assert set(strict.removed) & set(HIDDEN)
    assert not set(free.removed) & set(HIDDEN)


def test_every_rule_a_person_can_switch_is_one_the_recommender_knows(app: Dash) -> None:
    library = current_library()
    removed: set[str] = set()
    for seed, _ in library.starters():
        removed |= set(library.answer(dig.View(seeds=(seed,), artist_cap=1)).removed)
    assert removed - {"seed"} == set(HIDDEN)


def test_a_row_unfolds_into_the_sets_behind_it(app: Dash) -> None:
    library = current_library()
    query = f"?seed={a_track(library)}"
    result = next(r for r in library.answer(dig.View.from_search(query)).results if r.evidence.sets)
    button = {"key": result.recording_id, "type": "expand"}
    shown = pressed(button, 1, dig.explain, 1, query, None)
    assert result.evidence.sets[0].title in drawn(shown)
    with pytest.raises(PreventUpdate):
        pressed(button, 2, dig.explain, 2, query, shown)


def test_a_row_of_an_old_list_says_that_the_list_is_out_of_date(app: Dash) -> None:
    with pytest.raises(SegueError, match="reload"):
        pressed({"key": 10**8, "type": "expand"}, 1, dig.explain, 1, "", None)


# -- the crate


def press_crate(kind: str, key: int, undo: list[int] | None = None) -> tuple:
    return pressed({"key": key, "type": kind}, 1, crate.change_crate, [], undo)


def test_the_crate_is_kept_in_the_catalogue(app: Dash, trained: Settings) -> None:
    first, second = (key for key, _ in current_library().starters()[:2])
    press_crate("crate-toggle", first)
    press_crate("crate-toggle", second)
    with Catalogue.open(trained.url) as catalogue:
        assert catalogue.crate(catalogue.crates()[0].id) == [first, second]
    assert crate.load_crate("/")[1:3] == ("2", [first, second])


def test_what_is_removed_can_be_put_back_where_it_was(app: Dash) -> None:
    ids = [key for key, _ in current_library().starters()[:4]]
    for key in ids[:3]:
        press_crate("crate-toggle", key)
    *_, undo, line = press_crate("crate-remove", ids[1])
    assert current_library().crate_ids() == [ids[0], ids[2]]
    assert "Undo" in drawn(line)
    current_library().add_to_crate(ids[3])
    press_crate("crate-undo", 0, undo)
    assert current_library().crate_ids() == ids


def test_a_cleared_crate_can_be_brought_back(app: Dash) -> None:
    ids = [key for key, _ in current_library().starters()[:3]]
    for key in ids:
        press_crate("crate-toggle", key)
    *_, undo, line = press_crate("crate-clear", 0)
    assert current_library().crate_ids() == []
    assert "Removed 3 tracks." in drawn(line)
    press_crate("crate-undo", 0, undo)
    assert current_library().crate_ids() == ids


def test_the_crate_button_of_a_row_takes_out_again(app: Dash) -> None:
    key = a_track(current_library())
    press_crate("crate-toggle", key)
    press_crate("crate-toggle", key)
    assert current_library().crate_ids() == []


@pytest.mark.parametrize("format_key", ["m3u8", "csv"])
def test_the_crate_is_handed_over_as_a_playlist(app: Dash, format_key: str) -> None:
    key, track = current_library().starters()[0]
    press_crate("crate-toggle", key)
    name, _, content = current_library().export_crate(format_key)
    assert name.endswith(f".{format_key}")
    assert track.title in content.decode("utf-8")
    download = pressed({"key": format_key, "type": "crate-export"}, 1, crate.export, [])
    assert download["filename"] == name


def test_an_empty_crate_is_not_a_playlist(app: Dash) -> None:
    with pytest.raises(SegueError, match="empty"):
        current_library().export_crate("m3u8")


# -- errors and labels


def test_generated_data_is_labelled_in_the_header(app: Dash) -> None:
    assert "Demo data" in drawn(shell.mark_demo(""))


def test_errors_are_told_on_the_page(
    app: Dash, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[dict] = []
    monkeypatch.setattr(
        "dashboard.callbacks.shell.set_props",
        lambda _id, props: told.extend(props["sendNotifications"]),
    )
    shell.report(SegueError("Do this next."))
    assert told[-1]["message"] == "Do this next."
    assert not caplog.records
    shell.report(RuntimeError("secret detail"))
    assert "secret detail" not in told[-1]["message"]
    assert caplog.records[-1].exc_info is not None
