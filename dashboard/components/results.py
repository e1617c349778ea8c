"""The answer as a list: what is hidden, and for each track rank, reason, score and how it mixes."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import dash_mantine_components as dmc
from dash import html
from dash.development.base_component import Component

from dashboard.components.evidence import evidence, made_of, stacked
from dashboard.components.listen import FAR_PERCENT, play_button, tempo_and_key
from dashboard.components.search import near_matches
from dashboard.components.text import counted, hidden, track_name, with_commands
from dashboard.services import SILENCE, Sounds
from dashboard.view import LOOSENED, MOST, View
from data.records import Answer, Hidden, Recommendation, Track

#: What filters and rules hide, in words: one of them, several.
HIDDEN = {
    "tempo": ("tempo", "tempo"),
    "key": ("key", "key"),
    "energy": ("energy", "energy"),
    "year": ("year", "year"),
    "label": ("label", "label"),
    "genre": ("genre", "genre"),
    "library": ("by library", "by library"),
    "length": ("too long", "too long"),
    "disliked": ("disliked", "disliked"),
    "clashes": ("clashes", "clash"),
    "other version": ("version", "versions"),
    "version of a seed": ("version of yours", "versions of yours"),
    "same artist": ("same artist", "same artist"),
}
#: What to say of a row that sets did not bring.
RUNGS = {
    "artist": "by its artist",
    "label": "by its label",
    "sound": "by its sound",
    "popularity": "played a lot",
}


def heading(answer: Answer, view: View) -> Component | None:
    """Return what stands above the list: what is missing, how many there are, what is hidden."""
    parts = [*noted(answer)]
    if answer.results:
        parts.append(
            html.Div(
                [
                    html.H2(_how_many(answer, view), className="count"),
                    html.Div(hidden_line(answer.hidden), className="hidden-line"),
                ],
                role="status",
                className="list-head",
            )
        )
    return html.Div(parts) if parts else None


def noted(answer: Answer) -> list[Component]:
    """Return what the answer says is missing, and near matches of what nothing is known of."""
    said: list[Component] = []
    if answer.note:
        said.append(html.P(with_commands(answer.note)))
    said += near_matches(answer.seeds)
    return [html.Div(said, className="note", role="status")] if said else []


def _how_many(answer: Answer, view: View) -> str:
    number = len(answer.results)
    if all(seed.rung == "none" for seed in answer.seeds):
        return "Meanwhile, what is played most at present"
    return f"Best {number}" if _may_have_more(answer, view) else counted(number, "track")


def _may_have_more(answer: Answer, view: View) -> bool:
    return len(answer.results) == view.length < MOST


def hidden_line(left_out: Sequence[Hidden]) -> list[Component | str]:
    """Say what filters and rules kept out; each part is a button that brings it back."""
    shown = [entry for entry in left_out if entry.name in LOOSENED and entry.count]
    if not shown:
        return []
    line: list[Component | str] = [f"{sum(entry.count for entry in shown):,} hidden: "]
    for i, entry in enumerate(shown):
        brings = (
            f"Show them: brings {entry.back:,} back into the list"
            if entry.back
            else "Show them: further down the list"
        )
        words = HIDDEN[entry.name][entry.count != 1]
        line += [
            ", " if i else "",
            html.Button(
                [f"{entry.count:,} {words}", hidden(f". {brings}")],
                id={"type": "unhide", "key": entry.name},
                type="button",
                className="link-button",
                title=brings,
            ),
        ]
    return line


def taken_off(recording_id: int, track: Track, verdict: str) -> Component:
    """Return the line on a row that the DJ's own word has just taken off the list."""
    why = "it clashes" if verdict == "clashes" else "you dislike it"
    return html.P(
        [
            *track_name(track),
            f" is off the list: {why}. ",
            html.Button(
                "Take it back",
                type="button",
                className="link-button",
                **{"data-judge": verdict, "data-recording": str(recording_id)},
            ),
        ],
        className="taken-off",
        role="status",
    )


def rows(
    answer: Answer,
    view: View,
    crate: Collection[int],
    sounds: Sounds = SILENCE,
    *,
    unfolded: dict[int, Collection[str]] | None = None,
) -> list[Component]:
    """Return the list itself, and the button for more of it.

    `unfolded` holds the rows that are drawn open, with the DJ's words on each.
    """
    best = max((result.score for result in answer.results), default=0.0)
    listed = [
        _row(rank, result, view, sounds, best, result.recording_id in crate, unfolded or {})
        for rank, result in enumerate(answer.results, start=1)
    ]
    name = "Tracks played next" if view.lens == "next" else "Tracks that go with it"
    parts: list[Component] = [
        html.Ol(
            listed,
            className="rows rows-heard" if sounds.playable else "rows",
            **{"aria-label": name},
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
    rank: int,
    result: Recommendation,
    view: View,
    sounds: Sounds,
    best: float,
    in_crate: bool,
    unfolded: dict[int, Collection[str]],
) -> Component:
    # Dash pays for every component on every change, so a row has as few as it can:
    # rank, icons, bar and colours are drawn by the style sheet.
    track, key = result.track, result.recording_id
    is_open, playable = key in unfolded, key in sounds.playable
    behind = (
        evidence(result, sounds.measured.get(key), unfolded[key], playable=playable)
        if is_open
        else None
    )
    return html.Li(
        [
            *([play_button(key, track)] if playable else []),
            html.P(track_name(track), className="row-name"),
            html.P(_why(result), className="reason"),
            html.P(_about(result, view, sounds), className="about"),
            _score(result, best),
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
                title="What is behind it",
                **{"aria-label": f"Why {track}", "aria-expanded": str(is_open).lower()},
            ),
            html.Div(
                behind,
                id={"type": "evidence", "key": key},
                className="evidence",
                hidden=not is_open,
            ),
        ],
        className="row",
        tabIndex=-1,
        **{"data-recording": str(key), "data-rank": str(rank), "data-verdict": result.verdict},
    )


def _score(result: Recommendation, best: float) -> Component:
    share = max(result.score / best, 0.0) if best > 0 else 0.0
    words = f"{made_of(result.parts)}. {share:.0%} of the best match’s score".removeprefix(". ")
    return html.Div(
        className="score",
        style=stacked(result.parts, share),
        role="img",
        title=words,
        **{"aria-label": words},
    )


def _why(result: Recommendation) -> list[Component | str]:
    # Where DJs played both, a shared credit is not what brought it.
    met = result.evidence.sets_together and result.rung != "sound"
    badge = None if met else RUNGS.get(result.rung)
    return [html.Span(badge, className="badge"), result.reason] if badge else [result.reason]


def _about(result: Recommendation, view: View, sounds: Sounds) -> list[Component | str]:
    analysis = sounds.measured.get(result.recording_id, result.analysis)
    label = [html.Span(result.track.label, className="label")] if result.track.label else []
    sets = [html.Span(counted(result.sets, "set"), className="sets")] if result.sets else []
    heard = tempo_and_key(analysis, result.mix, view.tempo or FAR_PERCENT)
    return [*heard, *label, *sets, *_more_versions(result)]


def _more_versions(result: Recommendation) -> list[Component]:
    if not result.versions:
        return []
    words = counted(len(result.versions), "more version")
    return [html.Button(words, type="button", className="link-button versions-open")]
