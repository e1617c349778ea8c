"""What is learned: the model of the sets, the encoders, and the buttons that train them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.models import card, facts, note, start_button, table
from dashboard.components.text import counted, with_commands
from dashboard.services.models import EncoderState, Learned

#: Each encoder in a sentence. One of the DJ's own has none.
ENCODERS: Mapping[str, str] = {
    "segue": "Segue's own: timbre, rhythm and harmony beside a small network.",
    "fusion_autoencoder": "Learns without labels, from timbre with key and tempo beside it.",
    "genre_cnn": "Learns to name the genre, small.",
    "genre_resnet": "Learns to name the genre, deeper.",
    "segment_pca": "Statistics of three-second pieces; no network, quick.",
    "tag_crnn": "Learns to name tags, and listens in the order of time.",
}
_PARAMETERS: Mapping[str, str] = {
    "factors": "Numbers for each track",
    "iterations": "Rounds",
    "regularization": "Regularisation",
    "alpha": "Weight of a play",
    "k1": "BM25 k1",
    "b": "BM25 b",
    "seed": "Random seed",
}
_LICENCES_SHOWN = 3


def learned_part(
    learned: Learned, encoders: Sequence[EncoderState], running: Collection[str]
) -> list[Component]:
    """Return the whole part; `running` are the kinds of jobs that run or wait."""
    return [
        html.Div(
            [_sets(learned, busy="train" in running), _ear(encoders[0])], className="panels two"
        ),
        _all_encoders(encoders),
    ]


def damaged(sentence: str, running: Collection[str]) -> list[Component]:
    """Return what stands there where the model cannot be read."""
    return [
        note(sentence),
        _train_buttons(busy="train" in running, can=True, first=True),
    ]


# -- the model of the sets


def _sets(learned: Learned, *, busy: bool) -> Component:
    return card(
        "From DJ sets",
        *_state(learned),
        _train_buttons(busy=busy, can=learned.has_sets, first=not learned.version),
        *([_figures(learned), _more(learned)] if learned.version else []),
    )


def _state(learned: Learned) -> list[Component]:
    if not learned.has_sets:
        return [
            html.P(
                [
                    "There are no DJ sets to learn from yet. ",
                    dcc.Link("Add tracklists on the Library page", href="/library?add=tracklists"),
                    ", then come back and train.",
                ],
                className="panel-lead",
            )
        ]
    if learned.advice:
        return [note(learned.advice)]
    return [html.P("Every set in your library has been learned from.", className="panel-lead")]


def _train_buttons(*, busy: bool, can: bool, first: bool) -> Component:
    return html.Div(
        [
            start_button(
                "train", "Train" if first else "Train again", main=True, disabled=busy or not can
            ),
            start_button("tune", "Train and learn my own weights", disabled=busy or not can),
            html.P(
                "Training is in progress: see above."
                if busy
                else "Training takes seconds. Learning your own weights, how much sets, credits "
                "and sound count, takes minutes and needs a few hundred sets.",
                className="quiet",
            ),
        ],
        className="start-line",
    )


def _figures(learned: Learned) -> Component:
    return facts(
        [
            ("Trained", when(learned.created)),
            (
                "From",
                f"{counted(learned.sets, 'set')}, {counted(learned.recordings, 'track')}, "
                f"{counted(learned.plays, 'play')}",
            ),
            ("Weights", _weights(learned)),
            ("Sound and sets", _tied(learned)),
        ]
    )


def _weights(learned: Learned) -> str:
    if not learned.own_weights:
        return "Those that come with Segue"
    learned_from = f", learned from {counted(learned.weights_from, 'set')}"
    return "Your own" + (learned_from if learned.weights_from else "")


def _tied(learned: Learned) -> str:
    if learned.quality is not None:
        return (
            f"Sound tells {quality_word(learned.quality)} where sets would put a track "
            f"({learned.quality:.2f} of 1, from {counted(learned.quality_from, 'track')})"
        )
    if not learned.heard:
        return "Not tied: no music was heard yet"
    return (
        f"Not tied yet. {counted(learned.heard, 'track')} can be heard now: train again to "
        "place tracks that no set has played"
    )


def quality_word(quality: float) -> str:
    """Return a correlation as a word.

    Examples
    --------
    >>> quality_word(0.15), quality_word(0.5), quality_word(0.8)
    ('roughly', 'fairly well', 'well')
    """
    return "roughly" if quality < 0.3 else "fairly well" if quality < 0.6 else "well"


def _more(learned: Learned) -> Component:
    said = [(_PARAMETERS.get(k, k), f"{v:g}") for k, v in learned.parameters.items()]
    return html.Details(
        [
            html.Summary("Version and parameters"),
            facts(
                [
                    ("Version", html.Code(learned.version)),
                    ("Method", "Matrix factorisation of sets and tracks (ALS)"),
                    ("Learning took", f"{learned.seconds:.1f} seconds"),
                    *said,
                ]
            ),
        ],
        className="as-table",
    )


# -- encoders


def _ear(encoder: EncoderState) -> Component:
    if encoder.heard:
        said = html.P(
            f"The encoder has heard {counted(encoder.heard, 'track')} of your library.",
            className="panel-lead",
        )
    else:
        said = html.P(
            [
                "Nothing was heard yet. ",
                dcc.Link("Add your music on the Library page", href="/library?add=folder"),
                ": Segue listens to it and finds what sounds alike.",
            ],
            className="panel-lead",
        )
    return card(
        "From sound",
        said,
        *(
            [
                note(
                    f"Heard by an earlier version: {counted(encoder.outdated, 'track')}. "
                    "Add their folder again, so that Segue hears them anew."
                )
            ]
            if encoder.outdated
            else []
        ),
        facts(
            [
                ("Encoder in use", html.Code(encoder.label)),
                ("What it is", ENCODERS.get(encoder.label, "An encoder of your own")),
                ("Learned from", learned_from(encoder.learned_from)),
                ("Trained", when(encoder.created) if encoder.trained_here else "Comes with Segue"),
                ("Numbers for each track", f"{encoder.dimension}" if encoder.dimension else ""),
            ]
        ),
        *_licences(encoder),
    )


def learned_from(said: str) -> str:
    """Return what a card says of the data, without what it had none of.

    Examples
    --------
    >>> learned_from("1468 clips by 1303 artists, 6 genres, 0 factors")
    '1,468 clips by 1,303 artists, 6 genres'
    """
    parts = [part for part in said.split(", ") if not part.startswith("0 ")]
    return re.sub(r"\b\d{4,}\b", lambda number: f"{int(number[0]):,}", ", ".join(parts))


def _licences(encoder: EncoderState) -> list[Component]:
    if not encoder.licences:
        return []
    most = sorted(encoder.licences.items(), key=lambda item: -item[1])
    return [
        html.Details(
            [
                html.Summary("Licences of what it learned from"),
                table(
                    f"Licences of what {encoder.label} learned from",
                    ("Licence", "Pieces"),
                    [(name, f"{count:,}") for name, count in most],
                ),
            ],
            className="as-table",
        )
    ]


def _all_encoders(encoders: Sequence[EncoderState]) -> Component:
    rows = [
        (
            html.Span(
                [
                    html.Code(one.label),
                    *([html.Span("In use", className="tag")] if one.in_use else []),
                ],
                className="encoder-name",
            ),
            html.Span(
                with_commands(ENCODERS.get(one.label, "An encoder of your own.")),
                className="encoder-what",
            ),
            _ready(one),
            f"{one.heard:,}" + (f" (+{one.outdated:,} outdated)" if one.outdated else ""),
            f"{one.dimension}" if one.dimension else _none(),
            _licence(one),
        )
        for one in encoders
    ]
    head = ("Encoder", "What it is", "State", "Tracks heard", "Numbers for a track", "Licence")
    return card(
        "Every encoder",
        html.Div(table("Every encoder", head, rows, plain=True), className="encoders"),
        html.P(
            with_commands(
                "An encoder is trained in a terminal, with `segue encoder train NAME`, and used "
                "with `segue analyse FOLDER --encoder NAME`. A model of your own comes in with "
                "`segue encoder add FILE`."
            ),
            className="quiet",
        ),
    )


def _ready(one: EncoderState) -> str:
    if not one.ready:
        return "Not trained"
    return "Trained here" if one.trained_here else "Comes trained"


def _none() -> Component:
    return html.Span("–", className="none")


def _licence(one: EncoderState) -> str | Component:
    """Say under which licence what an encoder learned from is."""
    if not one.ready:
        return _none()
    if not one.licences:
        return "Not said"
    if not one.trained_here:
        return "MIT; learned from open music"
    names = [name for name, _ in sorted(one.licences.items(), key=lambda item: -item[1])]
    more = len(names) - _LICENCES_SHOWN
    return ", ".join(names[:_LICENCES_SHOWN]) + (f" and {more} more" if more > 0 else "")


def when(iso: str) -> Any:
    """Return a moment as the server's clock shows it; empty for none.

    Examples
    --------
    >>> when("")
    ''
    """
    try:
        moment = dt.datetime.fromisoformat(iso).astimezone()
    except ValueError:
        return ""
    return html.Time(f"{moment.day} {moment:%b %Y, %H:%M}", dateTime=iso)
