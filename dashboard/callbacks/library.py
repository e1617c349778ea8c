"""The Library page: what is there, the table of tracks, and every way to add or remove."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate
from flask import request

from dashboard import guard, links, query, uploads
from dashboard.components import jobs, shell, ways, ways_web
from dashboard.components import library as parts
from dashboard.components import tracks as grid
from dashboard.components.shell import URL_ID
from dashboard.services import current_library, dig, folders, sources, tracks
from data.errors import SegueError

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?")
_LONGEST_PASTE = 1_000_000  # characters


# -- what is there


def show_head(_pathname: Any, _seen: Any, _removed: Any) -> tuple[Any, Any, str]:
    """Draw what the catalogue holds, where it came from, and how MixesDB would be read."""
    library = current_library()
    crates = library.catalogue.crates()
    return (
        parts.head(library.catalogue.stats(), sources.needs_training(library)),
        parts.source_list(
            sources.sources(library), (len(crates), sum(crate.size for crate in crates))
        ),
        ways_web.polite(library.settings.mixesdb_delay),
    )


def show_tracks(search: str | None, _seen: Any, _removed: Any, typed: str | None) -> tuple:
    """Draw the page of the table that the address names."""
    library, asked = current_library(), tracks.Asked.of(search)
    page = tracks.page_of(library, asked)
    return (
        page.rows,
        grid.counted_line(page, asked),
        grid.note(page, asked),
        grid.place_line(page),
        page.page <= 1,
        page.page >= page.pages,
        page.pages <= 1,
        no_update if (typed or "").strip() == asked.text else asked.text,
        asked.show,
        grid.sort_shown(asked),
        {"sort": asked.sort, "down": asked.down},
    )


def change_tracks(
    typed: str | None,
    show: str | None,
    sorted_by: dict | None,
    chosen: str | None,
    _before: Any,
    _after: Any,
    search: str | None,
) -> str:
    """Answer what narrows the table, sorts it or turns its pages: the address that follows."""
    asked = tracks.Asked.of(search)
    if ctx.triggered_id in (grid.BEFORE_ID, grid.AFTER_ID):
        step = 1 if ctx.triggered_id == grid.AFTER_ID else -1
        following = tracks.turned(asked, max(1, asked.page + step))
    elif ctx.triggered_id == grid.SORTED_ID:
        order = sorted_by or {}
        following = replace(asked, sort=order.get("sort", ""), down=bool(order.get("down")), page=1)
    elif ctx.triggered_id == grid.SORT_ID:
        if chosen == grid.sort_shown(asked):
            raise PreventUpdate
        sort, down = grid.sort_chosen(chosen)
        following = replace(asked, sort=sort, down=down, page=1)
    else:
        text = (typed or "").strip()
        if (text, show) == (asked.text, asked.show):
            raise PreventUpdate
        following = replace(asked, text=text, show=show or "all", page=1)
    if following == asked:
        raise PreventUpdate
    return following.into(search)


# -- ways to add


def open_way(_presses: Any, search: str | None) -> str:
    """Open a way to add something, or close it."""
    name = _pressed()["key"]
    return query.written(search, add=None if query.read(search).get("add") == name else name)


def show_folder_panel(_pathname: Any) -> Any:
    """Take the folder form away from whoever does not sit at this computer."""
    return no_update if _is_local() else ways.not_local()


def browse(_presses: Any, _folders: Any, typed: str | None) -> Any:
    """Show the folders in a folder: the one typed, else the person's own."""
    _only_local()
    trigger = ctx.triggered_id
    if isinstance(trigger, dict):
        return ways.browser(folders.listing(Path(_pressed()["key"])))
    _pressed()
    path = folders.named(typed) if (typed or "").strip() else Path.home()
    return ways.browser(folders.listing(path if path.is_dir() else path.parent))


def look(_presses: Any, _enters: Any, _taken: Any, typed: str | None) -> tuple[Any, Any, Any]:
    """Say what lies in a folder, before anything is done with it."""
    _only_local()
    trigger = _pressed()
    chosen = trigger["key"] if isinstance(trigger, dict) else typed or ""
    found = folders.look(current_library().catalogue, folders.named(chosen))
    # The list of folders has done its work.
    return ways.found(found), str(found.path), None


def start_folder(_presses: Any) -> tuple[int, Any]:
    """Listen to a folder."""
    _only_local()
    path = folders.named(_pressed()["key"])
    current_library().start_job("analyse", f"Listen to {path}", {"paths": [str(path)]})
    return _stamp(), None


def paste(_presses: Any, text: str | None) -> tuple[int, str]:
    """Read a pasted tracklist."""
    _pressed()
    library = current_library()
    if not (text or "").strip():
        raise SegueError("Paste a tracklist first: a line for the set, then one for each track.")
    if len(text or "") > _LONGEST_PASTE:
        raise SegueError("That is too long to paste: save it as a file and add the file.")
    file = uploads.keep_text(library.settings, text or "")
    library.start_job(
        "tracklists", "Read a pasted tracklist", {"paths": [str(file)], "uploaded": True}
    )
    return _stamp(), ""


def show_spotify(pathname: str | None) -> Any:
    """Say in the Spotify form whether Spotify can be asked."""
    if pathname != "/library":
        raise PreventUpdate
    library = current_library()
    return ways_web.spotify_form(links.asking(library.catalogue, library.settings))


def add_link(
    _presses: Any, _enters: Any, text: str | None, crate: str | None
) -> tuple[int, str, str]:
    """Take in a track or a playlist of Spotify."""
    _pressed()
    library, link = current_library(), links.read(text or "")
    if why := links.asking(library.catalogue, library.settings).why_not(link.thing):
        raise SegueError(why)
    dig.start_once(library, *links.job_of(link, crate or ""))
    return _stamp(), "", ""


def scrape(_presses: Any, category: str | None, since: str | None, limit: Any) -> int:
    """Fetch a category of MixesDB."""
    _pressed()
    category, since = (category or "").strip(), (since or "").strip()
    if not category:
        raise SegueError("Name the category, as MixesDB writes it: Essential Mix.")
    if since and not _DATE.fullmatch(since):
        raise SegueError("Write the date as 2020, 2020-06 or 2020-06-30, or leave it empty.")
    options: dict[str, Any] = {"category": category}
    if since:
        options["since"] = since
    if limit not in (None, ""):
        options["limit"] = max(1, int(limit))
    current_library().start_job("mixesdb", f"Fetch {category} from MixesDB", options)
    return _stamp()


def train(_presses: Any) -> int:
    """Train on what the catalogue holds now."""
    _pressed()
    current_library().start_job("train", "Train on your sets", {})
    return _stamp()


# -- taking something out


def ask_to_remove(_presses: Any) -> tuple[bool, Any, str]:
    """Say what would go with a source, and what stays."""
    key = _pressed()["key"]
    found = {source.key: source for source in sources.sources(current_library())}
    if key not in found:
        raise SegueError("This source is not in the catalogue any more.")
    return True, parts.what_goes(found[key]), key


def remove(_remove: Any, _keep: Any, key: str | None) -> tuple[bool, Any, Any]:
    """Take a source out, or leave it."""
    if _pressed() == parts.KEEP_ID or not key:
        return False, no_update, no_update
    said = sources.remove(current_library(), key)
    message = shell.toast(said, title="Removed", kind="done")
    return False, _stamp(), [message]


# -- inside


def _pressed() -> Any:
    """Return the id of the button that was pressed; buttons also report when they are drawn."""
    if ctx.triggered_id is None or not ctx.triggered[0]["value"]:
        raise PreventUpdate
    return ctx.triggered_id


def _stamp() -> int:
    return time.time_ns() // 1_000_000


def _is_local() -> bool:
    return guard.is_local(request, current_library().settings)


def _only_local() -> None:
    if not _is_local():
        raise SegueError(
            "Folders can be chosen only on the computer that runs Segue, "
            "while it listens to that computer alone."
        )


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    changed = (Input(jobs.SEEN_ID, "data"), Input(parts.REMOVED_ID, "data"))
    app.callback(
        Output(parts.HEAD_ID, "children"),
        Output(parts.SOURCES_ID, "children"),
        Output(ways_web.POLITE_ID, "children"),
        Input(URL_ID, "pathname"),
        *changed,
    )(show_head)
    app.callback(
        Output(grid.GRID_ID, "rowData"),
        Output(grid.COUNT_ID, "children"),
        Output(grid.NOTE_ID, "children"),
        Output(grid.PLACE_ID, "children"),
        Output(grid.BEFORE_ID, "disabled"),
        Output(grid.AFTER_ID, "disabled"),
        Output(grid.PAGER_ID, "hidden"),
        Output(grid.Q_ID, "value"),
        Output(grid.SHOW_ID, "value"),
        Output(grid.SORT_ID, "value"),
        Output(grid.ORDER_ID, "data"),
        Input(URL_ID, "search"),
        *changed,
        State(grid.Q_ID, "value"),
    )(show_tracks)
    app.clientside_callback(
        ClientsideFunction("library", "order"),
        Input(grid.ORDER_ID, "data"),
    )
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Input(grid.Q_ID, "value"),
        Input(grid.SHOW_ID, "value"),
        Input(grid.SORTED_ID, "data"),
        Input(grid.SORT_ID, "value"),
        Input(grid.BEFORE_ID, "n_clicks"),
        Input(grid.AFTER_ID, "n_clicks"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(change_tracks)
    _register_ways(app)
    _register_folder(app)
    app.callback(
        Output(parts.CONFIRM_ID, "opened"),
        Output(parts.CONFIRM_TEXT_ID, "children"),
        Output(parts.REMOVING_ID, "data"),
        Input({"type": "source-remove", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(ask_to_remove)
    app.callback(
        Output(parts.CONFIRM_ID, "opened", allow_duplicate=True),
        Output(parts.REMOVED_ID, "data"),
        Output(shell.TOASTS_ID, "sendNotifications", allow_duplicate=True),
        Input(parts.REMOVE_ID, "n_clicks"),
        Input(parts.KEEP_ID, "n_clicks"),
        State(parts.REMOVING_ID, "data"),
        prevent_initial_call=True,
    )(remove)


def _register_ways(app: Dash) -> None:
    started = Output(jobs.STAMP_ID, "data", allow_duplicate=True)
    app.clientside_callback(
        ClientsideFunction("library", "showWay"),
        Output({"type": "add-panel", "key": ALL}, "hidden"),
        Output({"type": "add-open", "key": ALL}, "aria-expanded"),
        Input(URL_ID, "search"),
    )
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Input({"type": "add-open", "key": ALL}, "n_clicks"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(open_way)
    app.callback(
        started,
        Output(ways.PASTED_ID, "value"),
        Input(ways.PASTE_ID, "n_clicks"),
        State(ways.PASTED_ID, "value"),
        prevent_initial_call=True,
    )(paste)
    app.callback(
        Output({"type": "add-panel", "key": "spotify"}, "children"),
        Input(URL_ID, "pathname"),
    )(show_spotify)
    app.callback(
        started,
        Output(ways_web.LINK_ID, "value"),
        Output(ways_web.LINK_CRATE_ID, "value"),
        Input(ways_web.LINK_ADD_ID, "n_clicks"),
        Input(ways_web.LINK_ID, "n_submit"),
        State(ways_web.LINK_ID, "value"),
        State(ways_web.LINK_CRATE_ID, "value"),
        prevent_initial_call=True,
    )(add_link)
    app.callback(
        started,
        Input(ways_web.SCRAPE_ID, "n_clicks"),
        State(ways_web.CATEGORY_ID, "value"),
        State(ways_web.SINCE_ID, "value"),
        State(ways_web.LIMIT_ID, "value"),
        prevent_initial_call=True,
    )(scrape)
    app.callback(
        started,
        Input({"type": "library-train", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(train)


def _register_folder(app: Dash) -> None:
    app.callback(
        Output({"type": "add-panel", "key": "folder"}, "children"),
        Input(URL_ID, "pathname"),
    )(show_folder_panel)
    app.callback(
        Output(ways.BROWSER_ID, "children"),
        Input(ways.BROWSE_ID, "n_clicks"),
        Input({"type": "folder-go", "key": ALL}, "n_clicks"),
        State(ways.PATH_ID, "value"),
        prevent_initial_call=True,
    )(browse)
    app.callback(
        Output(ways.FOUND_ID, "children"),
        Output(ways.PATH_ID, "value"),
        Output(ways.BROWSER_ID, "children", allow_duplicate=True),
        Input(ways.LOOK_ID, "n_clicks"),
        Input(ways.PATH_ID, "n_submit"),
        Input({"type": "folder-take", "key": ALL}, "n_clicks"),
        State(ways.PATH_ID, "value"),
        prevent_initial_call=True,
    )(look)
    app.callback(
        Output(jobs.STAMP_ID, "data", allow_duplicate=True),
        Output(ways.FOUND_ID, "children", allow_duplicate=True),
        Input({"type": "folder-start", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(start_folder)
