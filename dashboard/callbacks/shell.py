"""The frame: the demo mark, and errors told to the person instead of to the console."""

from __future__ import annotations

import logging

from dash import ClientsideFunction, Dash, Input, Output, set_props
from dash.development.base_component import Component

from dashboard.components import shell
from dashboard.services import current_library
from data.errors import SegueError

log = logging.getLogger(__name__)


def mark_demo(_query: str | None) -> Component | None:
    """Say in the header whether the catalogue holds generated data."""
    return shell.demo_badge(current_library().demo_share())


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
    app.clientside_callback(
        ClientsideFunction("segue", "openHelp"),
        Output(shell.HELP_ID, "opened"),
        Input("help-open", "n_clicks"),
        prevent_initial_call=True,
    )
