"""From what a person typed to recordings, artists and labels the models know."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from rapidfuzz import fuzz

from data.catalogue import Catalogue, Snapshot
from data.identity import (
    label_key,
    parse_track,
    recording_key,
    search_text,
    track_artists,
    work_key,
)
from data.records import Seed, Track, Unidentified
from models.collaborative import Interactions, Query

#: Least likeness (0 to 100) at which a typo-tolerant hit is taken for what was meant.
_SAME_NAME = 90
_SAME_WORDS = 85
_DIGITS = re.compile(r"\d+")


class Resolver:
    """Finds seeds in a snapshot, falling back rung by rung.

    Exact recording, another version of the same work, typo-tolerant search, and at last the
    artist alone: a track that no set has held still says who it is by.
    """

    def __init__(
        self, catalogue: Catalogue, snapshot: Snapshot, interactions: Interactions
    ) -> None:
        self._catalogue = catalogue
        self._snapshot = snapshot
        self._interactions = interactions
        self._by_key = {key: i for i, key in enumerate(snapshot.recording_keys.tolist())}
        self._by_id = {ident: i for i, ident in enumerate(snapshot.recording_ids.tolist())}
        self._by_work: dict[str, list[int]] = defaultdict(list)
        for index, key in enumerate(snapshot.work_keys.tolist()):
            self._by_work[key].append(index)
        self._artist = {name: i for i, name in enumerate(snapshot.artist_names.tolist())}
        self._label = {name: i for i, name in enumerate(snapshot.label_keys.tolist())}

    def text(self, text: str) -> Seed:
        """Resolve free text such as "Artist - Title (Version)"."""
        parsed = parse_track(text)
        if isinstance(parsed, Unidentified):
            return self._search(text, None)
        return self.track(parsed, query=text)

    def track(self, track: Track, *, query: str = "") -> Seed:
        """Resolve a track whose artist and title are known."""
        query = query or str(track)
        index = self._by_key.get(recording_key(track))
        if index is not None:
            return Seed(query, track, self._id(index), "recording")
        versions = self._by_work.get(work_key(track))
        if versions:
            popularity = self._interactions.popularity
            best = max(versions, key=lambda i: (popularity[i], -i))
            return Seed(query, track, self._id(best), "work")
        return self._search(query, track)

    def recording(self, recording_id: int) -> Seed:
        """Resolve the id of a recording in the catalogue."""
        index = self._by_id.get(recording_id)
        if index is None:
            return Seed(str(recording_id), None, None, "none")
        track = self.track_at(index)
        return Seed(str(track), track, recording_id, "recording")

    def track_at(self, index: int) -> Track:
        """The track at one row of the snapshot."""
        s = self._snapshot
        return Track(s.artists[index], s.titles[index], s.versions[index], s.labels[index])

    def query(self, seeds: Sequence[Seed]) -> Query:
        """What the seeds say to the models."""
        recordings: list[int] = []
        artists: defaultdict[int, float] = defaultdict(float)
        labels: defaultdict[int, float] = defaultdict(float)
        for seed in seeds:
            index = None if seed.recording_id is None else self._by_id.get(seed.recording_id)
            if index is not None:
                recordings.append(index)
            for artist in self._artists_of(seed, index):
                artists[artist] += 1
            label = self._label_of(seed, index)
            if label >= 0:
                labels[label] += 1
        unique = np.array(list(dict.fromkeys(recordings)), dtype=np.intp)
        return Query(unique, dict(artists), dict(labels))

    def _search(self, query: str, track: Track | None) -> Seed:
        for hit in self._catalogue.search(query, limit=1):
            meant = _same_work(track, hit.track) if track else _same_words(query, hit.track)
            if meant and hit.recording_id in self._by_id:
                return Seed(query, track or hit.track, hit.recording_id, "search")
        if track and any(name in self._artist for name in track_artists(track)):
            return Seed(query, track, None, "artist")
        return Seed(query, track, None, "none")

    def _artists_of(self, seed: Seed, index: int | None) -> list[int]:
        if index is not None:
            artists = self._interactions.artists
            return artists.indices[artists.indptr[index] : artists.indptr[index + 1]].tolist()
        names = track_artists(seed.track) if seed.track else ()
        return [self._artist[name] for name in names if name in self._artist]

    def _label_of(self, seed: Seed, index: int | None) -> int:
        if index is not None:
            return int(self._snapshot.recording_label[index])
        key = label_key(seed.track.label) if seed.track else ""
        return self._label.get(key, -1)

    def _id(self, index: int) -> int:
        return int(self._snapshot.recording_ids[index])


def _same_work(asked: Track, found: Track) -> bool:
    """Whether two tracks differ by a slip of the pen only; "Part 2" is no slip for "Part 1"."""
    ours, theirs = work_key(asked), work_key(found)
    return (
        _DIGITS.findall(ours) == _DIGITS.findall(theirs) and fuzz.ratio(ours, theirs) >= _SAME_NAME
    )


def _same_words(query: str, found: Track) -> bool:
    """Whether free text names the track; a letter that begins its name does not."""
    return fuzz.token_set_ratio(search_text(query), search_text(str(found))) >= _SAME_WORDS
