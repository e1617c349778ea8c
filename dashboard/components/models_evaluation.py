"""How good the recommendations are, for people who have never heard of recall."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.charts.evaluation import over_slider
from dashboard.components.models import SPLIT_ID, card, chart, note, start_button, table
from dashboard.components.models_learned import when
from dashboard.components.text import counted
from dashboard.services.models_evaluation import QUESTIONS, SPLITS, Evaluated, Line

QUESTION = "Of a set's hidden tracks, how many are among the first 50?"
_HOW = (
    "Segue holds a fifth of your sets back, learns from the others, and is then given some tracks "
    "of a held-back set. It has to find the rest of that set."
)


def evaluation_part(
    found: Evaluated | None, running: Collection[str], *, has_sets: bool
) -> list[Component]:
    """Return the whole part; `running` are the kinds of jobs that run or wait."""
    busy = "evaluate" in running
    if found is None:
        return [_never(busy=busy, has_sets=has_sets)]
    return [
        *_stale(found),
        card(
            QUESTION,
            _head(found, busy=busy),
            _split(found),
            _table(found),
            html.P(_sure(found), className="chart-words"),
        ),
        *_slider(found),
        *_likeness(found),
    ]


def damaged(sentence: str, running: Collection[str]) -> list[Component]:
    """Return what stands there where the last evaluation cannot be read."""
    return [note(sentence, _button("Measure again", busy="evaluate" in running))]


def _never(*, busy: bool, has_sets: bool) -> Component:
    if not has_sets:
        what = html.P(
            [
                "There are no sets to measure with yet. ",
                dcc.Link("Add tracklists on the Library page", href="/library?add=tracklists"),
                ".",
            ],
            className="panel-lead",
        )
        return card(QUESTION, html.P(_HOW, className="panel-lead"), what)
    return card(
        QUESTION,
        html.P(_HOW, className="panel-lead"),
        html.P(
            "This was not measured on your sets yet. It takes a minute or two for a few hundred "
            "sets, and longer for thousands; you can go on working meanwhile.",
            className="panel-lead",
        ),
        html.Div(_button("Measure", busy=busy), className="start-line"),
    )


def _button(words: str, *, busy: bool) -> Component:
    return start_button("evaluate", "Measuring…" if busy else words, main=True, disabled=busy)


def _head(found: Evaluated, *, busy: bool) -> Component:
    ours = next((line for line in found.lines if line.ours), None)
    others = [line for line in found.lines if not line.ours]
    share = ours.shares[0] if ours else None
    best = max(others, key=lambda line: line.shares[0] or 0.0, default=None)
    figures: list[Component] = []
    if share is not None:
        figures.append(_figure(f"{share:.0%}", "are among Segue's first 50"))
    if best is not None and best.shares[0] is not None:
        figures.append(_figure(f"{best.shares[0]:.0%}", f"with the best other way, {_lower(best)}"))
    return html.Div(
        [
            html.Div(figures, className="big-figures"),
            html.Div(
                [
                    _button("Measure again", busy=busy),
                    html.P(_measured(found), className="quiet"),
                ],
                className="measured",
            ),
        ],
        className="evaluation-head",
    )


def _stale(found: Evaluated) -> list[Component]:
    if not found.stale:
        return []
    return [
        note("Sets came in or went since this was measured. Measure again to see how it is now.")
    ]


def _figure(number: str, words: str) -> Component:
    return html.P([html.Strong(number), html.Span(f" {words}")], className="big-figure")


def _lower(line: Line) -> str:
    return line.name[:1].lower() + line.name[1:]


def _measured(found: Evaluated) -> list[Component | str]:
    heard = f", {counted(found.heard, 'track')} heard" if found.heard else ", none heard"
    return [
        "Measured ",
        when(found.date),
        f" on {counted(found.held_back, 'set')} held back from learning, of {found.sets:,}; "
        f"{found.recordings:,} tracks in them{heard}.",
    ]


def _split(found: Evaluated) -> Component:
    return html.Div(
        [
            html.P(_HOW, className="panel-lead"),
            html.Div(
                [
                    html.Span("Held back", id="models-split-label", className="quiet"),
                    dmc.SegmentedControl(
                        id=SPLIT_ID,
                        data=[
                            {"value": split, "label": SPLITS.get(split, split)}
                            for split in found.splits
                        ],
                        value=found.split,
                        **{"aria-labelledby": "models-split-label"},
                    ),
                ],
                className="split-line",
            ),
        ]
    )


def _table(found: Evaluated) -> Component:
    best = [
        max((line.shares[place] or 0.0 for line in found.lines), default=0.0)
        for place in range(len(found.asked))
    ]
    head = [
        html.Span([QUESTIONS[name][0], html.Span(f" {_among(name)}", className="of")])
        for name in found.asked
    ]
    rows = [
        (
            html.Span(line.name, className="ours" if line.ours else ""),
            *(_share(share, most) for share, most in zip(line.shares, best, strict=True)),
        )
        for line in found.lines
    ]
    return html.Div(
        table(QUESTION, ("Recommended by", *head), rows, plain=True), className="shares"
    )


def _among(question: str) -> str:
    return f"among the first {QUESTIONS[question][1].removeprefix('of ')}"


def _share(share: float | None, most: float) -> Component:
    if share is None:
        return html.Span("–")
    is_best = share == most and share > 0
    return html.Span(
        [
            html.Span(
                html.Span(style={"width": f"{100 * share:.1f}%"}),
                className="bar",
                **{"aria-hidden": "true"},
            ),
            html.Strong(f"{share:.0%}", title="Best of the column")
            if is_best
            else html.Span(f"{share:.0%}"),
        ],
        className="share",
    )


def _sure(found: Evaluated) -> str:
    said = "Bold is the best of a column. A way that shows only played tracks finds no new ones."
    if found.lead is None:
        return said
    low, high = (f"{100 * end:.0f}" for end in found.lead)
    if found.lead[0] > 0:
        return (
            f"{said} Given five tracks, Segue leads the best other way by {low} to {high} points "
            "(95% interval), so this is no accident."
        )
    return (
        f"{said} Given five tracks, the lead over the best other way is {low} to {high} points "
        "(95% interval): too close to call."
    )


def _slider(found: Evaluated) -> list[Component]:
    curves: Mapping[str, Mapping[float, float]] = {
        QUESTIONS[name][0]: found.curves[name] for name in QUESTIONS if name in found.curves
    }
    if not curves:
        return []
    drawn = over_slider({"": curves})
    places = sorted({at for curve in curves.values() for at in curve})
    first, curve = next(iter(curves.items()))
    best = max(curve, key=lambda at: curve[at])
    words = (
        f"{first}: best at {_place(best)}. 0 is nothing found, 1 is every track of the set at "
        "the top of the list (NDCG of the first 50; for the very next track, MRR)."
    )
    return [
        card(
            "Where the slider from sets to sound should stand",
            *chart(
                drawn,
                words,
                table(
                    "Over the slider",
                    ("Slider", *curves),
                    [
                        (_place(at), *(f"{curve.get(at, 0.0):.3f}" for curve in curves.values()))
                        for at in places
                    ],
                ),
                height=340,
                name="How well lists fit over the slider",
            ),
        )
    ]


def _place(at: float) -> str:
    if at == 0.5:
        return "the middle"
    return "sets alone" if at == 0 else "sound alone" if at == 1 else f"{at:.0%} sound"


def _likeness(found: Evaluated) -> list[Component]:
    told = {"artist": "by the same artist", "label": "on the same label", "maker": "by its maker"}
    rows = [
        (
            told.get(str(one["made"]), f"of the same {one['made']}"),
            f"{one['found@10']:.0%}",
            f"{one['chance']:.1%}",
        )
        for one in found.likeness
    ]
    if not rows:
        return []
    return [
        card(
            "What sound alone finds",
            html.P(
                "Of the ten tracks that sound nearest to a track, so many are by the same people. "
                "The encoder was not told who they are by.",
                className="panel-lead",
            ),
            table(
                "Of the ten nearest by sound",
                ("Of the ten nearest", "Found", "By chance"),
                rows,
                plain=True,
            ),
        )
    ]
