"""Bring playlists of another program into the catalogue: their tracks, and a crate of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data.catalogue import Catalogue
from data.catalogue.named import NamedCrate, NamedTracks
from data.errors import SegueError
from data.identity import make_track
from data.playlists import paths, read_file
from data.records import Entry, Playlist, SetAside, Track
from hybrid.audio_files import SUFFIXES, absolute

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and of how much; may raise to stop."""

_AT_ONCE = 2000
"""Tracks of a collection that come in together, so that others need not wait for all of it."""
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
        Tracks that the file lists, over all its playlists and the rest of its collection.
    collection : int
        Those taken in that stand in no playlist, and so in no crate.
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
    told : int
        Recordings of which the DJ's program says something else than before.
    files : tuple of str
        Sound files on this machine that the playlists name and the catalogue does not know.
    set_aside : tuple of SetAside
        What could not be taken in, and why.
    """

    summary: str = ""
    entries: int = 0
    collection: int = 0
    matched: int = 0
    new: int = 0
    skipped: int = 0
    repeated: int = 0
    crates: tuple[int, ...] = ()
    made: int = 0
    told: int = 0
    files: tuple[str, ...] = ()
    set_aside: tuple[SetAside, ...] = ()


@dataclass(frozen=True, slots=True)
class _Usable:
    """What comes in at once: a playlist, or a part of the collection.

    The entries are as the catalogue writes names; beside them, their names as the file does.
    """

    name: str
    entries: list[Entry]
    written: list[Track]
    said_by: str
    collection: bool


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
    and year are kept as the word of rekordbox and of Traktor, and of nobody else. Of their
    collections, tracks that stand in no playlist come in too, without a crate.

    Parameters
    ----------
    catalogue : Catalogue
        Where it goes, playlist by playlist and then the rest of the collection in parts; what is
        in stays in after a cancel.
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
    lists = sum(not playlist.collection for playlist in playlists)
    usable: list[_Usable] = []
    aside: list[SetAside] = []
    skipped = 0
    for playlist in playlists:
        several = f"{crate}: {playlist.name}" if crate else playlist.name
        name = crate if crate and lists == 1 else several
        entries, written, left = _identified(playlist, path)
        aside += [*playlist.set_aside, *left]
        skipped += len(left)
        step = _AT_ONCE if playlist.collection else max(1, len(entries))
        for start in range(0, len(entries), step):
            part = slice(start, start + step)
            come = _Usable(
                name, entries[part], written[part], playlist.said_by, playlist.collection
            )
            usable.append(come)
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
    return summed(
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
    spoken_of: set[int] = set()
    for playlist in playlists:
        tell("Adding tracks", done, total)
        entries = playlist.entries
        tracks: NamedTracks | NamedCrate
        if playlist.collection:
            tracks = catalogue.add_collection(
                entries, written=playlist.written, said_by=playlist.said_by, spoken_of=spoken_of
            )
            came = replace(came, collection=came.collection + len(entries))
        else:
            tracks = catalogue.add_playlist(
                playlist.name,
                entries,
                written=playlist.written,
                said_by=playlist.said_by,
                spoken_of=spoken_of,
            )
            came = replace(
                came,
                repeated=came.repeated + tracks.repeated,
                crates=tuple(dict.fromkeys((*came.crates, tracks.crate_id))),
                made=came.made + tracks.made,
            )
        done += len(entries)
        came = replace(
            came,
            matched=came.matched + tracks.matched,
            new=came.new + tracks.new,
            told=came.told + tracks.told,
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


def summed(came: PlaylistSummary) -> PlaylistSummary:
    """Return what came in with its line for people."""
    crates = f"{len(came.crates):,} crate{'s' if len(came.crates) > 1 else ''}"
    if not (came.made or came.new or came.told):
        held = f"{crates} held" if came.crates else "the library held"
        said = f"Nothing changed: {held} exactly this already."
    else:
        where = f", in {crates}" if came.crates else ""
        said = f"Tracks: {came.matched:,} known already, {came.new:,} new{where}."
        # Of new ones all that it says is new.
        if (told := came.told - came.new) > 0:
            said += f" Your software says something new of {told:,} known already."
        if came.repeated:
            said += f" Named more than once: {came.repeated:,}."
    if came.collection:
        said += f" In no playlist: {came.collection:,}."
    if came.skipped:
        said += f" Left out: {came.skipped:,}."
    return replace(came, summary=said)
