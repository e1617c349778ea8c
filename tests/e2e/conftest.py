"""A real server over a real catalogue, and a real browser that watches what the page does."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import waitress

from dashboard.app import create_app
from data.catalogue import Catalogue
from data.demo import demo_tracklists
from data.settings import Settings
from hybrid.training import train

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

BROWSERS = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP = {"width": 1440, "height": 900}

OpenPage = Callable[..., "playwright.Page"]


@contextmanager
def _serving(settings: Settings) -> Iterator[str]:
    """Serve the dashboard as `segue serve` does, on a free port; gives its address."""
    server = waitress.create_server(
        create_app(settings).server, host="127.0.0.1", port=0, threads=settings.threads
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=5)


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
    browser: playwright.Browser, site: str, empty_crate: None, console_errors: list[str]
) -> Iterator[OpenPage]:
    """Open a page; afterwards, no console error and no request to another machine is forgiven."""
    addresses: list[str] = []
    contexts: list[playwright.BrowserContext] = []

    def open_page(path: str = "/", *, at: str = site, **options: object) -> playwright.Page:
        context = browser.new_context(**{"viewport": DESKTOP, **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: console_errors.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: console_errors.append(str(error)))
        page.on("request", lambda sent: addresses.append(sent.url))
        page.goto(at + path)
        return page

    yield open_page
    for context in contexts:
        context.close()
    outside = [a for a in addresses if urlsplit(a).hostname not in ("127.0.0.1", None)]
    assert not outside, f"requests to other machines: {outside}"
    assert not console_errors, f"console errors: {console_errors}"
