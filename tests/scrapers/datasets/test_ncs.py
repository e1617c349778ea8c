"""NoCopyrightSounds: the list of songs read politely and once, the songs fetched once."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import SegueError
from data.records import LabelledAudio, SetAside
from data.settings import Settings
from scrapers.datasets import Ncs
from scrapers.datasets.ncs import songs_of
from scrapers.http import Clock, PoliteSession
from tests.peers.files import FilePeer
from tests.scrapers.datasets.examples import SOUND

SEARCH = "/music-search"


class Site:
    """A music search of invented songs, newest first, with a featured song on every page."""

    def __init__(self, songs: int, per_page: int = 4) -> None:
        self.songs, self.per_page = [f"tid-{n}" for n in range(songs, 0, -1)], per_page
        self.peer = FilePeer({SEARCH: self.page})
        self.peer.files |= {f"/{song}.mp3": SOUND for song in self.songs}

    def page(self, query: dict[str, str]) -> str:
        first = (int(query["page"]) - 1) * self.per_page
        shown = ["tid-1", *self.songs[first : first + self.per_page]]
        rows = "".join(map(self.row, shown))
        return f'<html><table class="tablesorter"><tbody>{rows}</tbody></table></html>'

    def row(self, song: str) -> str:
        return f"""<tr><td><a class="player-play" data-url="{self.peer.url(f"/{song}.mp3")}"
            data-artist="<a href='/artist/1'>Ann</a>" data-artistraw="Ann, Bob"
            data-track="Song &amp; {song}" data-tid="{song}" data-genre="House"></a></td>
            <td><a class="tag" href="/music-search?genre=10">House</a><a class="tag"
            href="/music-search?mood=6">energetic</a></td><td>20 Mar 2026</td></tr>"""

    def fetch(self, folder: Path, retries: int = 0) -> list[SetAside]:
        settings = Settings(ncs_url=self.peer.url(SEARCH), http_delay=0, http_retries=retries)
        with PoliteSession(settings, clock=Clock(sleep=lambda seconds: None)) as session:
            return Ncs(folder).fetch(session, settings)

    def pages_read(self) -> int:
        return len(self.peer.asked(SEARCH))


def clips(folder: Path) -> list[LabelledAudio]:
    return [row for row in Ncs(folder).read() if isinstance(row, LabelledAudio)]


def test_songs_come_with_their_labels(tmp_path: Path) -> None:
    site = Site(6)
    with site.peer:
        assert site.fetch(tmp_path) == []
    assert len(clips(tmp_path)) == 6
    clip = next(clip for clip in clips(tmp_path) if clip.source_id == "tid-3")
    assert clip.path.read_bytes() == SOUND
    assert (clip.artist, clip.title, clip.genre) == ("Ann, Bob", "Song & tid-3", "House")
    assert clip.tags == ("House", "energetic")
    assert "credit" in clip.licence


def test_reading_stops_where_a_page_brings_nothing_new(tmp_path: Path) -> None:
    site = Site(6)
    with site.peer:
        site.fetch(tmp_path)
        assert site.pages_read() == 3  # the third shows the featured song alone


def test_a_later_run_reads_new_songs_only_and_fetches_each_once(tmp_path: Path) -> None:
    site = Site(12)
    with site.peer:
        site.fetch(tmp_path)
        before = site.pages_read()
        site.songs.insert(0, "tid-new")
        site.peer.files["/tid-new.mp3"] = SOUND
        site.fetch(tmp_path)
        assert site.pages_read() == before + 2
        assert all(len(site.peer.asked(f"/{song}.mp3")) == 1 for song in site.songs)
    assert len(clips(tmp_path)) == 13


def test_a_list_that_broke_off_goes_on_at_its_page(tmp_path: Path) -> None:
    site = Site(12)
    with site.peer:
        whole = site.peer.files[SEARCH]
        asks = "<html><title>Just a moment...</title></html>"
        site.peer.files[SEARCH] = lambda query: whole(query) if query["page"] == "1" else asks
        with pytest.raises(SegueError, match="asks for a person"):
            site.fetch(tmp_path)
        site.peer.files[SEARCH] = whole
        # Meanwhile four songs came out: what stood on page 1 stands on page 2 now.
        site.songs[:0] = [f"tid-new-{n}" for n in range(4)]
        site.peer.files |= {f"/{song}.mp3": SOUND for song in site.songs}
        before = len(site.peer.seen)
        site.fetch(tmp_path)
        pages = [path for path, _ in site.peer.seen[before:] if path.startswith(SEARCH)]
        assert "page=2" in pages[0]
        assert len(clips(tmp_path)) == 12
        site.fetch(tmp_path)
    assert len(clips(tmp_path)) == 16


@pytest.mark.parametrize("status", [404, 403])
def test_a_song_that_is_gone_does_not_stop_the_others(tmp_path: Path, status: int) -> None:
    site = Site(6)
    with site.peer:
        site.peer.status["/tid-4.mp3"] = [status]
        (gone,) = site.fetch(tmp_path)
    assert gone.where == "Ann, Bob - Song & tid-4"
    assert f"HTTP {status}" in gone.reason
    assert len(clips(tmp_path)) == 5


def test_a_store_that_gives_nothing_is_left_alone(tmp_path: Path) -> None:
    site = Site(12)
    with site.peer:
        site.peer.files = {SEARCH: site.page}
        with pytest.raises(SegueError):
            site.fetch(tmp_path)
        assert sum(path.endswith(".mp3") for path, _ in site.peer.seen) == 5


def test_a_broken_connection_is_taken_up(tmp_path: Path) -> None:
    site = Site(3)
    with site.peer:
        site.peer.cut["/tid-2.mp3"] = [10]
        assert site.fetch(tmp_path, retries=1) == []
        assert site.peer.asked("/tid-2.mp3") == ["", "bytes=10-"]


def test_a_page_without_songs_is_said(tmp_path: Path) -> None:
    with FilePeer({SEARCH: lambda query: "<html>We moved</html>"}) as peer:
        settings = Settings(ncs_url=peer.url(SEARCH), http_delay=0)
        with PoliteSession(settings) as session, pytest.raises(SegueError, match="no songs"):
            Ncs(tmp_path).fetch(session, settings)


def test_a_track_id_cannot_leave_the_folder() -> None:
    row = '<tr><td><a class="player-play" data-url="http://x/1.mp3" data-tid="{}"></a></td></tr>'
    page = '<table class="tablesorter"><tbody>{}</tbody></table>'
    assert songs_of(page.format(row.format("../../evil"))) == []
    assert len(songs_of(page.format(row.format("2908fa5d-41c4")))) == 1


def test_a_real_page(shared: Path) -> None:
    page = (shared / "ncs" / "music_search_page.html").read_text()
    songs = songs_of(page)
    assert len({song.source_id for song in songs}) == 20
    first = songs[0]
    assert (first.artist, first.title, first.genre) == ("CERES, TAME", "Pull Me Down", "Techno")
    assert first.tags == "Techno;powerful;energetic"
    assert first.url.endswith(".mp3")
