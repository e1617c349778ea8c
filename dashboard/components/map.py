"""The map: what stands around the points, and the legend that says what their colours mean."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.charts.map import MAP_CONFIG, frame
from dashboard.components.search import track_field
from dashboard.components.text import counted, hidden, icon, with_commands
from dashboard.services.map_groups import Group
from dashboard.services.map_view import MapView
from hybrid.atlas import Atlas, Basis

GRAPH_ID = "map-graph"
SHEET_ID = "map-sheet"
SPEC_ID = "map-spec"
NEAR_ID = "map-near"
METHOD_ID = "map-method"
COLOUR_ID = "map-colour"
TOOL_ID = "map-tool"
LEGEND_ID = "map-legend"
NOTE_ID = "map-note"
WHOLE_ID = "map-whole"
EMPTY_ID = "map-empty"
SEARCH_ID = "map-search"
ASKED_ID = "map-asked"
HINT_ID = "map-hint"
CLICKED_ID = "map-clicked"
PICKED_ID = "map-picked"
PICKED_BAR_ID = "map-picked-bar"
PICKED_WORDS_ID = "map-picked-words"
ADD_ID = "map-add"
CLEAR_ID = "map-clear"
TOOLTIP_ID = "map-tooltip"
LIST_ID = "map-list"
LOOK_AGAIN_ID = "map-look-again"

NEAR_WORDS: dict[Basis, str] = {"sound": "Sounds alike", "sets": "Played together"}
_METHODS = {"pca": "By distance", "diffusion": "By groups", "umap": "UMAP"}
_COLOURS = {
    "genre": "Genre",
    "key": "Key",
    "bpm": "Tempo (BPM)",
    "year": "Year",
    "source": "Where it is from",
}
_TOOLS = {"pan": "Move", "lasso": "Draw around", "select": "Box"}
_ZOOMS = (("in", "+", "Zoom in"), ("out", "\N{MINUS SIGN}", "Zoom out"))


def search_box() -> Component:
    """Return the search for a track to go to."""
    return html.Div(
        [
            track_field(SEARCH_ID, "Find a track on the map"),
            dcc.Store(id=ASKED_ID),
            html.Div(id=HINT_ID, className="hint", role="status"),
        ],
        className="map-search",
    )


def controls() -> Component:
    """Return what the map is drawn by."""
    return html.Div(
        [
            _labelled(
                "Near means",
                dmc.SegmentedControl(
                    id=NEAR_ID,
                    data=near_choices(tuple(NEAR_WORDS)),
                    value="sound",
                    **{"aria-label": "Near means"},
                ),
            ),
            _labelled(
                "Arranged",
                dmc.SegmentedControl(
                    id=METHOD_ID,
                    data=method_choices(umap=False),
                    value="pca",
                    **{"aria-label": "Arranged"},
                ),
            ),
            dmc.Select(
                id=COLOUR_ID,
                label="Colour by",
                data=[{"value": value, "label": word} for value, word in _COLOURS.items()],
                value="genre",
                allowDeselect=False,
                checkIconPosition="right",
                className="map-colour",
            ),
        ],
        className="map-controls",
    )


def near_choices(bases: Sequence[Basis]) -> list[dict[str, Any]]:
    """Return the choices of what near means; one that there is nothing of cannot be taken."""
    return [
        {"value": basis, "label": word, "disabled": basis not in bases}
        for basis, word in NEAR_WORDS.items()
    ]


def method_choices(*, umap: bool) -> list[dict[str, Any]]:
    """Return the ways to arrange the points; `umap` is whether that package is installed."""
    known = [name for name in _METHODS if umap or name != "umap"]
    return [{"value": name, "label": _METHODS[name]} for name in known]


def _labelled(words: str, control: Component) -> Component:
    return html.Div(
        [html.Span(words, className="map-label", **{"aria-hidden": "true"}), control],
        className="map-control",
    )


def sheet() -> Component:
    """Return the map itself, with its tools and a bar for what is marked on it."""
    return html.Div(
        [
            html.Div(
                [
                    dmc.SegmentedControl(
                        id=TOOL_ID,
                        data=[{"value": value, "label": word} for value, word in _TOOLS.items()],
                        value="pan",
                        size="xs",
                        **{"aria-label": "What dragging does"},
                    ),
                    html.Div(
                        [
                            *(
                                html.Button(
                                    sign,
                                    type="button",
                                    className="map-zoom",
                                    title=words,
                                    **{"aria-label": words, "data-map-zoom": name},
                                )
                                for name, sign, words in _ZOOMS
                            ),
                            html.Button(
                                "Whole map",
                                type="button",
                                className="map-zoom map-zoom-all",
                                **{"data-map-zoom": "all"},
                            ),
                        ],
                        className="map-zooms",
                    ),
                ],
                className="map-tools",
            ),
            html.Div(
                [
                    dcc.Graph(
                        id=GRAPH_ID,
                        figure=frame(),
                        config=MAP_CONFIG,
                        clear_on_unhover=True,
                        className="map-graph",
                        responsive=True,
                    ),
                    html.Span(id="map-ring", hidden=True, **{"aria-hidden": "true"}),
                    html.P("Drawing the map…", id="map-wait", className="quiet", role="status"),
                    dcc.Tooltip(id=TOOLTIP_ID, className="map-tip", loading_text=""),
                ],
                id=SHEET_ID,
                className="map-sheet",
                tabIndex=0,
                role="group",
                **{
                    "aria-label": "Map of tracks",
                    "aria-describedby": NOTE_ID,
                    "data-tool": "pan",
                },
            ),
            html.Div(
                [
                    html.Span(id=PICKED_WORDS_ID, role="status"),
                    html.Button("Add to the crate", id=ADD_ID, type="button", className="map-add"),
                    html.Button("Clear", id=CLEAR_ID, type="button", className="link-button"),
                ],
                id=PICKED_BAR_ID,
                className="map-picked",
                hidden=True,
            ),
            html.P(
                [
                    html.Span("star: your track", className="map-mark map-mark-seed"),
                    html.Span("circles: nearest to it", className="map-mark map-mark-near"),
                    html.Span(
                        "numbers: the crate, in its order", className="map-mark map-mark-crate"
                    ),
                    html.Span(
                        "Two fingers move and zoom the map; one finger scrolls the page.",
                        className="map-touch",
                    ),
                ],
                className="map-marks quiet",
            ),
        ],
        className="map-frame",
    )


def legend(groups: Sequence[Group], view: MapView) -> list[Component]:
    """Return what the colours mean; each line shows its group alone, or with others."""
    known = {group.key for group in groups}
    only = [key for key in view.only if key in known]
    lines = [
        html.Li(
            html.Button(
                [
                    html.Span(
                        className="map-swatch",
                        style={"background": group.colour},
                        **{"aria-hidden": "true"},
                    ),
                    html.Span(group.name, className="map-group"),
                    html.Span(f"{group.count:,}", className="map-count"),
                    hidden(" tracks" if group.count != 1 else " track"),
                ],
                id={"type": "map-group", "key": group.key or "-"},
                type="button",
                className="map-legend-line",
                title="Show only these, or these too",
                **{
                    "aria-pressed": "true" if group.key in only else "false",
                    "data-shown": "true" if not only or group.key in only else "false",
                },
            )
        )
        for group in groups
    ]
    return [
        html.Ul(
            lines,
            className="map-legend-list",
            **{"aria-label": "What the colours mean; choose some to see only those"},
        ),
        *(
            [
                html.Button(
                    "Show all",
                    id={"type": "map-all", "key": 0},
                    type="button",
                    className="link-button",
                )
            ]
            if only
            else []
        ),
    ]


def note(atlas: Atlas, missing: int, basis: Basis, bases: Sequence[Basis]) -> list[Component]:
    """Say what is on the map, what is not and why, and how far it can be trusted.

    Parameters
    ----------
    missing : int
        Recordings that have no place on it.
    bases : sequence of str
        What there is to draw.
    """
    by = "what they sound like" if basis == "sound" else "the sets they are played in"
    said: list[Component | str] = [f"{counted(len(atlas), 'track')}, placed by {by}. "]
    if missing:
        are = "is" if missing == 1 else "are"
        why = "not analysed yet" if basis == "sound" else "no set that Segue learned from plays"
        them = "it" if missing == 1 else "them"
        why += "" if basis == "sound" else f" {them}"
        said.append(f"{counted(missing, 'track')} {are} not on the map: {why}. ")
    if isnan(atlas.kept):
        said.append("Groups are drawn apart; how far apart says little. ")
    elif len(atlas) > 2:
        said.append(
            f"A flat map shows {atlas.kept:.0%} of the differences, so what is listed as near "
            "can lie apart on it: the list is right. "
        )
    if missing and basis == "sound":
        said.append(dcc.Link("Analyse more music", href="/library"))
    elif "sound" not in bases:
        said += [dcc.Link("Analyse music", href="/library"), " to see what sounds alike. "]
    if "sets" not in bases:
        said += [" ", dcc.Link("Train on your sets", href="/models"), " to see what is played "]
        said.append("together.")
    return [html.Span(said)]


def nothing_yet(*, has_sets: bool) -> Component:
    """Return the state of a catalogue with nothing that a map could be drawn of."""
    first = (
        "Segue knows your sets, and has not learned from them yet."
        if has_sets
        else "Your catalogue is empty."
    )
    return html.Section(
        [
            icon("page-map"),
            html.H2("Nothing to draw yet"),
            html.P(first),
            html.P(
                "A map needs one of two things: music that Segue has listened to, which shows "
                "what sounds alike, or sets that it has learned from, which show what is played "
                "together."
            ),
            html.P(
                [
                    dcc.Link("Add a folder of music or sets", href="/library"),
                    *([" or ", dcc.Link("train on your sets", href="/models")] if has_sets else []),
                ],
                className="map-next",
            ),
            html.P(with_commands("In a terminal: `segue demo`"), className="quiet"),
            html.P("This page looks again by itself.", className="quiet"),
        ],
        className="state",
    )


def being_drawn() -> Component:
    """Return the state of a picture that takes minutes."""
    return html.Section(
        [
            icon("page-map"),
            html.H2("Finding the groups"),
            html.P(
                "This arrangement takes a few minutes for a large catalogue, once. The map opens "
                "by itself; the one by distance is there at once."
            ),
        ],
        className="state",
        role="status",
    )
