"""Jobs on any page that has a place for them: followed, cancelled, resumed, looked into."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Sequence
from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, dcc, no_update
from dash.exceptions import PreventUpdate
from flask import request

from dashboard import guard, query
from dashboard.components import job_details
from dashboard.components import jobs as parts
from dashboard.components.shell import URL_ID
from dashboard.components.text import counted
from dashboard.services import Library, current_library
from data.catalogue import Job
from data.catalogue.job_log import LINES_KEPT
from data.errors import SegueError
from data.records import SetAside
from hybrid.jobs import uploads

SHOWN = 4
"""Jobs that are shown until somebody asks for older ones; live ones always are."""
FRESH_S = 30.0
"""For so long after its end, a job is shown on a page that is about something else."""
_MOST_LOOKED_AT = 60


def shown_jobs(
    library: Library, kinds: Sequence[str], search: str | None, seen: str | None = None
) -> list[Job]:
    """Return the jobs that a page shows at an address, newest first; the open one always.

    A page that names its `kinds` is about something else: of the jobs that have ended it
    shows those that ended just now, and what it has `seen` before.
    """
    opened = query.number(search, "job")
    wanted = _wanted(library, kinds)
    if query.read(search).get("jobs") == "all":
        shown = wanted
    elif kinds:
        keep = {entry[0] for entry in json.loads(seen)[0]} if seen else set()
        shown = [job for job in wanted if _is_news(job) or job.id in keep or job.id == opened]
    else:
        rest = wanted[SHOWN:]
        shown = wanted[:SHOWN] + [job for job in rest if job.live or job.id == opened]
    if opened is not None and opened not in {job.id for job in shown}:
        try:
            job = library.catalogue.jobs.get(opened)
        except SegueError:
            return shown
        shown += [job] if not kinds or job.kind in kinds else []
    return shown


def _is_news(job: Job) -> bool:
    ago = parts.seconds_since(job.finished_at)
    return job.live or (ago is not None and ago < FRESH_S)


def _wanted(library: Library, kinds: Sequence[str]) -> list[Job]:
    found = library.catalogue.jobs.recent(_MOST_LOOKED_AT)
    return [job for job in found if not kinds or job.kind in kinds]


def follow(
    _ticks: Any,
    _looks: Any,
    search: str | None,
    _stamp: Any,
    kinds: list[str] | None,
    seen: str | None,
) -> tuple[Any, ...]:
    """Draw the jobs: all of them where one began or ended, else only how far they are."""
    library, opened_id = current_library(), query.number(search, "job")
    jobs = shown_jobs(library, kinds or (), search, seen)
    opened = next((job for job in jobs if job.id == opened_id), None)
    now = _signature(jobs, opened)
    bars, logs = ctx.outputs_list[-2:]
    still = not any(job.live for job in jobs)
    if now != seen:
        detail = _details(library, opened) if opened else []
        older = len(_wanted(library, kinds or ())) > len(jobs)
        drawn = parts.job_list(jobs, opened, detail, older=older) if jobs or older else None
        return (
            drawn,
            now,
            _news(jobs, seen),
            still,
            [no_update] * len(bars),
            [no_update] * len(logs),
        )
    by_id = {job.id: job for job in jobs}
    return (
        no_update,
        no_update,
        no_update,
        still,
        [_bar(by_id.get(bar["id"]["key"])) for bar in bars],
        [_log(library, by_id.get(log["id"]["key"])) for log in logs],
    )


def _bar(job: Job | None) -> Any:
    return parts.progress(job) if job and job.live else no_update


def _log(library: Library, job: Job | None) -> Any:
    return job_details.log_lines(job, _lines(library, job.id)) if job and job.live else no_update


def _signature(jobs: Sequence[Job], opened: Job | None) -> str:
    """Return a text that differs when cards differ in more than how far they are."""
    states = [[job.id, job.state, job.cancelling, job.attempts] for job in jobs]
    left_out = min(opened.skipped, job_details.FAILURES_SHOWN + 1) if opened else 0
    return json.dumps([states, opened.id if opened else 0, left_out])


def _news(jobs: Sequence[Job], seen: str | None) -> str:
    """Say which job changed, for those who do not see it; empty on a page just opened."""
    if not seen:
        return ""
    before = {entry[0]: entry[1] for entry in json.loads(seen)[0]}
    changed = [job for job in jobs if before.get(job.id) != job.state]
    return " ".join(f"{job.title}: {parts.STATES.get(job.state, job.state)}." for job in changed)


def _details(library: Library, job: Job) -> list[Any]:
    failures = library.catalogue.jobs.failures(job.id, job_details.FAILURES_SHOWN)
    return job_details.details(job, _lines(library, job.id), failures)


def _lines(library: Library, job_id: int) -> list[Any]:
    """Return the last lines of a log."""
    lines = library.catalogue.jobs.lines(job_id, limit=LINES_KEPT)
    return lines[-job_details.LINES_SHOWN :]


def act(_presses: Any) -> int:
    """Cancel, resume or remove a job."""
    trigger, value = ctx.triggered_id, ctx.triggered[0]["value"]
    if not value or trigger is None:
        raise PreventUpdate
    library = current_library()
    if trigger["act"] == "cancel":
        library.catalogue.jobs.cancel(trigger["key"])
    elif trigger["act"] == "resume":
        library.catalogue.jobs.resume(trigger["key"])
        library.wake()
    elif trigger["act"] == "remove":
        remove(library, trigger["key"])
    return _stamp()


def _stamp() -> int:
    return time.time_ns() // 1_000_000


def remove(library: Library, job_id: int) -> None:
    """Remove a job from the list, with files that were uploaded for it alone."""
    job = library.catalogue.jobs.get(job_id)
    library.catalogue.jobs.remove(job_id)
    uploads.clear(library.settings, job.options)


def unfold(_presses: Any, search: str | None) -> str:
    """Open the details of a job, or close them: which are open stands in the address."""
    trigger, value = ctx.triggered_id, ctx.triggered[0]["value"]
    if not value or trigger is None:
        raise PreventUpdate
    is_open = query.number(search, "job") == trigger["key"]
    return query.written(search, job=None if is_open else trigger["key"])


def show_all(_presses: Any, search: str | None) -> str:
    """Show older jobs too."""
    if ctx.triggered_id is None or not ctx.triggered[0]["value"]:
        raise PreventUpdate
    return query.written(search, jobs="all")


def go_on(_presses: Any) -> tuple[Any, Any]:
    """Open the crate that a playlist became, or listen to the files that it names."""
    trigger, value = ctx.triggered_id, ctx.triggered[0]["value"]
    if not value or trigger is None:
        raise PreventUpdate
    library = current_library()
    job = library.catalogue.jobs.get(trigger["key"])
    if trigger["act"] == "crate":
        library.take_in_hand(int(job.result["crates"][0]))
        return no_update, "/set"
    if not guard.is_local(request, library.settings):
        raise SegueError("Files of that computer can be listened to from that computer alone.")
    files = [str(path) for path in job.result.get("files") or ()]
    title = f"Listen to {counted(len(files), 'file')} of a playlist"
    library.start_job("analyse", title, {"paths": files})
    return _stamp(), no_update


def download(_presses: Any) -> dict:
    """Hand over the list of what a job left out, as CSV."""
    trigger, value = ctx.triggered_id, ctx.triggered[0]["value"]
    if not value or trigger is None:
        raise PreventUpdate
    failures = current_library().catalogue.jobs.failures(trigger["key"])
    return dcc.send_bytes(as_csv(failures), "segue-left-out.csv", type="text/csv")


def as_csv(failures: Sequence[SetAside]) -> bytes:
    """Return a list of failures as CSV that a spreadsheet opens without calculating anything."""
    text = io.StringIO()
    table = csv.writer(text)
    table.writerow(["what", "why"])
    table.writerows((_harmless(e.where), _harmless(e.reason)) for e in failures)
    # With a mark in front, so that spreadsheets read it as UTF-8.
    return text.getvalue().encode("utf-8-sig", "replace")


def _harmless(cell: str) -> str:
    """Keep a cell from being read as a formula: a file may be called ``=cmd...``."""
    return f"'{cell}" if cell.lstrip()[:1] in ("=", "+", "-", "@") or cell[:1] in "\t\r" else cell


def register(app: Dash) -> None:
    """Wire the functions of this module to the place that a page has for jobs."""
    app.callback(
        Output(parts.JOBS_ID, "children"),
        Output(parts.SEEN_ID, "data"),
        Output(parts.SAID_ID, "children"),
        Output(parts.TICK_ID, "disabled"),
        Output({"type": "job-progress", "key": ALL}, "children"),
        Output({"type": "job-log", "key": ALL}, "children"),
        Input(parts.TICK_ID, "n_intervals"),
        Input(parts.LOOK_ID, "n_intervals"),
        Input(URL_ID, "search"),
        Input(parts.STAMP_ID, "data"),
        State(parts.KINDS_ID, "data"),
        State(parts.SEEN_ID, "data"),
    )(follow)
    app.callback(
        Output(parts.STAMP_ID, "data", allow_duplicate=True),
        Input({"type": "job-act", "act": ALL, "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(act)
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Input({"type": "job-open", "key": ALL}, "n_clicks"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(unfold)
    app.callback(
        Output(URL_ID, "search", allow_duplicate=True),
        Input({"type": "jobs-all", "key": ALL}, "n_clicks"),
        State(URL_ID, "search"),
        prevent_initial_call=True,
    )(show_all)
    app.callback(
        Output(parts.STAMP_ID, "data", allow_duplicate=True),
        Output(parts.GO_ID, "data"),
        Input({"type": "job-next", "act": ALL, "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(go_on)
    app.clientside_callback(
        ClientsideFunction("jobs", "go"), Input(parts.GO_ID, "data"), prevent_initial_call=True
    )
    app.callback(
        Output(parts.DOWNLOAD_ID, "data"),
        Input({"type": "job-failures", "key": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )(download)
