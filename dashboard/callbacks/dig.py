"""The Dig page: suggestions, seeds, the list, and the sets behind a row."""

from __future__ import annotations

from typing import Any

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.components import results, search, states
from dashboard.components.shell import URL_ID
from dashboard.services import Library, current_library
from dashboard.view import View
from data.errors import SegueError

HEAD_ID = "dig-head"
RESULTS_ID = "dig-results"
HINT_ID = "dig-hint"
LOOK_AGAIN_ID = "dig-look-again"

CONTROLS = ("seed-add", "seed-only", "seed-remove", "seed-clear", "unhide", "more")

_Parts = list[Component]


def suggest(text: str | None) -> tuple[Any, Any, Any]:
    """Answer a keystroke in the search box: suggestions, how to draw them, a hint."""
    if text and text.startswith(search.MARK):
        return no_update, no_update, no_update
    hits = current_library().suggest(text or "")
    hint = ""
    if not hits and len((text or "").strip()) > 2:
        hint = "No such track in your catalogue. Enter asks Segue what it can do with it."
    return *search.options(hits), hint


def change_view(asked: dict | None, controls: Any, rules: Any, query: str | None) -> str:
    """Answer any control of the page: the address of the view that follows.

    `controls` and `rules` only set the callback off; which one it was, Dash says.
    """
    view, trigger = View.from_search(query), ctx.triggered_id
    if trigger == search.ASKED_ID:
        following = asked_for(view, asked or {})
    else:
        value = ctx.triggered[0]["value"]
        # Controls also report when they are drawn; only a press counts (a switch says False).
        if trigger is None or value is None:
            raise PreventUpdate
        following = view.after(trigger["type"], trigger["key"], value)
    if following == view:
        raise PreventUpdate
    return following.to_search()


def asked_for(view: View, asked: dict) -> View:
    """Return the view after a person chose a suggestion, pressed Enter on a text, or on a row."""
    if "only" in asked:
        return view.after("seed-only", int(asked["only"]), None)
    if "id" in asked:
        return view.after("seed-add", int(asked["id"]), None)
    text = str(asked.get("text", "")).strip()
    return view.after("seed-add", text, None) if text else view


def show(query: str | None, _looks: int | None) -> tuple[_Parts, Any, Any, bool]:
    """Draw the view of an address: seeds, line above the list, list, whether all is well.

    The last value switches off the timer that looks again while something is missing.
    """
    if query is None:
        raise PreventUpdate
    library, view = current_library(), View.from_search(query)
    if library.catalogue.is_empty():
        return [], None, states.empty_catalogue(), False
    try:
        library.recommender()
    except SegueError as error:
        return [], None, states.no_model(str(error)), False
    if not view.seeds:
        stats = library.catalogue.stats()
        start = states.start(library.starters(), sets=stats.sets, recordings=stats.recordings)
        return [], None, start, True
    return *_answered(library, view), True


def _answered(library: Library, view: View) -> tuple[_Parts, Any, Any]:
    answer = library.answer(view)
    tracks = library.seed_tracks(answer.seeds)
    heard = {s.recording_id: t for s, t in zip(answer.seeds, tracks, strict=True) if t}
    heard |= {result.recording_id: result.track for result in answer.results}
    sounds = library.sounds(heard)
    chips = search.chips(answer.seeds, tracks, sounds.playable)
    head = results.heading(answer, view)
    if answer.results:
        return chips, head, results.rows(answer, view, set(library.crate_ids()), sounds)
    if any(answer.removed.get(rule) for rule in results.HIDDEN):
        return chips, head, states.everything_hidden()
    return chips, None, states.nothing_found()


def explain(presses: int | None, query: str | None, drawn: Any) -> _Parts:
    """Draw the sets behind a row, the first time it is opened."""
    if not presses or drawn:
        raise PreventUpdate
    library, view = current_library(), View.from_search(query)
    result = library.recommendation(view, ctx.triggered_id["key"])
    measured = library.catalogue.sound([result.recording_id])
    return results.evidence(result, measured.get(result.recording_id))


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    app.callback(
        Output(search.SEARCH_ID, "data"),
        Output(search.SEARCH_ID, "renderOption"),
        Output(HINT_ID, "children"),
        Input(search.SEARCH_ID, "value"),
        prevent_initial_call=True,
    )(suggest)
    app.clientside_callback(
        ClientsideFunction("segue", "take"),
        Output(search.ASKED_ID, "data"),
        Output(search.SEARCH_ID, "value"),
        Input(search.SEARCH_ID, "value"),
        State(search.SEARCH_ID, "data"),
        prevent_initial_call=True,
    )
    app.callback(
        Output(URL_ID, "search"),
        inputs={
            "asked": Input(search.ASKED_ID, "data"),
            "controls": [Input({"type": name, "key": ALL}, "n_clicks") for name in CONTROLS],
            "rules": Input({"type": "rule", "key": ALL}, "checked"),
            "query": State(URL_ID, "search"),
        },
        prevent_initial_call=True,
    )(change_view)
    app.callback(
        Output(search.SEEDS_ID, "children"),
        Output(HEAD_ID, "children"),
        Output(RESULTS_ID, "children"),
        Output(LOOK_AGAIN_ID, "disabled"),
        Input(URL_ID, "search"),
        Input(LOOK_AGAIN_ID, "n_intervals"),
    )(show)
    app.callback(
        Output({"type": "evidence", "key": MATCH}, "children"),
        Input({"type": "expand", "key": MATCH}, "n_clicks"),
        State(URL_ID, "search"),
        State({"type": "evidence", "key": MATCH}, "children"),
        prevent_initial_call=True,
    )(explain)
    app.clientside_callback(
        ClientsideFunction("segue", "unfold"),
        Output({"type": "expand", "key": MATCH}, "aria-expanded"),
        Output({"type": "evidence", "key": MATCH}, "hidden"),
        Input({"type": "expand", "key": MATCH}, "n_clicks"),
        State({"type": "expand", "key": MATCH}, "aria-expanded"),
        prevent_initial_call=True,
    )
