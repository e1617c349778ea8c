"""The running order: each track in its slot, and above it how the one before leads into it.

A list and not a grid: what leads from row to row belongs between them, and rows move by mouse,
by button and by keyboard alike. ``assets/set.js`` reports what is done by ``data-set``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from dash import html
from dash.development.base_component import Component

from dashboard.components.listen import bpm, energy_of, hear_buttons
from dashboard.components.text import hidden, icon, title_of
from dashboard.services.sets import CrateSet
from data.harmony import Notation
from data.records import Analysis, Track
from hybrid.sequence import Alternative, RunningOrder, Slot, Transition

ROWS_ID = "set-rows"
HINT_ID = "set-rows-hint"
Others = tuple[Sequence[Alternative], Sequence[Alternative]]


def running_order(
    of: CrateSet,
    locked: set[int],
    notation: Notation,
    *,
    open_slot: int | None = None,
    others: Others = ((), ()),
) -> Component:
    """Return the rows.

    Parameters
    ----------
    of : CrateSet
    locked : set of int
        Recordings that are held in their slot.
    notation : Notation
    open_slot : int or None
        The slot whose alternatives, `others`, are shown.
    """
    steps = (None, *of.order.transitions) if of.order else (None,) * len(of.ids)
    items = []
    for slot, (ident, step) in enumerate(zip(of.ids, steps, strict=True), start=1):
        before = of.ids[slot - 2] if slot > 1 else None
        shown = slot == open_slot
        items.append(
            html.Li(
                [
                    *([] if step is None else [transition(step, _listen(of, before, ident))]),
                    _row(of, slot, ident, notation, held=ident in locked, shown=shown),
                    *([_others(of, slot, others)] if shown else []),
                ],
                className="set-item set-held" if ident in locked else "set-item",
                tabIndex=0,
                **{
                    "data-row": str(ident),
                    "data-slot": str(slot),
                    "aria-label": f"{slot}: {of.tracks[ident]}",
                    "aria-describedby": HINT_ID,
                },
            )
        )
    rows = html.Ol(items, id=ROWS_ID, className="set-rows", **{"aria-label": "Running order"})
    return html.Div([_column_names(), rows] if of.sounds.measured else [rows])


def _column_names() -> Component:
    """What stands in which column, for the eye; each value names itself for the ear."""
    names = ("BPM", "Key", "Energy", "Length", "Starts")
    return html.Div(
        [html.Span(className="set-facts", children=[html.Span(name) for name in names])],
        className="set-columns",
        **{"aria-hidden": "true"},
    )


def _row(
    of: CrateSet, slot: int, ident: int, notation: Notation, *, held: bool, shown: bool
) -> Component:
    track = of.tracks[ident]
    start_s = of.order.slots[slot - 1].start_s if of.order else None
    return html.Div(
        [
            html.Button(
                icon("check"),
                type="button",
                role="checkbox",
                className="set-pick",
                **{"aria-checked": "false", "aria-label": f"Select {track}", "data-pick": ident},
            ),
            html.Span(
                [html.Span(str(slot), className="set-number"), icon("grip")],
                className="set-grip",
                draggable="true",
                title="Drag to move, or press Alt and an arrow key",
            ),
            *(
                hear_buttons(ident, track, of.sounds.playable, of.sounds.previews)
                or [html.Span(className="set-mute", title="There is no file of this track here")]
            ),
            html.Div(
                [html.Div(title_of(track), className="set-title"), html.Div(track.artist)],
                className="set-name",
            ),
            facts(of.sounds.measured.get(ident), start_s, notation),
            html.Div(
                _actions(slot, ident, track, len(of.ids), held=held, shown=shown),
                className="set-actions",
            ),
        ],
        className="set-track",
    )


def facts(heard: Analysis | None, start_s: float | None, notation: Notation) -> Component:
    """Return tempo, key, energy, length and start of a track; a dash for what is not known."""
    if heard is None:
        why = "Its tempo, key and energy are not known: add its file on the Library page"
        return html.Span(html.Span("not analysed", className="mark mark-quiet"), title=why)
    energy = energy_of(heard)
    return html.Dl(
        [
            *_fact("BPM", bpm(heard.bpm) if heard.bpm else "", "bpm"),
            *_fact("Key", heard.key.written(notation) if heard.key else "", "key"),
            *_fact("Energy", "" if energy is None else f"{energy:.0%}", "energy", energy),
            *_fact("Length", "" if isnan(heard.duration_s) else clock(heard.duration_s), "length"),
            *_fact("Starts at", "" if start_s is None else clock(start_s), "start"),
        ],
        className="set-facts",
    )


def _fact(name: str, value: str, kind: str, part: float | None = None) -> list[Component]:
    style = {} if part is None else {"style": {"--part": f"{part:.2f}"}}
    return [
        html.Dt(name, className="visually-hidden"),
        html.Dd(
            value or "–", className=f"set-{kind}", title=f"{name} {value or 'not known'}", **style
        ),
    ]


def _actions(
    slot: int, ident: int, track: Track, size: int, *, held: bool, shown: bool
) -> list[Component]:
    name = track.full_title
    return [
        _button("up", f"Move {name} up", "move", ident, {"data-by": "-1"}, off=slot == 1),
        _button("down", f"Move {name} down", "move", ident, {"data-by": "1"}, off=slot == size),
        _button(
            "lock" if held else "unlock",
            f"Keep {name} in place {slot}",
            "lock",
            ident,
            {"data-slot": str(slot), "aria-pressed": str(held).lower()},
            title="It stays here when you order for flow" if held else "Keep it in this place",
        ),
        _button(
            "swap",
            f"Other tracks for place {slot}",
            "others",
            ident,
            {"data-slot": str(slot), "aria-expanded": str(shown).lower()},
            title="What else could stand here",
        ),
        _button("close", f"Remove {name}", "remove", ident, {}, title="Remove"),
    ]


def _button(
    name: str,
    label: str,
    action: str,
    ident: int,
    more: dict[str, str],
    *,
    title: str = "",
    off: bool = False,
) -> Component:
    return html.Button(
        icon(name),
        type="button",
        className=f"round-button set-do set-{name}",
        disabled=off,
        title=title or label,
        **{"aria-label": label, "data-set": action, "data-id": str(ident), **more},
    )


# -- transitions


def _listen(of: CrateSet, before: int | None, ident: int) -> Component | None:
    """The button that plays the end of one track into the next, or why it cannot."""
    if before is None:
        return None
    silent = [i for i in (before, ident) if i not in of.sounds.playable]
    if silent:
        names = " and ".join(f"“{of.tracks[i].title}”" for i in silent)
        return html.Span(f"No file of {names} to listen to", className="set-silent")
    first, second = of.tracks[before], of.tracks[ident]
    return html.Button(
        [icon("headphones"), "Listen", hidden(f" to {first.title} into {second.title}")],
        type="button",
        className="small-button play set-listen",
        **{
            "aria-pressed": "false",
            "data-play": f"transition/{before}/{ident}",
            "data-name": f"{first.full_title} into {second.full_title}",
        },
    )


def transition(step: Transition, listen: Component | None = None) -> Component:
    """Return one transition: how well it mixes, why, and what may go wrong."""
    fit = round(100 * (1 - step.cost))
    return html.Div(
        [
            html.Div(
                html.Span(str(fit), className="set-fit-number"),
                className="set-fit",
                role="meter",
                title=f"Mixes {fit} of 100",
                style={"--fit": f"{fit}%"},
                **{
                    "aria-valuenow": str(fit),
                    "aria-valuemin": "0",
                    "aria-valuemax": "100",
                    "aria-label": "How well it mixes",
                },
            ),
            html.Div(
                [
                    html.Span(step.reason, className="set-reason"),
                    *(
                        html.Span([icon("warning"), warning], className="set-warning")
                        for warning in step.warnings
                    ),
                ],
                className="set-why",
            ),
            *([listen] if listen is not None else []),
        ],
        className="set-step",
    )


# -- alternatives


def _others(of: CrateSet, slot: int, others: Others) -> Component:
    within, outside = others
    count = len(of.ids) - 1
    ident = of.ids[slot - 1]
    here = of.tracks[ident].full_title
    parts: list[Component] = []
    if outside:
        parts += [
            html.H3("Put in its place, from your catalogue"),
            html.Ul([_offer(other, ident, count, of.order) for other in outside]),
        ]
    if within:
        parts += [
            html.H3("Or let it change places with"),
            html.Ul([_offer(other, ident, count, of.order) for other in within]),
        ]
    if not parts:
        parts = [html.P("Nothing else is known that would fit here.", className="quiet")]
    return html.Div(
        parts,
        className="set-others",
        role="group",
        **{"aria-label": f"Other tracks for place {slot}, instead of {here}"},
    )


def _offer(other: Alternative, ident: int, steps: int, order: RunningOrder | None) -> Component:
    place = "" if other.slot is None else f"now {other.slot}"
    change = -100 * other.change / max(steps, 1)
    score = 100 * (order.score if order else 0) + change
    return html.Li(
        [
            html.Span([*title_of(other.track), html.Span(f" {other.track.artist}")]),
            html.Span(
                [
                    *([html.Span(place, className="set-place")] if place else []),
                    html.Span(
                        f"flow {score:.0f} ({change:+.1f})",
                        className="set-better" if change > 0 else "set-worse",
                    ),
                ],
                className="set-offer-notes",
            ),
            html.Button(
                ["Swap" if other.slot else "Use", hidden(f" {other.track}")],
                type="button",
                className="small-button",
                **{
                    "data-set": "replace",
                    "data-id": str(ident),
                    "data-other": str(other.recording_id),
                },
            ),
        ]
    )


# -- orders that are proposed


def plain_rows(order: RunningOrder, notation: Notation, marks: Sequence[Component]) -> Component:
    """Return an order without controls: a proposal or a path. `marks` says something of each."""
    steps = (None, *order.transitions)
    return html.Ol(
        [
            html.Li(
                [
                    *([] if step is None else [transition(step)]),
                    html.Div(
                        [
                            html.Span(str(slot.number), className="set-number"),
                            mark,
                            html.Div(
                                [
                                    html.Div(title_of(slot.track), className="set-title"),
                                    html.Div(slot.track.artist),
                                ],
                                className="set-name",
                            ),
                            html.Span(_short(slot, notation), className="set-short"),
                        ],
                        className="set-plain",
                    ),
                ],
                className="set-item",
            )
            for slot, step, mark in zip(order.slots, steps, marks, strict=True)
        ],
        className="set-rows",
    )


def _short(slot: Slot, notation: Notation) -> str:
    parts = [
        bpm(slot.bpm) if slot.bpm else "",
        slot.key.written(notation) if slot.key else "",
        "" if slot.energy is None else f"energy {slot.energy:.0%}",
    ]
    return " · ".join(part for part in parts if part)


def clock(seconds: float) -> str:
    """Return a length: "4:05", "1:02:30".

    Examples
    --------
    >>> clock(245), clock(3750.4)
    ('4:05', '1:02:30')
    """
    hours, rest = divmod(int(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
