"""The Dash app: `create_app` wires settings, pages and callbacks together."""

from __future__ import annotations

import dash
from dash import Dash
from flask import Response, request

from dashboard import audio, guard, previews, uploads
from dashboard.api.routes import routes as api_routes
from dashboard.callbacks import crate, dig, jobs, library, models, shell
from dashboard.callbacks import map as map_page
from dashboard.callbacks import set as set_page
from dashboard.callbacks import spotify as spotify_page
from dashboard.components.shell import shell as frame
from dashboard.services import Library, attach
from dashboard.spotify.routes import routes as spotify_routes
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
    for module in (shell, crate, dig, map_page, set_page, library, models, spotify_page, jobs):
        module.register(app)
    for routes in (audio.routes, previews.routes, api_routes, uploads.routes, spotify_routes):
        app.server.register_blueprint(routes)
    app.server.before_request(guard.refuse)
    app.server.after_request(_harden)
    return app


def _harden(response: Response) -> Response:
    # Dash sends its page for every address; one that no page has is still not found.
    if request.endpoint == "/<path:path>" and request.path not in _addresses():
        response.status_code = 404
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "SAMEORIGIN")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    return response


def _addresses() -> set[str]:
    return {page["path"] for page in dash.page_registry.values() if page["path"]}
