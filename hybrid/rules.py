"""Rules that keep tracks out of an answer, and the count of what each kept out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


@dataclass(frozen=True)
class Rules:
    """What may not be in an answer. Each can be switched off.

    Parameters
    ----------
    exclude_seeds : bool
        Leave out the seeds themselves.
    exclude_seed_versions : bool
        Leave out other versions of the seeds' works.
    one_version_per_work : bool
        Of several versions of one work show the best.
    artist_cap : int
        Most tracks of one artist or remixer; 0 for no limit.
    """

    exclude_seeds: bool = True
    exclude_seed_versions: bool = True
    one_version_per_work: bool = True
    artist_cap: int = 10

    @classmethod
    def for_length(cls, k: int) -> Rules:
        """The default rules for a list of `k`: an artist may fill a fifth of it, two at least."""
        return cls(artist_cap=max(2, -(-k // 5)))


class Selection:
    """Walks down a ranking and takes what the rules allow, until `k` are found.

    Parameters
    ----------
    work_index : ndarray of int32, shape (R,)
        Work of each recording.
    artists : csr_matrix, shape (R, A)
        Artists of each recording.
    """

    def __init__(
        self, rules: Rules, work_index: NDArray[np.int32], artists: sparse.csr_matrix
    ) -> None:
        self._rules = rules
        self._work_index = work_index
        self._artists = artists

    def take(
        self, ranking: Iterable[int], seeds: NDArray[np.intp], k: int
    ) -> tuple[list[int], dict[str, int]]:
        """Return the first `k` allowed recordings and how many each rule passed over."""
        seed_set = set(seeds.tolist())
        seed_works = set(self._work_index[seeds].tolist())
        works: set[int] = set()
        per_artist: Counter[int] = Counter()
        removed: Counter[str] = Counter()
        taken: list[int] = []
        for index in ranking:
            if len(taken) == k:
                break
            work = int(self._work_index[index])
            row = slice(self._artists.indptr[index], self._artists.indptr[index + 1])
            artists = self._artists.indices[row].tolist()
            rule = self._broken(index, work, artists, seed_set, seed_works, works, per_artist)
            if rule:
                removed[rule] += 1
                continue
            works.add(work)
            per_artist.update(artists)
            taken.append(index)
        return taken, dict(removed)

    def _broken(
        self,
        index: int,
        work: int,
        artists: list[int],
        seeds: set[int],
        seed_works: set[int],
        works: set[int],
        per_artist: Counter[int],
    ) -> str | None:
        """Name of the first rule that keeps the recording out, or None."""
        rules = self._rules
        if index in seeds:
            return "seed" if rules.exclude_seeds else None
        if rules.exclude_seed_versions and work in seed_works:
            return "version of a seed"
        if rules.one_version_per_work and work in works:
            return "other version"
        if rules.artist_cap and any(per_artist[a] >= rules.artist_cap for a in artists):
            return "same artist"
        return None
