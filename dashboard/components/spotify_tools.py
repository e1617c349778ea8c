"""The Spotify page's two tools: push a crate, and bring a playlist."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import counted, icon
from dashboard.services.spotify import LONGEST_NAME
from data.catalogue import Crate, Job

if TYPE_CHECKING:
    from scrapers.spotify.client import PlaylistInfo

TOOLS_ID = "spotify-tools"
TABS_ID = "spotify-tabs"
PUSH_ID = "spotify-push-tool"
BRING_ID = "spotify-bring-tool"

CRATE_ID = "spotify-crate"
MATCH_ID = "spotify-match"
MATCHED_ID = "spotify-matched"
#: From what the match list was drawn.
DRAWN_ID = "spotify-drawn"
REVIEW_ID = "spotify-review"
SAID_ID = "spotify-said"
LIST_ID = "spotify-list"
#: The list as HTML; ``assets/spotify.js`` puts it in its place.
HTML_ID = "spotify-html"
#: How many tracks would go as things are chosen; ``assets/spotify.js`` counts.
COUNT_ID = "spotify-count"

MODE_ID = "spotify-mode"
NAME_ID = "spotify-name"
NAME_BOX_ID = "spotify-name-box"
PLAYLIST_ID = "spotify-playlist"
PLAYLIST_BOX_ID = "spotify-playlist-box"
WHAT_ID = "spotify-what"
GO_ID = "spotify-go"
#: The question before a playlist is replaced.
SURE_ID = "spotify-sure"
SURE_TEXT_ID = "spotify-sure-text"
KEEP_ID = "spotify-keep"
REPLACE_ID = "spotify-replace"
#: What was pressed and chosen.
ASKED_ID = "spotify-asked"
#: The crate whose match is shown.
PUSHING_ID = "spotify-pushing"
BLOCKED_ID = "spotify-blocked"
RESULT_ID = "spotify-result"
DOWNLOAD_ID = "spotify-download"

LINK_ID = "spotify-link"
OWN_ID = "spotify-own"
CRATE_NAME_ID = "spotify-crate-name"
BRING_GO_ID = "spotify-bring-go"

#: What can be done with a playlist, and what that means.
MODE_NAMES = {
    "new": "A new playlist",
    "append": "Add to a playlist",
    "replace": "Replace a playlist",
}
MODE_WORDS = {
    "new": "It will be unlisted: not on your profile, but whoever has its link can open it.",
    "append": "Only what is not in it yet is added, at its end. Nothing in it is touched.",
    "replace": "What is in it now goes, and these tracks take its place.",
}
_TOOLS = (
    ("push", "Push a crate", "Into a Spotify playlist", "crate"),
    ("bring", "Bring a playlist", "Yours on Spotify becomes a crate", "list"),
)


def tools() -> Component:
    """Return what begins with each tool; the page shows one, and none before somebody signed in."""
    return html.Div(
        [
            html.Ul(id=TABS_ID, className="spotify-tabs"),
            html.Section(_push(), id=PUSH_ID, hidden=True, **{"aria-label": "Push a crate"}),
            html.Section(_bring(), id=BRING_ID, hidden=True, **{"aria-label": "Bring a playlist"}),
        ],
        id=TOOLS_ID,
        hidden=True,
    )


def tabs(shown: str, addresses: Mapping[str, str]) -> list[Component]:
    """Return the way to each tool, by its name in the address."""
    return [
        html.Li(
            dcc.Link(
                [
                    icon(picture),
                    html.Span(word, className="way-name"),
                    html.Span(what, className="way-what"),
                ],
                href=addresses[name],
                className="way",
            ),
            # A link of Dash takes no such attribute.
            **{"aria-current": "true"} if name == shown else {},
        )
        for name, word, what, picture in _TOOLS
    ]


# -- pushing a crate


def _push() -> list[Component]:
    return [
        html.Div(
            [
                dmc.Select(
                    id=CRATE_ID,
                    label="Crate",
                    data=[],
                    allowDeselect=False,
                    searchable=True,
                    nothingFoundMessage="No such crate",
                    comboboxProps={"shadow": "md"},
                    className="grow",
                ),
                html.Button("Match", id=MATCH_ID, type="button", className="main-button"),
            ],
            className="form-line spotify-card",
        ),
    ]


def outcome() -> Component:
    """Return the place for what came of a push, or of bringing a playlist."""
    return html.Div(id=RESULT_ID, role="status")


def review() -> Component:
    """Return the place for the match list, with where the tracks go beside it."""
    return html.Div(
        [
            html.Div(id=SAID_ID),
            html.Div(
                [html.Div(id=LIST_ID, className="match-list"), _target()],
                id=MATCHED_ID,
                className="spotify-matched",
                hidden=True,
            ),
        ],
        id=REVIEW_ID,
        hidden=True,
    )


def _target() -> Component:
    """Return where the tracks go, and the button that sends them."""
    return html.Aside(
        [
            html.H2("Where they go", id="spotify-target", tabIndex=-1),
            dmc.RadioGroup(
                dmc.Stack(
                    [dmc.Radio(label=word, value=mode) for mode, word in MODE_NAMES.items()],
                    gap="xs",
                ),
                id=MODE_ID,
                value="new",
                **{"aria-label": "Where the tracks go"},
            ),
            html.Div(
                dmc.TextInput(
                    id=NAME_ID,
                    label="Name of the playlist",
                    value="",
                    inputProps={"autoComplete": "off", "maxLength": LONGEST_NAME},
                ),
                id=NAME_BOX_ID,
            ),
            html.Div(
                dcc.Loading(_playlists(PLAYLIST_ID, "Your playlist"), delay_show=300),
                id=PLAYLIST_BOX_ID,
                hidden=True,
            ),
            html.P(id=WHAT_ID, className="field-hint"),
            html.Button("Push", id=GO_ID, type="button", className="main-button", disabled=True),
            html.P("Nothing is written before you press this.", className="field-hint"),
            _sure(),
        ],
        className="spotify-card spotify-target",
        **{"aria-label": "Where they go"},
    )


def _sure() -> Component:
    """Return the question that stands before what somebody put together goes."""
    return dmc.Modal(
        [
            html.P(id=SURE_TEXT_ID),
            html.P("Spotify cannot undo this.", className="quiet"),
            html.Div(
                [
                    html.Button(
                        "Keep it",
                        id=KEEP_ID,
                        type="button",
                        className="small-button",
                        **{"data-autofocus": "true"},
                    ),
                    html.Button(
                        "Replace it", id=REPLACE_ID, type="button", className="danger-button"
                    ),
                ],
                className="form-end",
            ),
        ],
        id=SURE_ID,
        title="Replace this playlist?",
        centered=True,
        closeButtonProps={"aria-label": "Close without replacing"},
    )


def _playlists(ident: str, label: str) -> Component:
    return dmc.Select(
        id=ident,
        label=label,
        placeholder="Choose one",
        data=[],
        searchable=True,
        nothingFoundMessage="No such playlist",
        comboboxProps={"shadow": "md"},
    )


def crate_choices(crates: Sequence[Crate]) -> list[dict[str, str]]:
    """Return the crates as a field offers them."""
    return [
        {"value": str(crate.id), "label": f"{crate.name} ({counted(crate.size, 'track')})"}
        for crate in crates
    ]


def playlist_choices(playlists: Sequence[PlaylistInfo]) -> list[dict[str, str]]:
    """Return playlists as a field offers them."""
    return [
        {
            "value": playlist.ident,
            "label": f"{playlist.name or 'No name'} ({counted(playlist.total, 'track')})",
        }
        for playlist in playlists
    ]


def match_state(job: Job | None) -> list[Component]:
    """Say how a match ended that has no list."""
    if job is None:
        return [
            html.P("This match is not there any more: match the crate again.", className="note")
        ]
    if job.state == "failed":
        return [html.P(job.error or "The match failed: try it again.", className="note")]
    if job.state == "cancelled":
        return [html.P("The match was cancelled: press Match to begin again.", className="note")]
    return []


def match_head(job: Job, *, changed: bool) -> list[Component]:
    """Return how many tracks were matched, and whether the crate is still as it was then."""
    result = job.result
    figures = (("matched", "matched"), ("doubtful", "doubtful"), ("missing", "not on Spotify"))
    said: list[Component] = [
        html.H2("What Spotify has", tabIndex=-1, id="spotify-what-it-has"),
        html.Ul(
            [
                html.Li([html.Strong(f"{int(result[name]):,}"), f" {word}"])
                for name, word in figures
            ],
            className="facts",
        ),
    ]
    if result["matched"] or result["doubtful"]:
        said.append(
            # On a narrow page the whole list is above it.
            html.Button(
                "Choose where they go", type="button", className="small-button spotify-jump"
            )
        )
    else:
        said.append(
            html.P(
                "Spotify has none of these tracks: nothing goes there, unless you choose another "
                "version.",
                className="note",
            )
        )
    if changed:
        said.append(
            html.P(
                "The crate was changed after this match: match it again to push it as it is now.",
                className="note",
                role="status",
            )
        )
    return said


# -- bringing a playlist


def _bring() -> list[Component]:
    return [
        html.Div(
            [
                html.P(
                    "Paste the link of a playlist that you own, or choose one. Its tracks come "
                    "into your catalogue and into a crate. Spotify shows Segue no others.",
                    className="spotify-wide",
                ),
                dmc.TextInput(
                    id=LINK_ID,
                    label="Link of the playlist",
                    placeholder="https://open.spotify.com/playlist/…",
                    value="",
                    inputProps={"autoComplete": "off", "spellCheck": False},
                    className="grow",
                ),
                html.Div(
                    dcc.Loading(_playlists(OWN_ID, "Or one of yours"), delay_show=300),
                    className="grow",
                ),
                dmc.TextInput(
                    id=CRATE_NAME_ID,
                    label="Name of the crate",
                    placeholder="The playlist's own",
                    value="",
                    inputProps={"autoComplete": "off"},
                    className="grow",
                ),
                html.Button("Bring it", id=BRING_GO_ID, type="button", className="main-button"),
            ],
            className="form-line spotify-card",
        ),
    ]
