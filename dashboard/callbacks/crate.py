"""The crate in hand: which it is, add, remove, undo, redo, take away; and naming crates."""

from __future__ import annotations

import time
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, no_update, set_props
from dash.exceptions import PreventUpdate

from dashboard.components import crate as parts
from dashboard.components.shell import TOASTS_ID, URL_ID, toast
from dashboard.services import Library, crates, current_library
from dashboard.set_view import SetView
from data.catalogue import CrateChanged
from data.errors import SegueError
from data.playlists import FORMATS
from data.playlists.sidecar import MEDIA_TYPE
from hybrid.playlists_out import PlaylistFile

ACTIONS = (
    "crate-toggle",
    "crate-remove",
    "crate-clear",
    "crate-undo",
    "crate-redo",
    "crate-choose",
)
NOW_CHANGED = "This crate was changed in another window. Here it is as it is now."


def load_crate(_pathname: str | None, _changed: Any) -> tuple[Any, ...]:
    """Draw the crate in hand as it is."""
    return _drawn(current_library())


def change_crate(presses: Any, stamp: list[int] | None) -> tuple[Any, ...]:
    """Do what was pressed and draw the crate anew.

    `presses` only sets the callback off; which button it was, Dash says. `stamp` is the crate
    and the stamp of it that the person looks at.
    """
    trigger, value = ctx.triggered_id, ctx.triggered[0]["value"]
    # Buttons also report when they are drawn; only a press counts.
    if not value or trigger is None:
        raise PreventUpdate
    library = current_library()
    try:
        act(library, trigger["type"], trigger["key"], stamp)
    except CrateChanged:
        tell_of_change()
    return _drawn(library)


def act(library: Library, action: str, key: int, stamp: list[int] | None) -> None:
    """Change the crate in hand, or which it is.

    To add or remove one track means the same whatever happened in another window; to clear,
    undo or redo does not, so for these the crate must be as it was seen.

    Raises
    ------
    CrateChanged
        If it is not.
    """
    crate_id = library.crate_in_hand()
    if action == "crate-choose":
        library.take_in_hand(key)
    elif action == "crate-toggle" and key not in library.catalogue.crate(crate_id):
        library.catalogue.add_to_crate(crate_id, key)
    elif action in ("crate-toggle", "crate-remove"):
        library.catalogue.remove_from_crate(crate_id, key)
    else:
        seen = stamp[1] if stamp else None
        if stamp and stamp[0] != crate_id:
            raise CrateChanged
        change = {
            "crate-clear": lambda: crates.clear(library, crate_id, expected=seen),
            "crate-undo": lambda: library.catalogue.undo_crate(crate_id, expected=seen),
            "crate-redo": lambda: library.catalogue.redo_crate(crate_id, expected=seen),
        }
        change[action]()


def tell_of_change() -> None:
    """Say that another window was quicker."""
    message = toast(NOW_CHANGED, title="Look again")
    set_props(TOASTS_ID, {"sendNotifications": [message | {"color": "yellow"}]})


def _drawn(library: Library) -> tuple[Any, ...]:
    state = crates.in_hand(library)
    tracks = library.catalogue.tracks(state.ids)
    sounds = library.sounds(tracks)
    crate = [(ident, tracks[ident]) for ident in state.ids]
    return (
        parts.chooser(library.catalogue.crates(), state),
        parts.crate_list(crate, sounds.playable, state.id, sounds.previews),
        str(len(state.ids)),
        list(state.ids),
        [state.id, state.stamp],
        parts.undo_line(state),
    )


def export(asked: dict | None) -> Any:
    """Hand a crate over as a file, or the list of its tracks that have none.

    Of a file in which tracks are missing it is said which, with a button for that list.
    """
    if not asked or asked.get("format") not in FORMATS:
        raise PreventUpdate
    form, crate_id = asked["format"], int(asked["crate"])
    made = crates.export(current_library(), crate_id, form)
    if asked.get("missing"):
        if not made.beside:
            raise SegueError("No track of this crate is missing any more: download it again.")
        return dcc.send_bytes(made.beside, made.beside_name, type=MEDIA_TYPE)
    if not made.count:
        _tell_missing(parts.nothing_to_take(form), made, crate_id, form, title="Nothing to take")
        return no_update
    if note := parts.missing_note(made, form):
        _tell_missing(note, made, crate_id, form, title=f"Saved {made.name}")
    return dcc.send_bytes(made.content, made.name, type=made.media_type)


def _tell_missing(note: str, made: PlaylistFile, crate_id: int, form: str, *, title: str) -> None:
    offer = parts.missing_offer(note, made, crate_id, form)
    # It stays until it is closed: there is something to press.
    message = toast("", title=title) | {"message": offer, "color": "yellow", "autoClose": False}
    set_props(TOASTS_ID, {"sendNotifications": [message]})


# -- naming


def save_name(asked: dict | None, pathname: str | None) -> tuple[Any, ...]:
    """Make or rename a crate under the name that was typed; a bad name is told beside the field.

    On the Set page a new crate is opened, elsewhere it is taken in hand.

    Returns
    -------
    tuple
        Whether the dialog stays, its error, the mark that crates changed, and the address.
    """
    if not asked:
        raise PreventUpdate
    library, name = current_library(), str(asked.get("name", ""))
    try:
        if crate_id := asked.get("crate"):
            library.catalogue.rename_crate(int(crate_id), name)
            return False, "", time.time(), no_update
        made = library.catalogue.create_crate(name)
        if pathname == "/set":
            return False, "", time.time(), SetView(crate=made).to_search()
        library.take_in_hand(made)
    except SegueError as error:
        return True, str(error), no_update, no_update
    return False, "", time.time(), no_update


def register(app: Dash) -> None:
    """Wire the functions of this module to the panel."""
    drawn = [
        (parts.HEAD_ID, "children"),
        (parts.LIST_ID, "children"),
        (parts.COUNT_ID, "children"),
        (parts.IDS_ID, "data"),
        (parts.STAMP_ID, "data"),
        (parts.UNDO_LINE_ID, "children"),
    ]
    app.callback(
        *(Output(*place) for place in drawn),
        Input(URL_ID, "pathname"),
        Input(parts.CHANGED_ID, "data"),
    )(load_crate)
    app.callback(
        *(Output(*place, allow_duplicate=True) for place in drawn),
        inputs={
            "presses": [Input({"type": name, "key": ALL}, "n_clicks") for name in ACTIONS],
            "stamp": State(parts.STAMP_ID, "data"),
        },
        prevent_initial_call=True,
    )(change_crate)
    app.clientside_callback(
        ClientsideFunction("segue", "markCrated"),
        Output({"type": "crate-toggle", "key": ALL}, "aria-pressed"),
        Input(parts.IDS_ID, "data"),
        prevent_initial_call=True,
    )
    app.callback(
        Output(parts.DOWNLOAD_ID, "data"),
        Input(parts.EXPORT_ID, "data"),
        prevent_initial_call=True,
    )(export)
    _register_naming(app)


def _register_naming(app: Dash) -> None:
    app.callback(
        Output(parts.NAMING_ID, "opened"),
        Output(parts.NAME_ID, "error"),
        Output(parts.CHANGED_ID, "data"),
        Output(URL_ID, "search", allow_duplicate=True),
        Input(parts.NAMED_ID, "data"),
        State(URL_ID, "pathname"),
        prevent_initial_call=True,
    )(save_name)
