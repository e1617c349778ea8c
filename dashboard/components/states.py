"""What the page says when there is no list to show: always what to do next."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from dashboard.components.search import starter_list
from dashboard.components.text import counted, icon, with_commands
from data.records import Track


def _state(name: str, title: str, *children: Component) -> Component:
    return html.Section([icon(name), html.H2(title), *children], className="state")


def _command(command: str, what: str) -> Component:
    return html.Li([html.Code(command), html.Span(what)])


def empty_catalogue() -> Component:
    """Return the state of a catalogue without a single set."""
    return _state(
        "crate",
        "Your catalogue is empty",
        html.P("Segue learns from DJ sets. Give it some, in a terminal:"),
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


def no_model(reason: str) -> Component:
    """Return the state of a catalogue that no model has been trained on."""
    return _state(
        "wave",
        "Almost there",
        html.P(with_commands(reason)),
        html.Ul(
            [_command("segue train", "learns from the sets in your catalogue")],
            className="commands",
        ),
        html.P(
            "If the demo crate is being made right now, just wait: "
            "this page looks again by itself.",
            className="quiet",
        ),
    )


def start(starters: Sequence[tuple[int, Track]], *, sets: int, recordings: int) -> Component:
    """Return the start page: nothing asked yet."""
    return html.Section(
        [
            html.P(
                "Type a track you like to play. Segue looks through DJ sets for what was "
                "played with it, and shows you which sets say so.",
                className="lead",
            ),
            html.H2("Or start from one of the most played"),
            starter_list(starters),
            html.P(
                f"Your catalogue: {counted(sets, 'set')}, {counted(recordings, 'track')}.",
                className="quiet",
            ),
        ],
        className="start",
    )


def nothing_found() -> Component:
    """Return the state of seeds that lead nowhere."""
    return _state(
        "search",
        "Nothing to go on",
        html.P(
            "Segue knows none of these tracks, nor their artists. Check the spelling, "
            "or begin with a track that some set in your catalogue holds."
        ),
    )


def everything_hidden() -> Component:
    """Return the state of an answer whose every track was kept out by a rule."""
    return _state("search", "All of it is hidden", html.P("Switch a rule off to see the tracks."))
