"""What real sets say about two tracks: the facts behind every reason."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Snapshot
from data.identity import written_names
from data.records import Evidence, SetRef
from models.collaborative import Interactions, Query
from models.collaborative.played_next import adjacent


class EvidenceFinder:
    """Looks up where recommendations met the seeds.

    Near-duplicate sets (a repeat, the same night on two sites) are left out, so that no DJ
    is counted twice for one night.

    Parameters
    ----------
    keep : ndarray of intp
        Indices of the distinct sets of the snapshot.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        interactions: Interactions,
        keep: NDArray[np.intp],
    ) -> None:
        self._snapshot = snapshot
        self._interactions = interactions
        self._n_sets = len(keep)
        self._set_artists = interactions.set_artists.tocsc()
        self._recordings_of = interactions.artists.tocsc()
        self._written: dict[int, str] = {}
        kept = np.zeros(len(snapshot.set_ids), bool)
        kept[keep] = True
        plays = np.flatnonzero(kept[snapshot.play_set])
        order = plays[np.argsort(snapshot.play_recording[plays], kind="stable")]
        recordings = snapshot.play_recording[order]
        self._plays = order
        self._ptr = np.searchsorted(recordings, np.arange(len(snapshot.recording_ids) + 1))
        before, after = adjacent(
            snapshot.play_set,
            snapshot.play_position,
            snapshot.play_with_previous,
            snapshot.play_chapter,
        )
        self._follower = np.full(len(snapshot.play_set), -1, np.intp)
        self._follower[before] = after

    def for_query(self, query: Query) -> SeedPlays:
        """Gather the seeds' plays once, to be compared with many recommendations."""
        by_set: defaultdict[int, list[int]] = defaultdict(list)
        for seed in query.recordings.tolist():
            for play in self._plays_of(seed):
                by_set[int(self._snapshot.play_set[play])].append(play)
        return SeedPlays(self, query, by_set)

    def artist_name(self, artist: int) -> str:
        """Name of an artist as the credit of the most played recording writes it."""
        if artist not in self._written:
            key = str(self._snapshot.artist_names[artist])
            matrix = self._recordings_of
            recordings = matrix.indices[matrix.indptr[artist] : matrix.indptr[artist + 1]]
            popularity = self._interactions.popularity
            name = None
            for index in sorted(recordings.tolist(), key=lambda i: (-popularity[i], i)):
                name = written_names(self._snapshot.artists[index]).get(key)
                if name:
                    break
            # Somebody who only ever remixed has no credit of their own.
            self._written[artist] = name or key
        return self._written[artist]

    def _plays_of(self, recording: int) -> list[int]:
        return self._plays[self._ptr[recording] : self._ptr[recording + 1]].tolist()


class SeedPlays:
    """The sets that hold the seeds, ready to answer what a recommendation shares with them."""

    def __init__(self, finder: EvidenceFinder, query: Query, by_set: dict[int, list[int]]) -> None:
        self._f = finder
        self._query = query
        self._by_set = by_set
        self._seed_plays = {play for plays in by_set.values() for play in plays}
        self._after_seed = {int(finder._follower[play]) for play in self._seed_plays}

    def evidence(self, index: int, max_sets: int) -> Evidence:
        """Everything the sets say about the recording at `index` and the seeds."""
        f, snapshot = self._f, self._f._snapshot
        plays = f._plays_of(index)
        shared: dict[int, SetRef] = {}
        for play in plays:
            set_index = int(snapshot.play_set[play])
            if set_index in self._by_set:
                ref = self._meeting(set_index, play)
                if set_index not in shared or _closeness(ref) > _closeness(shared[set_index]):
                    shared[set_index] = ref
        refs = sorted(shared.values(), key=lambda ref: (ref.date, ref.set_id), reverse=True)
        dates = [ref.date for ref in refs if ref.date]
        return Evidence(
            sets_together=len(refs),
            right_after=sum(play in self._after_seed for play in plays),
            right_before=sum(int(f._follower[play]) in self._seed_plays for play in plays),
            lift=self._lift(index, len(refs)),
            djs=tuple(dict.fromkeys(dj for ref in refs for dj in ref.djs)),
            first=min(dates, default=""),
            last=max(dates, default=""),
            sets=tuple(refs[:max_sets]),
            same_artist=self._same_artists(index),
            same_label=self._same_label(index),
            link=None if refs else self._link(index),
        )

    def _meeting(self, set_index: int, play: int) -> SetRef:
        """Where the play stands to the nearest seed in the same set."""
        snapshot, follower = self._f._snapshot, self._f._follower
        position = int(snapshot.play_position[play])
        seed = min(
            self._by_set[set_index],
            key=lambda p: (follower[p] != play, abs(int(snapshot.play_position[p]) - position)),
        )
        return SetRef(
            set_id=int(snapshot.set_ids[set_index]),
            title=snapshot.set_titles[set_index],
            date=str(snapshot.set_dates[set_index]),
            djs=snapshot.set_djs[set_index],
            url=snapshot.set_urls[set_index],
            seed_position=int(snapshot.play_position[seed]),
            position=position,
            right_after=bool(follower[seed] == play),
        )

    def _lift(self, index: int, together: int) -> float:
        """Sets together over the number chance would give: n_ab N / (n_a n_b)."""
        expected = len(self._by_set) * float(self._f._interactions.popularity[index])
        return together * self._f._n_sets / expected if together and expected else float("nan")

    def _artists(self, index: int) -> NDArray[np.int32]:
        artists = self._f._interactions.artists
        return artists.indices[artists.indptr[index] : artists.indptr[index + 1]]

    def _same_artists(self, index: int) -> tuple[str, ...]:
        shared = [a for a in self._artists(index).tolist() if a in self._query.artists]
        return tuple(self._f.artist_name(artist) for artist in shared)

    def _same_label(self, index: int) -> str:
        label = int(self._f._snapshot.recording_label[index])
        return self._f._snapshot.labels[index] if label in self._query.labels else ""

    def _link(self, index: int) -> tuple[str, str, int] | None:
        """The pair of an own and a seed's artist that most sets played together."""
        matrix = self._f._set_artists
        best: tuple[int, int, int] | None = None
        for own in self._artists(index).tolist():
            own_sets = matrix.indices[matrix.indptr[own] : matrix.indptr[own + 1]]
            for other in self._query.artists:
                if other == own:
                    continue
                sets = matrix.indices[matrix.indptr[other] : matrix.indptr[other + 1]]
                count = len(np.intersect1d(own_sets, sets, assume_unique=True))
                if count and (best is None or count > best[2]):
                    best = (own, other, count)
        if best is None:
            return None
        return self._f.artist_name(best[0]), self._f.artist_name(best[1]), best[2]


def _closeness(ref: SetRef) -> tuple[bool, int]:
    return ref.right_after, -abs(ref.position - ref.seed_position)
