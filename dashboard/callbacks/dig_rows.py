"""The rows of the Dig page: what is behind one, and what the DJ says of it."""

from __future__ import annotations

import time
from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.callbacks.crate import act
from dashboard.components import crate, evidence, grid
from dashboard.components.shell import URL_ID
from dashboard.services import Library, current_library
from dashboard.services import dig as service
from dashboard.view import View

JUDGE_ID = "dig-judge"
JUDGED_ID = "dig-judged"
OPEN_ID = "dig-open"
BEHIND_ID = "dig-behind"
CRATE_ID = "dig-crate"


def judge(asked: dict | None, query: str | None) -> dict:
    """Keep what a DJ said of a row, or take it back; the list is drawn again by `dig.show`."""
    if not asked or asked.get("verdict") not in evidence.VERDICTS:
        raise PreventUpdate
    library = current_library()
    library.judge(service.viewed(library, query), int(asked["id"]), asked["verdict"])
    return asked


def explain(asked: dict | None, query: str | None) -> dict[str, Any]:
    """Say what is behind a row that was opened."""
    if not asked:
        raise PreventUpdate
    library = current_library()
    recording_id = int(asked["id"])
    parts = behind(library, service.viewed(library, query), recording_id)
    return grid.behind(recording_id, parts)


def behind(library: Library, view: View, recording_id: int) -> list[Component]:
    """Draw what is behind a row of the answer to `view`."""
    result = library.recommendation(view, recording_id)
    heard = {recording_id: result.track}
    seed = service.seed_like(library, view, result)
    if seed is not None:
        heard[seed] = library.catalogue.track(seed)
    sounds = library.sounds(heard)
    return evidence.evidence(
        result,
        sounds.measured.get(recording_id),
        service.words_on(library, view, recording_id),
        playable=recording_id in sounds.playable,
        notation=library.notation(),
        seed=seed if seed in sounds.playable else None,
    )


def toggle_crate(asked: dict | None) -> float:
    """Put a row into the crate in hand, or take it out; the panel looks again."""
    if not asked:
        raise PreventUpdate
    act(current_library(), "crate-toggle", int(asked["id"]), None)
    return time.time()


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    app.callback(
        Output(JUDGED_ID, "data"),
        Input(JUDGE_ID, "data"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(judge)
    app.callback(
        Output(BEHIND_ID, "data"),
        Input(OPEN_ID, "data"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(explain)
    app.callback(
        Output(crate.CHANGED_ID, "data", allow_duplicate=True),
        Input(CRATE_ID, "data"),
        prevent_initial_call=True,
    )(toggle_crate)
    for name, place, first in (
        ("dig.fill", Input(BEHIND_ID, "data"), False),
        ("dig.crated", Input(crate.IDS_ID, "data"), True),
        ("rows.settle", Input(grid.GRID_ID, "rowData"), False),
    ):
        app.clientside_callback(
            ClientsideFunction(*name.split(".")), place, prevent_initial_call=not first
        )
