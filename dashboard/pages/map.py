"""Map: the whole catalogue as a picture, near is alike."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import map as parts

dash.register_page(__name__, path="/map", title="Map – Segue", name="Map", order=1)


def layout(**_parameters: str) -> Component:
    """Return the empty page; the address fills it (see `dashboard.services.map_view`)."""
    return html.Div(
        [
            html.Div([html.H1("What lies near it?"), parts.controls()], className="map-head"),
            html.Div(id=parts.EMPTY_ID),
            html.Div(
                [
                    html.Div(
                        [
                            parts.search_box(),
                            html.Div(
                                [
                                    parts.sheet(),
                                    html.Div(id=parts.LEGEND_ID, className="map-legend"),
                                    html.P(id=parts.NOTE_ID, className="quiet map-note"),
                                ],
                                className="map-left",
                            ),
                            html.Section(
                                id=parts.LIST_ID,
                                className="map-side",
                                **{"aria-label": "The tracks nearest to yours"},
                            ),
                        ],
                        className="map-main",
                    ),
                ],
                id=parts.WHOLE_ID,
            ),
            dcc.Store(id=parts.SPEC_ID),
            dcc.Store(id=parts.CLICKED_ID),
            dcc.Store(id=parts.PICKED_ID),
            dcc.Interval(id=parts.LOOK_AGAIN_ID, interval=2000, disabled=True),
        ],
        className="map",
    )
