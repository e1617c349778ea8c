"""How good recommendations are over the slider from sets to sound: for the page and the docs."""

from __future__ import annotations

from collections.abc import Mapping

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from dashboard.charts.style import PALETTE, figure

#: Points of a curve, by place of the slider, 0 to 1.
Curve = Mapping[float, float]

_SYMBOLS = ("circle", "diamond", "square", "triangle-up", "cross", "x")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")


def over_slider(panels: Mapping[str, Mapping[str, Curve]]) -> go.Figure:
    """Draw one panel for each way to hold sets back, with a curve for each question.

    Curves differ in mark and stroke, not in colour alone.

    Parameters
    ----------
    panels : mapping of str to mapping of str to Curve
        Title of each panel, and its curves by name; a lone panel may have an empty title.
    """
    several = len(panels) > 1
    drawn = make_subplots(
        cols=max(1, len(panels)),
        shared_yaxes=True,
        horizontal_spacing=0.04,
        subplot_titles=list(panels) if several else None,
        figure=figure(
            margin={"l": 8, "r": 16, "t": 32 if several else 8, "b": 8},
            showlegend=True,
            legend={"orientation": "h", "y": -0.14, "yanchor": "top", "x": 0},
            hovermode="x unified",
        ),
    )
    names = list(dict.fromkeys(name for curves in panels.values() for name in curves))
    shown: set[str] = set()
    for column, curves in enumerate(panels.values(), 1):
        for name, curve in curves.items():
            place = names.index(name)
            drawn.add_trace(
                go.Scatter(
                    name=name,
                    x=list(curve),
                    y=list(curve.values()),
                    mode="lines+markers",
                    line={
                        "color": PALETTE[place % len(PALETTE)],
                        "dash": _DASHES[place % len(_DASHES)],
                        "width": 2.5,
                    },
                    marker={"symbol": _SYMBOLS[place % len(_SYMBOLS)], "size": 7},
                    legendgroup=name,
                    showlegend=name not in shown,
                    cliponaxis=False,
                    hovertemplate="%{y:.3f}",
                ),
                row=1,
                col=column,
            )
            shown.add(name)
    drawn.update_xaxes(
        tickvals=[0, 0.5, 1],
        ticktext=["sets", "as learned", "sound"],
        range=[-0.04, 1.04],
        showgrid=False,
        zeroline=False,
        ticklabelstandoff=6,
        fixedrange=True,
    )
    drawn.update_yaxes(
        rangemode="tozero", nticks=6, gridcolor="rgba(128,128,128,0.18)", fixedrange=True
    )
    return drawn
