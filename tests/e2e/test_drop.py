"""An audio file as the seed, in a real browser."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from dashboard.services import Library  # noqa: E402
from data.settings import Settings  # noqa: E402
from hybrid.jobs.run import run_job  # noqa: E402
from tests.hybrid.ears import EAR  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
#: What a browser does with a file that is let go over the page.
DROP = """([name, text, kind]) => {
  const held = new DataTransfer();
  held.items.add(new File([text], name, { type: kind }));
  for (const type of ["dragenter", "dragover", "drop"]) {
    const event = new DragEvent(type, { dataTransfer: held, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
  }
}"""


def violations(page: Page) -> list[str]:
    """Serious and critical accessibility violations, as axe sees them."""
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


@pytest.fixture
def own_crate(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """The demo crate, of this test's own, and an ear that needs no encoder."""
    monkeypatch.setattr("hybrid.listen.ear", lambda *_: EAR)
    shutil.copytree(settings.home, tmp_path / "home")
    return Library(Settings(home=tmp_path / "home"))


def test_an_audio_file_becomes_the_seed(
    open_page: OpenPage,
    serving: Callable[[Settings], AbstractContextManager[str]],
    own_crate: Library,
) -> None:
    jobs = own_crate.catalogue.jobs

    def run_next() -> None:
        """Do what the worker does."""
        job = jobs.claim("test")
        assert job is not None
        run_job(own_crate.catalogue, own_crate.settings, job, "test")

    def drop(page: Page, name: str, text: str, kind: str = "audio/wav") -> None:
        page.evaluate(DROP, [name, text, kind])

    with serving(own_crate.settings) as address:
        page = open_page(at=address)
        expect(page.locator(".starter").first).to_be_visible()
        drop(page, "notes.txt", "milk, bread", "text/plain")
        expect(page.get_by_role("alert")).to_have_text(re.compile("notes.txt is not an audio"))
        page.get_by_role("button", name="Close this message").click()
        expect(page.get_by_role("alert")).to_have_count(0)

        drop(page, "Ania Ferro - Low Tide.wav", "bad")
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_text("Waiting for its turn")).to_be_visible()
        run_next()
        expect(page.get_by_role("alert")).to_contain_text("Ania Ferro - Low Tide.wav is cut off")

        drop(page, "Mara Vale - Night Bus.wav", "sound")
        expect(page.get_by_text("Waiting for its turn")).to_be_visible()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("alert")).to_contain_text("Stopped")

        with page.expect_file_chooser() as chosen:
            page.get_by_role("button", name="Use a file as the seed").click()
        file = {"name": "Mara Vale - Night Bus.wav", "mimeType": "audio/wav", "buffer": b"sound"}
        chosen.value.set_files([file])
        expect(page.get_by_text("Waiting for its turn")).to_be_visible()
        assert violations(page) == []
        run_next()
        expect(page.locator(".chip")).to_contain_text("Night Bus")
        expect(page.locator(".row").first).to_be_visible()
        expect(page).to_have_url(re.compile(r"\?seed=\d+$"))
        expect(page.get_by_role("progressbar")).to_have_count(0)
        page.wait_for_load_state("networkidle")  # nobody asks for the job any more
