"""The ways to add something to the Library that go over the network: Spotify and MixesDB."""

from __future__ import annotations

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import counted
from dashboard.links import Asking

CATEGORY_ID = "library-category"
SINCE_ID = "library-since"
LIMIT_ID = "library-limit"
SCRAPE_ID = "library-scrape"
POLITE_ID = "library-polite"
LINK_ID = "library-link"
LINK_CRATE_ID = "library-link-crate"
LINK_ADD_ID = "library-link-add"


def spotify_form(asking: Asking) -> list[Component]:
    """Return the form for a link of Spotify, or what is to be done first.

    Its fields are out of sight while Spotify cannot be asked, and still there for what listens
    to them.
    """
    why = asking.playlist
    if asking.track:
        note = [asking.track]
    elif why:
        note = ["Tracks can be looked up. For your playlists, sign in on the Spotify page."]
    else:
        note = []
    if note and asking.page_helps:
        note += [" ", dcc.Link("Open the Spotify page", href="/spotify")]
    return [
        *([html.P(note, className="note", role="status")] if note else []),
        html.Div(
            [
                dmc.TextInput(
                    id=LINK_ID,
                    label="Link of a track, or of a playlist you own",
                    placeholder="https://open.spotify.com/…",
                    value="",
                    debounce=True,
                    inputProps={"autoComplete": "off", "spellCheck": False},
                    className="grow",
                ),
                dmc.TextInput(
                    id=LINK_CRATE_ID,
                    label="Name of the crate a playlist becomes",
                    placeholder="The playlist's own name",
                    value="",
                    inputProps={"autoComplete": "off"},
                ),
                html.Button("Add", id=LINK_ADD_ID, type="button", className="main-button"),
            ],
            className="form-line",
            hidden=bool(asking.track),
        ),
        html.P(
            "Segue takes in names and ids, and listens to a preview of a track where Deezer or "
            "Apple has one. Nothing of Spotify's is learned from.",
            className="quiet",
        ),
    ]


def mixesdb_form() -> list[Component]:
    """Return the form that fetches sets from MixesDB."""
    return [
        html.Div(
            [
                dmc.TextInput(
                    id=CATEGORY_ID,
                    label="Category, as MixesDB writes it",
                    placeholder="Essential Mix",
                    value="",
                    debounce=True,
                    inputProps={"autoComplete": "off", "spellCheck": False},
                    className="grow",
                ),
                dmc.TextInput(
                    id=SINCE_ID,
                    label="Not older than",
                    placeholder="2020 or 2020-06",
                    value="",
                    debounce=True,
                    inputProps={"autoComplete": "off"},
                ),
                dmc.NumberInput(
                    id=LIMIT_ID,
                    label="How many sets at most",
                    value=200,
                    min=1,
                    step=50,
                    allowDecimal=False,
                    allowNegative=False,
                ),
                html.Button("Fetch sets", id=SCRAPE_ID, type="button", className="main-button"),
            ],
            className="form-line",
        ),
        html.P(id=POLITE_ID, className="quiet"),
    ]


def polite(delay_s: float) -> str:
    """Say that the network is used, and how gently."""
    pause = counted(round(delay_s), "second")
    return (
        f"This goes to mixesdb.com over the network: one request every {pause}, with up to 50 "
        "sets in each, newest first. It can be cancelled and goes on where it stopped."
    )
