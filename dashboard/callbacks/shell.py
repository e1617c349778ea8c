"""The frame: demo mark, settings, and errors told to the person instead of to the console."""

from __future__ import annotations

import logging

from dash import ClientsideFunction, Dash, Input, Output, set_props
from dash.development.base_component import Component
from dash.exceptions import PreventUpdate

from dashboard.components import shell
from dashboard.services import current_library
from data.errors import SegueError

log = logging.getLogger(__name__)


def mark_demo(_query: str | None) -> Component | None:
    """Say in the header whether the catalogue holds generated data."""
    return shell.demo_badge(current_library().demo_share())


def show_settings(presses: int | None) -> tuple[bool, str]:
    """Open the settings with what is kept."""
    if not presses:
        raise PreventUpdate
    return True, current_library().notation()


def write_keys(notation: str) -> int:
    """Keep how keys are written; the page is drawn again with it."""
    library = current_library()
    if notation == library.notation():
        raise PreventUpdate
    library.catalogue.set_preference("notation", notation)
    return 1


def report(error: Exception) -> None:
    """Show an error that a callback did not handle, and leave the page as it was.

    A `SegueError` is a sentence for people; anything else goes to the log in full.
    """
    if isinstance(error, SegueError):
        message = shell.toast(str(error), title="That did not work")
    else:
        log.error("a callback failed", exc_info=error)
        message = shell.toast(
            "Nothing was lost. Reload the page; if it happens again, the terminal "
            "that runs Segue says more.",
            title="Something went wrong",
        )
    set_props(shell.TOASTS_ID, {"sendNotifications": [message]})


def register(app: Dash) -> None:
    """Wire the functions of this module to the frame."""
    app.callback(Output(shell.DEMO_ID, "children"), Input(shell.URL_ID, "search"))(mark_demo)
    app.callback(
        Output(shell.SETTINGS_ID, "opened"),
        Output(shell.NOTATION_ID, "value"),
        Input("settings-open", "n_clicks"),
        prevent_initial_call=True,
    )(show_settings)
    app.callback(
        Output(shell.RELOAD_ID, "data"),
        Input(shell.NOTATION_ID, "value"),
        prevent_initial_call=True,
    )(write_keys)
    app.clientside_callback(
        ClientsideFunction("shell", "reload"),
        Input(shell.RELOAD_ID, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("shell", "markPage"), Input(shell.URL_ID, "pathname")
    )
    app.clientside_callback(
        ClientsideFunction("segue", "openHelp"),
        Output(shell.HELP_ID, "opened"),
        Input("help-open", "n_clicks"),
        prevent_initial_call=True,
    )
