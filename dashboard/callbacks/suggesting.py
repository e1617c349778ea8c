"""Suggestions while a track is typed; every page with such a field answers in the same way."""

from __future__ import annotations

from typing import Any

from dash import ClientsideFunction, Dash, Input, Output, State, no_update

from dashboard.components.search import MARK, options
from dashboard.services import current_library

_WORTH_A_HINT = 2  # letters; who has typed no more is not done


def suggested(
    text: str | None, none_found: str = "No such track in your catalogue."
) -> tuple[Any, Any, Any]:
    """Answer a keystroke: suggestions, how to draw them, a hint where there are none."""
    if text and text.startswith(MARK):
        return no_update, no_update, no_update
    hits = current_library().suggest(text or "")
    unknown = not hits and len((text or "").strip()) > _WORTH_A_HINT
    return *options(hits), none_found if unknown else ""


def wire(app: Dash, field: str, hint: str, asked: str) -> None:
    """Let a field suggest tracks; the one that is chosen goes to the store `asked`."""
    app.callback(
        Output(field, "data"),
        Output(field, "renderOption"),
        Output(hint, "children"),
        Input(field, "value"),
        prevent_initial_call=True,
    )(suggested)
    app.clientside_callback(
        ClientsideFunction("segue", "take"),
        Output(asked, "data"),
        Output(field, "value"),
        Input(field, "value"),
        State(field, "data"),
        prevent_initial_call=True,
    )
