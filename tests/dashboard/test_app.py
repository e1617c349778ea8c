"""The app as a WSGI application, and its callbacks as plain functions."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dash import Dash
from dash._callback_context import context_value
from dash._utils import AttributeDict
from dash.exceptions import PreventUpdate

from dashboard.app import create_app
from dashboard.callbacks import dig, shell
from dashboard.components import controls, results
from dashboard.components.results import HIDDEN
from dashboard.components.search import ASKED_ID, MARK
from dashboard.services import Library, current_library
from dashboard.view import LOOSENED
from data.demo import demo_tracklists
from data.errors import SegueError
from data.records import Answer, Seed
from data.settings import Settings
from hybrid.filters import AskedFacts, FilterSet
from hybrid.training import train
from tests.dashboard.pressing import a_track, drawn, pressed


@pytest.fixture
def empty_app(tmp_path: Path) -> Iterator[Dash]:
    app = create_app(Settings(home=tmp_path))
    with app.server.app_context():
        yield app


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
    app_settings: Settings, tmp_path: Path
) -> None:
    def callbacks(app: Dash) -> set[str]:
        answer = app.server.test_client().get("/_dash-dependencies")
        return {entry["output"] for entry in answer.get_json()}

    first, second = create_app(app_settings), create_app(Settings(home=tmp_path))
    assert callbacks(first) == callbacks(second) != set()


def test_making_the_app_opens_nothing(tmp_path: Path) -> None:
    create_app(Settings(home=tmp_path / "not yet"))
    assert not (tmp_path / "not yet").exists()


# -- what is missing is said


def test_an_empty_catalogue_says_how_to_fill_it_and_looks_again(empty_app: Dash) -> None:
    page = dig.show("", None)
    assert (page.chips, page.values, page.well) == (None, None, False)
    assert "segue import tracklists" in drawn(page.state)
    assert page.listless


def test_a_catalogue_without_a_model_says_how_to_train_one(empty_app: Dash) -> None:
    current_library().catalogue.add_tracklists(demo_tracklists()[:5])
    page = dig.show("", None)
    assert "segue train" in drawn(page.state)
    assert not page.well


def test_without_a_model_what_was_played_together_answers_and_says_so(empty_app: Dash) -> None:
    library = current_library()
    library.catalogue.add_tracklists(demo_tracklists()[:20])
    page = dig.show(f"?seed={a_track(library)}", None)
    assert "segue train" in drawn(page.head)
    assert page.rows
    assert not page.listless


def test_a_model_trained_meanwhile_is_found_without_a_restart(
    empty_app: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.library.LOOK_AGAIN", 0.0)
    library = current_library()
    library.catalogue.add_tracklists(demo_tracklists()[:60])
    assert library.recommender().model.als is None
    train(library.catalogue, library.settings)
    assert dig.show("", None).well
    first = library.recommender()
    assert library.recommender() is first
    library.catalogue.add_tracklists(demo_tracklists()[60:90])
    train(library.catalogue, library.settings)
    assert library.recommender() is not first


class SlowLibrary(Library):
    """One whose sets take long to read."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self.begun, self.go_on = threading.Event(), threading.Event()

    def _read(self) -> Any:
        self.begun.set()
        assert self.go_on.wait(20)
        return super()._read()


def test_what_needs_the_catalogue_alone_does_not_wait_for_the_sets_to_be_read(
    app_settings: Settings,
) -> None:
    library = SlowLibrary(app_settings)
    with ThreadPoolExecutor(2) as threads:
        reading = threads.submit(library.recommender)
        assert library.begun.wait(10)
        crate = threads.submit(lambda: library.catalogue.crate(library.crate_in_hand()))
        try:
            assert crate.result(timeout=10) is not None
        finally:
            library.go_on.set()
        assert reading.result(timeout=20) is library.recommender()


def test_a_large_catalogue_that_keeps_changing_is_not_read_all_the_time(
    empty_app: Dash, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.services.library.LOOK_AGAIN", 0.0)
    library = current_library()
    first = library.recommender()
    library._took = 100.0
    library.catalogue.add_tracklists(demo_tracklists()[:5])
    assert library.recommender() is first and not library._reading
    library._loaded -= 1000.0
    assert library.recommender() is first and library._reading


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
    page = dig.show(f"?seed={a_track(library)}", None)
    assert page.well
    assert library.starters()[0][1].title in drawn(page.chips)
    answer = library.answer(dig.View.from_search(f"?seed={a_track(library)}"))
    assert answer.results
    assert all(result.reason for result in answer.results)
    assert [row["reason"] for row in page.rows] == [result.reason for result in answer.results]
    assert not page.listless
    assert len(json.dumps(page.rows)) < 40_000
    assert f"Best {len(answer.results)}" in drawn(page.head)
    assert "This list: " in drawn(page.weighed)


def test_an_address_with_text_is_resolved_as_well(app: Dash) -> None:
    _, track = current_library().starters()[0]
    view = dig.View(seeds=(str(track),))
    assert current_library().answer(view).seeds[0].recording_id is not None


def test_a_track_nobody_played_is_said_to_be_unknown(app: Dash) -> None:
    page = dig.show("?seed=qqxxzz+-+wwyyvv", None)
    assert "Nothing is known of “qqxxzz - wwyyvv”" in drawn(page.head)
    assert "what is played most at present" in drawn(page.head)
    assert "Nothing is known of your seeds" in drawn(page.rows)


def test_a_name_that_is_nearly_one_offers_what_may_be_meant(app: Dash) -> None:
    library = current_library()
    _, track = library.starters()[0]
    seed = library.recommender().resolve(f"qqxxzzvv wwyyqq {track.title}")
    if seed.rung != "none":
        seed = Seed("qqxxzzvv", None, None, "none", ((a_track(library), track),))
    offered = drawn(results.noted(Answer((seed,), (), note="Nothing is known of it.")))
    assert f'"0:{seed.near[0][0]}"' in offered
    swap = {"key": "1:7", "type": "seed-swap"}
    address = pressed(swap, 1, dig.change_view, None, [], [], "?seed=3&seed=what&seed=4")
    assert address == "?seed=3&seed=7&seed=4"


def test_a_recording_that_is_gone_does_not_break_an_old_link(app: Dash) -> None:
    page = dig.show("?seed=99999999", None)
    assert "99999999" in drawn(page.chips)
    assert "Nothing is known of “99999999”" in drawn(page.head)


# -- steering


def names(library: Library, query: str) -> list[int]:
    return [r.recording_id for r in library.answer(dig.View.from_search(query)).results]


def test_a_rule_switched_off_brings_back_what_it_hid(app: Dash) -> None:
    library = current_library()
    seed = a_track(library)
    strict = library.answer(dig.View(seeds=(seed,), artist_cap=1))
    assert strict.removed["same artist"]
    button = {"key": "same artist", "type": "unhide"}
    address = pressed(button, 1, dig.change_view, None, [], [], f"?seed={seed}&cap=1")
    assert address == f"?seed={seed}&cap=0"
    free = library.answer(dig.View.from_search(address))
    assert "same artist" not in free.removed


def test_everything_that_the_recommender_hides_has_words_and_a_button(app: Dash) -> None:
    view = dig.View(
        tempo=1, half_double=False, key="strict", energy=(90, 100), years=(2050, 2051),
        labels=("none",), genres=("none",), library="mine", max_minutes=1, artist_cap=1,
        left_out=frozenset({2}),
    )  # fmt: skip
    recommender = current_library().recommender()
    asked = AskedFacts.of([recommender.resolver.recording(1)], recommender.facts)
    everybody = np.zeros(len(recommender.facts), bool)
    masks = FilterSet(recommender.facts).masks(
        view.steering().filters, asked, disliked=everybody, clashing=everybody
    )
    rules = {"same artist", "other version", "version of a seed"}
    assert set(HIDDEN) == set(LOOSENED) >= set(masks) | rules


def test_the_lens_and_the_slider_reach_the_recommender(app: Dash) -> None:
    library = current_library()
    seed = f"?seed={a_track(library)}"
    played, middle = names(library, f"{seed}&balance=0"), names(library, seed)
    assert played != middle != names(library, f"{seed}&lens=next")
    answer = library.answer(dig.View.from_search(f"{seed}&balance=0&lens=next"))
    assert (answer.lens, answer.balance) == ("next", 0.0)
    assert {part for r in answer.results for part, w in r.weights.items() if w} == {"next"}


def test_controls_show_the_view_and_their_values_lead_back_to_it(app: Dash) -> None:
    view = dig.View(
        (1,), "next", 20, 3, False, "strict", (10, 80), (1995, 2004), ("A",), ("B",), "mine",
        30, True, -40, 50, False, 2, False, without=3,
    )  # fmt: skip
    back = dig.View((1,))
    for name, value in controls.values(view).items():
        kind = "rule" if isinstance(value, bool) else "steer"
        back = back.after(kind, name, value)
    assert back == view
    drawn_controls = drawn(controls.controls())
    for name in controls.values(view):
        assert f'"key": "{name}"' in drawn_controls


def test_controls_that_are_written_to_all_at_once_change_nothing(app: Dash) -> None:
    def call() -> Any:
        reports = [
            {"prop_id": f'{{"key":"{name}","type":"steer"}}.value', "value": value}
            for name, value in (("tempo", "3"), ("balance", 10))
        ]
        context_value.set(AttributeDict(triggered_inputs=reports))
        return dig.change_view(None, [], [], "?seed=1")

    with pytest.raises(PreventUpdate):
        copy_context().run(call)


# -- what is played tonight, and names to filter by


def test_the_tracks_of_a_crate_can_be_left_out(app: Dash) -> None:
    library = current_library()
    query = f"?seed={a_track(library)}"
    before = names(library, query)
    tonight = library.catalogue.create_crate("Tonight")
    library.catalogue.add_to_crate(tonight, before[0])
    page = dig.show(f"{query}&without={tonight}", None)
    assert str(before[0]) not in {row["id"] for row in page.rows}
    assert "in the crate you leave out" in drawn(page.head)
    assert {"value": str(tonight), "label": "Tonight (1 track)"} in page.crates
    library.catalogue.delete_crate(tonight)
    gone = dig.show(f"{query}&without={tonight}", None)
    assert str(before[0]) in {row["id"] for row in gone.rows}
    assert gone.values["without"] == "off"


def test_genres_and_labels_are_suggested_those_of_most_tracks_first(app: Dash) -> None:
    genres, labels = dig.offer_names(1, "?seed=1", [])
    facts, snapshot = (getattr(current_library().recommender(), n) for n in ("facts", "snapshot"))
    count = [sum(facts.label == facts.label[list(snapshot.labels).index(x)]) for x in labels[:5]]
    assert count == sorted(count, reverse=True)
    assert len(genres) == len({genre.casefold() for genre in genres}) > 1
    # What an address asks for stays in the field.
    asked = dig.offer_names(1, "?seed=1&genre=Skweee&label=No+Such+Label", [])
    assert [names[0] for names in asked] == ["Skweee", "No Such Label"]
    with pytest.raises(PreventUpdate):
        dig.offer_names(2, "?seed=1", genres)


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
