"""Shapes a list: walks down a ranking, takes what filters and rules allow, counts the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from data.errors import SegueError
from data.records import Hidden
from hybrid.ranking import Ranking, merged
from hybrid.steering import Rules

__all__ = ["Chosen", "Credited", "Credits", "Rules", "choose"]

Rows = NDArray[np.intp]
Mask = NDArray[np.bool_]

#: Most other versions that are grouped under a track.
VERSIONS = 10
#: Rows looked at first, for every track of the list, and how much more each time they run out.
_FIRST, _MORE = 8, 8

#: What switches each rule off.
_LOOSENED: dict[str, Callable[[Rules], Rules]] = {
    "seed": lambda rules: replace(rules, exclude_seeds=False),
    "version of a seed": lambda rules: replace(rules, exclude_seed_versions=False),
    "other version": lambda rules: replace(rules, one_version_per_work=False),
    "same artist": lambda rules: replace(rules, artist_cap=0),
}


class Credited(Protocol):
    """What rules look at, such as `Facts`."""

    @property
    def work(self) -> NDArray[np.int32]:
        """Work of each recording, shape (R,)."""

    @property
    def artists(self) -> sparse.csr_matrix:
        """Artists of each recording, shape (R, A)."""


@dataclass(frozen=True, eq=False)
class Credits:
    """Works and artists where there are no `Facts`, see `Credited`."""

    work: NDArray[np.int32]
    artists: sparse.csr_matrix


@dataclass(frozen=True, eq=False)
class Chosen:
    """A list of rows, and what is not on it.

    Parameters
    ----------
    rows : ndarray of intp
        At most as many as were asked for.
    hidden : tuple of Hidden
        Most first.
    grouped : dict of int to tuple of int
        Other versions of the work of a row, best first; only of rows that have some.
    """

    rows: Rows
    hidden: tuple[Hidden, ...] = ()
    grouped: dict[int, tuple[int, ...]] = field(default_factory=dict)


def choose(
    scores: NDArray[np.float32],
    credited: Credited,
    seeds: Sequence[int] | Rows,
    k: int,
    rules: Rules,
    masks: Mapping[str, Mask] | None = None,
    *,
    count: bool = True,
) -> Chosen:
    """Take the best `k` tracks that all masks keep and all rules allow.

    Parameters
    ----------
    scores : ndarray of float32, shape (R,)
        0 and below mean that nothing is known; such tracks are not shown.
    credited : Credited
        Facts, or works and artists alone.
    seeds : sequence of int
        Rows of the seeds that the catalogue holds.
    k : int
    rules : Rules
    masks : mapping of str to ndarray of bool, shape (R,), optional
        What each filter keeps, by its name.
    count : bool
        Whether to find out what was hidden and to group versions; without it these are empty.

    Notes
    -----
    A track is hidden by the first mask that does not keep it, else by the first rule it breaks,
    if it ranks above the last one shown; where the list is not full, all with a score do.

    Raises
    ------
    SegueError
        If the list would be shorter than 0 or the artist cap is below 0.
    """
    if k < 0 or rules.artist_cap < 0:
        raise SegueError("The length of a list and the artist cap must be 0 or more.")
    pool = _Pool(scores, dict(masks or {}))
    asked = np.asarray(seeds, np.intp)
    walk = _walk(pool.kept(k), credited, asked, k, rules)
    rows = np.array(walk.taken, np.intp)
    shown = _spread(rows, credited.artists) if rules.spread_artists else rows
    if not count or not k:
        return Chosen(shown)
    hidden = _hidden_by_masks(pool, walk, credited, asked, k, rules)
    hidden += _hidden_by_rules(pool, walk, credited, asked, k, rules)
    hidden.sort(key=lambda entry: (-entry.count, entry.name))
    return Chosen(shown, tuple(hidden), _grouped(pool, rows, asked, credited.work, rules))


class _Pool:
    """The rows that have a score, by how many masks hide them."""

    def __init__(self, scores: NDArray[np.float32], masks: dict[str, Mask]) -> None:
        self.scores = scores
        self.masks = masks
        self.scored: Mask = scores > 0
        self._hiding = np.zeros(len(scores), np.uint8)
        for mask in masks.values():
            self._hiding += ~mask
        self.passing: Mask = self.scored & (self._hiding == 0)
        self._kept = Ranking(scores, np.flatnonzero(self.passing))

    def kept(self, k: int) -> Iterator[Rows]:
        """Yield what all masks keep, best first, in parts."""
        return _parts(self._kept.top, len(self._kept), k)

    def kept_without(self, name: str, k: int) -> Iterator[Rows]:
        """Yield what all masks but one keep, best first, in parts."""
        alone = self.scored & (self._hiding == 1) & ~self.masks[name]
        more = Ranking(self.scores, np.flatnonzero(alone))

        def top(depth: int) -> Rows:
            return merged(self.scores, self._kept.top(depth), more.top(depth))[:depth]

        return _parts(top, len(self._kept) + len(more), k)

    def above(self, last: int | None) -> Mask:
        """Rows with a score that rank above a row; all with a score for None."""
        if last is None:
            return self.scored
        above = self.scores > self.scores[last]
        above[:last] |= self.scores[:last] == self.scores[last]
        return above & self.scored


def _parts(top: Callable[[int], Rows], length: int, k: int) -> Iterator[Rows]:
    start, depth = 0, _FIRST * k
    while start < length:
        yield top(depth)[start:]
        start, depth = depth, depth * _MORE


@dataclass(eq=False)
class _Walk:
    """What a walk took, in order of rank, and what each rule made it pass over."""

    taken: list[int] = field(default_factory=list)
    passed: dict[str, list[int]] = field(default_factory=lambda: {name: [] for name in _LOOSENED})
    full: bool = False

    @property
    def last(self) -> int | None:
        """Row at which the list was full; None where it is not."""
        return self.taken[-1] if self.full else None


def _walk(parts: Iterator[Rows], credited: Credited, seeds: Rows, k: int, rules: Rules) -> _Walk:
    walk = _Walk(full=not k)
    state = _Shown(credited, seeds, rules)
    for part in () if walk.full else parts:
        broken = state.broken_already(part)
        for row, before in zip(part.tolist(), broken, strict=True):
            rule = state.broken(row, before)
            if rule:
                walk.passed[rule].append(row)
                continue
            state.show(row)
            walk.taken.append(row)
            if len(walk.taken) == k:
                walk.full = True
                return walk
    return walk


class _Shown:
    """Which works and artists a list holds so far, and so which rules a further row breaks."""

    def __init__(self, credited: Credited, seeds: Rows, rules: Rules) -> None:
        self._rules = rules
        self._work = credited.work
        self._artists = credited.artists
        self._seeds = set(seeds.tolist())
        self._seed_works = set(credited.work[seeds].tolist())
        self._works: set[int] = set()
        self._per_artist: Counter[int] = Counter()

    def show(self, row: int) -> None:
        """Put a row on the list."""
        self._works.add(int(self._work[row]))
        self._per_artist.update(_artists_of(row, self._artists))

    def broken(self, row: int, before: str | None = None) -> str | None:
        """Name of the first rule that keeps a row out, or None.

        `before` is what `broken_already` said of it: of a broken rule nothing takes back.
        """
        if before and before != "same artist":
            return before
        rules, work = self._rules, int(self._work[row])
        if row in self._seeds:
            return "seed" if rules.exclude_seeds else None
        if rules.exclude_seed_versions and work in self._seed_works:
            return "version of a seed"
        if rules.one_version_per_work and work in self._works:
            return "other version"
        if before:
            return before
        if rules.artist_cap and any(
            self._per_artist[artist] >= rules.artist_cap
            for artist in _artists_of(row, self._artists)
        ):
            return "same artist"
        return None

    def broken_already(self, rows: Rows) -> list[str | None]:
        """Name of the rule that keeps each row out as the list stands, at once for all rows."""
        rules = self._rules
        broken = np.full(len(rows), None, object)
        works = self._work[rows]
        if rules.artist_cap:
            full = [a for a, times in self._per_artist.items() if times >= rules.artist_cap]
            capped = np.zeros(self._artists.shape[1], np.float32)
            capped[full] = 1
            broken[(self._artists[rows] @ capped) > 0] = "same artist"
        if rules.one_version_per_work:
            broken[np.isin(works, list(self._works))] = "other version"
        if rules.exclude_seed_versions:
            broken[np.isin(works, list(self._seed_works))] = "version of a seed"
        broken[np.isin(rows, list(self._seeds))] = "seed" if rules.exclude_seeds else None
        listed: list[str | None] = broken.tolist()
        return listed


def _artists_of(row: int, artists: sparse.csr_matrix) -> list[int]:
    listed: list[int] = artists.indices[artists.indptr[row] : artists.indptr[row + 1]].tolist()
    return listed


def _hidden_by_masks(
    pool: _Pool, walk: _Walk, credited: Credited, seeds: Rows, k: int, rules: Rules
) -> list[Hidden]:
    above = pool.above(walk.last)
    left = above.copy()
    hidden = []
    for name, mask in pool.masks.items():
        count = int(np.count_nonzero(left & ~mask))
        left &= mask
        if count:
            loosened = _walk(pool.kept_without(name, k), credited, seeds, k, rules)
            rows = np.array(loosened.taken, np.intp)
            back = int(np.count_nonzero(above[rows] & ~mask[rows]))
            hidden.append(Hidden(name, count, back))
    return hidden


def _hidden_by_rules(
    pool: _Pool, walk: _Walk, credited: Credited, seeds: Rows, k: int, rules: Rules
) -> list[Hidden]:
    hidden = []
    for name, rows in walk.passed.items():
        if rows:
            loosened = _walk(pool.kept(k), credited, seeds, k, _LOOSENED[name](rules))
            hidden.append(Hidden(name, len(rows), len(set(rows) & set(loosened.taken))))
    return hidden


def _grouped(
    pool: _Pool, rows: Rows, seeds: Rows, work: NDArray[np.int32], rules: Rules
) -> dict[int, tuple[int, ...]]:
    """Versions of the works shown, of those that pass the masks and are neither shown nor seeds."""
    if not rules.one_version_per_work:
        return {}
    wanted = np.zeros(int(work.max(initial=-1)) + 1, bool)
    wanted[work[rows]] = True
    if rules.exclude_seed_versions:
        wanted[work[seeds]] = False
    others = np.flatnonzero(wanted[work] & pool.passing)
    others = others[~np.isin(others, np.concatenate([rows, seeds]))]
    of_work: dict[int, list[int]] = {}
    for row in Ranking(pool.scores, others).top(len(others)).tolist():
        of_work.setdefault(int(work[row]), []).append(row)
    grouped = {row: tuple(of_work.pop(int(work[row]), ())[:VERSIONS]) for row in rows.tolist()}
    return {row: versions for row, versions in grouped.items() if versions}


def _spread(rows: Rows, artists: sparse.csr_matrix) -> Rows:
    """Put the rows in an order in which no artist comes twice in a row, as far as it goes.

    The best that may come next does. What is left at the end shares an artist with the last
    row; it moves up to the lowest place where it has no such neighbour, if there is one.
    """
    names = {row: set(_artists_of(row, artists)) for row in rows.tolist()}
    waiting: list[int] = rows.tolist()
    order: list[int] = []
    while waiting:
        last = names[order[-1]] if order else set()
        free = next((row for row in waiting if not last & names[row]), None)
        if free is None:
            break
        order.append(free)
        waiting.remove(free)
    for row in waiting:
        apart = (
            place
            for place in range(len(order), -1, -1)
            if not any(names[row] & names[other] for other in order[max(place - 1, 0) : place + 1])
        )
        order.insert(next(apart, len(order)), row)
    return np.array(order, np.intp)
