"""What an HTTP answer means: data, a failure that may pass, or a closed door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from data.errors import SegueError

CHALLENGE_SIGNS = (
    "just a moment",
    "turnstile",
    "cf-browser-verification",
    "challenge-platform",
    "attention required! | cloudflare",
    "please wait, you will be forwarded",
    "captcha",
)
# Challenge pages say what they are near the top; a data page may be megabytes long.
CHALLENGE_HEAD = 50_000


class Blocked(SegueError):
    """A site refuses automated reading: nothing was read, and asking again will not help."""

    def __init__(self, host: str, sign: str) -> None:
        super().__init__(
            f"Blocked: {host} refuses automated access from this address ({sign}). Save the pages "
            "or their wikitext by hand in your browser and load the files with "
            "`segue import tracklists`, or try again another day; "
            "what was read so far is kept."
        )


class PassingFailure(Exception):
    """A failure that may pass when the same request is made again.

    Parameters
    ----------
    reason : str
        What went wrong, to stand in brackets in a sentence.
    retry_after : float or None
        Seconds the site asked us to wait, where it did.
    """

    def __init__(self, reason: str, retry_after: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after = retry_after


def is_html(response: httpx.Response) -> bool:
    """Whether an answer is a web page, whatever it calls itself."""
    declared = response.headers.get("content-type", "").casefold()
    return "html" in declared or response.content.lstrip()[:1] == b"<"


def is_challenge(response: httpx.Response) -> bool:
    """Whether an answer is a page that asks its reader to prove to be a person."""
    if response.headers.get("cf-mitigated", "").casefold() == "challenge":
        return True
    head = response.content[:CHALLENGE_HEAD].decode("utf-8", "replace").casefold()
    return is_html(response) and any(sign in head for sign in CHALLENGE_SIGNS)


def retry_after(response: httpx.Response, now: float) -> float | None:
    """Seconds that ``Retry-After`` asks for, given as seconds or as an HTTP date.

    Parameters
    ----------
    now : float
        Present time in seconds since the epoch.
    """
    value = response.headers.get("retry-after", "").strip()
    if value.isascii() and value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.fromtimestamp(now, UTC)).total_seconds())


def require_open(response: httpx.Response, now: float) -> None:
    """Raise where an answer is a challenge page or says that the site is busy.

    Raises
    ------
    Blocked
        For a challenge page sent with an error status.
    PassingFailure
        For 408, 425, 429 and every 5xx.
    """
    if response.is_error and is_challenge(response):
        raise Blocked(response.url.host, "it shows a page that asks for a person")
    if response.is_server_error or response.status_code in (408, 425, 429):
        raise PassingFailure(status(response), retry_after(response, now))


def read_json(
    response: httpx.Response, now: float, busy: Callable[[Any], str | None] | None
) -> Any:
    """Decode an answer that should be JSON.

    Parameters
    ----------
    now : float
        Present time in seconds since the epoch, to read ``Retry-After``.
    busy : callable or None
        Looks into the decoded value and names the reason if the service says in
        it that it is busy.

    Raises
    ------
    Blocked
        For HTTP 403 and for a challenge page.
    PassingFailure
        For JSON that broke off, and where `busy` says so.
    SegueError
        For any other error status, and for a web page where data was asked for.
    """
    host = response.url.host
    require_found(response)
    if is_html(response):
        if is_challenge(response):
            raise Blocked(host, "it shows a page that asks for a person")
        raise SegueError(
            f"{host} answered with a web page where data was asked for: check the address "
            f"{response.url.copy_with(query=None)}; if it is right, the site keeps programs out."
        )
    try:
        value = response.json()
    except ValueError:
        raise PassingFailure("its answer broke off or is not JSON") from None
    reason = busy(value) if busy else None
    if reason:
        raise PassingFailure(reason, retry_after(response, now))
    return value


def read_page(response: httpx.Response) -> str:
    """Text of an answer that should be a web page.

    Raises
    ------
    Blocked
        For HTTP 403 and for a challenge page.
    SegueError
        For any other error status.
    """
    require_found(response)
    if is_challenge(response):
        raise Blocked(response.url.host, "it shows a page that asks for a person")
    return response.text


def require_found(response: httpx.Response) -> None:
    """Raise where an answer's status says that it does not hold what was asked for.

    Raises
    ------
    Blocked
        For HTTP 403.
    SegueError
        For any other error status.
    """
    if response.status_code == 403:
        raise Blocked(response.url.host, status(response))
    if response.is_error:
        raise SegueError(
            f"{response.url.host} answered {status(response)} to "
            f"{response.url.copy_with(query=None)}: check the address."
        )


def status(response: httpx.Response) -> str:
    """Status for people: ``HTTP 503 Service Unavailable``."""
    return f"HTTP {response.status_code} {response.reason_phrase}".strip()
