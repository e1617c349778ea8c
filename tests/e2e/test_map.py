"""The map as a DJ uses it, in a real browser: points, list, crate, keyboard, fingers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from data.settings import Settings  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "color_scheme": "dark",
}

PLOT = "document.querySelector('#map-graph .js-plotly-plot')"
RANGE = f"{PLOT}._fullLayout.xaxis.range.map((end) => Math.round(end * 100) / 100)"
#: Where a point of the first group lies on the page, far from the others if it can be.
POINT = (
    "(n) => {"
    f"const plot = {PLOT};"
    "const trace = plot.data.find((t) => t.mode === 'markers' && t.x.length > n);"
    "const { xaxis, yaxis } = plot._fullLayout;"
    "const box = plot.getBoundingClientRect();"
    "return [box.left + xaxis._offset + xaxis.l2p(trace.x[n]),"
    "        box.top + yaxis._offset + yaxis.l2p(trace.y[n])]; }"
)


def until(page: Page, condition: str) -> None:
    page.wait_for_function(condition)


def is_drawn(page: Page) -> None:
    until(page, "document.getElementById('map-wait')?.hidden")
    until(page, f"{PLOT}?.data?.length > 0 && {PLOT}._fullLayout.xaxis")


def marked(page: Page, symbol: str) -> None:
    until(page, f"{PLOT}.data.some((trace) => trace.marker?.symbol === '{symbol}')")


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def _json(numbers: list[float]) -> str:
    return "[" + ",".join(f"{number:g}" for number in numbers) + "]"


def crate(page: Page) -> playwright.Locator:
    return page.locator("#crate-list li")


def test_a_point_leads_to_its_neighbours_and_these_into_the_crate(open_page: OpenPage) -> None:
    page = open_page("/map")
    is_drawn(page)
    whole = page.evaluate(RANGE)
    x, y = page.evaluate(POINT, 3)
    page.mouse.move(x, y)
    expect(page.locator(".map-tip-title")).to_be_visible()
    name = page.locator(".map-tip-title").inner_text()
    page.mouse.click(x, y)
    expect(page.locator(".map-seed-name")).to_contain_text(name)
    expect(page).to_have_url(re.compile(r"/map\?seed=\d+$"))
    marked(page, "star")

    rows = page.locator(".near-row")
    expect(rows).to_have_count(12)
    rows.first.focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    expect(page.locator("#map-ring")).to_be_visible()
    page.keyboard.press("Enter")
    expect(crate(page)).to_have_count(1)
    page.keyboard.press("Enter")
    expect(rows.nth(1).locator(".crate-add")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(crate(page)).to_have_count(2)
    marked(page, "square")
    assert violations(page) == []

    second = rows.nth(1).get_attribute("data-recording")
    rows.nth(1).focus()
    page.keyboard.press("c")
    expect(page).to_have_url(re.compile(rf"seed={second}$"))
    page.go_back()
    expect(page.locator(".map-seed-name")).to_contain_text(name)
    page.locator(".near-dig").first.click()
    expect(page).to_have_url(re.compile(r"/\?seed=\d+$"))
    page.go_back()
    is_drawn(page)
    expect(page.locator(".map-seed-name")).to_contain_text(name)
    until(page, f"JSON.stringify({RANGE}) === '{_json(whole)}'")


def test_the_keyboard_alone_finds_moves_colours_and_hides(open_page: OpenPage) -> None:
    page = open_page("/map?colour=key")
    is_drawn(page)
    page.keyboard.press("/")
    page.keyboard.type("hollow horizon")
    page.get_by_role("option").first.click()
    expect(page.locator(".map-seed-name")).to_contain_text("Hollow Horizon")
    marked(page, "star")

    whole = page.evaluate(RANGE)
    page.locator("#map-sheet").focus()
    page.keyboard.press("+")
    until(page, f"JSON.stringify({RANGE}) !== '{_json(whole)}'")
    near = page.evaluate(RANGE)
    assert near[1] - near[0] < whole[1] - whole[0]
    page.keyboard.press("0")
    until(page, f"JSON.stringify({RANGE}) === '{_json(whole)}'")

    page.locator("#map-colour").click()
    page.get_by_role("option", name="Genre").click()
    techno = page.get_by_role("button", name=re.compile("^Techno"))
    techno.click()
    expect(techno).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile("only=techno"))
    until(page, f"{PLOT}.data.filter((trace) => trace.visible === false).length >= 4")
    page.get_by_role("button", name="Show all").click()
    until(page, f"!{PLOT}.data.some((trace) => trace.visible === false)")


def test_what_is_drawn_around_goes_into_the_crate_and_out_again(open_page: OpenPage) -> None:
    page = open_page("/map")
    is_drawn(page)
    page.get_by_text("Draw around", exact=True).click()
    until(page, f"{PLOT}._fullLayout.dragmode === 'lasso'")
    x, y = page.evaluate(POINT, 3)
    page.mouse.move(x + 25, y)
    page.mouse.down()
    for step in range(1, 17):
        turn = step / 16 * 2 * math.pi
        page.mouse.move(x + 25 * math.cos(turn), y + 25 * math.sin(turn))
    page.mouse.up()
    add = page.get_by_role("button", name=re.compile(r"^Add [\d,]+ tracks? to the crate"))
    expect(add).to_be_enabled()
    count = int(re.sub(r"\D", "", add.inner_text()))
    assert 1 <= count <= 200
    add.click()
    expect(crate(page)).to_have_count(count)
    expect(page.locator("#map-picked-bar")).to_be_hidden()
    marked(page, "square")
    page.locator("#crate-panel").get_by_role("button", name=re.compile("^Undo")).click()
    expect(crate(page)).to_have_count(0)
    until(page, f"!{PLOT}.data.some((trace) => trace.marker?.symbol === 'square')")


def test_on_a_phone_one_finger_scrolls_and_two_move_the_map(open_page: OpenPage) -> None:
    page = open_page("/map?seed=5", **PHONE)
    is_drawn(page)
    expect(page.locator(".near-row").first).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    fingers = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        at = [{"x": x, "y": y} for x, y in points]
        fingers.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})

    box = page.locator("#map-sheet").bounding_box()
    assert box is not None
    x, y = box["x"] + 150, box["y"] + 200
    before = page.evaluate(RANGE)
    touch("touchStart", (x - 30, y), (x + 30, y))
    for step in range(1, 8):
        touch("touchMove", (x - 30 - 8 * step, y), (x + 30 + 8 * step, y))
    touch("touchEnd")
    until(page, f"{RANGE}[1] - {RANGE}[0] < {0.7 * (before[1] - before[0])}")
    assert page.evaluate("window.scrollY") == 0
    near = page.evaluate(RANGE)

    touch("touchStart", (x, y))
    for step in range(1, 8):
        touch("touchMove", (x, y - 20 * step))
    touch("touchEnd")
    until(page, "window.scrollY > 50")
    assert page.evaluate(RANGE) == near


def test_with_nothing_to_draw_it_says_what_to_do(
    open_page: OpenPage,
    serving: Callable[[Settings], AbstractContextManager[str]],
    tmp_path: Path,
) -> None:
    with serving(Settings(home=tmp_path)) as address:
        page = open_page("/map", at=address)
        expect(page.get_by_role("heading", name="Nothing to draw yet")).to_be_visible()
        expect(page.locator("#map-graph")).to_be_hidden()
        expect(page.get_by_role("radiogroup", name="Near means")).to_be_hidden()
        link = page.get_by_role("link", name="Add a folder of music or sets")
        expect(link).to_have_attribute("href", "/library")
        assert violations(page) == []
        page.close()  # it would look again, and find no server
