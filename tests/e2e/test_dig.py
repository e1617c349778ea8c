"""The Dig page as a DJ uses it, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import quote_plus

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from dashboard.services import Library  # noqa: E402
from data.catalogue import Catalogue  # noqa: E402
from data.demo import demo_tracklists  # noqa: E402
from data.records import Play, Track, Tracklist  # noqa: E402
from data.settings import Settings  # noqa: E402
from hybrid.training import train  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def known(settings: Settings) -> list[tuple[int, Track]]:
    """Some tracks of the demo crate that many sets hold."""
    return Library(settings).starters()


def search(page: Page) -> playwright.Locator:
    return page.get_by_role("textbox", name="Search for a track")


def dig(page: Page, typed: str) -> None:
    """Type something and take the first suggestion."""
    search(page).fill(typed)
    page.get_by_role("option").first.click()
    expect(page.locator(".row").first).to_be_visible()


def crate(page: Page) -> playwright.Locator:
    return page.locator("#crate-list li")


def add(page: Page, row: int) -> None:
    button = page.locator(".row").nth(row).locator(".crate-add")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")


def take_away(page: Page, form: str) -> None:
    """Download the crate as a playlist."""
    page.locator("#crate-panel").get_by_role("button", name="Download").click()
    page.get_by_role("menuitem", name=re.compile(form)).click()


def with_a_typing_error(text: str) -> str:
    """Two letters of the longest word change places."""
    word = max(text.split(), key=len)
    return text.replace(word, word[:2] + word[3] + word[2] + word[4:])


def violations(page: Page) -> list[str]:
    """Serious and critical accessibility violations, as axe sees them."""
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_a_track_leads_to_reasons_a_crate_and_a_playlist(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    _, track = known[0]
    page = open_page()
    expect(page.get_by_text("Demo data: invented artists")).to_be_visible()
    dig(page, with_a_typing_error(f"{track.artist} {track.title}"))
    expect(page.locator(".chip")).to_contain_text(track.title)

    first = page.locator(".row").first
    expect(first.locator(".reason")).to_contain_text(re.compile(r"\d+ sets?"))
    first.get_by_role("button", name=re.compile("^Why")).click()
    expect(page.locator(".evidence .met-list li").first).to_contain_text(re.compile(r"\d{4}"))
    expect(page.locator(".evidence .positions").first).to_contain_text("yours at")

    add(page, 0)
    add(page, 1)
    names = page.locator(".row-name")
    wanted = [names.nth(row).inner_text().replace(" – ", " - ", 1) for row in (0, 1)]
    expect(crate(page)).to_have_count(2)
    with page.expect_download() as download:
        take_away(page, "M3U8")
    lines = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert download.value.suggested_filename.endswith(".m3u8")
    assert lines[0] == "#EXTM3U"
    assert [line.split(",", 1)[1] for line in lines if line.startswith("#EXTINF")] == wanted

    with page.expect_download() as download:
        take_away(page, "CSV")
    assert len(Path(download.value.path()).read_text(encoding="utf-8").splitlines()) == 3


def test_the_crate_survives_a_reload_and_a_removal_can_be_undone(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    page = open_page(f"/?seed={known[0][0]}")
    add(page, 0)
    add(page, 2)
    expect(crate(page)).to_have_count(2)
    before = crate(page).all_inner_texts()
    page.reload()
    expect(crate(page)).to_have_count(2)
    expect(page.locator(".row").first.locator(".crate-add")).to_have_attribute(
        "aria-pressed", "true"
    )
    crate(page).first.get_by_role("button", name=re.compile("^Remove")).click()
    expect(crate(page)).to_have_count(1)
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(crate(page)).to_have_count(2)
    assert crate(page).all_inner_texts() == before
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.locator("#crate-undo-line p")).to_contain_text("Removed 2 tracks")


def test_everything_can_be_done_with_the_keyboard(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    page = open_page()
    expect(page.locator(".starter").first).to_be_visible()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    page.keyboard.press("/")
    expect(search(page)).to_be_focused()
    page.keyboard.type(known[1][1].title)
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    rows = page.locator(".row")
    expect(rows.first).to_be_visible()
    expect(search(page)).to_have_value("")

    page.keyboard.press("ArrowDown")
    expect(rows.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".evidence .met-list, .evidence .quiet").first).to_be_visible()
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".evidence")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(crate(page)).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowUp")
    expect(rows.nth(0)).to_be_focused()
    expect(crate(page)).to_have_count(1)

    title = rows.nth(0).locator(".track-title").inner_text()
    page.keyboard.press("s")
    expect(page.locator(".chip")).to_contain_text(title)
    page.get_by_role("button", name=re.compile("from the crate$")).click()
    expect(crate(page)).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(crate(page)).to_have_count(1)


def test_an_address_reproduces_the_view_and_back_goes_back(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    (one, _), (_, other) = known[:2]
    page = open_page(f"/?seed={one}&seed={quote_plus(str(other))}")
    expect(page.locator(".chip")).to_have_count(2)
    first = page.locator(".row-name").first.inner_text()
    page.get_by_role("button", name=f"Remove {other}").click()
    expect(page.locator(".chip")).to_have_count(1)
    assert page.url.endswith(f"/?seed={one}")
    page.go_back()
    expect(page.locator(".chip")).to_have_count(2)
    expect(page.locator(".row-name").first).to_have_text(first)
    again = open_page("/" + page.url.split("/", 3)[3])
    expect(again.locator(".row-name").first).to_have_text(first)
    page.get_by_role("link", name="Library", exact=True).click()
    expect(page.locator("#dig-grid")).to_have_count(0)
    page.go_back()
    expect(page.locator(".row-name").first).to_have_text(first)
    page.locator(".row .expand").first.click()
    expect(page.locator(".evidence-foot")).to_be_visible()
    page.get_by_role("link", name="Segue").click()
    expect(page.locator(".starter").first).to_be_visible()
    expect(page.locator(".row").first).to_be_hidden()


def test_a_text_without_a_choice_is_resolved_or_said_to_be_unknown(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    _, track = known[2]
    page = open_page()
    search(page).fill(f"{track.artist} - {track.title}")
    search(page).press("Enter")
    expect(page.locator(".chip")).to_contain_text(track.title)
    expect(page.locator(".row").first).to_be_visible()

    page.get_by_role("button", name=re.compile("^Remove ")).first.click()
    search(page).fill("Qqxxzz Wwvv - Zzyyqq")
    search(page).press("Enter")
    expect(page.get_by_text("Nothing is known of “Qqxxzz Wwvv - Zzyyqq”")).to_be_visible()

    page.get_by_role("button", name=re.compile("^Remove ")).first.click()
    search(page).fill(f"{track.artist} - Qqxxzz Zzyyqq")
    search(page).press("Enter")
    expect(page.get_by_text("the list starts from that artist")).to_be_visible()
    expect(page.locator(".row").first).to_be_visible()


def test_a_click_brings_back_what_a_rule_hid(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    page = open_page(f"/?seed={known[0][0]}&cap=1")
    line = page.locator(".hidden-line")
    line.get_by_role("button", name=re.compile("same artist")).click()
    expect(line).not_to_contain_text("same artist")
    assert "cap=0" in page.url
    page.locator(".filters-head").click()
    page.get_by_role("switch", name="One version of each work").click()
    expect(line).to_be_empty()
    assert "versions=all" in page.url

    rows = page.locator(".row")
    shown = rows.count()
    page.get_by_role("button", name="Show more").click()
    expect(rows).to_have_count(2 * shown)


def test_dark_follows_the_system_and_the_switch_is_remembered(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    scheme = page.locator("html")
    expect(scheme).to_have_attribute("data-mantine-color-scheme", "dark")
    page.get_by_role("button", name="Switch between light and dark").click()
    expect(scheme).to_have_attribute("data-mantine-color-scheme", "light")
    page.reload()
    expect(page.locator(".starter").first).to_be_visible()
    expect(scheme).to_have_attribute("data-mantine-color-scheme", "light")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing_serious(
    open_page: OpenPage, known: list[tuple[int, Track]], scheme: str
) -> None:
    page = open_page(color_scheme=scheme, reduced_motion="reduce")
    expect(page.locator(".starter").first).to_be_visible()
    assert violations(page) == []
    search(page).fill(known[0][1].title[:4])
    expect(page.get_by_role("option").first).to_be_visible()
    assert violations(page) == []
    page.get_by_role("option").first.click()
    add(page, 0)
    page.locator(".row .expand").nth(1).click()
    expect(page.locator(".evidence-foot").first).to_be_visible()
    page.get_by_role("button", name=re.compile("from the crate$")).click()
    expect(page.get_by_role("button", name=re.compile("^Undo"))).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Keyboard help").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert violations(page) == []


def test_a_phone_shows_everything_without_scrolling_sideways(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    def overflow() -> int:
        return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")

    page = open_page(viewport=PHONE, is_mobile=True, has_touch=True)
    expect(page.locator(".starter").first).to_be_visible()
    assert overflow() <= 0
    dig(page, known[0][1].title)
    page.locator(".row .expand").first.tap()
    expect(page.locator(".evidence-foot").first).to_be_visible()
    add(page, 0)
    assert overflow() <= 0
    assert violations(page) == []

    toggle = page.locator("#crate-toggle")
    expect(page.locator("#crate-panel")).to_be_hidden()
    toggle.tap()
    expect(page.get_by_role("complementary", name="Crate")).to_be_visible()
    expect(toggle).to_have_attribute("aria-expanded", "true")
    expect(crate(page)).to_have_count(1)
    assert overflow() <= 0
    assert violations(page) == []
    page.keyboard.press("Escape")
    expect(page.locator("#crate-panel")).to_be_hidden()
    expect(toggle).to_be_focused()


def test_an_error_on_the_server_is_told_and_the_page_goes_on(
    open_page: OpenPage,
    known: list[tuple[int, Track]],
    monkeypatch: pytest.MonkeyPatch,
    loud_log: list[str],
) -> None:
    page = open_page(f"/?seed={known[0][0]}")
    expect(page.locator(".row").first).to_be_visible()

    def broken(*_: object) -> None:
        raise RuntimeError("made for this test")

    with monkeypatch.context() as patch:
        patch.setattr(Library, "answer", broken)
        page.locator(".row .expand").first.click()
        expect(page.get_by_text("Something went wrong")).to_be_visible()
    loud_log.clear()
    page.get_by_role("button", name=re.compile("^Remove ")).first.click()
    expect(page.locator(".starter").first).to_be_visible()


def test_a_server_that_went_away_is_told(open_page: OpenPage, console_errors: list[str]) -> None:
    page = open_page()
    expect(page.locator(".starter").first).to_be_visible()
    page.route(re.compile("_dash-update-component"), lambda route: route.abort())
    page.locator(".starter").first.click()
    expect(page.get_by_text("Segue does not answer.")).to_be_visible()
    page.unroute(re.compile("_dash-update-component"))
    page.locator(".starter").nth(1).click()
    expect(page.locator(".row").first).to_be_visible()
    expect(page.get_by_text("Segue does not answer.")).to_be_hidden()
    assert console_errors
    console_errors.clear()


def test_an_empty_catalogue_says_what_to_do_and_fills_by_itself(
    open_page: OpenPage,
    serving: Callable[[Settings], AbstractContextManager[str]],
    tmp_path: Path,
) -> None:
    settings = Settings(home=tmp_path)
    evil = Track("<b>Ania</b> <img src=x onerror=alert(1)>", "Night {{7*7}} [Bus](http://x)")
    plays = (
        Play(1, "identified", Track("Mara Vale", "Low Tide")),
        Play(2, "identified", evil),
    )
    sets = [
        Tracklist("csv", str(i), "<i>At the Dock</i>", plays, "2024", url="javascript:alert(1)")
        for i in range(3)
    ]
    with serving(settings) as address:
        page = open_page(at=address)
        expect(page.get_by_text("Your catalogue is empty")).to_be_visible()
        expect(page.get_by_text("segue import tracklists")).to_be_visible()
        with Catalogue.open(settings.url) as catalogue:
            catalogue.add_tracklists([*demo_tracklists()[:40], *sets])
            expect(page.get_by_text("segue train", exact=True).first).to_be_visible()
            expect(page.locator(".starter").first).to_be_visible()
            train(catalogue, settings)
        expect(page.get_by_text("segue train", exact=True)).to_have_count(0)
        page.reload()
        expect(page.get_by_text("Includes demo data")).to_be_visible()

        # What a tracklist says stays text, and only web addresses become links.
        search(page).fill("Mara Vale - Low Tide")
        search(page).press("Enter")
        row = page.locator(".row", has_text="<b>Ania</b> <img src=x onerror=alert(1)>").first
        expect(row).to_contain_text("[Bus](http://x)")
        row.locator(".expand").click()
        expect(page.locator(".evidence .met-title").first).to_have_text("<i>At the Dock</i>")
        for place in (row, page.locator(".evidence")):
            assert place.locator("img, b, a, i").count() == 0
