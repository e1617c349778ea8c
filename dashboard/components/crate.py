"""The crate: tracks a DJ has picked, kept in the catalogue."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.listen import play_button
from dashboard.components.text import hidden, icon, title_of
from data.playlists import FORMATS
from data.records import Track

LIST_ID = "crate-list"
COUNT_ID = "crate-count"
IDS_ID = "crate-ids"
UNDO_ID = "crate-undo"
UNDO_LINE_ID = "crate-undo-line"
DOWNLOAD_ID = "crate-download"


def crate_panel() -> Component:
    """Return the panel, without what is in it."""
    return html.Aside(
        [
            html.Div(
                [
                    html.H2("Crate", tabIndex=-1, id="crate-title"),
                    html.Button(
                        [icon("close"), hidden("Close the crate")],
                        id="crate-close",
                        type="button",
                        className="round-button crate-close",
                    ),
                ],
                className="crate-head",
            ),
            html.Div(id=LIST_ID, className="crate-body"),
            html.Div(id=UNDO_LINE_ID, className="crate-undo-line", role="status"),
            dcc.Store(id=IDS_ID),
            dcc.Store(id=UNDO_ID),
            dcc.Download(id=DOWNLOAD_ID),
        ],
        id="crate-panel",
        className="crate",
        **{"aria-label": "Crate"},
    )


def crate_list(
    crate: Sequence[tuple[int, Track]], playable: Collection[int] = ()
) -> list[Component]:
    """Return the tracks in the crate and what can be done with them."""
    if not crate:
        return [
            html.P(
                "Empty. Tracks you add wait here, also after you close Segue, "
                "until you take them away as a playlist.",
                className="quiet crate-empty",
            )
        ]
    return [
        html.Ol(
            [_item(number, track, playable=number in playable) for number, track in crate],
            className="crate-heard" if playable else "",
        ),
        html.Div(
            [
                *(_download(key) for key in FORMATS),
                html.Button(
                    "Clear",
                    id={"type": "crate-clear", "key": 0},
                    type="button",
                    className="link-button",
                ),
            ],
            className="crate-foot",
        ),
    ]


def _item(recording_id: int, track: Track, *, playable: bool) -> Component:
    return html.Li(
        [
            *([play_button(recording_id, track)] if playable else []),
            html.Span(title_of(track), className="crate-title"),
            html.Span(track.artist, className="crate-artist"),
            html.Button(
                id={"type": "crate-remove", "key": recording_id},
                type="button",
                className="round-button remove",
                **{"aria-label": f"Remove {track} from the crate"},
            ),
        ]
    )


def _download(key: str) -> Component:
    return html.Button(
        [icon("download"), hidden("Download as "), FORMATS[key].name],
        id={"type": "crate-export", "key": key},
        type="button",
        className="small-button",
    )


def undo_line(removed: str) -> list[Component]:
    """Return the offer to put back what was just removed."""
    return [
        html.Span(removed),
        html.Button(
            "Undo",
            id={"type": "crate-undo", "key": 0},
            type="button",
            className="link-button",
        ),
    ]
