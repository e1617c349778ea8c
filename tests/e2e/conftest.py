"""A real server over a real catalogue, and a real browser that watches what the page does."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from dashboard.app import create_app
from dashboard.server import create_server
from dashboard.services import current_library
from dashboard.worker import Supervisor
from data.catalogue import Catalogue
from data.demo import demo_tracklists
from data.settings import Settings
from hybrid.training import train

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]
DESKTOP = {"width": 1440, "height": 900}
HERE = ("127.0.0.1", "localhost", "::1", "", None)

#: Tests run side by side on few cores; how quick the page is, benchmarks/bench_page.py measures.
PATIENCE_MS = 20_000
playwright.expect.set_options(timeout=PATIENCE_MS)

OpenPage = Callable[..., "playwright.Page"]

_open: list[playwright.Page] = []
"""Pages of the test that runs."""


@contextmanager
def _serving(settings: Settings, *, worker: bool = False) -> Iterator[str]:
    """Serve the dashboard as `segue serve` does, on a free port; gives its address.

    Its worker process is there only where it is asked for: other tests do the work themselves.
    """
    app = create_app(settings)
    server = create_server(app, settings.model_copy(update={"host": "127.0.0.1", "port": 0}))
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    with ExitStack() as beside:
        if worker:
            supervisor = beside.enter_context(Supervisor(settings))
            with app.server.app_context():
                current_library().wake = supervisor.wake
        try:
            yield f"http://127.0.0.1:{server.effective_port}"
        finally:
            _leave(f"http://127.0.0.1:{server.effective_port}/")
            with suppress(OSError):  # it may have ended itself
                server.trigger.pull_trigger(lambda: _end(server))
            thread.join(timeout=5)
            server.task_dispatcher.shutdown()


def _leave(address: str) -> None:
    """Let no page ask a server that is about to go: it would call that an error."""
    for page in _open:
        if not page.is_closed() and page.url.startswith(address):
            page.goto("about:blank")


def _run(server: Any) -> None:
    with suppress(OSError):  # what it waited on is closed under it in the end
        server.run()


def _end(server: Any) -> None:
    """End a server at once, whatever a browser holds open; called by the thread that runs it."""
    for channel in list(server.active_channels.values()):
        channel.handle_close()
    server.close()


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo crate with a trained model."""
    settings = Settings(home=tmp_path_factory.mktemp("segue"))
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_tracklists(demo_tracklists())
        train(catalogue, settings)
    return settings


@pytest.fixture(scope="session")
def site(settings: Settings) -> Iterator[str]:
    """The address of a server over the demo crate."""
    with _serving(settings) as address:
        yield address


@pytest.fixture(scope="session")
def serving() -> Callable[[Settings], AbstractContextManager[str]]:
    """Serve another catalogue than the demo crate."""
    return _serving


@pytest.fixture
def console_errors() -> list[str]:
    """What went wrong in the browser; a test that wants an error takes it out again."""
    return []


@pytest.fixture
def asked_outside(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Refuse every connection to another machine; holds where Segue wanted to go."""
    asked: list[str] = []
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def refused(host: object) -> None:
        asked.append(str(host))
        raise OSError("there is no network in this test")

    def connect_here(sock: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and address[0] not in HERE:
            refused(address[0])
        connect(sock, address)

    def look_up_here(host: object, *args: object, **options: object) -> object:
        if host not in HERE:
            refused(host)
        return lookup(host, *args, **options)

    monkeypatch.setattr(socket.socket, "connect", connect_here)
    monkeypatch.setattr(socket, "getaddrinfo", look_up_here)
    return asked


class _Collector(logging.Handler):
    """Keeps what is logged above INFO, by whichever thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture
def loud_log() -> Iterator[list[str]]:
    """What the server logged above INFO; a test that wants an error takes it out again."""
    collector = _Collector()
    logging.getLogger().addHandler(collector)
    yield collector.lines
    logging.getLogger().removeHandler(collector)


@pytest.fixture
def empty_crate(settings: Settings) -> None:
    """No test finds what another left in the crate."""
    with Catalogue.open(settings.url) as catalogue:
        for crate in catalogue.crates():
            catalogue.delete_crate(crate.id)


@pytest.fixture(scope="session")
def browser() -> Iterator[playwright.Browser]:
    found = next((path for path in BROWSERS if Path(path).exists()), None)
    if found is None:
        pytest.skip(f"no browser among {', '.join(BROWSERS)}")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=SWITCHES)
        yield browser
        browser.close()


@pytest.fixture
def open_page(
    browser: playwright.Browser,
    site: str,
    empty_crate: None,
    console_errors: list[str],
    loud_log: list[str],
    asked_outside: list[str],
) -> Iterator[OpenPage]:
    """Open a page, without a network; afterwards no console error, no warning in the server's
    log, and no request to another machine by page or server is forgiven.
    """
    addresses: list[str] = []
    contexts: list[playwright.BrowserContext] = []

    def open_page(path: str = "/", *, at: str = site, **options: object) -> playwright.Page:
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        _open.append(page)
        page.on("console", lambda m: console_errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        page.on("request", lambda sent: addresses.append(sent.url))
        page.goto(at + path)
        return page

    yield open_page
    _open.clear()
    for context in contexts:
        context.close()
    outside = [a for a in addresses if urlsplit(a).hostname not in ("127.0.0.1", None)]
    assert not outside, f"requests to other machines: {outside}"
    assert not asked_outside, f"the server asked other machines: {asked_outside}"
    assert not console_errors, f"console errors: {console_errors}"
    assert not loud_log, f"logged above INFO: {loud_log}"
