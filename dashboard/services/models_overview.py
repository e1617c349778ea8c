"""The library in numbers: tempo, key, energy, years, genres and labels, and what is heard in it."""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from dashboard.services.library import Library
from dashboard.services.models import in_use
from data.catalogue import Snapshot, SoundColumns
from data.harmony import Key
from hybrid import hears
from hybrid.corpus import decimal_years

TEMPO_BIN = 2  # BPM
ENERGY_BINS = 10
#: Tempos outside of this are no tempos to mix at, and stand in the first and the last bin.
_SLOWEST, _FASTEST = 60, 200
#: Share by which a deck is pitched without anybody minding.
_PITCH = 0.04
_LISTED = 8
#: Tracks whose sound is looked into; more would say the same.
_SAMPLE = 300
_BETWEEN_GENRES = re.compile(r"\s*[,;/|]\s*")


@dataclass(frozen=True, slots=True)
class Tempos:
    """Tracks by tempo.

    Parameters
    ----------
    lows : tuple of int
        Where each bin begins, in BPM; it is `TEMPO_BIN` wide.
    counts : tuple of int
    mates : tuple of int
        Tracks that come into the bin when their tempo is halved or doubled.
    usual : float
        The middle of the tempos, in BPM.
    near, far : int
        Tracks within 4% of the usual tempo, and those that are only at half or double time.
    """

    lows: tuple[int, ...]
    counts: tuple[int, ...]
    mates: tuple[int, ...]
    usual: float
    near: int
    far: int

    @property
    def total(self) -> int:
        """Tracks whose tempo is known."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Overview:
    """A catalogue in numbers.

    Parameters
    ----------
    tracks : int
    analysed : int
        Of which tempo, key and energy were measured.
    tempos : Tempos or None
        None where no tempo is known.
    keys : mapping of Key to int
        All 24, in the order of the Camelot wheel, minor before major.
    energies : tuple of int
        Tracks in `ENERGY_BINS` equal steps from 0 to 1.
    years : tuple of (int, int)
        Every year from the first to the last, and its tracks.
    genres, labels : tuple of (str, int)
        Those with most tracks.
    more_genres, more_labels : int
        How many there are besides.
    hears : Breakdown or None
        What the encoder names, the mean over a sample.
    sample : int
        Tracks in that sample.
    """

    tracks: int
    analysed: int
    tempos: Tempos | None
    keys: dict[Key, int]
    energies: tuple[int, ...]
    years: tuple[tuple[int, int], ...]
    genres: tuple[tuple[str, int], ...]
    more_genres: int
    labels: tuple[tuple[str, int], ...]
    more_labels: int
    hears: hears.Breakdown | None
    sample: int


_kept: WeakKeyDictionary[Library, tuple[object, Overview]] = WeakKeyDictionary()
_lock = threading.Lock()


def overview(library: Library) -> Overview:
    """Return the library in numbers; counted once for each state of the catalogue."""
    with _lock:
        of = (library.catalogue.changes(), library.catalogue.fingerprint())
        if (kept := _kept.get(library)) is not None and kept[0] == of:
            return kept[1]
        counted = _counted(library)
        _kept[library] = (of, counted)
        return counted


def _counted(library: Library) -> Overview:
    snapshot = library.catalogue.snapshot()
    sound = library.catalogue.sound_columns()
    genres = Counter(_genres(snapshot, sound))
    labels = Counter(str(label) for label in snapshot.labels if label)
    named, sample = _named(library, sound)
    return Overview(
        tracks=len(snapshot.recording_ids),
        analysed=int(np.count_nonzero(sound.analysed)),
        tempos=tempos(sound.bpm[~np.isnan(sound.bpm)]),
        keys=keys(sound.key[sound.key >= 0]),
        energies=energies(sound.energy[~np.isnan(sound.energy)]),
        years=years(_years(snapshot, sound)),
        genres=tuple(genres.most_common(_LISTED)),
        more_genres=max(0, len(genres) - _LISTED),
        labels=tuple(labels.most_common(_LISTED)),
        more_labels=max(0, len(labels) - _LISTED),
        hears=named,
        sample=sample,
    )


def tempos(bpm: NDArray[np.float32]) -> Tempos | None:
    """Count tempos in bins.

    Examples
    --------
    >>> found = tempos(np.array([124, 125.9, 62.5], np.float32))
    >>> found.lows[0], found.counts[0], found.counts[-1], found.mates[-1]
    (62, 1, 2, 1)
    """
    if not len(bpm):
        return None
    mixed = np.clip(bpm, _SLOWEST, _FASTEST - 0.01)
    places = (mixed // TEMPO_BIN).astype(int)
    first, last = int(places.min()), int(places.max())
    bins = last - first + 1
    mates = np.zeros(bins, int)
    for factor in (0.5, 2.0):
        turned = (bpm * factor // TEMPO_BIN).astype(int) - first
        inside = turned[(turned >= 0) & (turned < bins)]
        mates += np.bincount(inside, minlength=bins)
    usual = float(np.median(mixed))
    ways = np.abs(np.stack([bpm, bpm * 2, bpm / 2]) / usual - 1) <= _PITCH
    return Tempos(
        lows=tuple(int(place) * TEMPO_BIN for place in range(first, last + 1)),
        counts=tuple(np.bincount(places - first, minlength=bins).tolist()),
        mates=tuple(mates.tolist()),
        usual=usual,
        near=int(ways[0].sum()),
        far=int((ways[1:].any(axis=0) & ~ways[0]).sum()),
    )


def keys(values: NDArray[np.int8]) -> dict[Key, int]:
    """Count keys, given as Traktor's values, in the order of the Camelot wheel."""
    counts = np.bincount(values.astype(int), minlength=24)
    wheel = [Key.from_camelot(number, letter) for number in range(1, 13) for letter in "AB"]
    return {key: int(counts[key.traktor()]) for key in wheel}


def energies(values: NDArray[np.float32]) -> tuple[int, ...]:
    """Count energies, 0 to 1, in equal steps."""
    counts, _ = np.histogram(np.clip(values, 0, 1), bins=ENERGY_BINS, range=(0, 1))
    return tuple(counts.tolist())


def years(values: NDArray[np.float32]) -> tuple[tuple[int, int], ...]:
    """Count years; years between the first and the last without a track are told too.

    Examples
    --------
    >>> years(np.array([2001, 2003, np.nan, 2003], np.float32))
    ((2001, 1), (2002, 0), (2003, 2))
    """
    known = values[~np.isnan(values)].astype(int)
    if not len(known):
        return ()
    first = int(known.min())
    return tuple(
        (first + place, int(count)) for place, count in enumerate(np.bincount(known - first))
    )


def _years(snapshot: Snapshot, sound: SoundColumns) -> NDArray[np.float32]:
    """Year of each recording: as its file says, else of the first set that plays it."""
    played = np.floor(decimal_years(snapshot.set_dates)).astype(np.float32)
    first = np.full(len(snapshot.recording_ids), np.nan, np.float32)
    np.fmin.at(first, snapshot.play_recording, played[snapshot.play_set])
    rows = snapshot.rows_of(sound.recording_ids)
    tagged = (rows >= 0) & ~np.isnan(sound.year)
    first[rows[tagged]] = sound.year[tagged]
    return first


def _genres(snapshot: Snapshot, sound: SoundColumns) -> Iterable[str]:
    """Genres of all recordings: as the tracklist says, else as the file does."""
    said = snapshot.genres.copy()
    rows = snapshot.rows_of(sound.recording_ids)
    for row, genre in zip(rows.tolist(), sound.genre, strict=True):
        if row >= 0 and not said[row]:
            said[row] = genre
    for text in said:
        yield from filter(None, _BETWEEN_GENRES.split(str(text)) if text else ())


def _named(library: Library, sound: SoundColumns) -> tuple[hears.Breakdown | None, int]:
    encoder = in_use(library)
    if encoder is None:
        return None, 0
    ids = sound.recording_ids[sound.analysed]
    # Every so many, not the first: those came in together and sound alike.
    places = np.unique(np.linspace(0, len(ids) - 1, min(_SAMPLE, len(ids))).astype(int))
    chosen = ids[places].tolist()
    named = hears.in_sample(library.catalogue, library.settings, chosen, *encoder)
    return named, len(chosen)
