"""What stands above the list: what is missing, how many tracks there are, what is hidden."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.search import near_matches
from dashboard.components.text import counted, hidden, track_name, with_commands
from dashboard.view import LOOSENED, MOST, View
from data.records import Answer, Hidden, Track

#: What filters and rules hide, in words: one of them, several.
HIDDEN = {
    "without": ("in the crate you leave out", "in the crate you leave out"),
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
    return f"Best {number}" if may_have_more(answer, view) else counted(number, "track")


def may_have_more(answer: Answer, view: View) -> bool:
    """Whether the catalogue may hold more than the view shows."""
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
