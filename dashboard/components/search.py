"""The search box, the seeds under it, and what there is to say about how they were read."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.drop import drop_place, file_button
from dashboard.components.listen import hear_buttons
from dashboard.components.text import counted, hidden, icon, title_of, track_name
from data.catalogue import Hit
from data.records import Seed, Track

SEARCH_ID = "dig-search"
ASKED_ID = "dig-asked"
SEEDS_ID = "dig-seeds"

# The value of an option is its recording id behind this mark, never a text a person may type:
# two recordings can look alike, and a text typed out in full is not yet a choice.
MARK = "\N{REFERENCE MARK}"


def search_box() -> Component:
    """Return the search box with its suggestions."""
    return html.Div(
        [
            track_field(
                SEARCH_ID,
                "Search for a track",
                placeholder="Artist, title, label, or a Spotify link",
                size="lg",
            ),
            file_button(),
            dcc.Store(id=ASKED_ID),
            html.Div(id="dig-hint", className="hint", role="status"),
            drop_place(),
        ],
        className="search",
    )


def track_field(
    name: str, words: str, *, placeholder: str = "", size: str = "md", symbol: str = "search"
) -> Component:
    """Return a field that suggests tracks while one is typed; `options` fills it.

    Parameters
    ----------
    name : str
        Its id.
    words : str
        What it is called for screen readers, and what stands in it unless there is a
        `placeholder`.
    """
    return dmc.Autocomplete(
        id=name,
        data=[],
        value="",
        placeholder=placeholder or words,
        leftSection=icon(symbol),
        rightSection=html.Span("/", className="key-hint", **{"aria-hidden": "true"}),
        rightSectionPointerEvents="none",
        size=size,
        withScrollArea=False,
        filter={"function": "segue.everyOption"},
        renderOption={"function": "segue.option", "options": {"tracks": {}}},
        comboboxProps={"shadow": "lg", "offset": 6, "transitionProps": {"duration": 80}},
        inputProps={"spellCheck": False},
        **{"aria-label": words},
    )


def options(hits: Sequence[Hit]) -> tuple[list[str], dict[str, Any]]:
    """Return the suggestions: their values, and how to draw each of them."""
    values = [f"{MARK}{hit.recording_id}" for hit in hits]
    tracks = {
        value: {
            "artist": hit.track.artist,
            "title": hit.track.title,
            "version": hit.track.version,
            "note": " · ".join(filter(None, (hit.track.label, counted(hit.sets, "set")))),
        }
        for value, hit in zip(values, hits, strict=True)
    }
    return values, {"function": "segue.option", "options": {"tracks": tracks}}


def chips(
    seeds: Sequence[Seed],
    tracks: Sequence[Track | None],
    playable: Collection[int] = (),
    previews: Collection[int] = (),
) -> list[Component]:
    """Return the seeds as chips that can be removed, and below them how texts were read.

    `tracks` holds for each seed the recording it was resolved to, or None; `playable`
    the recordings that can be heard, `previews` those that may be heard in part.
    """
    if not seeds:
        return []
    pairs = list(zip(seeds, tracks, strict=True))
    items: list[Component] = []
    for place, (seed, track) in enumerate(pairs):
        number = seed.recording_id
        known = track is not None and number is not None
        heard = hear_buttons(number, track, playable, previews) if known else []
        items.append(html.Li(_chip(place, seed, track, heard)))
    if len(seeds) > 1:
        items.append(
            html.Li(
                html.Button(
                    "Clear all",
                    id={"type": "seed-clear", "key": 0},
                    type="button",
                    className="link-button",
                )
            )
        )
    notes = [html.Li(note) for note in (reading(*pair) for pair in pairs) if note]
    return [
        html.Ul(items, className="chips", **{"aria-label": "Digging from"}),
        *([html.Ul(notes, className="notes")] if notes else []),
    ]


def _chip(place: int, seed: Seed, track: Track | None, heard: list[Component]) -> Component:
    name = str(track) if track else seed.query
    return html.Span(
        [
            *heard,
            html.Span(track_name(track) if track else name, className="chip-name"),
            html.Button(
                [icon("close"), hidden(f"Remove {name}")],
                id={"type": "seed-remove", "key": place},
                type="button",
                className="chip-remove",
            ),
        ],
        className="chip" if track else "chip chip-unknown",
        title=name,
    )


def reading(seed: Seed, track: Track | None) -> str:
    """Say how a seed was understood; empty where there is nothing to explain.

    Of a seed that nothing is known of, the answer's own note tells.
    """
    if seed.rung == "artist":
        artist = seed.track.artist if seed.track else seed.query
        return (
            f"No set in your catalogue has “{seed.query}”, "
            f"but it knows {artist}: the list starts from that artist."
        )
    if seed.rung == "label":
        label = seed.track.label if seed.track else ""
        return (
            f"Neither “{seed.query}” nor its artist is in your catalogue: "
            f"the list starts from its label{f', {label}' if label else ''}."
        )
    if seed.rung == "sound":
        return f"“{seed.query}” is known by its sound alone: the list starts from that."
    if seed.rung == "work":
        return f"Your catalogue does not have “{seed.query}” in that version, but it has {track}."
    if seed.rung == "search":
        return f"Read “{seed.query}” as {track}."
    return ""


def near_matches(seeds: Sequence[Seed]) -> list[Component]:
    """Return what may have been meant by seeds that nothing is known of, each a button."""
    buttons = [
        html.Li(
            html.Button(
                [hidden("Dig from "), *track_name(track)],
                id={"type": "seed-swap", "key": f"{place}:{recording_id}"},
                type="button",
                className="small-button near",
            )
        )
        for place, seed in enumerate(seeds)
        if seed.rung == "none"
        for recording_id, track in seed.near
    ]
    return [html.Ul(buttons, className="near-list", **{"aria-label": "Near it"})] if buttons else []


def starter_list(starters: Sequence[tuple[int, Track]]) -> Component:
    """Return tracks to begin with, each a button."""
    return html.Ul(
        [
            html.Li(
                html.Button(
                    [
                        html.Span(title_of(track), className="starter-title"),
                        html.Span(track.artist, className="starter-artist"),
                    ],
                    id={"type": "seed-add", "key": recording_id},
                    type="button",
                    className="starter",
                )
            )
            for recording_id, track in starters
        ],
        className="starters",
    )
