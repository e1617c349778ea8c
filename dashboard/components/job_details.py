"""What is behind a job's "Details": what was left out and why, and the log."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.jobs import plainly
from dashboard.components.text import hidden, icon
from data.catalogue import Job, LogLine
from data.records import SetAside

LINES_SHOWN = 300
FAILURES_SHOWN = 50


def details(job: Job, lines: Sequence[LogLine], failures: Sequence[SetAside]) -> list[Component]:
    """Return what is behind "Details": the list of what was left out, and the log."""
    return [
        *_failures(job, failures),
        html.H4("Log"),
        html.Div(
            log_lines(job, lines),
            id={"type": "job-log", "key": job.id},
            className="job-log",
            role="log",
            tabIndex=0,
            **{"aria-label": f"Log of {job.title}", "aria-live": "off"},
        ),
    ]


def log_lines(job: Job, lines: Sequence[LogLine]) -> list[Component] | Component:
    """Return the lines of a log."""
    if not lines:
        return html.P("Nothing yet.", className="quiet")
    return [
        html.P(
            [
                html.Time(local_time(line.at), dateTime=line.at),
                *([hidden(f"{line.level}: ")] if line.level != "info" else []),
                html.Span(plainly(job, line.text)),
            ],
            className=f"log-line log-{line.level}",
        )
        for line in lines
    ]


def _failures(job: Job, failures: Sequence[SetAside]) -> list[Component]:
    if not failures:
        return []
    more = job.skipped - len(failures)
    return [
        html.Div(
            [
                html.H4(f"Left out ({job.skipped:,})"),
                html.Button(
                    [icon("download"), "Download as CSV", hidden(f": left out of {job.title}")],
                    id={"type": "job-failures", "key": job.id},
                    type="button",
                    className="small-button",
                ),
            ],
            className="failures-head",
        ),
        html.Div(
            html.Table(
                [
                    html.Caption(f"Left out of {job.title}", className="visually-hidden"),
                    html.Thead(
                        html.Tr([html.Th("What", scope="col"), html.Th("Why", scope="col")])
                    ),
                    html.Tbody(
                        [
                            html.Tr([html.Td(entry.where), html.Td(entry.reason)])
                            for entry in failures
                        ]
                    ),
                ]
            ),
            className="failures",
            tabIndex=0,
            role="region",
            **{"aria-label": f"Left out of {job.title}"},
        ),
        *(
            [html.P(f"And {more:,} more: all of them are in the CSV.", className="quiet")]
            if more > 0
            else []
        ),
    ]


def local_time(at: str) -> str:
    """Return an ISO time in UTC as the server's clock shows it; empty if it is none."""
    try:
        return dt.datetime.fromisoformat(at).astimezone().strftime("%H:%M:%S")
    except ValueError:
        return ""
