"""What the catalogue knows of tracks, as the entries of a playlist file to take away."""

from __future__ import annotations

from collections.abc import Iterable

from data.catalogue import Catalogue
from data.records import Entry


def entries_of(catalogue: Catalogue, recording_ids: Iterable[int]) -> list[Entry]:
    """Return recordings as entries, in order, with their file, length, tempo and key.

    Parameters
    ----------
    catalogue : Catalogue
    recording_ids : iterable of int
        Those that the catalogue does not hold are left out.

    Returns
    -------
    list of Entry
        The path is empty where no file of the recording is there any more.
    """
    ids = list(recording_ids)
    tracks = catalogue.tracks(ids)
    heard = catalogue.sound(tracks)
    entries = []
    for ident in (ident for ident in ids if ident in tracks):
        path, sound = catalogue.audio_path(ident), heard.get(ident)
        entries.append(
            Entry(
                tracks[ident],
                "" if path is None else str(path),
                duration_s=None if sound is None else sound.duration_s,
                bpm=None if sound is None else sound.bpm,
                key=None if sound is None else sound.key,
            )
        )
    return entries
