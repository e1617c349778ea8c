"""How every figure looks. Text and lines take their colours from ``assets/charts.css``.

A figure is drawn once and must be right on a light page and on a dark one: its ground is
transparent, and the style sheet colours what Plotly writes as SVG.
"""

from __future__ import annotations

from typing import Any

import plotly.graph_objects as go

#: For every `dcc.Graph`. Plotly 7 would offer to upload the chart to its own cloud.
CONFIG: dict[str, Any] = {
    "displaylogo": False,
    "responsive": True,
    "modeBarButtonsToRemove": ["sendChartToCloud"],
}

#: Told apart with any kind of colour vision, and 3:1 on white and on black (after Okabe, Ito 2008,
#: darkened or lightened until both hold).
PALETTE = (
    "#12978a",
    "#c9741a",
    "#4d7fd6",
    "#c2549b",
    "#7f8b17",
    "#8a6fd0",
    "#cf5a45",
    "#3f93b5",
    "#a07d3a",
    "#6f8c6a",
)
#: From low to high, as even steps of lightness; ends before both grounds.
SCALE = "Viridis"
_FONT = "'Inter Variable', system-ui, sans-serif"


def figure(**layout: Any) -> go.Figure:
    """Return an empty figure with Segue's layout; `layout` adds to it or replaces parts."""
    axis = {"zeroline": False, "showline": False, "ticks": "", "automargin": True}
    base: dict[str, Any] = {
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": _FONT, "size": 13},
        "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
        "colorway": list(PALETTE),
        "xaxis": axis,
        "yaxis": axis,
        "showlegend": False,
        "hoverlabel": {"font": {"family": _FONT, "size": 13}, "align": "left"},
        "modebar": {"orientation": "h"},
    }
    return go.Figure(layout=base | layout)
