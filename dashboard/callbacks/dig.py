"""The Dig page: suggestions, seeds, what steers the list, and the list."""

from __future__ import annotations

from typing import Any, NamedTuple

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.callbacks import dig_drop, dig_rows
from dashboard.callbacks.dig_rows import JUDGED_ID
from dashboard.callbacks.suggesting import suggested
from dashboard.components import controls, drop, grid, results, search, states
from dashboard.components.shell import URL_ID
from dashboard.services import Library, current_library
from dashboard.services import dig as service
from dashboard.view import View
from data.records import Answer

HEAD_ID = "dig-head"
STATE_ID = "dig-state"
HINT_ID = "dig-hint"
LOOK_AGAIN_ID = "dig-look-again"
VALUES_ID = "dig-values"

#: Buttons, and what has a value: switches and the rest.
BUTTONS = (
    "seed-add",
    "seed-remove",
    "seed-swap",
    "seed-clear",
    "unhide",
    "reset",
    "more",
)
OFFERED = 300  # genres, and labels, that are suggested
VALUES = {"rule": "checked", "steer": "value"}
NO_MODEL = (
    "No model has been trained yet, so only what was really played together counts. "
    "Train on the Models page, or run `segue train`: this page notices."
)


class Drawn(NamedTuple):
    """The Dig page, part by part, in the order of the outputs of `show`.

    `values` is what the controls show, None where there is nothing to steer; `state` stands
    where there is no list to show; `well` switches off the timer that looks again while
    something is missing.
    """

    chips: Any = None
    weighed: Any = None
    kept: Any = None
    crates: Any = no_update
    values: dict | None = None
    head: Any = None
    state: Any = None
    rows: Any = ()
    listless: bool = True
    no_more: bool = True
    well: bool = True


def suggest(text: str | None) -> tuple[Any, Any, Any]:
    """Answer a keystroke in the search box: suggestions, how to draw them, a hint."""
    hint = "No such track in your catalogue. Enter asks Segue what it can do with it."
    if text and service.unknown_link(current_library(), text):
        hint = "This track is not in your catalogue yet. Enter looks it up on Spotify."
    return suggested(text, hint)


def offer_names(
    presses: int | None, query: str | None, offered: list[str] | None
) -> tuple[list[str], list[str]]:
    """Give the fields of genres and labels what they suggest, when the filters open first.

    A name that is not among a field's suggestions is taken out of the field when they come,
    so what the address asks for is among them.
    """
    if not presses or offered:
        raise PreventUpdate
    view, known = View.from_search(query), service.names(current_library())
    return (
        list(dict.fromkeys((*view.genres, *known.genres[:OFFERED]))),
        list(dict.fromkeys((*view.labels, *known.labels[:OFFERED]))),
    )


def change_view(asked: dict | None, presses: Any, values: Any, query: str | None) -> Any:
    """Answer any control of the page: the address of the view that follows.

    `presses` and `values` only set the callback off; which control it was, Dash says.
    A link that nothing is known of is looked up first; see `dig_drop`.
    """
    view, trigger = View.from_search(query), ctx.triggered_id
    if trigger == search.ASKED_ID:
        text = str((asked or {}).get("text", ""))
        if service.unknown_link(current_library(), text):
            dig_drop.look_up(text)
            return no_update
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
    """Return the view after a person chose or typed a seed, or sorted the list."""
    if "only" in asked:
        return view.after("seed-only", int(asked["only"]), None)
    if "id" in asked:
        if asked.get("for") in view.seeds:
            place = view.seeds.index(asked["for"])
            return view.after("seed-swap", f"{place}:{int(asked['id'])}", None)
        return view.after("seed-add", int(asked["id"]), None)
    if "sort" in asked:
        return view.after("sort", str(asked["sort"]), None)
    text = str(asked.get("text", "")).strip()
    return view.after("seed-add", text, None) if text else view


def show(query: str | None, _looks: int | None, judged: dict | None = None) -> Drawn:
    """Draw the view of an address.

    `judged` is the row that was judged last; it stays open if that is what sets this off.
    """
    if query is None:
        raise PreventUpdate
    library = current_library()
    if library.is_empty():
        return Drawn(state=states.empty_catalogue(), well=False)
    view = service.viewed(library, query)
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
    return Drawn(state=start, well=not untrained)


def _answered(library: Library, view: View, judged: dict) -> Drawn:
    answer, notation = library.answer(view), library.notation()
    tracks = library.seed_tracks(answer.seeds)
    heard = {s.recording_id: t for s, t in zip(answer.seeds, tracks, strict=True) if t}
    heard |= {result.recording_id: result.track for result in answer.results}
    sounds = library.sounds(heard)
    unfolded, head = {}, [_just_taken_off(library, judged)]
    if judged and judged["id"] in {result.recording_id for result in answer.results}:
        head = []
        if judged.get("open"):
            unfolded[judged["id"]] = dig_rows.behind(library, view, judged["id"])
    state: Component | None = None
    if answer.results:
        head.insert(0, results.heading(answer, view))
    elif line := results.hidden_line(answer.hidden):
        state = states.everything_hidden(answer, line)
    else:
        state = states.nothing_found(answer)
    return Drawn(
        chips=search.chips(answer.seeds, tracks, sounds.playable, sounds.previews),
        weighed=controls.weighed(answer),
        kept=controls.kept(view),
        crates=controls.crate_choices(service.crates(library)),
        values=controls.values(view),
        head=[*_offers(library, answer), *(part for part in head if part is not None)],
        state=state,
        rows=grid.rows(answer, view, sounds, notation=notation, unfolded=unfolded),
        listless=not answer.results,
        no_more=not results.may_have_more(answer, view),
    )


def _offers(library: Library, answer: Answer) -> list[Component]:
    """Return the way on from links in the address that nothing is known of."""
    unknown = (seed.query for seed in answer.seeds if seed.rung == "none")
    return [drop.look_up_offer(text) for text in unknown if service.unknown_link(library, text)]


def _just_taken_off(library: Library, judged: dict) -> Component | None:
    if judged.get("verdict") not in ("dislike", "clashes"):
        return None
    track = library.catalogue.track(judged["id"])
    return results.taken_off(judged["id"], track, judged["verdict"])


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
        Output(controls.GENRES, "data"),
        Output(controls.LABELS, "data"),
        Input(controls.FILTERS_ID, "n_clicks"),
        State(URL_ID, "search"),
        State(controls.GENRES, "data"),
        prevent_initial_call=True,
    )(offer_names)
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
        Output(search.SEEDS_ID, "children"),
        Output(controls.WEIGHED_ID, "children"),
        Output(controls.KEPT_ID, "children"),
        Output(controls.WITHOUT, "data"),
        Output(VALUES_ID, "data"),
        Output(HEAD_ID, "children"),
        Output(STATE_ID, "children"),
        Output(grid.GRID_ID, "rowData"),
        Output(grid.LIST_ID, "hidden"),
        Output(grid.MORE_ID, "hidden"),
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
    dig_rows.register(app)
    dig_drop.register(app)
