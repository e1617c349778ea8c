"""The answer as a list: rank, track, reason, score, and the sets behind each row."""

from __future__ import annotations

from collections.abc import Collection

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.components.listen import measured, play_button, tempo_and_key
from dashboard.components.text import (
    counted,
    hidden,
    outside_link,
    readable_date,
    track_name,
)
from dashboard.services import SILENCE, Sounds
from dashboard.view import ARTIST_CAP, MOST, View
from data.records import Analysis, Answer, Recommendation, SetRef

# What the recommender left out -> the control that brings it back, and words for it.
HIDDEN = {
    "other version": ("versions", "version", "versions"),
    "version of a seed": ("versions", "version of a seed", "versions of a seed"),
    "same artist": ("artists", "of the same artist", "of the same artist"),
}
PART_NAMES = {
    "together": "played together",
    "next": "played next",
    "sets": "similar sets",
    "artists": "similar artists",
    "labels": "similar labels",
    "same_artist": "same artist",
    "popularity": "played a lot",
    "current": "played lately",
}


def heading(answer: Answer, view: View) -> Component:
    """Return the line above the list: how many, the rules, and what they hid."""
    if answer.results and all(seed.rung == "none" for seed in answer.seeds):
        return html.P(
            "Segue has nothing to go on: check the spelling, or begin with a track that some "
            "set in your catalogue holds. Meanwhile, this is what is played most at present.",
            className="lead",
            role="status",
        )
    return html.Div(
        [
            html.Div(
                [
                    html.H2(_how_many(answer, view), className="count"),
                    html.Div(hidden_line(answer.removed), className="hidden-line"),
                ],
                role="status",
                className="list-summary",
            ),
            html.Div(
                [
                    _switch("versions", "One version of each work", view.one_version),
                    _switch(
                        "artists",
                        f"At most {view.artist_cap or ARTIST_CAP} per artist",
                        view.artist_cap > 0,
                    ),
                ],
                role="group",
                className="rules",
                **{"aria-label": "Rules"},
            ),
        ],
        className="list-head",
    )


def _how_many(answer: Answer, view: View) -> str:
    number = len(answer.results)
    return f"Best {number}" if _may_have_more(answer, view) else counted(number, "track")


def _may_have_more(answer: Answer, view: View) -> bool:
    return len(answer.results) == view.length < MOST


def _switch(rule: str, label: str, checked: bool) -> Component:
    return dmc.Switch(
        id={"type": "rule", "key": rule},
        label=label,
        checked=checked,
        size="sm",
        withThumbIndicator=False,
    )


def hidden_line(removed: dict[str, int]) -> list[Component | str]:
    """Say what the rules kept out; each part is a button that brings it back."""
    shown = [(rule, count) for rule, count in removed.items() if rule in HIDDEN and count]
    if not shown:
        return []
    line: list[Component | str] = [f"{sum(count for _, count in shown):,} hidden: "]
    for i, (rule, count) in enumerate(shown):
        control, one, many = HIDDEN[rule]
        line += [
            ", " if i else "",
            html.Button(
                [f"{count:,} {one if count == 1 else many}", hidden(" – show them")],
                id={"type": "unhide", "key": control},
                type="button",
                className="link-button",
                title="Show them",
            ),
        ]
    return line


def rows(
    answer: Answer, view: View, crate: Collection[int], sounds: Sounds = SILENCE
) -> list[Component]:
    """Return the list itself, and the button for more of it."""
    best = max((result.score for result in answer.results), default=0.0)
    listed = [
        _row(rank, result, sounds, best=best, in_crate=result.recording_id in crate)
        for rank, result in enumerate(answer.results, start=1)
    ]
    parts: list[Component] = [
        html.Ol(
            listed,
            className="rows rows-heard" if sounds.playable else "rows",
            **{"aria-label": "Tracks that go with it"},
        )
    ]
    if _may_have_more(answer, view):
        parts.append(
            dmc.Button(
                "Show more", id={"type": "more", "key": 0}, variant="default", className="more"
            )
        )
    return parts


def _row(
    rank: int, result: Recommendation, sounds: Sounds, *, best: float, in_crate: bool
) -> Component:
    # Dash pays for every component on every change, so a row has as few as it can:
    # rank, icons and bar are drawn by the style sheet.
    track, key = result.track, result.recording_id
    share = max(result.score / best, 0.0) if best > 0 else 0.0
    return html.Li(
        [
            *([play_button(key, track)] if key in sounds.playable else []),
            html.P(track_name(track), className="row-name"),
            html.P(result.reason, className="reason"),
            html.P(_about(result, sounds.measured.get(key)), className="about"),
            html.Div(
                className="score",
                style={"--score": f"{share:.2f}"},
                role="img",
                title=f"{share:.0%} of the best match’s score",
                **{"aria-label": f"Score: {share:.0%} of the best match"},
            ),
            html.Button(
                id={"type": "crate-toggle", "key": key},
                type="button",
                className="round-button crate-add",
                title="Crate",
                **{"aria-label": f"In the crate: {track}", "aria-pressed": str(in_crate).lower()},
            ),
            html.Button(
                id={"type": "expand", "key": key},
                type="button",
                className="round-button expand",
                title="The sets behind it",
                **{"aria-label": f"Why {track}", "aria-expanded": "false"},
            ),
            html.Div(id={"type": "evidence", "key": key}, className="evidence", hidden=True),
        ],
        className="row",
        tabIndex=-1,
        **{"data-recording": str(key), "data-rank": str(rank)},
    )


def _about(result: Recommendation, analysis: Analysis | None) -> list[Component | str]:
    label = [html.Span(result.track.label, className="label")] if result.track.label else []
    sets = html.Span(counted(result.sets, "set"), className="sets")
    return [*tempo_and_key(analysis), *label, sets]


def evidence(result: Recommendation, analysis: Analysis | None = None) -> list[Component]:
    """Return what real sets say about one row, what it sounds like, and what can be done."""
    facts = result.evidence
    parts: list[Component] = []
    if facts.sets:
        parts.append(html.Ul([_set_line(ref) for ref in facts.sets], className="set-list"))
    else:
        parts.append(
            html.P("No set in your catalogue has it together with your tracks.", className="quiet")
        )
    if facts.sets_together > len(facts.sets) > 0:
        more = counted(facts.sets_together - len(facts.sets), "earlier set")
        parts.append(html.P(f"and {more}", className="quiet"))
    if analysis is not None and (known := measured(analysis)):
        parts.append(html.P(known, className="quiet"))
    parts.append(
        html.Div(
            [html.P(made_of(result.parts), className="quiet"), *_seed_buttons(result)],
            className="evidence-foot",
        )
    )
    return parts


def _set_line(ref: SetRef) -> Component:
    marks: list[Component] = []
    if ref.right_after:
        marks.append(html.Span("straight after", className="mark"))
    elif ref.position == ref.seed_position - 1:
        marks.append(html.Span("straight before", className="mark mark-quiet"))
    return html.Li(
        [
            html.Span(readable_date(ref.date), className="set-date"),
            html.Span(
                [
                    html.Span(", ".join(ref.djs) or "Unknown DJ", className="set-djs"),
                    html.Span(outside_link(ref.title, ref.url), className="set-title"),
                ],
                className="set-what",
            ),
            html.Span(
                [
                    html.Span(
                        f"yours at {ref.seed_position}, this at {ref.position}",
                        className="positions",
                    ),
                    *marks,
                ],
                className="set-place",
            ),
        ]
    )


def _seed_buttons(result: Recommendation) -> list[Component]:
    return [
        html.Button(
            [word, hidden(f": {result.track}")],
            id={"type": control, "key": result.recording_id},
            type="button",
            className=f"small-button {control}",
        )
        for control, word in (("seed-only", "Dig from this track"), ("seed-add", "Add as a seed"))
    ]


def made_of(parts: dict[str, float]) -> str:
    """Say what the score is made of: "Score: 70% sets alike, 30% played next"."""
    total = sum(value for value in parts.values() if value > 0)
    if total <= 0:
        return ""
    shares = sorted(((v / total, k) for k, v in parts.items() if v > 0), reverse=True)
    words = [f"{share:.0%} {PART_NAMES.get(name, name)}" for share, name in shares]
    return "Score: " + ", ".join(words)
