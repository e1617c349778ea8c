"""Answers a query: resolve -> score -> apply the rules -> explain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue, Snapshot
from data.errors import SegueError
from data.records import Answer, Recommendation, Seed, Track
from data.settings import Settings
from hybrid import tuned
from hybrid.corpus import decimal_years, interactions_of, played_next_of
from hybrid.evidence import EvidenceFinder
from hybrid.explain import reason
from hybrid.fusion import Fusion, Scores, Weights
from hybrid.resolve import Resolver
from hybrid.rules import Rules, Selection
from hybrid.training import load
from models.collaborative import Interactions, JointALS, Query

__all__ = ["Recommender", "Rules"]

SeedLike = Seed | Track | int | str


class Recommender:
    """Everything needed to answer, loaded once and read only.

    Safe to use from several threads: a query changes nothing.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        snapshot: Snapshot,
        interactions: Interactions,
        als: JointALS,
        weights: Weights | None = None,
    ) -> None:
        keep = interactions.distinct_sets()
        distinct = interactions.keep_sets(keep)
        years = decimal_years(snapshot.set_dates)[keep]
        self._snapshot = snapshot
        self._interactions = distinct
        played_next = played_next_of(snapshot, keep)
        self._fusion = Fusion(distinct, years, als, played_next, weights or tuned.weights())
        self._resolver = Resolver(catalogue, snapshot, distinct)
        self._evidence = EvidenceFinder(snapshot, distinct, keep)

    @classmethod
    def open(
        cls, catalogue: Catalogue, settings: Settings, weights: Weights | None = None
    ) -> Recommender:
        """Load the catalogue and the current model.

        Raises
        ------
        SegueError
            If nothing was trained yet.
        """
        snapshot = catalogue.snapshot()
        interactions = interactions_of(snapshot)
        als = load(settings, snapshot, interactions)
        if als is None:
            raise SegueError(
                "There is no trained model yet. Load DJ sets, then run `segue train` "
                "(`segue demo` does both with a generated crate)."
            )
        return cls(catalogue, snapshot, interactions, als, weights)

    def resolve(self, text: str) -> Seed:
        """Find the recording that a person means by `text`."""
        return self._resolver.text(text)

    def resolve_track(self, track: Track) -> Seed:
        """Find the recording of a track whose artist and title are known."""
        return self._resolver.track(track)

    def recommend(
        self,
        seeds: Sequence[SeedLike],
        *,
        k: int = 50,
        rules: Rules | None = None,
        max_sets: int = 5,
    ) -> Answer:
        """Find the tracks that go with the seeds.

        Parameters
        ----------
        seeds : sequence of Seed, Track, int or str
            Seeds already resolved, tracks, recording ids, or text.
        k : int
            Most recommendations to return.
        rules : Rules, optional
            What may not be in the answer; ``Rules.for_length(k)`` unless given.
        max_sets : int
            Most sets to list as evidence of one recommendation.

        Returns
        -------
        Answer
            Best first. Seeds that nothing is known of are in ``answer.seeds`` with rung
            ``"none"``; if that is all of them, the results are what is played most at
            present, and their reasons say so.
        """
        resolved = tuple(self._seed(seed) for seed in seeds)
        if not resolved:
            return Answer((), ())
        query = self._resolver.query(resolved)
        signals = self._fusion.signals(query)
        scores = self._fusion.fuse(signals)
        selection = Selection(
            rules or Rules.for_length(k), self._snapshot.work_index, self._interactions.artists
        )
        taken, removed = selection.take(_ranking(scores, k), query.recordings, k)
        return Answer(
            resolved, self._explained(taken, resolved, query, signals, scores, max_sets), removed
        )

    def _seed(self, seed: SeedLike) -> Seed:
        if isinstance(seed, Seed):
            return seed
        if isinstance(seed, Track):
            return self.resolve_track(seed)
        if isinstance(seed, str):
            return self.resolve(seed)
        return self._resolver.recording(seed)

    def _explained(
        self,
        taken: list[int],
        seeds: tuple[Seed, ...],
        query: Query,
        signals: Scores,
        scores: NDArray[np.float32],
        max_sets: int,
    ) -> tuple[Recommendation, ...]:
        weights = self._fusion.weights.as_dict()
        seed_plays = self._evidence.for_query(query)
        known = bool(len(query.recordings) or query.artists)
        results = []
        for index in taken:
            plays = seed_plays
            if index in query.recordings:
                # A seed that the rules let in is compared with the other seeds only.
                ident = int(self._snapshot.recording_ids[index])
                others = [seed for seed in seeds if seed.recording_id != ident]
                plays = self._evidence.for_query(self._resolver.query(others))
            evidence = plays.evidence(index, max_sets)
            sets = int(self._interactions.popularity[index])
            results.append(
                Recommendation(
                    recording_id=int(self._snapshot.recording_ids[index]),
                    track=self._resolver.track_at(index),
                    score=round(float(scores[index]), 4),
                    parts={
                        name: round(float(weight * signals[name][index]), 4)
                        for name, weight in weights.items()
                    },
                    evidence=evidence,
                    reason=reason(evidence, sets=sets, n_seeds=len(query.recordings), known=known),
                    sets=sets,
                )
            )
        return tuple(results)


def _ranking(scores: NDArray[np.float32], k: int) -> Iterator[int]:
    """Indices by falling score, ties by index, sorted only as far as they are asked for."""
    first = np.arange(len(scores))
    depth = 8 * k
    if depth < len(scores):
        least = -np.partition(-scores, depth)[depth]
        first = np.flatnonzero(scores >= least)
    yield from first[np.argsort(-scores[first], kind="stable")].tolist()
    if len(first) < len(scores):
        yield from np.argsort(-scores, kind="stable")[len(first) :].tolist()
