"""The Models page: what its address shows, and what its controls start."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx
from dash.exceptions import PreventUpdate

from dashboard import query
from dashboard.callbacks.suggesting import wire
from dashboard.components import jobs, models_evaluation, models_learned, models_overview
from dashboard.components import models as parts
from dashboard.components import models_track as one
from dashboard.components.shell import URL_ID
from dashboard.services import Library, current_library, models, models_track
from dashboard.services.models_evaluation import SPLITS, evaluated
from dashboard.services.models_overview import overview
from data.errors import SegueError

PATH = "/models"


def show(search: str | None, _seen: Any, pathname: str | None) -> tuple[Any, ...]:
    """Draw the part of the page that the address names, and empty the others."""
    if pathname != PATH:
        raise PreventUpdate
    view = models.view_of(search)
    drawn = _PARTS[view](current_library(), search)
    return (
        view,
        *(drawn if name == view else None for name in models.VIEWS),
        *(name != view for name in models.VIEWS),
    )


def _learned(library: Library, _search: str | None) -> Any:
    running = models.live(library)
    try:
        learned = models.learned(library)
    except SegueError as error:
        return models_learned.damaged(str(error), running)
    return models_learned.learned_part(learned, models.encoders(library), running)


def _evaluation(library: Library, search: str | None) -> Any:
    running = models.live(library)
    try:
        found = evaluated(library, query.read(search).get("split", ""))
    except SegueError as error:
        return models_evaluation.damaged(str(error), running)
    has_sets = bool(library.catalogue.stats().sets)
    return models_evaluation.evaluation_part(found, running, has_sets=has_sets)


def _overview(library: Library, _search: str | None) -> Any:
    return models_overview.overview_part(overview(library), library.notation())


def _track(library: Library, search: str | None) -> Any:
    recording_id = query.number(search, "track")
    if recording_id is None:
        models_track.get_ready()
        return one.invitation(library.starters())
    sheet = models_track.sheet(library, recording_id)
    return one.unknown() if sheet is None else one.track_part(sheet, library.notation())


_PARTS = {"learned": _learned, "evaluation": _evaluation, "overview": _overview, "track": _track}


def look_into(asked: dict | None, search: str | None) -> str:
    """Show the track that was chosen."""
    if not asked:
        raise PreventUpdate
    return query.written(search, show=None, split=None, track=asked["id"])


def hold_back(split: str | None, search: str | None) -> str:
    """Show what was measured with other sets held back."""
    following = query.written(search, split="" if split == next(iter(SPLITS)) else split)
    if following == (search or ""):
        raise PreventUpdate
    return following


def draw(recording_id: int | None) -> Any:
    """Measure and draw the spectrogram of a track, while the page is there already."""
    if not recording_id:
        raise PreventUpdate
    try:
        return one.picture(models_track.picture(current_library(), int(recording_id)))
    except SegueError as error:
        return one.no_picture(str(error))


def start(_presses: Any) -> int:
    """Start the work that a button stands for."""
    if ctx.triggered_id is None or not ctx.triggered[0]["value"]:
        raise PreventUpdate
    models.start(current_library(), ctx.triggered_id["key"])
    return time.time_ns() // 1_000_000


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    app.callback(
        Output(parts.VIEW_ID, "data"),
        *(Output(parts.PART_IDS[view], "children") for view in models.VIEWS),
        *(Output(parts.PLACE_IDS[view], "hidden") for view in models.VIEWS),
        Input(URL_ID, "search"),
        Input(jobs.SEEN_ID, "data"),
        State(URL_ID, "pathname"),
    )(show)
    app.clientside_callback(ClientsideFunction("models", "mark"), Input(parts.VIEW_ID, "data"))
    wire(app, parts.SEARCH_ID, parts.HINT_ID, parts.ASKED_ID)
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Input(parts.ASKED_ID, "data"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(look_into)
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Input(parts.SPLIT_ID, "value"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(hold_back)
    app.callback(Output(parts.PICTURE_ID, "children"), Input(parts.PICTURED_ID, "data"))(draw)
    app.callback(
        Output(jobs.STAMP_ID, "data", allow_duplicate=True),
        Input({"type": "models-start", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(start)
