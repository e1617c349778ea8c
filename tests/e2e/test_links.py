"""Links of Spotify and lists of tracks come in by the page, with a local Spotify and Deezer."""

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
from data.records import Play, Track, Tracklist  # noqa: E402
from data.settings import Settings  # noqa: E402
from hybrid import listen  # noqa: E402
from hybrid.jobs import work  # noqa: E402
from tests.hybrid.previewing import EAR, settings_for  # noqa: E402
from tests.peers.deezer import DeezerPeer  # noqa: E402
from tests.peers.spotify import SpotifyPeer  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
Serving = Callable[[Settings], AbstractContextManager[str]]
PHONE = {"width": 390, "height": 844}
LONG_MS = 60_000  # what a job may take while other tests want the processor


@pytest.fixture
def spotify() -> Iterator[SpotifyPeer]:
    with SpotifyPeer() as peer:
        yield peer


@pytest.fixture
def deezer() -> Iterator[DeezerPeer]:
    with DeezerPeer() as peer:
        yield peer


@pytest.fixture
def own_settings(
    tmp_path: Path, spotify: SpotifyPeer, deezer: DeezerPeer, monkeypatch: pytest.MonkeyPatch
) -> Settings:
    """A small catalogue, an app that may look up tracks, and an ear that needs no encoder."""
    monkeypatch.setattr(listen, "ear", lambda *_: EAR)
    settings = settings_for(
        deezer,
        home=tmp_path / "segue",
        spotify_api_url=spotify.api_url,
        spotify_accounts_url=spotify.accounts_url,
        spotify_delay=0,
        spotify_client_id=spotify.app.client_id,
        spotify_client_secret=spotify.app.client_secret,
        itunes_api_url=f"{deezer.url}/none/",
        itunes_delay=0,
    )
    settings.home.mkdir()
    with Catalogue.open(settings.url) as catalogue:
        played = (Track("Ada Sun", "Low Tide"), Track("Otto Lind", "Lamp"))
        plays = tuple(Play(n, "identified", track) for n, track in enumerate(played, start=1))
        catalogue.add_tracklists([Tracklist("notes", "1", "At the dock", plays)])
    return settings


@pytest.fixture
def own_site(own_settings: Settings, serving: Serving) -> Iterator[str]:
    with serving(own_settings) as address:
        yield address


@contextmanager
def _working(settings: Settings) -> Iterator[None]:
    """Run the worker, here and now, until nothing has been to do for a moment."""
    thread = threading.Thread(target=work, args=(settings,), kwargs={"until_idle_s": 1.0})
    thread.start()
    try:
        yield
    finally:
        thread.join(LONG_MS / 1000)


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def paste(page: Page, text: str) -> None:
    page.locator("#dig-search").fill(text)
    expect(page.locator("#dig-hint")).to_contain_text("Enter looks it up on Spotify")
    page.keyboard.press("Enter")


def test_a_pasted_link_is_looked_up_heard_and_dug_from(
    own_site: str,
    own_settings: Settings,
    open_page: OpenPage,
    spotify: SpotifyPeer,
    deezer: DeezerPeer,
) -> None:
    track = spotify.add_track("Ada Sun", "Moon Letter - Bo Remix", isrc="QZAAA2600001")
    deezer.add_track("Ada Sun", "Moon Letter (Bo Remix)", isrc="QZAAA2600001")
    link = f"https://open.spotify.com/track/{track.id}?si=1"
    page = open_page("/", at=own_site)
    paste(page, link)
    expect(page.get_by_text("Waiting for its turn")).to_be_visible()
    page.get_by_role("button", name="Cancel", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Stopped. The link is not used.")

    paste(page, link)
    expect(page.get_by_role("progressbar")).to_be_visible()
    with _working(own_settings):
        expect(page.locator(".chip")).to_contain_text("Moon Letter", timeout=LONG_MS)
    expect(page).to_have_url(re.compile(r"\?seed=\d+$"))
    expect(page.locator(".row").first).to_be_visible()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    assert violations(page) == []

    paste(page, "spotify:track:" + "0" * 22)
    with _working(own_settings):
        told = page.get_by_role("alert")
        expect(told).to_contain_text("Spotify does not have this", timeout=LONG_MS)
    expect(page.locator(".chip")).to_have_count(1)  # what was there stays


@pytest.mark.slow
def test_who_has_no_app_is_shown_the_way_on_a_phone(
    open_page: OpenPage, own_settings: Settings, serving: Serving
) -> None:
    nothing = own_settings.model_copy(update={"spotify_client_id": ""})
    with serving(nothing) as address:
        page = open_page("/", at=address, viewport=PHONE, is_mobile=True, has_touch=True)
        paste(page, "spotify:track:" + "0" * 22)
        told = page.get_by_role("alert")
        expect(told).to_contain_text("set it up on the Spotify page")
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
        told.get_by_role("link", name="Open the Spotify page").tap()
        expect(page).to_have_url(re.compile("/spotify$"))
        page.goto(f"{address}/library?add=spotify")
        panel = page.locator(".add-panel:visible")
        expect(panel).to_contain_text("Segue cannot ask Spotify yet")
        expect(panel.get_by_role("link", name="Open the Spotify page")).to_be_visible()
        expect(panel.get_by_role("button", name="Add")).to_be_hidden()
        assert violations(page) == []


def test_the_library_takes_a_link_and_says_what_needs_a_sign_in(
    own_site: str, own_settings: Settings, open_page: OpenPage, spotify: SpotifyPeer
) -> None:
    track = spotify.add_track("Ada Sun", "Moon Letter")
    page = open_page("/library?add=spotify", at=own_site)
    panel = page.locator(".add-panel:visible")
    expect(panel).to_contain_text("For your playlists, sign in")
    field = panel.get_by_label("Link of a track, or of a playlist you own")
    field.fill("https://open.spotify.com/playlist/" + "0" * 22)
    panel.get_by_role("button", name="Add").click()
    expect(page.get_by_text("You are not signed in to Spotify")).to_be_visible()
    field.fill(f"https://open.spotify.com/track/{track.id}")
    page.keyboard.press("Enter")
    job = page.locator(".job")
    expect(job).to_contain_text("Look up a track on Spotify")
    expect(field).to_have_value("")
    with _working(own_settings):
        expect(job.locator(".job-state")).to_have_text("Done", timeout=LONG_MS)
    expect(job).to_contain_text("Ada Sun - Moon Letter: added, not heard.")
    job.get_by_role("link", name="Dig from it").click()
    expect(page.locator(".chip")).to_contain_text("Moon Letter")


@pytest.mark.slow
def test_a_list_of_tracks_is_sampled_with_progress_and_can_be_removed_again(
    own_site: str,
    own_settings: Settings,
    open_page: OpenPage,
    deezer: DeezerPeer,
    tmp_path: Path,
) -> None:
    rows = ["artists,track_name,track_genre,track_id"]
    for number in range(3):
        deezer.add_track("Ada Sun", f"House {number}")
        rows.append(f"Ada Sun,House {number},house,")
    own = tmp_path / "Many tracks.csv"
    own.write_text("\n".join(rows))
    page = open_page("/library?add=tracks", at=own_site)
    panel = page.locator(".add-panel:visible")
    panel.get_by_label("Tracks of each genre").fill("2")
    with page.expect_file_chooser() as chooser:
        panel.get_by_role("button", name="Choose a list of tracks").click()
    chooser.value.set_files(own)
    expect(panel.locator(".upload-done")).to_contain_text("Added")
    assert violations(page) == []
    job = page.locator(".job")
    expect(job).to_contain_text("Add tracks of Many tracks.csv")
    with _working(own_settings):
        expect(job.locator(".job-state")).to_have_text("Done", timeout=LONG_MS)
    expect(job).to_contain_text("2 heard of 2 chosen from 1 genres")
    source = page.locator(".source", has_text="Previews from Deezer and Apple")
    expect(source).to_contain_text("2 previews")
    source.get_by_role("button", name="Remove").click()
    question = page.get_by_role("dialog")
    expect(question).to_contain_text("No sound of them is kept")
    question.get_by_role("button", name="Remove", exact=True).click()
    expect(source).to_have_count(0)
