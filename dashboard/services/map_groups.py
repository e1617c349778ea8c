"""Groups of recordings to colour the map by: genres, keys, tempos, years, where they come from."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.charts.map import OTHER, UNKNOWN, named, ramp, wheel
from dashboard.services.map_view import Colour
from data.demo import SOURCE as DEMO
from data.harmony import Key, Notation
from hybrid.facts import Facts
from hybrid.recommender import Recommender

#: Genres with a colour of their own.
NAMED_GENRES = 9
_MOST_STEPS = 10
_BPM_STEPS = (1.0, 2.0, 4.0, 5.0, 10.0, 20.0, 40.0)
_YEAR_STEPS = (1.0, 2.0, 5.0, 10.0, 20.0)
#: Where a recording can come from; the first that holds.
SOURCES = ("Dropped files", "Your library", "DJ sets", "Demo crate")
_LOW, _HIGH = 2, 98  # percent of the tracks, between which even steps are made

_KEY_COUNT = 24


@dataclass(frozen=True, slots=True)
class Group:
    """A line of the legend.

    Parameters
    ----------
    key : str
        What the address calls it.
    name : str
        For people.
    colour : str
        Hex.
    count : int
        Recordings in it.
    """

    key: str
    name: str
    colour: str
    count: int


@dataclass(frozen=True, eq=False)
class Grouping:
    """The group of each recording on the map.

    Parameters
    ----------
    codes : ndarray of uint8, shape (n,)
        Indices into `groups`.
    groups : tuple of Group
        As the legend lists them; none is empty.
    """

    codes: NDArray[np.uint8]
    groups: tuple[Group, ...]


def grouped(
    facts: Facts,
    rows: NDArray[np.int64],
    colour: Colour,
    source: NDArray[np.int8],
    notation: Notation = "camelot",
) -> Grouping:
    """Put the recordings of some rows into groups.

    Parameters
    ----------
    facts : Facts
    rows : ndarray of int64, shape (n,)
    colour : {"genre", "key", "bpm", "year", "source"}
    source : ndarray of int8, shape (n,)
        Indices into `SOURCES`.
    notation : {"camelot", "open_key", "classic"}
        How keys are written in the legend.
    """
    if colour == "genre":
        return _by_genre(facts.genre[rows])
    if colour == "key":
        return _by_key(facts.key[rows], notation)
    if colour == "bpm":
        return _by_steps(facts.bpm[rows], _BPM_STEPS, _tempos, "Tempo not known")
    if colour == "year":
        return _by_steps(facts.year[rows], _YEAR_STEPS, _years, "Year not known")
    return _of(source.astype(np.int64), [(name, name) for name in SOURCES], named(len(SOURCES)))


def sources(recommender: Recommender, dropped: NDArray[np.int64]) -> NDArray[np.int8]:
    """Return where each recording comes from, as an index into `SOURCES`, shape (R,).

    Parameters
    ----------
    dropped : ndarray of int64
        Recordings of files that were dropped on the page.
    """
    snapshot, facts = recommender.snapshot, recommender.facts
    generated = snapshot.set_sources == DEMO
    in_sets, in_demo = np.zeros(len(facts), bool), np.zeros(len(facts), bool)
    from_demo = generated[snapshot.play_set].astype(bool)
    in_demo[snapshot.play_recording[from_demo]] = True
    in_sets[snapshot.play_recording[~from_demo]] = True
    is_dropped = np.isin(facts.recording_ids, dropped)
    # The demo crate's sound counts as owned, and is nobody's file.
    own = facts.owned & ~(in_demo & ~in_sets)
    return np.select([is_dropped, own, in_sets], [0, 1, 2], 3).astype(np.int8)


def _by_genre(genres: NDArray[np.object_]) -> Grouping:
    texts = [" ".join(str(genre).split()) for genre in genres]
    folded = np.array([text.casefold() for text in texts], np.object_)
    spellings: dict[str, dict[str, int]] = {}
    for text in texts:
        counts = spellings.setdefault(text.casefold(), {})
        counts[text] = counts.get(text, 0) + 1
    known = {key: sum(counts.values()) for key, counts in spellings.items() if key}
    first = sorted(known, key=lambda key: (-known[key], key))
    # A tenth genre takes the colour rather than stand alone as "other".
    first = first[: NAMED_GENRES + (len(first) == NAMED_GENRES + 1)]
    place = {key: number for number, key in enumerate(first)}
    codes = np.array(
        [place.get(key, len(first) if key else len(first) + 1) for key in folded], np.int64
    )
    names = [max(spellings[key].items(), key=lambda item: (item[1], item[0]))[0] for key in first]
    labels = [*zip(first, names, strict=True), ("other", "Other genres"), ("", "Genre not known")]
    return _of(codes, labels, [*named(len(first)), OTHER, UNKNOWN])


def _by_key(keys: NDArray[np.int8], notation: Notation) -> Grouping:
    wheeled = sorted(
        (Key.from_traktor(value) for value in range(_KEY_COUNT)),
        key=lambda key: (key.camelot_number, key.mode == "major"),
    )
    places = np.full(_KEY_COUNT + 1, _KEY_COUNT)  # the last one is that of -1
    for place, key in enumerate(wheeled):
        places[key.traktor()] = place
    labels = [(key.camelot(), key.written(notation)) for key in wheeled]
    colours = wheel([(key.camelot_number, key.mode == "major") for key in wheeled])
    return _of(places[keys], [*labels, ("", "Key not known")], [*colours, UNKNOWN])


def _by_steps(
    values: NDArray[np.float32],
    widths: Sequence[float],
    written: Callable[[float, float, bool, bool], str],
    unknown: str,
) -> Grouping:
    """Group numbers by even steps; what is far off falls into the first or the last."""
    numbers = values.astype(np.float64)
    known = numbers[np.isfinite(numbers)]
    labels: list[tuple[str, str]] = []
    codes = np.zeros(len(numbers), np.int64)
    if len(known):
        low = float(np.percentile(known, _LOW, method="lower"))
        high = float(np.percentile(known, _HIGH, method="higher"))
        width = next((w for w in widths if _steps(low, high, w) <= _MOST_STEPS), widths[-1])
        first, count = math.floor(low / width) * width, _steps(low, high, width)
        with np.errstate(invalid="ignore"):
            codes = np.clip((numbers - first) // width, 0, count - 1)
        codes = np.where(np.isfinite(codes), codes, count).astype(np.int64)
        end = first + count * width
        for place in range(count):
            start = first + place * width
            below = place == 0 and bool((known < first).any())
            above = place == count - 1 and bool((known >= end).any())
            name = written(start, width, below, above)
            labels.append((name, name))
    return _of(codes, [*labels, ("", unknown)], [*ramp(len(labels)), UNKNOWN])


def _steps(low: float, high: float, width: float) -> int:
    return math.floor(high / width) - math.floor(low / width) + 1


def _tempos(start: float, width: float, below: bool, above: bool) -> str:
    if below and above:
        return "All tempos"
    if below:
        return f"Under {start + width:.0f} BPM"
    return f"{start:.0f} BPM and over" if above else f"{start:.0f} to {start + width:.0f} BPM"


def _years(start: float, width: float, below: bool, above: bool) -> str:
    last = start + width - 1
    if below and above:
        return "All years"
    if below:
        return f"Up to {last:.0f}"
    if above:
        return f"{start:.0f} and later"
    if width == 10:
        return f"{start:.0f}s"
    return f"{start:.0f}" if width == 1 else f"{start:.0f} to {last:.0f}"


def _of(
    codes: NDArray[np.int64], labels: Sequence[tuple[str, str]], colours: Sequence[str]
) -> Grouping:
    """Leave out the groups that nothing is in."""
    counts = np.bincount(codes, minlength=len(labels))
    kept = np.flatnonzero(counts)
    groups = tuple(
        Group(*labels[place], colours[place], int(counts[place])) for place in kept.tolist()
    )
    return Grouping(np.searchsorted(kept, codes).astype(np.uint8), groups)
