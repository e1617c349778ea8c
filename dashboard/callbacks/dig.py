"""The Dig page: suggestions, seeds, what steers the list, the list, and what is behind a row."""

from __future__ import annotations

from typing import Any, NamedTuple

from dash import ALL, MATCH, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.components import controls, evidence, results, search, states
from dashboard.components.shell import URL_ID
from dashboard.services import Library, current_library
from dashboard.view import View

HEAD_ID = "dig-head"
RESULTS_ID = "dig-results"
HINT_ID = "dig-hint"
LOOK_AGAIN_ID = "dig-look-again"
JUDGE_ID = "dig-judge"
JUDGED_ID = "dig-judged"
VALUES_ID = "dig-values"

#: Buttons, and what has a value: switches and the rest.
BUTTONS = (
    "seed-add",
    "seed-only",
    "seed-remove",
    "seed-swap",
    "seed-clear",
    "unhide",
    "reset",
    "more",
)
VALUES = {"rule": "checked", "steer": "value"}
NO_MODEL = (
    "No model has been trained yet, so only what was really played together counts. "
    "Run `segue train`: this page notices."
)

_Parts = list[Component]


class Drawn(NamedTuple):
    """The Dig page, part by part, in the order of the outputs of `show`.

    `values` is what the controls show, None where there is nothing to steer; `well` switches
    off the timer that looks again while something is missing.
    """

    chips: Any = None
    weighed: Any = None
    kept: Any = None
    values: dict | None = None
    head: Any = None
    list: Any = None
    well: bool = True


def suggest(text: str | None) -> tuple[Any, Any, Any]:
    """Answer a keystroke in the search box: suggestions, how to draw them, a hint."""
    if text and text.startswith(search.MARK):
        return no_update, no_update, no_update
    hits = current_library().suggest(text or "")
    hint = ""
    if not hits and len((text or "").strip()) > 2:
        hint = "No such track in your catalogue. Enter asks Segue what it can do with it."
    return *search.options(hits), hint


def change_view(asked: dict | None, presses: Any, values: Any, query: str | None) -> str:
    """Answer any control of the page: the address of the view that follows.

    `presses` and `values` only set the callback off; which control it was, Dash says.
    """
    view, trigger = View.from_search(query), ctx.triggered_id
    if trigger == search.ASKED_ID:
        following = asked_for(view, asked or {})
    else:
        value = ctx.triggered[0]["value"]
        # Controls also report when they are drawn, all at once: that is nobody's wish.
        if trigger is None or value is None or len(ctx.triggered) > 1:
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


def judge(asked: dict | None, query: str | None) -> dict:
    """Keep what a DJ said of a row, or take it back; the list is drawn again by `show`."""
    if not asked or asked.get("verdict") not in evidence.VERDICTS:
        raise PreventUpdate
    current_library().judge(View.from_search(query), int(asked["id"]), asked["verdict"])
    return asked


def show(query: str | None, _looks: int | None, judged: dict | None = None) -> Drawn:
    """Draw the view of an address.

    `judged` is the row that was judged last; it stays open if that is what sets this off.
    """
    if query is None:
        raise PreventUpdate
    library, view = current_library(), View.from_search(query)
    if library.is_empty():
        return Drawn(list=states.empty_catalogue(), well=False)
    if view.seeds:
        return _answered(library, view, judged if judged and ctx.triggered_id == JUDGED_ID else {})
    stats = library.catalogue.stats()
    untrained = stats.sets > 0 and library.recommender().model.als is None
    start = states.start(
        library.starters(),
        sets=stats.sets,
        recordings=stats.recordings,
        note=NO_MODEL if untrained else "",
    )
    return Drawn(list=start, well=not untrained)


def _answered(library: Library, view: View, judged: dict) -> Drawn:
    answer = library.answer(view)
    tracks = library.seed_tracks(answer.seeds)
    heard = {s.recording_id: t for s, t in zip(answer.seeds, tracks, strict=True) if t}
    heard |= {result.recording_id: result.track for result in answer.results}
    sounds = library.sounds(heard)
    unfolded, head = {}, [_just_taken_off(library, judged)]
    if judged and judged["id"] in {result.recording_id for result in answer.results}:
        head = []
        if judged.get("open"):
            unfolded[judged["id"]] = words_on(library, view, judged["id"])
    if answer.results:
        head.insert(0, results.heading(answer, view))
        crate = set(library.crate_ids())
        listed: Any = results.rows(answer, view, crate, sounds, unfolded=unfolded)
    elif line := results.hidden_line(answer.hidden):
        listed = states.everything_hidden(answer, line)
    else:
        listed = states.nothing_found(answer)
    return Drawn(
        search.chips(answer.seeds, tracks, sounds.playable),
        controls.weighed(answer),
        controls.kept(view),
        controls.values(view),
        [part for part in head if part is not None],
        listed,
    )


def _just_taken_off(library: Library, judged: dict) -> Component | None:
    if judged.get("verdict") not in ("dislike", "clashes"):
        return None
    track = library.catalogue.track(judged["id"])
    return results.taken_off(judged["id"], track, judged["verdict"])


def words_on(library: Library, view: View, recording_id: int) -> set[str]:
    """Return the DJ's words on a row: those on the track, and on mixing the last seed into it."""
    known = [s.recording_id for s in library.answer(view).seeds if s.recording_id is not None]
    on = {(recording_id, None), *((seed, recording_id) for seed in known[-1:])}
    words = library.catalogue.feedback.words()
    return {word.verdict for word in words if (word.recording_id, word.next_id) in on}


def explain(presses: int | None, query: str | None, drawn: Any) -> _Parts:
    """Draw what is behind a row, the first time it is opened."""
    if not presses or drawn:
        raise PreventUpdate
    library, view = current_library(), View.from_search(query)
    result = library.recommendation(view, ctx.triggered_id["key"])
    key = result.recording_id
    sounds = library.sounds({key: result.track})
    return evidence.evidence(
        result,
        sounds.measured.get(key),
        words_on(library, view, key),
        playable=key in sounds.playable,
    )


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
            "presses": [Input({"type": name, "key": ALL}, "n_clicks") for name in BUTTONS],
            "values": [Input({"type": n, "key": ALL}, prop) for n, prop in VALUES.items()],
            "query": State(URL_ID, "search"),
        },
        prevent_initial_call=True,
    )(change_view)
    app.callback(
        Output(JUDGED_ID, "data"),
        Input(JUDGE_ID, "data"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(judge)
    app.callback(
        Output(search.SEEDS_ID, "children"),
        Output(controls.WEIGHED_ID, "children"),
        Output(controls.KEPT_ID, "children"),
        Output(VALUES_ID, "data"),
        Output(HEAD_ID, "children"),
        Output(RESULTS_ID, "children"),
        Output(LOOK_AGAIN_ID, "disabled"),
        Input(URL_ID, "search"),
        Input(LOOK_AGAIN_ID, "n_intervals"),
        Input(JUDGED_ID, "data"),
    )(show)
    app.clientside_callback(
        ClientsideFunction("segue", "showValues"),
        Output(controls.CONTROLS_ID, "hidden"),
        Input(VALUES_ID, "data"),
        *(
            State({"type": kind, "key": ALL}, prop)
            for kind, prop in VALUES.items()
            for prop in ("id", prop)
        ),
    )
    _register_rows(app)


def _register_rows(app: Dash) -> None:
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
    app.clientside_callback(
        ClientsideFunction("segue", "settle"),
        Input(RESULTS_ID, "children"),
        prevent_initial_call=True,
    )
