"""The Set page around the running order: the crates, the name and sums of one, adding to it."""

from __future__ import annotations

from collections.abc import Sequence

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.crate import export_menu, history_button, menu_button
from dashboard.components.listen import bpm
from dashboard.components.search import track_field
from dashboard.components.set_rows import clock
from dashboard.components.text import counted, hidden, icon
from dashboard.services.sets import CrateSet
from dashboard.set_view import SetView
from data.catalogue import Crate, CrateState

SEARCH_ID = "set-search"
PICKED_ID = "set-picked"
_MARK = html.Span([icon("check"), hidden("in hand")], className="set-mark", title="In hand")


def crate_links(
    crates: Sequence[Crate], deleted: Sequence[Crate], view: SetView, shown: int | None, hand: int
) -> list[Component]:
    """Return all crates as links, and below them those that can be put back."""
    items = [
        html.Li(
            dcc.Link(
                [
                    html.Span(crate.name, className="set-crate-name"),
                    *([_MARK] if crate.id == hand else []),
                    html.Span(
                        [str(crate.size), hidden(" tracks")],
                        className="set-crate-size",
                    ),
                ],
                href=f"/set{view.of_crate(crate.id).to_search()}",
                className="set-crate",
                title=crate.name,
            ),
            # A link of Dash takes no such attribute.
            **{"aria-current": "true"} if crate.id == shown else {},
        )
        for crate in crates
    ]
    parts: list[Component] = [
        html.Button(
            [icon("plus"), "New crate"],
            type="button",
            className="small-button set-new",
            **{"data-new-crate": "true"},
        ),
        html.Ul(items, className="set-crate-list"),
    ]
    if deleted:
        parts.append(_deleted(deleted))
    return parts


def _deleted(deleted: Sequence[Crate]) -> Component:
    rows = [
        html.Li(
            [
                html.Span(crate.name, className="set-crate-name"),
                html.Button(
                    ["Put back", hidden(f" {crate.name}")],
                    type="button",
                    className="link-button",
                    **{"data-set": "restore", "data-id": str(crate.id)},
                ),
            ]
        )
        for crate in deleted
    ]
    return html.Details(
        [html.Summary(f"Deleted ({len(deleted)})"), html.Ul(rows)], className="set-deleted"
    )


def head(of: CrateSet, *, in_hand: bool) -> list[Component]:
    """Return the name of the crate, its sums, and what can be done with all of it."""
    state = of.state
    return [
        html.Div(
            [
                html.H1(state.name, id="set-title", tabIndex=-1),
                html.P(_sums(of), className="set-sums"),
                _hand(state, in_hand=in_hand),
            ],
            className="set-heading",
        ),
        html.Div(
            [
                history_button("undo", state.undo, **{"data-set": "undo"}),
                history_button("redo", state.redo, **{"data-set": "redo"}),
                *([export_menu(state.id)] if state.ids else []),
                _more(state),
                *([_jump()] if of.order else []),
            ],
            className="set-tools-row",
        ),
    ]


def _sums(of: CrateSet) -> list[Component | str]:
    parts: list[str] = [counted(len(of.ids), "track")]
    if of.order and of.order.length_s is not None:
        parts.append(f"plays {clock(of.order.length_s)}")
    if of.tempos:
        low, high = (bpm(round(tempo, 1)) for tempo in of.tempos)
        parts.append(f"{low} BPM" if low == high else f"{low} to {high} BPM")
    said: list[Component | str] = [" · ".join(parts)]
    if of.order:
        said += [
            " · ",
            html.Span(
                ["flow ", html.Strong(f"{of.order.score * 100:.0f}"), " of 100"],
                title="How well each track mixes into the next, on average",
            ),
        ]
    return said


def _hand(state: CrateState, *, in_hand: bool) -> Component:
    if in_hand:
        return html.P(
            [icon("check"), "In hand: tracks you add on Dig and Map go here"], className="set-hand"
        )
    return html.P(
        html.Button(
            "Take in hand",
            type="button",
            className="link-button",
            title="Tracks you add on Dig and Map will go here",
            **{"data-set": "hand", "data-id": str(state.id)},
        ),
        className="set-hand",
    )


def _jump() -> Component:
    """The way to the tools where they stand below the set."""
    return html.Button(
        [icon("page-set"), "Charts and tools"],
        type="button",
        className="small-button set-jump",
        **{"data-set": "jump"},
    )


def _more(state: CrateState) -> Component:
    def item(words: str, action: str) -> Component:
        return dmc.MenuItem(words, **{"data-set": action, "data-id": str(state.id)})

    rename = {"data-rename-crate": str(state.id), "data-name": state.name}
    return dmc.Menu(
        [
            menu_button([icon("more"), "Crate"], "small-button"),
            dmc.MenuDropdown(
                [
                    dmc.MenuItem("Rename…", **rename),
                    item("Duplicate", "duplicate"),
                    item("Remove all tracks", "clear"),
                    item("Delete", "delete"),
                ]
            ),
        ],
        position="bottom-end",
        width=200,
        shadow="lg",
    )


def add_box() -> Component:
    """Return the box that finds a track and adds it."""
    return html.Div(
        [
            track_field(
                SEARCH_ID,
                "Add a track",
                placeholder="Add a track: artist or title",
                size="sm",
                symbol="plus",
            ),
            html.Div(id="set-hint", className="hint", role="status"),
        ],
        className="set-add",
    )


def picked_bar() -> Component:
    """Return what is done with several selected tracks; hidden until one is."""
    return html.Div(
        [
            html.Span("", id="set-picked-count"),
            html.Button(
                "Remove them",
                type="button",
                className="small-button",
                **{"data-set": "remove-picked"},
            ),
            html.Button(
                "Select none", type="button", className="link-button", **{"data-set": "pick-none"}
            ),
        ],
        id=PICKED_ID,
        className="set-picked",
        role="region",
        hidden=True,
        **{"aria-label": "Selected tracks"},
    )


def empty_crate(state: CrateState) -> Component:
    """Return the state of a crate without a track."""
    return html.Section(
        [
            icon("crate"),
            html.H2("Nothing in this crate yet"),
            html.P(
                "Add tracks with the box above, or dig for some: on Dig and Map, "
                "the plus adds a track to the crate in hand."
            ),
            html.P(
                html.Button(
                    "Take this crate to Dig",
                    type="button",
                    className="small-button",
                    **{"data-set": "dig", "data-id": str(state.id)},
                )
            ),
        ],
        className="state",
    )


def empty_catalogue() -> Component:
    """Return the state of a catalogue without a track: there is nothing to add yet."""
    return html.Section(
        [
            icon("crate"),
            html.H2("Your catalogue is empty"),
            html.P("Bring your music and your sets first; then you can fill crates with them."),
            html.P(dcc.Link("Go to the Library page", href="/library")),
        ],
        className="state",
    )


def no_crate() -> Component:
    """Return the state of an address whose crate is not there."""
    return html.Section(
        [
            icon("crate"),
            html.H1("This crate is not here any more"),
            html.P(
                "It was deleted, perhaps in another window. Under “Deleted” it can be put back."
            ),
            html.P(dcc.Link("Show the crate in hand", href="/set")),
        ],
        className="state set-gone",
    )


def one_track() -> Component:
    """Return the hint below the only track of a crate."""
    return html.P("Add one more, and Segue tells how the two mix.", className="quiet set-one")


def note(words: str) -> Component:
    """Return a remark on the whole set."""
    return html.P(words, className="note", role="status")
