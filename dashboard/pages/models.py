"""Models: what was learned, from what, and how good it is."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from dashboard.components import jobs
from dashboard.components import models as parts
from dashboard.services.models import KINDS

dash.register_page(__name__, path="/models", title="Models – Segue", name="Models", order=4)


def layout(**_parameters: str) -> Component:
    """Return the empty page; the address fills it (see `dashboard.services.models.view_of`)."""
    return html.Div(
        [
            html.H1("Models"),
            parts.ways(),
            jobs.place(KINDS),
            html.Div(html.Div(id=parts.PART_IDS["learned"]), id=parts.PLACE_IDS["learned"]),
            html.Div(html.Div(id=parts.PART_IDS["evaluation"]), id=parts.PLACE_IDS["evaluation"]),
            html.Div(html.Div(id=parts.PART_IDS["overview"]), id=parts.PLACE_IDS["overview"]),
            html.Div(
                [parts.search_box(), html.Div(id=parts.PART_IDS["track"])],
                id=parts.PLACE_IDS["track"],
                hidden=True,
            ),
        ],
        className="models",
    )
