"""A set over its running order: how energy goes, and the way through the keys."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go

from dashboard.charts.style import PALETTE, figure
from data.harmony import Key, Notation, key_compatibility
from hybrid.sequence import RunningOrder, Slot

#: Grade of two keys from which on they do not clash; as in `hybrid.sequence.describe`.
_MIXES = 0.3
_ROOMY = 50  # points that do not hide the line
_LABELLED = 24  # points that have room for their key beside them
_ROOM = 0.12  # below and above the energies of a set
_GOOD, _WANTED, _BAD = PALETTE[0], PALETTE[1], PALETTE[6]
_GRID = "rgba(128,128,128,0.18)"
_MARGIN = {"l": 4, "r": 8, "t": 8, "b": 4}

Drawn = tuple[go.Figure | None, str]


def energy_curve(order: RunningOrder) -> Drawn:
    """Draw the energy of every slot, and the curve that is wanted.

    Returns
    -------
    figure : Figure or None
        None where no energy is known.
    words : str
        The same as a sentence.
    """
    known = [slot for slot in order.slots if slot.energy is not None]
    if not known:
        return None, "No energy is known: analyse the files of these tracks on the Library page."
    energies = [slot.energy for slot in order.slots]
    drawn = figure(margin=_MARGIN, hovermode="x")
    if order.curve != "none":
        drawn.add_scatter(
            x=_numbers(order.slots),
            y=_wanted(order.slots),
            mode="lines",
            line={"dash": "dash", "width": 2, "color": _WANTED, "shape": "spline"},
            hoverinfo="skip",
        )
    drawn.add_scatter(
        x=_numbers(order.slots),
        y=energies,
        mode="lines+markers",
        line={"width": 2.5, "color": _GOOD},
        marker={"size": _dot(order.slots)},
        connectgaps=True,
        fill="tozeroy",
        fillcolor="rgba(18,151,138,0.12)",
        text=_names(order.slots),
        hovertemplate="%{text}<br>energy %{y:.0%}<extra></extra>",
    )
    _slot_axis(drawn, len(order.slots))
    reached = [slot.energy or 0.0 for slot in known]
    drawn.update_yaxes(
        range=[max(0.0, min(reached) - _ROOM), min(1.0, max(reached) + _ROOM)],
        tickformat=".0%",
        nticks=4,
        gridcolor=_GRID,
        fixedrange=True,
    )
    return drawn, _energy_words(known, order)


def key_path(order: RunningOrder, notation: Notation = "camelot") -> Drawn:
    """Draw the way over the wheel of keys; neighbours on the wheel are one step apart.

    The wheel is unrolled the short way round, so that 12 to 1 is a step and not a leap.

    Returns
    -------
    figure : Figure or None
        None where no key is known.
    words : str
        The same as a sentence.
    """
    known = [slot for slot in order.slots if slot.key is not None]
    if not known:
        return None, "No key is known: analyse the files of these tracks on the Library page."
    heights = unrolled([slot.key for slot in known if slot.key])
    drawn = figure(margin=_MARGIN | {"t": 16}, hovermode="closest")
    steps = [_mixes(known[i], known[i + 1]) for i in range(len(known) - 1)]
    clashes = steps.count(False)
    for mixes, line in ((True, {"width": 2.5}), (False, {"width": 2, "dash": "dot"})):
        places = [i for i, fits in enumerate(steps) if fits is mixes]
        drawn.add_scatter(
            x=[x for i in places for x in (known[i].number, known[i + 1].number, None)],
            y=[y for i in places for y in (*heights[i : i + 2], None)],
            mode="lines",
            line=line | {"color": _GOOD if mixes else _BAD},
            hoverinfo="skip",
        )
    keys = [slot.key.written(notation) for slot in known if slot.key]
    drawn.add_scatter(
        x=_numbers(known),
        y=heights,
        mode="markers+text" if len(known) <= _LABELLED else "markers",
        text=keys,
        textposition=_label_places(heights),
        customdata=_names(known),
        marker={
            "size": _dot(order.slots) + 1,
            "color": _GOOD,
            "symbol": ["circle" if s.key and s.key.mode == "minor" else "diamond" for s in known],
        },
        hovertemplate="%{customdata}<br>%{text}<extra></extra>",
    )
    _slot_axis(drawn, len(order.slots))
    low, high = min(heights), max(heights)
    drawn.update_yaxes(
        range=[low - max(1.6, (high - low) * 0.3), high + max(1.6, (high - low) * 0.3)],
        showticklabels=False,
        gridcolor=_GRID,
        dtick=1 if high - low <= 8 else 2,
        fixedrange=True,
    )
    clash = "no clash" if not clashes else f"{clashes} of {len(known) - 1} steps clash"
    return drawn, f"Keys in order: {', '.join(keys)}; {clash}."


def unrolled(keys: Sequence[Key]) -> list[int]:
    """Return heights on the unrolled wheel of keys: each the short way from the one before.

    Examples
    --------
    >>> unrolled([Key.from_camelot(n, "A") for n in (11, 12, 1, 8)])
    [11, 12, 13, 8]
    """
    heights: list[int] = []
    for key in keys:
        number = key.camelot_number
        if heights:
            step = (number - heights[-1] + 6) % 12 - 6
            number = heights[-1] + step
        heights.append(number)
    return heights


def _mixes(before: Slot, after: Slot) -> bool:
    relation = key_compatibility(before.key, after.key)
    return relation is None or relation.score >= _MIXES


def _label_places(heights: Sequence[int]) -> list[str]:
    """Below a valley, above all else, so that no label stands on the line."""
    around = [heights[0], *heights, heights[-1]]
    return [
        "bottom center" if here < max(left, right) and here <= min(left, right) else "top center"
        for left, here, right in zip(around, heights, around[2:], strict=False)
    ]


def _numbers(slots: Sequence[Slot]) -> list[int]:
    return [slot.number for slot in slots]


def _names(slots: Sequence[Slot]) -> list[str]:
    return [f"{slot.number}. {_plain(slot.track.full_title)}" for slot in slots]


def _dot(slots: Sequence[Slot]) -> int:
    return 7 if len(slots) <= _ROOMY else 3


def _plain(text: str) -> str:
    """Plotly takes what looks like HTML in a hover for HTML."""
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _wanted(slots: Sequence[Slot]) -> list[float | None]:
    """What the curve wants, in energies: it is told in parts of the pool's own range."""
    known = [slot.energy for slot in slots if slot.energy is not None]
    low, high = min(known), max(known)
    return [None if s.wanted is None else low + s.wanted * (high - low) for s in slots]


def _slot_axis(drawn: go.Figure, slots: int) -> None:
    drawn.update_xaxes(
        range=[0.5, slots + 0.5],
        dtick=next((step for step in (1, 2, 5, 10, 20, 50) if slots <= 12 * step), 100),
        showgrid=False,
        fixedrange=True,
    )


def _energy_words(known: Sequence[Slot], order: RunningOrder) -> str:
    values = [slot.energy or 0.0 for slot in known]
    low, high = min(values), max(values)
    top = known[values.index(high)]
    words = f"Energy goes from {low:.0%} to {high:.0%}, highest at {top.number}, {top.track}."
    if order.curve_fit is not None:
        words += f" It follows the wanted curve {order.curve_fit:.0%}."
    return words
