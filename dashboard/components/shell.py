"""The frame around every page: header with the way to each page, messages, help, settings."""

from __future__ import annotations

import dash
import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.crate import COUNT_ID, crate_panel
from dashboard.components.text import icon
from dashboard.components.theme import THEME

HELP_ID = "help"
TOASTS_ID = "toasts"
DEMO_ID = "demo-badge"
URL_ID = "url"
SETTINGS_ID = "settings"
NOTATION_ID = "settings-notation"
RELOAD_ID = "reload"

#: Every page: the name in its address (`data-page` of the document), its address, its word.
PAGES = (
    ("dig", "/", "Dig"),
    ("map", "/map", "Map"),
    ("set", "/set", "Set"),
    ("library", "/library", "Library"),
    ("models", "/models", "Models"),
)
#: How keys can be written, and what each is called.
NOTATION_NAMES = {
    "camelot": "Camelot: 8A",
    "open_key": "Open Key: 1m",
    "classic": "Classic: Am",
}

_KEYS = {
    "Everywhere": (
        ("/", "Search for a track"),
        ("Space", "Play or pause; in a list: play the track you are on"),
        ("Ctrl + Z", "Undo the last change of the crate"),
        ("Ctrl + Shift + Z", "Redo it"),
        ("Esc", "Close what is open"),
        ("?", "Show this help"),
    ),
    "Dig": (
        ("↑ ↓", "Choose a suggestion, or move through the list"),
        ("Enter", "Take the suggestion; in the list: add the track to the crate"),
        ("→ ←", "Open or close what is behind a track"),
        ("S", "Dig from the track you are on"),
        ("W, C", "It works after your last track, or clashes with it"),
        ("L, D", "You like it, or dislike it; the same key again takes any of these back"),
    ),
    "Map": (
        ("+ − 0", "Nearer, further away, the whole map; arrows move it"),
        ("C", "Bring the track you are on to the middle"),
    ),
    "Set": (
        ("↑ ↓", "Move through the set"),
        ("Alt + ↑ ↓", "Move the track you are on"),
        ("L", "Keep it in its place when the set is ordered"),
        ("X", "Select it; Delete removes what is selected"),
        ("T", "Hear the transition into the next track"),
    ),
}


def shell() -> Component:
    """Return the frame, with an empty place where the page goes."""
    return dmc.MantineProvider(
        theme=THEME,
        defaultColorScheme="auto",
        children=[
            dcc.Location(id=URL_ID, refresh=False),
            dcc.Store(id=RELOAD_ID),
            html.A("Skip to the page", href="#_pages_content", className="skip-link"),
            html.Div(
                "Segue does not answer. Start it again in the terminal (segue serve), "
                "then reload this page.",
                id="lost",
                role="alert",
                hidden=True,
            ),
            dmc.NotificationContainer(id=TOASTS_ID, position="bottom-center", autoClose=8000),
            dmc.AppShell(
                [
                    dmc.AppShellHeader(_header(), className="header"),
                    dmc.AppShellMain(
                        html.Div([dash.page_container, crate_panel()], className="desk")
                    ),
                ],
                header={"height": 56},
                padding=0,
            ),
            _help(),
            _settings(),
        ],
    )


def _nav() -> Component:
    """Return the way to every page; a style sheet puts it at the foot on a phone."""
    return html.Nav(
        [
            dcc.Link(
                [icon(f"page-{name}"), html.Span(word)],
                href=path,
                id=f"nav-{name}",
                className="nav-link",
            )
            for name, path, word in PAGES
        ],
        className="nav",
        **{"aria-label": "Pages"},
    )


def _settings() -> Component:
    return dmc.Modal(
        [
            dmc.RadioGroup(
                dmc.Stack(
                    [dmc.Radio(label=name, value=key) for key, name in NOTATION_NAMES.items()],
                    gap="xs",
                ),
                id=NOTATION_ID,
                label="How keys are written",
                value="camelot",
            ),
            html.P(id="settings-spotify", className="settings-line"),
            html.P(
                "Kept with your catalogue, so it is the same in every browser.", className="quiet"
            ),
        ],
        id=SETTINGS_ID,
        title="Settings",
        centered=True,
        size="sm",
        closeButtonProps={"aria-label": "Close the settings"},
    )


def _header() -> Component:
    return html.Div(
        [
            dcc.Link(
                [html.Span(className="logo", **{"aria-hidden": "true"}), "Segue"],
                href="/",
                className="brand",
            ),
            _nav(),
            html.Div(id=DEMO_ID, className="header-note"),
            html.Div(
                [
                    html.Button(
                        [
                            html.Span(className="icon icon-crate", **{"aria-hidden": "true"}),
                            html.Span("Crate", className="crate-toggle-word"),
                            html.Span("0", id=COUNT_ID, className="crate-count"),
                        ],
                        id="crate-toggle",
                        type="button",
                        className="crate-toggle",
                        **{"aria-expanded": "false", "aria-controls": "crate-panel"},
                    ),
                    dmc.ActionIcon(
                        html.Span("?", className="help-mark"),
                        id="help-open",
                        variant="subtle",
                        color="gray",
                        size="lg",
                        **{"aria-label": "Keyboard help"},
                    ),
                    dmc.ActionIcon(
                        icon("settings"),
                        id="settings-open",
                        variant="subtle",
                        color="gray",
                        size="lg",
                        **{"aria-label": "Settings"},
                    ),
                    dmc.ColorSchemeToggle(
                        lightIcon=html.Span(className="icon icon-sun"),
                        darkIcon=html.Span(className="icon icon-moon"),
                        variant="subtle",
                        color="gray",
                        size="lg",
                        **{"aria-label": "Switch between light and dark"},
                    ),
                ],
                className="header-tools",
            ),
        ],
        className="header-row",
    )


def _help() -> Component:
    sections = [
        html.Section(
            [
                html.H3(where),
                html.Dl(
                    [
                        html.Div([html.Dt(dmc.Kbd(keys)), html.Dd(what)], className="help-row")
                        for keys, what in rows
                    ],
                    className="help-list",
                ),
            ]
        )
        for where, rows in _KEYS.items()
    ]
    return dmc.Modal(
        html.Div(sections, className="help-sections"),
        id=HELP_ID,
        title="Keyboard",
        centered=True,
        size="xl",
        closeButtonProps={"aria-label": "Close the help"},
    )


def demo_badge(share: str) -> Component | None:
    """Return the mark that says the catalogue holds generated data; None if it does not."""
    if share == "none":
        return None
    words = "Demo data" if share == "all" else "Includes demo data"
    return dmc.Badge(
        [
            html.Span(f"{words}: invented artists", className="demo-long"),
            html.Span("Demo", className="demo-short", **{"aria-hidden": "true"}),
        ],
        variant="light",
        color="yellow",
        radius="sm",
        tt="none",
        className="demo-badge",
    )


def toast(message: str, *, title: str, kind: str = "error") -> dict:
    """Return one message for the notification container."""
    return {
        "action": "show",
        "title": title,
        "message": message,
        "color": "red" if kind == "error" else "teal",
        "autoClose": 10_000 if kind == "error" else 4_000,
        "withBorder": True,
        "closeButtonProps": {"aria-label": "Close this message"},
    }
