"""Listening in the Dig page, in a real browser: one sound at a time, by hand and by key."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from dashboard.services import Library  # noqa: E402
from dashboard.view import View  # noqa: E402
from data.catalogue import Catalogue, Sound  # noqa: E402
from data.demo import demo_audio  # noqa: E402
from data.records import Analysis, Track  # noqa: E402
from data.settings import Settings  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def seed(settings: Settings) -> int:
    """A track of the demo crate that many sets hold."""
    return Library(settings).starters()[0][0]


@pytest.fixture
def first_is_measured(settings: Settings, seed: int) -> Iterator[Track]:
    """The first track that goes with the seed, as if it had been analysed."""
    library = Library(settings)
    track = library.answer(View(seeds=(seed,))).results[0].track
    truth = demo_audio(track, seconds=1)
    analysis = Analysis(
        20.0, truth.bpm, 0.93, (truth.bpm / 2,), 0.0, truth.key, 0.81, None,
        0.5, -14.0, 4000.0, ((0.0, 20.0),), "test",
    )  # fmt: skip
    with Catalogue.open(settings.url) as catalogue:
        catalogue.add_sound(
            [Sound("e2e", track=track, duration_s=20.0, origin="e2e", analysis=analysis)]
        )
        yield track
        catalogue.clear_sound("e2e")


def bar(page: Page) -> playwright.Locator:
    return page.get_by_role("region", name="Player")


def second(page: Page) -> float:
    """Where the one audio element is; there is never another."""
    assert page.evaluate("document.querySelectorAll('audio').length") == 1
    return float(page.evaluate("document.querySelector('audio').currentTime"))


def sounds(page: Page) -> bool:
    return bool(page.evaluate("!document.querySelector('audio').paused"))


def wait_until_it_plays(page: Page, beyond: float = 0.2) -> None:
    page.wait_for_function(f"document.querySelector('audio').currentTime > {beyond}")


def opened(open_page: OpenPage, seed: int, **options: object) -> Page:
    page = open_page(f"/?seed={seed}", **options)
    expect(page.locator(".row").first).to_be_visible()
    return page


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def test_one_track_plays_at_a_time(open_page: OpenPage, seed: int) -> None:
    page = opened(open_page, seed)
    expect(bar(page)).to_be_hidden()
    plays = page.locator(".row .play")
    plays.nth(0).click()
    wait_until_it_plays(page)
    expect(bar(page)).to_contain_text(page.locator(".row .track-title").nth(0).inner_text())
    expect(plays.nth(0)).to_have_attribute("aria-pressed", "true")
    first = page.evaluate("document.querySelector('audio').src")

    plays.nth(1).click()
    page.wait_for_function(f"document.querySelector('audio').src !== '{first}'")
    wait_until_it_plays(page)
    expect(plays.nth(0)).to_have_attribute("aria-pressed", "false")
    expect(plays.nth(1)).to_have_attribute("aria-pressed", "true")

    plays.nth(1).click()
    expect(plays.nth(1)).to_have_attribute("aria-pressed", "false")
    assert not sounds(page)
    bar(page).get_by_role("button", name="Play", exact=True).click()
    expect(plays.nth(1)).to_have_attribute("aria-pressed", "true")
    bar(page).get_by_role("button", name="Close the player").click()
    expect(bar(page)).to_be_hidden()
    expect(plays.nth(1)).to_have_attribute("aria-pressed", "false")
    assert not sounds(page)


def test_seeds_results_and_the_crate_can_be_heard(open_page: OpenPage, seed: int) -> None:
    page = opened(open_page, seed)
    page.locator(".row .crate-add").nth(2).click()
    for place in (".chip", "#crate-list li"):
        button = page.locator(f"{place} .play")
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        wait_until_it_plays(page)
    # The list shows it too, and a list that is drawn anew does not stop the music.
    expect(page.locator(".row .play").nth(2)).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Show more").click()
    expect(page.locator(".row")).to_have_count(50, timeout=20_000)
    assert sounds(page)
    expect(page.locator(".row .play[aria-pressed=true]")).to_have_count(1)


def test_it_can_be_wound_to_any_place(open_page: OpenPage, seed: int) -> None:
    page = opened(open_page, seed)
    page.locator(".row .play").first.click()
    wait_until_it_plays(page)
    bar(page).get_by_role("slider", name="Position in the track").fill("15")
    wait_until_it_plays(page, beyond=15)
    expect(bar(page)).to_contain_text(re.compile(r"0:1[5-9] / 0:20"))


def test_an_arrow_key_winds_far_enough_to_hear_it(open_page: OpenPage, seed: int) -> None:
    page = opened(open_page, seed)
    page.locator(".row .play").first.click()
    wait_until_it_plays(page)
    bar(page).get_by_role("button", name="Pause").click()
    start = second(page)
    bar(page).get_by_role("slider").focus()
    page.keyboard.press("ArrowRight")
    assert second(page) == pytest.approx(start + 5, abs=0.2)
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert second(page) == 0
    page.keyboard.down(" ")
    page.keyboard.down(" ")  # held: still one press
    page.keyboard.up(" ")
    assert sounds(page)


def test_everything_can_be_done_with_the_keyboard(open_page: OpenPage, seed: int) -> None:
    page = opened(open_page, seed)
    page.keyboard.press("Escape")
    page.locator("body").press("ArrowDown")
    expect(page.locator(".row").first).to_be_focused()
    page.keyboard.press("Space")
    wait_until_it_plays(page)
    page.keyboard.press("Space")
    page.wait_for_function("document.querySelector('audio').paused")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".evidence").first).to_be_visible()
    page.keyboard.press("Escape")  # first what lies on top
    expect(page.locator(".evidence")).to_have_count(0)
    expect(bar(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(bar(page)).to_be_hidden()

    button = page.locator(".row .play").nth(1)
    button.focus()
    page.keyboard.press("Space")  # a button is pressed once, not twice
    wait_until_it_plays(page)
    expect(button).to_have_attribute("aria-pressed", "true")
    page.locator("#dig-search").fill("")
    page.keyboard.type("two words")
    expect(page.locator("#dig-search")).to_have_value("two words")
    assert sounds(page)


def test_a_sound_that_is_gone_is_told(
    open_page: OpenPage, seed: int, console_errors: list[str]
) -> None:
    page = opened(open_page, seed)
    page.route(re.compile("/audio/"), lambda route: route.fulfill(status=404, body="It is gone."))
    page.locator(".row .play").first.click()
    expect(bar(page)).to_contain_text("It is gone.")
    expect(page.locator(".row .play").first).to_have_attribute("aria-pressed", "false")
    expect(bar(page).get_by_role("slider")).to_be_hidden()  # there is nothing to wind

    page.unroute(re.compile("/audio/"))
    bar(page).get_by_role("button", name="Play", exact=True).click()
    wait_until_it_plays(page)
    expect(bar(page)).not_to_contain_text("It is gone.")
    console_errors.clear()


def test_a_lost_server_is_told_beside_the_player(
    open_page: OpenPage, seed: int, console_errors: list[str]
) -> None:
    page = opened(open_page, seed)
    page.route(re.compile("/audio/"), lambda route: route.abort())
    page.locator(".row .play").first.click()
    expect(page.locator("#lost")).to_be_visible()
    expect(bar(page)).to_contain_text("Segue does not answer.")
    lost = page.locator("#lost").bounding_box()
    assert lost["y"] + lost["height"] <= bar(page).bounding_box()["y"] + 1
    page.unroute(re.compile("/audio/"))
    bar(page).get_by_role("button", name="Play", exact=True).click()
    wait_until_it_plays(page)
    console_errors.clear()


@pytest.mark.slow
def test_a_late_reason_is_not_told_of_another_track(
    open_page: OpenPage, seed: int, console_errors: list[str]
) -> None:
    page = opened(open_page, seed)
    gone = page.locator(".row .play").first.get_attribute("data-play")
    asked: list[playwright.Route] = []

    def answer(route: playwright.Route) -> None:
        if route.request.resource_type == "fetch":
            asked.append(route)  # the reason comes when the next track plays
        else:
            route.fulfill(status=404)

    page.route(re.compile(f"/audio/{gone}$"), answer)
    with page.expect_request(lambda sent: sent.resource_type == "fetch" and "/audio/" in sent.url):
        page.locator(".row .play").first.click()
    page.locator(".row .play").nth(1).click()
    wait_until_it_plays(page)
    asked[0].fulfill(status=404, body="It is gone.")
    wait_until_it_plays(page, beyond=0.6)
    expect(bar(page)).not_to_contain_text("It is gone.")
    console_errors.clear()


def test_tempo_and_key_stand_on_the_row_where_they_were_measured(
    open_page: OpenPage, seed: int, first_is_measured: Track
) -> None:
    truth = demo_audio(first_is_measured, seconds=1)
    page = opened(open_page, seed)
    tempos = page.locator(".row .cell-bpm .cell-main")
    expect(tempos).to_have_count(1)
    expect(tempos).to_have_text(f"{truth.bpm:.0f}")
    expect(page.locator(".row .cell-key .cell-main")).to_have_text(truth.key.camelot())
    expect(page.locator(".row .cell-energy .cell-main")).to_have_text("50%")
    page.locator(".row .expand").first.click()
    expect(page.locator(".evidence").first).to_contain_text("measured, 93% sure")


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
def test_axe_finds_nothing_serious(
    open_page: OpenPage, seed: int, first_is_measured: Track, scheme: str
) -> None:
    page = opened(open_page, seed, color_scheme=scheme, reduced_motion="reduce")
    page.locator(".row .crate-add").first.click()
    expect(page.locator("#crate-list .play")).to_be_visible()
    page.locator(".row .play").first.click()
    wait_until_it_plays(page)
    assert violations(page) == []


def test_the_keyboard_comes_to_nothing_behind_the_player(open_page: OpenPage, seed: int) -> None:
    page = opened(open_page, seed)
    page.locator(".row .play").first.click()
    wait_until_it_plays(page)
    top = bar(page).bounding_box()["y"]
    for key in ["Tab"] * 15 + ["ArrowDown"] * 5:
        page.keyboard.press(key)
        box = page.locator(":focus").bounding_box()
        assert box["y"] + box["height"] <= top


@pytest.mark.slow
def test_a_full_crate_ends_above_the_player(
    open_page: OpenPage, seed: int, console_errors: list[str]
) -> None:
    page = opened(open_page, seed, viewport={"width": 1440, "height": 500})
    for place in range(8):
        page.locator(".row .crate-add").nth(place).click()
        expect(page.locator("#crate-list li")).to_have_count(place + 1)
    page.route(re.compile("/audio/"), lambda route: route.fulfill(status=404, body="Gone. " * 20))
    for size in ({"width": 1440, "height": 500}, PHONE | {"height": 640}):
        page.set_viewport_size(size)
        if size["width"] < 1000:
            page.locator("#crate-toggle").click()
        page.locator("#crate-list .play").first.click()
        expect(bar(page)).to_contain_text("Gone.")
        foot = page.locator(".crate-foot").bounding_box()
        assert foot["y"] + foot["height"] <= bar(page).bounding_box()["y"]
    console_errors.clear()


def test_a_tablet_has_room_for_the_name(open_page: OpenPage, seed: int) -> None:
    page = opened(open_page, seed, viewport={"width": 820, "height": 1180})
    page.locator(".row .play").first.click()
    wait_until_it_plays(page)
    assert page.locator(".player-track").bounding_box()["width"] >= 240


def test_a_phone_has_room_for_it(open_page: OpenPage, seed: int, first_is_measured: Track) -> None:
    page = opened(open_page, seed, viewport=PHONE, is_mobile=True, has_touch=True)
    page.locator(".row .play").first.tap()
    wait_until_it_plays(page)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert violations(page) == []
    for button in page.locator(".chip button, .row .play, #player button").all():
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 40  # a finger is not a mouse
    page.locator(".row").last.scroll_into_view_if_needed()
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    more = page.get_by_role("button", name="Show more").bounding_box()
    top = bar(page).bounding_box()
    assert more["y"] + more["height"] <= top["y"]  # nothing is hidden behind the bar
