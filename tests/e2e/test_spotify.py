"""The Spotify page in a real browser, with a real worker and a local Spotify."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import create_engine, delete

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from data.catalogue import Catalogue  # noqa: E402
from data.catalogue.tables_outside import WebPause  # noqa: E402
from data.records import Entry, Track  # noqa: E402
from data.settings import Settings  # noqa: E402
from tests.peers.spotify import SpotifyPeer  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
Serving = Callable[..., AbstractContextManager[str]]
PHONE = {"width": 390, "height": 844}
LONG_MS = 60_000  # what a job may take while other tests want the processor
TITLES = ("Lantern", "Night Bus", "Low Tide", "Paper Moon", "Ferry Song")


@pytest.fixture
def peer() -> Iterator[SpotifyPeer]:
    with SpotifyPeer() as serving:
        yield serving


@pytest.fixture
def own_settings(tmp_path: Path, peer: SpotifyPeer) -> Settings:
    return Settings(
        home=tmp_path / "segue",
        spotify_api_url=peer.api_url,
        spotify_accounts_url=peer.accounts_url,
        spotify_delay=0,
        previews=False,
    )


@pytest.fixture
def crate(own_settings: Settings, peer: SpotifyPeer) -> int:
    """Five tracks: three that Spotify has, one of which it has another cut, one it has not."""
    for title in TITLES[:3]:
        peer.add_track("Orla Kest", title, album="Harbour Lights")
    peer.add_track("Orla Kest", "Paper Moon - Radio Edit", duration_s=150.0)
    peer.add_track("Orla Kest", "Paper Moon (Mixed)", duration_s=120.0)
    with Catalogue.open(own_settings.url) as catalogue:
        entries = [Entry(Track("Orla Kest", title)) for title in TITLES]
        return catalogue.add_playlist("Friday at the dock", entries).crate_id


@pytest.fixture
def site(own_settings: Settings, crate: int, serving: Serving) -> Iterator[str]:
    """A server over that crate alone, with its worker."""
    with serving(own_settings, worker=True) as address:
        yield address


@pytest.fixture
def empty_crate() -> None:
    """The crates of the demo are not used here."""


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def set_up(page: Page, peer: SpotifyPeer) -> None:
    page.get_by_label("Client ID").fill(peer.app.client_id)
    page.get_by_role("button", name="Keep it").click()


def sign_in(page: Page) -> None:
    page.get_by_role("button", name="Sign in with Spotify").click()
    page.get_by_role("button", name="Agree").click()
    expect(page.locator("#spotify-account")).to_contain_text("Signed in as Mira Okafor")


def match(page: Page) -> None:
    page.get_by_role("button", name="Match", exact=True).click()
    expect(page.locator("#spotify-said")).to_contain_text("What Spotify has", timeout=LONG_MS)


def choose(page: Page, title: str) -> None:
    page.locator(".match-choice", has_text=title).get_by_role("radio").check()


def push(page: Page, words: str) -> None:
    page.get_by_role("button", name=words, exact=True).click()
    expect(page).to_have_url(re.compile("push="))


def done(page: Page) -> playwright.Locator:
    """What came of the push or the playlist, once it has ended."""
    result = page.locator("#spotify-result")
    expect(result.locator("#spotify-done")).to_be_visible(timeout=LONG_MS)
    return result


def uris(peer: SpotifyPeer, titles: list[str]) -> list[str]:
    known = {track.title: track.uri for track in peer.shelf.tracks.values()}
    return [known[title] for title in titles]


def test_a_crate_goes_to_spotify_from_setting_up_to_reading_back(
    site: str, open_page: OpenPage, peer: SpotifyPeer, crate: int
) -> None:
    page = open_page(f"/spotify?crate={crate}", at=site)
    addresses: list[str] = []
    seen: list[str] = []
    page.on("framenavigated", lambda frame: addresses.append(frame.url))
    expect(page.locator("#spotify-redirect")).to_have_text(f"{site}/spotify/callback")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy the redirect URI").click()
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}/spotify/callback"
    expect(page.get_by_role("link", name="developer dashboard")).to_be_visible()
    assert violations(page) == []

    page.get_by_label("Client ID").fill(peer.app.client_id)
    page.get_by_label("Client secret").fill(peer.app.client_secret)
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("button", name="Sign in with Spotify")).to_be_visible()
    seen.append(page.content())
    assert violations(page) == []
    sign_in(page)
    expect(page).to_have_url(f"{site}/spotify?crate={crate}")
    seen.append(page.content())

    match(page)
    expect(page.locator("#spotify-said")).to_contain_text("3 matched1 doubtful1 not on Spotify")
    expect(page.locator(".match-missing")).to_contain_text("Ferry Song")
    go = page.get_by_role("button", name=re.compile("^Push "))
    expect(go).to_have_text("Push 3 tracks")
    assert violations(page) == []
    choose(page, "Paper Moon (Mixed)")
    expect(go).to_have_text("Push 4 tracks")
    lantern = page.locator(".match-matched .match-row", has_text="Lantern")
    lantern.get_by_text("Change").click()
    lantern.get_by_role("radio", name="Leave it out").check()
    expect(lantern.locator(".match-pair")).to_contain_text("Left out")
    expect(go).to_have_text("Push 3 tracks")
    lantern.get_by_role("radio", name="Harbour Lights").check()
    expect(lantern.locator(".match-pair")).to_contain_text("Harbour Lights")
    page.reload()  # what was chosen is still chosen
    expect(go).to_have_text("Push 4 tracks")
    assert not peer.playlists  # nothing is written before it is pressed

    push(page, "Push 4 tracks")
    result = done(page)
    expect(result.locator("#spotify-done")).to_be_focused()
    expect(result).to_contain_text("“Friday at the dock” is on Spotify")
    expect(result).to_contain_text("Read back from Spotify: 4 tracks in it")
    expect(result).to_contain_text("Ferry Song")
    made = next(iter(peer.playlists.values()))
    link = result.get_by_role("link", name="Open it on Spotify")
    assert made.id in (link.get_attribute("href") or "")
    wanted = uris(peer, [*TITLES[:3], "Paper Moon (Mixed)"])
    assert made.uris == wanted
    assert violations(page) == []
    with page.expect_download() as download:
        result.get_by_role("button", name="Download as CSV").click()
    content = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert content.splitlines()[0] == "artist,title,reason"
    assert "Orla Kest,Ferry Song," in content

    push(page, "Push 4 tracks")  # pressed again
    expect(page.locator("#spotify-result")).to_contain_text("Nothing to do", timeout=LONG_MS)
    assert len(peer.playlists) == 1 and len(made.uris) == 4

    seen.append(page.content())
    state = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    for secret in peer.secrets:
        assert not any(secret in text for text in [*seen, *addresses, state, page.url])
    assert "code=" not in page.url and "state=" not in page.url


def test_who_does_not_agree_can_try_again(
    site: str, open_page: OpenPage, peer: SpotifyPeer, crate: int
) -> None:
    page = open_page(f"/spotify?crate={crate}", at=site)
    set_up(page, peer)
    page.get_by_role("button", name="Sign in with Spotify").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text(
        "agree on Spotify's page"
    )
    expect(page).to_have_url(re.compile(rf"/spotify\?crate={crate}&note="))
    sign_in(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in with Spotify")).to_be_visible()


def test_an_answer_that_nobody_asked_for_is_refused(
    site: str, open_page: OpenPage, peer: SpotifyPeer, crate: int
) -> None:
    page = open_page("/spotify", at=site)
    set_up(page, peer)
    expect(page.get_by_role("button", name="Sign in with Spotify")).to_be_visible()
    page.goto(f"{site}/spotify/callback?code=abc&state=def")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("press Sign in again")
    page.get_by_role("button", name="Sign in with Spotify").click()
    expect(page.get_by_role("button", name="Agree")).to_be_visible()
    state = parse_qs(urlsplit(page.url).query)["state"][0]
    page.goto(f"{site}/spotify/callback?code=abc&state={state[::-1]}")
    expect(page.get_by_role("alert").filter(visible=True)).to_contain_text("begun here")
    expect(page.get_by_role("button", name="Sign in with Spotify")).to_be_visible()


def test_where_spotify_sends_nobody_back_to_a_sign_in_does_not_begin(
    open_page: OpenPage, peer: SpotifyPeer, own_settings: Settings, serving: Serving
) -> None:
    proxied = own_settings.model_copy(update={"public_url": "https://segue.example"})
    with serving(proxied) as address:
        page = open_page("/spotify", at=address)
        set_up(page, peer)
        page.get_by_role("button", name="Sign in with Spotify").click()
        alert = page.get_by_role("alert").filter(visible=True)
        expect(alert).to_contain_text("https://segue.example/spotify")
        assert page.url == f"{address}/spotify"


def test_when_the_quota_ends_in_the_middle_the_push_goes_on_later_without_duplicates(
    site: str, open_page: OpenPage, peer: SpotifyPeer, own_settings: Settings
) -> None:
    titles = [f"Slow Boat {number}" for number in range(1, 106)]
    for title in titles:
        peer.add_track("Bo Tarn", title)
    with Catalogue.open(own_settings.url) as catalogue:
        entries = [Entry(Track("Bo Tarn", title)) for title in titles]
        long = catalogue.add_playlist("The long way", entries).crate_id
    page = open_page(f"/spotify?crate={long}", at=site)
    set_up(page, peer)
    sign_in(page)
    match(page)
    peer.fail("quota", method="POST", path="playlists/*/items", after=1)  # of two writes
    push(page, "Push 105 tracks")
    result = done(page)
    expect(result).to_contain_text("The push stopped")
    expect(page.locator("#spotify-account")).to_contain_text("used up its requests")
    for name in ("Match", "Go on", "Push 105 tracks"):
        expect(page.get_by_role("button", name=name, exact=True)).to_be_disabled()
    assert [len(made.uris) for made in peer.playlists.values()] == [100]
    assert violations(page) == []
    page.get_by_role("link", name="Library").click()  # everything else works on
    expect(page.get_by_role("heading", name="Library")).to_be_visible()
    page.go_back()

    with create_engine(own_settings.url).begin() as connection:
        connection.execute(delete(WebPause))  # the day is over
    again = page.get_by_role("button", name="Go on")
    expect(again).to_be_enabled()
    again.click()
    expect(page.locator("#spotify-result")).to_contain_text("is on Spotify", timeout=LONG_MS)
    assert [made.uris for made in peer.playlists.values()] == [uris(peer, titles)]


def test_a_playlist_of_the_djs_own_is_added_to_and_replaced(
    site: str, open_page: OpenPage, peer: SpotifyPeer, crate: int
) -> None:
    own = peer.add_playlist("Kitchen party", [peer.add_track("Bo Tarn", "Old One")])
    page = open_page(f"/spotify?crate={crate}", at=site)
    set_up(page, peer)
    sign_in(page)
    match(page)
    page.get_by_role("radio", name="Add to a playlist").check()
    expect(page.locator("#spotify-what")).to_contain_text("Only what is not in it yet")
    field = page.get_by_role("textbox", name="Your playlist")
    expect(field).to_be_enabled()
    field.click()
    page.get_by_role("option", name="Kitchen party (1 track)").click()
    push(page, "Add 3 tracks")
    expect(done(page)).to_contain_text("“Kitchen party” is on Spotify")
    three = uris(peer, list(TITLES[:3]))
    assert own.uris == [*uris(peer, ["Old One"]), *three]

    page.goto(f"{site}/spotify?{urlsplit(page.url).query.split('&push')[0]}")
    page.get_by_role("radio", name="Replace a playlist").check()
    # Where this crate went last is chosen already.
    expect(page.get_by_role("textbox", name="Your playlist")).to_have_value(
        re.compile("Kitchen party")
    )
    expect(page.locator("#spotify-what")).to_contain_text("What is in it now goes")
    replace = page.get_by_role("button", name="Replace it with 3 tracks")
    replace.click()
    question = page.get_by_role("dialog", name="Replace this playlist?")
    expect(question).to_contain_text("“Kitchen party (4 tracks)” is emptied")
    question.get_by_role("button", name="Keep it").click()
    expect(question).to_be_hidden()
    assert len(own.uris) == 4
    replace.click()
    question.get_by_role("button", name="Replace it").click()
    expect(done(page)).to_contain_text("3 tracks in it")
    assert own.uris == three


@pytest.mark.slow
def test_where_the_tracks_go_outlives_a_reload_and_holds_for_no_other_crate(
    site: str, open_page: OpenPage, peer: SpotifyPeer, crate: int, own_settings: Settings
) -> None:
    peer.add_playlist("Kitchen party", [])
    with Catalogue.open(own_settings.url) as catalogue:
        catalogue.add_playlist("Sunday", [Entry(Track("Orla Kest", TITLES[0]))])
    page = open_page(f"/spotify?crate={crate}", at=site)
    set_up(page, peer)
    sign_in(page)
    match(page)
    expect(page.locator("#spotify-what-it-has")).to_be_focused()
    name, own = page.get_by_label("Name of the playlist"), page.locator("#spotify-playlist")
    name.fill("Dock, late")
    expect(page.locator("#spotify-go")).to_be_enabled()
    page.wait_for_function("localStorage.getItem('segue-spotify-choices')?.includes('Dock, late')")
    page.reload()
    expect(name).to_have_value("Dock, late")

    replace = page.get_by_role("radio", name="Replace a playlist")
    replace.check()
    own.click()
    page.get_by_role("option", name="Kitchen party (0 tracks)").click()
    expect(own).to_have_value("Kitchen party (0 tracks)")
    page.reload()
    expect(replace).to_be_checked()
    expect(own).to_have_value("Kitchen party (0 tracks)")
    expect(page.locator("#spotify-go")).to_have_text("Replace it with 3 tracks")

    page.locator("#spotify-crate").click()
    page.get_by_role("option", name="Sunday (1 track)").click()
    expect(page.locator("#spotify-said")).to_be_empty()
    match(page)
    expect(page.get_by_role("radio", name="A new playlist")).to_be_checked()
    expect(name).to_have_value("Sunday")


@pytest.mark.slow
def test_on_a_phone_a_button_leads_past_the_list_to_where_the_tracks_go(
    site: str, open_page: OpenPage, peer: SpotifyPeer, crate: int
) -> None:
    page = open_page(f"/spotify?crate={crate}", at=site, viewport=PHONE)
    set_up(page, peer)
    sign_in(page)
    match(page)
    page.get_by_role("button", name="Choose where they go").click()
    expect(page.locator("#spotify-target")).to_be_focused()
    expect(page.locator("#spotify-go")).to_be_in_viewport()


def test_a_playlist_becomes_a_crate_on_a_phone_in_the_dark(
    site: str, open_page: OpenPage, peer: SpotifyPeer
) -> None:
    own = peer.add_playlist("Kitchen party", list(peer.shelf.tracks.values())[:2])
    page = open_page("/spotify?tool=bring", at=site, viewport=PHONE, color_scheme="dark")
    set_up(page, peer)
    sign_in(page)
    page.get_by_role("link", name="Bring a playlist").click()
    expect(page.get_by_role("textbox", name="Or one of yours")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.get_by_label("Link of the playlist").fill("https://example.com/playlist/x")
    page.get_by_role("button", name="Bring it").click()
    expect(page.get_by_text("That is no link of a playlist")).to_be_visible()
    page.get_by_label("Link of the playlist").fill(f"https://open.spotify.com/playlist/{own.id}")
    page.get_by_role("button", name="Bring it").click()
    result = done(page)
    assert violations(page) == []
    result.get_by_role("link", name="Open the crate").click()
    expect(page.locator("#_pages_content")).to_contain_text("Kitchen party")
    expect(page.locator("#_pages_content")).to_contain_text("Night Bus")


@pytest.mark.slow
def test_the_settings_and_a_crates_menu_lead_to_it(
    site: str, open_page: OpenPage, peer: SpotifyPeer, crate: int
) -> None:
    page = open_page(f"/set?crate={crate}", at=site)
    page.get_by_role("button", name="Download").click()
    page.get_by_role("menuitem", name=re.compile("Spotify")).click()
    expect(page).to_have_url(f"{site}/spotify?crate={crate}")
    page.get_by_role("button", name="Settings").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Spotify: not connected")
    dialog.get_by_role("link", name="Open").click()
    expect(dialog).to_be_hidden()
    expect(page).to_have_url(f"{site}/spotify")
    set_up(page, peer)
    sign_in(page)
    page.get_by_role("button", name="Settings").click()
    expect(dialog).to_contain_text("Spotify: connected as Mira Okafor")
