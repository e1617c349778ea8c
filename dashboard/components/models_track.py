"""A track looked into: measured, named and drawn."""

from __future__ import annotations

from collections.abc import Sequence
from math import isnan

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.charts import models as charts
from dashboard.charts.style import CONFIG
from dashboard.components.listen import bpm, play_button, preview_button, said_by
from dashboard.components.models import PICTURE_ID, PICTURED_ID, as_table, card, facts, table
from dashboard.components.models_overview import breakdown
from dashboard.components.text import hidden, icon, title_of, track_name
from dashboard.services.models_track import Sheet
from data.harmony import Key, Notation
from data.records import Analysis, Track
from hybrid.hears import Heard
from hybrid.pictures import Spectrogram

_HEIGHT = 260
_NOT_KNOWN = "Not known: nobody has listened to it yet"


def invitation(starters: Sequence[tuple[int, Track]]) -> list[Component]:
    """Return what stands there before a track is chosen."""
    if not starters:
        return [
            html.P(
                [
                    "There are no tracks yet. ",
                    dcc.Link("Add tracklists or music on the Library page", href="/library"),
                    ", then look into them here.",
                ],
                className="panel-lead",
            )
        ]
    return [
        html.P(
            "Search for a track to see its sound as a picture, how surely its tempo and key are "
            "known, and what the encoder hears in it.",
            className="panel-lead",
        ),
        html.Ul(
            [
                html.Li(
                    html.A(
                        [
                            html.Span(title_of(track), className="starter-title"),
                            html.Span(track.artist, className="starter-artist"),
                        ],
                        href=f"/models?track={recording_id}",
                        className="starter within-models",
                    )
                )
                for recording_id, track in starters
            ],
            className="starters",
            **{"aria-label": "Or one of the most played"},
        ),
    ]


def unknown() -> list[Component]:
    """Return what stands there for a track that the catalogue has not."""
    return [
        html.P(
            "That track is no longer in your library. Choose another one.",
            className="note",
            role="status",
        )
    ]


def track_part(sheet: Sheet, notation: Notation) -> list[Component]:
    """Return a track; its spectrogram comes when it has been measured."""
    return [
        _head(sheet),
        _sound(sheet),
        html.Div(
            [_measured(sheet.analysis, notation), *_named(sheet.hears)], className="panels track"
        ),
        *_over_time(sheet.hears),
    ]


def _head(sheet: Sheet) -> Component:
    return html.Div(
        [
            *_heard(sheet),
            html.H2(track_name(sheet.track), className="looked-into"),
            html.Div(
                [
                    dcc.Link(
                        [icon("search"), "Dig from it", hidden(f": {sheet.track}")],
                        href=f"/?seed={sheet.recording_id}",
                        className="small-button",
                    ),
                    dcc.Link(
                        ["Show on the map", hidden(f": {sheet.track}")],
                        href=f"/map?seed={sheet.recording_id}",
                        className="small-button",
                    ),
                ],
                className="track-links",
            ),
        ],
        className="track-head",
    )


def _heard(sheet: Sheet) -> list[Component]:
    if sheet.playable:
        return [play_button(sheet.recording_id, sheet.track)]
    return [preview_button(sheet.recording_id, sheet.track)] if sheet.has_preview else []


# -- the picture


def _sound(sheet: Sheet) -> Component:
    if not sheet.playable:
        return card(
            "Sound",
            html.P(
                [
                    "Segue has no file of this track, so there is nothing to draw. ",
                    dcc.Link("Add the folder that holds it", href="/library?add=folder"),
                    ".",
                ],
                className="panel-lead",
            ),
        )
    address = f"/audio/{sheet.recording_id}/waveform.svg?bins=900"
    return card(
        "Sound",
        html.Div(
            style={"--wave": f'url("{address}")'},
            className="waveform",
            role="img",
            **{"aria-label": f"Waveform of {sheet.track}"},
        ),
        html.Div(
            html.P("Listening…", className="picture-wait", role="status"),
            id=PICTURE_ID,
            className="picture",
        ),
        dcc.Store(id=PICTURED_ID, data=sheet.recording_id),
        name="sound",
    )


def picture(drawn: Spectrogram) -> list[Component]:
    """Return a spectrogram and what it says in words."""
    figure, words = charts.spectrogram(drawn)
    return [
        html.Div(
            dcc.Graph(
                figure=figure,
                config={**CONFIG, "displayModeBar": False},
                style={"height": _HEIGHT},
                responsive=True,
            ),
            role="img",
            className="chart",
            **{"aria-label": f"Spectrogram. {words}"},
        ),
        html.P(words, className="chart-words"),
    ]


def no_picture(sentence: str) -> Component:
    """Return why there is no spectrogram."""
    return html.P(sentence, className="note", role="status")


# -- numbers


def _measured(analysis: Analysis | None, notation: Notation) -> Component:
    if analysis is None:
        return card(
            "Measured",
            html.P(
                [
                    "Tempo and key of this track are not known: nobody has listened to it yet. ",
                    dcc.Link("Add the folder that holds it", href="/library?add=folder"),
                    ".",
                ],
                className="panel-lead",
            ),
        )
    name = "Measured" if analysis.analyser else "Tempo and key"
    return card(name, facts([*_tempo(analysis), *_key(analysis, notation), *_rest(analysis)]))


def _tempo(analysis: Analysis) -> list[tuple[str, object]]:
    if not analysis.bpm:
        none = "None was found: the beat is not steady, or there is none"
        return [("Tempo", none if analysis.analyser else _NOT_KNOWN)]
    by = said_by(analysis, "bpm")
    said = [("Tempo", _value(f"{bpm(analysis.bpm)} BPM", by or _sure(analysis.bpm_confidence)))]
    if by and analysis.measured_bpm:
        sure = _of_the_measure(analysis, "bpm", analysis.bpm_confidence)
        said.append(("Measured tempo", f"{bpm(analysis.measured_bpm)} BPM{sure}"))
    others = " or ".join(bpm(value) for value in analysis.bpm_alternatives)
    return [*said, ("Or it is felt as", f"{others} BPM" if others else "")]


def _key(analysis: Analysis, notation: Notation) -> list[tuple[str, object]]:
    if not analysis.key:
        none = "None was found: there is little in it that has a pitch"
        return [("Key", none if analysis.analyser else _NOT_KNOWN)]
    by = said_by(analysis, "key")
    how = by or _sure(analysis.key_confidence)
    said: list[tuple[str, object]] = [("Key", _value(_key_name(analysis.key, notation), how))]
    if by and analysis.measured_key:
        sure = _of_the_measure(analysis, "key", analysis.key_confidence)
        said.append(("Measured key", f"{_key_name(analysis.measured_key, notation)}{sure}"))
    other = analysis.key_runner_up
    return [*said, ("Or it is", _key_name(other, notation) if other else "")]


def _rest(analysis: Analysis) -> list[tuple[str, object]]:
    """What is known of the rest: of a track that nobody listened to it is the length at most."""
    said: list[tuple[str, object]] = []
    if not isnan(analysis.energy):
        said += [
            ("Energy", f"{analysis.energy:.0%}"),
            ("Loudness", f"{analysis.loudness_lufs:.1f} LUFS".replace("-", "−")),
            ("Brightness", f"85% of it lies below {charts.frequency(analysis.rolloff_hz)}"),
        ]
    if not isnan(analysis.duration_s):
        minutes, seconds = divmod(round(analysis.duration_s), 60)
        said.append(("Length", f"{minutes}:{seconds:02}"))
    return said


def _sure(confidence: float) -> str:
    return f"measured, {confidence:.0%} sure"


def _of_the_measure(analysis: Analysis, name: str, confidence: float) -> str:
    """How sure the measure is beside a tag; DJ software is sure of itself and not of it."""
    return f", {confidence:.0%} sure" if analysis.provenance.get(name) == "tag" else ""


def _value(value: str, how: str) -> Component:
    return html.Span([html.Strong(value), html.Span(f" {how}", className="quiet")])


def _key_name(key: Key, notation: Notation) -> str:
    words = f"{key.classic().removesuffix('m')} {key.mode}"
    return words if notation == "classic" else f"{key.written(notation)} ({words})"


# -- names


def _named_note(heard: Heard) -> str:
    return (
        f"How sure the encoder is of each name, the mean over {len(heard.starts_s)} fragments. "
        "Take it as a hint."
    )


def _named(heard: Heard | None) -> list[Component]:
    if heard is None:
        return []
    return [
        card(
            "What Segue hears in it",
            html.P(_named_note(heard), className="quiet"),
            *breakdown(heard.whole),
        )
    ]


def _over_time(heard: Heard | None) -> list[Component]:
    if heard is None or len(heard.starts_s) < 2 or not heard.names:
        return []
    drawn, words = charts.over_time(heard)
    shown = heard.names[: charts.TOLD_OVER_TIME]
    rows = [
        (
            charts.clock(start),
            *(f"{heard.over_time[place, number]:.0%}" for place in range(len(shown))),
        )
        for number, start in enumerate(heard.starts_s.tolist())
    ]
    return [
        card(
            "As it goes on",
            html.Div(
                dcc.Graph(
                    figure=drawn,
                    config={**CONFIG, "displayModeBar": False},
                    style={"height": 60 + 28 * len(shown)},
                    responsive=True,
                ),
                role="img",
                className="chart",
                **{"aria-label": f"Names over time. {words}"},
            ),
            html.P(f"In percent. {words}", className="chart-words"),
            as_table(table("Names over time", ("From", *shown), rows), "Names over time"),
        )
    ]
