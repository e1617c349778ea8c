"""The Spotify page's head: the app that the DJ makes, signing in, and what Spotify refuses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.text import hidden, icon, outside_link
from dashboard.links import end_of
from dashboard.spotify.address import PATH, origin

ACCOUNT_ID = "spotify-account"
#: What the head was drawn from; written anew when it changes.
SHOWN_ID = "spotify-shown"
#: Where a sign-in has to begin; ``assets/spotify.js`` goes there first.
ORIGIN_ID = "spotify-origin"
CHANGED_ID = "spotify-changed"
CLIENT_ID_ID = "spotify-client-id"
SECRET_ID = "spotify-client-secret"
SETTINGS_LINE_ID = "settings-spotify"

DASHBOARD = "https://developer.spotify.com/dashboard"


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of the page shows.

    Parameters
    ----------
    stage : {"no_app", "signed_out", "signed_in"}
    name : str
        Of whoever is, or was, signed in.
    address : str
        The redirect URI; empty where there can be none.
    has_secret : bool
        Whether the app's secret is kept; it is never shown.
    from_settings : bool
        Whether the app comes from the settings, so that it cannot be forgotten here.
    paused_until : datetime or None
        Until when Spotify takes no requests.
    paused_reason : str
        Why, as the beginning of a sentence.
    note : str
        What went wrong on the way to Spotify and back.
    crate : int or None
        The open one, which a sign-in comes back to.
    """

    stage: str
    name: str = ""
    address: str = ""
    has_secret: bool = False
    from_settings: bool = False
    paused_until: dt.datetime | None = None
    paused_reason: str = ""
    note: str = ""
    crate: int | None = None


def head(of: Head) -> list[Component]:
    """Return what stands above the tools: what is wrong, and the step that is next."""
    stages = {"no_app": _set_up, "signed_out": _signed_out, "signed_in": _signed_in}
    said = [html.P(of.note, className="note", role="alert")] if of.note else []
    if of.paused_until is not None:
        line = pause_line(of.paused_until, of.paused_reason)
        said.append(html.P(line, className="note", role="status"))
    return [*said, *stages[of.stage](of)]


def pause_line(until: dt.datetime, reason: str = "", now: dt.datetime | None = None) -> str:
    """Say until when Spotify takes no requests, as the server's clock shows it.

    Parameters
    ----------
    until : datetime
        With its time zone.
    reason : str
        Why, as the beginning of a sentence.
    now : datetime, optional
    """
    return (
        f"{reason or 'Spotify asks for a pause'} until {end_of(until, now)}. Everything that asks "
        "Spotify waits until then; the rest of Segue works on."
    )


# -- no app yet


def _set_up(of: Head) -> list[Component]:
    return [
        html.P(
            "Segue can put a crate into a Spotify playlist, and make a crate of a playlist of "
            "yours. For that you need an app of your own at Spotify: it takes five minutes, once.",
            className="lead",
        ),
        html.Section(
            [
                html.H2("Make your Spotify app"),
                html.Ol([html.Li(step) for step in _steps(of)], className="spotify-steps"),
                _app_form(),
            ],
            className="spotify-card spotify-set-up",
        ),
    ]


def _steps(of: Head) -> list[list[Component | str]]:
    return [
        [
            "Open ",
            outside_link("Spotify's developer dashboard", DASHBOARD),
            " and sign in with your own account. It needs ",
            html.Strong("Premium"),
            ".",
        ],
        ["Press ", html.Strong("Create app"), ". Name and description are up to you."],
        [
            "Under ",
            html.Strong("Redirect URIs"),
            " paste exactly this, press ",
            html.Strong("Add"),
            ":",
            redirect_uri(of.address),
        ],
        [
            "Tick ",
            html.Strong("Web API"),
            ", agree to the terms and press ",
            html.Strong("Save"),
            ".",
        ],
        [
            "Under ",
            html.Strong("Settings, User Management"),
            " add yourself, with the name and the e-mail address of your Spotify account. "
            "Only those who stand there can sign in, five at most.",
        ],
        [
            "Copy the ",
            html.Strong("Client ID"),
            " from the app's settings and paste it here.",
        ],
    ]


def redirect_uri(address: str) -> Component:
    """Return the address that Spotify sends people back to, to be copied."""
    if not address:
        return html.P(
            "Spotify sends people back only to https addresses, or to the computer that they sit "
            "at. Set SEGUE_PUBLIC_URL to the https address of Segue, or let it listen on "
            "127.0.0.1, then start it again.",
            className="note",
        )
    plain = "In numbers, because Spotify refuses the word localhost. "
    why = plain if address.startswith("http:") else ""
    return html.Div(
        [
            html.Div(
                [
                    html.Code(address, id="spotify-redirect"),
                    html.Button(
                        ["Copy", hidden(" the redirect URI")],
                        type="button",
                        className="small-button",
                        **{"data-copy": "spotify-redirect"},
                    ),
                ],
                className="spotify-uri",
            ),
            html.P(f"{why}It must be the same letter by letter.", className="field-hint"),
        ]
    )


def _app_form() -> Component:
    return html.Div(
        [
            dmc.TextInput(
                id=CLIENT_ID_ID,
                label="Client ID",
                value="",
                inputProps={"autoComplete": "off", "spellCheck": False},
                className="grow",
            ),
            dmc.PasswordInput(
                id=SECRET_ID,
                label="Client secret, if you like",
                value="",
                inputProps={"autoComplete": "off"},
                className="grow",
                visibilityToggleButtonProps={"aria-label": "Show what is typed"},
            ),
            html.Button(
                "Keep it",
                id={"type": "spotify-keep", "key": 0},
                type="button",
                className="main-button",
            ),
            html.P(
                "The secret is not needed to sign in. Both are kept encrypted on this computer.",
                className="field-hint spotify-wide",
            ),
        ],
        className="form-line spotify-form",
    )


# -- with an app


def _signed_out(of: Head) -> list[Component]:
    ended = [
        html.P(
            [
                html.Strong(f"Your sign-in as {of.name} has ended. "),
                "Spotify ends each one after six months at most. Nothing is lost: sign in again.",
            ]
        )
    ]
    first = [
        html.P(
            "Your app is set up. Sign in, so that Segue may read your playlists and write the "
            "ones that you push. Spotify ends a sign-in after six months; then this page asks "
            "for it again."
        )
    ]
    return [
        html.Section(
            [
                html.Div(
                    [
                        html.Div(ended if of.name else first, className="spotify-who"),
                        _sign_in("Sign in with Spotify", of, main=True),
                    ],
                    className="spotify-line",
                ),
                _elsewhere(of),
                _app(of),
            ],
            className="spotify-card",
        )
    ]


def _signed_in(of: Head) -> list[Component]:
    return [
        html.Section(
            [
                html.Div(
                    [
                        html.P(
                            [
                                icon("check"),
                                html.Span(["Signed in as ", html.Strong(of.name or "you")]),
                            ],
                            className="spotify-who",
                        ),
                        html.Form(
                            html.Button("Sign out", type="submit", className="small-button"),
                            action="/spotify/sign-out",
                            method="POST",
                        ),
                    ],
                    className="spotify-line",
                ),
                _elsewhere(of),
                _app(of),
            ],
            className="spotify-card",
        )
    ]


def _sign_in(words: str, of: Head, *, main: bool = False, again: bool = False) -> Component:
    asked = [f"crate={of.crate}" if of.crate else "", "again=1" if again else ""]
    parts = "&".join(part for part in asked if part)
    return html.Form(
        html.Button(
            words,
            type="submit",
            className="main-button" if main else "small-button",
            disabled=of.paused_until is not None or not of.address,
        ),
        action=f"/spotify/sign-in{f'?{parts}' if parts else ''}",
        method="POST",
        **{"data-sign-in": "true"},
    )


def _elsewhere(of: Head) -> Component:
    """Say where a sign-in has to begin; shown by ``assets/spotify.js`` where that is not here."""
    place = of.address.removesuffix(PATH) + "/spotify"
    return html.P(
        [
            "Sign in where Spotify sends you back to: open ",
            html.Code(place),
            " on the computer that runs Segue. After that every browser has it.",
        ],
        className="note spotify-elsewhere",
        role="alert",
        hidden=True,
        **{"data-origin": origin(of.address)},
    )


def _app(of: Head) -> Component:
    """Return what is behind "Your Spotify app": its redirect URI, and forgetting it."""
    kept = (
        "Client ID and secret are kept." if of.has_secret else "The client ID is kept, no secret."
    )
    forget: list[Component] = [
        html.P(
            "It comes from the settings SEGUE_SPOTIFY_CLIENT_ID and SEGUE_SPOTIFY_CLIENT_SECRET.",
            className="quiet",
        )
    ]
    if not of.from_settings:
        forget = [
            html.Div(
                [
                    html.Button(
                        "Forget the app",
                        id={"type": "spotify-forget", "key": 0},
                        type="button",
                        className="small-button",
                    ),
                    html.Span(
                        "Forgets client ID, secret and sign-in. Your playlists stay on Spotify.",
                        className="quiet",
                    ),
                ],
                className="spotify-row",
            )
        ]
    again = [
        html.Div(
            [
                _sign_in("Sign in again", of, again=True),
                html.Span(
                    "Asks for your consent anew: where a permission is missing, or for another "
                    "account.",
                    className="quiet",
                ),
            ],
            className="spotify-row",
        )
    ]
    out = [
        html.P("Signing out forgets the sign-in and what was asked of Spotify.", className="quiet")
    ]
    return html.Details(
        [
            html.Summary("Account and app" if of.stage == "signed_in" else "Your Spotify app"),
            html.Div(
                [
                    *(out if of.stage == "signed_in" else []),
                    html.P(f"{kept} Its redirect URI:", className="quiet"),
                    redirect_uri(of.address),
                    *(again if of.stage == "signed_in" else []),
                    *forget,
                ],
                className="spotify-more-body",
            ),
        ],
        className="spotify-more",
    )


def settings_line(of: Head) -> list[Component | str]:
    """Return the line of the settings dialog, with the way to the page."""
    words = {
        "no_app": "not connected",
        "signed_out": "signed out",
        "signed_in": f"connected as {of.name}" if of.name else "connected",
    }
    return [
        f"Spotify: {words[of.stage]} · ",
        dcc.Link("Open", href="/spotify", className="link-button"),
    ]
