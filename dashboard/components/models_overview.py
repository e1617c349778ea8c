"""The library in figures, each with a table behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.charts import models as charts
from dashboard.components.models import bars, card, chart, table
from dashboard.components.text import counted
from dashboard.services.models_overview import TEMPO_BIN, Overview
from data.harmony import Notation
from hybrid.hears import Breakdown

_SHOWN = 8


def overview_part(found: Overview, notation: Notation) -> list[Component]:
    """Return the whole part."""
    if not found.tracks:
        return [
            card(
                "Nothing is here yet",
                html.P(
                    [
                        dcc.Link("Add tracklists or music on the Library page", href="/library"),
                        ": then this page shows what your library is made of.",
                    ],
                    className="panel-lead",
                ),
            )
        ]
    return [
        html.P(_counted(found), className="panel-lead"),
        html.Div(
            [*_measured(found, notation), *_dated(found)],
            className="panels two",
        ),
        html.Div([*_named(found), *_heard(found)], className="panels two loose"),
    ]


def _counted(found: Overview) -> list[Component | str]:
    said: list[Component | str] = [
        html.Strong(f"{found.analysed:,}"),
        f" of {counted(found.tracks, 'track')} were heard and measured.",
    ]
    if not found.analysed:
        said += [" ", dcc.Link("Add the folder that holds your music", href="/library?add=folder")]
        said += [" to see tempo, key and energy here."]
    return said


def _measured(found: Overview, notation: Notation) -> list[Component]:
    cards = []
    if found.tempos is not None:
        drawn, words = charts.tempo(found.tempos)
        rows = [
            (f"{low} to {low + TEMPO_BIN} BPM", f"{count:,}", f"{mates:,}")
            for low, count, mates in zip(
                found.tempos.lows, found.tempos.counts, found.tempos.mates, strict=True
            )
            if count or mates
        ]
        head = ("Tempo", "Tracks", "More at half or double time")
        cards.append(
            card("Tempo", *chart(drawn, words, table("Tempo", head, rows), name="Tracks by tempo"))
        )
    if any(found.keys.values()):
        drawn, words = charts.key_wheel(found.keys, notation)
        rows = [
            (key.written(notation), f"{key.classic().removesuffix('m')} {key.mode}", f"{count:,}")
            for key, count in found.keys.items()
        ]
        content = table("Key", ("Key", "Name", "Tracks"), rows)
        cards.append(card("Key", *chart(drawn, words, content, name="Tracks by key")))
    if any(found.energies):
        drawn, words = charts.energy(found.energies)
        rows = [(charts.energy_span(p), f"{count:,}") for p, count in enumerate(found.energies)]
        content = table("Energy", ("Energy", "Tracks"), rows)
        cards.append(card("Energy", *chart(drawn, words, content, name="Tracks by energy")))
    return cards


def _dated(found: Overview) -> list[Component]:
    if not found.years:
        return []
    drawn, words = charts.years(found.years)
    content = table(
        "Year", ("Year", "Tracks"), [(f"{year}", f"{count:,}") for year, count in found.years]
    )
    return [
        card(
            "Year",
            *chart(drawn, words, content, name="Tracks by year"),
            note="As the file says, else the first set that plays it.",
        )
    ]


def _named(found: Overview) -> list[Component]:
    return [
        *_listed("Genres", found.genres, found.more_genres, link=False),
        *_listed("Labels", found.labels, found.more_labels, link=True),
    ]


def _listed(
    title: str, pairs: Sequence[tuple[str, int]], more: int, *, link: bool
) -> list[Component]:
    if not pairs:
        return []
    return [
        card(
            title,
            bars(
                f"Tracks by {title.lower().removesuffix('s')}",
                [
                    (
                        dcc.Link(name, href=f"/library?{urlencode({'q': name})}") if link else name,
                        float(count),
                        f"{count:,}",
                    )
                    for name, count in pairs
                ],
            ),
            *([html.P(f"And {more:,} more.", className="quiet")] if more else []),
        )
    ]


def _heard(found: Overview) -> list[Component]:
    if found.hears is None:
        return []
    return [
        card(
            "What Segue hears in it",
            html.P(
                f"The mean over {counted(found.sample, 'track')} of your library. Take it as a "
                "hint: the encoder learned its names from about 1,500 pieces, most of them "
                "made by machines.",
                className="quiet",
            ),
            *breakdown(found.hears),
            name="wide",
        )
    ]


def breakdown(heard: Breakdown) -> list[Component]:
    """Return genres, styles and instruments with how sure the encoder is of each."""
    return [
        html.Div(
            [
                *_sure("Genre", heard.genres),
                *_sure("Style", heard.styles),
                *_sure("Instruments", heard.instruments),
            ],
            className="named",
        )
    ]


def _sure(title: str, values: Mapping[str, float]) -> list[Component]:
    shown = list(values.items())[:_SHOWN]
    if not shown:
        return []
    pairs = [(name, value, f"{value:.0%}") for name, value in shown]
    return [html.Div([html.H3(title), bars(title, pairs, most=1.0)])]
