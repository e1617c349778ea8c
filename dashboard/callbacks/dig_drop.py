"""A file dropped on the Dig page, or a link pasted there: followed until it can be the seed."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from dash import ALL, Dash, Input, Output, State, ctx, no_update, set_props
from dash.exceptions import PreventUpdate

from dashboard.components import drop, search
from dashboard.services import current_library
from dashboard.services import dig as service


class Followed(NamedTuple):
    """What `follow` writes.

    `state` is how far the file is and `away` whether that is out of sight, `told` what went
    wrong, `over` whether to stop looking, `asked` the new seed. `sent` is emptied at the end, so
    that a look still under way finds nothing to follow.
    """

    state: Any = None
    away: bool = True
    told: Any = None
    over: bool = True
    asked: Any = no_update
    sent: Any = None


def follow(sent: dict | None, _ticks: int | None) -> Followed:
    """Say how far a file or a link is; once it is known, ask for it.

    `sent` holds the number of the job, or what kept it from being started; of a link also the
    text that was pasted, as ``"for"``.
    """
    if not sent:
        return Followed(told=no_update)
    if "error" in sent:
        told = drop.failed(str(sent["error"]), spotify=bool(sent.get("spotify")))
        return Followed(told=told, sent=no_update)
    library = current_library()
    job = library.catalogue.jobs.get(int(sent["job"]))
    if job.live:
        return Followed(drop.going(job), away=False, over=False, sent=no_update)
    heard = service.heard(library, job) if job.state == "done" else None
    if heard is None:
        return Followed(told=drop.failed(service.why_not(library, job)))
    if not service.is_ready(library, heard):
        return Followed(drop.getting_ready(job), away=False, over=False, sent=no_update)
    # A file is a new beginning, a link one more seed.
    asked = {"id": heard, "for": sent["for"]} if "for" in sent else {"only": heard}
    return Followed(asked={**asked, "at": time.time()})


def look_up(text: str) -> None:
    """Look a pasted link up; `follow` goes on from there."""
    sent = service.look_up(current_library(), text)
    set_props(drop.JOB_ID, {"data": {**sent, "at": time.time()}})


def press_look_up(_presses: Any) -> dict:
    """Look up a link that stands in the address."""
    if not ctx.triggered_id or not ctx.triggered[0]["value"]:
        raise PreventUpdate
    sent = service.look_up(current_library(), str(ctx.triggered_id["key"]))
    return {**sent, "at": time.time()}


def cancel(asked: Any, sent: dict | None) -> int:
    """Stop listening to the file, or looking the link up."""
    if not asked or not sent or "job" not in sent:
        raise PreventUpdate
    current_library().catalogue.jobs.cancel(int(sent["job"]))
    return 0


def register(app: Dash) -> None:
    """Wire the functions of this module to the page."""
    app.callback(
        Output(drop.STATE_ID, "children"),
        Output(drop.GOING_ID, "hidden"),
        Output(drop.TOLD_ID, "children"),
        Output(drop.TICK_ID, "disabled"),
        Output(search.ASKED_ID, "data", allow_duplicate=True),
        Output(drop.JOB_ID, "data"),
        Input(drop.JOB_ID, "data"),
        Input(drop.TICK_ID, "n_intervals"),
        prevent_initial_call=True,
    )(follow)
    app.callback(
        Output(drop.TICK_ID, "n_intervals"),
        Input(drop.CANCEL_ID, "data"),
        State(drop.JOB_ID, "data"),
        prevent_initial_call=True,
    )(cancel)
    app.callback(
        Output(drop.JOB_ID, "data", allow_duplicate=True),
        Input({"type": "seed-look-up", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(press_look_up)
