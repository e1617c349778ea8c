"""Previews in a real browser: heard, with the name of who lends them, on a phone too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from data.catalogue import Catalogue  # noqa: E402
from data.records import Play, Track, Tracklist  # noqa: E402
from data.settings import Settings  # noqa: E402
from hybrid.training import train  # noqa: E402
from tests.hybrid.previewing import keep_file, settings_for  # noqa: E402
from tests.peers.deezer import DeezerPeer  # noqa: E402
from tests.peers.itunes import ItunesPeer  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
Serving = Callable[[Settings], AbstractContextManager[str]]
PHONE = {"width": 390, "height": 844}

#: All of them are in every set, so that each goes with the first.
AT_DEEZER = Track("Mara Vale", "Low Tide", "Otto Lind Remix")
AT_APPLE = Track("Ania Ferro", "Night Bus")
NOWHERE = Track("Cid Cedar", "Slow Door")
WITH_FILE = Track("Bob Basalt", "Undertow")
SEED = Track("Ann Arbour", "First Light")
TRACKS = (SEED, AT_DEEZER, AT_APPLE, NOWHERE, WITH_FILE)


@pytest.fixture(scope="module")
def deezer() -> Iterator[DeezerPeer]:
    with DeezerPeer(seconds=6.0) as peer:
        peer.add_track("Mara Vale", "Low Tide (Otto Lind Remix)")
        yield peer


@pytest.fixture(scope="module")
def itunes() -> Iterator[ItunesPeer]:
    with ItunesPeer(seconds=6.0) as peer:
        peer.add_track("Ania Ferro", "Night Bus")
        yield peer


@pytest.fixture(scope="module")
def lent(
    deezer: DeezerPeer, itunes: ItunesPeer, tmp_path_factory: pytest.TempPathFactory
) -> Settings:
    """A catalogue of tracks without files, but for one."""
    home = tmp_path_factory.mktemp("lent")
    settings = settings_for(deezer, itunes, home=home)
    plays = [Play(n, "identified", track) for n, track in enumerate(TRACKS, start=1)]
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_tracklists(
            Tracklist("csv", str(n), f"Night {n}", tuple(plays)) for n in range(6)
        )
        wav(home / "undertow.wav")
        keep_file(catalogue, WITH_FILE, home / "undertow.wav")
        train(catalogue, settings)
    return settings


def wav(path: Path) -> None:
    import numpy as np
    import soundfile

    soundfile.write(path, 0.2 * np.sin(np.arange(3 * 22_050) * 0.05), 22_050)


@pytest.fixture(scope="module")
def lending(lent: Settings, serving: Serving) -> Iterator[str]:
    with serving(lent) as address:
        yield address


def id_of(lent: Settings, track: Track) -> int:
    with Catalogue.open(lent.url) as catalogue:
        found = catalogue.find(track)
    assert found is not None
    return found


@pytest.fixture
def opened(open_page: OpenPage, lending: str, lent: Settings) -> Callable[..., Page]:
    def opened(path: str = "", **options: object) -> Page:
        path = path or f"/?seed={id_of(lent, SEED)}"
        page = open_page(path, at=lending, **options)
        expect(page.locator(".play").first).to_be_visible()
        return page

    return opened


def bar(page: Page) -> playwright.Locator:
    return page.get_by_role("region", name="Player")


def preview_of(page: Page, track: Track) -> playwright.Locator:
    return page.get_by_role("button", name=f"Preview {track}").first


def wait_until_it_plays(page: Page, beyond: float = 0.2) -> None:
    page.wait_for_function(f"document.querySelector('audio').currentTime > {beyond}")


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_a_preview_is_asked_for_and_heard_and_says_who_lends_it(
    opened: Callable[..., Page], deezer: DeezerPeer
) -> None:
    page = opened()
    # Nobody is asked before somebody wants to hear it.
    assert not deezer.requests
    button = preview_of(page, AT_DEEZER)
    expect(button).to_have_attribute("title", "Preview: 30 seconds from Deezer or Apple")
    button.click()
    wait_until_it_plays(page)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(bar(page)).to_contain_text("30 seconds from Deezer")
    link = bar(page).get_by_role("link", name="Listen on Deezer")
    expect(link).to_be_visible()
    [number] = deezer.tracks
    expect(link).to_have_attribute("href", f"https://www.deezer.com/track/{number}")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    assert re.fullmatch(
        r"http://127\.0\.0\.1:\d+/previews/\d+/audio",
        page.evaluate("document.querySelector('audio').src"),
    )
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    asked = len(deezer.requests)
    bar(page).get_by_role("slider", name="Position in the track").fill("3")
    button.click()
    wait_until_it_plays(page, beyond=3)
    assert len(deezer.requests) == asked  # winding asks nobody
    assert violations(page) == []


def test_apples_stands_beside_a_link_to_the_store(opened: Callable[..., Page]) -> None:
    page = opened()
    preview_of(page, AT_APPLE).click()
    link = bar(page).get_by_role("link", name="Listen on Apple Music")
    expect(link).to_be_visible()
    assert link.get_attribute("href").startswith("https://music.apple.com/us/")
    expect(bar(page)).to_contain_text("30 seconds from Apple Music")
    if page.evaluate("new Audio().canPlayType('audio/mp4; codecs=\"mp4a.40.2\"')"):
        wait_until_it_plays(page)


def test_a_file_goes_first_and_names_nobody(opened: Callable[..., Page]) -> None:
    page = opened()
    preview_of(page, AT_APPLE).click()
    expect(bar(page).get_by_role("link")).to_be_visible()
    page.get_by_role("button", name=f"Play {WITH_FILE}").first.click()
    wait_until_it_plays(page)
    expect(bar(page).get_by_role("link")).to_be_hidden()
    expect(bar(page).get_by_text("30 seconds")).to_be_hidden()
    assert "/audio/" in page.evaluate("document.querySelector('audio').src")


def test_what_nobody_has_is_said_and_the_next_one_plays(
    opened: Callable[..., Page], console_errors: list[str]
) -> None:
    page = opened()
    preview_of(page, NOWHERE).click()
    expect(bar(page)).to_contain_text("Neither Deezer nor Apple has a preview of this track.")
    expect(bar(page).get_by_role("link")).to_be_hidden()
    preview_of(page, AT_DEEZER).click()
    wait_until_it_plays(page)
    expect(bar(page)).not_to_contain_text("Neither")
    preview_of(page, NOWHERE).click()
    bar(page).get_by_role("button", name="Close the player").click()
    expect(bar(page)).to_be_hidden()
    assert all("404" in error for error in console_errors)  # as the server said
    console_errors.clear()


def test_a_service_that_fails_is_said_and_can_be_tried_again(
    opened: Callable[..., Page], lent: Settings, deezer: DeezerPeer, console_errors: list[str]
) -> None:
    late = Track("Noel Rain", "Salt Road")
    deezer.add_track("Noel Rain", "Salt Road")
    with Catalogue.open(lent.url) as catalogue:
        catalogue.add_tracklists([Tracklist("csv", "late", "Late", (Play(1, "identified", late),))])
    page = opened(f"/?seed={id_of(lent, late)}")
    deezer.fail("not_audio", times=2, path="preview/*")  # the player asks for the reason
    chip = page.locator(".chip .play-preview")
    chip.click()
    expect(bar(page)).to_contain_text("is no sound, so it was thrown away")
    chip.click()
    wait_until_it_plays(page)
    console_errors.clear()


@pytest.mark.parametrize("place", ["crate", "map", "set", "library", "models"])
def test_every_page_offers_it(opened: Callable[..., Page], lent: Settings, place: str) -> None:
    ident = id_of(lent, AT_DEEZER)
    if place == "crate":
        page = opened()
        page.locator(f'.row:has([data-play="preview/{ident}"]) .crate-add').click()
        button = page.locator(f'#crate-list [data-play="preview/{ident}"]')
    elif place == "set":
        with Catalogue.open(lent.url) as catalogue:
            crate = catalogue.create_crate("Lent")
            catalogue.add_to_crate(crate, ident)
        page = opened(f"/set?crate={crate}")
        button = page.locator(f'.set-track [data-play="preview/{ident}"]')
    else:
        address = {
            "map": f"/map?seed={ident}&basis=sets",
            "library": "/library",
            "models": f"/models?track={ident}",
        }[place]
        page = opened(address)
        button = page.locator(f'[data-play="preview/{ident}"]').first
    button.click()
    wait_until_it_plays(page)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(bar(page).get_by_role("link", name="Listen on Deezer")).to_be_visible()


def test_a_phone_has_room_for_it(opened: Callable[..., Page]) -> None:
    page = opened(viewport=PHONE, is_mobile=True, has_touch=True)
    button = preview_of(page, AT_DEEZER)
    box = button.bounding_box()
    assert min(box["width"], box["height"]) >= 40  # a finger is not a mouse
    button.tap()
    wait_until_it_plays(page)
    link = bar(page).get_by_role("link", name="Listen on Deezer")
    expect(link).to_be_visible()
    assert link.bounding_box()["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert violations(page) == []


def test_switched_off_there_is_no_button(
    open_page: OpenPage, lent: Settings, serving: Serving
) -> None:
    off = lent.model_copy(update={"previews": False})
    with serving(off) as address:
        page = open_page(f"/?seed={id_of(lent, SEED)}", at=address)
        expect(page.locator(".row").first).to_be_visible()
        expect(page.locator(".play-preview")).to_have_count(0)
        page.close()
