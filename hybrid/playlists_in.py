"""Bring a playlist of another program into the catalogue: its tracks, and a crate of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data.catalogue import Catalogue
from data.errors import SegueError
from data.identity import make_track
from data.playlists import paths, read_file
from data.records import Entry, Playlist, SetAside, Track
from hybrid.audio_files import SUFFIXES, absolute

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and of how much; may raise to stop."""

_REASONS = {
    "unknown": "it does not say which track this is",
    "no artist": "the artist is missing",
    "no title": "the title is missing",
    "not music": "it is no track",
    "unreadable": "its name is empty or too long",
}


@dataclass(frozen=True, slots=True)
class PlaylistSummary:
    """What an import of a playlist file brought in.

    Parameters
    ----------
    summary : str
        The same in one line for people.
    entries : int
        Tracks that the file lists, over all its playlists.
    matched : int
        Entries whose recording the catalogue held already.
    new : int
        Recordings made for the others.
    skipped : int
        Entries that name no track.
    repeated : int
        Entries that name a track of their playlist once more: a crate holds each once.
    crates : tuple of int
        The crates that the playlists became, in file order.
    made : int
        How many of them are new; the others held exactly the same already.
    files : tuple of str
        Sound files on this machine that the playlists name and the catalogue does not know.
    set_aside : tuple of SetAside
        What could not be taken in, and why.
    """

    summary: str = ""
    entries: int = 0
    matched: int = 0
    new: int = 0
    skipped: int = 0
    repeated: int = 0
    crates: tuple[int, ...] = ()
    made: int = 0
    files: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True)
class _Usable:
    """A playlist's entries as the catalogue writes names, and their names as the file does."""

    name: str
    entries: list[Entry]
    written: list[Track]
    said_by: str


def import_playlist(
    catalogue: Catalogue,
    path: Path | str,
    *,
    crate: str = "",
    progress: Progress | None = None,
) -> PlaylistSummary:
    """Read a playlist file of any known format, and make a crate of each playlist in it.

    A track is the recording of its exact name, of its file or of an id that stands beside
    it; one that the catalogue does not know is added to it. A crate is never changed: where
    one of the playlist's name holds something else, the new one gets a number, and where one
    holds exactly the same, nothing is made. So a second import changes nothing. Tempo, key, length
    and year are kept as the word of rekordbox and of Traktor, and of nobody else.

    Parameters
    ----------
    catalogue : Catalogue
        Where it goes, playlist by playlist; one that is in stays in after a cancel.
    path : Path or str
        M3U, rekordbox XML, Traktor NML, CSV, JSPF or plain text.
    crate : str
        Name of the crate; the playlist's own unless given. Of several playlists it stands
        in front of their names.
    progress : callable, optional
        Told ``(step, done, total)``; what it raises ends the import.

    Raises
    ------
    SegueError
        If the file cannot be read, or names no track at all; nothing was changed then.
    """
    path = Path(path)
    tell = progress or (lambda step, done, total: None)
    tell("Reading the playlist", 0, 0)
    playlists = [playlist for playlist in read_file(path) if playlist.entries or playlist.set_aside]
    crate = " ".join(crate.split())
    usable: list[_Usable] = []
    aside: list[SetAside] = []
    skipped = 0
    for playlist in playlists:
        several = f"{crate}: {playlist.name}" if crate else playlist.name
        name = crate if crate and len(playlists) == 1 else several
        entries, written, left = _identified(playlist, path)
        aside += [*playlist.set_aside, *left]
        skipped += len(left)
        if entries:
            usable.append(_Usable(name, entries, written, playlist.said_by))
    if not usable:
        reason = f" ({aside[0].where}: {aside[0].reason})" if aside else ""
        raise SegueError(
            f"{path.name} names no track that Segue can take in{reason}: "
            "check that its tracks have an artist and a title."
        )
    found = _add(catalogue, usable, tell)
    tell("Looking for the files", 0, 0)
    files = _files(catalogue, (entry for playlist in usable for entry in playlist.entries))
    total = sum(len(playlist.entries) for playlist in playlists)
    return _summed(
        replace(found, entries=total, skipped=skipped, files=files, set_aside=tuple(aside))
    )


def _identified(playlist: Playlist, path: Path) -> tuple[list[Entry], list[Track], list[SetAside]]:
    """Return the entries that name a track, as the catalogue writes names, and the others.

    Between the two stand the names of the first as the file writes them.
    """
    entries, names, aside = [], [], []
    for number, entry in enumerate(playlist.entries, start=1):
        written = entry.track
        track = make_track(
            written.artist,
            written.full_title,
            written.label,
            genre=written.genre,
            ids=written.ids,
        )
        if not isinstance(track, Track):
            place = f"{path.name}, {playlist.name}, track {number}"
            aside.append(SetAside(place, f"{_REASONS[track.reason]}: {_shown(entry)}"))
            continue
        if written.catalogue_number and not track.catalogue_number:
            track = replace(track, catalogue_number=written.catalogue_number)
        entries.append(replace(entry, track=track, path=_local(entry.path, path.parent)))
        names.append(written)
    return entries, names, aside


def _shown(entry: Entry) -> str:
    name = " - ".join(filter(None, (entry.track.artist, entry.track.full_title)))
    name = name or paths.file_name(entry.path) or "an empty line"
    return name if len(name) <= 100 else f"{name[:99]}…"


def _local(path: str, folder: Path) -> str:
    """Return a path from the root; one that is not stands beside the playlist."""
    if not path or paths.is_absolute(path):
        return path
    # A list made on Windows is read beside its files on another system too.
    return str(absolute(folder / path.replace("\\", os.sep)))


def _add(catalogue: Catalogue, playlists: Sequence[_Usable], tell: Progress) -> PlaylistSummary:
    total = sum(len(playlist.entries) for playlist in playlists)
    came, done = PlaylistSummary(), 0
    for playlist in playlists:
        tell("Adding tracks", done, total)
        crate = catalogue.add_playlist(
            playlist.name,
            playlist.entries,
            written=playlist.written,
            said_by=playlist.said_by,
        )
        done += len(playlist.entries)
        came = replace(
            came,
            matched=came.matched + crate.matched,
            new=came.new + crate.new,
            repeated=came.repeated + crate.repeated,
            crates=tuple(dict.fromkeys((*came.crates, crate.crate_id))),
            made=came.made + crate.made,
        )
    tell("Adding tracks", total, total)
    return came


def _files(catalogue: Catalogue, entries: Iterable[Entry]) -> tuple[str, ...]:
    """Return the sound files that are here and were never listened to, in order."""
    here = list(dict.fromkeys(_present(entry.path for entry in entries)))
    known = catalogue.known_files(here)
    return tuple(str(path) for path in here if path not in known)


def _present(written: Iterable[str]) -> Iterator[Path]:
    for path in written:
        # To look for a file on a share is to sign in at the server that the list names.
        if not path or paths.is_share(path) or not os.path.isabs(path):
            continue
        # os.path also says no to a name that no system takes, where Path raises.
        if Path(path).suffix.lower() in SUFFIXES and os.path.isfile(path):
            yield Path(path)


def _summed(came: PlaylistSummary) -> PlaylistSummary:
    crates = f"{len(came.crates):,} crate{'s' if len(came.crates) > 1 else ''}"
    if not came.made and not came.new:
        said = f"Nothing changed: {crates} held exactly this already."
    else:
        said = f"Tracks: {came.matched:,} known already, {came.new:,} new, in {crates}."
    if came.skipped:
        said += f" Left out: {came.skipped:,}."
    return replace(came, summary=said)
