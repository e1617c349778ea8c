"""Library: what is in the catalogue, where it came from, and how to add to it."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import jobs
from dashboard.components import library as parts
from dashboard.components.tracks import table
from dashboard.components.ways import add

dash.register_page(__name__, path="/library", title="Library – Segue", name="Library", order=3)


def layout(**_parameters: str) -> Component:
    """Return the empty page; the address fills it."""
    return html.Div(
        [
            html.H1("Library"),
            html.Div(id=parts.HEAD_ID),
            add(),
            jobs.place(),
            html.Section(
                [html.H2("Where it came from"), html.Div(id=parts.SOURCES_ID)],
                className="came-from",
            ),
            table(),
            parts.confirmation(),
            dcc.Store(id=parts.REMOVING_ID),
            dcc.Store(id=parts.REMOVED_ID),
        ],
        className="library",
    )
