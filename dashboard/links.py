"""A link of Spotify that a person pasted: what it is of, whether it can be asked about, its job.

For page and terminal alike. Nothing here asks Spotify; the jobs do.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.records import OutsideId
    from data.settings import Settings
    from hybrid.spotify.account import Account

TRACK, PLAYLIST = "spotify_track", "spotify_playlist"
"""The kinds of the jobs."""
LONGEST_NAME = 200
PER_GENRE, MOST_PER_GENRE = 70, 10_000
"""How many tracks of each genre are taken from a list unless somebody says otherwise; the most."""
_BARE_ID = re.compile(r"[0-9A-Za-z]{22}")

Thing = Literal["track", "playlist"]


@dataclass(frozen=True, slots=True)
class Link:
    """What a pasted text is of, and its id at Spotify."""

    thing: Thing
    ident: str


@dataclass(frozen=True, slots=True)
class Asking:
    """Whether Spotify can be asked.

    Parameters
    ----------
    track, playlist : str
        Why it cannot be asked for a track, for a playlist; empty where it can.
    page_helps : bool
        Whether the Spotify page is where that is put right.
    """

    track: str = ""
    playlist: str = ""
    page_helps: bool = False

    def why_not(self, thing: Thing) -> str:
        """Return why it cannot be asked for a thing; empty if it can."""
        return self.track if thing == "track" else self.playlist


def spotify_id(text: str) -> str:
    """Return the id of the track that a link, a URI or a bare id names; empty if it names none.

    Examples
    --------
    >>> spotify_id("https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC?si=x")
    '4uLU6hMCjMI75M1A2tKUQC'
    >>> spotify_id("4uLU6hMCjMI75M1A2tKUQC"), spotify_id("Artist - Title")
    ('4uLU6hMCjMI75M1A2tKUQC', '')
    """
    outside = _parsed(text)
    if outside is not None:
        return outside.value if outside.scheme == "spotify" else ""
    return text.strip() if _BARE_ID.fullmatch(text.strip()) else ""


def read(text: str) -> Link:
    """Read a pasted link.

    Raises
    ------
    SegueError
        If it is none of a track or of a playlist.
    """
    outside = _parsed(text)
    if outside is not None and outside.scheme == "spotify:playlist":
        return Link("playlist", outside.value)
    if ident := spotify_id(text):
        return Link("track", ident)
    if not text.strip():
        raise SegueError("Paste the link of a track or of a playlist first.")
    if outside is not None and outside.scheme.startswith("spotify:"):
        kind = outside.scheme.partition(":")[2]
        raise SegueError(
            f"This Spotify link is of {'an' if kind[0] in 'ae' else 'a'} {kind}: paste that of a "
            "track, or of a playlist of your own."
        )
    raise SegueError(
        "This is no link of a Spotify track or playlist: in Spotify, choose Share, then Copy link."
    )


def _parsed(text: str) -> OutsideId | None:
    from data.identity import parse_outside_id  # late: `segue --help` answers at once

    return parse_outside_id(text)


def account(catalogue: Catalogue, settings: Settings) -> Account:
    """Return the DJ's Spotify account: signed in, or not yet."""
    from hybrid.spotify.account import Account

    return Account(catalogue, settings)


def asking(catalogue: Catalogue, settings: Settings) -> Asking:
    """Return whether Spotify can be asked, without asking it."""
    ours = account(catalogue, settings)
    state, keys = ours.state(), ours.keys()
    if state.stage == "no_app" or keys is None:
        said = "Segue cannot ask Spotify yet: set it up on the Spotify page, then try again."
        return Asking(said, said, page_helps=True)
    if state.paused_until is not None and state.paused_until > datetime.now(UTC):
        said = _paused(state.paused_until, state.paused_reason)
        return Asking(said, said)
    if state.stage == "signed_in":
        return Asking()
    said = "You are not signed in to Spotify: sign in on the Spotify page, then try again."
    # An app with a secret may look up tracks in its own name.
    return Asking("" if keys.client_secret else said, said, page_helps=True)


def _paused(until: datetime, reason: str) -> str:
    why = reason.rstrip(". ") or "Spotify asks for a pause"
    return f"{why} until {end_of(until)}: try again then."


def end_of(until: datetime, now: datetime | None = None) -> str:
    """Return when a wait is over here, not a minute too early; with the day if it is another.

    Parameters
    ----------
    until, now : datetime
        With their time zones.
    """
    local = until.astimezone()
    if local.second or local.microsecond:
        local = (until + timedelta(minutes=1)).astimezone().replace(second=0, microsecond=0)
    if local.date() == (now or datetime.now(UTC)).astimezone().date():
        return f"{local:%H:%M}"
    return f"{local:%H:%M} on {local.day} {local:%B}"


def job_of(link: Link, crate: str = "") -> tuple[str, str, Mapping[str, Any]]:
    """Return kind, title and options of the job that takes a link in."""
    if link.thing == "track":
        return TRACK, "Look up a track on Spotify", {"spotify_id": link.ident}
    options = {"playlist_id": link.ident, "crate": " ".join(crate.split())[:LONGEST_NAME]}
    return PLAYLIST, "Bring a playlist from Spotify", options
