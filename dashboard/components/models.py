"""The Models page's frame: the way between its parts, the track search, and bars with numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.charts.style import CONFIG
from dashboard.components.search import track_field
from dashboard.components.text import hidden, with_commands
from dashboard.services.models import VIEWS, View, address_of

VIEW_ID = "models-view"
PART_IDS: Mapping[View, str] = {view: f"models-{view}" for view in VIEWS}
PLACE_IDS: Mapping[View, str] = {view: f"models-{view}-place" for view in VIEWS}
SEARCH_ID = "models-search"
ASKED_ID = "models-asked"
HINT_ID = "models-hint"
SPLIT_ID = "models-split"
PICTURE_ID = "models-picture"
PICTURED_ID = "models-pictured"

_NAMES: Mapping[View, str] = {
    "learned": "What is learned",
    "evaluation": "How good it is",
    "overview": "Your library",
    "track": "A track",
}
_STILL = {**CONFIG, "displayModeBar": False}


def ways() -> Component:
    """Return the way to each part of the page; ``assets/models.js`` says which one is open."""
    return html.Nav(
        [
            *(
                html.A(
                    _NAMES[name],
                    href=address_of(name),
                    id=f"models-to-{name}",
                    className="part-link within-models",
                )
                for name in VIEWS
            ),
            dcc.Store(id=VIEW_ID),
        ],
        className="parts",
        **{"aria-label": "Parts of this page"},
    )


def search_box() -> Component:
    """Return the search for a track to look into."""
    return html.Div(
        [
            track_field(SEARCH_ID, "Find a track to look into"),
            dcc.Store(id=ASKED_ID),
            html.Div(id=HINT_ID, className="hint", role="status"),
        ],
        className="search models-search",
    )


def card(title: str, *children: Component, name: str = "", note: str = "") -> Component:
    """Return a panel with a heading."""
    return html.Section(
        [
            html.Div(
                [html.H2(title), *([html.P(note, className="quiet")] if note else [])],
                className="panel-head",
            ),
            *children,
        ],
        className=f"panel {name}".strip(),
    )


def chart(
    drawn: go.Figure, words: str, table: Component, *, height: int = 250, name: str
) -> list[Component]:
    """Return a figure, what it says in words, and the same as a table."""
    return [
        html.Div(
            dcc.Graph(figure=drawn, config=_STILL, style={"height": height}, responsive=True),
            role="img",
            className="chart",
            **{"aria-label": f"{name}. {words}"},
        ),
        html.P(words, className="chart-words"),
        as_table(table, name),
    ]


def as_table(content: Component, name: str) -> Component:
    """Return a table that opens on demand."""
    return html.Details(
        [html.Summary(["Show as table", hidden(f": {name}")]), content], className="as-table"
    )


def table(
    name: str,
    head: Sequence[str | Component],
    rows: Iterable[Sequence[Any]],
    *,
    plain: bool = False,
) -> Component:
    """Return a table; its first column names the rows, what is in the others stands right.

    It can be moved sideways and down by the keyboard where it does not fit.
    """
    drawn = html.Table(
        [
            html.Caption(name, className="visually-hidden"),
            html.Thead(html.Tr([html.Th(text, scope="col") for text in head])),
            html.Tbody(
                [
                    html.Tr(
                        [
                            html.Th(row[0], scope="row"),
                            *(
                                html.Td(
                                    cell, **{"data-head": text if isinstance(text, str) else ""}
                                )
                                for cell, text in zip(row[1:], head[1:], strict=True)
                            ),
                        ]
                    )
                    for row in rows
                ]
            ),
        ],
        className="numbers",
    )
    return html.Div(
        drawn,
        className="table-box table-whole" if plain else "table-box",
        tabIndex=0,
        role="region",
        **{"aria-label": name},
    )


def bars(
    name: str, values: Iterable[tuple[str | Component, float, str]], *, most: float = 0.0
) -> Component:
    """Return names with a bar and a number each.

    Parameters
    ----------
    name : str
        What the list is, for those who do not see it.
    values : iterable of (str or Component, float, str)
        Name, length of the bar, and the number as it is written.
    most : float
        Length of a whole bar; by default the longest one's.
    """
    listed = list(values)
    whole = most or max((value for _, value, _ in listed), default=0.0) or 1.0
    return html.Ul(
        [
            html.Li(
                [
                    html.Span(said, className="bar-name"),
                    html.Span(
                        html.Span(style={"width": f"{100 * min(1.0, value / whole):.1f}%"}),
                        className="bar",
                        **{"aria-hidden": "true"},
                    ),
                    html.Span(number, className="bar-number"),
                ]
            )
            for said, value, number in listed
        ],
        className="bars",
        **{"aria-label": name},
    )


def facts(pairs: Iterable[tuple[str, Any]]) -> Component:
    """Return names and what they stand for."""
    return html.Dl(
        [
            html.Div([html.Dt(name), html.Dd(value)], className="fact")
            for name, value in pairs
            if value not in (None, "")
        ],
        className="fact-list",
    )


def note(text: str, *more: Component, kind: str = "") -> Component:
    """Return a line that asks for something to be done."""
    return html.Div(
        [html.Span(with_commands(text)), *more],
        className=f"note note-action {kind}".strip(),
        role="status",
    )


def start_button(key: str, words: str, *, main: bool = False, disabled: bool = False) -> Component:
    """Return a button that starts work; see `dashboard.services.models.STARTS`."""
    return html.Button(
        words,
        id={"type": "models-start", "key": key},
        type="button",
        className="main-button" if main else "small-button",
        disabled=disabled,
    )
