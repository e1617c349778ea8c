"""The Map page: what is drawn, what is listed beside it, and what its controls do."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, NamedTuple

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard import map_data
from dashboard.callbacks.suggesting import wire
from dashboard.components import crate, map_list
from dashboard.components import map as parts
from dashboard.components.shell import TOASTS_ID, URL_ID, toast
from dashboard.components.text import counted
from dashboard.services import Library, crates, current_library
from dashboard.services import map as service
from dashboard.services.map_groups import Grouping
from dashboard.services.map_view import MapView
from hybrid.atlas import Atlas, Basis, umap_is_installed

PATH = "/map"
BUTTONS = {"map-seed": "seed", "map-group": "group", "map-all": "all"}
VALUES = {parts.NEAR_ID: "near", parts.METHOD_ID: "method", parts.COLOUR_ID: "colour"}


class Drawn(NamedTuple):
    """The Map page, part by part, in the order of the outputs of `show`.

    `well` switches off the timer that looks again while something is missing.
    """

    spec: Any = None
    legend: Any = None
    note: Any = None
    list: Any = None
    empty: Any = None
    hidden: bool = False
    choices: Any = no_update
    near: Any = no_update
    methods: Any = no_update
    method: Any = no_update
    colour: Any = no_update
    well: bool = True


def change_view(asked: Any, clicked: Any, presses: Any, values: Any, query: str | None) -> str:
    """Answer any control of the page: the address of the view that follows.

    The arguments only set the callback off; which control it was, Dash says.
    """
    view, trigger = MapView.from_search(query), ctx.triggered_id
    value = ctx.triggered[0]["value"]
    # Controls also report when they are drawn, all at once: that is nobody's wish.
    if trigger is None or value is None or len(ctx.triggered) > 1:
        raise PreventUpdate
    if trigger in (parts.ASKED_ID, parts.CLICKED_ID):
        following = view.after("seed", value["id"])
    elif isinstance(trigger, dict):
        following = view.after(BUTTONS[trigger["type"]], _named(trigger["key"]))
    else:
        following = _turned(view, VALUES[trigger], value)
    if following == view:
        raise PreventUpdate
    return following.to_search()


def _named(key: Any) -> Any:
    # The group of what is not known has no name, and Dash wants one.
    return "" if key == "-" else key


def _turned(view: MapView, control: str, value: Any) -> MapView:
    """Return the view after a control was set, which also happens when it is shown."""
    basis, _ = _shown(current_library(), view)
    if control == "near" and view.near is None and value == basis:
        return view
    if control == "method" and basis and value == service.arranged(basis, view.method):
        return view
    return view.after(control, value)


def _shown(library: Library, view: MapView) -> tuple[Basis | None, tuple[Basis, ...]]:
    """Return what is drawn for a view, and what else there is."""
    bases = service.charts(library).bases()
    wanted = view.near if view.near in bases else None
    return wanted or next(iter(bases), None), bases


def show(query: str | None, _looks: int | None, pathname: str | None) -> Drawn:
    """Draw the view of an address."""
    if pathname != PATH:
        raise PreventUpdate
    library, view = current_library(), MapView.from_search(query)
    basis, bases = _shown(library, view)
    if basis is None:
        has_sets = not library.catalogue.is_empty()
        return Drawn(empty=parts.nothing_yet(has_sets=has_sets), hidden=True, well=False)
    method = service.arranged(basis, view.method)
    drawn = service.charts(library)
    atlas = drawn.atlas(basis, method)
    ground = drawn.ground(basis)
    controls = {
        "choices": parts.near_choices(bases),
        "methods": parts.method_choices(umap=umap_is_installed()),
        "near": basis,
        "method": method,
        "colour": view.colour,
    }
    found = [] if view.seed is None else service.neighbours(library, basis, view.seed)
    listed = _listed(library, view.seed, basis, found)
    if atlas is None or ground is None:
        empty = parts.being_drawn()
        return Drawn(empty=empty, list=listed, hidden=True, well=False, **controls)
    grouping = drawn.grouping(library, basis, view.colour)
    return Drawn(
        spec=_spec(view, basis, atlas, grouping, found),
        legend=parts.legend(grouping.groups, view),
        note=parts.note(atlas, ground.missing, basis, bases),
        list=listed,
        **controls,
    )


def _spec(
    view: MapView,
    basis: Basis,
    atlas: Atlas,
    grouping: Grouping,
    found: Sequence[service.Neighbour],
) -> dict[str, Any]:
    """Return what ``assets/map.js`` draws from: where to fetch, and what to mark."""
    only = set(view.only) & {group.key for group in grouping.groups}
    return {
        "points": f"/map/points/{atlas.name}",
        "codes": f"/map/colours/{basis}/{view.colour}/{service.stamp_of(grouping)}",
        "groups": [
            {"colour": group.colour, "shown": not only or group.key in only}
            for group in grouping.groups
        ],
        "seed": view.seed,
        "near": [neighbour.recording_id for neighbour in found],
    }


def _listed(
    library: Library, seed: int | None, basis: Basis, found: Sequence[service.Neighbour]
) -> Any:
    if seed is None:
        return map_list.invitation(library.starters(5))
    tracks = library.catalogue.tracks([seed, *(neighbour.recording_id for neighbour in found)])
    if seed not in tracks:
        return map_list.unknown()
    sounds = library.sounds(tracks)
    told = map_list.Told(
        tracks,
        {ident: service.about(library, ident) for ident in tracks},
        sounds.playable,
        set(crates.ids_in_hand(library)),
        sounds.previews,
    )
    there = [neighbour for neighbour in found if neighbour.recording_id in tracks]
    return map_list.neighbourhood(seed, there, told, basis)


def add_picked(
    presses: int | None, picked: dict | None, query: str | None
) -> tuple[float, None, list]:
    """Put what is marked on the map into the crate; the panel and the map look at it again."""
    if not presses or not picked or not picked.get("ids"):
        raise PreventUpdate
    library, view = current_library(), MapView.from_search(query)
    basis, _ = _shown(library, view)
    if basis is None:
        raise PreventUpdate
    before = len(crates.ids_in_hand(library))
    ids = [int(ident) for ident in picked["ids"]]
    state = service.add_picked(library, basis, service.arranged(basis, view.method), ids)
    added = len(state.ids) - before
    if added:
        words = f"Added {counted(added, 'track')} to {state.name}. Undo is under the crate."
    else:
        words = f"All of them are in {state.name} already."
    return time.time(), None, [toast(words, title="Crate", kind="done")]


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    app.server.register_blueprint(map_data.routes)
    wire(app, parts.SEARCH_ID, parts.HINT_ID, parts.ASKED_ID)
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        inputs={
            "asked": Input(parts.ASKED_ID, "data"),
            "clicked": Input(parts.CLICKED_ID, "data"),
            "presses": [Input({"type": name, "key": ALL}, "n_clicks") for name in BUTTONS],
            "values": [Input(name, "value") for name in VALUES],
            "query": State(URL_ID, "search"),
        },
        prevent_initial_call=True,
    )(change_view)
    app.callback(
        Output(parts.SPEC_ID, "data"),
        Output(parts.LEGEND_ID, "children"),
        Output(parts.NOTE_ID, "children"),
        Output(parts.LIST_ID, "children"),
        Output(parts.EMPTY_ID, "children"),
        Output(parts.WHOLE_ID, "hidden"),
        Output(parts.NEAR_ID, "data"),
        Output(parts.NEAR_ID, "value"),
        Output(parts.METHOD_ID, "data"),
        Output(parts.METHOD_ID, "value"),
        Output(parts.COLOUR_ID, "value"),
        Output(parts.LOOK_AGAIN_ID, "disabled"),
        Input(URL_ID, "search"),
        Input(parts.LOOK_AGAIN_ID, "n_intervals"),
        State(URL_ID, "pathname"),
    )(show)
    app.callback(
        Output(crate.CHANGED_ID, "data", allow_duplicate=True),
        Output(parts.GRAPH_ID, "selectedData"),
        Output(TOASTS_ID, "sendNotifications", allow_duplicate=True),
        Input(parts.ADD_ID, "n_clicks"),
        State(parts.PICKED_ID, "data"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(add_picked)
    _register_browser(app)


def _register_browser(app: Dash) -> None:
    """What happens in the browser itself; see ``assets/map.js``."""
    app.clientside_callback(
        ClientsideFunction("map", "draw"),
        Output(parts.GRAPH_ID, "figure"),
        Output(parts.GRAPH_ID, "config"),
        Input(parts.SPEC_ID, "data"),
        Input(crate.IDS_ID, "data"),
        Input(parts.TOOL_ID, "value"),
        State(parts.GRAPH_ID, "figure"),
        State(parts.GRAPH_ID, "config"),
    )
    app.clientside_callback(
        ClientsideFunction("map", "clicked"),
        Output(parts.CLICKED_ID, "data"),
        Input(parts.GRAPH_ID, "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("map", "hover"),
        Input(parts.GRAPH_ID, "hoverData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("map", "picked"),
        Output(parts.PICKED_ID, "data"),
        Output(parts.PICKED_WORDS_ID, "children"),
        Output(parts.ADD_ID, "children"),
        Output(parts.ADD_ID, "disabled"),
        Output(parts.PICKED_BAR_ID, "hidden"),
        Input(parts.GRAPH_ID, "selectedData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("map", "clear"),
        Output(parts.GRAPH_ID, "selectedData", allow_duplicate=True),
        Input(parts.CLEAR_ID, "n_clicks"),
        prevent_initial_call=True,
    )
