"""The table of all tracks: searched, filtered, sorted and cut into pages here, not in the browser.

What can be sorted by is kept as arrays from one change of the catalogue to the next; names are
asked for only for the page that is shown.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from dashboard import query
from dashboard.services.library import Library
from data.catalogue import Catalogue
from data.demo import is_demo
from data.harmony import Key
from hybrid.corpus import decimal_years

PAGE_SIZE = 50
FOUND = 1000
"""Most tracks that a search shows: who looks for one does not read on."""
SHOWS = ("all", "unanalysed", "files")
SORTS = ("track", "label", "sets", "bpm", "key", "energy", "length", "year")
_LARGEST_FIRST = ("sets", "energy", "length", "year")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of which tracks.

    Parameters
    ----------
    text : str
        Words to search for.
    show : {"all", "unanalysed", "files"}
    sort : str
        One of `SORTS`; empty is the order of the search, else the most played first.
    down : bool
        Whether the largest come first.
    page : int
        From 1.
    """

    text: str = ""
    show: str = "all"
    sort: str = ""
    down: bool = False
    page: int = 1

    @classmethod
    def of(cls, search: str | None) -> Asked:
        """Read it from an address; what makes no sense is left out."""
        given = query.read(search)
        sort = given.get("sort", "")
        name = sort.removeprefix("-")
        return cls(
            text=given.get("q", "").strip()[:200],
            show=given["show"] if given.get("show") in SHOWS else "all",
            sort=name if name in SORTS else "",
            down=sort.startswith("-") and name in SORTS,
            page=min(query.number(search, "page") or 1, 10**6),
        )

    def into(self, search: str | None) -> str:
        """Write it into an address, whose other parameters stay."""
        return query.written(
            search,
            q=self.text,
            show="" if self.show == "all" else self.show,
            sort=("-" if self.down else "") + self.sort if self.sort else "",
            page=self.page if self.page > 1 else None,
        )


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the table.

    Parameters
    ----------
    rows : list of dict
        As the grid takes them; see `dashboard.pages.library`.
    found : int
        Tracks on all pages.
    page, pages : int
    first : int
        Number of the first row, from 1; 0 where there is none.
    more : bool
        Whether the search found more than are shown.
    unanalysed : int
        Tracks of the whole catalogue that were never analysed.
    """

    rows: list[dict[str, Any]]
    found: int
    page: int
    pages: int
    first: int
    more: bool
    unanalysed: int


def page_of(library: Library, asked: Asked) -> Page:
    """Return one page of the table; a page beyond the last is the last."""
    columns = _columns(library)
    rows, more = columns.found(library.catalogue, asked.text)
    rows = rows[columns.shown(asked.show)[rows]]
    rows = columns.sorted(rows, asked)
    pages = max(1, math.ceil(len(rows) / PAGE_SIZE))
    page = min(asked.page, pages)
    start = (page - 1) * PAGE_SIZE
    part = rows[start : start + PAGE_SIZE]
    return Page(
        rows=_drawn(library, columns, part),
        found=len(rows),
        page=page,
        pages=pages,
        first=start + 1 if len(part) else 0,
        more=more,
        unanalysed=int(np.count_nonzero(~columns.analysed)),
    )


@dataclass(frozen=True, eq=False)
class _Columns:
    """R recordings by ascending id, and of each what the table sorts by; NaN or -1 is unknown."""

    changes: int
    ids: NDArray[np.int64]
    sets: NDArray[np.float32]
    track: NDArray[np.float32]
    label: NDArray[np.float32]
    year: NDArray[np.float32]
    bpm: NDArray[np.float32]
    key: NDArray[np.float32]
    energy: NDArray[np.float32]
    length: NDArray[np.float32]
    traktor_key: NDArray[np.int8]
    analysed: NDArray[np.bool_]
    heard: NDArray[np.bool_]

    @classmethod
    def read(cls, catalogue: Catalogue) -> _Columns:
        changes = catalogue.changes()
        snapshot = catalogue.snapshot()
        sound = catalogue.sound_columns()
        count = len(snapshot.recording_ids)
        rows = snapshot.rows_of(sound.recording_ids)
        there = rows >= 0  # the catalogue may have changed between the two

        def spread(column: NDArray[Any], unknown: float) -> NDArray[Any]:
            whole = np.full(count, unknown, column.dtype)
            whole[rows[there]] = column[there]
            return whole

        sets = np.zeros(count, np.float32)
        pairs = snapshot.play_set.astype(np.int64) * max(count, 1) + snapshot.play_recording
        np.add.at(sets, np.unique(pairs) % max(count, 1), 1)
        years = np.floor(decimal_years(snapshot.set_dates)).astype(np.float32)
        first = np.full(count, np.nan, np.float32)
        np.fmin.at(first, snapshot.play_recording, years[snapshot.play_set])
        tagged = spread(sound.year, np.nan)
        key = spread(sound.key, -1)
        return cls(
            changes=changes,
            ids=snapshot.recording_ids,
            sets=sets,
            track=_ranks(
                f"{artist}\0{title}\0{version}".casefold()
                for artist, title, version in zip(
                    snapshot.artists, snapshot.titles, snapshot.versions, strict=True
                )
            ),
            label=_ranks(str(label).casefold() for label in snapshot.labels),
            year=np.where(np.isnan(tagged), first, tagged),
            bpm=spread(sound.bpm, np.nan),
            key=_CAMELOT[key],
            energy=spread(sound.energy, np.nan),
            length=spread(sound.duration_s, np.nan),
            traktor_key=key,
            analysed=spread(sound.analysed, False),
            heard=spread(sound.heard, False),
        )

    def found(self, catalogue: Catalogue, text: str) -> tuple[NDArray[np.int64], bool]:
        """Return the rows that a search finds, best first, and whether there are more."""
        if not text:
            return np.argsort(-self.sets, kind="stable"), False
        hits = catalogue.search(text, limit=FOUND + 1)
        ids = np.array([hit.recording_id for hit in hits[:FOUND]], np.int64)
        rows = np.searchsorted(self.ids, ids)
        known = self.ids.take(rows, mode="clip") == ids if len(self.ids) else rows < 0
        return rows[known], len(hits) > FOUND

    def shown(self, show: str) -> NDArray[np.bool_]:
        """Return which rows a filter lets through, shape (R,)."""
        if show == "unanalysed":
            return ~self.analysed
        return self.heard if show == "files" else np.ones(len(self.ids), bool)

    def sorted(self, rows: NDArray[np.int64], asked: Asked) -> NDArray[np.int64]:
        """Return `rows` in the order asked for; what is unknown comes last either way."""
        if not asked.sort:
            return rows
        values = getattr(self, asked.sort)[rows]
        # NaN sorts behind everything.
        return rows[np.argsort(-values if asked.down else values, kind="stable")]


def largest_first(sort: str) -> bool:
    """Whether a column is first sorted with the largest on top."""
    return sort in _LARGEST_FIRST


# Traktor's value to the place on the wheel: 1A, 1B, 2A, ... ; the last one stands for -1.
_CAMELOT = np.array(
    [
        Key.from_traktor(value).camelot_number * 2 + (Key.from_traktor(value).mode == "major")
        for value in range(24)
    ]
    + [np.nan],
    np.float32,
)


def _ranks(texts: Any) -> NDArray[np.float32]:
    """Return the place of each text among them in order; NaN for an empty one."""
    listed = list(texts)
    places = {text: place for place, text in enumerate(sorted(set(listed)))}
    return np.array([places[text] if text.strip("\0") else np.nan for text in listed], np.float32)


_kept: WeakKeyDictionary[Library, _Columns] = WeakKeyDictionary()
_lock = threading.Lock()


def _columns(library: Library) -> _Columns:
    with _lock:
        kept = _kept.get(library)
        if kept is None or kept.changes != library.catalogue.changes():
            kept = _kept[library] = _Columns.read(library.catalogue)
        return kept


def _drawn(library: Library, columns: _Columns, rows: NDArray[np.int64]) -> list[dict[str, Any]]:
    ids = columns.ids[rows].tolist()
    tracks = library.catalogue.tracks(ids)
    notation = library.notation()
    has_demo = library.demo_share() != "none"
    drawn = []
    for row, ident in zip(rows.tolist(), ids, strict=True):
        track = tracks.get(ident)
        if track is None:
            continue  # it went meanwhile
        key = int(columns.traktor_key[row])
        drawn.append(
            {
                "id": str(ident),
                "artist": track.artist,
                "title": track.title,
                "version": track.version,
                "name": f"{track.artist} – {track.full_title}",
                "label": track.label,
                "sets": int(columns.sets[row]),
                "bpm": _digits(columns.bpm[row], 1),
                "key": "" if key < 0 else Key.from_traktor(key).written(notation),
                "energy": _digits(columns.energy[row] * 100, 0, "%"),
                "length": _minutes(columns.length[row]),
                "year": _digits(columns.year[row], 0),
                "analysed": bool(columns.analysed[row]),
                "file": _file(library, ident, heard=bool(columns.heard[row]))
                or ("demo" if has_demo and is_demo(track) else "none"),
                "previews": library.settings.previews,
            }
        )
    return drawn


def _file(library: Library, ident: int, *, heard: bool) -> str:
    """Return "here" or "gone" for a recording with audio; empty for one without."""
    if not heard:
        return ""
    if library.catalogue.audio_path(ident):
        return "here"
    # The demo crate's files are made when they are played.
    return "" if is_demo(library.catalogue.track(ident)) else "gone"


def _digits(value: float, digits: int, unit: str = "") -> str:
    return "" if math.isnan(value) else f"{value:.{digits}f}".removesuffix(".0") + unit


def _minutes(seconds: float) -> str:
    if math.isnan(seconds):
        return ""
    minutes, rest = divmod(round(float(seconds)), 60)
    return f"{minutes}:{rest:02}"


def turned(asked: Asked, page: int) -> Asked:
    """Return the same with another page."""
    return replace(asked, page=page)
