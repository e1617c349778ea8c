"""The match list: every track of a crate beside what Spotify has, before anything is written.

It is drawn as HTML, because a crate may have hundreds of tracks; ``assets/spotify.js`` puts it in
its place, keeps what was chosen and counts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dash import html
from dash.development.base_component import Component

from dashboard.components.jobs import clock
from dashboard.components.text import counted, hidden, outside_link
from dashboard.services.spotify import default_choice, offered

#: How a track was found, in words.
_HOW = {"id": "by its known id", "isrc": "by ISRC", "search": "by name"}
_TELLING_S = 1.0  # a difference in length of less is none


class _Input(Component):
    """An ``<input>`` of HTML, which Dash has no component for; only `as_html` can draw it."""

    _namespace = "dash_html_components"
    _type = "Input"
    _prop_names = ("id", "className", "type", "name", "value", "checked", "children")
    _valid_wildcard_attributes = ("data-", "aria-")
    available_properties = _prop_names
    available_wildcard_properties = _valid_wildcard_attributes


def match_list(
    matches: Sequence[Mapping[str, Any]], lengths: Mapping[int, float]
) -> list[Component]:
    """Return the three groups of a match, those first that need an answer.

    Parameters
    ----------
    matches : sequence of mapping
        As the job `spotify_match` leaves them.
    lengths : mapping of int to float
        Seconds of the DJ's own recordings, as far as they are known.
    """
    groups = {
        state: [match for match in matches if match["state"] == state]
        for state in ("doubtful", "missing", "matched")
    }
    parts: list[Component] = []
    if doubtful := groups["doubtful"]:
        bulk = html.Button(
            "Take the first of each",
            type="button",
            className="small-button",
            **{"data-spotify-first": "true"},
        )
        parts.append(
            _group(
                "doubtful",
                f"{counted(len(doubtful), 'doubtful track')}",
                "Choose what is meant; what is left open stays out.",
                [_doubtful(match, lengths) for match in doubtful],
                bulk if len(doubtful) > 1 else None,
            )
        )
    if missing := groups["missing"]:
        parts.append(
            _group(
                "missing",
                f"{len(missing):,} not on Spotify",
                "These stay out. They are on the list that you get in the end.",
                [_missing(match, lengths) for match in missing],
            )
        )
    if matched := groups["matched"]:
        parts.append(
            _group(
                "matched",
                f"{len(matched):,} matched",
                "",
                [_matched(match, lengths) for match in matched],
            )
        )
    return parts


def _group(
    name: str, title: str, what: str, rows: Sequence[Component], tool: Component | None = None
) -> Component:
    return html.Section(
        [
            html.Div(
                [html.H3(title, id=f"match-group-{name}"), *([tool] if tool else [])],
                className="match-head",
            ),
            *([html.P(what, className="quiet")] if what else []),
            html.Ul(list(rows), className="match-rows"),
        ],
        className=f"match-group match-{name}",
        **{"aria-labelledby": f"match-group-{name}"},
    )


def _matched(match: Mapping[str, Any], lengths: Mapping[int, float]) -> Component:
    tracks = offered(match)
    how = _HOW.get(str(match.get("how")), "")
    return html.Li(
        [
            html.Div(
                [
                    _own(match),
                    _found(tracks[0], lengths.get(match["recording_id"]), how),
                    _link(tracks[0]),
                ],
                className="match-pair",
            ),
            _folded(["Change", hidden(f" {_name(match)}")], _choices(match, tracks, lengths)),
        ],
        className="match-row",
    )


def _doubtful(match: Mapping[str, Any], lengths: Mapping[int, float]) -> Component:
    return html.Li(
        [
            _own(match),
            *([html.P(match["why"], className="match-why")] if match.get("why") else []),
            _choices(match, offered(match), lengths),
        ],
        className="match-row",
    )


def _missing(match: Mapping[str, Any], lengths: Mapping[int, float]) -> Component:
    why = [html.P(match["why"], className="match-why")] if match.get("why") else []
    tracks = offered(match)
    words = ["Other versions", hidden(f" of {_name(match)}")]
    others = [_folded(words, _choices(match, tracks, lengths))] if tracks else []
    return html.Li([_own(match), *why, *others], className="match-row")


def _folded(words: list[Component | str], choices: Component) -> Component:
    return html.Details([html.Summary(words), choices], className="match-change")


def _own(match: Mapping[str, Any]) -> Component:
    return html.P(
        [
            html.Span(match["title"], className="track-title"),
            " ",
            html.Span(match["artist"], className="match-artist"),
        ],
        className="match-own",
    )


def _choices(
    match: Mapping[str, Any], tracks: Sequence[Mapping[str, Any]], lengths: Mapping[int, float]
) -> Component:
    """Return what can be chosen for a track: what Spotify offers, or to leave it out."""
    ident, taken = match["recording_id"], default_choice(match)
    own_s = lengths.get(ident)
    options = []
    for track in tracks:
        # What the row says already is not said again.
        why = "" if track.get("why") == match.get("why") else str(track.get("why") or "")
        found = _found(track, own_s, why.removesuffix("."))
        options.append(
            _choice(ident, track["id"], found, _link(track), checked=track["id"] == taken)
        )
    out = html.Span("Leave it out", className="match-out")
    return html.Fieldset(
        [
            html.Legend(f"What to push for {_name(match)}", className="visually-hidden"),
            *options,
            _choice(ident, "", out, "", checked=not taken),
        ],
        className="match-choices",
        **{"data-choice": str(ident), "data-default": taken},
    )


def _choice(
    ident: int, value: str, words: Component, link: Component | str, *, checked: bool
) -> Component:
    box = _Input(type="radio", name=f"match-{ident}", value=value, checked=checked)
    return html.Div([html.Label([box, words]), link], className="match-choice")


def _link(track: Mapping[str, Any]) -> Component | str:
    return outside_link("Spotify", str(track.get("link") or ""))


def _found(track: Mapping[str, Any], own_s: float | None, said: str = "") -> Component:
    """Return a track of Spotify, with what its length differs by and what is said of it."""
    facts = (track["artist"], track.get("album"), _length(track.get("duration_s"), own_s), said)
    return html.Span(
        [
            html.Span(str(track["title"]), className="match-title"),
            html.Span(" · ".join(str(fact) for fact in facts if fact), className="match-facts"),
        ],
        className="match-found",
    )


def _length(there_s: float | None, own_s: float | None) -> str:
    """Return a length as a clock shows it, with what it is longer or shorter than the own one.

    Examples
    --------
    >>> _length(372, 358), _length(372, 372.4), _length(372, None)
    ('6:12 (14 s longer)', '6:12', '6:12')
    """
    if there_s is None:
        return ""
    said = clock(round(there_s))
    if own_s is None or abs(there_s - own_s) < _TELLING_S:
        return said
    apart = round(abs(there_s - own_s))
    return f"{said} ({apart} s {'longer' if there_s > own_s else 'shorter'})"


def _name(match: Mapping[str, Any]) -> str:
    return f"{match['artist']} – {match['title']}"
