"""The head of the Spotify page: the DJ's app, signed in or not; and its line in the settings."""

from __future__ import annotations

import json
import time
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate
from flask import request

from dashboard import query
from dashboard.components import jobs
from dashboard.components import spotify as parts
from dashboard.components import spotify_tools as tools
from dashboard.components.shell import URL_ID
from dashboard.services import Library, current_library
from dashboard.services import spotify as service
from dashboard.spotify.address import callback_address, origin
from dashboard.spotify.notes import current_notes
from data.errors import SegueError


def head_of(library: Library, search: str | None) -> parts.Head:
    """Return what the head of the page shows at an address; nothing is asked of Spotify."""
    account = service.account(library)
    state, keys = account.state(), account.keys()
    return parts.Head(
        stage=state.stage,
        name=state.name,
        address=callback_address(library.settings, request.environ),
        has_secret=bool(keys and keys.client_secret),
        from_settings=bool(library.settings.spotify_client_id),
        paused_until=state.paused_until,
        paused_reason=state.paused_reason,
        note=current_notes().get(query.read(search).get("note", "")),
        crate=query.number(search, "crate"),
    )


def show_head(
    search: str | None, _looks: Any, _seen: Any, _changed: Any, shown: str | None
) -> tuple[Any, ...]:
    """Draw the head where it differs from what is shown: somebody may be typing in it."""
    head = head_of(current_library(), search)
    now = json.dumps([head.stage, str(head)])
    if now == shown:
        raise PreventUpdate
    return (
        parts.head(head),
        now,
        origin(head.address),
        head.stage != "signed_in",
        head.paused_until is not None,
    )


def keep_app(_presses: Any, client_id: str | None, secret: str | None) -> tuple[Any, ...]:
    """Keep what the DJ made at Spotify; the page forgets it at once.

    What cannot be an app's is told beside the field.
    """
    pressed()
    try:
        service.set_app(current_library(), client_id, secret)
    except SegueError as error:
        return no_update, no_update, no_update, str(error)
    return stamp(), "", "", ""


def forget_app(_presses: Any) -> int:
    """Forget the app."""
    pressed()
    service.forget_app(current_library())
    return stamp()


def show_settings_line(presses: int | None) -> Any:
    """Say in the settings whether Spotify is connected."""
    if not presses:
        raise PreventUpdate
    return parts.settings_line(head_of(current_library(), None))


def pressed() -> Any:
    """Return the id of the button that was pressed; buttons also report when they are drawn."""
    if ctx.triggered_id is None or not ctx.triggered[0]["value"]:
        raise PreventUpdate
    return ctx.triggered_id


def stamp() -> int:
    """Return a mark that no earlier change has."""
    return time.time_ns() // 1_000_000


def register(app: Dash) -> None:
    """Wire the functions of this module to the page and to the settings."""
    app.callback(
        Output(parts.ACCOUNT_ID, "children"),
        Output(parts.SHOWN_ID, "data"),
        Output(parts.ORIGIN_ID, "data"),
        Output(tools.TOOLS_ID, "hidden"),
        Output(tools.BLOCKED_ID, "data"),
        Input(URL_ID, "search"),
        Input(jobs.LOOK_ID, "n_intervals"),
        Input(jobs.SEEN_ID, "data"),
        Input(parts.CHANGED_ID, "data"),
        State(parts.SHOWN_ID, "data"),
    )(show_head)
    app.clientside_callback(ClientsideFunction("spotify", "move"), Input(parts.ORIGIN_ID, "data"))
    app.callback(
        Output(parts.CHANGED_ID, "data"),
        Output(parts.CLIENT_ID_ID, "value"),
        Output(parts.SECRET_ID, "value"),
        Output(parts.CLIENT_ID_ID, "error"),
        Input({"type": "spotify-keep", "key": ALL}, "n_clicks"),
        State(parts.CLIENT_ID_ID, "value"),
        State(parts.SECRET_ID, "value"),
        prevent_initial_call=True,
    )(keep_app)
    app.callback(
        Output(parts.CHANGED_ID, "data", allow_duplicate=True),
        Input({"type": "spotify-forget", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(forget_app)
    app.callback(
        Output(parts.SETTINGS_LINE_ID, "children"),
        Input("settings-open", "n_clicks"),
        prevent_initial_call=True,
    )(show_settings_line)
