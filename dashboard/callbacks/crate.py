"""The crate: add, remove, undo, clear, take away."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, no_update
from dash.exceptions import PreventUpdate

from dashboard.components import crate as parts
from dashboard.components.shell import URL_ID
from dashboard.components.text import counted
from dashboard.services import Library, current_library

ACTIONS = ("crate-toggle", "crate-remove", "crate-clear", "crate-undo")


def load_crate(_pathname: str | None) -> tuple[Any, ...]:
    """Draw the crate as it was left."""
    return *_drawn(current_library()), no_update, []


def change_crate(presses: Any, undo: list[int] | None) -> tuple[Any, ...]:
    """Do what was pressed and draw the crate anew; a removal can be undone.

    `presses` only sets the callback off; which button it was, Dash says.
    """
    trigger, value = ctx.triggered_id, ctx.triggered[0]["value"]
    # Buttons also report when they are drawn; only a press counts.
    if not value or trigger is None:
        raise PreventUpdate
    library = current_library()
    before = library.crate_ids()
    said = act(library, trigger["type"], trigger["key"], undo)
    if said:
        return *_drawn(library), before, parts.undo_line(said)
    return *_drawn(library), None, []


def act(library: Library, action: str, key: int, undo: list[int] | None) -> str:
    """Change the crate; return what was removed, in words, or an empty string."""
    if action == "crate-undo":
        library.restore_crate(undo or [])
        return ""
    if action == "crate-clear":
        number = len(library.crate_ids())
        library.clear_crate()
        return f"Removed {counted(number, 'track')}."
    if action == "crate-toggle" and key not in library.crate_ids():
        library.add_to_crate(key)
        return ""
    title = library.catalogue.track(key).full_title
    library.remove_from_crate(key)
    return f"Removed {title}."


def _drawn(library: Library) -> tuple[Any, str, list[int]]:
    crate = library.crate()
    playable = library.sounds(dict(crate)).playable
    return (
        parts.crate_list(crate, playable),
        str(len(crate)),
        [recording_id for recording_id, _ in crate],
    )


def export(_presses: Any) -> dict:
    """Hand the crate over as a file."""
    if not ctx.triggered[0]["value"] or ctx.triggered_id is None:
        raise PreventUpdate
    name, media_type, content = current_library().export_crate(ctx.triggered_id["key"])
    return dcc.send_bytes(content, name, type=media_type)


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    drawn = [
        (parts.LIST_ID, "children"),
        (parts.COUNT_ID, "children"),
        (parts.IDS_ID, "data"),
        (parts.UNDO_ID, "data"),
        (parts.UNDO_LINE_ID, "children"),
    ]
    app.callback(*(Output(*place) for place in drawn), Input(URL_ID, "pathname"))(load_crate)
    app.callback(
        *(Output(*place, allow_duplicate=True) for place in drawn),
        inputs={
            "presses": [Input({"type": name, "key": ALL}, "n_clicks") for name in ACTIONS],
            "undo": State(parts.UNDO_ID, "data"),
        },
        prevent_initial_call=True,
    )(change_crate)
    app.clientside_callback(
        ClientsideFunction("segue", "markCrated"),
        Output({"type": "crate-toggle", "key": ALL}, "aria-pressed"),
        Input(parts.IDS_ID, "data"),
        prevent_initial_call=True,
    )
    app.callback(
        Output(parts.DOWNLOAD_ID, "data"),
        Input({"type": "crate-export", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(export)
