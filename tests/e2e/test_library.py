"""The Library page in a real browser, with a real worker behind it."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from data.catalogue import Catalogue  # noqa: E402
from data.demo import demo_tracklists  # noqa: E402
from data.settings import Settings  # noqa: E402
from hybrid import listen  # noqa: E402
from hybrid.jobs import work  # noqa: E402
from tests.hybrid.ears import EAR  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
Serving = Callable[[Settings], AbstractContextManager[str]]
PHONE = {"width": 390, "height": 844}
LONG_MS = 30_000  # what a job may take while other tests want the processor


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "segue")


@pytest.fixture
def own_site(own_settings: Settings, serving: Serving) -> Iterator[str]:
    """A server over an empty catalogue."""
    with serving(own_settings) as address:
        yield address


@contextmanager
def _working(settings: Settings, idle_s: float = 0.5) -> Iterator[None]:
    """Run the worker, here and now, until nothing has been to do for so long."""
    thread = threading.Thread(target=work, args=(settings,), kwargs={"until_idle_s": idle_s})
    thread.start()
    try:
        yield
    finally:
        thread.join(LONG_MS / 1000)


@pytest.fixture
def music(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where music lies, for an ear that takes a file's text for its sound."""
    monkeypatch.setattr(listen, "ear", lambda *_: EAR)
    folder = tmp_path / "My music"
    folder.mkdir()
    return folder


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def row(page: Page, title: str) -> playwright.Locator:
    return page.locator(".tracks-grid .ag-row", has_text=title)


# -- jobs


def test_a_folder_is_looked_at_then_heard_and_says_what_was_left_out(
    own_site: str, open_page: OpenPage, own_settings: Settings, music: Path
) -> None:
    for number in range(4):
        (music / f"Mara Vale - Tune {number}.mp3").write_text("x" * (120 + number))
    (music / "=Broken.mp3").write_text("bad")
    page = open_page("/library", at=own_site)
    expect(page.locator("#library-head")).to_contain_text("Nothing is here yet")
    page.get_by_role("button", name="A folder of music").click()
    expect(page).to_have_url(re.compile(r"\?add=folder$"))
    path = page.get_by_label("Where the music is")
    path.fill(str(music.parent))
    page.get_by_role("button", name="Browse").click()
    page.locator(".folder", has_text="My music").click()
    page.get_by_role("button", name="Look into this folder").click()
    expect(path).to_have_value(str(music))
    expect(page.locator("#library-found")).to_contain_text("5 audio files")
    assert violations(page) == []

    page.get_by_role("button", name="Start listening").click()
    job = page.locator(".job")
    expect(job).to_contain_text("Waiting for its turn")
    expect(job.get_by_role("progressbar")).to_have_accessible_name(re.compile("^Progress"))
    with _working(own_settings):
        expect(job.locator(".job-state")).to_have_text("Done", timeout=LONG_MS)
    expect(job).to_contain_text("4 heard")
    expect(row(page, "Tune 3")).to_contain_text("123")
    expect(row(page, "Tune 3")).to_contain_text("Analysed")

    job.get_by_role("button", name="Details").click()
    expect(page).to_have_url(re.compile(r"job=1"))
    expect(job.get_by_role("table")).to_contain_text("is cut off: 3 s of 4 s can be read")
    expect(job.get_by_role("log")).to_contain_text("Done in")
    with page.expect_download() as download:
        job.get_by_role("button", name="Download as CSV").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert "=Broken.mp3" in content and "cut off" in content
    assert violations(page) == []

    page.reload()  # the address alone opens it
    expect(page.locator(".job").get_by_role("table")).to_be_visible()


def test_a_job_cancelled_half_way_goes_on_where_it_stopped(
    own_site: str, open_page: OpenPage, own_settings: Settings, music: Path
) -> None:
    for number in range(100):
        (music / f"Mara Vale - Tune {number}.mp3").write_text("slow" + "x" * number)
    with Catalogue.open(own_settings.url) as catalogue:
        catalogue.jobs.add("analyse", "Listen to it", {"paths": [str(music)]})
    page = open_page("/library", at=own_site)
    job, state = page.locator(".job"), page.locator(".job .job-state")
    with _working(own_settings, idle_s=2.5):
        expect(job.locator(".job-step")).to_have_text(
            re.compile(r"Listening: \d+ of 100"), timeout=LONG_MS
        )
        job.get_by_role("button", name="Cancel").click()
        expect(state).to_have_text("Cancelled", timeout=LONG_MS)
        expect(job).to_contain_text("Resume goes on from there")
        expect(job.get_by_role("progressbar")).to_have_count(0)
        job.get_by_role("button", name="Resume").click()
        expect(state).to_have_text("Done", timeout=LONG_MS)
    expect(job).to_contain_text(re.compile(r"[1-9]\d* known already"))
    job.get_by_role("button", name="Remove").click()
    expect(job).to_have_count(0)


def test_tracklists_come_in_by_file_and_by_pasting_and_can_go_again(
    own_site: str, open_page: OpenPage, own_settings: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "night.csv"
    own.write_text(
        "set_id,date,dj,set_title,position,artist,title,label\n"
        "1,2019-05-04,Ania Ferro,Night one,1,Mara Vale,Night Bus,\n"
        "1,2019-05-04,Ania Ferro,Night one,2,Otto Lind,Lamp,\n"
    )
    page = open_page("/library?add=tracklists", at=own_site)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose tracklist files").click()
    chooser.value.set_files(own)
    expect(page.locator(".upload-done:visible")).to_contain_text("Added")
    page.get_by_label("Or paste one").fill(
        "Ania Ferro - Night at the Dock - 2019-05-04\n\n"
        "01. Ania Ferro - Low Tide\n02. Otto Lind - Lamp\n"
    )
    page.get_by_role("button", name="Add this tracklist").click()
    expect(page.locator(".job")).to_have_count(2)
    with _working(own_settings):
        for job in page.locator(".job .job-state").all():
            expect(job).to_have_text("Done", timeout=LONG_MS)
    expect(page.locator(".sources")).to_contain_text("Tracklists in CSV files")
    expect(page.locator("#library-head")).to_contain_text("has not learned from your 2 sets")
    expect(row(page, "Low Tide")).to_contain_text("Not analysed")
    assert not list((own_settings.home / "uploads").iterdir())

    page.locator(".source", has_text="CSV").get_by_role("button", name="Remove").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("1 set and 2 plays go")
    expect(question).to_have_css("opacity", "1")  # it fades in: half way no contrast is enough
    assert violations(page) == []
    question.get_by_role("button", name="Keep it").click()
    expect(question).to_be_hidden()
    page.locator(".source", has_text="CSV").get_by_role("button", name="Remove").click()
    question.get_by_role("button", name="Remove", exact=True).click()
    expect(page.locator(".source", has_text="CSV")).to_have_count(0)
    expect(row(page, "Night Bus")).to_have_count(0)
    expect(row(page, "Low Tide")).to_have_count(1)


def test_a_playlist_becomes_a_crate(
    own_site: str, open_page: OpenPage, own_settings: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "Late night.m3u8"
    own.write_text("#EXTM3U\n#EXTINF:60,Mara Vale - Night Bus\nnight-bus.mp3\n")
    page = open_page("/library?add=playlist", at=own_site)
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Choose a playlist").click()
    chooser.value.set_files(own)
    with _working(own_settings, idle_s=2.0):
        expect(page.locator(".job .job-state")).to_have_text("Done", timeout=LONG_MS)
    page.get_by_role("button", name="Open the crate").click()
    expect(page).to_have_url(re.compile("/set$"))
    expect(page.locator("#_pages_content")).to_contain_text("Late night")
    expect(page.locator("#_pages_content")).to_contain_text("Night Bus")


def test_what_cannot_be_added_is_told(own_site: str, open_page: OpenPage) -> None:
    page = open_page("/library?add=folder", at=own_site)
    page.get_by_label("Where the music is").fill("/no such folder")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is no /no such folder on this computer.")).to_be_visible()
    page.get_by_role("button", name="A playlist").click()
    page.evaluate(
        """() => {
          const carried = new DataTransfer();
          for (const name of ["a.m3u", "b.m3u"]) carried.items.add(new File(["x"], name));
          const place = document.querySelector('[data-drop="playlist"]');
          const drop = { dataTransfer: carried, bubbles: true, cancelable: true };
          place.dispatchEvent(new DragEvent("drop", drop));
        }"""
    )
    expect(page.get_by_text("Add one at a time.")).to_be_visible()


# -- the table


def test_the_table_is_searched_sorted_and_turned_by_its_address(open_page: OpenPage) -> None:
    page = open_page("/library")
    expect(page.locator("#library-place")).to_contain_text("1 to 50 of", timeout=LONG_MS)
    page.get_by_role("button", name="Next").click()
    expect(page.locator("#library-place")).to_contain_text("51 to 100 of")
    page.locator(".ag-header-cell", has_text="Year").click()
    expect(page).to_have_url(re.compile(r"\?sort=-year$"))
    expect(page.locator("#library-place")).to_contain_text("1 to 50 of")
    years = page.locator(".ag-row [col-id=year]").all_inner_texts()
    assert years == sorted(years, reverse=True)

    artist = demo_tracklists()[0].identified[0].track.artist
    page.locator("body").press("/")
    page.keyboard.type(artist)
    expect(page).to_have_url(re.compile(r"q="))
    expect(page.locator("#library-count")).to_contain_text(f"found for “{artist}”")
    page.get_by_text("With music", exact=True).click()
    expect(page.locator("#library-count")).to_contain_text("0 tracks with music")
    page.go_back()
    expect(page.locator(".ag-row").first).to_contain_text(artist)
    page.reload()
    expect(page.get_by_label("Search your tracks")).to_have_value(artist)
    expect(page.locator(".ag-header-cell[col-id=year]")).to_have_attribute(
        "aria-sort", "descending"
    )
    page.locator(".ag-header-cell").first.focus()
    page.keyboard.press("Tab")
    expect(page.locator(".ag-row").first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".ag-row .play").first).to_be_focused()
    page.locator(".ag-row .dig-link").last.focus()
    page.keyboard.press("Tab")  # and out again: the grid is no trap
    assert page.evaluate("document.activeElement.closest('.tracks-grid')") is None

    first = page.locator(".ag-row").first
    title = first.locator(".track-title").inner_text()
    first.get_by_role("link", name="Dig from").click()
    expect(page).to_have_url(re.compile(r"/\?seed=\d+$"))
    expect(page.locator(".chip")).to_contain_text(title)


def test_axe_finds_nothing_serious_in_the_dark(open_page: OpenPage) -> None:
    page = open_page(
        "/library?show=unanalysed&add=mixesdb", color_scheme="dark", reduced_motion="reduce"
    )
    badge = page.locator(".ag-row .track-badge:visible").first
    expect(badge).to_have_text("Not analysed", timeout=LONG_MS)
    expect(page.locator(".add-panel:visible")).to_contain_text("one request every 4 seconds")
    assert violations(page) == []


def test_a_phone_has_room_for_it(open_page: OpenPage) -> None:
    page = open_page("/library", viewport=PHONE, is_mobile=True, has_touch=True)
    expect(page.locator(".ag-row").first).to_contain_text("Not analysed", timeout=LONG_MS)
    page.get_by_role("button", name="Audio files").tap()
    expect(page.get_by_role("button", name="Choose audio files")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    grid = page.locator(".tracks-grid .ag-center-cols-viewport")
    assert grid.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    assert violations(page) == []
    for button in page.locator(".way, .main-button:visible, .ag-row .play").all()[:12]:
        box = button.bounding_box()
        assert min(box["width"], box["height"]) >= 36  # a finger is not a mouse
