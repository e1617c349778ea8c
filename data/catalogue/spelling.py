"""Which of the spellings of a recording is shown.

Plays of one recording are written in many ways ("RAM", "Ram Records"). The
choice depends only on how often each was written, never on which came first.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from data.identity import label_key, recording_key, search_text, track_artists, work_key
from data.records import Track

_Text = TypeVar("_Text", str, tuple[str, str, str])

_LONGEST_KEY = 500
"""Characters of a key that are kept; PostgreSQL cannot index more than 2,700 bytes."""


class Spelling(NamedTuple):
    """A track as one tracklist, or one file's tags, wrote it."""

    artist: str
    title: str
    version: str
    label: str
    catalogue_number: str
    genre: str


def spelling_of(track: Track) -> Spelling:
    """Return how `track` is written, as a database can store it."""
    return Spelling(
        storable(track.artist),
        storable(track.title),
        storable(track.version),
        storable(track.label),
        storable(track.catalogue_number),
        storable(track.genre),
    )


def stored_recording_key(track: Track) -> str:
    """Return the recording key of `track` as the catalogue keeps it."""
    return bounded(storable(recording_key(track)))


def stored_work_key(track: Track) -> str:
    """Return the work key of `track` as the catalogue keeps it."""
    return bounded(storable(work_key(track)))


@dataclass(frozen=True, slots=True)
class Description:
    """What the catalogue shows and knows of one recording."""

    artist: str
    title: str
    version: str
    label: str
    catalogue_number: str
    genre: str
    label_key: str
    artists: tuple[str, ...]
    search: str


def describe(spellings: Counter[Spelling]) -> Description:
    """Choose the most frequent spelling of each part, ties by text.

    Parameters
    ----------
    spellings : Counter of Spelling
        How often the recording was written in which way; not empty.

    Returns
    -------
    Description
        Artist, title and version come from one and the same spelling; the
        label is the most frequent real one, the catalogue number belongs to it.
    """
    named = _most_common(((s.artist, s.title, s.version), n) for s, n in spellings.items())
    artist, title, version = named or ("", "", "")
    keyed = [(s, label_key(s.label), n) for s, n in spellings.items()]
    key = _most_common((key, n) for _, key, n in keyed if key) or ""
    ours = [(s, n) for s, k, n in keyed if key and k == key]
    label = _most_common((s.label, n) for s, n in ours) or ""
    number = _most_common((s.catalogue_number, n) for s, n in ours if s.catalogue_number)
    genre = _most_common((s.genre, n) for s, n in spellings.items() if s.genre)
    names = track_artists(Track(artist=artist, title=title, version=version))
    return Description(
        artist=artist,
        title=title,
        version=version,
        label=label,
        catalogue_number=number or "",
        genre=genre or "",
        label_key=bounded(key),
        artists=tuple(dict.fromkeys(bounded(name) for name in names if name)),
        search="\n".join(map(_searchable, (artist, title, version, label))),
    )


def bounded(key: str) -> str:
    """Return `key`, cut to a length that every database can index, still unique."""
    if len(key) <= _LONGEST_KEY:
        return key
    digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=16).hexdigest()
    return f"{key[:_LONGEST_KEY]}#{digest}"


def storable(text: str) -> str:
    """Return `text` without what a database refuses: NUL and half surrogate pairs."""
    if text.isascii():
        return text.replace("\x00", "") if "\x00" in text else text
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _searchable(text: str) -> str:
    return " ".join(search_text(text).split())


def _most_common(counted: Iterable[tuple[_Text, int]]) -> _Text | None:
    totals: Counter[_Text] = Counter()
    for value, number in counted:
        totals[value] += number
    return min(totals, key=lambda value: (-totals[value], value), default=None)
