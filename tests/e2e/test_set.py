"""The Set page as a DJ uses it, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from dashboard.services import Library  # noqa: E402
from data.catalogue import Catalogue  # noqa: E402
from data.settings import Settings  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def ids(settings: Settings) -> list[int]:
    """Five tracks of the demo crate."""
    return [ident for ident, _ in Library(settings).starters()[:5]]


@pytest.fixture
def friday(settings: Settings, empty_crate: None, ids: list[int]) -> int:
    """A crate that holds them."""
    with Catalogue.open(settings.url) as catalogue:
        crate = catalogue.create_crate("Friday")
        catalogue.set_crate(crate, ids, said="Added 5 tracks")
    return crate


def rows(page: Page) -> playwright.Locator:
    return page.locator("#set-rows > li")


def order(page: Page) -> list[int]:
    return [int(row.get_attribute("data-row") or 0) for row in rows(page).all()]


def holds(page: Page, ids: list[int]) -> None:
    """Wait until the running order is this one."""
    expect(rows(page)).to_have_count(len(ids))
    for place, ident in enumerate(ids):
        expect(rows(page).nth(place)).to_have_attribute("data-row", str(ident))


def said(page: Page, words: str | re.Pattern[str]) -> None:
    """Wait until the page has announced something."""
    expect(page.locator("#set-announce")).to_have_text(words)


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_a_set_is_put_in_order_by_keyboard_by_mouse_and_for_flow(
    open_page: OpenPage, friday: int, ids: list[int]
) -> None:
    page = open_page(f"/set?crate={friday}")
    expect(page.get_by_role("heading", level=1)).to_have_text("Friday")
    holds(page, ids)
    expect(page.locator(".set-step")).to_have_count(4)
    assert violations(page) == []

    rows(page).first.focus()
    for _ in range(3):  # faster than the page is drawn
        page.keyboard.press("Alt+ArrowDown")
    said(page, re.compile("is now 4 of 5"))
    expect(rows(page).nth(3)).to_be_focused()
    holds(page, [*ids[1:4], ids[0], ids[4]])
    for _ in range(3):
        page.keyboard.press("Control+z")
    holds(page, ids)
    page.keyboard.press("Control+Shift+Z")
    holds(page, [ids[1], ids[0], *ids[2:]])

    third = rows(page).nth(2).locator(".set-track")
    rows(page).first.locator(".set-grip").drag_to(third, target_position={"x": 200, "y": 50})
    dragged = [ids[0], ids[2], ids[1], ids[3], ids[4]]
    holds(page, dragged)

    page.get_by_role("button", name=re.compile("^Keep .* in place 5$")).click()
    expect(page).to_have_url(re.compile(f"lock=5:{ids[4]}"))
    page.get_by_role("button", name="Propose an order").click()
    expect(page.get_by_role("heading", name="Proposed order")).to_be_focused()
    page.reload()
    expect(page.get_by_role("heading", name="Proposed order")).to_be_visible()
    holds(page, dragged)
    assert violations(page) == []
    page.get_by_role("button", name="Use this order").click()
    said(page, "Ordered for flow.")
    expect(page.get_by_role("heading", name="Proposed order")).to_have_count(0)
    assert sorted(order(page)) == sorted(ids)
    expect(rows(page).last).to_have_attribute("data-row", str(ids[4]))


def test_tracks_come_and_go_and_transitions_can_be_heard(
    open_page: OpenPage, friday: int, ids: list[int], settings: Settings
) -> None:
    other, track = Library(settings).starters()[5]
    page = open_page(f"/set?crate={friday}")
    expect(rows(page)).to_have_count(5)
    page.keyboard.press("/")
    page.keyboard.type(f"{track.artist} {track.title}")
    page.get_by_role("option").first.click()
    holds(page, [*ids, other])

    page.get_by_role("checkbox").nth(0).click()
    page.get_by_role("checkbox").nth(2).click(modifiers=["Shift"])
    page.get_by_role("region", name="Selected tracks").get_by_text("Remove them").click()
    expect(rows(page)).to_have_count(3)
    expect(page.get_by_role("region", name="Selected tracks")).to_be_hidden()
    with page.expect_download() as download:
        page.locator(".set-head").get_by_role("button", name="Download").click()
        page.get_by_role("menuitem", name="Download as CSV").click()
    assert download.value.suggested_filename == "Friday.csv"
    assert len(Path(download.value.path()).read_text(encoding="utf-8").splitlines()) == 4

    with page.expect_response(re.compile(f"/audio/transition%2F{ids[3]}%2F{ids[4]}")) as sent:
        page.get_by_role("button", name=re.compile("^Listen to")).first.click()
    assert sent.value.status in (200, 206)
    expect(page.locator("#player")).to_contain_text(" into ")

    page.get_by_role("button", name=re.compile("^Other tracks for place 2")).click()
    page.locator(".set-others").get_by_role("button").first.click()
    said(page, re.compile("^Put .* for "))
    expect(rows(page).nth(1)).not_to_have_attribute("data-row", str(ids[4]))


def test_two_windows_on_one_crate_lose_nothing(
    open_page: OpenPage, friday: int, ids: list[int]
) -> None:
    here, there = (open_page(f"/set?crate={friday}") for _ in range(2))
    expect(rows(here)).to_have_count(5)
    there.get_by_role("button", name=re.compile("^Remove")).nth(1).click()
    expect(rows(there)).to_have_count(4)
    rows(here).first.focus()
    here.keyboard.press("Alt+ArrowDown")
    expect(here.get_by_role("alert").get_by_text("changed in another window")).to_be_visible()
    left = [ids[0], *ids[2:]]
    holds(here, left)
    here.keyboard.press("Alt+ArrowDown")
    holds(here, [left[1], left[0], *left[2:]])


def test_crates_are_made_renamed_deleted_and_brought_back_on_a_phone(
    open_page: OpenPage, friday: int, ids: list[int]
) -> None:
    page = open_page(f"/set?crate={friday}", viewport=PHONE, has_touch=True, color_scheme="dark")
    expect(rows(page)).to_have_count(5)
    page.get_by_role("button", name=re.compile("^Move .* down$")).first.tap()
    holds(page, [ids[1], ids[0], *ids[2:]])
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]
    assert violations(page) == []

    page.get_by_role("button", name="New crate").tap()
    page.get_by_label("Name").fill("Friday")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("There is a crate called")
    page.get_by_label("Name").fill("Saturday")
    page.get_by_role("button", name="Save").tap()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text("Saturday")
    expect(page.get_by_text("Nothing in this crate yet")).to_be_visible()
    menu = page.get_by_role("button", name="Crate", exact=True)
    menu.tap()
    page.get_by_role("menuitem", name="Delete").tap()
    expect(title).to_have_text("Friday")
    page.locator(".set-deleted summary").tap()
    page.get_by_role("button", name="Put back Saturday").first.tap()
    expect(title).to_have_text("Saturday")
    page.get_by_role("button", name="Take this crate to Dig").tap()
    expect(page).to_have_url(re.compile("/$"))
    page.locator("#crate-toggle").tap()
    expect(page.locator("#crate-head")).to_contain_text("Saturday")
    link = page.locator("#crate-panel").get_by_role("link", name="Open in Set")
    expect(link).to_have_attribute("href", re.compile(r"/set\?crate=\d+$"))
