"""Scraping MixesDB into the catalogue, disturbed in every way that can be thought of."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import Play
from data.settings import Settings
from hybrid.scrape import ScrapeSummary, scrape_mixesdb
from scrapers.http import Blocked, Clock, PoliteSession
from scrapers.mixesdb import page
from scrapers.mixesdb.rows import Row, plays_of
from tests.hybrid.forking_scraper import ForkingScraper
from tests.peers.invented_wiki import CATEGORY, invented_pages
from tests.peers.mediawiki import Fault, MediaWikiPeer

PAGES = invented_pages(32)
Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def scraper() -> Iterator[ForkingScraper]:
    forking = ForkingScraper()
    yield forking
    forking.close()


def settings_for(peer: MediaWikiPeer, **more: Any) -> Settings:
    return Settings(mixesdb_api_url=peer.api_url, mixesdb_delay=0, http_delay=0, **more)


def scrape(catalogue: Catalogue, peer: MediaWikiPeer, **asked: Any) -> ScrapeSummary:
    settings = settings_for(peer, http_timeout=0.5)
    with PoliteSession(settings, clock=Clock(sleep=lambda _: None)) as session:
        return scrape_mixesdb(catalogue, settings, category=CATEGORY, session=session, **asked)


def rows_of(home: Path) -> Rows:
    """Every row of every table."""
    with sqlite3.connect(home / "catalogue.sqlite") as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        tables = [row[0] for row in connection.execute(names)]
        rows = {t: sorted(connection.execute(f'SELECT * FROM "{t}"'), key=repr) for t in tables}
    connection.close()
    return rows


def undisturbed(home: Path, limit: int | None = None) -> Rows:
    with MediaWikiPeer(PAGES) as peer, Catalogue.open(Settings(home=home).url) as catalogue:
        scrape(catalogue, peer, limit=limit)
    return rows_of(home)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    rows = undisturbed(tmp_path_factory.mktemp("undisturbed"))
    assert len(rows["sets"]) > 20
    assert rows["set_aside"]
    assert rows["checkpoints"] == []
    return rows


@pytest.fixture(scope="module")
def events(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How many SQL statements and commits an undisturbed run makes."""
    seen = {"before_cursor_execute": 0, "commit": 0}

    def counter(name: str) -> Callable[..., None]:
        def count(*_: object) -> None:
            seen[name] += 1

        return count

    counters = {name: counter(name) for name in seen}
    for name, count in counters.items():
        event.listen(Engine, name, count)
    undisturbed(tmp_path_factory.mktemp("counted"))
    for name, count in counters.items():
        event.remove(Engine, name, count)
    return seen


class TestKilled:
    """SIGKILL leaves no trace: the next run ends with the rows of an undisturbed one."""

    @pytest.mark.parametrize("request_number", [1, 2, 3, 6, 9, 10])
    def test_while_it_waits_for_an_answer(
        self,
        scraper: ForkingScraper,
        tmp_path: Path,
        expected: Rows,
        request_number: int,
    ) -> None:
        started, pid = threading.Event(), [0]

        def kill(number: int) -> None:
            if number == request_number:
                started.wait()
                os.kill(pid[0], signal.SIGKILL)

        with MediaWikiPeer(PAGES, on_request=kill) as peer:
            pid[0] = scraper.start(peer, tmp_path)
            started.set()
            assert scraper.wait() == -signal.SIGKILL
            peer.on_request = None
            peer.forget()
            assert scraper.run(peer, tmp_path) == 0
            # Two calls bring one batch, so at most one call is made twice.
            assert len(peer.api_requests) == 10 - (request_number - 1) // 2 * 2
        assert rows_of(tmp_path) == expected

    @pytest.mark.parametrize("moment", ["before_cursor_execute", "commit"])
    @pytest.mark.parametrize("part", [0.0, 0.4, 0.8, 1.0])
    def test_in_a_transaction_or_just_before_its_commit(
        self,
        scraper: ForkingScraper,
        tmp_path: Path,
        expected: Rows,
        events: dict[str, int],
        moment: str,
        part: float,
    ) -> None:
        number = max(1, round(part * events[moment]))
        with MediaWikiPeer(PAGES) as peer:
            assert scraper.run(peer, tmp_path, (moment, number)) == -signal.SIGKILL
            assert scraper.run(peer, tmp_path) == 0
        assert rows_of(tmp_path) == expected

    def test_again_and_again_with_a_limit(self, scraper: ForkingScraper, tmp_path: Path) -> None:
        limited = undisturbed(tmp_path / "undisturbed", limit=17)
        home = tmp_path / "killed"
        with MediaWikiPeer(PAGES) as peer:
            codes = [scraper.run(peer, home, ("commit", n), limit=17) for n in (3, 4, 3, 2, 2)]
            assert codes[0] == -signal.SIGKILL
            assert scraper.run(peer, home, limit=17) == 0
        assert rows_of(home) == limited

    @pytest.mark.slow
    @pytest.mark.timeout(900)
    def test_before_any_statement_at_all(
        self,
        scraper: ForkingScraper,
        tmp_path: Path,
        expected: Rows,
        events: dict[str, int],
    ) -> None:
        with MediaWikiPeer(PAGES) as peer:
            for number in range(1, events["before_cursor_execute"] + 1):
                home = tmp_path / str(number)
                die = ("before_cursor_execute", number)
                assert scraper.run(peer, home, die) == -signal.SIGKILL
                assert scraper.run(peer, home) == 0
                assert rows_of(home) == expected, number

    @pytest.mark.slow
    @pytest.mark.timeout(900)
    def test_at_random_moments_many_times_over(
        self,
        scraper: ForkingScraper,
        tmp_path: Path,
        expected: Rows,
    ) -> None:
        rng = random.Random(3)
        with MediaWikiPeer(PAGES) as peer:
            for turn in range(30):
                home = tmp_path / str(turn)
                for _ in range(4):
                    pid = scraper.start(peer, home)
                    time.sleep(rng.uniform(0.0, 0.3))
                    os.kill(pid, signal.SIGKILL)
                    scraper.wait()
                assert scraper.run(peer, home) == 0
                assert rows_of(home) == expected, turn


class TestBadWeather:
    def test_every_passing_failure_in_one_run_changes_nothing(
        self, tmp_path: Path, expected: Rows
    ) -> None:
        faults = {
            1: Fault("429", retry_after="2"),
            3: Fault("503"),
            5: Fault("short-body"),
            7: Fault("cut-json"),
            9: Fault("drop"),
            11: Fault("slow", seconds=0.8),
            13: Fault("maxlag"),
            14: Fault("503", retry_after="1"),
        }
        with (
            MediaWikiPeer(PAGES, faults=faults) as peer,
            Catalogue.open(Settings(home=tmp_path).url) as catalogue,
        ):
            scrape(catalogue, peer)
            assert len(peer.api_requests) == 10 + len(faults)
        assert rows_of(tmp_path) == expected

    @pytest.mark.parametrize("kind", ["challenge", "challenge-403", "403", "503", "cut-json"])
    def test_a_site_that_gives_nothing_leaves_the_catalogue_as_it_is(
        self, tmp_path: Path, kind: str
    ) -> None:
        with (
            MediaWikiPeer(PAGES, faults_from=(1, Fault(kind))) as peer,
            Catalogue.open(Settings(home=tmp_path).url) as catalogue,
        ):
            before = rows_of(tmp_path)
            wanted = SegueError if kind in ("503", "cut-json") else Blocked
            with pytest.raises(wanted):
                scrape(catalogue, peer)
            assert rows_of(tmp_path) == before
            assert catalogue.is_empty()

    @pytest.mark.parametrize("kind", ["challenge", "challenge-403", "503"])
    def test_a_site_that_closes_half_way_keeps_what_is_whole_and_goes_on_later(
        self, tmp_path: Path, expected: Rows, kind: str
    ) -> None:
        with (
            MediaWikiPeer(PAGES, faults_from=(6, Fault(kind))) as peer,
            Catalogue.open(Settings(home=tmp_path).url) as catalogue,
        ):
            with pytest.raises(SegueError):
                scrape(catalogue, peer)
            assert catalogue.stats().sets > 0
            peer.faults_from = None
            summary = scrape(catalogue, peer)
        assert (summary.resumed, summary.pages_before, summary.pages) == (True, 14, 19)
        assert rows_of(tmp_path) == expected

    @pytest.mark.parametrize("damage", ["badcontinue", "token"])
    def test_a_place_the_wiki_no_longer_knows_means_a_new_start(
        self, tmp_path: Path, expected: Rows, damage: str
    ) -> None:
        with (
            MediaWikiPeer(PAGES, faults_from=(5, Fault("403"))) as peer,
            Catalogue.open(Settings(home=tmp_path).url) as catalogue,
        ):
            with pytest.raises(Blocked):
                scrape(catalogue, peer)
            peer.faults_from = None
            if damage == "token":
                with sqlite3.connect(tmp_path / "catalogue.sqlite") as connection:
                    connection.execute("UPDATE checkpoints SET token = '{not json'")
                connection.close()
            else:
                peer.faults = {6: Fault("badcontinue")}
            summary = scrape(catalogue, peer)
        assert (summary.resumed, summary.pages) == (False, 33)
        assert rows_of(tmp_path) == expected


class TestSummary:
    def test_every_page_is_a_set_or_has_its_reason(self, catalogue: Catalogue) -> None:
        with MediaWikiPeer(PAGES) as peer:
            summary = scrape(catalogue, peer)
        assert summary.pages == 33 == summary.sets + len(summary.set_aside)
        assert summary.sets == catalogue.stats().sets
        assert summary.plays == catalogue.stats().plays
        assert summary.unknown > 0
        assert all(entry["file"] and entry["reason"] for entry in summary.set_aside)
        assert not summary.resumed

    def test_a_page_segue_stumbles_over_is_set_aside_and_the_run_goes_on(
        self, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def stumbling(rows: Sequence[Row], **more: Any) -> tuple[Play, ...]:
            stumbled.append(len(rows))
            if len(stumbled) == 9:
                raise IndexError("no such row")
            return plays_of(rows, **more)

        stumbled: list[int] = []
        monkeypatch.setattr(page, "plays_of", stumbling)
        with MediaWikiPeer(PAGES) as peer:
            summary = scrape(catalogue, peer)
        assert summary.pages == 33 == summary.sets + len(summary.set_aside)
        reasons = [entry["reason"] for entry in summary.set_aside]
        assert reasons.count("could not be read: IndexError: no such row") == 1
        assert "could not be read: IndexError: no such row" in {
            entry.reason for entry in catalogue.set_aside()
        }

    def test_scraping_again_changes_nothing(self, tmp_path: Path) -> None:
        with (
            MediaWikiPeer(PAGES) as peer,
            Catalogue.open(Settings(home=tmp_path).url) as catalogue,
        ):
            first = scrape(catalogue, peer)
            rows = rows_of(tmp_path)
            assert scrape(catalogue, peer) == first
            assert rows_of(tmp_path) == rows

    def test_progress_is_told_after_each_batch_is_stored(self, catalogue: Catalogue) -> None:
        told: list[tuple[int, int]] = []
        with MediaWikiPeer(PAGES) as peer:
            scrape(
                catalogue,
                peer,
                progress=lambda s: told.append((s.sets, catalogue.stats().sets)),
            )
        assert len(told) == 5
        assert all(said == stored for said, stored in told)

    def test_sets_carry_the_address_of_their_page(self, catalogue: Catalogue) -> None:
        with MediaWikiPeer(PAGES) as peer:
            settings = settings_for(peer, mixesdb_page_url="https://wiki.example/w/")
            scrape_mixesdb(catalogue, settings, category=CATEGORY, limit=7)
        urls = catalogue.snapshot().set_urls
        assert urls.size
        assert all(url.startswith("https://wiki.example/w/") for url in urls)
        assert not any(" " in url or "?" in url for url in urls)

    def test_limit_and_since_are_heeded(self, catalogue: Catalogue) -> None:
        with MediaWikiPeer(PAGES) as peer:
            assert scrape(catalogue, peer, limit=3).pages == 3
            assert 0 < scrape(catalogue, peer, since="2010").pages < 33
            assert scrape(catalogue, peer, since="2031").pages == 0
