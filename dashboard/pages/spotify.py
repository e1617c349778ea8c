"""Spotify: signing in, pushing a crate into a playlist, bringing a playlist as a crate."""

from __future__ import annotations

import dash
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components import jobs
from dashboard.components import spotify as parts
from dashboard.components import spotify_tools as tools
from dashboard.services.spotify import KINDS

dash.register_page(__name__, path="/spotify", title="Spotify – Segue", name="Spotify", order=5)


def layout(**_parameters: str) -> Component:
    """Return the empty page; the address fills it."""
    return html.Div(
        [
            html.H1("Spotify"),
            html.Div(id=parts.ACCOUNT_ID, className="spotify-account"),
            tools.tools(),
            tools.outcome(),
            jobs.place(KINDS),
            tools.review(),
            dcc.Store(id=parts.SHOWN_ID),
            dcc.Store(id=parts.ORIGIN_ID),
            dcc.Store(id=parts.CHANGED_ID),
            dcc.Store(id=tools.DRAWN_ID),
            dcc.Store(id=tools.HTML_ID),
            dcc.Store(id=tools.COUNT_ID),
            dcc.Store(id=tools.ASKED_ID),
            dcc.Store(id=tools.PUSHING_ID),
            dcc.Store(id=tools.BLOCKED_ID),
            dcc.Download(id=tools.DOWNLOAD_ID),
        ],
        className="spotify-page",
    )
