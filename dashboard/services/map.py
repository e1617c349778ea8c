"""What the Map page asks for: pictures of the catalogue, groups to colour it by, neighbours."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from dashboard.components.listen import bpm as written_bpm
from dashboard.components.text import counted
from dashboard.services import crates
from dashboard.services.library import Library
from dashboard.services.map_groups import SOURCES, Grouping, grouped, sources
from dashboard.services.map_view import Colour
from data.catalogue import CrateState
from data.errors import SegueError
from data.harmony import Key, Notation
from hybrid.atlas import (
    BASES,
    USUAL,
    Atlas,
    Basis,
    Ground,
    Method,
    chart,
    umap_is_installed,
    walk,
)
from hybrid.recommender import Recommender

log = logging.getLogger(__name__)

#: Neighbours that are listed and pointed at.
NEIGHBOURS = 12
#: Most tracks that go into the crate at once.
MOST_PICKED = 200
#: Where files that were dropped on the page are kept, under SEGUE_HOME; see `hybrid.jobs`.
_DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A recording beside the seed; `alike` is the cosine of the two."""

    recording_id: int
    alike: float


class Charts:
    """The pictures of one state of the catalogue, each drawn when it is first asked for.

    Safe to use from the server's threads.
    """

    def __init__(self, recommender: Recommender, library: Library) -> None:
        self.recommender = recommender
        self._settings = library.settings
        self._lock = threading.RLock()
        self._grounds: dict[Basis, Ground | None] = {}
        self._atlases: dict[tuple[Basis, Method], Atlas] = {}
        self._groupings: dict[tuple[Basis, Colour, Notation], Grouping] = {}
        self._drawing: set[tuple[Basis, Method]] = set()
        self._failed: set[tuple[Basis, Method]] = set()
        self._sources: NDArray[np.int8] | None = None

    def bases(self) -> tuple[Basis, ...]:
        """Return what there is to draw: nothing before anything was heard or trained."""
        return tuple(basis for basis in BASES if self.ground(basis) is not None)

    def ground(self, basis: Basis) -> Ground | None:
        """Return what "near" means; None where nothing was heard, or trained."""
        with self._lock:
            if basis not in self._grounds:
                self._grounds[basis] = Ground.of(self.recommender, basis)
            return self._grounds[basis]

    def atlas(self, basis: Basis, method: Method) -> Atlas | None:
        """Return the picture; None while UMAP, which takes minutes, is still at it.

        Raises
        ------
        SegueError
            If there is nothing to draw, or drawing failed.
        """
        kind = basis, method
        with self._lock:
            if kind in self._atlases:
                return self._atlases[kind]
            ground = self.ground(basis)
            if ground is None:
                raise SegueError("There is nothing to draw on this map yet: reload the page.")
            if method != "umap":
                self._atlases[kind] = chart(ground, self._settings, method)
                return self._atlases[kind]
            if kind in self._failed:
                raise SegueError(
                    "This map could not be drawn; the terminal that runs Segue says why. "
                    "Choose another arrangement."
                )
            if kind not in self._drawing:
                self._drawing.add(kind)
                threading.Thread(target=self._draw, args=(ground, method), daemon=True).start()
            return None

    def _draw(self, ground: Ground, method: Method) -> None:
        kind = ground.basis, method
        try:
            drawn = chart(ground, self._settings, method)
        except Exception as error:
            log.error("the map could not be drawn", exc_info=error)
            with self._lock:
                self._failed.add(kind)
            return
        with self._lock:
            self._atlases[kind] = drawn

    def named(self, name: str) -> Atlas | None:
        """Return a picture that was drawn already, by its name."""
        with self._lock:
            return next((a for a in self._atlases.values() if a.name == name), None)

    def grouping(self, library: Library, basis: Basis, colour: Colour) -> Grouping:
        """Return the groups to colour a picture by; their codes are in its order."""
        kind = basis, colour, library.notation()
        with self._lock:
            ground = self.ground(basis)
            if ground is None:
                raise SegueError("There is nothing to draw on this map yet: reload the page.")
            if kind not in self._groupings:
                facts, rows = self.recommender.facts, ground.rows
                self._groupings[kind] = grouped(
                    facts, rows, colour, self.sources(library)[rows], library.notation()
                )
            return self._groupings[kind]

    def sources(self, library: Library) -> NDArray[np.int8]:
        """Return where each recording comes from, shape (R,); see `map_groups.SOURCES`."""
        with self._lock:
            if self._sources is None:
                dropped = _dropped(library)
                self._sources = sources(self.recommender, dropped)
            return self._sources

    def source(self, library: Library, row: int) -> str:
        """Say where a recording comes from; empty where all come from the same place."""
        known = self.sources(library)
        return "" if (known == known[0]).all() else SOURCES[int(known[row])]

    def row(self, recording_id: int) -> int:
        """Return the row of a recording in the snapshot; -1 if it has none."""
        ids = self.recommender.snapshot.recording_ids
        place = int(np.searchsorted(ids, recording_id))
        return place if place < len(ids) and ids[place] == recording_id else -1


_kept: WeakKeyDictionary[Library, Charts] = WeakKeyDictionary()
_lock = threading.Lock()


def charts(library: Library) -> Charts:
    """Return the pictures of the catalogue as it is now."""
    recommender = library.recommender()
    with _lock:
        kept = _kept.get(library)
        if kept is None or kept.recommender is not recommender:
            _kept[library] = kept = Charts(recommender, library)
        return kept


def arranged(basis: Basis, wanted: Method | None) -> Method:
    """Return how to draw a ground: as wanted, or as suits it where that is not installed."""
    if wanted is None or (wanted == "umap" and not umap_is_installed()):
        return USUAL[basis]
    return wanted


def points(atlas: Atlas) -> bytes:
    """Return a picture as numbers: n times x, y (float32) and recording id (uint32).

    Little-endian, all of one kind after the other; ``assets/map.js`` reads it.
    """
    columns = (
        np.ascontiguousarray(atlas.positions[:, 0], "<f4"),
        np.ascontiguousarray(atlas.positions[:, 1], "<f4"),
        atlas.recording_ids.astype("<u4"),
    )
    return b"".join(column.tobytes() for column in columns)


def stamp_of(grouping: Grouping) -> str:
    """Return a text that changes when the group of a recording does."""
    return hashlib.blake2b(grouping.codes.tobytes(), digest_size=8).hexdigest()


def neighbours(library: Library, basis: Basis, recording_id: int) -> list[Neighbour]:
    """Return the nearest recordings on a ground, best first."""
    ground = charts(library).ground(basis)
    if ground is None:
        return []
    found = ground.nearest(recording_id, NEIGHBOURS)
    return [
        Neighbour(ident, alike)
        for ident, alike in zip(found.rows.tolist(), found.scores.tolist(), strict=True)
    ]


def about(library: Library, recording_id: int) -> str:
    """Say what every colouring would: "House · 124 BPM · 8A · 1998 · 12 sets · DJ sets"."""
    drawn = charts(library)
    row = drawn.row(recording_id)
    if row < 0:
        return ""
    facts = drawn.recommender.facts
    tempo, year = float(facts.bpm[row]), float(facts.year[row])
    key, sets = int(facts.key[row]), int(facts.sets[row])
    said = (
        str(facts.genre[row]),
        "" if np.isnan(tempo) else f"{written_bpm(tempo)} BPM",
        "" if key < 0 else Key.from_traktor(key).written(library.notation()),
        "" if np.isnan(year) else f"{year:.0f}",
        counted(sets, "set") if sets else "",
        drawn.source(library, row),
    )
    return " · ".join(part for part in said if part)


def add_picked(library: Library, basis: Basis, method: Method, ids: Sequence[int]) -> CrateState:
    """Put tracks that were marked on the map into the crate in hand, in one step.

    They go in as a walk over the map that begins where the crate ends.

    Raises
    ------
    SegueError
        If they are more than go in at once.
    """
    if len(ids) > MOST_PICKED:
        raise SegueError(f"The crate takes {MOST_PICKED} tracks at a time; mark fewer on the map.")
    state = crates.in_hand(library)
    fresh = np.array([i for i in dict.fromkeys(ids) if i not in set(state.ids)], np.int64)
    atlas = charts(library).atlas(basis, method)
    if atlas is not None and len(fresh):
        places = np.searchsorted(atlas.recording_ids, fresh)
        places = places[atlas.recording_ids.take(places, mode="clip") == fresh]
        last = np.flatnonzero(np.isin(atlas.recording_ids, state.ids[-1:]))
        start = atlas.positions[last[0] if len(last) else places[0]] if len(places) else None
        if start is not None:
            order = walk(atlas.positions[places], start)
            fresh = atlas.recording_ids[places[order]]
    return crates.add(library, state.id, fresh.tolist())


def _dropped(library: Library) -> NDArray[np.int64]:
    """Return the recordings of files that were dropped on the page."""
    # Each lies in a folder of its own, under the name that it came with; see `dashboard.uploads`.
    paths = sorted((library.settings.home / _DROPPED).glob("*/*"))
    files = library.catalogue.known_files(paths)
    hashes = {file.content_hash for file in files.values()}
    known = library.catalogue.known_sound(hashes, analyser="", encoder="", version="")
    ids = [sound.recording_id for sound in known.values() if sound.recording_id is not None]
    return np.array(sorted(set(ids)), np.int64)
