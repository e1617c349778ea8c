"""The Set page: drawing a crate as a set, and answering what is done with it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any, NamedTuple

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update
from dash.exceptions import PreventUpdate

from dashboard.callbacks.crate import NOW_CHANGED, tell_of_change
from dashboard.callbacks.set_edits import ACTIONS, After, Edit
from dashboard.callbacks.shell import report
from dashboard.callbacks.suggesting import suggested
from dashboard.components import set_head, set_rows, set_tools
from dashboard.components.crate import CHANGED_ID
from dashboard.components.markup import as_html
from dashboard.components.set_tools import TOOLS_ID, WISH
from dashboard.components.shell import URL_ID
from dashboard.services import Library, current_library, sets
from dashboard.services.sets import CrateSet
from dashboard.set_view import MOST_MINUTES, SetView
from data.catalogue import CrateChanged
from data.errors import SegueError
from hybrid.sequence import CURVES, MOST_STEPS, RunningOrder

PATH = "/set"
CRATES_ID = "set-crates"
HEAD_ID = "set-head"
PREVIEW_ID = "set-preview"
LIST_ID = "set-list"
ROWS_BOX_ID = "set-rows-box"
ROWS_HTML_ID = "set-rows-html"
PREVIEW_HTML_ID = "set-preview-html"
ANNOUNCE_ID = "set-announce"
ASKED_ID = "set-asked"
EDITED_ID = "set-edited"
STATE_ID = "set-state"
VALUES_ID = "set-values"
PROPOSED_ID = "set-proposed"


class Drawn(NamedTuple):
    """The Set page, part by part, in the order of the outputs of `show`.

    `state` is the crate, its stamp and its recordings, as the next edit needs them; `proposed`
    the order or path that is laid out; `said` what was done last, for those who cannot see it.
    `preview` and `rows` are HTML; see `dashboard.components.markup`.
    """

    crates: Any = None
    head: Any = None
    preview: str = ""
    list: Any = None
    charts: Any = None
    no_tools: bool = True
    values: dict | None = None
    state: dict | None = None
    proposed: Any = None
    said: str = ""
    rows: str = ""


def show(
    query: str | None,
    edited: dict | None = None,
    _changed: Any = None,
    pathname: str | None = PATH,
) -> Drawn:
    """Draw the view of an address; `edited` is what was done last, and what was said of it."""
    if query is None or pathname != PATH:
        raise PreventUpdate
    library, view = current_library(), SetView.from_search(query)
    said = edited["said"] if edited else ""
    crate_id = sets.shown_crate(library, view)
    hand = library.crate_in_hand()
    catalogue = library.catalogue
    known = catalogue.crates()
    links = set_head.crate_links(known, catalogue.deleted_crates(), view, crate_id, hand)
    if crate_id not in {crate.id for crate in known}:
        return Drawn(links, list=set_head.no_crate(), state={"at": time.time()}, said=said)
    of = sets.crate_set(library, view, crate_id)
    drawn = Drawn(
        crates=links,
        head=set_head.head(of, in_hand=crate_id == hand),
        values=set_tools.values(view, of),
        state={
            "crate": crate_id,
            "stamp": of.state.stamp,
            "ids": list(of.ids),
            "at": time.time(),
        },
        said=said,
    )
    if not of.ids:
        empty = library.is_empty()
        return drawn._replace(
            list=set_head.empty_catalogue() if empty else set_head.empty_crate(of.state)
        )
    return _filled(library, view, of, drawn)


def _filled(library: Library, view: SetView, of: CrateSet, drawn: Drawn) -> Drawn:
    notation = library.notation()
    preview, laid_out = _preview(library, view, of)
    open_slot, others = None, ((), ())
    if of.order is not None and view.others is not None and view.others <= len(of.ids):
        open_slot = view.others
        others = sets.others(library, of.ids, open_slot)
    rows = set_rows.running_order(
        of, view.locked(of.ids), notation, open_slot=open_slot, others=others
    )
    note = [set_head.one_track()] if len(of.ids) == 1 else []
    if of.note:
        note = [set_head.note(of.note)]
    return drawn._replace(
        preview=as_html(preview),
        list=note,
        rows=as_html(rows),
        charts=set_tools.charts(of, view, notation, laid_out if view.tool == "order" else None),
        no_tools=of.order is None,
        proposed=set_tools.kept(laid_out, of),
    )


def _preview(library: Library, view: SetView, of: CrateSet) -> tuple[Any, RunningOrder | None]:
    """What the open tool says, and the order or path it found."""
    if of.order is None or not view.tool:
        return None, None
    notation = library.notation()
    try:
        if view.tool == "order":
            order = sets.proposal(library, view, of.ids)
            return set_tools.proposal(of, order, notation), order
        way = sets.path(library, view)
    except SegueError as error:
        title = "No such order" if view.tool == "order" else "No path found"
        return set_tools.no_way(str(error), title), None
    if way is None:
        return set_tools.ask_for_ends(), None
    return set_tools.path_found(of, way, notation), way


def edit(
    asked: dict | None, state: dict | None, proposed: dict | None, query: str | None
) -> tuple[Any, dict]:
    """Do what was asked; `show` draws it.

    Returns
    -------
    tuple
        The address that follows, and what was done, which is announced.
    """
    if not asked or asked.get("do") not in ACTIONS:
        raise PreventUpdate
    library, view, state = current_library(), SetView.from_search(query), state or {}
    now = Edit(
        library,
        view,
        asked,
        crate=state.get("crate", 0),
        stamp=state.get("stamp", -1),
        ids=state.get("ids", ()),
        proposed=proposed or {},
    )
    try:
        after = ACTIONS[asked["do"]](now)
    except CrateChanged:
        tell_of_change()
        after = After(view, NOW_CHANGED)
    except (KeyError, TypeError, ValueError):
        raise PreventUpdate from None
    except SegueError as error:
        report(error)
        after = After(view, str(error))
    address = after.view.to_search()
    moved = no_update if address == view.to_search() else address
    return moved, {"at": time.time(), "said": after.said}


def steer(values: list, query: str | None) -> str:
    """Answer a control of the tools: the address of the view that follows.

    `values` only sets the callback off; which control it was, Dash says.
    """
    trigger = ctx.triggered_id
    # Controls also report when they are drawn, all at once: that is nobody's wish.
    if trigger is None or len(ctx.triggered) > 1:
        raise PreventUpdate
    view = SetView.from_search(query)
    following = wished(view, trigger["key"], ctx.triggered[0]["value"])
    if following == view:
        raise PreventUpdate
    return following.to_search()


def wished(view: SetView, key: str, value: Any) -> SetView:
    """Return the view after one control has a new value."""
    if key == "curve":
        return replace(view, curve=value) if value in CURVES else view
    limits = {"minutes": MOST_MINUTES, "steps": MOST_STEPS}
    number = int(value) if str(value or "").isdecimal() else None
    if key == "steps" and not number:
        return view
    if number is not None and key in limits:
        number = min(number, limits[key])
    if key not in ("minutes", "steps", "first", "last", "start", "end"):
        return view
    changed: dict[str, Any] = {key: number or None}
    return replace(view, **changed)


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    app.callback(
        Output(CRATES_ID, "children"),
        Output(HEAD_ID, "children"),
        Output(PREVIEW_HTML_ID, "data"),
        Output(LIST_ID, "children"),
        Output(set_tools.CHARTS_ID, "children"),
        Output(TOOLS_ID, "hidden"),
        Output(VALUES_ID, "data"),
        Output(STATE_ID, "data"),
        Output(PROPOSED_ID, "data"),
        Output(ANNOUNCE_ID, "children"),
        Output(ROWS_HTML_ID, "data"),
        Input(URL_ID, "search"),
        Input(EDITED_ID, "data"),
        Input(CHANGED_ID, "data"),
        State(URL_ID, "pathname"),
    )(show)
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Output(EDITED_ID, "data"),
        Input(ASKED_ID, "data"),
        State(STATE_ID, "data"),
        State(PROPOSED_ID, "data"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(edit)
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Input({"type": WISH, "key": ALL}, "value"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(steer)
    app.callback(
        Output(set_head.SEARCH_ID, "data"),
        Output(set_head.SEARCH_ID, "renderOption"),
        Output("set-hint", "children"),
        Input(set_head.SEARCH_ID, "value"),
        prevent_initial_call=True,
    )(suggested)
    _register_client(app)


def _register_client(app: Dash) -> None:
    app.clientside_callback(
        ClientsideFunction("segueSet", "take"),
        Output(set_head.SEARCH_ID, "value"),
        Input(set_head.SEARCH_ID, "value"),
        State(set_head.SEARCH_ID, "data"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("segueSet", "showValues"),
        Input(VALUES_ID, "data"),
        State({"type": WISH, "key": ALL}, "id"),
        State({"type": WISH, "key": ALL}, "value"),
    )
    app.clientside_callback(
        ClientsideFunction("segueSet", "toPoint"),
        Input({"type": set_tools.CHART, "key": ALL}, "clickData"),
        prevent_initial_call=True,
    )
    app.clientside_callback(
        ClientsideFunction("segueSet", "drawn"),
        Input(STATE_ID, "data"),
        State(ROWS_HTML_ID, "data"),
        State(PREVIEW_HTML_ID, "data"),
    )
