"""From what a person asks with to recordings, artists, labels and sounds the signals know."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from data.catalogue import Catalogue, Hit, Snapshot
from data.catalogue.spelling import bounded, stored_recording_key, stored_work_key
from data.identity import (
    label_key,
    parse_outside_id,
    parse_track,
    search_text,
    track_artists,
    work_key,
)
from data.identity.parsing import LONGEST_ROW
from data.records import OutsideId, Seed, SeedRung, Track, Unidentified
from hybrid.key_index import KeyIndex
from hybrid.question import Question
from hybrid.sound_space import SoundSpace
from models.collaborative import Interactions, Query

#: Least likeness (0 to 100) at which a typo-tolerant hit is taken for what was meant.
_SAME_NAME = 90
_SAME_WORDS = 85
_DIGITS = re.compile(r"\d+")
#: How many near matches are told of a track that nobody knows.
_NEAR = 5
#: Words that are searched one by one for near matches, and the shortest of them.
_WORDS, _SHORTEST = 4, 3
_BARE_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")


class Resolver:
    """Finds seeds in a snapshot, falling back rung by rung.

    An id that others gave, the exact recording, another version of the same work,
    typo-tolerant search, the artists, remixers and label, and at last the sound alone.

    Parameters
    ----------
    catalogue : Catalogue
        Asked for outside ids, and searched.
    snapshot : Snapshot
        With names.
    interactions : Interactions
        Of the same recordings.
    sound : SoundSpace, optional
        Vectors of the recordings that were heard.
    windows : ndarray of float32, shape (R,), optional
        Windows of audio that were analysed of each recording.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        snapshot: Snapshot,
        interactions: Interactions,
        *,
        sound: SoundSpace | None = None,
        windows: NDArray[np.float32] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._snapshot = snapshot
        self._artists = interactions.artists
        self._popularity = interactions.popularity
        self._sound = sound
        self._windows = windows
        self._by_key = KeyIndex(snapshot.recording_keys)
        # The recordings of work w are rows_of_works[starts[w]:starts[w + 1]], in any order.
        self._rows_of_works = np.argsort(snapshot.work_index).astype(np.int32)
        counts = np.bincount(snapshot.work_index)
        self._starts = np.concatenate([[0], np.cumsum(counts)])
        self._by_work = KeyIndex(snapshot.work_keys[self._rows_of_works[self._starts[:-1]]])
        self._artist = KeyIndex(snapshot.artist_names)
        self._label = KeyIndex(snapshot.label_keys)

    def text(self, text: str) -> Seed:
        """Resolve what a person typed or pasted.

        "Artist - Title (Version) [Label]", words of it, an artist's name alone, a Spotify
        link, URI or id, an ISRC or a YouTube link.
        """
        if (outside := parse_outside_id(text)) is not None:
            return self.outside(outside, query=text)
        bare = text.strip()
        if _BARE_SPOTIFY_ID.fullmatch(bare):
            # A word of that length is an id only if the catalogue knows it as one.
            seed = self.outside(OutsideId("spotify", bare), query=text)
            if seed.recording_id is not None:
                return seed
        parsed = parse_track(text)
        if isinstance(parsed, Unidentified):
            return self._loose(text, parsed)
        return self.track(parsed, query=text)

    def outside(self, outside: OutsideId, *, query: str = "") -> Seed:
        """Resolve an id that others gave: an ISRC, a Spotify or a YouTube id.

        Nothing is asked of anybody: an id that no source has brought yet has rung ``"none"``.
        """
        query = query or outside.value
        rows = self._rows_with([outside])
        if not rows:
            return Seed(query, None, None, "none")
        return Seed(query, self.track_at(rows[0]), self._id(rows[0]), "id")

    def track(self, track: Track, *, query: str = "") -> Seed:
        """Resolve a track whose artist and title are known, and perhaps ids of it.

        An id goes before the name, unless the catalogue holds exactly that name and the id
        belongs to others: a remix often carries the id of the original.
        """
        query = query or str(track)
        row = self._by_key.find(stored_recording_key(track))
        by_id = self._rows_with(track.ids)
        if by_id and row in (None, *by_id):
            found = by_id[0] if row is None else row
            return Seed(query, track, self._id(found), "id")
        if row is not None:
            return Seed(query, track, self._id(row), "recording")
        work = self._by_work.find(stored_work_key(track))
        if work is not None:
            return Seed(query, track, self._id(self._most_played(work)), "work")
        hits = self._hits(query)
        for hit in hits:
            if _same_work(track, hit.track):
                return Seed(query, track, hit.recording_id, "search")
        return self._by_credits(query, track, hits)

    def credits(self, artist: str = "", label: str = "", *, query: str = "") -> Seed:
        """Resolve what has no title: an artist, a label, or both."""
        query = query or artist or label
        if not query:
            return Seed("", None, None, "none")
        return self._by_credits(query, Track(artist, "", label=label), [])

    def recording(self, recording_id: int) -> Seed:
        """Resolve the id of a recording in the catalogue."""
        row = self._row(recording_id)
        if row is None:
            return Seed(str(recording_id), None, None, "none")
        track = self.track_at(row)
        return Seed(str(track), track, recording_id, "id")

    def track_at(self, index: int) -> Track:
        """The track at one row of the snapshot."""
        s = self._snapshot
        return Track(s.artists[index], s.titles[index], s.versions[index], s.labels[index])

    def query(self, seeds: Sequence[Seed]) -> Query:
        """What the seeds say to the models of sets."""
        recordings: list[int] = []
        artists: defaultdict[int, float] = defaultdict(float)
        labels: defaultdict[int, float] = defaultdict(float)
        for seed in seeds:
            index = self._row_of(seed)
            if index is not None:
                recordings.append(index)
            for artist in self._artists_of(seed, index):
                artists[artist] += 1
            label = self._label_of(seed, index)
            if label >= 0:
                labels[label] += 1
        unique = np.array(list(dict.fromkeys(recordings)), dtype=np.intp)
        return Query(unique, dict(artists), dict(labels))

    def question(self, seeds: Sequence[Seed]) -> Question:
        """What the seeds say to all signals, each sound once.

        A file that was heard for this query speaks for itself; else the catalogue's vector of
        the seed's recording does.
        """
        vectors: dict[object, NDArray[np.float32]] = {}
        windows: dict[object, float] = {}
        last = None
        # Files first: one that was heard just now also speaks for its recording.
        for seed in sorted(seeds, key=lambda seed: seed.vector is None):
            sound = self._sound_of(seed)
            if sound is not None and sound[0] not in vectors:
                key, vectors[key], windows[key] = sound
        if seeds and (sound := self._sound_of(seeds[-1])) is not None:
            last = sound[0]
        keys = list(vectors)
        return Question(
            self.query(seeds),
            self.query(seeds[-1:]),
            np.array([vectors[key] for key in keys], np.float32)
            if keys
            else np.empty((0, 0), np.float32),
            keys.index(last) if last is not None else -1,
            float(sum(windows.values())),
        )

    # -- rungs

    def _loose(self, text: str, parsed: Unidentified) -> Seed:
        """Resolve a text that is no "Artist - Title"."""
        hits = self._hits(text)
        credits = Track(parsed.artist or parsed.title, "", label=parsed.label)
        names = track_artists(credits) if parsed.reason != "not music" else ()
        if names and all(name in self._artist for name in names):
            # "Fjord" is the artist, unless there is a track that is rather meant.
            by_them = not hits or set(names) <= set(track_artists(hits[0].track))
            if parsed.artist or by_them:
                return Seed(text, credits, None, "artist")
        if hits and _same_words(text, hits[0].track):
            return Seed(text, hits[0].track, hits[0].recording_id, "search")
        if label_key(parsed.label) in self._label:
            return Seed(text, Track("", "", label=parsed.label), None, "label")
        return Seed(text, None, None, "none", near=self._near(text, None, hits))

    def _by_credits(self, query: str, track: Track, hits: list[Hit]) -> Seed:
        rung: SeedRung = "none"
        if any(name in self._artist for name in track_artists(track)):
            rung = "artist"
        elif label_key(track.label) in self._label:
            rung = "label"
        near = self._near(query, track, hits) if rung == "none" else ()
        return Seed(query, track, None, rung, near=near)

    def _rows_with(self, ids: Sequence[OutsideId]) -> list[int]:
        """Return the rows that carry the first of the ids that any carries, most said first."""
        for outside in ids:
            found = self._catalogue.find_outside(outside.scheme, outside.value)
            if rows := [row for ident in found if (row := self._row(ident)) is not None]:
                return rows
        return []

    def _most_played(self, work: int) -> int:
        rows = np.sort(self._rows_of_works[self._starts[work] : self._starts[work + 1]])
        return int(rows[np.argmax(self._popularity[rows])])

    def _hits(self, text: str) -> list[Hit]:
        """Return what search finds, as far as the snapshot holds it."""
        if len(text) > LONGEST_ROW:
            return []
        hits = self._catalogue.search(text, limit=_NEAR)
        return [hit for hit in hits if self._row(hit.recording_id) is not None]

    def _near(
        self, query: str, track: Track | None, hits: list[Hit]
    ) -> tuple[tuple[int, Track], ...]:
        """Return what search finds by the whole query, else by ever smaller parts of it."""
        parts = _parts_of(query, track)
        while not hits and (part := next(parts, None)):
            hits = self._hits(part)
        return tuple((hit.recording_id, hit.track) for hit in hits)

    # -- what a seed says

    def _artists_of(self, seed: Seed, index: int | None) -> list[int]:
        if index is not None:
            start, end = self._artists.indptr[index : index + 2]
            return self._artists.indices[start:end].tolist()
        names = track_artists(seed.track) if seed.track else ()
        found = (self._artist.find(bounded(name)) for name in names)
        return [artist for artist in found if artist is not None]

    def _label_of(self, seed: Seed, index: int | None) -> int:
        known = -1 if index is None else int(self._snapshot.recording_label[index])
        if known >= 0 or seed.track is None:
            return known
        label = self._label.find(bounded(label_key(seed.track.label)))
        return -1 if label is None else label

    def _sound_of(self, seed: Seed) -> tuple[object, NDArray[np.float32], float] | None:
        """Return what the seed's sound is known by, its unit vector and its windows."""
        if self._sound is None:
            return None
        row = self._row_of(seed)
        if seed.vector is not None and seed.vector.shape == (self._sound.index.dimension,):
            length = float(np.linalg.norm(seed.vector))
            if length > 0:
                heard = len(seed.analysis.windows) if seed.analysis else 1
                key = seed.vector.tobytes() if row is None else row
                return key, (seed.vector / length).astype(np.float32), float(heard)
        vector = None if row is None else self._sound.vector(row)
        if row is None or vector is None:
            return None
        return row, vector, 1.0 if self._windows is None else float(self._windows[row])

    def _row_of(self, seed: Seed) -> int | None:
        return None if seed.recording_id is None else self._row(seed.recording_id)

    def _row(self, recording_id: int) -> int | None:
        ids = self._snapshot.recording_ids
        if not len(ids) or not ids[0] <= recording_id <= ids[-1]:
            return None
        row = int(np.searchsorted(ids, recording_id))
        return row if ids[row] == recording_id else None

    def _id(self, index: int) -> int:
        return int(self._snapshot.recording_ids[index])


def _parts_of(query: str, track: Track | None) -> Iterator[str]:
    """Yield what to search for in the place of a query that finds nothing, most telling first."""
    if track is not None:
        yield from filter(None, (track.title, track.artist))
    words = dict.fromkeys(word for word in search_text(query).split() if len(word) >= _SHORTEST)
    yield from sorted(words, key=lambda word: -len(word))[:_WORDS]


def _same_work(asked: Track, found: Track) -> bool:
    """Whether two tracks differ by a slip of the pen only; "Part 2" is no slip for "Part 1"."""
    ours, theirs = work_key(asked), work_key(found)
    return (
        _DIGITS.findall(ours) == _DIGITS.findall(theirs) and fuzz.ratio(ours, theirs) >= _SAME_NAME
    )


def _same_words(query: str, found: Track) -> bool:
    """Whether free text names the track; a letter that begins its name does not."""
    return fuzz.token_set_ratio(search_text(query), search_text(str(found))) >= _SAME_WORDS
