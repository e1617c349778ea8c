"""What a night brings: no models, no network, bad files, a stopped job, two windows, old links."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from dashboard.services import Library  # noqa: E402
from data.catalogue import Catalogue  # noqa: E402
from data.demo import demo_tracklists  # noqa: E402
from data.settings import Settings  # noqa: E402
from tests.peers.invented_wiki import CATEGORY, invented_pages  # noqa: E402
from tests.peers.mediawiki import MediaWikiPeer  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
Serving = Callable[..., AbstractContextManager[str]]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
LONG_MS = 30_000  # what work may take while other tests want the processor


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def in_order(page: Page) -> None:
    """What holds of every page, whatever is missing."""
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    expect(page.get_by_text("Something went wrong")).to_have_count(0)


# -- no models


@pytest.fixture
def untrained(tmp_path: Path) -> tuple[Settings, int, list[int]]:
    """Sets from which nothing was learned, with a crate and its tracks."""
    settings = Settings(home=tmp_path / "untrained")
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_tracklists(demo_tracklists()[:40])
        ids = [ident for ident, _ in Library(settings).starters()[:4]]
        crate = catalogue.create_crate("Friday")
        catalogue.set_crate(crate, ids, said="Added 4 tracks")
    return settings, crate, ids


@pytest.mark.parametrize(
    "screen",
    [pytest.param({}, id="desktop"), pytest.param(PHONE, id="phone", marks=pytest.mark.slow)],
)
def test_without_a_model_every_page_works_or_says_what_to_do(
    open_page: OpenPage,
    serving: Serving,
    untrained: tuple[Settings, int, list[int]],
    screen: dict[str, object],
) -> None:
    settings, crate, ids = untrained
    with serving(settings) as address:
        page = open_page(f"/?seed={ids[0]}", at=address, **screen)
        expect(page.get_by_text("segue train", exact=True).first).to_be_visible()
        expect(page.locator(".chip")).to_be_visible()
        in_order(page)
        page.locator("#nav-map").click()
        expect(page.locator("#map-empty")).to_contain_text("train")
        in_order(page)
        page.goto(f"{address}/set?crate={crate}&tool=order&alternatives=2")
        expect(page.locator("#set-rows > li")).to_have_count(4)
        expect(page.get_by_role("heading", name="Proposed order")).to_be_visible()
        in_order(page)
        page.locator("#nav-library").click()
        expect(page.locator("#library-head")).to_contain_text("has not learned from your 40 sets")
        expect(page.locator(".ag-row").first).to_be_visible()
        in_order(page)
        page.locator("#nav-models").click()
        expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
        in_order(page)
        page.locator("#models-to-evaluation").click()
        expect(page.get_by_role("button", name="Measure", exact=True)).to_be_enabled()
        in_order(page)
        page.close()


def test_a_damaged_model_is_told_and_the_pages_go_on(
    open_page: OpenPage, serving: Serving, settings: Settings, tmp_path: Path
) -> None:
    own = Settings(home=tmp_path / "damaged")
    shutil.copytree(settings.home, own.home)
    for path in own.models_dir.rglob("*"):
        if path.is_file():
            path.write_bytes(b"not what it was")
    seed = Library(settings).starters()[0][0]
    with serving(own) as address:
        page = open_page("/models", at=address)
        expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()
        expect(page.locator(".models")).to_contain_text("damaged")
        page.goto(f"{address}/?seed={seed}")
        expect(page.locator("body")).to_contain_text("segue train")
        page.close()


# -- no network, bad files, a job stopped half way: with the worker that `segue serve` starts


def test_the_worker_is_stopped_half_way_loses_the_network_and_is_given_bad_files(
    open_page: OpenPage,
    serving: Serving,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    network = ExitStack()
    wiki = network.enter_context(MediaWikiPeer(invented_pages(5)))
    # Ten minutes lie between two of its requests; where there is no answer it asks once.
    own = Settings(
        home=tmp_path / "home",
        mixesdb_api_url=wiki.api_url,
        mixesdb_delay=600,
        http_delay=0,
        http_retries=0,
    )
    bad = tmp_path / "Late night.xml"
    bad.write_text("<DJ_PLAYLISTS><broken")
    noise = tmp_path / "night.txt"
    noise.write_bytes(bytes(range(256)) * 8)
    with network, serving(own, worker=True) as address:
        page = open_page("/library?add=mixesdb", at=address)
        states = page.locator(".job-state")
        page.get_by_label("Category").fill(CATEGORY)
        page.locator("#library-scrape").click()
        expect(states).to_have_text("Running", timeout=LONG_MS)
        expect(page.locator(".job-step")).to_have_text(re.compile("Reading pages"))
        page.get_by_role("button", name="Cancel").click()
        expect(states).to_have_text("Cancelled", timeout=LONG_MS)
        network.close()
        page.get_by_role("button", name="Resume").click()
        expect(states).to_have_text("Failed", timeout=LONG_MS)
        expect(page.locator(".job")).to_contain_text("what was read so far is kept")
        expect(page.get_by_role("button", name="Resume")).to_be_enabled()

        for way, button, path in (
            ("A playlist", "Choose a playlist", bad),
            ("Tracklists", "Choose tracklist files", noise),
        ):
            page.get_by_role("button", name=way).first.click()
            with page.expect_file_chooser() as chooser:
                page.get_by_role("button", name=button).click()
            chooser.value.set_files(path)
            job = page.locator(".job", has_text=path.name)
            expect(job.locator(".job-state")).to_have_text("Failed", timeout=LONG_MS)
            expect(job).not_to_contain_text(str(own.home))
        expect(states).to_have_text(["Failed"] * 3)
        in_order(page)
        page.close()
    assert capfd.readouterr().err == ""  # the worker has logged nothing above INFO


# -- two windows


def test_two_windows_on_one_crate_beside_dig_map_and_set(
    open_page: OpenPage, settings: Settings, console_errors: list[str]
) -> None:
    ids = [ident for ident, _ in Library(settings).starters()[:4]]
    with Catalogue.open(settings.url) as catalogue:
        crate = catalogue.create_crate("Friday")
        catalogue.set_crate(crate, ids, said="Added 4 tracks")
    order = open_page(f"/set?crate={crate}")
    rows = order.locator("#set-rows > li")
    expect(rows).to_have_count(4)
    for path in (f"/?seed={ids[0]}", "/map"):
        beside = open_page(path)
        held = beside.locator("#crate-list li")
        expect(held).to_have_count(rows.count())
        order.get_by_role("button", name=re.compile("^Remove")).first.click()
        left = held.count() - 1
        expect(rows).to_have_count(left)
        beside.get_by_role("button", name="Clear", exact=True).click()
        expect(beside.get_by_text("was changed in another window")).to_be_visible()
        expect(held).to_have_count(left)

    # A server that went away is told here too, and nothing is lost.
    order.route(re.compile("_dash-update-component"), lambda route: route.abort())
    rows.first.focus()
    order.keyboard.press("Alt+ArrowDown")
    expect(order.get_by_text("Segue does not answer.")).to_be_visible()
    order.unroute(re.compile("_dash-update-component"))
    assert console_errors
    console_errors.clear()
    order.reload()
    expect(rows).to_have_count(2)
    expect(order.get_by_text("Segue does not answer.")).to_be_hidden()


# -- addresses


def test_an_address_shows_each_page_as_it_was_to_somebody_new(
    open_page: OpenPage, settings: Settings
) -> None:
    ids = [ident for ident, _ in Library(settings).starters()[:4]]
    with Catalogue.open(settings.url) as catalogue:
        crate = catalogue.create_crate("Friday")
        catalogue.set_crate(crate, ids, said="Added 4 tracks")
        track = catalogue.tracks(ids)[ids[0]]
    page = open_page(f"/map?seed={ids[0]}&near=sets&colour=year")
    expect(page.locator(".map-seed-name")).to_contain_text(track.title)
    expect(page.locator("#map-colour")).to_have_value("Year")
    expect(page.get_by_role("radio", name="Played together")).to_be_checked()
    expect(page.locator(".near-row").first).to_be_attached()

    def go(path: str) -> None:
        page.goto(page.url.split("/map")[0].split("/set")[0].split("/models")[0] + path)

    go(
        f"/set?crate={crate}&curve=build&minutes=20&lock=2:{ids[1]}&first={ids[0]}"
        f"&tool=path&from={ids[0]}&to={ids[3]}&steps=2"
    )
    expect(page.locator("#set-rows > li")).to_have_count(4)
    expect(page.get_by_role("radio", name="Build")).to_be_checked()
    expect(page.get_by_label("Minutes at most")).to_have_value("20")
    expect(page.get_by_label("Steps")).to_have_value("2")
    expect(page.get_by_role("textbox", name="Opens with")).to_have_value(re.compile(track.title))
    locked = page.get_by_role("button", name=re.compile("in place 2$"))
    expect(locked).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("heading", name=re.compile("^Path"))).not_to_have_count(0)

    go("/models?show=overview")
    expect(page.locator("#models-to-overview")).to_have_attribute("aria-current", "page")
    go(f"/models?track={ids[0]}")
    expect(page.locator(".looked-into")).to_contain_text(track.title)
    in_order(page)
