"""The map: its empty frame, and the colours of what is drawn in it.

The points themselves are put in by ``assets/map.js``, which has fetched them as plain numbers:
a hundred thousand points do not pass through JSON.
"""

from __future__ import annotations

import colorsys
from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.style import CONFIG, PALETTE, figure

#: Our own buttons, with words and in reach of the keyboard, stand for Plotly's bar. The wheel is
#: handled in ``map.js`` too, because Plotly's way with it does not work in every browser.
MAP_CONFIG = {**CONFIG, "displayModeBar": False, "scrollZoom": False, "doubleClick": False}

#: What is in no group of its own, and what nothing is known of.
OTHER, UNKNOWN = "#7f8b96", "#8d8478"
#: Relative luminance between which a colour stands out 3:1 from a white page and a black one.
_DARKEST, _LIGHTEST = 0.14, 0.27
_WHEEL = 12


def frame() -> go.Figure:
    """Return the map without a point on it."""
    axis = {"visible": False, "range": [-1.9, 1.9], "showgrid": False, "fixedrange": False}
    return figure(
        xaxis=axis,
        yaxis=axis,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        dragmode="pan",
        hovermode="closest",
        hoverdistance=12,
        clickmode="event",
        newselection={"line": {"width": 2, "dash": "solid"}},
    )


def named(count: int) -> list[str]:
    """Return colours for groups that have no order."""
    return [PALETTE[place % len(PALETTE)] for place in range(count)]


def ramp(count: int) -> list[str]:
    """Return colours for groups from low to high: blue to amber, and ever lighter.

    Examples
    --------
    >>> ramp(3)
    ['#4e61c4', '#d23eb8', '#d0791e']
    """
    steps = [place / max(count - 1, 1) for place in range(count)]
    return [
        _shade(
            (0.64 + 0.445 * step) % 1.0,
            _DARKEST + (_LIGHTEST - _DARKEST) * step,
            0.5 + 0.25 * step,
        )
        for step in steps
    ]


def wheel(numbers: Sequence[tuple[int, bool]]) -> list[str]:
    """Return colours of keys: neighbours on the circle of fifths have neighbouring hues.

    Parameters
    ----------
    numbers : sequence of (int, bool)
        Camelot number, 1 to 12, and whether the key is major; major is the lighter one.
    """
    return [
        _shade((number - 1) / _WHEEL, _LIGHTEST if major else _DARKEST, 0.68 if major else 0.6)
        for number, major in numbers
    ]


def luminance(colour: str) -> float:
    """Return the relative luminance of a hex colour, as WCAG defines it."""
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _shade(hue: float, wanted: float, saturation: float) -> str:
    """Return the colour of a hue that has the luminance wanted."""
    low, high = 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        if luminance(_hex(hue, middle, saturation)) < wanted:
            low = middle
        else:
            high = middle
    return _hex(hue, high, saturation)


def _hex(hue: float, lightness: float, saturation: float) -> str:
    parts = colorsys.hls_to_rgb(hue, lightness, saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)
