"""Dig: type a track, see what DJs play with it and why, fill a crate."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.callbacks.dig import HEAD_ID, LOOK_AGAIN_ID, STATE_ID, VALUES_ID
from dashboard.callbacks.dig_rows import BEHIND_ID, CRATE_ID, JUDGE_ID, JUDGED_ID, OPEN_ID
from dashboard.components.controls import controls
from dashboard.components.grid import grid
from dashboard.components.search import SEEDS_ID, search_box

dash.register_page(__name__, path="/", title="Dig – Segue", name="Dig", order=0)

_STORES = (JUDGE_ID, JUDGED_ID, OPEN_ID, BEHIND_ID, CRATE_ID, VALUES_ID)


def layout(**_parameters: str) -> Component:
    """Return the empty page; the address fills it (see `dashboard.view`)."""
    return html.Div(
        [
            html.H1("What goes with it?"),
            search_box(),
            html.Div(id=SEEDS_ID),
            controls(),
            html.Div(id=HEAD_ID),
            html.Div(id=STATE_ID),
            grid(),
            *(dcc.Store(id=name) for name in _STORES),
            dcc.Interval(id=LOOK_AGAIN_ID, interval=2000, disabled=True),
        ],
        className="dig",
    )
