"""Set: a crate in an order that mixes, every transition explained."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.callbacks.set import (
    ANNOUNCE_ID,
    ASKED_ID,
    CRATES_ID,
    EDITED_ID,
    HEAD_ID,
    LIST_ID,
    PREVIEW_HTML_ID,
    PREVIEW_ID,
    PROPOSED_ID,
    ROWS_BOX_ID,
    ROWS_HTML_ID,
    STATE_ID,
    VALUES_ID,
)
from dashboard.components.set_head import add_box, picked_bar
from dashboard.components.set_rows import HINT_ID
from dashboard.components.set_tools import tools

dash.register_page(__name__, path="/set", title="Set – Segue", name="Set", order=2)


def layout(**_parameters: str) -> Component:
    """Return the empty page; the address fills it (see `dashboard.set_view`)."""
    return html.Div(
        [
            html.Nav(id=CRATES_ID, className="set-crates", **{"aria-label": "Crates"}),
            html.Div(
                [
                    html.Div(id=HEAD_ID, className="set-head"),
                    add_box(),
                    html.Div(id=PREVIEW_ID),
                    picked_bar(),
                    html.Div(id=ROWS_BOX_ID, className="set-list"),
                    html.Div(id=LIST_ID),
                    html.P(
                        "Press Alt and an arrow key to move this track, L to keep it in place, "
                        "X to select it, Delete to remove it, Space to play it, T to hear the "
                        "one before lead into it.",
                        id=HINT_ID,
                        hidden=True,
                    ),
                    html.Div(
                        id=ANNOUNCE_ID,
                        className="visually-hidden",
                        role="status",
                        **{"aria-live": "polite"},
                    ),
                ],
                className="set-main",
            ),
            tools(),
            dcc.Store(id=ASKED_ID),
            dcc.Store(id=EDITED_ID),
            dcc.Store(id=STATE_ID),
            dcc.Store(id=VALUES_ID),
            dcc.Store(id=PROPOSED_ID),
            dcc.Store(id=ROWS_HTML_ID),
            dcc.Store(id=PREVIEW_HTML_ID),
        ],
        className="set-page",
    )
