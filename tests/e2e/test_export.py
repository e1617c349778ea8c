"""A crate leaves the page as a file, in a real browser: what a DJ takes away is the crate."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed")

from data.catalogue import AudioFile, Catalogue, Sound  # noqa: E402
from data.harmony import parse_key  # noqa: E402
from data.playlists import FORMATS, read_file  # noqa: E402
from data.records import Analysis, Entry, OutsideId, Play, Track, Tracklist  # noqa: E402
from data.settings import Settings  # noqa: E402

pytestmark = pytest.mark.e2e
expect = playwright.expect
Page = playwright.Page
OpenPage = Callable[..., Page]
Serving = Callable[[Settings], AbstractContextManager[str]]
PHONE = {"width": 390, "height": 844}

NAME = "Fri/Sat: «Été» & 100%"
SPOTIFY = "4uLU6hMCjMI75M1A2tKUQC"
#: In the order of the crate; the last two have no file.
TRACKS = (
    Track("Zoë Ångström & 東京ボイラー", "Nuit d'été <loud>", "Håkon's 12\" Edit", "Ærlig"),
    Track("Cafe\u0301 Décomposé", "100% #1 “Night”", ids=(OutsideId("isrc", "ZZZ012600001"),)),
    Track("=Odd Heron", "-1+1", ids=(OutsideId("spotify", SPOTIFY),)),
    Track("Otto Lind", "Lamp", "Dub", "Kestrel"),
)
FILES = ("Zoë & 東京/Nuit d'été 100%.mp3", "nai\u0308ve #1 [x].flac")
BY_FILE = ("m3u8", "rekordbox", "traktor")


@pytest.fixture
def own_settings(tmp_path: Path) -> Settings:
    """A catalogue with one crate; of two of its tracks there is a file."""
    settings = Settings(home=tmp_path / "segue")
    settings.home.mkdir()
    with Catalogue.open(settings.url) as catalogue:
        plays = tuple(Play(n, "identified", track) for n, track in enumerate(TRACKS, start=1))
        catalogue.add_tracklists([Tracklist("notes", "1", "At the dock", plays)])
        for track, name, bpm in zip(TRACKS, FILES, (127.98, 174.0), strict=False):
            path = tmp_path / "Music" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name)
            file = AudioFile(path, name, path.stat().st_size, path.stat().st_mtime_ns)
            analysis = Analysis(
                231.0, bpm, 0.9, (), 0.0, parse_key("8A"), 0.9, None, 0.5, -9.0, 9000.0,
                ((0.0, 20.0),), "1",
            )  # fmt: skip
            catalogue.add_sound([Sound(name, file, track, 231.0, analysis=analysis)])
        crate = catalogue.create_crate(NAME)
        for track in TRACKS:
            ident = catalogue.find(track)
            assert ident is not None
            catalogue.add_to_crate(crate, ident)
    return settings


@pytest.fixture
def own_site(own_settings: Settings, serving: Serving) -> Iterator[str]:
    with serving(own_settings) as address:
        yield address


def violations(page: Page) -> list[str]:
    found = axe.Axe().run(page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html']}"
        for v in found
        if v["impact"] in ("serious", "critical")
    ]


def save(page: Page, place: str, what: str, folder: Path) -> Path:
    """Download as a person does; return the file under the name that the browser gave it."""
    with page.expect_download() as download:
        page.locator(place).get_by_role("button", name="Download", exact=True).click()
        page.get_by_role("menuitem", name=f"Download as {what}").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def spoken(track: Track) -> str:
    return f"{track.artist} - {track.full_title}"


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [spoken(entry.track) for entry in entries]


@pytest.mark.parametrize("place", ["#crate-panel", ".set-head"])
def test_every_format_holds_the_crate_as_it_is(
    own_site: str, own_settings: Settings, open_page: OpenPage, tmp_path: Path, place: str
) -> None:
    folder = tmp_path / "downloads"
    music = [str(tmp_path / "Music" / name) for name in FILES]
    page = open_page("/set" if place == ".set-head" else "/", at=own_site)
    for key, form in FORMATS.items():
        path = save(page, place, form.name, folder)
        assert path.name == f"Fri Sat «Été» & 100%{form.extension}"
        [playlist] = read_file(path)
        assert playlist.name == NAME
        held = TRACKS[:2] if key in ("rekordbox", "traktor") else TRACKS
        assert names(playlist.entries) == [spoken(track) for track in held]
        paths = [entry.path for entry in playlist.entries]
        if key in BY_FILE:
            assert paths[:2] == music
            note = page.get_by_text(re.compile("2 tracks have no file on this computer"))
            expect(note).to_be_visible()
            page.get_by_role("button", name="Close this message").click()
            expect(note).to_have_count(0)
        else:
            assert not any(paths)  # nobody's business on the web
        if key in ("rekordbox", "traktor", "csv", "jspf"):
            assert [entry.bpm for entry in playlist.entries][:2] == [127.98, 174.0]
            assert playlist.entries[0].key == parse_key("8A")


def test_the_list_of_missing_tracks_is_offered_and_reads_back(
    own_site: str, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("/set", at=own_site)
    save(page, ".set-head", "rekordbox", tmp_path / "downloads")
    message = page.locator(".mantine-Notification-root")
    expect(message).to_contain_text("are not in the rekordbox file: =Odd Heron - -1+1, Otto Lind")
    expect(message).to_have_css("opacity", "1")
    assert violations(page) == []
    with page.expect_download() as download:
        message.get_by_role("button", name="Download the list of 2 missing tracks").click()
    assert download.value.suggested_filename == "Fri Sat «Été» & 100%.missing.csv"
    path = tmp_path / "list.csv"
    download.value.save_as(path)
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    assert [(row["position"], row["title"]) for row in rows] == [("3", "'-1+1"), ("4", "Lamp")]
    assert rows[0]["spotify"] == f"https://open.spotify.com/track/{SPOTIFY}"
    [playlist] = read_file(path)
    assert names(playlist.entries) == [spoken(track) for track in TRACKS[2:]]


def test_on_a_phone_a_crate_without_files_offers_the_list_too(
    own_site: str, own_settings: Settings, open_page: OpenPage
) -> None:
    with Catalogue.open(own_settings.url) as catalogue:
        other = catalogue.create_crate("Wanted")
        for track in TRACKS[2:]:
            ident = catalogue.find(track)
            assert ident is not None
            catalogue.add_to_crate(other, ident)
    page = open_page(
        f"/set?crate={other}", at=own_site, viewport=PHONE, is_mobile=True, has_touch=True
    )
    page.locator(".set-head").get_by_role("button", name="Download", exact=True).tap()
    page.get_by_role("menuitem", name="Download as Traktor").tap()
    message = page.locator(".mantine-Notification-root")
    expect(message).to_contain_text("Traktor needs the tracks' own files")
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    with page.expect_download() as download:
        message.get_by_role("button", name="Download the list of 2 missing tracks").tap()
    assert download.value.suggested_filename == "Wanted.missing.csv"
