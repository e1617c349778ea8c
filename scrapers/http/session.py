"""One session for every source: it names itself, obeys robots.txt and takes its time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
import tenacity

from data.errors import SegueError
from data.settings import Settings
from scrapers.http.answers import (
    Blocked,
    PassingFailure,
    is_challenge,
    read_json,
    read_page,
    require_open,
)
from scrapers.http.download import Download, Told
from scrapers.http.robots import Robots

MIXESDB_LEAST_DELAY = 4.0
MAX_REDIRECTS = 5  # RFC 9309 asks for at least five when robots.txt is looked for.
LONGEST_WAIT = 600.0
LONGEST_BACKOFF = 60.0
SHORTEST_BACKOFF = 0.5
ROBOTS_LIFETIME = 24 * 3600.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the session takes its time from; tests bring one that needs no waiting."""

    monotonic: Callable[[], float] = time.monotonic
    wall: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep


def least_delay(settings: Settings, host: str) -> float:
    """Seconds between two requests to `host` before its robots.txt is heard.

    A setting can lengthen MixesDB's four seconds but not shorten them; it rules
    alone where `mixesdb_api_url` points to another host, such as a mirror.
    """
    if host == "mixesdb.com" or host.endswith(".mixesdb.com"):
        return max(MIXESDB_LEAST_DELAY, settings.mixesdb_delay)
    if host == httpx.URL(settings.mixesdb_api_url).host:
        return settings.mixesdb_delay
    return settings.http_delay


class PoliteSession:
    """Reads the web as a guest should.

    One connection and one request at a time; an identifying user agent;
    robots.txt obeyed, its crawl delay too; retries with exponential backoff,
    jitter and ``Retry-After`` for failures that may pass; an end at once where a
    site shows a challenge page.

    Parameters
    ----------
    settings : Settings
        User agent, timeout, delays and number of retries.
    clock : Clock
        Source of time and sleep.
    transport : httpx.BaseTransport, optional
        Stands in for the network.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock or Clock()
        self._client = httpx.Client(
            headers={"User-Agent": settings.user_agent},
            timeout=settings.http_timeout,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            transport=transport,
            # A proxy of the environment cannot reach a server on this machine.
            mounts={"all://127.0.0.1": None, "all://localhost": None},
        )
        self._lock = threading.RLock()
        self._last: dict[str, float] = {}
        self._robots: dict[str, tuple[float, Robots]] = {}
        self._crawl_delay: dict[str, float] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connection go."""
        self._client.close()

    def get_json(
        self,
        url: str,
        params: Mapping[str, str] | None = None,
        *,
        busy: Callable[[Any], str | None] | None = None,
    ) -> Any:
        """Read a JSON document.

        Parameters
        ----------
        url : str
            Address, ``http`` or ``https``.
        params : mapping of str to str, optional
            Added to the address's query.
        busy : callable, optional
            Looks into the decoded value and returns a reason where the service
            says in it that it is busy; the request is then made again.

        Raises
        ------
        Blocked
            If the site refuses automated access.
        SegueError
            If robots.txt forbids the address or the site gave no usable answer
            after all tries.
        """
        asked = _address(url, params)
        with self._lock:
            return self._persist(
                asked.host, lambda: read_json(self._fetch(asked), self._clock.wall(), busy)
            )

    def get_page(self, url: str, params: Mapping[str, str] | None = None) -> str:
        """Read a web page as text; parameters and errors as in `get_json`."""
        asked = _address(url, params)
        with self._lock:
            return self._persist(asked.host, lambda: read_page(self._fetch(asked)))

    def download(
        self, url: str, target: Path, *, sha1: str = "", told: Told = lambda done, total: None
    ) -> Path:
        """Bring a file to `target`; broken off, the next call asks for the rest only.

        Parameters
        ----------
        url : str
            Address, ``http`` or ``https``.
        target : Path
            Appears when the file is whole; its folder must exist.
        sha1 : str, optional
            What the whole file must have, in hexadecimal.
        told : callable, optional
            Told ``(bytes there, bytes in all)`` after each piece.

        Raises
        ------
        Blocked
            If the site refuses automated access.
        SegueError
            If the file is not to be had, or arrived with another checksum.
        """
        asked = _address(url)
        download = Download(target)
        with self._lock:
            while True:
                before = download.so_far()
                try:
                    self._persist(
                        asked.host, lambda: download.receive(partial(self._opened, asked), told)
                    )
                    return download.finish(sha1)
                except SegueError as error:
                    # As long as bytes come, a long file may break off as often as it likes.
                    failing = isinstance(error.__cause__, PassingFailure)
                    if not failing or download.so_far() <= before:
                        raise

    def _persist(self, host: str, once: Callable[[], T]) -> T:
        tries = self._settings.http_retries + 1
        backoff = tenacity.wait_exponential_jitter(
            multiplier=max(SHORTEST_BACKOFF, least_delay(self._settings, host)),
            max=LONGEST_BACKOFF,
            jitter=SHORTEST_BACKOFF,
        )

        def wait(state: tenacity.RetryCallState) -> float:
            failure = state.outcome.exception() if state.outcome else None
            asked = failure.retry_after if isinstance(failure, PassingFailure) else None
            if asked is not None and asked > LONGEST_WAIT:
                raise SegueError(
                    f"{host} asks to be left alone for {asked / 60:.0f} minutes ({failure}). "
                    "Start it again after that; what was read so far is kept."
                )
            return max(backoff(state), asked or 0.0)

        retrying = tenacity.Retrying(
            sleep=self._clock.sleep,
            stop=tenacity.stop_after_attempt(tries),
            wait=wait,
            retry=tenacity.retry_if_exception_type(PassingFailure),
            reraise=True,
        )
        try:
            return retrying(once)
        except PassingFailure as failure:
            raise SegueError(
                f"{host} gave no usable answer in {tries} tries ({failure}). Start it "
                "again later; what was read so far is kept."
            ) from failure

    @contextmanager
    def _opened(self, url: httpx.URL, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        response = self._fetch(url, headers=headers, stream=True)
        try:
            yield response
        except (httpx.TransportError, httpx.DecodingError) as error:
            raise PassingFailure(f"{type(error).__name__}: {error}") from error
        finally:
            response.close()
            self._last[response.url.host] = self._clock.monotonic()

    def _fetch(
        self,
        url: httpx.URL,
        *,
        heed_robots: bool = True,
        headers: Mapping[str, str] | None = None,
        stream: bool = False,
    ) -> httpx.Response:
        for _ in range(MAX_REDIRECTS + 1):
            if url.scheme not in ("http", "https") or not url.host:
                address = url.copy_with(query=None)
                raise SegueError(f"“{address}” is not a web address (http:// or https://).")
            if heed_robots:
                self._require_allowed(url)
            response = self._exchange(url, headers, stream=stream)
            if response.next_request is None:
                return response
            response.close()
            url = response.next_request.url
        raise SegueError(
            f"{url.host} sends its reader round in circles: check the address "
            f"{url.copy_with(query=None)}."
        )

    def _exchange(
        self, url: httpx.URL, headers: Mapping[str, str] | None = None, *, stream: bool = False
    ) -> httpx.Response:
        self._pace(url.host)
        request = self._client.build_request("GET", url, headers=headers)
        try:
            response = self._client.send(request, stream=stream)
            if stream and response.is_error:
                response.read()
        except (httpx.TransportError, httpx.DecodingError) as error:
            detail = str(error) or "no answer in time"
            raise PassingFailure(f"{type(error).__name__}: {detail}") from error
        finally:
            self._last[url.host] = self._clock.monotonic()
        require_open(response, self._clock.wall())
        return response

    def _pace(self, host: str) -> None:
        if host not in self._last:
            return
        delay = max(least_delay(self._settings, host), self._crawl_delay.get(host, 0.0))
        remaining = self._last[host] + delay - self._clock.monotonic()
        if remaining > 0:
            self._clock.sleep(remaining)

    def _require_allowed(self, url: httpx.URL) -> None:
        path = url.raw_path.decode("ascii")
        if not self._robots_of(url).allows(path):
            raise SegueError(
                f"{url.host} asks robots to stay away from {url.path} (its robots.txt says so), "
                "and Segue obeys. Save the pages by hand in your browser and load them with "
                "`segue import tracklists`."
            )

    def _robots_of(self, url: httpx.URL) -> Robots:
        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        read_at, robots = self._robots.get(origin, (float("-inf"), Robots()))
        if self._clock.monotonic() - read_at < ROBOTS_LIFETIME:
            return robots
        robots = self._read_robots(httpx.URL(f"{origin}/robots.txt"))
        self._robots[origin] = (self._clock.monotonic(), robots)
        self._crawl_delay[url.host] = robots.crawl_delay
        return robots

    def _read_robots(self, url: httpx.URL) -> Robots:
        try:
            response = self._persist(url.host, lambda: self._fetch(url, heed_robots=False))
        except Blocked:
            raise
        except SegueError as error:
            # RFC 9309, 2.3.1.4: a site whose rules cannot be reached is not to be read.
            raise SegueError(
                f"Segue could not read {url}, and without a site's rules it does not read the "
                f"site. {error}"
            ) from error
        if is_challenge(response):
            raise Blocked(url.host, "it shows a page that asks for a person")
        # RFC 9309, 2.3.1.3: any 4xx means that there are no rules.
        text = "" if response.is_error else response.text
        return Robots.parse(text, self._settings.user_agent)


def _address(url: str, params: Mapping[str, str] | None = None) -> httpx.URL:
    try:
        return httpx.URL(url).copy_merge_params(dict(params or {}))
    except httpx.InvalidURL as error:
        raise SegueError(f"“{url}” is not a web address ({error}).") from None
