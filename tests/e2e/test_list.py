"""The list of the Dig page, in a real browser: sorting it, going through it, leaving out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from dashboard.services import Library  # noqa: E402
from data.catalogue import Catalogue  # noqa: E402
from data.records import Track  # noqa: E402
from data.settings import Settings  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]


@pytest.fixture(scope="module")
def known(settings: Settings) -> list[tuple[int, Track]]:
    """Some tracks of the demo crate that many sets hold."""
    return Library(settings).starters()


def test_a_list_is_sorted_by_its_headers_and_back_takes_it_back(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    page = open_page(f"/?seed={known[0][0]}")
    names, years = page.locator(".row-name"), page.locator(".row .cell-year .cell-main")
    expect(names.first).to_be_visible()
    best_first = names.all_inner_texts()
    page.locator(".row .expand").first.click()
    expect(page.locator(".evidence-foot")).to_be_visible()
    page.get_by_role("columnheader", name="Year").click()
    expect(page).to_have_url(re.compile("sort=-year$"))
    shown = years.all_inner_texts()
    assert shown == sorted(shown, reverse=True)
    expect(page.get_by_role("columnheader", name="Year")).to_have_attribute(
        "aria-sort", "descending"
    )
    again = open_page("/" + page.url.split("/", 3)[3])
    expect(again.locator(".row .cell-year .cell-main").first).to_have_text(shown[0])
    assert again.locator(".row-name").all_inner_texts() == names.all_inner_texts()
    page.go_back()
    expect(names.first).to_have_text(best_first[0])
    assert names.all_inner_texts() == best_first


def test_tab_goes_through_the_list_in_the_order_that_is_seen(
    open_page: OpenPage, known: list[tuple[int, Track]]
) -> None:
    page = open_page(f"/?seed={known[0][0]}&sort=-year")
    rows = page.locator(".row")
    expect(rows.first).to_be_visible()
    page.get_by_role("columnheader", name="Year").focus()
    page.keyboard.press("Tab")
    expect(rows.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    verdict = page.locator(".evidence .verdict").first
    expect(verdict).to_be_visible()
    for _ in range(6):
        page.keyboard.press("Tab")
        if verdict.evaluate("element => element === document.activeElement"):
            break
    expect(verdict).to_be_focused()
    page.keyboard.press("Escape")
    expect(rows.first).to_be_focused()
    expect(page.locator(".evidence")).to_have_count(0)
    rows.last.focus()
    for _ in range(5):
        page.keyboard.press("Tab")
        if page.get_by_role("button", name="Show more").evaluate(
            "e => e === document.activeElement"
        ):
            break
    expect(page.get_by_role("button", name="Show more")).to_be_focused()


@pytest.mark.slow
def test_what_was_played_tonight_is_left_out(
    open_page: OpenPage, settings: Settings, known: list[tuple[int, Track]]
) -> None:
    page = open_page(f"/?seed={known[0][0]}")
    first = page.locator(".row-name").first.inner_text()
    with Catalogue.open(settings.url) as catalogue:
        tonight = catalogue.create_crate("Tonight")
        row = page.locator(".row").first.get_attribute("row-id")
        catalogue.add_to_crate(tonight, int(row or 0))
    page.reload()
    page.locator(".filters-head").click()
    page.get_by_role("textbox", name="Played tonight").click()
    page.get_by_role("option", name="Tonight (1 track)").click()
    expect(page.locator(".row-name").first).not_to_have_text(first)
    assert page.url.endswith(f"without={tonight}")
    page.locator(".hidden-line").get_by_role("button", name=re.compile("leave out")).click()
    expect(page.locator(".row-name").first).to_have_text(first)

    page.get_by_role("textbox", name="Genre", exact=True).fill("ho")
    page.get_by_role("option", name="House", exact=True).click()
    expect(page).to_have_url(re.compile("genre=House"))
