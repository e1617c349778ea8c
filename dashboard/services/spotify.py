"""Spotify as the page sees it: the sign-in, crates matched and pushed, playlists brought in."""

from __future__ import annotations

import csv
import io
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from dashboard.services.library import Library
from data.catalogue import Job
from data.errors import SegueError
from data.playlists.csv import cell

if TYPE_CHECKING:
    from hybrid.spotify.account import Account
    from scrapers.spotify.reading import PlaylistInfo

MATCH, PUSH, BRING = KINDS = ("spotify_match", "spotify_push", "spotify_playlist")
MODES = ("new", "replace", "append")
MOST_PLAYLISTS = 1000
LONGEST_NAME = 100
_KEPT_S = 60.0
_SHORTEST_S = 45.0
_LOOKED_AT = 60  # jobs; one that was begun twice is among the newest
_IDENT = re.compile(r"[0-9A-Za-z]{16,40}")
_SPOTIFY_HOSTS = ("open.spotify.com", "play.spotify.com")


def account(library: Library) -> Account:
    """Return the DJ's Spotify account: signed in, or not yet."""
    from hybrid.spotify.account import Account

    return Account(library.catalogue, library.settings)


def set_app(library: Library, client_id: str | None, client_secret: str | None) -> None:
    """Keep the Spotify app that the DJ made; SegueError if what was typed can be none."""
    account(library).set_keys(client_id or "", client_secret or "")


def sign_out(library: Library) -> None:
    """Forget the sign-in and everything that was asked of Spotify."""
    account(library).sign_out()
    _shelf.forget(library)


def forget_app(library: Library) -> None:
    """Forget the app and with it the sign-in."""
    account(library).forget_app()
    _shelf.forget(library)


def look_anew(library: Library) -> None:
    """Show nothing of an account that was signed in before."""
    _shelf.forget(library)


# -- the DJ's own playlists


class _Shelf:
    """The playlists of each library's account, as they were a moment ago."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[float, list[PlaylistInfo]]] = {}

    def of(self, library: Library, *, again: bool) -> list[PlaylistInfo]:
        key = library.settings.url
        with self._lock:
            read_at, found = self._kept.get(key, (-_KEPT_S, []))
        if not again and time.monotonic() - read_at < _KEPT_S:
            return found
        found = []
        for playlist in account(library).client().playlists():
            found.append(playlist)
            if len(found) == MOST_PLAYLISTS:
                break
        with self._lock:
            self._kept[key] = (time.monotonic(), found)
        return found

    def forget(self, library: Library) -> None:
        with self._lock:
            self._kept.pop(library.settings.url, None)


_shelf = _Shelf()


def own_playlists(library: Library, *, again: bool = False) -> list[PlaylistInfo]:
    """Return the playlists that the DJ owns; this asks Spotify.

    Parameters
    ----------
    again : bool
        Whether to ask anew, however fresh the last answer is.
    """
    return [playlist for playlist in _shelf.of(library, again=again) if playlist.owned]


def last_playlist(library: Library, crate_id: int) -> str:
    """Return the id of the playlist that a crate went to last; empty if it went nowhere."""
    pushes = library.catalogue.pushes.of_crate(crate_id)
    return next((push.playlist_id for push in pushes if push.playlist_id), "")


# -- matching and pushing a crate


def start_match(library: Library, crate_id: int) -> int:
    """Look for every track of a crate on Spotify; return the job."""
    state = library.catalogue.crate_state(crate_id)
    if not state.ids:
        raise SegueError("This crate is empty: add tracks to it, then match it.")
    title = f"Match “{state.name}” with Spotify"
    return _start_once(library, MATCH, title, {"crate_id": crate_id})


def job_of(library: Library, job_id: int | None, kind: str) -> Job | None:
    """Return a job of a kind; None if there is no such job, or none any more."""
    if job_id is None:
        return None
    try:
        job = library.catalogue.jobs.get(job_id)
    except SegueError:
        return None
    return job if job.kind == kind else None


def lengths(library: Library, matches: Sequence[Mapping[str, Any]]) -> dict[int, float]:
    """Return how long the DJ's own recordings last, in seconds, as far as that is known."""
    ids = [match["recording_id"] for match in matches]
    known = {
        ident: said.duration_s
        for ident, told in library.catalogue.said(ids).items()
        for said in reversed(told)
        if said.duration_s
    }
    for ident, heard in library.catalogue.sound(ids).items():
        # What lasts less is a clip: its length says nothing of the recording's.
        if heard.duration_s >= _SHORTEST_S:
            known[ident] = heard.duration_s
    return known


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a crate goes to Spotify, and what does not.

    Parameters
    ----------
    items : list of [int, str]
        Recording and Spotify id, in the order of the crate.
    left_out : list of dict
        ``recording_id``, ``artist``, ``title`` and ``reason`` of every other track.
    chosen : list of int
        Recordings whose track the DJ picked against the match, or where it was in doubt.
    dropped : list of int
        Matched recordings that the DJ left out by hand.
    """

    items: list[list[Any]]
    left_out: list[dict[str, Any]]
    chosen: list[int]
    dropped: list[int]


def wanted(matches: Sequence[Mapping[str, Any]], choices: Mapping[str, Any]) -> Wanted:
    """Return what goes to Spotify after the DJ's choices.

    Only what the match found can be chosen, whatever a browser sends.

    Parameters
    ----------
    matches : sequence of mapping
        Of a job that matched a crate.
    choices : mapping
        Recording id, as text, to a Spotify id; empty for a track that is to be left out. What
        is missing is as the match had it: matched ones go, doubtful ones do not.
    """
    items: list[list[Any]] = []
    left_out: list[dict[str, Any]] = []
    chosen: list[int] = []
    dropped: list[int] = []
    for match in matches:
        ident, default = match["recording_id"], default_choice(match)
        picked = choices.get(str(ident), default)
        if picked and picked in [found["id"] for found in offered(match)]:
            items.append([ident, picked])
            if picked != default:
                chosen.append(ident)
        else:
            entry = {name: match[name] for name in ("recording_id", "artist", "title")}
            left_out.append(entry | {"reason": _why_not(match)})
            if default and picked == "":
                dropped.append(ident)
    return Wanted(items, left_out, chosen, dropped)


def offered(match: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the tracks of Spotify that a match offers, best first, each once."""
    found = [match.get("chosen"), *(match.get("alternatives") or ())]
    return list({track["id"]: track for track in found if track}.values())


def default_choice(match: Mapping[str, Any]) -> str:
    """Return the Spotify id that goes if nobody says otherwise; empty for none."""
    chosen = match.get("chosen")
    return str(chosen["id"]) if match["state"] == "matched" and chosen else ""


def _why_not(match: Mapping[str, Any]) -> str:
    if match["state"] == "missing" or not offered(match):
        return match.get("why") or "Not found on Spotify."
    if match["state"] == "doubtful":
        return f"Doubtful, and none was chosen. {match.get('why') or ''}".strip()
    return "You left it out."


def start_push(
    library: Library,
    match_id: int,
    choices: Mapping[str, Any],
    *,
    mode: str,
    name: str = "",
    playlist_id: str = "",
) -> int:
    """Write what was matched and chosen to a playlist; return the job.

    Parameters
    ----------
    match_id : int
        The job that matched the crate.
    choices : mapping
        As in `wanted`.
    mode : {"new", "replace", "append"}
    name : str
        Of a new playlist.
    playlist_id : str
        Of the playlist that is replaced or added to.

    Raises
    ------
    SegueError
        If nothing would be written, or it is not said where to.
    """
    job = job_of(library, match_id, MATCH)
    if job is None or job.state != "done":
        raise SegueError("This match is not there any more: match the crate again.")
    if mode not in MODES:
        raise SegueError("Choose a new playlist, or one to replace or to add to.")
    what = wanted(job.result["matches"], choices)
    if not what.items:
        raise SegueError("Nothing would be pushed: choose at least one track.")
    name = " ".join(name.split())[:LONGEST_NAME]
    if mode == "new" and not name:
        raise SegueError("Give the new playlist a name.")
    if mode != "new" and not _IDENT.fullmatch(playlist_id):
        raise SegueError("Choose the playlist that the tracks go to.")
    options = {
        "crate_id": int(job.result["crate_id"]),
        "mode": mode,
        "playlist_id": "" if mode == "new" else playlist_id,
        "name": name,
        "items": what.items,
        "left_out": what.left_out,
        "chosen": what.chosen,
        "dropped": what.dropped,
    }
    _shelf.forget(library)  # there may be one more soon
    return _start_once(library, PUSH, f"Push {_count(what.items)} to Spotify", options)


def go_on(library: Library, job_id: int) -> None:
    """Take up a push that stopped half way."""
    library.catalogue.jobs.resume(job_id)
    library.wake()


def left_out_csv(job: Job) -> bytes:
    """Return what a push left out as CSV that a spreadsheet opens without calculating anything."""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    columns = ("artist", "title", "reason")
    table.writerow(columns)
    for entry in job.result.get("left_out") or ():
        table.writerow([cell(str(entry[column])) for column in columns])
    # With a mark in front, so that spreadsheets read it as UTF-8.
    return text.getvalue().encode("utf-8-sig", "replace")


def _count(items: Sequence[Any]) -> str:
    return f"{len(items):,} track{'' if len(items) == 1 else 's'}"


# -- bringing a playlist


def playlist_ident(text: str | None) -> str:
    """Return the id of a playlist that a link, a URI or the id itself names.

    Raises
    ------
    SegueError
        If it names none.

    Examples
    --------
    >>> playlist_ident("https://open.spotify.com/intl-de/playlist/7abcDEF0123456789xyzQR?si=1")
    '7abcDEF0123456789xyzQR'
    """
    said = (text or "").strip()
    if not said:
        raise SegueError("Paste the link of a playlist, or choose one.")
    kind, ident = _parts_of(said)
    if kind == "playlist" and _IDENT.fullmatch(ident):
        return ident
    if kind in ("track", "album", "artist", "episode", "show"):
        raise SegueError(
            f"That is the link of {'an' if kind[0] in 'ae' else 'a'} {kind}: paste that of a "
            "playlist that you own."
        )
    raise SegueError(
        "That is no link of a playlist: in Spotify, open yours, then Share, Copy link to playlist."
    )


def _parts_of(said: str) -> tuple[str, str]:
    """Return what a link is of, and its id; the longest links that make sense are short."""
    if len(said) > 500:
        return "", ""
    if said.startswith("spotify:"):
        parts = said.split(":")
    elif _IDENT.fullmatch(said):
        return "playlist", said
    else:
        try:
            address = urlsplit(said if "//" in said else f"https://{said}")
            host = address.hostname
        except ValueError:
            return "", ""
        parts = address.path.strip("/").split("/") if host in _SPOTIFY_HOSTS else []
    return (parts[-2], parts[-1]) if len(parts) >= 2 else ("", "")


def start_bring(library: Library, link: str | None, crate: str | None) -> int:
    """Make a crate of a playlist; return the job."""
    options = {"playlist_id": playlist_ident(link), "crate": (crate or "").strip()[:200]}
    return _start_once(library, BRING, "Bring a playlist from Spotify", options)


def _start_once(library: Library, kind: str, title: str, options: Mapping[str, Any]) -> int:
    """Queue a job, unless the very same waits or runs already: people press twice."""
    for job in library.catalogue.jobs.recent(_LOOKED_AT):
        if job.live and not job.cancelling and job.kind == kind and job.options == dict(options):
            return job.id
    return library.start_job(kind, title, options)
