"""What shapes a set: the curve, order for flow, a path from one track to another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.charts.set import energy_curve, key_path
from dashboard.charts.style import CONFIG
from dashboard.components.set_rows import clock, plain_rows
from dashboard.components.text import counted, hidden, icon
from dashboard.services.sets import CrateSet
from dashboard.set_view import MOST_MINUTES, STEPS, SetView
from data.harmony import Notation
from data.records import Track
from hybrid.sequence import MOST_STEPS, RunningOrder

CHARTS_ID = "set-charts"
TOOLS_ID = "set-tools"
WISH = "set-wish"
CHART = "set-chart"
#: What each curve is called.
CURVE_NAMES = {
    "none": "Any",
    "warm-up": "Warm-up",
    "build": "Build",
    "peak": "Peak",
    "wave": "Wave",
}


def tools() -> Component:
    """Return the charts' place and the two tools; the page fills in what was chosen."""
    return html.Div(
        [
            html.Div(id=CHARTS_ID),
            html.Section(
                [
                    html.H2("Order for flow"),
                    _field("How should energy go?", _curve()),
                    html.Div([_minutes(), _track("first", "Opens with")], className="set-pair"),
                    _track("last", "Closes with"),
                    html.P(
                        [
                            "Tracks with a closed lock (",
                            icon("lock"),
                            ") keep their place. You see the order before anything changes.",
                        ],
                        className="field-hint",
                    ),
                    _go("order", "Propose an order"),
                ],
                className="set-tool",
            ),
            html.Section(
                [
                    html.H2("Path from track to track"),
                    html.P(
                        "Finds tracks that lead from one to the other, each mixing into the next. "
                        "To reach a new track, add it to the crate first.",
                        className="field-hint",
                    ),
                    _track("start", "From", "Choose a track of this crate"),
                    _track("end", "To", "Choose a track of this crate"),
                    dmc.NumberInput(
                        id={"type": WISH, "key": "steps"},
                        label="Steps",
                        description="Transitions on the way: 4 steps put 3 tracks between the two",
                        value=STEPS,
                        min=1,
                        max=MOST_STEPS,
                        allowDecimal=False,
                        clampBehavior="blur",
                        debounce=400,
                    ),
                    _go("path", "Find a path"),
                ],
                className="set-tool",
            ),
        ],
        id=TOOLS_ID,
        className="set-tools",
        hidden=True,
    )


def _field(label: str, control: Component) -> Component:
    return html.Div([html.Span(label, className="field-label"), control])


def _curve() -> Component:
    return dmc.SegmentedControl(
        id={"type": WISH, "key": "curve"},
        data=[{"value": value, "label": name} for value, name in CURVE_NAMES.items()],
        value="none",
        fullWidth=True,
        size="sm",
        **{"aria-label": "How energy should go"},
    )


def _minutes() -> Component:
    return dmc.NumberInput(
        id={"type": WISH, "key": "minutes"},
        label="Minutes at most",
        placeholder="all tracks",
        value="",
        min=1,
        max=MOST_MINUTES,
        allowDecimal=False,
        clampBehavior="blur",
        debounce=400,
    )


def _track(key: str, label: str, placeholder: str = "any track") -> Component:
    return dmc.Select(
        id={"type": WISH, "key": key},
        label=label,
        placeholder=placeholder,
        data=[],
        value=None,
        clearable=True,
        searchable=True,
        nothingFoundMessage="Not in this crate",
        comboboxProps={"shadow": "lg"},
        clearButtonProps={"aria-label": f"Clear “{label}”"},
    )


def _go(tool: str, words: str) -> Component:
    return html.Button(
        words,
        type="button",
        className="small-button set-go",
        **{"data-set": "tool", "data-tool": tool},
    )


def values(view: SetView, of: CrateSet | None) -> dict[str, Any]:
    """Return what the controls show, and the tracks that can be chosen."""
    ids = of.ids if of else ()
    return {
        "values": {
            "curve": view.curve,
            "minutes": view.minutes or "",
            "steps": view.steps,
            **{
                name: str(ident) if (ident := getattr(view, name)) in ids else None
                for name in ("first", "last", "start", "end")
            },
        },
        "tracks": [
            {"value": str(ident), "label": f"{slot}  {track}"}
            for slot, (ident, track) in enumerate(of.tracks.items(), start=1)
        ]
        if of
        else [],
    }


# -- charts


def charts(
    of: CrateSet, view: SetView, notation: Notation, proposed: RunningOrder | None = None
) -> list[Component]:
    """Return the energy curve and the key path of a set, or of what is proposed for it."""
    order = proposed or of.order
    if order is None:
        return []
    whose = "of the proposed order" if proposed else ""
    wanted = f"dashed: {CURVE_NAMES[view.curve].lower()}" if order.curve != "none" else ""
    energy, keys = energy_curve(order), key_path(order, notation)
    return [
        _chart("Energy", " · ".join(filter(None, (whose, wanted))), energy, "energy"),
        _chart("Key path", whose or "one step up or down, or none, mixes best", keys, "keys"),
    ]


def _chart(title: str, note: str, drawn: tuple[Any, str], name: str) -> Component:
    figure, words = drawn
    if figure is None:
        body: Component = html.P(words, className="quiet")
    else:
        body = html.Div(
            dcc.Graph(
                id={"type": CHART, "key": name},
                figure=figure,
                config=CONFIG | {"displayModeBar": False},
                style={"height": "150px"},
            ),
            role="img",
            **{"aria-label": words},
        )
    return html.Section(
        [
            html.Div(
                [html.H2(title), html.Span(note, className="quiet")], className="set-chart-head"
            ),
            body,
        ],
        className="set-chart",
    )


# -- what the tools propose


def proposal(of: CrateSet, order: RunningOrder, notation: Notation) -> Component:
    """Return a proposed order beside the one that is there: what it gains and what moves."""
    same = order.recording_ids == of.ids
    before = {ident: slot for slot, ident in enumerate(of.ids, start=1)}
    moved = sum(before[slot.recording_id] != slot.number for slot in order.slots)
    gone = [of.tracks[ident] for ident in order.left_out]
    if same:
        said = "This is the best order Segue knows for these tracks: nothing would move."
    else:
        said = f"{counted(moved, 'track')} would move."
    return _preview(
        "Proposed order",
        [
            html.P([_scores(of, order), " ", said], className="set-gain"),
            *(html.P(note, className="note") for note in order.notes),
            *([html.P(_left_out(gone), className="note")] if gone else []),
            plain_rows(
                order,
                notation,
                [
                    _moved(before[slot.recording_id], slot.number, held=slot.locked)
                    for slot in order.slots
                ],
            ),
        ],
        [
            *([] if same else [_do("use", "Use this order", main=True)]),
            _do("close-tool", "Close" if same else "Keep mine"),
        ],
    )


def _scores(of: CrateSet, order: RunningOrder) -> Component:
    was = of.order
    parts: list[Component | str] = []
    if was is not None:
        parts += ["Flow ", _change(was.score, order.score), " of 100"]
    if was is not None and was.curve_fit is not None and order.curve_fit is not None:
        parts += [", follows the curve ", _change(was.curve_fit, order.curve_fit)]
    if order.length_s is not None and order.left_out:
        parts += [f", plays {clock(order.length_s)}"]
    return html.Span([*parts, "."])


def _change(before: float, after: float) -> Component:
    return html.Strong(f"{before * 100:.0f} → {after * 100:.0f}")


def _left_out(gone: Sequence[Track]) -> str:
    names = ", ".join(str(track) for track in gone[:5])
    more = f" and {len(gone) - 5} more" if len(gone) > 5 else ""
    there = "does" if len(gone) == 1 else "do"
    return (
        f"{counted(len(gone), 'track')} {there} not fit and would leave the crate: {names}{more}."
    )


def _moved(before: int, now: int, *, held: bool) -> Component:
    if held:
        return html.Span([icon("lock"), hidden("kept in place")], className="set-moved")
    if before == now:
        return html.Span("stays", className="set-moved quiet")
    way = "up" if now < before else "down"
    return html.Span(
        [icon(way), hidden(f"{way} "), f"{abs(before - now)}"],
        className="set-moved",
        title=f"It is number {before} now",
    )


def path_found(of: CrateSet, order: RunningOrder, notation: Notation) -> Component:
    """Return a path between two tracks, and what can be done with it."""
    marks = [
        html.Span("here", className="set-moved quiet")
        if slot.recording_id in of.tracks
        else html.Span([icon("plus"), hidden("new")], className="set-moved")
        for slot in order.slots
    ]
    first = order.slots[0].track.full_title
    return _preview(
        "A path",
        [
            html.P(
                f"From {first} to {order.slots[-1].track.full_title}, "
                f"flow {order.score * 100:.0f} of 100.",
                className="set-gain",
            ),
            plain_rows(order, notation, marks),
        ],
        [
            _do("insert-path", f"Put it in after {first}", main=True),
            _do("path-crate", "Make a new crate of it"),
            _do("close-tool", "Close"),
        ],
    )


def no_way(why: str, title: str = "No path found") -> Component:
    """Return why there is no path, or no order."""
    return _preview(
        title, [html.P([icon("warning"), why], className="note")], [_do("close-tool", "Close")]
    )


def ask_for_ends() -> Component:
    """Return the hint before both ends of a path are chosen."""
    return _preview(
        "A path",
        [html.P("Choose a track under “From” and another one under “To”.", className="quiet")],
        [_do("close-tool", "Close")],
    )


def _preview(title: str, body: Sequence[Any], buttons: Sequence[Component]) -> Component:
    return html.Section(
        [
            html.Div(
                [
                    html.H2(title, id="set-preview-title", tabIndex=-1),
                    html.Div(list(buttons), className="set-preview-do"),
                ],
                className="set-preview-head",
            ),
            *body,
        ],
        className="set-preview",
        **{"aria-labelledby": "set-preview-title"},
    )


def _do(action: str, words: str, *, main: bool = False) -> Component:
    return html.Button(
        words,
        type="button",
        className="small-button main-button" if main else "small-button",
        **{"data-set": action},
    )


def kept(order: RunningOrder | None, of: CrateSet) -> Mapping[str, Any] | None:
    """Return what the page keeps of a proposal, so that what was seen is what is used."""
    if order is None:
        return None
    return {"ids": list(order.recording_ids), "stamp": of.state.stamp, "crate": of.state.id}
