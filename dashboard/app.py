"""The Dash app: `create_app` wires settings, pages and callbacks together."""

from __future__ import annotations

from dash import Dash
from flask import Response

from dashboard import audio
from dashboard.callbacks import crate, dig, shell
from dashboard.components.shell import shell as frame
from dashboard.services import Library, attach
from data.settings import Settings

# Dash's own page has no `lang`. The script sets the colours before React is there,
# so that a dark page does not begin with a white flash.
_INDEX = """<!doctype html>
<html lang="en">
  <head>
    {%metas%}
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{%title%}</title>
    <link rel="icon" type="image/svg+xml" href="ICON">
    <script>
      (function () {
        var scheme = "auto";
        try { scheme = localStorage.getItem("mantine-color-scheme-value") || "auto"; } catch (e) {}
        var dark = scheme === "dark" ||
          (scheme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
        document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
      })();
    </script>
    {%css%}
  </head>
  <body>
    <noscript>Segue needs JavaScript to show its pages.</noscript>
    {%app_entry%}
    <footer>{%config%}{%scripts%}{%renderer%}</footer>
  </body>
</html>
"""


def create_app(settings: Settings) -> Dash:
    """Return the dashboard as a Dash app; ``app.server`` is the WSGI application.

    Nothing is opened yet: catalogue and model are opened by the first request
    that needs them, so that the app comes up (and says what is missing) without.

    Parameters
    ----------
    settings : Settings
        Where the catalogue and the models live.
    """
    app = Dash(
        "dashboard",
        use_pages=True,
        pages_folder="pages",
        assets_folder="assets",
        title="Segue",
        update_title="",
        # Without this, the start page would carry every page's layout inside it.
        suppress_callback_exceptions=True,
        # Without this, /health answers 200 with the start page whatever happens.
        health_endpoint="health",
        on_error=shell.report,
        add_log_handler=False,
    )
    app.index_string = _INDEX.replace("ICON", app.get_asset_url("logo.svg"))
    app.layout = frame
    attach(app.server.config, Library(settings))
    for module in (shell, dig, crate):
        module.register(app)
    app.server.register_blueprint(audio.routes)
    app.server.after_request(_harden)
    return app


def _harden(response: Response) -> Response:
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response
