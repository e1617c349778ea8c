"""Bring a playlist of the DJ's from Spotify into the catalogue, as a crate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import Entry, SetAside, Track
from hybrid.playlists_in import PlaylistSummary, summed
from hybrid.spotify.names import as_track
from hybrid.spotify.push import Tell
from scrapers.spotify import PlaylistInfo, PlaylistItem


class Reader(Protocol):
    """What of Spotify's client is needed to read playlists; see `scrapers.spotify`."""

    def playlist(self, ident: str) -> PlaylistInfo:
        """Return a playlist."""

    def items(self, ident: str) -> Iterator[PlaylistItem]:
        """Return what it holds, in order."""


def bring(
    reader: Reader,
    catalogue: Catalogue,
    playlist_id: str,
    *,
    crate: str = "",
    tell: Tell = lambda step, done, total: None,
) -> PlaylistSummary:
    """Read a playlist and make a crate of it; a second time changes nothing.

    Parameters
    ----------
    reader : Reader
    catalogue : Catalogue
    playlist_id : str
        Of a playlist that the DJ owns or edits with others: Spotify shows apps no other.
    crate : str
        Name of the crate; the playlist's own unless given.
    tell : callable
        Told how far it is.

    Raises
    ------
    SegueError
        If it names no track; nothing was changed then.
    SpotifyProblem
        If Spotify does not show it.
    """
    tell("Reading the playlist", 0, 0)
    playlist = reader.playlist(playlist_id)
    name = " ".join(crate.split()) or playlist.name
    entries: list[Entry] = []
    aside: list[SetAside] = []
    place = 0
    for place, item in enumerate(reader.items(playlist_id), start=1):
        tell("Reading the playlist", place, max(place, playlist.total))
        entry = _entry(item)
        if isinstance(entry, Entry):
            entries.append(entry)
        else:
            aside.append(SetAside(f"{playlist.name}, track {place}", entry))
    if not entries:
        reason = f" ({aside[0].reason})" if aside else ""
        raise SegueError(
            f"“{playlist.name}” holds no track that Segue can take in{reason}: choose another one."
        )
    tell("Adding tracks", place, place)
    made = catalogue.add_playlist(name, entries)
    return summed(
        PlaylistSummary(
            entries=place,
            matched=made.matched,
            new=made.new,
            skipped=len(aside),
            repeated=made.repeated,
            crates=(made.crate_id,),
            made=int(made.made),
            set_aside=tuple(aside),
        )
    )


def _entry(item: PlaylistItem) -> Entry | str:
    """Return an item as an entry of a playlist, or why it is none."""
    if item.track is None:
        return f"{item.why}: {item.name}" if item.name else item.why
    track = as_track(item.track)
    if not isinstance(track, Track):
        return f"it does not say which track this is: {item.name or item.track.title}"
    return Entry(track, duration_s=item.track.duration_s)
