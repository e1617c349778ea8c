"""The Models page in a real browser: work is started and followed, figures are read, sound seen."""

from __future__ import annotations

import json
import re
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import numpy as np
import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from dashboard.services import Library  # noqa: E402
from data.catalogue import Sound  # noqa: E402
from data.harmony import Key  # noqa: E402
from data.records import Analysis, Embedding, Track  # noqa: E402
from data.settings import Settings  # noqa: E402
from hybrid.evaluate import kept  # noqa: E402
from hybrid.jobs import work  # noqa: E402
from models.encoders import registry  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
Serving = Callable[[Settings], AbstractContextManager[str]]
PHONE = {"width": 390, "height": 844}
LONG_MS = 30_000  # what work may take while other tests want the processor

SHIPPED = str(json.loads((registry.WEIGHTS / "segue" / "card.json").read_text())["fingerprint"])


@pytest.fixture(scope="module")
def own_settings(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The demo crate, of which some was heard and which was measured."""
    own = Settings(home=tmp_path_factory.mktemp("models") / "home")
    shutil.copytree(settings.home, own.home)
    library = Library(own)
    library.catalogue.add_sound(
        [_heard(track, number) for number, (_, track) in enumerate(library.starters(6))]
    )
    _keep_evaluation(library)
    return own


@pytest.fixture(scope="module")
def address(own_settings: Settings, serving: Serving) -> Iterator[str]:
    """Where this crate is served."""
    with serving(own_settings) as address:
        yield address


@pytest.fixture
def models(open_page: OpenPage, address: str) -> OpenPage:
    """Open the Models page of this crate by the query part of its address."""
    return lambda query="", **options: open_page(f"/models{query}", at=address, **options)


def _heard(track: Track, number: int) -> Sound:
    analysis = Analysis(
        20.0, 120.0 + number, 0.93, (60.0,), 0.0, Key(number, "minor"), 0.81, None,
        0.1 * number, -9.5, 4000.0, ((0.0, 20.0),), "test",
    )  # fmt: skip
    fragments = np.random.default_rng(number).standard_normal((3, 256)).astype(np.float32)
    embedding = Embedding(
        "segue", SHIPPED, fragments.mean(axis=0), fragments, np.arange(3) * 5.0, 10.0
    )
    return Sound(str(track), track=track, duration_s=20.0, analysis=analysis, embedding=embedding)


def _keep_evaluation(library: Library) -> None:
    rows = [
        {"split": split, "seeds": "5", "targets": target, "kind": "method", "method": method,
         "queries": 10, "recall@50": share, "recall@10": share / 2}
        for split, plus in (("by date", 0.0), ("random", 0.1))
        for target in ("mixed", "warm", "cold", "unheard", "next")
        for method, share in (("Segue, as shipped", 0.4 + plus), ("popularity", 0.2))
    ]  # fmt: skip
    curve = {f"{place / 10:g}": 0.2 + 0.01 * place for place in range(11)}
    figures = {
        "sets": 300, "recordings": 900, "heard": 6, "rows": rows, "margins": [],
        "curves": [{"split": "by date", "targets": "mixed", "curve": curve}],
        "likeness": [{"made": "artist", "asked": 6, "found@10": 0.3, "chance": 0.01}],
    }  # fmt: skip
    whole = {
        "date": "2026-11-20T10:00:00+00:00",
        "fingerprint": library.catalogue.fingerprint(),
        "figures": figures,
    }
    path = kept.path_of(library.settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole))


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def is_too_wide(page: Page) -> bool:
    return bool(
        page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    )


def test_training_is_followed_and_the_page_shows_the_new_model_by_itself(
    models: OpenPage, own_settings: Settings
) -> None:
    page = models()
    again = page.get_by_role("button", name="Train again")
    page.get_by_text("Version and parameters").click()
    version = page.locator(".as-table code")
    before = version.inner_text()
    assert violations(page) == []

    again.click()
    expect(page.locator(".job")).to_contain_text("Waiting for its turn")
    expect(again).to_be_disabled()
    page.get_by_role("button", name="Cancel").click()
    expect(again).to_be_enabled()
    page.get_by_role("button", name="Resume").click()
    expect(again).to_be_disabled()
    worker = threading.Thread(target=work, args=(own_settings,), kwargs={"until_idle_s": 0.5})
    worker.start()
    expect(page.locator(".job-state")).to_have_text("Done", timeout=LONG_MS)
    expect(again).to_be_enabled()
    page.get_by_text("Version and parameters").click()
    expect(version).not_to_have_text(before)
    worker.join(LONG_MS / 1000)


@pytest.mark.slow
def test_how_good_it_is_can_be_read_and_its_address_kept(models: OpenPage) -> None:
    page = models("?show=evaluation", color_scheme="dark")
    expect(page.locator(".big-figure").first).to_contain_text("40%")
    expect(page.locator(".big-figure").nth(1)).to_contain_text("20%")
    expect(page.locator("#models-to-evaluation")).to_have_attribute("aria-current", "page")
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=LONG_MS)
    page.get_by_text("Show as table").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="Over the slider")).to_be_visible()
    assert violations(page) == []
    page.get_by_text("Sets drawn at random").click()
    expect(page).to_have_url(re.compile(r"split=random"))
    expect(page.locator(".big-figure").first).to_contain_text("50%")
    page.go_back()
    expect(page.locator(".big-figure").first).to_contain_text("40%")


def test_the_library_in_figures_fits_a_phone(models: OpenPage) -> None:
    page = models("?show=overview", viewport=PHONE)
    expect(page.locator(".js-plotly-plot")).to_have_count(4, timeout=LONG_MS)
    expect(
        page.get_by_role("img", name=re.compile("^Tracks by key. Most tracks are in"))
    ).to_be_visible()
    page.get_by_text("Show as table").nth(1).click()
    expect(page.get_by_role("region", name="Key")).to_contain_text("8A")
    assert not is_too_wide(page)
    assert violations(page) == []


def test_a_track_is_found_by_keyboard_and_its_sound_is_drawn(models: OpenPage) -> None:
    page = models(viewport=PHONE)
    expect(page.get_by_role("button", name="Train again")).to_be_visible()
    page.keyboard.press("/")
    box = page.locator("#models-search")
    expect(box).to_be_focused()
    name = page.locator(".starter-title").first.inner_text()
    page.keyboard.type(name)
    expect(page.get_by_role("option").first).to_contain_text(name)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?track=\d+$"))
    expect(page.locator(".looked-into")).to_contain_text(name)
    expect(page.get_by_role("img", name=re.compile("^Spectrogram"))).to_be_visible(timeout=LONG_MS)
    expect(page.get_by_role("heading", name="As it goes on")).to_be_visible()
    assert not is_too_wide(page)
    assert violations(page) == []
    page.reload()
    expect(page.locator(".looked-into")).to_contain_text(name)
