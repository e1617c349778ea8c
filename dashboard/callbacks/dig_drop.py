"""A file that was dropped on the Dig page: followed while it is listened to, then the seed."""

from __future__ import annotations

import time
from typing import Any, NamedTuple

from dash import Dash, Input, Output, State, no_update
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
    """Say how far a file is; once it was heard, ask for it.

    `sent` holds the number of the job, or what kept the file from being sent.
    """
    if not sent:
        return Followed(told=no_update)
    if "error" in sent:
        return Followed(told=drop.failed(str(sent["error"])), sent=no_update)
    library = current_library()
    job = library.catalogue.jobs.get(int(sent["job"]))
    if job.live:
        return Followed(drop.going(job), away=False, over=False, sent=no_update)
    heard = service.heard(library, job) if job.state == "done" else None
    if heard is None:
        return Followed(told=drop.failed(service.why_not(library, job)))
    if not service.is_ready(library, heard):
        return Followed(drop.getting_ready(job), away=False, over=False, sent=no_update)
    return Followed(asked={"only": heard, "at": time.time()})


def cancel(asked: Any, sent: dict | None) -> int:
    """Stop listening to the file."""
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
