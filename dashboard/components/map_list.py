"""Beside the map: the track it is centred on, and its neighbours as a list for every reader."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.listen import hear_buttons
from dashboard.components.text import icon, title_of, track_name
from dashboard.services.map import Neighbour
from data.records import Track
from hybrid.atlas import Basis

_NEAREST = {"sound": "Sounds most like it", "sets": "Played most in its company"}


@dataclass(frozen=True, slots=True)
class Told:
    """What the list says of tracks.

    Parameters
    ----------
    tracks : mapping of int to Track
    about : mapping of int to str
        Genre, tempo, key and so on in one line.
    playable, crate, previews : collection of int
    """

    tracks: Mapping[int, Track]
    about: Mapping[int, str]
    playable: Collection[int]
    crate: Collection[int]
    previews: Collection[int] = ()


def invitation(starters: Sequence[tuple[int, Track]]) -> list[Component]:
    """Return what stands there before a track is chosen."""
    return [
        html.H2("Choose a track"),
        html.P(
            "Click a point, or search: its nearest tracks are listed here and marked on the map.",
            className="quiet",
        ),
        html.Ul(
            [
                html.Li(
                    html.Button(
                        [
                            html.Span(title_of(track), className="starter-title"),
                            html.Span(track.artist, className="starter-artist"),
                        ],
                        id={"type": "map-seed", "key": recording_id},
                        type="button",
                        className="starter",
                    )
                )
                for recording_id, track in starters
            ],
            className="map-starters",
            **{"aria-label": "Or one of the most played"},
        ),
    ]


def neighbourhood(
    seed: int, found: Sequence[Neighbour], told: Told, basis: Basis
) -> list[Component]:
    """Return the seed and the tracks nearest to it."""
    track = told.tracks[seed]
    head = html.Div(
        [
            html.P("Your track", className="map-kicker"),
            html.H2(track_name(track), className="map-seed-name"),
            html.P(told.about.get(seed, ""), className="near-about"),
            html.Div([*_tools(seed, track, told), _dig(seed, track)], className="map-seed-tools"),
        ],
        className="map-seed",
    )
    if not found:
        return [head, html.P(_unplaced(basis), className="note", role="status")]
    rows = [_row(number, neighbour.recording_id, told) for number, neighbour in enumerate(found, 1)]
    return [
        head,
        html.H3(_NEAREST[basis], id="map-nearest"),
        html.Ol(rows, className="near-rows", **{"aria-labelledby": "map-nearest"}),
        html.P(
            "In the list: ↑ ↓ to move, Enter adds to the crate, Space plays, C centres the map.",
            className="quiet near-keys",
        ),
    ]


def unknown() -> list[Component]:
    """Return what stands there for a track that the catalogue has not."""
    return [
        html.P(
            "That track is no longer in your catalogue. Choose another one.",
            className="note",
            role="status",
        )
    ]


def _unplaced(basis: Basis) -> list[Component | str]:
    if basis == "sound":
        return [
            "This track is not on the map: nobody has listened to it yet. ",
            dcc.Link("Add its file", href="/library"),
            ", or look at what is played together.",
        ]
    return [
        "This track is not on the map: no set that Segue has learned from plays it. ",
        dcc.Link("Train again", href="/models"),
        ", or look at what sounds alike.",
    ]


def _row(number: int, recording_id: int, told: Told) -> Component:
    track = told.tracks[recording_id]
    return html.Li(
        [
            html.Span(str(number), className="near-number"),
            html.P(track_name(track), className="near-name"),
            html.P(told.about.get(recording_id, ""), className="near-about"),
            html.Div(
                [
                    html.Button(
                        "Centre here",
                        id={"type": "map-seed", "key": recording_id},
                        type="button",
                        className="link-button near-centre",
                        **{"aria-label": f"Centre the map on {track}"},
                    ),
                    _dig(recording_id, track),
                ],
                className="near-links",
            ),
            html.Div(_tools(recording_id, track, told), className="near-tools"),
        ],
        className="near-row",
        tabIndex=0 if number == 1 else -1,
        **{"data-recording": str(recording_id)},
    )


def _tools(recording_id: int, track: Track, told: Told) -> list[Component]:
    return [
        *hear_buttons(recording_id, track, told.playable, told.previews),
        html.Button(
            id={"type": "crate-toggle", "key": recording_id},
            type="button",
            className="round-button crate-add",
            title="Crate",
            **{
                "aria-label": f"In the crate: {track}",
                "aria-pressed": str(recording_id in told.crate).lower(),
            },
        ),
    ]


def _dig(recording_id: int, track: Track) -> Component:
    return dcc.Link(
        [icon("search"), html.Span("Dig from it")],
        href=f"/?seed={recording_id}",
        className="near-dig",
        title=f"Dig from {track}",
    )
