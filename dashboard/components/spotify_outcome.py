"""What came of a push, or of bringing a playlist: what Spotify holds now, and what was left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import counted, hidden, icon, outside_link
from data.catalogue import Job

_LEFT_SHOWN = 50
_LEFT_OPEN = 9  # more would push the match list out of sight


def pushed(job: Job, *, blocked: bool) -> list[Component]:
    """Return what came of a push that has ended; `blocked` while Spotify takes no requests."""
    if job.live:
        return []
    if job.state != "done":
        return [_stopped(job, blocked=blocked)]
    result = job.result
    verified = (
        f"Read back from Spotify: {counted(int(result['total']), 'track')} in it, and everything "
        "that was pushed is there."
        if result.get("verified")
        else "Read back from Spotify: it does not hold everything that was pushed. Open it and "
        "look, then push again."
    )
    left = result.get("left_out") or []
    repeated = int(result.get("repeated") or 0)
    twice = (
        [html.P(f"In the crate more than once, and pushed once: {counted(repeated, 'track')}.")]
        if repeated
        else []
    )
    return [
        html.Section(
            [
                html.H2(
                    [icon("check"), f"“{result['name']}” is on Spotify"],
                    tabIndex=-1,
                    id="spotify-done",
                ),
                html.P(str(result.get("summary") or "")),
                html.P(verified, className="quiet"),
                *twice,
                html.P(
                    outside_link("Open it on Spotify", str(result.get("link") or "")),
                    className="spotify-open",
                ),
                *(_left_out(job, left) if left else []),
            ],
            className="spotify-card spotify-done",
        )
    ]


def _stopped(job: Job, *, blocked: bool) -> Component:
    why = job.error if job.state == "failed" else "The push was cancelled."
    return html.Section(
        [
            html.H2([icon("warn"), "The push stopped"], tabIndex=-1, id="spotify-done"),
            html.P(why or "It failed; the details of the job say more."),
            html.P(
                "What was written stays. Going on finishes it, and nothing comes twice.",
                className="quiet",
            ),
            html.Button(
                "Go on",
                id={"type": "spotify-again", "key": job.id},
                type="button",
                className="small-button",
                disabled=blocked,
            ),
        ],
        className="spotify-card spotify-stopped",
    )


def _left_out(job: Job, left: Sequence[Mapping[str, Any]]) -> list[Component]:
    more = len(left) - _LEFT_SHOWN
    return [
        html.Details(
            [
                html.Summary(f"{counted(len(left), 'track')} left out"),
                html.Ul(
                    [
                        html.Li(
                            [
                                html.Span(entry["title"], className="track-title"),
                                " ",
                                html.Span(entry["artist"], className="match-artist"),
                                html.Span(entry["reason"], className="match-why"),
                            ]
                        )
                        for entry in left[:_LEFT_SHOWN]
                    ],
                    className="spotify-left",
                ),
                *([html.P(f"And {more:,} more: all are in the CSV.")] if more > 0 else []),
                html.Button(
                    [icon("download"), "Download as CSV", hidden(": what was left out")],
                    id={"type": "spotify-left-out", "key": job.id},
                    type="button",
                    className="small-button",
                ),
            ],
            open=len(left) <= _LEFT_OPEN,
        )
    ]


def brought(job: Job, crate: str = "") -> list[Component]:
    """Return what came of bringing a playlist into the `crate` of that name."""
    if job.live:
        return []
    if job.state != "done":
        why = job.error if job.state == "failed" else "It was cancelled."
        return [html.P(why or "It failed; try it again.", className="note", role="status")]
    crates = job.result.get("crates") or []
    return [
        html.Section(
            [
                html.H2(
                    [icon("check"), f"“{crate}” is here" if crate else "It is here"],
                    tabIndex=-1,
                    id="spotify-done",
                ),
                html.P(str(job.result.get("summary") or "")),
                *(
                    [
                        html.P(
                            dcc.Link("Open the crate", href=f"/set?crate={int(crates[0])}"),
                            className="spotify-open",
                        )
                    ]
                    if crates
                    else []
                ),
            ],
            className="spotify-card spotify-done",
        )
    ]
