"""The crate in hand: tracks a DJ has picked, kept in the catalogue; beside Dig and Map."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.listen import hear_buttons
from dashboard.components.text import counted, hidden, icon, title_of
from data.catalogue import Crate, CrateState
from data.playlists import FORMATS
from data.records import Track
from hybrid.playlists_out import PlaylistFile

HEAD_ID = "crate-head"
LIST_ID = "crate-list"
COUNT_ID = "crate-count"
IDS_ID = "crate-ids"
STAMP_ID = "crate-stamp"
#: What else changes a crate writes anything new here, a time for instance: the panel looks again.
CHANGED_ID = "crate-changed"
UNDO_LINE_ID = "crate-undo-line"
DOWNLOAD_ID = "crate-download"
#: Which crate is wanted in which format; written by ``assets/crate.js``.
EXPORT_ID = "crate-export"
NAMING_ID = "crate-naming"
NAME_ID = "crate-name"
#: What was typed, and for which crate; written by ``assets/crate.js``, which reads it from the
#: field itself: what Dash knows of the field lags behind a quick typist.
NAMED_ID = "crate-named"


def crate_panel() -> Component:
    """Return the panel, without what is in it."""
    return html.Aside(
        [
            html.Div(
                [
                    html.H2("Crate", tabIndex=-1, id="crate-title"),
                    html.Div(id=HEAD_ID, className="crate-which"),
                    html.Button(
                        [icon("close"), hidden("Close the crate")],
                        id="crate-close",
                        type="button",
                        className="round-button crate-close",
                    ),
                ],
                className="crate-head",
            ),
            html.Div(id=LIST_ID, className="crate-body"),
            html.Div(id=UNDO_LINE_ID, className="crate-undo-line"),
            dcc.Store(id=IDS_ID),
            dcc.Store(id=STAMP_ID),
            dcc.Store(id=CHANGED_ID),
            dcc.Store(id=EXPORT_ID),
            dcc.Store(id=NAMED_ID),
            dcc.Download(id=DOWNLOAD_ID),
            _naming(),
        ],
        id="crate-panel",
        className="crate",
        **{"aria-label": "Crate"},
    )


def _naming() -> Component:
    """Return the dialog that asks for a crate's name; the Set page opens it too."""
    return dmc.Modal(
        [
            dmc.TextInput(
                id=NAME_ID,
                label="Name",
                value="",
                autoComplete="off",
                **{"data-autofocus": True},
            ),
            html.Div(
                dmc.Button("Save", id="crate-name-save"),
                className="crate-naming-foot",
            ),
        ],
        id=NAMING_ID,
        title="New crate",
        centered=True,
        size="sm",
        closeButtonProps={"aria-label": "Close without saving"},
    )


def chooser(crates: Sequence[Crate], state: CrateState) -> list[Component]:
    """Return the menu of crates, named after the one in hand, and the way to the Set page."""
    items: list[Component] = [
        dmc.MenuItem(
            [crate.name, html.Span(str(crate.size), className="crate-menu-size")],
            id={"type": "crate-choose", "key": crate.id},
            leftSection=icon("check") if crate.id == state.id else html.Span(className="icon-gap"),
            **{"aria-current": "true"} if crate.id == state.id else {},
        )
        for crate in crates
    ]
    menu = dmc.Menu(
        [
            menu_button(
                [
                    hidden("Crate in hand: "),
                    html.Span(state.name, className="crate-name"),
                    icon("chevron"),
                ],
                "crate-chooser",
            ),
            dmc.MenuDropdown(
                [
                    html.Div(items, className="crate-menu-list"),
                    dmc.MenuDivider(),
                    dmc.MenuItem(
                        "New crate…", leftSection=icon("plus"), **{"data-new-crate": "true"}
                    ),
                ]
            ),
        ],
        position="bottom-start",
        width=260,
        shadow="lg",
    )
    return [menu, dcc.Link("Open in Set", href=f"/set?crate={state.id}", className="crate-open")]


def crate_list(
    crate: Sequence[tuple[int, Track]],
    playable: Collection[int] = (),
    crate_id: int = 0,
    previews: Collection[int] = (),
) -> list[Component]:
    """Return the tracks in the crate and what can be done with them; `crate_id` is its own.

    `playable` are those that can be heard, `previews` those that may be heard in part.
    """
    if not crate:
        return [
            html.P(
                "Empty. Tracks you add wait here, also after you close Segue, "
                "until you take them away as a playlist.",
                className="quiet crate-empty",
            )
        ]
    return [
        html.Ol(
            [
                _item(number, track, hear_buttons(number, track, playable, previews))
                for number, track in crate
            ],
            className="crate-heard" if playable or previews else "",
        ),
        html.Div(
            [
                export_menu(crate_id),
                html.Button(
                    "Clear",
                    id={"type": "crate-clear", "key": 0},
                    type="button",
                    className="link-button",
                ),
            ],
            className="crate-foot",
        ),
    ]


def _item(recording_id: int, track: Track, heard: list[Component]) -> Component:
    return html.Li(
        [
            *heard,
            html.Span(title_of(track), className="crate-title"),
            html.Span(track.artist, className="crate-artist"),
            html.Button(
                id={"type": "crate-remove", "key": recording_id},
                type="button",
                className="round-button remove",
                **{"aria-label": f"Remove {track} from the crate"},
            ),
        ]
    )


def menu_button(words: list[Component | str], style: str) -> Component:
    """Return what opens a menu.

    Mantine puts the state of the menu on a box of its own around its target, so that box has to
    be the button; ``assets/crate.js`` lets keys press it.
    """
    return dmc.MenuTarget(
        html.Span(words, className="menu-words"),
        boxWrapperProps={"role": "button", "tabIndex": 0, "className": f"{style} menu-button"},
    )


#: For whom each format is, where its name does not say it.
_FOR = {
    "m3u8": "any player",
    "rekordbox": "with your own files",
    "traktor": "with your own files",
    "csv": "spreadsheets",
    "jspf": "other programs",
    "text": "to read and to paste",
}


def export_menu(crate_id: int) -> Component:
    """Return the menu of formats that a crate can be downloaded in."""
    return dmc.Menu(
        [
            menu_button([icon("download"), "Download"], "small-button"),
            dmc.MenuDropdown(
                [
                    dmc.MenuItem(
                        [
                            hidden("Download as "),
                            form.name,
                            html.Span(_FOR.get(key, ""), className="export-for"),
                        ],
                        **{"data-export": key, "data-crate": str(crate_id)},
                    )
                    for key, form in FORMATS.items()
                ]
                + [
                    dmc.MenuItem(
                        ["Spotify…", html.Span("a playlist there", className="export-for")],
                        href=f"/spotify?crate={crate_id}",
                    )
                ]
            ),
        ],
        position="bottom-start",
        width=260,
        shadow="lg",
    )


def history_button(step: str, what: str, **attributes: Any) -> Component:
    """Return the button that undoes or redoes, and says what.

    One that is off says so and keeps the keyboard, which ``disabled`` would throw out.

    Parameters
    ----------
    step : {"undo", "redo"}
    what : str
        What would be undone or redone; empty if nothing.
    attributes
        What makes it do so where it stands.
    """
    word = step.capitalize()
    return html.Button(
        [
            icon(step),
            html.Span(word, className="history-word"),
            hidden(f": {what}" if what else ": nothing"),
        ],
        type="button",
        className="small-button history-step",
        title=f"{word}: {what}" if what else f"Nothing to {step}",
        **{"aria-disabled": "false" if what else "true", "data-step": step, **attributes},
    )


def undo_line(state: CrateState) -> list[Component]:
    """Return undo and redo, and what was done last; nothing for a crate never changed."""
    if not (state.undo or state.redo):
        return []
    return [
        html.Div(
            [
                history_button("undo", state.undo, id={"type": "crate-undo", "key": 0}),
                history_button("redo", state.redo, id={"type": "crate-redo", "key": 0}),
            ],
            className="crate-steps",
        ),
        html.P(f"Last: {state.undo}" if state.undo else "", className="quiet", role="status"),
    ]


def missing_note(made: PlaylistFile, key: str) -> str:
    """Say which tracks of a download will not be found; empty if all are, or names are enough.

    Parameters
    ----------
    key : str
        Of `data.playlists.FORMATS`.
    """
    gone = made.missing
    if not gone:
        return ""
    names = ", ".join(str(track) for track in gone[:_NAMED])
    if len(gone) > _NAMED:
        names += f" and {len(gone) - _NAMED} more"
    has, it = ("has", "it") if len(gone) == 1 else ("have", "them")
    what = f"{counted(len(gone), 'track')} {has} no file on this computer, so"
    if made.left_out:
        is_left = "is" if len(gone) == 1 else "are"
        return f"{what} {is_left} not in the {FORMATS[key].name} file: {names}."
    return f"{what} a player may not find {it}: {names}."


def nothing_to_take(key: str) -> str:
    """Say that a format needs files and that there is none of any track."""
    return (
        f"{FORMATS[key].name} needs the tracks' own files, and none of this crate's is on this "
        "computer. Add your music on the Library page, or choose another format."
    )


def missing_offer(note: str, made: PlaylistFile, crate_id: int, key: str) -> Component:
    """Return a note on missing tracks, and the button that hands over the list of them."""
    words = f"Download the list of {counted(len(made.missing), 'missing track')}"
    return html.Div(
        [
            html.P(note),
            html.Button(
                [icon("download"), words],
                type="button",
                className="small-button",
                **{"data-export": key, "data-crate": str(crate_id), "data-missing": "true"},
            ),
        ],
        className="missing-offer",
    )


_NAMED = 5
