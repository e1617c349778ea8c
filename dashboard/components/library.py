"""The Library page's parts: what is there, where it came from, and what goes with it."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import counted, hidden, icon
from dashboard.services.sources import Source
from data.catalogue import Stats

HEAD_ID = "library-head"
SOURCES_ID = "library-sources"
CONFIRM_ID = "library-confirm"
CONFIRM_TEXT_ID = "library-confirm-text"
REMOVE_ID = "library-remove"
KEEP_ID = "library-keep"
REMOVING_ID = "library-removing"
REMOVED_ID = "library-removed"


def head(stats: Stats, advice: str) -> list[Component]:
    """Return what the catalogue holds in a line, and what should be done about it."""
    if not stats.recordings and not stats.sets:
        return [
            html.P(
                "Nothing is here yet. Add tracklists or a MixesDB category, so that Segue learns "
                "what DJs play together, and your music, so that it knows how it sounds.",
                className="lead",
            )
        ]
    figures = (
        (stats.recordings, "track"),
        (stats.sets, "set"),
        (stats.plays, "play"),
        (stats.artists, "artist"),
        (stats.labels, "label"),
    )
    facts = [
        html.Li([html.Strong(f"{number:,}"), f" {noun if number == 1 else noun + 's'}"])
        for number, noun in figures
    ]
    facts.append(html.Li([html.Strong(f"{stats.analysed:,}"), " analysed"]))
    parts: list[Component] = [html.Ul(facts, className="facts")]
    if advice:
        parts.append(
            html.P(
                [
                    html.Span(advice),
                    html.Button(
                        "Train now",
                        id={"type": "library-train", "key": 0},
                        type="button",
                        className="small-button",
                    ),
                ],
                className="note note-action",
                role="status",
            )
        )
    return parts


def source_list(sources: Sequence[Source], crates: tuple[int, int]) -> list[Component]:
    """Return where everything came from; `crates` is how many there are, and their tracks."""
    if not sources:
        return [html.P("Nothing has come in yet.", className="quiet")]
    rows = [
        html.Li(
            [
                html.Span(
                    [icon("wave" if source.key.startswith("sound:") else "crate"), source.name],
                    className="source-name",
                ),
                html.Span(source.what, className="source-what"),
                html.Span(source.when, className="source-when"),
                html.Button(
                    ["Remove", hidden(f" {source.name}")],
                    id={"type": "source-remove", "key": source.key},
                    type="button",
                    className="small-button",
                ),
            ],
            className="source",
        )
        for source in sources
    ]
    number, tracks = crates
    if tracks:
        rows.append(
            html.Li(
                [
                    html.Span([icon("crate"), "Crates and playlists"], className="source-name"),
                    html.Span(
                        f"{counted(number, 'crate')}, {counted(tracks, 'track')}",
                        className="source-what",
                    ),
                    html.Span(className="source-when"),
                    dcc.Link("Open", href="/set", className="small-button"),
                ],
                className="source",
            )
        )
    return [html.Ul(rows, className="sources")]


def confirmation() -> Component:
    """Return the question that stands before anything is removed."""
    return dmc.Modal(
        [
            html.Div(id=CONFIRM_TEXT_ID),
            html.Div(
                [
                    html.Button(
                        "Keep it",
                        id=KEEP_ID,
                        type="button",
                        className="small-button",
                        **{"data-autofocus": "true"},
                    ),
                    html.Button("Remove", id=REMOVE_ID, type="button", className="danger-button"),
                ],
                className="form-end",
            ),
        ],
        id=CONFIRM_ID,
        title="Remove this?",
        centered=True,
        closeButtonProps={"aria-label": "Close without removing"},
    )


def what_goes(source: Source) -> list[Component]:
    """Say what goes with a source and what stays."""
    return [
        html.P([html.Strong(source.name), f": {source.what}"]),
        html.P(source.goes),
        html.P(source.stays),
        html.P("You can add it again later, but this cannot be undone.", className="quiet"),
    ]
