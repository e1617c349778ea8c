"""What any address shows that no page has."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

dash.register_page(__name__, title="Not found – Segue")


def layout(**_parameters: str) -> Component:
    """Return the way back."""
    return html.Section(
        [
            html.H1("There is no such page"),
            html.P(dcc.Link("Go to Dig and search for a track", href="/")),
        ],
        className="state",
    )
