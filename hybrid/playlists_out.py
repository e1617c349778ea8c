"""Tracks of the catalogue as a playlist file to take away, and the list of those without a file."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from data.catalogue import Catalogue
from data.playlists import FORMATS, missing, render, sidecar
from data.records import Entry, Track

# The second half turns the direction of writing, so that "gpj.m3u8" reads as "8u3m.jpg".
_UNSAFE = re.compile(r'[\x00-\x1f<>:"/\\|?*\x7f]+|[\u200e\u200f\u202a-\u202e\u2066-\u2069]+')
#: Names that Windows keeps for itself.
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_LONGEST_NAME = 80
_LONGEST_BYTES = 200
"""File systems take 255 with all that comes before and behind."""


@dataclass(frozen=True, slots=True)
class PlaylistFile:
    """A playlist in one of the formats, whole, and what goes beside it.

    Parameters
    ----------
    name : str
        What the file is called, with its ending; safe on every system.
    media_type : str
    content : bytes
    count : int
        Tracks that are in it; 0 where the format needs the tracks' own files and none is here.
    missing : tuple of Track
        Tracks that the file does not lead to, because there is no file of them on this machine;
        empty for a format that only names tracks.
    left_out : tuple of Track
        Those of them that are not even named in it.
    beside : bytes
        The list of `missing` as CSV; empty if none is.
    """

    name: str
    media_type: str
    content: bytes
    count: int
    missing: tuple[Track, ...]
    left_out: tuple[Track, ...]
    beside: bytes

    @property
    def beside_name(self) -> str:
        """What the list of missing tracks is called."""
        return sidecar.name_beside(self.name)


def playlist_file(
    catalogue: Catalogue, recording_ids: Iterable[int], key: str, *, name: str
) -> PlaylistFile:
    """Return recordings as a playlist file.

    Parameters
    ----------
    catalogue : Catalogue
    recording_ids : iterable of int
        In playing order.
    key : str
        A key of `data.playlists.FORMATS`.
    name : str
        Name of the playlist, as a person gave it.
    """
    entries = entries_of(catalogue, recording_ids)
    absent = sidecar.without_file(key, entries)
    left_out = tuple(missing(key, entries))
    form = FORMATS[key]
    return PlaylistFile(
        name=f"{safe_name(name)}{form.extension}",
        media_type=form.media_type,
        content=render(key, entries, name=name),
        count=len(entries) - len(left_out),
        missing=tuple(track for _, track in absent),
        left_out=left_out,
        beside=sidecar.render_missing(absent) if absent else b"",
    )


def safe_name(name: str) -> str:
    """Return a playlist's name as a file may be called on any system, without an ending.

    Examples
    --------
    >>> safe_name("Fri/Sat: late?"), safe_name("..."), safe_name("CON")
    ('Fri Sat late', 'crate', 'crate CON')
    """
    plain = " ".join(_UNSAFE.sub(" ", name).split()).strip(" .")[:_LONGEST_NAME]
    plain = plain.encode("utf-8", "replace")[:_LONGEST_BYTES].decode("utf-8", "ignore").strip(" .")
    if not plain:
        return "crate"
    return f"crate {plain}" if _RESERVED.fullmatch(plain.split(".")[0]) else plain


def entries_of(catalogue: Catalogue, recording_ids: Iterable[int]) -> list[Entry]:
    """Return recordings as entries, in order, with their file, length, tempo, key and year.

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
    heard, years = catalogue.sound(tracks), catalogue.years(tracks)
    entries = []
    for ident in (ident for ident in ids if ident in tracks):
        path, sound = catalogue.audio_path(ident), heard.get(ident)
        entries.append(
            Entry(
                tracks[ident],
                "" if path is None else str(path),
                duration_s=None if sound is None else _known(sound.duration_s),
                bpm=None if sound is None else _known(sound.bpm),
                key=None if sound is None else sound.key,
                year=years.get(ident),
            )
        )
    return entries


def _known(value: float | None) -> float | None:
    """Return a number, None for NaN, by which an analysis says that it does not know."""
    return None if value is None or math.isnan(value) else value
