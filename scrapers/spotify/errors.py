"""What Spotify's refusals mean for a person, and when they end.

Each row of the table in `problem_of` was met in the wild. Nothing that Spotify
wrote is handed on: an answer may repeat what it was asked, with tokens in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Literal

from data.errors import SegueError

Kind = Literal[
    "signed_out",
    "not_allowed",
    "premium",
    "forbidden",
    "scope",
    "not_found",
    "bad_request",
    "busy",
    "quota",
    "unreachable",
    "damaged",
]

# Spotify counts requests in a window of 30 seconds that moves with the clock.
WINDOW = timedelta(seconds=30)
# A day's quota moves as well: it is there again 24 hours after the first request.
QUOTA_WINDOW = timedelta(hours=24)
# A longer wait is a mistake; it would switch Spotify off for good.
LONGEST_PAUSE = timedelta(hours=48)
# Spotify itself writes the time in full seconds, so its clock may be one ahead of ours.
SHORTEST_PAUSE = timedelta(seconds=1)

PAUSE_REASONS: Mapping[Kind, str] = {
    "busy": "Spotify asks for a pause",
    "quota": "Your Spotify app has used up its requests for a day",
}

_SENTENCES: Mapping[Kind, str] = {
    "signed_out": "Spotify does not accept this sign-in any more: sign in again on the "
    "Spotify page.",
    "not_allowed": "Your Spotify app does not know this account: open the app at "
    "developer.spotify.com/dashboard, add the account under “User Management”, and sign in again.",
    "premium": "The owner of your Spotify app needs Spotify Premium: subscribe with the account "
    "that made the app, and try again; Spotify can take a few hours to notice.",
    "forbidden": "Spotify does not allow this: it opens playlists only to the people they belong "
    "to. Choose a playlist of your own.",
    "scope": "Spotify needs your consent once more: on the Spotify page press “Sign in again” "
    "under “Account and app”, and agree to all that it asks.",
    "not_found": "Spotify does not have this, or does not show it to apps: check the link. "
    "Playlists that Spotify makes itself are not shown to apps.",
    "bad_request": "Spotify does not accept what Segue asked of it (HTTP {status}): please tell "
    "the people who make Segue.",
    "unreachable": "Spotify gives no usable answer{status}: check your connection, and try again "
    "in a few minutes.",
    "damaged": "Spotify's answer cannot be read: try again in a few minutes, and check the "
    "setting SEGUE_SPOTIFY_API_URL if you changed it.",
}
_UNKNOWN_APP = (
    "Spotify does not know this client ID with this client secret: check both on the Spotify page."
)


class SpotifyProblem(SegueError):
    """Spotify refuses, or cannot be reached.

    Parameters
    ----------
    kind : str
        What to do about it; one of `Kind`.
    sentence : str
        For people: what to do next.
    until : datetime or None
        When it ends (UTC); known for ``"busy"`` and ``"quota"`` only.
    """

    def __init__(self, kind: Kind, sentence: str = "", until: datetime | None = None) -> None:
        super().__init__(sentence or _SENTENCES[kind].format(status=""))
        self.kind: Kind = kind
        self.until = until


def problem_of(status: int, body: str, headers: Mapping[str, str], now: datetime) -> SpotifyProblem:
    """Read an answer that is a refusal.

    Parameters
    ----------
    status : int
        HTTP status, 400 or more.
    body : str
        What the answer held: Spotify's JSON, that of its accounts service, or any text.
    headers : mapping of str to str
        Of the answer; looked up by their usual spelling.
    now : datetime
        With its zone.
    """
    message, reason = _said(body)
    if status == 429:
        kind: Kind = "quota" if reason == "quota_exceeded" else "busy"
        return pause_problem(kind, now + _wait(kind, headers, now), now)
    if message.startswith("invalid_client"):
        return SpotifyProblem("bad_request", _UNKNOWN_APP)
    kind = _kind(status, message)
    shown = f" (HTTP {status})" if kind == "unreachable" else str(status)
    return SpotifyProblem(kind, _SENTENCES[kind].format(status=shown))


def pause_problem(kind: Kind, until: datetime, now: datetime) -> SpotifyProblem:
    """Say that Spotify wants to be left alone for a while.

    Parameters
    ----------
    kind : {"busy", "quota"}
    until : datetime
        When the pause ends.
    now : datetime
        With its zone.
    """
    sentence = (
        f"{PAUSE_REASONS[kind]} until {_local(until, now)}: try again then. "
        "All else in Segue works on."
    )
    return SpotifyProblem(kind, sentence, until)


def paused_problem(until: datetime, reason: str, now: datetime) -> SpotifyProblem:
    """Say the same of a pause that was kept with the reason in `PAUSE_REASONS`."""
    kind: Kind = "quota" if reason == PAUSE_REASONS["quota"] else "busy"
    return pause_problem(kind, until, now)


def _kind(status: int, message: str) -> Kind:
    if status == 401 or message.startswith("invalid_grant"):
        return "signed_out"
    if status == 403:
        if "premium" in message:
            return "premium"
        if "registered" in message or "user management" in message:
            return "not_allowed"
        return "scope" if "scope" in message else "forbidden"
    if status == 404:
        return "not_found"
    return "unreachable" if status >= 500 or status == 408 else "bad_request"


def _said(body: str) -> tuple[str, str]:
    """Message and reason in an answer, in lower case; a text that is no JSON is its message."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return body.lower(), ""
    error = value.get("error") if isinstance(value, dict) else None
    if isinstance(error, dict):
        return str(error.get("message", "")).lower(), str(error.get("reason", "")).lower()
    said = value.get("error_description", "") if isinstance(value, dict) else ""
    return f"{error or ''} {said}".lower().strip(), ""


def _wait(kind: Kind, headers: Mapping[str, str], now: datetime) -> timedelta:
    asked = _retry_after(headers, now)
    if kind == "quota":
        return min(asked or QUOTA_WINDOW, LONGEST_PAUSE)
    return min(max(asked if asked is not None else WINDOW, SHORTEST_PAUSE), LONGEST_PAUSE)


def _retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """What ``Retry-After`` asks for, as seconds or as an HTTP date; None if it cannot be read."""
    text = str(headers.get("Retry-After") or "").strip()
    if text.isascii() and text.isdigit():
        # More digits than any real wait has would not fit into a timedelta.
        return timedelta(seconds=int(text)) if len(text) < 10 else LONGEST_PAUSE
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(timedelta(), moment - now)


def _local(until: datetime, now: datetime) -> str:
    """Time of day where Segue runs, rounded up to a full minute; with the day if not today."""
    moment = until.astimezone()
    if moment.second or moment.microsecond:
        moment = (until + timedelta(minutes=1)).astimezone().replace(second=0, microsecond=0)
    if moment.date() == now.astimezone().date():
        return f"{moment:%H:%M}"
    return f"{moment:%H:%M} on {moment.day} {moment:%B}"
