"""``segue serve``: the dashboard in a browser."""

from __future__ import annotations

import errno
import threading
from typing import Annotated

import typer

from dashboard.cli.output import say, working
from dashboard.cli.state import read_settings
from data.errors import SegueError


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen on.")] = None,
) -> None:
    """Serve the dashboard until Ctrl-C."""
    given = {"host": host, "port": port}
    settings = read_settings().model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    with working("Starting..."):
        from dashboard.app import create_app
        from dashboard.server import create_server
        from dashboard.services import current_library
        from dashboard.worker import Supervisor

        app = create_app(settings)
        try:
            server = create_server(app, settings)
        except OSError as error:
            raise SegueError(_why_not(error, settings.host, settings.port)) from error
        except ValueError as error:
            # What waitress makes of a host it cannot look up.
            raise SegueError(_no_address(settings.host)) from error
    say(f"Segue is at {_url(settings.host, settings.port)} - stop it with Ctrl-C.")
    with Supervisor(settings) as supervisor:
        with app.server.app_context():
            library = current_library()
        library.wake = supervisor.wake
        threading.Thread(target=library.warm_up, name="warm-up", daemon=True).start()
        server.run()
    raise KeyboardInterrupt  # waitress takes it for itself; nothing else ends run()


def _url(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in ("0.0.0.0", "::", "*") else host
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}"


def _why_not(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is in use already, perhaps by another Segue; "
            "stop that one or choose another port with --port."
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is not open to you; choose one above 1023 with --port."
    return _no_address(host)


def _no_address(host: str) -> str:
    return f"{host} is no address of this machine; choose one with --host."
