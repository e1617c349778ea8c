"""Dig: type a track, see what DJs play with it and why, fill a crate."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.callbacks.dig import (
    HEAD_ID,
    JUDGE_ID,
    JUDGED_ID,
    LOOK_AGAIN_ID,
    RESULTS_ID,
    VALUES_ID,
)
from dashboard.components.controls import controls
from dashboard.components.search import SEEDS_ID, search_box

dash.register_page(__name__, path="/", title="Dig – Segue", name="Dig", order=0)


def layout(**_parameters: str) -> Component:
    """Return the empty page; the address fills it (see `dashboard.view`)."""
    return html.Div(
        [
            html.H1("What goes with it?"),
            search_box(),
            html.Div(id=SEEDS_ID),
            controls(),
            html.Div(id=HEAD_ID),
            html.Div(id=RESULTS_ID, className="results"),
            dcc.Store(id=JUDGE_ID),
            dcc.Store(id=JUDGED_ID),
            dcc.Store(id=VALUES_ID),
            dcc.Interval(id=LOOK_AGAIN_ID, interval=2000, disabled=True),
        ],
        className="dig",
    )
