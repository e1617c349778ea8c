"""The line to Spotify: spotipy on a session of ours, with its faults kept from the rest.

spotipy's own session sleeps through any ``Retry-After`` (13 hours were seen) and
sends a POST again after a 5xx, which doubles tracks. It logs tokens, codes and
secrets, raises what it does not document, and drops what an answer said. So it
gets our session, is kept from logging, and all it raises becomes a `SpotifyProblem`.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter, Retry
from spotipy.exceptions import SpotifyBaseException

from data.settings import Settings
from scrapers.http import Clock
from scrapers.spotify.errors import SpotifyProblem, problem_of

LONGEST_TIMEOUT = 10.0
# Refusals are short; what follows after this is not looked at.
LONGEST_REFUSAL = 20_000
# Whatever else spotipy trips over when an answer is not as it should be.
_TRIPS = (
    SpotifyBaseException,
    requests.RequestException,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
    OverflowError,
    RecursionError,
)

T = TypeVar("T")


class _Silence(logging.Filter):
    """Lets nothing through: spotipy logs headers and bodies, with all secrets in them."""

    def filter(self, record: logging.LogRecord) -> bool:
        return False


_SILENCE = _Silence()
for _name in ("client", "oauth2", "util", "cache_handler"):
    # A filter holds where somebody sets the level of all loggers to DEBUG.
    logging.getLogger(f"spotipy.{_name}").addFilter(_SILENCE)


class Line:
    """One session with Spotify, for one thread at a time.

    Parameters
    ----------
    settings : Settings
        User agent and timeout.
    clock : Clock
        Says when a pause that Spotify asks for ends.

    Attributes
    ----------
    session : requests.Session
        To hand to spotipy.
    timeout : float
        Seconds, to hand to spotipy as well.
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.timeout = min(LONGEST_TIMEOUT, settings.http_timeout)
        self.session = _session(settings)
        self.session.hooks["response"].append(self._remember)
        self._clock = clock
        self._answer: requests.Response | None = None

    def ask(self, call: Callable[[], T]) -> T:
        """Let spotipy make one request.

        Raises
        ------
        SpotifyProblem
            Whatever went wrong. It is raised outside the handler, so that no
            exception of spotipy's, which holds secrets, hangs on to it.
        """
        self._answer = None
        try:
            return call()
        except _TRIPS as error:
            problem = self._problem(error)
        raise problem

    def said(self) -> Any:
        """The last answer as JSON, before spotipy wrote into it; None if it is not JSON."""
        try:
            return None if self._answer is None else self._answer.json()
        except (ValueError, RecursionError):
            return None

    def _remember(self, answer: requests.Response, *_: Any, **__: Any) -> None:
        self._answer = answer

    def _problem(self, error: Exception) -> SpotifyProblem:
        answer = self._answer
        broken = isinstance(error, requests.RequestException) and not isinstance(error, ValueError)
        if answer is None or broken:
            return SpotifyProblem("unreachable")
        if answer.status_code < 400:
            return SpotifyProblem("damaged")
        body = answer.content[:LONGEST_REFUSAL].decode("utf-8", "replace")
        return problem_of(answer.status_code, body, answer.headers, now_of(self._clock))


class Pace:
    """Keeps the gap between two requests, across all threads of this process."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._next = 0.0
        self._held = 0.0

    def wait(self, delay: float, clock: Clock) -> None:
        """Wait for a turn; the next one comes `delay` seconds later."""
        with self._turn:
            while (left := max(self._next, self._held) - clock.monotonic()) > 0:
                clock.sleep(left)
            self._next = clock.monotonic() + delay

    def hold(self, until: float) -> None:
        """Give nobody a turn before the monotonic time `until`, in seconds."""
        self._held = max(self._held, until)


_paces: dict[str, Pace] = {}
_paces_lock = threading.Lock()


def pace_of(url: str) -> Pace:
    """The one pace of this process for the host of `url`."""
    with _paces_lock:
        return _paces.setdefault(urlsplit(url).netloc, Pace())


def now_of(clock: Clock) -> datetime:
    """Present time, in UTC."""
    return datetime.fromtimestamp(clock.wall(), UTC)


def base_url(url: str) -> str:
    """An address of the settings, ending with a slash."""
    return url.rstrip("/") + "/"


def _session(settings: Settings) -> requests.Session:
    again = Retry(
        total=3,
        connect=1,
        # Reading is repeated once for a GET; for any other method urllib3 gives up at once.
        read=1,
        status=2,
        backoff_factor=0.3,
        status_forcelist=(500, 502, 503, 504),
        allowed_methods=frozenset(["GET"]),
        respect_retry_after_header=False,
        raise_on_status=False,
    )
    session = requests.Session()
    for scheme in ("http://", "https://"):
        session.mount(scheme, HTTPAdapter(max_retries=again))
    session.headers["User-Agent"] = settings.user_agent
    # A redirect would carry a token, or the body with a secret, to another host.
    session.max_redirects = 0
    # Without this, requests puts what it finds in ~/.netrc in place of the token.
    session.auth = _as_it_is
    # A proxy of the environment cannot reach a server on this machine.
    session.proxies = {"http://127.0.0.1": "", "http://localhost": ""}
    return session


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request
