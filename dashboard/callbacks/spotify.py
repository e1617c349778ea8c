"""The Spotify page's tools: matching a crate, pushing it, bringing a playlist."""

from __future__ import annotations

import json
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, dcc, no_update
from dash.exceptions import PreventUpdate

from dashboard import query
from dashboard.callbacks import spotify_account
from dashboard.callbacks.spotify_account import pressed, stamp
from dashboard.components import jobs
from dashboard.components import spotify as parts
from dashboard.components import spotify_match as rows
from dashboard.components import spotify_outcome as came
from dashboard.components import spotify_tools as tools
from dashboard.components.markup import as_html
from dashboard.components.shell import URL_ID
from dashboard.services import Library, current_library
from dashboard.services import spotify as service
from data.errors import SegueError

PATH = "/spotify"


# -- which tool


def show_tools(search: str | None) -> tuple[Any, bool, bool]:
    """Show the tool that the address names."""
    shown = _tool(search)
    addresses = {
        name: PATH + query.written(search, tool=name if name != "push" else None, note=None)
        for name in ("push", "bring")
    }
    return tools.tabs(shown, addresses), shown != "push", shown != "bring"


def _tool(search: str | None) -> str:
    return "bring" if query.read(search).get("tool") == "bring" else "push"


# -- matching


def show_crates(search: str | None, _pathname: Any, blocked: bool) -> tuple[Any, str, bool, bool]:
    """Offer the crates; the one in the address, else the one in hand, is chosen.

    While Spotify takes no requests, neither tool can begin anything.
    """
    library = current_library()
    in_hand = library.crate_in_hand()
    crates = library.catalogue.crates()
    asked = query.number(search, "crate")
    chosen = asked if asked in {crate.id for crate in crates} else in_hand
    return tools.crate_choices(crates), str(chosen), bool(blocked), bool(blocked)


def choose_crate(value: str | None, search: str | None) -> str:
    """Answer another crate: the address that follows, without what was about the one before."""
    asked = query.number(search, "crate")
    if not value or value == str(asked or current_library().crate_in_hand()):
        raise PreventUpdate
    return query.written(search, crate=value, match=None, push=None, note=None)


def match(_presses: Any, crate: str | None, search: str | None) -> tuple[int, str]:
    """Look for the tracks of a crate."""
    pressed()
    job_id = service.start_match(current_library(), int(crate or 0))
    address = query.written(search, crate=crate, match=job_id, push=None, note=None)
    return stamp(), address


def show_match(search: str | None, _seen: Any, drawn: str | None) -> tuple[Any, ...]:
    """Draw the match that the address names, once: what was chosen in it stays."""
    library, job_id = current_library(), query.number(search, "match")
    job = service.job_of(library, job_id, service.MATCH)
    changed = _changed_since(library, job)
    now = json.dumps([job_id, job.state if job else "", changed])
    if now == drawn:
        raise PreventUpdate
    if job_id is None:
        return now, [], "", True, no_update, no_update
    if job is None or job.state != "done":
        return now, tools.match_state(job), "", True, no_update, no_update
    crate_id = int(job.result["crate_id"])
    lengths = service.lengths(library, job.result["matches"])
    markup = as_html(rows.match_list(job.result["matches"], lengths))
    head = tools.match_head(job, changed=changed)
    name = _crate_name(library, crate_id)
    # A number alone would be that of another match in another catalogue.
    sent = {"job": job.id, "name": f"{job.id} {job.created_at}", "html": markup}
    sent |= {"crate": crate_id, "title": name if isinstance(name, str) else ""}
    return now, head, sent, False, name, crate_id


def _changed_since(library: Library, job: Any) -> bool:
    if job is None or job.state != "done":
        return False
    try:
        state = library.catalogue.crate_state(int(job.result["crate_id"]))
    except SegueError:
        return True
    return state.stamp != job.result.get("stamp", state.stamp)


def _crate_name(library: Library, crate_id: int) -> Any:
    try:
        return library.catalogue.crate_state(crate_id).name
    except SegueError:
        return no_update


# -- pushing


def show_mode(mode: str | None, crate_id: int | None, chosen: str | None) -> tuple[Any, ...]:
    """Show the field that a mode needs; the DJ's playlists are asked for when one is."""
    mode = mode if mode in service.MODES else "new"
    if mode == "new":
        return False, True, tools.MODE_WORDS[mode], no_update, no_update, ""
    library = current_library()
    try:
        found = service.own_playlists(library)
    except SegueError as error:
        return True, False, tools.MODE_WORDS[mode], [], None, str(error)
    idents = {playlist.ident for playlist in found}
    if chosen not in idents:
        last = service.last_playlist(library, int(crate_id)) if crate_id else ""
        chosen = last if last in idents else None
    said = tools.playlist_choices(found)
    return True, False, tools.MODE_WORDS[mode], said, chosen, ""


def push(asked: dict | None, search: str | None) -> tuple[int, str]:
    """Write what was chosen to Spotify."""
    if not asked:
        raise PreventUpdate
    choices = asked.get("choices")
    job_id = service.start_push(
        current_library(),
        int(asked["job"]),
        choices if isinstance(choices, dict) else {},
        mode=str(asked.get("mode") or ""),
        name=str(asked.get("name") or ""),
        playlist_id=str(asked.get("playlist") or ""),
    )
    return stamp(), query.written(search, push=job_id, note=None)


def show_outcome(
    search: str | None, _seen: Any, blocked: bool, signed_out: bool
) -> tuple[Any, bool]:
    """Draw what came of the push, or of the playlist, that the address names.

    Returns
    -------
    tuple
        What came of it, and whether the match list is out of sight.
    """
    library = current_library()
    if _tool(search) == "bring":
        job = service.job_of(library, query.number(search, "bring"), service.BRING)
        return came.brought(job, _crate_brought(library, job)) if job else [], True
    job = service.job_of(library, query.number(search, "push"), service.PUSH)
    drawn = came.pushed(job, blocked=bool(blocked)) if job else []
    return drawn, bool(signed_out)


def _crate_brought(library: Library, job: Any) -> str:
    """Return the name of the crate that a playlist became; empty if there is none."""
    crates = job.result.get("crates") or [0]
    name = _crate_name(library, int(crates[0]))
    return name if isinstance(name, str) else ""


def go_on(_presses: Any) -> int:
    """Take up a push that stopped."""
    service.go_on(current_library(), pressed()["key"])
    return stamp()


def download(_presses: Any) -> dict:
    """Hand over what was left out of a push, as CSV."""
    job = service.job_of(current_library(), pressed()["key"], service.PUSH)
    if job is None:
        raise SegueError("This push is not there any more: push the crate again.")
    content = service.left_out_csv(job)
    return dcc.send_bytes(content, "segue-not-on-spotify.csv", type="text/csv")


# -- bringing


def show_own(search: str | None, shown: str | None, blocked: bool) -> tuple[Any, str]:
    """Offer the DJ's own playlists where one is to be brought; only then Spotify is asked."""
    signed_in = bool(shown) and json.loads(shown)[0] == "signed_in"
    if _tool(search) != "bring" or not signed_in or blocked:
        raise PreventUpdate
    try:
        return tools.playlist_choices(service.own_playlists(current_library())), ""
    except SegueError as error:
        return [], str(error)


def bring(
    _presses: Any, link: str | None, chosen: str | None, name: str | None, search: str | None
) -> tuple[Any, ...]:
    """Make a crate of a playlist; what is no link of one is told beside the field."""
    pressed()
    try:
        job_id = service.start_bring(current_library(), link or chosen, name)
    except SegueError as error:
        return no_update, no_update, no_update, str(error)
    return stamp(), query.written(search, bring=job_id, note=None), "", ""


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    spotify_account.register(app)
    _register_match(app)
    _register_push(app)
    _register_bring(app)


def _register_match(app: Dash) -> None:
    app.callback(
        Output(tools.TABS_ID, "children"),
        Output(tools.PUSH_ID, "hidden"),
        Output(tools.BRING_ID, "hidden"),
        Input(URL_ID, "search"),
    )(show_tools)
    app.callback(
        Output(tools.CRATE_ID, "data"),
        Output(tools.CRATE_ID, "value"),
        Output(tools.MATCH_ID, "disabled"),
        Output(tools.BRING_GO_ID, "disabled"),
        Input(URL_ID, "search"),
        Input(URL_ID, "pathname"),
        Input(tools.BLOCKED_ID, "data"),
    )(show_crates)
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Input(tools.CRATE_ID, "value"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(choose_crate)
    app.callback(
        Output(jobs.STAMP_ID, "data", allow_duplicate=True),
        Output(URL_ID, "search", allow_duplicate=True),
        Input(tools.MATCH_ID, "n_clicks"),
        State(tools.CRATE_ID, "value"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(match)
    app.callback(
        Output(tools.DRAWN_ID, "data"),
        Output(tools.SAID_ID, "children"),
        Output(tools.HTML_ID, "data"),
        Output(tools.MATCHED_ID, "hidden"),
        Output(tools.NAME_ID, "value"),
        Output(tools.PUSHING_ID, "data"),
        Input(URL_ID, "search"),
        Input(jobs.SEEN_ID, "data"),
        State(tools.DRAWN_ID, "data"),
    )(show_match)
    app.clientside_callback(ClientsideFunction("spotify", "draw"), Input(tools.HTML_ID, "data"))
    app.clientside_callback(
        ClientsideFunction("spotify", "target"),
        Input(tools.MODE_ID, "value"),
        Input(tools.NAME_ID, "value"),
        Input(tools.PLAYLIST_ID, "value"),
        State(tools.HTML_ID, "data"),
    )


def _register_push(app: Dash) -> None:
    app.callback(
        Output(tools.NAME_BOX_ID, "hidden"),
        Output(tools.PLAYLIST_BOX_ID, "hidden"),
        Output(tools.WHAT_ID, "children"),
        Output(tools.PLAYLIST_ID, "data"),
        Output(tools.PLAYLIST_ID, "value"),
        Output(tools.PLAYLIST_ID, "error"),
        Input(tools.MODE_ID, "value"),
        Input(tools.PUSHING_ID, "data"),
        State(tools.PLAYLIST_ID, "value"),
    )(show_mode)
    app.clientside_callback(
        ClientsideFunction("spotify", "label"),
        Output(tools.GO_ID, "children"),
        Output(tools.GO_ID, "disabled"),
        Input(tools.COUNT_ID, "data"),
        Input(tools.MODE_ID, "value"),
        Input(tools.BLOCKED_ID, "data"),
    )
    app.clientside_callback(
        ClientsideFunction("spotify", "ask"),
        Output(tools.ASKED_ID, "data"),
        Output(tools.SURE_ID, "opened"),
        Output(tools.SURE_TEXT_ID, "children"),
        Input(tools.GO_ID, "n_clicks"),
        Input(tools.REPLACE_ID, "n_clicks"),
        Input(tools.KEEP_ID, "n_clicks"),
        State(tools.HTML_ID, "data"),
        State(tools.MODE_ID, "value"),
        State(tools.NAME_ID, "value"),
        State(tools.PLAYLIST_ID, "value"),
        State(tools.PLAYLIST_ID, "data"),
        prevent_initial_call=True,
    )
    app.callback(
        Output(jobs.STAMP_ID, "data", allow_duplicate=True),
        Output(URL_ID, "search", allow_duplicate=True),
        Input(tools.ASKED_ID, "data"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(push)
    app.callback(
        Output(tools.RESULT_ID, "children"),
        Output(tools.REVIEW_ID, "hidden"),
        Input(URL_ID, "search"),
        Input(jobs.SEEN_ID, "data"),
        Input(tools.BLOCKED_ID, "data"),
        Input(tools.TOOLS_ID, "hidden"),
    )(show_outcome)
    app.callback(
        Output(jobs.STAMP_ID, "data", allow_duplicate=True),
        Input({"type": "spotify-again", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(go_on)
    app.callback(
        Output(tools.DOWNLOAD_ID, "data"),
        Input({"type": "spotify-left-out", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(download)


def _register_bring(app: Dash) -> None:
    app.callback(
        Output(tools.OWN_ID, "data"),
        Output(tools.OWN_ID, "error"),
        Input(URL_ID, "search"),
        Input(parts.SHOWN_ID, "data"),
        Input(tools.BLOCKED_ID, "data"),
    )(show_own)
    app.callback(
        Output(jobs.STAMP_ID, "data", allow_duplicate=True),
        Output(URL_ID, "search", allow_duplicate=True),
        Output(tools.LINK_ID, "value"),
        Output(tools.LINK_ID, "error"),
        Input(tools.BRING_GO_ID, "n_clicks"),
        State(tools.LINK_ID, "value"),
        State(tools.OWN_ID, "value"),
        State(tools.CRATE_NAME_ID, "value"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(bring)
