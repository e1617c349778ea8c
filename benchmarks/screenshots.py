"""Makes the pictures of the README and the docs from the running app: ``make screenshots``.

The demo crate is built with sound in a folder of its own (``--home`` keeps it), the real
server is started on it, and Chromium takes the pictures. That of the Spotify page is taken with
the Spotify of the tests, which needs its OpenAPI document in the folder SEGUE_SHARED.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from browser import ROOT, chromium, demo, serving
from playwright.sync_api import Browser, Page, sync_playwright

IMAGES = ROOT / "docs" / "images"
CRATE = "Saturday"
DESKTOP: dict[str, Any] = {"viewport": {"width": 1440, "height": 900}}
DARK: dict[str, Any] = {**DESKTOP, "color_scheme": "dark"}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}


def asked(address: str, path: str, body: Any = None, *, method: str = "GET") -> Any:
    """Ask the JSON API."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    request = Request(f"{address}/api/v1{path}", data, headers, method=method)
    with urlopen(request, timeout=60) as answer:
        return json.load(answer)


def filled(address: str) -> tuple[int, int]:
    """Put a crate together as a DJ would; gives the seed and the crate."""
    seed = asked(address, "/search?q=telephone+neighbours")["tracks"][0]["recording_id"]
    found = asked(address, f"/recommend?seed={seed}&k=40")["results"]
    heard = [track["recording_id"] for track in found if track["bpm"]]
    [crate, *_] = asked(address, "/crates")["crates"]
    body = {"name": CRATE, "tracks": [seed, *heard[:13]]}
    return seed, asked(address, f"/crates/{crate['id']}", body, method="PATCH")["id"]


def take(
    browser: Browser,
    address: str,
    seed: int,
    crate: int,
    *,
    client_id: str = "",
    only: Sequence[str] = (),
) -> None:
    """Take every picture, or `only` those named; Spotify's only with a client ID."""
    pictures: list[tuple[str, str, dict[str, Any], Callable[[Page], None]]] = [
        ("dig", f"/?seed={seed}", DESKTOP, unfold),
        ("dig-dark", f"/?seed={seed}&balance=70", DARK, nothing),
        ("dig-phone", f"/?seed={seed}", PHONE, nothing),
        ("map", f"/map?seed={seed}", DESKTOP, nothing),
        ("set", f"/set?crate={crate}&curve=build", DESKTOP, nothing),
        ("set-phone", f"/set?crate={crate}", PHONE, nothing),
        ("library", "/library", DESKTOP, nothing),
        ("models", "/models?show=overview", DESKTOP, nothing),
    ]
    if client_id:
        act = partial(match, client_id=client_id)
        pictures.append(("spotify", f"/spotify?crate={crate}", DESKTOP, act))
    for name, path, options, act in pictures:
        if only and name not in only:
            continue
        context = browser.new_context(**options)
        page = context.new_page()
        page.goto(f"{address}{path}")
        settle(page)
        act(page)
        settle(page)
        page.screenshot(path=IMAGES / f"{name}.png")
        print(f"docs/images/{name}.png")
        context.close()


def settle(page: Page) -> None:
    """Wait until nothing is fetched and nothing moves."""
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(1500)


def nothing(_page: Page) -> None:
    """Leave the page as it opened."""


def unfold(page: Page) -> None:
    """Open what is behind the second row."""
    page.get_by_role("button", name="Why ").nth(1).click()


def match(page: Page, client_id: str) -> None:
    """Set the app up, sign in, match the crate, and scroll to what Spotify has."""
    page.get_by_label("Client ID").fill(client_id)
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Sign in with Spotify").click()
    page.get_by_role("button", name="Agree").click()
    page.get_by_role("button", name="Match", exact=True).click()
    head = page.get_by_role("heading", name="What Spotify has")
    head.wait_for()
    settle(page)
    head.evaluate("head => head.scrollIntoView()")


@contextmanager
def spotify() -> Iterator[tuple[dict[str, str], str]]:
    """Serve the Spotify of the tests; gives settings and client ID, or nothing without it."""
    sys.path.insert(0, str(ROOT))
    from tests.peers.spotify import SpotifyPeer
    from tests.peers.spotify_invented import fill
    from tests.peers.spotify_spec import load

    try:
        load()
    except pytest.skip.Exception as missing:
        print(f"docs/images/spotify.png stays as it is: {missing}")
        yield {}, ""
        return
    with SpotifyPeer() as peer:
        fill(peer)
        yield peer.settings, peer.app.client_id


def main() -> None:
    """Build the demo crate, serve it, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, help="folder that keeps the demo crate")
    parser.add_argument("--only", action="append", default=[], help="a picture, such as dig")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as passing, sync_playwright() as driver:
        browser, home = chromium(driver), given.home or Path(passing)
        demo(home)
        with spotify() as (settings, client_id), serving(home, settings) as address:
            seed, crate = filled(address)
            take(browser, address, seed, crate, client_id=client_id, only=given.only)


if __name__ == "__main__":
    main()
