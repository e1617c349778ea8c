"""The web server around the app."""

from __future__ import annotations

import logging
from typing import Any

import waitress
from dash import Dash

from dashboard.uploads import LIMIT
from data.settings import Settings


def create_server(app: Dash, settings: Settings) -> Any:
    """Return a server that listens; ``run()`` serves until it is closed.

    Raises
    ------
    OSError
        If it cannot listen there.
    ValueError
        If the host is none that waitress can look up.
    """
    # Waitress warns whenever a request waits for a thread; a page asks many things at once.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    return waitress.create_server(
        app.server,
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        # Waitress would stop an upload at 1 GiB; what stands around the files is small.
        max_request_body_size=LIMIT + (1 << 20),
        # Nothing trusts what a proxy says, but `dashboard.guard` has to see that there is one.
        clear_untrusted_proxy_headers=False,
    )
