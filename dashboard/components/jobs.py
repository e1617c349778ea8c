"""Long work on a page: what runs, how far it is, and what came of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import counted, hidden, icon
from data.catalogue import Job

JOBS_ID = "jobs"
SAID_ID = "jobs-said"
SEEN_ID = "jobs-seen"
STAMP_ID = "jobs-stamp"
KINDS_ID = "jobs-kinds"
GO_ID = "jobs-go"
TICK_ID = "jobs-tick"
LOOK_ID = "jobs-look"
DOWNLOAD_ID = "jobs-download"

_LIVE_MS, _LOOK_MS = 700, 5000
_TELLING = 0.02  # share of a step that must be done before it says how long the rest takes
_FIRST_S = 4.0  # seconds before anything is said of the rest

STATES = {
    "queued": "Waiting",
    "running": "Running",
    "done": "Done",
    "failed": "Failed",
    "cancelled": "Cancelled",
}


def place(kinds: Sequence[str] = ()) -> Component:
    """Return where a page shows its jobs; `kinds` are those it shows, all if none is named.

    A page has one such place. Writing anything into the store `STAMP_ID` draws it at once.
    """
    return html.Section(
        [
            html.Div(id=JOBS_ID, className="jobs"),
            html.Div(id=SAID_ID, role="status", className="visually-hidden"),
            dcc.Store(id=SEEN_ID),
            dcc.Store(id=STAMP_ID),
            dcc.Store(id=KINDS_ID, data=list(kinds)),
            dcc.Store(id=GO_ID),
            dcc.Interval(id=TICK_ID, interval=_LIVE_MS, disabled=True),
            dcc.Interval(id=LOOK_ID, interval=_LOOK_MS),
            dcc.Download(id=DOWNLOAD_ID),
        ],
        className="jobs-place",
        **{"aria-label": "Jobs"},
    )


def job_list(
    jobs: Sequence[Job], opened: Job | None, detail: Sequence[Component], *, older: bool = False
) -> list[Component]:
    """Return the cards of `jobs`; that of `opened` shows `detail`.

    `older` says that there are more of them than these.
    """
    cards = html.Ul(
        [
            html.Li(
                card(job, detail if opened and job.id == opened.id else None),
                key=f"{job.id}",
                id=f"job-{job.id}",
            )
            for job in jobs
        ],
        className="job-list",
    )
    more = html.Button(
        "Show older jobs" if jobs else "Show finished jobs",
        id={"type": "jobs-all", "key": 0},
        type="button",
        className="small-button jobs-older",
    )
    # Nothing is live or new: a page that is about something else offers what there was.
    listed = [html.H2("Jobs"), cards] if jobs else []
    return [*listed, *([more] if older else [])]


def card(job: Job, detail: Sequence[Component] | None = None) -> Component:
    """Return one job: title, state, how far it is or what came of it, and what can be done."""
    return html.Article(
        [
            html.Div(
                [
                    html.H3(job.title, className="job-title"),
                    html.Span(_state(job), className=f"job-state job-{job.state}"),
                    html.Div(_actions(job, detail is not None), className="job-actions"),
                ],
                className="job-head",
            ),
            html.Div(progress(job), id={"type": "job-progress", "key": job.id}),
            *([html.Div(list(detail), className="job-detail")] if detail is not None else []),
        ],
        className="job",
    )


def _state(job: Job) -> str:
    return "Stopping" if job.cancelling else STATES.get(job.state, job.state)


def _actions(job: Job, is_open: bool) -> list[Component]:
    # What is under the mouse must not become something else: "Details" stays where it is.
    actions = []
    if not job.live:
        actions.append(_action("remove", "Remove", job))
    if job.live:
        actions.append(_action("cancel", "Cancel", job, disabled=job.cancelling))
    elif job.state != "done":
        actions.append(_action("resume", "Resume", job))
    actions.append(
        html.Button(
            ["Less" if is_open else "Details", hidden(f": {job.title}")],
            id={"type": "job-open", "key": job.id},
            type="button",
            className="small-button",
            **{"aria-expanded": str(is_open).lower()},
        )
    )
    return actions


def _action(name: str, word: str, job: Job, *, disabled: bool = False) -> Component:
    return html.Button(
        [word, hidden(f": {job.title}")],
        id={"type": "job-act", "act": name, "key": job.id},
        type="button",
        className="small-button",
        disabled=disabled,
    )


def progress(job: Job) -> Component:
    """Return how far a live job is, or what came of one that has ended."""
    if job.live:
        moving = job.state == "running" and not job.total
        return html.Div(
            [
                html.Div(
                    html.Div(className="job-bar-done", style=_width(job)),
                    # A bar that moves says that something is done, though not how much.
                    className="job-bar job-bar-unknown" if moving else "job-bar",
                    role="progressbar",
                    **_value(job),
                ),
                html.P(
                    [
                        html.Span(_step(job), className="job-step"),
                        html.Span(_time(job), className="job-time"),
                    ],
                    className="job-line",
                ),
                *_left_out(job),
            ],
            className="job-progress",
        )
    return html.Div(
        [html.P(outcome(job), className="job-outcome"), *_left_out(job), *_next_steps(job)]
    )


def _next_steps(job: Job) -> list[Component]:
    """Return what may be wanted after a playlist or a track came in: its crate, its music."""
    if job.kind == "spotify_track" and job.result.get("recording_id"):
        href = f"/?seed={int(job.result['recording_id'])}"
        link = dcc.Link("Dig from it", href=href, className="small-button")
        return [html.Div(link, className="job-next")]
    if job.kind not in ("playlist", "spotify_playlist") or job.state != "done":
        return []
    steps = []
    if job.result.get("crates"):
        steps.append(_next("crate", "Open the crate", job))
    if files := len(job.result.get("files") or ()):
        words = f"Listen to {counted(files, 'new file')} that it names"
        steps.append(_next("listen", words, job))
    return [html.Div(steps, className="job-next")] if steps else []


def _next(name: str, words: str, job: Job) -> Component:
    return html.Button(
        words,
        id={"type": "job-next", "act": name, "key": job.id},
        type="button",
        className="small-button",
    )


def _width(job: Job) -> dict[str, str]:
    return {"width": f"{100 * min(job.done, job.total) / job.total:.1f}%"} if job.total else {}


def _value(job: Job) -> dict[str, str]:
    named = {"aria-label": f"Progress: {job.title}", "aria-valuetext": _step(job)}
    if not job.total:
        return named
    return named | {
        "aria-valuemin": "0",
        "aria-valuemax": str(job.total),
        "aria-valuenow": str(min(job.done, job.total)),
    }


def _step(job: Job) -> str:
    if job.cancelling:
        return "Stopping after what is in hand; what is done stays"
    if job.state == "queued":
        return "Waiting for its turn"
    step = job.step or "Starting"
    if job.total and job.done:
        return f"{step}: {job.done:,} of {job.total:,}"
    return f"{step}: {job.done:,}" if job.done else step


def _time(job: Job) -> str:
    if job.state != "running" or not job.started_at:
        return ""
    gone = seconds_since(job.started_at) or 0.0
    said = f"{clock(gone)} so far"
    left = remaining(job, gone)
    return said if left is None or job.cancelling else f"{said}, {roughly(left)} left"


def remaining(job: Job, gone_s: float) -> float | None:
    """Return the seconds that a job needs still, None while nothing can be said.

    Parameters
    ----------
    gone_s : float
        Seconds since it began.
    """
    if not job.total or gone_s < _FIRST_S or job.done < max(1, _TELLING * job.total):
        return None
    return gone_s * max(0, job.total - job.done) / job.done


def clock(seconds: float) -> str:
    """Return a time as a clock shows it.

    Examples
    --------
    >>> clock(5), clock(3725)
    ('0:05', '1:02:05')
    """
    minutes, rest = divmod(int(max(0.0, seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def roughly(seconds: float) -> str:
    """Return a time as people say it.

    Examples
    --------
    >>> roughly(5), roughly(200), roughly(9000)
    ('a few seconds', 'about 3 minutes', 'about 2.5 hours')
    """
    if seconds < 12:
        return "a few seconds"
    if seconds < 45:
        return "about half a minute"
    if seconds < 90 * 60:
        return "about " + counted(max(1, round(seconds / 60)), "minute")
    return f"about {seconds / 3600:.1f}".removesuffix(".0") + " hours"


def outcome(job: Job) -> str:
    """Say what came of a job that has ended."""
    if job.state == "failed":
        return plainly(job, job.error) or "It failed; the details say more."
    if job.state == "cancelled":
        return "Cancelled. What was done so far is kept; Resume goes on from there."
    said = str(job.result.get("summary") or "Done.")
    took = _seconds_between(job.started_at, job.finished_at)
    return said if took is None else f"{said} It took {clock(took)}."


def plainly(job: Job, text: str) -> str:
    """Return a text about a job with uploaded files by their names alone, as the person had them.

    Examples
    --------
    >>> import types
    >>> job = types.SimpleNamespace(options={"uploaded": True, "paths": ["/x/1f/night.csv"]})
    >>> plainly(job, "/x/1f/night.csv cannot be read.")
    'night.csv cannot be read.'
    """
    if job.options.get("uploaded"):
        for path in job.options.get("paths") or [job.options.get("path", "")]:
            text = text.replace(str(path), Path(path).name)
    return text


def _left_out(job: Job) -> list[Component]:
    if not job.skipped:
        return []
    return [
        html.P(
            [
                icon("warn"),
                f"{counted(job.skipped, 'entry', 'entries')} left out; the details say why.",
            ],
            className="job-left-out",
        )
    ]


# -- time


def seconds_since(at: str) -> float | None:
    """Return how long ago a time was that a job keeps; None if it keeps none."""
    return _seconds_between(at, dt.datetime.now(dt.UTC).isoformat())


def _seconds_between(first: str, then: str) -> float | None:
    try:
        return (dt.datetime.fromisoformat(then) - dt.datetime.fromisoformat(first)).total_seconds()
    except ValueError:
        return None
