"""The frame around every page: header, messages, help."""

from __future__ import annotations

import dash
import dash_mantine_components as dmc
from dash import dcc, html
from dash.development.base_component import Component

from dashboard.components.crate import COUNT_ID, crate_panel
from dashboard.components.theme import THEME

HELP_ID = "help"
TOASTS_ID = "toasts"
DEMO_ID = "demo-badge"
URL_ID = "url"

_KEYS = (
    ("/", "Search for a track"),
    ("↑ ↓", "Choose a suggestion, or move through the list"),
    ("Enter", "Take the suggestion; in the list: add the track to the crate"),
    ("→ ←", "Open or close what is behind a track"),
    ("W", "The track you are on works after your last one; again takes it back"),
    ("C", "The track you are on clashes with your last one; again takes it back"),
    ("S", "Dig from the track you are on"),
    ("Space", "Play or pause; in the list: play the track you are on"),
    ("Ctrl + Z", "Undo the last removal from the crate"),
    ("Esc", "Close what is open"),
    ("?", "Show this help"),
)


def shell() -> Component:
    """Return the frame, with an empty place where the page goes."""
    return dmc.MantineProvider(
        theme=THEME,
        defaultColorScheme="auto",
        children=[
            dcc.Location(id=URL_ID, refresh=False),
            html.A("Skip to the search", href="#dig-search", className="skip-link"),
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
        ],
    )


def _header() -> Component:
    return html.Div(
        [
            dcc.Link(
                [html.Span(className="logo", **{"aria-hidden": "true"}), "Segue"],
                href="/",
                className="brand",
            ),
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
    rows = [
        html.Div([html.Dt(dmc.Kbd(keys)), html.Dd(what)], className="help-row")
        for keys, what in _KEYS
    ]
    return dmc.Modal(
        html.Dl(rows, className="help-list"),
        id=HELP_ID,
        title="Keyboard",
        centered=True,
        size="md",
        closeButtonProps={"aria-label": "Close the help"},
    )


def demo_badge(share: str) -> Component | None:
    """Return the mark that says the catalogue holds generated data; None if it does not."""
    if share == "none":
        return None
    words = "Demo data" if share == "all" else "Includes demo data"
    return dmc.Badge(
        [words, html.Span(": invented artists", className="wide-only")],
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
    }
