"""What real sets say about two tracks: the facts behind every reason."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

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
        self.snapshot = snapshot
        self.n_sets = len(keep)
        self.popularity = interactions.popularity
        self.artists = interactions.artists
        self.recordings_of = _Rows.of(interactions.artists.T)
        self.sets_of_artist = _Rows.of(interactions.set_artists.T)
        self.plays_of = _kept_plays(snapshot, keep)
        self._read_order(snapshot)
        self._read_recency(snapshot)
        self._written: dict[int, str] = {}

    def for_query(self, query: Query) -> SeedPlays:
        """Gather the seeds' plays once, to be compared with many recommendations."""
        return SeedPlays(self, query)

    def artist_name(self, artist: int) -> str:
        """Name of an artist as the credit of the most played recording writes it."""
        if artist not in self._written:
            key = str(self.snapshot.artist_names[artist])
            recordings = self.recordings_of.row(artist)
            order = np.lexsort((recordings, -self.popularity[recordings]))
            written = (
                written_names(self.snapshot.artists[i]).get(key) for i in recordings[order].tolist()
            )
            # Somebody who only ever remixed has no credit of their own.
            self._written[artist] = next(filter(None, written), key)
        return self._written[artist]

    def _read_order(self, snapshot: Snapshot) -> None:
        """Note which play follows which, and how often each recording came straight after one."""
        before, after = adjacent(
            snapshot.play_set,
            snapshot.play_position,
            snapshot.play_with_previous,
            snapshot.play_chapter,
        )
        self.follower = np.full(len(snapshot.play_set), -1, np.int32)
        self.follower[before] = after
        follows = np.zeros(len(snapshot.play_set), bool)
        follows[after] = True
        kept = self.plays_of.values
        came_after = snapshot.play_recording[kept[follows[kept]]]
        self.came_after = np.bincount(came_after, minlength=len(snapshot.recording_ids)).astype(
            np.int32
        )
        self.n_changes = len(came_after)

    def _read_recency(self, snapshot: Snapshot) -> None:
        """Rank the sets by date, ties by id, those without a date first."""
        dates = _as_numbers(snapshot.set_dates)
        self.by_recency = np.argsort(dates, kind="stable").astype(np.int32)
        self.recency = np.empty_like(self.by_recency)
        self.recency[self.by_recency] = np.arange(len(dates), dtype=np.int32)
        self.n_undated = int(np.count_nonzero(dates == 0))


class SeedPlays:
    """The sets that hold the seeds, ready to answer what recommendations share with them."""

    def __init__(self, finder: EvidenceFinder, query: Query) -> None:
        self._f = finder
        self._query = query
        snapshot = finder.snapshot
        seeds = np.unique(query.recordings)
        self._plays = np.sort(finder.plays_of.join(seeds)[1])
        #: Set of each of the seeds' plays, ascending.
        self._sets = snapshot.play_set[self._plays]
        self._holds_seed = np.zeros(len(snapshot.set_ids), bool)
        self._holds_seed[self._sets] = True
        self._n_sets = int(np.count_nonzero(np.diff(self._sets, prepend=-1)))
        followers = finder.follower[self._plays]
        #: Plays that came straight after a seed: once each, however many seeds ran before.
        self._after = np.unique(followers[followers >= 0])

    def evidence(self, index: int, max_sets: int) -> Evidence:
        """Everything the sets say about the recording at `index` and the seeds."""
        return self.evidence_of([index], max_sets)[0]

    def evidence_of(self, indices: Sequence[int], max_sets: int) -> list[Evidence]:
        """Everything the sets say about many recordings, each once, and the seeds.

        Parameters
        ----------
        indices : sequence of int
            Rows of the snapshot.
        max_sets : int
            Most sets to list for each; all are counted.
        """
        f, rows = self._f, np.asarray(indices, np.intp)
        places, plays = f.plays_of.join(rows)
        met = self._holds_seed[f.snapshot.play_set[plays]]
        places, plays = places[met], plays[met]
        after = np.bincount(places[_among(plays, self._after)], minlength=len(rows))
        before = np.bincount(places[_among(f.follower[plays], self._plays)], minlength=len(rows))
        n_sets = np.int64(len(f.recency))
        # One sort brings each recording's common sets together, the latest first.
        keys = np.unique(places * n_sets + (n_sets - 1 - f.recency[f.snapshot.play_set[plays]]))
        of, ranks = keys // max(n_sets, 1), keys % max(n_sets, 1)
        sets = f.by_recency[n_sets - 1 - ranks]
        ends = np.searchsorted(of, np.arange(len(rows) + 1))
        listed = np.arange(len(keys)) - ends[of] < max_sets
        refs = self._meetings(of[listed], sets[listed], places, plays)
        lonely = [row for row, n in zip(rows.tolist(), np.diff(ends), strict=True) if not n]
        links = self._links(lonely)
        found = []
        for place, row in enumerate(rows.tolist()):
            common = sets[ends[place] : ends[place + 1]]
            shown = [refs[place, ident] for ident in common[:max_sets].tolist()]
            first, last = self._dates(common)
            found.append(
                Evidence(
                    sets_together=len(common),
                    right_after=int(after[place]),
                    right_before=int(before[place]),
                    lift=self._lift(row, len(common)),
                    after_lift=self._after_lift(row, int(after[place])),
                    djs=tuple(dict.fromkeys(chain.from_iterable(f.snapshot.set_djs[common]))),
                    first=first,
                    last=last,
                    sets=tuple(shown),
                    same_artist=self._same_artists(row),
                    same_label=self._same_label(row),
                    link=links.get(row),
                )
            )
        return found

    def _meetings(
        self,
        of: NDArray[np.int64],
        sets: NDArray[np.int32],
        places: NDArray[np.int64],
        plays: NDArray[np.int32],
    ) -> dict[tuple[int, int], SetRef]:
        """Where each recommendation stands to the nearest seed in the sets that are listed.

        Of several plays the one straight after a seed counts, else the one nearest to a seed.
        """
        f, snapshot = self._f, self._f.snapshot
        play_sets = snapshot.play_set[plays]
        n_sets = np.int64(len(f.recency))
        pairs = np.sort(of * n_sets + sets)
        pair = places * n_sets + play_sets
        shown = _among(pair, pairs)
        pair, plays, play_sets = pair[shown], plays[shown], play_sets[shown]
        starts = np.searchsorted(self._sets, play_sets)
        lengths = np.searchsorted(self._sets, play_sets, side="right") - starts
        which, seed_at = _ranges(starts, lengths)
        seeds, own, pair = self._plays[seed_at], plays[which], pair[which]
        position, seed_position = snapshot.play_position[own], snapshot.play_position[seeds]
        straight = f.follower[seeds] == own
        order = np.lexsort((seeds, own, np.abs(position - seed_position), ~straight, pair))
        best = order[np.diff(pair[order], prepend=-1) != 0]
        return {
            (place, ident): self._ref(ident, seed_pos, pos, after)
            for (place, ident), seed_pos, pos, after in zip(
                zip(*(part.tolist() for part in np.divmod(pair[best], n_sets)), strict=True),
                seed_position[best].tolist(),
                position[best].tolist(),
                straight[best].tolist(),
                strict=True,
            )
        }

    def _ref(self, ident: int, seed_position: int, position: int, right_after: bool) -> SetRef:
        snapshot = self._f.snapshot
        return SetRef(
            set_id=int(snapshot.set_ids[ident]),
            title=snapshot.set_titles[ident],
            date=str(snapshot.set_dates[ident]),
            djs=snapshot.set_djs[ident],
            url=snapshot.set_urls[ident],
            seed_position=seed_position,
            position=position,
            right_after=right_after,
        )

    def _dates(self, sets: NDArray[np.int32]) -> tuple[str, str]:
        """Dates of the earliest and the latest of `sets`, which stand latest first."""
        dated = int(np.count_nonzero(self._f.recency[sets] >= self._f.n_undated))
        if not dated:
            return "", ""
        dates = self._f.snapshot.set_dates
        return str(dates[sets[dated - 1]]), str(dates[sets[0]])

    def _lift(self, row: int, together: int) -> float:
        """Sets together over the number chance would give: n_ab N / (n_a n_b)."""
        expected = self._n_sets * float(self._f.popularity[row])
        return together * self._f.n_sets / expected if together and expected else float("nan")

    def _after_lift(self, row: int, right_after: int) -> float:
        """Changes from a seed to it over the number chance would give, of all changes."""
        expected = len(self._after) * int(self._f.came_after[row])
        return right_after * self._f.n_changes / expected if right_after else float("nan")

    def _artists(self, row: int) -> NDArray[np.int32]:
        artists = self._f.artists
        return artists.indices[artists.indptr[row] : artists.indptr[row + 1]]

    def _same_artists(self, row: int) -> tuple[str, ...]:
        shared = [a for a in self._artists(row).tolist() if a in self._query.artists]
        return tuple(self._f.artist_name(artist) for artist in shared)

    def _same_label(self, row: int) -> str:
        label = int(self._f.snapshot.recording_label[row])
        return self._f.snapshot.labels[row] if label in self._query.labels else ""

    def _links(self, rows: list[int]) -> dict[int, tuple[str, str, int]]:
        """Per recording the pair of an own and a seed's artist that most sets played together."""
        own = sorted({artist for row in rows for artist in self._artists(row).tolist()})
        met_artists = _SeedArtists(self._f, np.array(sorted(self._query.artists), np.int64))
        counts = dict(zip(own, met_artists.counts(self._f, np.array(own, np.int64)), strict=True))
        others, links = met_artists.artists, {}
        for row in rows:
            best: tuple[int, int, int] | None = None
            for artist in self._artists(row).tolist():
                met = np.where(others == artist, 0, counts[artist])
                top = int(met.argmax()) if len(met) else 0
                if len(met) and met[top] > (best[2] if best else 0):
                    best = (artist, int(others[top]), int(met[top]))
            if best:
                name = self._f.artist_name
                links[row] = (name(best[0]), name(best[1]), best[2])
        return links


class _SeedArtists:
    """The sets that played the seeds' artists, to be met with other artists' sets."""

    def __init__(self, finder: EvidenceFinder, artists: NDArray[np.int64]) -> None:
        self.artists = artists
        of, sets = finder.sets_of_artist.join(artists)
        order = np.argsort(sets, kind="stable")
        self._of, self._sets = of[order], sets[order]
        self._holds = np.zeros(finder.n_sets, bool)
        self._holds[sets] = True

    def counts(self, finder: EvidenceFinder, artists: NDArray[np.int64]) -> NDArray[np.int64]:
        """In how many sets each of `artists` (n,) was played with each of the seeds', (n, m)."""
        places, sets = finder.sets_of_artist.join(artists)
        held = self._holds[sets]
        places, sets = places[held], sets[held]
        starts = np.searchsorted(self._sets, sets)
        lengths = np.searchsorted(self._sets, sets, side="right") - starts
        which, at = _ranges(starts, lengths)
        shape = len(artists), len(self.artists)
        pairs = places[which] * shape[1] + self._of[at]
        return np.bincount(pairs, minlength=shape[0] * shape[1]).reshape(shape)


class _Rows:
    """Lists of numbers of different length: ``values[ptr[i]:ptr[i + 1]]`` is list i."""

    def __init__(self, ptr: NDArray[np.int64], values: NDArray[np.int32]) -> None:
        self.ptr, self.values = ptr, values

    @classmethod
    def of(cls, matrix: sparse.spmatrix) -> _Rows:
        """The columns of each row in which a matrix is not 0, ascending."""
        rows = sparse.csr_matrix(matrix)
        rows.sort_indices()
        return cls(rows.indptr, rows.indices)

    def row(self, index: int) -> NDArray[np.int32]:
        return self.values[self.ptr[index] : self.ptr[index + 1]]

    def join(self, indices: NDArray[np.integer]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Some lists one after the other: for each value its place in `indices`, and the value."""
        starts = self.ptr[indices]
        places, at = _ranges(starts, self.ptr[indices + 1] - starts)
        return places, self.values[at]


def _kept_plays(snapshot: Snapshot, keep: NDArray[np.intp]) -> _Rows:
    """The plays of each recording in the sets that are kept, in order."""
    kept = np.zeros(len(snapshot.set_ids), bool)
    kept[keep] = True
    plays = np.flatnonzero(kept[snapshot.play_set]).astype(np.int32)
    recordings = snapshot.play_recording[plays]
    counts = np.bincount(recordings, minlength=len(snapshot.recording_ids))
    ptr = np.concatenate([[0], np.cumsum(counts)])
    return _Rows(ptr, plays[np.argsort(recordings, kind="stable")])


def _ranges(
    starts: NDArray[np.integer], lengths: NDArray[np.integer]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Every number of ``range(starts[i], starts[i] + lengths[i])``, with its i."""
    ends = np.cumsum(lengths, dtype=np.int64)
    places = np.repeat(np.arange(len(starts)), lengths)
    offsets = np.arange(ends[-1] if len(ends) else 0) - (ends - lengths)[places]
    return places, starts[places] + offsets


def _among(values: NDArray[np.integer], known: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Whether each value is one of `known`, which ascends."""
    if not len(known):
        return np.zeros(len(values), bool)
    places = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return known[places] == values


def _as_numbers(dates: NDArray[np.str_]) -> NDArray[np.int64]:
    """ISO dates, whole or partial, as numbers that sort like them; 0 for none."""
    letters = dates.astype("U10").view(np.uint32).reshape(len(dates), 10).astype(np.int64)
    # Digits and dashes fit into six bits, ten of them into one number.
    return np.clip(letters - 32, 0, 63) @ (1 << 6 * np.arange(9, -1, -1, dtype=np.int64))
