"""An audio file or a link as the seed: where it comes in, how far it is, and what went wrong."""

from __future__ import annotations

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.jobs import progress
from dashboard.components.text import hidden, icon
from dashboard.links import TRACK
from data.catalogue import Job

GOING_ID = "dig-drop-going"
STATE_ID = "dig-drop-state"
TOLD_ID = "dig-drop-told"
JOB_ID = "dig-drop-job"
TICK_ID = "dig-drop-tick"
CANCEL_ID = "dig-drop-cancel"
_TICK_MS = 400


def file_button() -> Component:
    """Return the button that opens the choice of a file, for whoever cannot drop one."""
    return html.Button(
        [icon("wave"), html.Span("Use a file", className="file-word"), hidden(" as the seed")],
        type="button",
        className="file-button",
        title="Choose an audio file, or drop one anywhere on this page",
        **{"data-seed-file": "true"},
    )


def drop_place() -> Component:
    """Return where a file on its way shows how far it is; out of sight while there is none.

    ``assets/dig-drop.js`` writes into the first part while the file is sent. The button beside
    the second stays the same while that is drawn again and again: it can be pressed.
    """
    return html.Div(
        [
            html.Div(id="dig-upload", className="drop-state", hidden=True),
            html.Div(
                [
                    html.Div(id=STATE_ID),
                    html.Button(
                        "Cancel",
                        type="button",
                        className="small-button",
                        **{"data-drop-cancel": "true"},
                    ),
                ],
                id=GOING_ID,
                className="drop-state",
                hidden=True,
            ),
            html.Div(id=TOLD_ID),
            dcc.Store(id=JOB_ID),
            dcc.Store(id=CANCEL_ID),
            dcc.Interval(id=TICK_ID, interval=_TICK_MS, disabled=True),
            html.Div(
                html.P("Let go: Segue listens to it and digs from it."),
                className="drop-veil",
                **{"aria-hidden": "true"},
            ),
        ],
        className="drop-place",
    )


def going(job: Job) -> list[Component]:
    """Return how far the listening is."""
    return [html.P(job.title, className="drop-title"), progress(job)]


def getting_ready(job: Job) -> list[Component]:
    """Return what stands there between the end of the listening and the answer."""
    done = "Found" if job.kind == TRACK else "Heard"
    return [
        html.P(job.title, className="drop-title"),
        html.P(f"{done}. Looking for what goes with it…", role="status"),
    ]


def look_up_offer(text: str) -> Component:
    """Return the way on from a link in the address that nothing is known of."""
    return html.P(
        [
            html.Span("Spotify can say which track this is."),
            html.Button(
                "Look it up on Spotify",
                id={"type": "seed-look-up", "key": text},
                type="button",
                className="small-button",
            ),
        ],
        className="note note-action",
    )


def failed(sentence: str, *, spotify: bool = False) -> Component:
    """Return what went wrong; with the way to the Spotify page if that helps."""
    way = dcc.Link("Open the Spotify page", href="/spotify") if spotify else None
    return html.Div(
        [
            html.P([sentence, *([" ", way] if way else [])]),
            html.Button(
                [icon("close"), hidden("Close this message")],
                type="button",
                className="round-button",
                **{"data-drop-close": "true"},
            ),
        ],
        className="drop-state drop-failed",
        role="alert",
    )
