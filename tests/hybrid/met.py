"""Evidence of a catalogue as it is, asked for by the names of tracks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from data.catalogue import Catalogue, Snapshot
from data.records import Evidence
from hybrid.corpus import interactions_of
from hybrid.evidence import EvidenceFinder
from models.collaborative import Query


class Met:
    """What the distinct sets of a catalogue say."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.snapshot = catalogue.snapshot()
        interactions = interactions_of(self.snapshot)
        keep = interactions.distinct_sets()
        self.finder = EvidenceFinder(self.snapshot, interactions.keep_sets(keep), keep)
        self.names = names(self.snapshot)

    def query(self, *seeds: str) -> Query:
        """The seeds with their artists and labels."""
        s, rows = self.snapshot, [self.names.index(seed) for seed in seeds]
        artists = Counter(
            artist
            for row in rows
            for artist in s.recording_artist_idx[
                s.recording_artist_ptr[row] : s.recording_artist_ptr[row + 1]
            ].tolist()
        )
        labels = Counter(int(s.recording_label[row]) for row in rows if s.recording_label[row] >= 0)
        return Query(np.array(rows, np.intp), dict(artists), dict(labels))

    def evidence(self, titles: Sequence[str], *seeds: str, max_sets: int = 99) -> list[Evidence]:
        """Evidence of each of `titles`, found in one go."""
        rows = [self.names.index(title) for title in titles]
        return self.finder.for_query(self.query(*seeds)).evidence_of(rows, max_sets)


def names(snapshot: Snapshot) -> list[str]:
    """Recordings as "Artist - Title (Version)", in the order of the rows."""
    rows = zip(snapshot.artists, snapshot.titles, snapshot.versions, strict=True)
    return [f"{a} - {t}" + (f" ({v})" if v else "") for a, t, v in rows]
