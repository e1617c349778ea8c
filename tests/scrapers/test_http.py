"""How Segue behaves as a guest on other people's servers."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import pairwise

import httpx
import pytest

from data.errors import SegueError
from data.settings import Settings
from scrapers.http import Blocked, Clock, PoliteSession
from scrapers.http.robots import Robots
from scrapers.http.session import least_delay
from tests.peers.mediawiki import Fault, MediaWikiPeer

ASKED = {"action": "query", "formatversion": "2", "titles": "Category:X"}
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


@dataclass
class FakeTime:
    """A clock that only sleeping moves."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(lambda: self.now, lambda: NOON.timestamp() + self.now - 1000.0, self.sleep)


def settings_for(peer: MediaWikiPeer, delay: float = 0.0, retries: int = 3) -> Settings:
    return Settings(
        mixesdb_api_url=peer.api_url, mixesdb_delay=delay, http_delay=delay, http_retries=retries
    )


def read(peer: MediaWikiPeer, time: FakeTime, **settings: float) -> object:
    with PoliteSession(settings_for(peer, **settings), clock=time.clock()) as session:
        return session.get_json(peer.api_url, ASKED)


def patient(peer: MediaWikiPeer, time: FakeTime) -> PoliteSession:
    return PoliteSession(settings_for(peer, delay=4.0), clock=time.clock())


def test_names_itself_in_every_request() -> None:
    with MediaWikiPeer([]) as peer:
        read(peer, FakeTime())
        assert {seen.user_agent for seen in peer.seen} == {Settings().user_agent}
        assert "Segue" in Settings().user_agent


def test_uses_one_connection_for_all_requests() -> None:
    with MediaWikiPeer([]) as peer, PoliteSession(settings_for(peer)) as session:
        for _ in range(4):
            session.get_json(peer.api_url, ASKED)
        assert len({seen.connection for seen in peer.seen}) == 1


def test_threads_that_share_a_session_still_ask_one_at_a_time() -> None:
    time, arrivals = FakeTime(), []
    note = lambda _: arrivals.append(time.now)  # noqa: E731
    with MediaWikiPeer([], on_request=note) as peer, patient(peer, time) as session:
        readers = [
            threading.Thread(target=session.get_json, args=(peer.api_url, ASKED)) for _ in range(5)
        ]
        for reader in readers:
            reader.start()
        for reader in readers:
            reader.join()
    assert len(arrivals) == 5
    assert all(b - a >= 3.999 for a, b in pairwise(arrivals))


class TestDelay:
    def test_requests_to_one_host_are_at_least_the_delay_apart(self) -> None:
        time, arrivals = FakeTime(), []
        note = lambda _: arrivals.append(time.now)  # noqa: E731
        with MediaWikiPeer([], on_request=note) as peer, patient(peer, time) as session:
            for _ in range(6):
                session.get_json(peer.api_url, ASKED)
                time.now += 1.0  # work between two requests counts as waiting
        gaps = [b - a for a, b in pairwise(arrivals)]
        assert gaps == [pytest.approx(4.0)] * 5
        assert arrivals[0] - 1000.0 >= 4.0, "robots.txt was a request too"

    def test_a_crawl_delay_of_robots_txt_makes_it_longer(self) -> None:
        time, arrivals = FakeTime(), []
        robots = "User-agent: *\nCrawl-delay: 9\n"
        note = lambda _: arrivals.append(time.now)  # noqa: E731
        wiki = MediaWikiPeer([], robots=robots, on_request=note)
        with wiki as peer, patient(peer, time) as session:
            for _ in range(3):
                session.get_json(peer.api_url, ASKED)
        assert arrivals == [pytest.approx(1009), pytest.approx(1018), pytest.approx(1027)]

    @pytest.mark.parametrize("host", ["mixesdb.com", "www.mixesdb.com"])
    def test_mixesdb_never_gets_less_than_four_seconds(self, host: str) -> None:
        hasty = Settings(mixesdb_delay=0.0, http_delay=0.0)
        assert least_delay(hasty, host) == 4.0
        assert least_delay(Settings(mixesdb_delay=10.0), host) == 10.0

    def test_other_hosts_follow_their_setting(self) -> None:
        settings = Settings(
            mixesdb_api_url="http://127.0.0.1:9/w/api.php", mixesdb_delay=0.0, http_delay=2.5
        )
        assert least_delay(settings, "127.0.0.1") == 0.0
        assert least_delay(settings, "example.org") == 2.5
        assert least_delay(settings, "notmixesdb.com") == 2.5

    def test_a_redirect_waits_for_the_host_it_leads_to(self) -> None:
        time, asked = FakeTime(), []

        def network(request: httpx.Request) -> httpx.Response:
            asked.append((time.now, request.url.host, request.url.path))
            if request.url.path == "/robots.txt":
                return httpx.Response(404)
            if request.url.host == "old.example":
                return httpx.Response(301, headers={"Location": "https://www.mixesdb.com/w/api"})
            return httpx.Response(200, json={})

        transport = httpx.MockTransport(network)
        with PoliteSession(
            Settings(http_delay=0.0), clock=time.clock(), transport=transport
        ) as session:
            session.get_json("https://old.example/api")
            session.get_json("https://old.example/api")
        mixesdb = [at for at, host, _ in asked if host == "www.mixesdb.com"]
        assert [path for _, host, path in asked if host == "www.mixesdb.com"] == [
            "/robots.txt",
            "/w/api",
            "/w/api",
        ]
        assert all(b - a >= 3.999 for a, b in pairwise(mixesdb))


class TestRobots:
    def test_a_forbidden_address_is_not_read_and_the_error_says_what_to_do(self) -> None:
        with MediaWikiPeer([], robots="User-agent: *\nDisallow: /w/api.php\n") as peer:
            with pytest.raises(SegueError, match=r"robots\.txt.*segue import tracklists"):
                read(peer, FakeTime())
            assert [seen.path for seen in peer.seen] == ["/robots.txt"]

    def test_the_rules_count_for_the_address_a_redirect_leads_to(self) -> None:
        with MediaWikiPeer([], robots="User-agent: *\nDisallow: /w/\n") as peer:
            with (
                PoliteSession(settings_for(peer)) as session,
                pytest.raises(SegueError, match="stay away"),
            ):
                session.get_json(f"{peer.url}/db/api.php", ASKED)
            assert peer.api_requests == []

    @pytest.mark.parametrize("status", [404, 410, 401, 403])
    def test_a_site_without_robots_txt_may_be_read(self, status: int) -> None:
        with MediaWikiPeer([], robots=status) as peer:
            assert read(peer, FakeTime())

    def test_a_site_whose_robots_txt_fails_is_not_read(self) -> None:
        with MediaWikiPeer([], robots=503) as peer:
            with pytest.raises(SegueError, match=r"could not read .*robots\.txt"):
                read(peer, FakeTime())
            assert peer.api_requests == []
            assert len(peer.seen) == 4, "it was tried as often as any request"

    def test_a_challenge_in_place_of_robots_txt_is_a_closed_door(self) -> None:
        with MediaWikiPeer([], robots=Fault("challenge")) as peer:
            with pytest.raises(Blocked):
                read(peer, FakeTime())
            assert peer.api_requests == []

    def test_is_read_once_and_again_after_a_day(self) -> None:
        time = FakeTime()
        with MediaWikiPeer([]) as peer:
            with PoliteSession(settings_for(peer), clock=time.clock()) as session:
                for _ in range(3):
                    session.get_json(peer.api_url, ASKED)
                assert [seen.path for seen in peer.seen].count("/robots.txt") == 1
                time.now += 25 * 3600
                session.get_json(peer.api_url, ASKED)
            assert [seen.path for seen in peer.seen].count("/robots.txt") == 2

    @pytest.mark.parametrize(
        ("text", "path", "allowed"),
        [
            ("", "/w/api.php", True),
            ("User-agent: *\nDisallow:\n", "/w/api.php", True),
            ("User-agent: *\nDisallow: /\n", "/w/api.php", False),
            ("User-agent: *\nDisallow: /\nAllow: /w/api.php\n", "/w/api.php?action=query", True),
            ("User-agent: *\nAllow: /w/api.php\nDisallow: /w/\n", "/w/index.php", False),
            ("User-agent: *\nDisallow: /*?action=\n", "/w/api.php?action=query", False),
            ("User-agent: *\nDisallow: /*.php$\n", "/w/api.php", False),
            ("User-agent: *\nDisallow: /*.php$\n", "/w/api.php?x=1", True),
            ("User-agent: *\nDisallow: /a\nAllow: /a\n", "/a", True),
            ("User-agent: segue\nDisallow: /w\n\nUser-agent: *\nAllow: /\n", "/w/x", False),
            ("User-agent: *\nDisallow: /\n\nUser-agent: Segue/9\nDisallow:\n", "/w/x", True),
            ("User-agent: GPTBot\nUser-agent: Segue\nDisallow: /w\n", "/w/x", False),
            ("User-agent: GPTBot\nDisallow: /\n", "/w/x", True),
            ("User-agent: *\nDisallow: /w/S%C3%A9ance\n", "/w/S%c3%a9ance", False),
            ("\ufeffUser-Agent : *  # all\r\nDISALLOW : /w/ # wiki\r\n", "/w/x", False),
            ("<html>not a robots file</html>", "/w/x", True),
            ("Disallow: /\n", "/w/x", True),
        ],
    )
    def test_rules_are_read_as_the_rfc_says(self, text: str, path: str, allowed: bool) -> None:
        assert Robots.parse(text, "Segue/0.1 (somebody)").allows(path) is allowed

    def test_a_crawl_delay_that_is_no_number_is_passed_over(self) -> None:
        text = "User-agent: *\nCrawl-delay: soon\nCrawl-delay: 2.5\n"
        assert Robots.parse(text, "Segue").crawl_delay == 2.5


class TestRetries:
    @pytest.mark.parametrize("kind", ["429", "503", "short-body", "cut-json", "drop"])
    def test_a_failure_that_passes_is_not_seen_from_outside(self, kind: str) -> None:
        time = FakeTime()
        with MediaWikiPeer([], faults={1: Fault(kind), 2: Fault(kind)}) as peer:
            answer = read(peer, time)
            assert answer["query"]["pages"][0]["title"] == "Category:X"
            assert len(peer.api_requests) == 3
        first, second = time.slept
        assert 0.5 <= first <= 1.0, "backoff starts small"
        assert second > first, "and grows"

    def test_a_slow_answer_is_given_up_and_asked_for_again(self) -> None:
        with MediaWikiPeer([], faults={1: Fault("slow", seconds=0.5)}) as peer:
            settings = settings_for(peer).model_copy(update={"http_timeout": 0.1})
            with PoliteSession(settings, clock=FakeTime().clock()) as session:
                assert session.get_json(peer.api_url, ASKED)
            assert len(peer.api_requests) == 2

    def test_retry_after_in_seconds_is_honoured(self) -> None:
        time = FakeTime()
        with MediaWikiPeer([], faults={1: Fault("429", retry_after="17")}) as peer:
            read(peer, time)
        assert time.slept == [17.0]

    def test_retry_after_as_a_date_is_honoured(self) -> None:
        time = FakeTime()
        until = format_datetime(NOON.replace(minute=2), usegmt=True)
        with MediaWikiPeer([], faults={1: Fault("503", retry_after=until)}) as peer:
            read(peer, time)
        assert time.slept == [pytest.approx(120.0)]

    @pytest.mark.parametrize("odd", ["soon", "-5", "Wed, 01 Jan 2020 00:00:00 GMT"])
    def test_retry_after_that_says_nothing_leaves_the_backoff(self, odd: str) -> None:
        time = FakeTime()
        with MediaWikiPeer([], faults={1: Fault("429", retry_after=odd)}) as peer:
            read(peer, time)
        assert 0.5 <= time.slept[0] <= 1.0

    def test_a_site_that_wants_hours_of_peace_gets_them(self) -> None:
        time = FakeTime()
        with MediaWikiPeer([], faults={1: Fault("429", retry_after="7200")}) as peer:
            with pytest.raises(SegueError, match="left alone for 120 minutes"):
                read(peer, time)
            assert len(peer.api_requests) == 1
        assert time.slept == []

    def test_a_failure_that_stays_ends_in_one_sentence(self) -> None:
        with MediaWikiPeer([], faults_from=(1, Fault("503"))) as peer:
            with pytest.raises(SegueError, match=r"no usable answer in 4 tries.*503"):
                read(peer, FakeTime())
            assert len(peer.api_requests) == 4

    def test_a_server_that_is_not_there_ends_in_one_sentence(self) -> None:
        with MediaWikiPeer([]) as peer:
            pass
        with pytest.raises(SegueError, match="ConnectError"):
            read(peer, FakeTime())

    def test_retries_keep_the_delay_of_the_host(self) -> None:
        time, arrivals = FakeTime(), []
        note = lambda _: arrivals.append(time.now)  # noqa: E731
        with MediaWikiPeer([], faults={1: Fault("503")}, on_request=note) as peer:
            read(peer, time, delay=4.0)
        assert arrivals[1] - arrivals[0] >= 3.999


class TestBlocked:
    @pytest.mark.parametrize("kind", ["challenge", "challenge-403", "403"])
    def test_a_closed_door_is_reported_at_once_with_the_way_out(self, kind: str) -> None:
        time = FakeTime()
        with MediaWikiPeer([], faults_from=(1, Fault(kind))) as peer:
            with pytest.raises(
                Blocked, match=r"^Blocked: .*refuses automated .*segue import tracklists"
            ):
                read(peer, time)
            assert len(peer.api_requests) == 1, "asking again would not be polite"

    @pytest.mark.parametrize(
        "page",
        [
            "<html><title>Just a moment...</title></html>",
            "<div class='cf-turnstile'></div>",
            "<form id='cf-browser-verification'></form>",
            "<body>Please wait, you will be forwarded to the requested page</body>",
            "\n <!doctype html><p>Solve the CAPTCHA</p>",
        ],
    )
    @pytest.mark.parametrize("status", [200, 429, 503])
    def test_challenges_are_known_by_their_words_whatever_the_status(
        self, page: str, status: int
    ) -> None:
        def network(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/robots.txt":
                return httpx.Response(404)
            # Some of them call themselves JSON.
            return httpx.Response(status, text=page, headers={"content-type": "application/json"})

        transport, time = httpx.MockTransport(network), FakeTime()
        with (
            PoliteSession(Settings(), clock=time.clock(), transport=transport) as session,
            pytest.raises(Blocked),
        ):
            session.get_json("https://site.example/api")

    def test_data_that_mentions_a_captcha_is_data(self) -> None:
        def network(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/robots.txt":
                return httpx.Response(404)
            return httpx.Response(200, json={"title": "<b>Just A Moment</b> (Captcha Remix)"})

        transport = httpx.MockTransport(network)
        with PoliteSession(Settings(http_delay=0), transport=transport) as session:
            assert session.get_json("https://site.example/api")

    def test_an_ordinary_web_page_is_a_wrong_address(self) -> None:
        with (
            MediaWikiPeer([]) as peer,
            PoliteSession(settings_for(peer)) as session,
            pytest.raises(SegueError, match="404"),
        ):
            session.get_json(f"{peer.url}/elsewhere")


class TestAddresses:
    @pytest.mark.parametrize("url", ["file:///etc/passwd", "ftp://x/y", "nonsense", "http://", ""])
    def test_only_web_addresses_are_read(self, url: str) -> None:
        with PoliteSession(Settings()) as session, pytest.raises(SegueError, match="web address"):
            session.get_json(url)

    @pytest.mark.parametrize("location", ["file:///etc/passwd", "gopher://x/"])
    def test_a_redirect_out_of_the_web_is_not_followed(self, location: str) -> None:
        def network(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/robots.txt":
                return httpx.Response(404)
            return httpx.Response(302, headers={"Location": location})

        transport = httpx.MockTransport(network)
        with (
            PoliteSession(Settings(http_delay=0), transport=transport) as session,
            pytest.raises(SegueError, match="not a web address"),
        ):
            session.get_json("https://site.example/api")

    def test_redirects_in_circles_end(self) -> None:
        def network(request: httpx.Request) -> httpx.Response:
            if request.url.path == "/robots.txt":
                return httpx.Response(404)
            return httpx.Response(302, headers={"Location": "/api"})

        transport = httpx.MockTransport(network)
        with (
            PoliteSession(Settings(http_delay=0), transport=transport) as session,
            pytest.raises(SegueError, match="in circles"),
        ):
            session.get_json("https://site.example/api")

    def test_the_old_address_of_mixesdb_leads_to_the_new_one(self) -> None:
        with MediaWikiPeer([]) as peer, PoliteSession(settings_for(peer)) as session:
            assert session.get_json(f"{peer.url}/db/api.php", ASKED)
            assert [seen.path for seen in peer.seen] == [
                "/robots.txt",
                "/db/api.php",
                "/w/api.php",
            ]
