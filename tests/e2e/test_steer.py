"""Steering a list on the Dig page, in a real browser: slider, lens, filters, the DJ's own word."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from urllib.parse import quote_plus

import numpy as np
import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from dashboard.services import Library  # noqa: E402
from dashboard.view import View  # noqa: E402
from data.catalogue import Catalogue, Sound  # noqa: E402
from data.harmony import Key  # noqa: E402
from data.records import Analysis, Embedding, Track  # noqa: E402
from data.settings import Settings  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
def measured(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo crate, where a track and what goes with it were heard.

    It is a copy: what is heard and said here is none of the other tests' business.
    """
    own = Settings(home=tmp_path_factory.mktemp("steered") / "home")
    shutil.copytree(settings.home, own.home)
    library = Library(own)
    seed, track = library.starters()[0]
    found = library.answer(View(seeds=(seed,))).results
    tracks = [track, *(result.track for result in found)]
    library.catalogue.add_sound(
        [_sound(heard, 124.0 if i % 2 == 0 else 129.0, i) for i, heard in enumerate(tracks)]
    )
    return own


@pytest.fixture(scope="module")
def seed(measured: Settings) -> int:
    """A track of the demo crate that many sets hold."""
    return Library(measured).starters()[0][0]


@pytest.fixture(scope="module")
def address(
    measured: Settings, serving: Callable[[Settings], AbstractContextManager[str]]
) -> Iterator[str]:
    """Where this crate is served."""
    with serving(measured) as address:
        yield address


@pytest.fixture(autouse=True)
def unsaid(measured: Settings) -> Iterator[None]:
    """No test finds what another said of a track."""
    yield
    with Catalogue.open(measured.url) as catalogue:
        while catalogue.feedback.undo():
            pass


def _sound(track: Track, bpm: float, number: int) -> Sound:
    """What was heard of a track; its second half is nearest to the seed's, which is number 0."""
    analysis = Analysis(
        20.0, bpm, 0.93, (bpm / 2,), 0.0, Key(9, "minor"), 0.81, None,
        0.5, -14.0, 4000.0, ((0.0, 20.0),), "test",
    )  # fmt: skip
    turn = 0.1 + number / 40
    second = np.array([np.cos(turn), np.sin(turn), 0], np.float32)
    first = np.array([0, 0, -1 if number else 1], np.float32)
    fragments = np.stack([first, second])
    embedding = Embedding("ear", "1", second, fragments, np.array([0.0, 10.0]), 10.0)
    return Sound(str(track), track=track, duration_s=20.0, analysis=analysis, embedding=embedding)


@pytest.fixture
def steer(open_page: OpenPage, address: str) -> OpenPage:
    """Open the Dig page of this crate by the query part of its address."""
    return lambda query, **options: open_page(f"/?{query}", at=address, **options)


def opened(steer: OpenPage, query: str, **options: object) -> Page:
    page = steer(query, **options)
    expect(page.locator(".row").first).to_be_visible()
    return page


def names(page: Page) -> list[str]:
    return page.locator(".row-name").all_inner_texts()


def slider(page: Page) -> playwright.Locator:
    return page.locator(".balance").get_by_role("slider")


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_the_slider_changes_the_order_and_the_address(steer: OpenPage, seed: int) -> None:
    page = opened(steer, f"seed={seed}")
    learned = names(page)
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.post_data or "") if r.method == "POST" else None)
    box = page.locator(".balance .mantine-Slider-root").bounding_box()
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + 1, middle, steps=12)
    assert not asked  # not while it is dragged
    page.mouse.up()
    expect(page.locator(".weighed")).to_have_text("This list: 100% sets")
    assert page.url.endswith("balance=0")
    assert names(page) != learned
    assert sum('"output":"url.search"' in sent for sent in asked) == 1
    sets_alone = names(page)
    slider(page).focus()
    page.keyboard.press("End")
    expect(page.locator(".weighed")).to_have_text("This list: 100% sound")
    assert names(page) != sets_alone

    # With the keyboard, which stays on it; and the way back is the way back.
    page.keyboard.press("ArrowLeft")
    expect(page).to_have_url(re.compile("balance=95$"))
    expect(page.locator(".weighed")).not_to_have_text("This list: 100% sound")
    expect(slider(page)).to_be_focused()
    for _ in range(3):
        page.go_back()
    expect(slider(page)).to_have_attribute("aria-valuenow", "50")
    expect(page.locator(".row-name").first).to_have_text(learned[0])
    assert names(page) == learned


def test_where_the_slider_knows_nothing_it_says_what_to_do(open_page: OpenPage, seed: int) -> None:
    page = open_page(f"/?seed={seed}&balance=100")  # of the crate that nobody has heard
    expect(page.get_by_text("move the slider towards the sets")).to_be_visible()
    slider(page).focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator(".row").first).to_be_visible()


def test_a_link_opens_with_its_lens_and_filters_set(steer: OpenPage, seed: int) -> None:
    page = opened(steer, f"seed={seed}")
    page.get_by_text("Played next", exact=True).click()
    expect(page.get_by_role("grid", name="Tracks played next")).to_be_visible()
    assert page.url.endswith("lens=next")

    query = f"seed={seed}&lens=next&tempo=3&key=strict&popularity=-40&years=1990..&genre=House"
    page = steer(f"{query}&spread=off")
    expect(page.get_by_role("radio", name="Played next")).to_be_checked()
    page.locator(".filters-head").click()
    expect(page.get_by_role("radio", name="±3%")).to_be_checked()
    expect(page.get_by_role("radio", name="Only those that mix")).to_be_checked()
    expect(page.get_by_label("From year")).to_have_value("1990")
    expect(page.get_by_role("switch", name="No artist twice in a row")).not_to_be_checked()
    expect(page.locator(".filters-kept")).to_contain_text("years from 1990, genre House")
    page.get_by_role("button", name="Reset all filters").click()
    expect(page).to_have_url(re.compile(rf"\?seed={seed}&lens=next$"))
    expect(page.get_by_role("radio", name="±6%")).to_be_checked()
    expect(page.get_by_label("From year")).to_have_value("")


def test_a_filter_hides_and_its_button_brings_back(steer: OpenPage, seed: int) -> None:
    page = opened(steer, f"seed={seed}")
    expect(page.locator(".cell-bpm").nth(1)).to_have_text(re.compile(r"12[49](same|-3\.9%)"))
    expect(page.locator(".cell-key").nth(1)).to_have_text("8Asame key")
    page.locator(".filters-head").click()
    page.get_by_text("±3%").click()
    button = page.locator(".hidden-line").get_by_role("button", name=re.compile("tempo"))
    expect(button).to_have_attribute("title", re.compile(r"brings \d+ back into the list"))
    assert not page.get_by_text("-3.9%").count()
    expect(page.locator(".filters-body")).to_be_visible()  # the filters stay where they are
    button.click()
    expect(page).to_have_url(re.compile("tempo=off"))
    expect(page.locator(".cell-bpm", has_text="-3.9%").first).to_be_visible()
    expect(page.locator(".filters").get_by_role("radio", name="Any").first).to_be_checked()

    page.get_by_role("textbox", name="Label", exact=True).fill("No Such Label")
    page.keyboard.press("Enter")
    expect(page.get_by_text("All of it is hidden")).to_be_visible()
    page.locator(".state").get_by_role("button", name=re.compile("label")).click()
    expect(page.locator(".row").first).to_be_visible()
    assert "label" not in page.url


def test_what_works_and_what_clashes_is_said_with_one_key_and_taken_back(
    steer: OpenPage, seed: int
) -> None:
    page = opened(steer, f"seed={seed}")
    before = names(page)
    row = page.locator(".row", has_text=before[3]).first
    row.focus()
    page.keyboard.press("w")
    expect(page.locator(".row-name").first).to_have_text(before[3])
    expect(page.locator(".row").first).to_be_focused()  # the keyboard goes with the row
    expect(page.locator(".row .reason").first).to_contain_text("You marked it: works")
    page.keyboard.press("w")
    expect(page.locator(".row-name").nth(3)).to_have_text(before[3])
    expect(page.locator(".row").nth(3)).to_be_focused()

    page.keyboard.press("c")
    line = page.locator(".taken-off")
    expect(line).to_contain_text("is off the list: it clashes")
    assert before[3] not in names(page)[:5]
    expect(line.get_by_role("button")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".row-name").nth(3)).to_have_text(before[3])
    assert names(page) == before


def test_the_marks_of_a_row_are_there_under_the_mouse_and_tell_what_was_said(
    steer: OpenPage, seed: int
) -> None:
    page = opened(steer, f"seed={seed}")
    row = page.locator(".row").nth(2)
    like, clash = row.locator(".mark-like"), row.locator(".mark-clashes")
    expect(like).to_be_hidden()
    row.hover()
    like.click()
    row = page.locator(".row", has=page.locator(".mark-like[aria-pressed=true]"))
    expect(row).to_have_count(1)
    expect(row.locator(".reason")).to_contain_text("You marked it: like")
    page.mouse.move(0, 0)
    page.locator(".row").last.focus()
    expect(row.locator(".mark-like")).to_be_visible()
    expect(clash).to_be_hidden()
    row.focus()
    page.keyboard.press("d")
    expect(page.locator(".taken-off")).to_contain_text("you dislike it")


def test_a_word_on_an_open_row_keeps_it_open(steer: OpenPage, seed: int) -> None:
    page = opened(steer, f"seed={seed}")
    title = names(page)[1]
    row = page.locator(".row").filter(has=page.locator(".row-name", has_text=title)).first
    row.locator(".expand").click()
    said = page.locator(".evidence")
    like = said.get_by_role("button", name="Like", exact=True)
    like.click()
    expect(like).to_have_attribute("aria-pressed", "true")
    expect(row.locator(".reason")).to_contain_text("You marked it: like")
    like.click()
    expect(like).to_have_attribute("aria-pressed", "false")
    said.get_by_role("button", name="Dislike").click()
    expect(page.locator(".taken-off")).to_contain_text("you dislike it")
    page.locator(".hidden-line").get_by_role("button", name=re.compile("disliked")).click()
    expect(row.locator(".reason")).to_contain_text("You marked it: dislike")
    assert "disliked=show" in page.url


def test_the_moment_that_sounds_alike_is_played(steer: OpenPage, seed: int) -> None:
    page = opened(steer, f"seed={seed}&balance=100")
    expect(page.locator(".row .badge").first).to_have_text("by its sound")
    page.locator(".row .expand").first.click()
    expect(page.locator(".alike")).to_contain_text("from 0:10 (yours 0:10)")
    page.get_by_role("button", name="Play it from 0:10").click()
    page.wait_for_function("document.querySelector('audio').currentTime > 10.1")
    page.get_by_role("slider", name="Position in the track").fill("2")
    page.get_by_role("button", name="Play it from 0:10").click()
    page.wait_for_function("document.querySelector('audio').currentTime > 10.1")
    expect(page.locator(".row .play[aria-pressed=true]")).to_have_count(1)


def test_a_name_that_is_not_known_offers_what_is_near(
    steer: OpenPage, measured: Settings, seed: int
) -> None:
    library = Library(measured)
    title = library.catalogue.track(seed).title
    text = next(
        asked
        for asked in (f"{title.split()[0]} qqxxzz", f"qqxxzz {title}", f"qqxxzz - {title} zzyyqq")
        if (found := library.recommender().resolve(asked)).rung == "none" and found.near
    )
    page = steer(f"seed={quote_plus(text)}")
    expect(page.get_by_text("did you mean")).to_be_visible()
    near = page.locator(".near").first
    name = near.locator(".track-title").inner_text()
    near.click()
    expect(page.locator(".chip")).to_contain_text(name)
    expect(page.get_by_text("did you mean")).to_have_count(0)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing_serious(steer: OpenPage, seed: int, scheme: str) -> None:
    page = opened(steer, f"seed={seed}", color_scheme=scheme, reduced_motion="reduce")
    page.locator(".filters-head").click()
    page.locator(".row .expand").nth(1).click()
    page.locator(".evidence").get_by_role("button", name="Works").click()
    expect(page.locator(".verdict[aria-pressed=true]")).to_have_count(1)
    page.locator(".row").nth(2).focus()
    page.keyboard.press("c")
    expect(page.locator(".taken-off")).to_be_visible()
    assert violations(page) == []


def test_a_phone_has_room_for_it(steer: OpenPage, seed: int) -> None:
    page = opened(steer, f"seed={seed}", viewport=PHONE, is_mobile=True, has_touch=True)
    page.locator(".filters-head").tap()
    expect(page.locator(".filters-body")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert violations(page) == []
    page.get_by_text("±10%").tap()
    expect(page.locator(".filters-kept")).to_contain_text("±10%")  # the list is there, too
    page.locator(".row .expand").first.tap()
    expect(page.locator(".evidence-foot").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    for button in page.locator(".filters-head, .verdict, .filters .small-button").all():
        assert button.bounding_box()["height"] >= 40  # a finger is not a mouse
