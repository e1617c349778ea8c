"""What the page says when there is no list to show: always what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.search import near_matches, starter_list
from dashboard.components.text import counted, icon, with_commands
from data.records import Answer, Track


def _state(name: str, title: str, *children: Component) -> Component:
    return html.Section([icon(name), html.H2(title), *children], className="state")


def _command(command: str, what: str) -> Component:
    return html.Li([html.Code(command), html.Span(what)])


def empty_catalogue() -> Component:
    """Return the state of a catalogue without a single set."""
    return _state(
        "crate",
        "Your catalogue is empty",
        html.P("Segue learns from DJ sets, and listens to your music."),
        html.P(dcc.Link("Add sets or music", href="/library", className="state-next")),
        html.P("Or in a terminal:", className="quiet"),
        html.Ul(
            [
                _command("segue demo", "a generated crate to try Segue with"),
                _command("segue import tracklists FILE…", "tracklists you have saved"),
                _command("segue scrape mixesdb --category House", "sets from MixesDB"),
            ],
            className="commands",
        ),
        html.P("This page looks again by itself.", className="quiet"),
    )


def start(
    starters: Sequence[tuple[int, Track]], *, sets: int, recordings: int, note: str = ""
) -> Component:
    """Return the start page: nothing asked yet. `note` says what is missing."""
    return html.Section(
        [
            *([html.P(with_commands(note), className="note", role="status")] if note else []),
            html.P(
                "Type a track you like to play. Segue looks through DJ sets for what was "
                "played with it, listens for what sounds like it, and shows you why. "
                "An audio file will do as well: drop it on this page.",
                className="lead",
            ),
            html.H2(
                "Or start from one of the most played" if sets else "Or start from one of yours"
            ),
            starter_list(starters),
            html.P(
                f"Your catalogue: {counted(sets, 'set')}, {counted(recordings, 'track')}.",
                className="quiet",
            ),
        ],
        className="start",
    )


def nothing_found(answer: Answer) -> Component:
    """Return the state of an answer without a track, in the answer's own words."""
    return _state(
        "search",
        "Nothing to go on",
        html.P(with_commands(answer.note)),
        *near_matches(answer.seeds),
    )


def everything_hidden(answer: Answer, line: Sequence[Component | str]) -> Component:
    """Return the state of an answer whose every track was kept out; `line` brings it back."""
    return _state(
        "search",
        "All of it is hidden",
        html.P(with_commands(answer.note)),
        html.P(list(line), className="hidden-line"),
    )
