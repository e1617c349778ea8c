"""Orders tracks of the catalogue, and finds paths between two of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from data.catalogue import Catalogue
from data.errors import SegueError
from data.harmony import Notation
from data.records import Seed, Track
from data.settings import Settings
from hybrid.corpus import interactions_of, played_next_of
from hybrid.facts import Facts
from hybrid.feedback import Feedback
from hybrid.recommender import Recommender
from hybrid.resolve import Resolver
from hybrid.sequence.answer import Alternative, RunningOrder
from hybrid.sequence.arrange import ALTERNATIVES, arrange, told
from hybrid.sequence.deck import Deck
from hybrid.sequence.gather import Ground, candidates, nearness
from hybrid.sequence.path import MOST_STEPS, NoWay, find_path, path_problem
from hybrid.sequence.plan import Plan, Wishes
from hybrid.sequence.problem import Order, Problem
from hybrid.sequence.standing import fitting, standing
from hybrid.sequence.transitions import Transitions, transitions
from hybrid.sound_space import SoundSpace
from hybrid.steering import Filters
from models.collaborative import PlayedNext

#: What counts as found when a person names a track to be put in order.
_FOUND = ("id", "recording", "work", "search")
_NEAR_MATCHES, _MISSING_TOLD = 2, 5
#: Tracks between two others that are longer are mixes.
_LONGEST_S = 60 * (Filters().max_minutes or np.inf)


class Sequencer:
    """Everything needed to order, loaded once and read only; safe for several threads.

    Parameters
    ----------
    catalogue : Catalogue
        Asked for the names of tracks.
    facts, played_next, sound, feedback
        Of the same snapshot, as the recommender uses them.
    plays : csr_matrix of float32, shape (S, R)
        Distinct sets.
    resolver : Resolver
        Finds what a person means by a name.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        facts: Facts,
        plays: sparse.csr_matrix,
        played_next: PlayedNext,
        resolver: Resolver,
        *,
        sound: SoundSpace | None = None,
        feedback: Feedback | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._ground = Ground.of(facts, plays, played_next, sound)
        self._resolver = resolver
        self._feedback = feedback

    @classmethod
    def open(cls, catalogue: Catalogue, settings: Settings) -> Sequencer:
        """Load what the catalogue knows; it needs no trained model."""
        snapshot = catalogue.snapshot()
        interactions = interactions_of(snapshot)
        keep = interactions.distinct_sets()
        distinct = interactions.keep_sets(keep)
        return cls(
            catalogue,
            Facts.of(catalogue, snapshot, distinct),
            distinct.plays,
            played_next_of(snapshot, keep),
            Resolver(catalogue, snapshot, distinct),
            sound=SoundSpace.open(catalogue, settings, snapshot),
            feedback=Feedback.of(catalogue, snapshot),
        )

    @classmethod
    def beside(cls, recommender: Recommender, catalogue: Catalogue) -> Sequencer:
        """Share what a recommender has loaded of the same catalogue."""
        return cls(
            catalogue,
            recommender.facts,
            recommender.plays,
            recommender.played_next,
            recommender.resolver,
            sound=recommender.sound,
            feedback=recommender.feedback(),
        )

    def resolve(self, texts: Sequence[str]) -> list[Seed]:
        """Find the recordings that a person means; a number is a recording's id.

        Raises
        ------
        SegueError
            With near matches, if the catalogue does not hold one of them.
        """
        seeds = [self._seed(text.strip()) for text in texts]
        missing = [seed for seed in seeds if seed.rung not in _FOUND]
        if not missing:
            return seeds
        told = ", ".join(self._missing(seed) for seed in missing[:_MISSING_TOLD])
        more = len(missing) - _MISSING_TOLD
        raise SegueError(
            f"Not in the catalogue: {told}{f' and {more} more' if more > 0 else ''}."
            " Write them as the catalogue does, or load sets or files that hold them."
        )

    def _seed(self, text: str) -> Seed:
        return (
            self._resolver.recording(int(text)) if text.isdecimal() else self._resolver.text(text)
        )

    def _missing(self, seed: Seed) -> str:
        """Quote what was asked for, with what comes near it: its name, else its artist's tracks."""
        near = [track for _, track in seed.near]
        for text in (seed.query, seed.track.artist if seed.track else ""):
            near = near or [hit.track for hit in self._catalogue.search(text, _NEAR_MATCHES)]
        likely = " or ".join(f'"{track}"' for track in near[:_NEAR_MATCHES])
        return f'"{seed.query}" (did you mean {likely}?)' if near else f'"{seed.query}"'

    def order(
        self,
        ids: Sequence[int],
        wishes: Wishes | None = None,
        *,
        seed: int = 0,
        alternatives: int = ALTERNATIVES,
        notation: Notation = "camelot",
    ) -> RunningOrder:
        """Put recordings in order; one named twice is played once.

        Parameters
        ----------
        ids : sequence of int
            Recordings of the catalogue, a crate's for instance.
        wishes : Wishes, optional
        seed : int
            The same seed gives the same order.
        alternatives : int
            How many to offer for each slot.
        notation : Notation
            How keys are written.

        Raises
        ------
        SegueError
            If there are fewer than two tracks, one is not in the catalogue, or the wishes
            cannot be met.
        """
        wishes = wishes or Wishes()
        rows = self._rows(list(dict.fromkeys(ids)))
        named = {*ids, *wishes.locks.values(), wishes.first, wishes.last} - {None}
        tracks = self._catalogue.tracks(ident for ident in named if ident is not None)
        return arrange(
            self._deck(rows),
            tracks,
            wishes,
            seed=seed,
            alternatives=alternatives,
            notation=notation,
        )

    def standing(
        self,
        ids: Sequence[int],
        wishes: Wishes | None = None,
        *,
        alternatives: int = 0,
        notation: Notation = "camelot",
    ) -> RunningOrder:
        """Tell recordings in the order they are in: every transition, and what may change places.

        Raises
        ------
        SegueError
            If there are fewer than two, or one is not in the catalogue.
        """
        rows = self._rows(list(dict.fromkeys(ids)))
        tracks = self._catalogue.tracks(ids)
        return standing(self._deck(rows), tracks, wishes or Wishes(), alternatives, notation)

    def fitting(self, ids: Sequence[int], slot: int, *, count: int = 5) -> tuple[Alternative, ...]:
        """Find tracks of the catalogue that could stand in one slot of a set instead.

        Parameters
        ----------
        ids : sequence of int
            The set, in order.
        slot : int
            From 1.
        count : int
            How many to find.

        Returns
        -------
        tuple of Alternative
            Best first; none of a set of one track, which has no neighbours to fit to.
        """
        rows = self._rows(ids)
        near = rows[max(slot - 2, 0) : slot + 1]
        if len(near) < 2 or not 1 <= slot <= len(rows):
            return ()
        before, after = slot > 1, slot < len(rows)
        start, end = rows[slot - 2 if before else slot], rows[slot if after else slot - 2]
        found = candidates(self._ground, int(start), int(end), 2, self._barred())
        works = self._ground.facts.work
        found = found[~np.isin(works[found], works[rows])]
        deck = self._deck(np.concatenate([near, found]))
        tracks = self._catalogue.tracks(deck.ids.tolist())
        return fitting(deck, tracks, before, after, count)

    def path(
        self,
        start: int,
        end: int,
        *,
        steps: int,
        pool: Sequence[int] | None = None,
        seed: int = 0,
        alternatives: int = ALTERNATIVES,
        notation: Notation = "camelot",
    ) -> RunningOrder:
        """Find a path from one recording to another.

        Parameters
        ----------
        start, end : int
            Recording ids.
        steps : int
            Transitions, 1 to `MOST_STEPS`: there are one fewer tracks between the two.
        pool : sequence of int, optional
            Recordings the path may lead over; the whole catalogue if not given.
        notation : Notation
            How keys are written.

        Raises
        ------
        NoWay
            If nothing that is known leads there in so many steps.
        SegueError
            If a recording is not in the catalogue or the number of steps makes no sense.
        """
        if not 1 <= steps <= MOST_STEPS:
            raise SegueError(f"A path has 1 to {MOST_STEPS} steps, not {steps}.")
        if start == end:
            raise SegueError("A path leads from one track to another; name two different ones.")
        first, last = self._rows([start, end]).tolist()
        between = self._between(first, last, steps, pool)
        names = self._catalogue.tracks([start, end])
        if len(between) < steps - 1:
            where = "the catalogue" if pool is None else "the pool"
            raise NoWay(
                f"A path of {steps} steps needs {steps - 1} tracks between {names[start]} and "
                f"{names[end]}, and {where} has {len(between)} that may serve; ask for fewer steps."
            )
        order, deck, costs, problem = self._way(
            np.array([first, *between, last]), steps, names, seed
        )
        plan = Plan(problem, np.zeros(len(deck)), tail_s=0.0, timed=False, notes=())
        tracks = self._catalogue.tracks(deck.ids.tolist())
        found = told(deck, tracks, costs, plan, Wishes(), order, alternatives, notation)
        return RunningOrder(found.slots, found.transitions, found.score)

    def _way(
        self, rows: NDArray[np.intp], steps: int, names: dict[int, Track], seed: int
    ) -> tuple[Order, Deck, Transitions, Problem]:
        deck = self._deck(rows)
        costs = transitions(deck)
        ends = [nearness(self._ground, int(rows[place]))[rows] for place in (0, -1)]
        problem = path_problem(deck, costs, steps, np.stack(ends, axis=1))
        order = find_path(problem, seed=seed)
        if order is None:
            start, end = (names[int(deck.ids[place])] for place in (0, -1))
            raise NoWay(
                f"Nothing that is known leads from {start} to {end} in {steps} steps; ask for "
                "another number of steps, load more sets, or analyse more files."
            )
        return order, deck, costs, problem

    def _between(
        self, start: int, end: int, steps: int, pool: Sequence[int] | None
    ) -> NDArray[np.intp]:
        if steps == 1:
            return np.empty(0, np.intp)
        if pool is not None:
            rows = np.unique(self._rows(list(pool)))
            return rows[~np.isin(rows, [start, end])]
        return candidates(self._ground, start, end, steps, self._barred())

    def _barred(self) -> NDArray[np.intp]:
        """Rows that are never chosen: whole mixes, and what the DJ dislikes."""
        barred = np.flatnonzero(self._ground.facts.duration_s > _LONGEST_S)
        if self._feedback is not None:
            barred = np.union1d(barred, np.flatnonzero(self._feedback.disliked))
        return barred

    def _deck(self, rows: NDArray[np.intp]) -> Deck:
        ground = self._ground
        return Deck.of(
            rows,
            ground.facts,
            ground.played_next,
            ground.recording_sets,
            ground.sound,
            self._feedback,
        )

    def _rows(self, ids: Sequence[int]) -> NDArray[np.intp]:
        known = self._ground.facts.recording_ids
        rows = np.searchsorted(known, np.asarray(ids, np.int64))
        for ident, row in zip(ids, rows.tolist(), strict=True):
            if row >= len(known) or known[row] != ident:
                raise SegueError(f"The catalogue holds no track {ident}; search for it again.")
        return rows
