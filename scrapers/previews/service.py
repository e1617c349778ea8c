"""One question to a service that answers in JSON: paced, bounded, and never taken at its word."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from data.settings import Settings
from scrapers.http import Clock
from scrapers.http.answers import retry_after
from scrapers.previews.pace import Crowded, Pace
from scrapers.previews.source import Unavailable

_MOST_BYTES = 2_000_000
_LONGEST_S = 10.0
"""Somebody waits in front of the page."""
_AFTER_LIMIT_S, _AFTER_FAULT_S = 60.0, 30.0
"""How long a service is left alone that says it was asked too often, or did not answer."""
_LONGEST_PAUSE_S = 3600.0


class JsonService:
    """Asks one service.

    Parameters
    ----------
    label : str
        As the service calls itself.
    api_url : str
        Start of its API's addresses.
    pace : Pace
    settings : Settings
        User agent and timeout.
    clock : Clock
    """

    def __init__(
        self, label: str, api_url: str, pace: Pace, settings: Settings, clock: Clock
    ) -> None:
        self._label = label
        self._api_url = api_url.rstrip("/") + "/"
        self._pace = pace
        self._clock = clock
        self._client = httpx.Client(
            headers={"User-Agent": settings.user_agent, "Accept": "application/json"},
            timeout=min(settings.http_timeout, _LONGEST_S),
            # A proxy of the environment cannot reach a server on this machine.
            mounts={"all://127.0.0.1": None, "all://localhost": None},
        )

    def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return what the service answers, a JSON object.

        Raises
        ------
        Unavailable
            If it does not answer, refuses, or answers anything else.
        """
        try:
            self._pace.wait()
        except Crowded as error:
            raise self.unavailable("has too many questions waiting", error.seconds) from error
        try:
            with self._client.stream("GET", self._api_url + path, params=params) as response:
                self._require_answer(response)
                body = b"".join(bounded(response.iter_bytes(), _MOST_BYTES, 2 * _LONGEST_S))
                value = json.loads(body)
        except httpx.HTTPError as error:
            raise self.unavailable("does not answer", _AFTER_FAULT_S) from error
        # JSON that is nested deeply enough ends in a RecursionError.
        except (httpx.InvalidURL, ValueError, RecursionError, TooMuch) as error:
            raise self.unavailable("does not answer as it should", _AFTER_FAULT_S) from error
        if not isinstance(value, dict):
            raise self.unavailable("does not answer as it should", _AFTER_FAULT_S)
        return value

    def unavailable(self, what: str, seconds: float) -> Unavailable:
        """Return the exception that says what the service does."""
        return Unavailable(f"{self._label} {what}", seconds)

    def _require_answer(self, response: httpx.Response) -> None:
        if response.status_code in (403, 429):
            asked = retry_after(response, self._clock.wall()) or _AFTER_LIMIT_S
            seconds = min(max(asked, 1.0), _LONGEST_PAUSE_S)
            raise self.unavailable("was asked too often", seconds)
        if not response.is_success:
            raise self.unavailable("does not answer as it should", _AFTER_FAULT_S)


class TooMuch(Exception):
    """An answer is larger, or takes longer, than any that makes sense."""


def bounded(chunks: Iterator[bytes], most_bytes: int, longest_s: float) -> Iterator[bytes]:
    """Pass an answer's bytes on, as long as it stays within bounds.

    Raises
    ------
    TooMuch
        At the first byte too many, or with the first one that comes too late.
    """
    ends, came = time.monotonic() + longest_s, 0
    for chunk in chunks:
        came += len(chunk)
        if came > most_bytes:
            raise TooMuch(f"more than {most_bytes:,} bytes")
        if time.monotonic() > ends:
            raise TooMuch(f"more than {longest_s:g} seconds")
        yield chunk


def text(value: Any) -> str:
    """Return what should be a text; empty where it is none."""
    return value.strip() if isinstance(value, str) else ""


def seconds(value: Any, *, per_second: float = 1.0) -> float | None:
    """Return what should be a length above 0; None where it is none."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value / per_second if number and 0 < value < 1e9 else None


def page_link(value: Any) -> str:
    """Return what should be the address of a page; empty where it is none that may be shown."""
    link = text(value)
    try:
        parts = urlsplit(link)
        whole = parts.scheme in ("https", "http") and bool(parts.hostname) and not parts.username
    except ValueError:
        return ""
    plain = link.isprintable() and not set(link) & set(" \\\"'<>")
    return link if whole and plain and len(link) < 1000 else ""
