"""Write a playlist to Spotify, so that it can be done again after whatever went wrong.

Spotify has no transactions, and a write whose answer does not come may have been done. So
nothing that is uncertain is written twice: what the playlist holds is read first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from data.catalogue import PushBook
from hybrid.spotify.plan import Plan, Step, next_step, reference
from scrapers.spotify import Me, PlaylistInfo, PlaylistItem, SpotifyProblem

Tell = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and of how much; may raise to stop."""

_TRIES = 3
"""Writes in a row that change nothing, and looks in a row that do not show what was written."""
_LATE_S = 2.0
"""How long a write may still come through after its answer did not come, or take to be shown."""
# After a write these leave open whether it was done; "busy" says that it was not.
_PASSING = frozenset({"unreachable", "damaged", "busy"})


class Writer(Protocol):
    """What of Spotify's client is needed to write playlists; see `scrapers.spotify`."""

    def me(self) -> Me:
        """Return whose playlists they are."""

    def playlists(self) -> Iterator[PlaylistInfo]:
        """Return the playlists in the DJ's library."""

    def playlist(self, ident: str) -> PlaylistInfo:
        """Return one of them."""

    def items(self, ident: str) -> Iterator[PlaylistItem]:
        """Return what a playlist holds, in order."""

    def create_playlist(self, name: str, description: str, public: bool = False) -> PlaylistInfo:
        """Make an empty playlist."""

    def add_items(self, ident: str, uris: tuple[str, ...]) -> str:
        """Put up to 100 tracks at the end; return the playlist's new snapshot."""

    def replace_items(self, ident: str, uris: tuple[str, ...]) -> str:
        """Put up to 100 tracks in the place of everything; return the new snapshot."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What came of a push.

    Parameters
    ----------
    playlist_id, name, link : str
        The playlist.
    total : int
        Entries that it holds now.
    added, there : int
        Tracks of the plan that were put in, and that it held before.
    gone : int
        Entries that were replaced by the plan and are not in it.
    verified : bool
        Whether all of the plan was found there afterwards.
    wrote : bool
        False if there was nothing to do.
    """

    playlist_id: str
    name: str
    link: str
    total: int
    added: int
    there: int
    gone: int
    verified: bool
    wrote: bool


def push(
    writer: Writer,
    book: PushBook,
    plan: Plan,
    *,
    tell: Tell = lambda step, done, total: None,
    sleep: Callable[[float], None] = lambda seconds: None,
) -> Pushed:
    """Write a plan, or as much of it as is missing, and read it back.

    Parameters
    ----------
    writer : Writer
    book : PushBook
        Holds how far a push came that was begun before.
    plan : Plan
    tell : callable
        Told how far it is.
    sleep : callable
        Waits, in seconds, before what is uncertain is looked at.

    Raises
    ------
    SpotifyProblem
        If Spotify refuses, or gives no answer again and again. Then the same push goes on from
        there.
    """
    digest = plan.digest(writer.me().account_id)
    name = plan.name or plan.playlist_id
    begun = book.open(digest, crate_id=plan.crate_id, mode=plan.mode, name=name)
    tell("Looking for the playlist", 0, 0)
    made = False
    if plan.mode != "new":
        target = writer.playlist(plan.playlist_id)
    elif (found := _made_before(writer, digest, begun.playlist_id)) is not None:
        target = found
    else:
        target, made = _create(writer, plan.name, digest, sleep), True
    before = [] if made else _read(writer, target.ident, tell)
    forgotten = not made and begun.playlist_id != target.ident
    settled = not made and (begun.done or (forgotten and _is_whole(plan, before)))
    # Whether it is settled is kept with its id: this push may die, and the next one knows the id.
    done = settled if made or (forgotten and plan.mode == "new") else None
    book.keep(digest, playlist_id=target.ident, link=target.link, done=done)
    writing = _Writing(writer, plan, target.ident, settled, tell, sleep)
    for snapshot in writing.steps(before, was_read=not made):
        book.keep(digest, snapshot_id=snapshot)
    after = writing.present
    book.keep(digest, total=len(after), done=writing.verified)
    held, now = set(before), set(after)
    there = sum(uri in held for uri in plan.uris)
    return Pushed(
        target.ident,
        target.name or plan.name,
        target.link,
        total=len(after),
        added=sum(uri in now for uri in plan.uris) - there,
        there=there,
        gone=sum(uri not in now for uri in before),
        verified=writing.verified,
        wrote=made or writing.wrote,
    )


class _Writing:
    """Brings one playlist step by step to what its plan says.

    `present` is what it holds, as far as is known; `wrote` and `verified` say whether anything
    was written, and whether all was found there afterwards.
    """

    def __init__(
        self,
        writer: Writer,
        plan: Plan,
        ident: str,
        settled: bool,
        tell: Tell,
        sleep: Callable[[float], None],
    ) -> None:
        self._writer = writer
        self._plan = plan
        self._ident = ident
        self._settled = settled
        self._tell = tell
        self._sleep = sleep
        self.present: list[str] = []
        self.wrote = self.verified = False

    def read(self) -> list[str]:
        """Return what the playlist holds."""
        return _read(self._writer, self._ident, self._tell)

    def steps(self, present: list[str], *, was_read: bool) -> Iterator[str]:
        """Write what is missing until what is read is what was planned; yield each snapshot.

        Parameters
        ----------
        present : list of str
            What the playlist holds.
        was_read : bool
            Whether Spotify said so; else it only follows from what was written.
        """
        self.present = present
        failed = looked = 0
        while True:
            step = self._next(self.present)
            if step is None and was_read:
                self.verified = True
                return
            if step is None:
                if not self._read_back(self.present):
                    return
                was_read, looked = True, looked + 1
                continue
            if looked == _TRIES:
                return  # Spotify does not keep what is written
            self._say()
            try:
                snapshot = self._write(step)
            except SpotifyProblem as problem:
                failed += 1
                if problem.kind not in _PASSING or failed == _TRIES:
                    raise
                if problem.kind == "busy":
                    continue  # nothing was done; the client waits if that is short
                self._sleep(_LATE_S)
                was = self.present
                if not self._read_back(was if step.kind == "add" else []):
                    raise
                was_read = True
                if self.present != was:
                    failed = 0
            else:
                self.present, was_read, failed = step.done(self.present), False, 0
                yield snapshot

    def _next(self, present: list[str]) -> Step | None:
        return next_step(self._plan.mode, self._plan.uris, present, settled=self._settled)

    def _read_back(self, confirmed: list[str]) -> bool:
        """Read what the playlist holds, and say whether all is there that Spotify confirmed.

        What was just written may take a moment to be shown: it must not be written again.
        """
        for tried in range(_TRIES):
            if tried:
                self._sleep(_LATE_S)
            self.present = self.read()
            if self._next(self.present) is None or set(confirmed) <= set(self.present):
                return True
        return False

    def _write(self, step: Step) -> str:
        self.wrote = True
        write = self._writer.add_items if step.kind == "add" else self._writer.replace_items
        return write(self._ident, step.uris)

    def _say(self) -> None:
        held = set(self.present)
        done = sum(uri in held for uri in self._plan.uris)
        self._tell("Writing to Spotify", done, len(self._plan.uris))


def _read(writer: Writer, ident: str, tell: Tell) -> list[str]:
    uris: list[str] = []
    for item in writer.items(ident):
        uris.append(item.uri)
        tell("Reading the playlist", len(uris), 0)
    return uris


def _is_whole(plan: Plan, present: list[str]) -> bool:
    """Whether a playlist of which nothing is known any more looks as if its push was finished.

    Signing out forgets what was written. What then holds all of the plan once, in whatever
    order, is the DJ's; what lacks tracks or holds some twice was left half written. An entry that
    Spotify no longer has may be anybody's, so nothing is put in its place.
    """
    times = Counter(present)
    return "" in times or all(times[uri] == 1 for uri in plan.uris)


def _made_before(writer: Writer, digest: str, known: str) -> PlaylistInfo | None:
    """Return the playlist that this push made, if it is in the DJ's library still.

    One that was made just before a crash is known by its description only.
    """
    mark = reference(digest)
    for playlist in writer.playlists():
        if playlist.owned and (playlist.ident == known or mark in playlist.description):
            return playlist
    return None


def _create(writer: Writer, name: str, digest: str, sleep: Callable[[float], None]) -> PlaylistInfo:
    description = f"Made with Segue. {reference(digest)}"
    for tried in count(1):
        try:
            return writer.create_playlist(name, description)
        except SpotifyProblem as problem:
            if problem.kind not in _PASSING:
                raise
            if problem.kind != "busy":
                sleep(_LATE_S)
                if (found := _made_before(writer, digest, "")) is not None:
                    return found
            if tried == _TRIES:
                raise
    raise AssertionError("count ends")
