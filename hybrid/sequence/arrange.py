"""Puts a deck in order and says why it stands so."""

from __future__ import annotations

import itertools
from collections.abc import Mapping

import numpy as np

from data.errors import SegueError
from data.harmony import Notation
from data.records import Track
from hybrid.sequence.answer import Alternative, RunningOrder, Slot
from hybrid.sequence.beam import beam
from hybrid.sequence.curves import targets, within_pool
from hybrid.sequence.deck import Deck
from hybrid.sequence.describe import described, key_of
from hybrid.sequence.exact import EXACT_UP_TO, exact
from hybrid.sequence.improve import SHAKES, improved, replacement_costs, swap_costs, unused
from hybrid.sequence.plan import Plan, Wishes, plan
from hybrid.sequence.problem import Order, Problem
from hybrid.sequence.transitions import Transitions, transitions

#: Alternatives offered for a slot.
ALTERNATIVES = 2


def solve(problem: Problem, *, seed: int = 0, shakes: int = SHAKES) -> Order:
    """Find the cheapest order of a few tracks, a good one of many.

    Raises
    ------
    NoOrder
        If none was found that keeps to the locks and the length.
    """
    if problem.n <= EXACT_UP_TO:
        return exact(problem)
    return improved(problem, beam(problem), seed=seed, shakes=shakes)


def arrange(
    deck: Deck,
    tracks: Mapping[int, Track],
    wishes: Wishes | None = None,
    *,
    seed: int = 0,
    alternatives: int = ALTERNATIVES,
    notation: Notation = "camelot",
) -> RunningOrder:
    """Put a deck in order.

    Parameters
    ----------
    deck : Deck
    tracks : mapping of int to Track
        What each of ``deck.ids`` is.
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
        If there are fewer than two tracks, or the wishes cannot be met.
    """
    if len(deck) < 2:
        raise SegueError(
            f"There {'is one track' if len(deck) else 'are no tracks'} to order; give two or more."
        )
    wishes = wishes or Wishes()
    costs = transitions(deck)
    planned = plan(deck, costs, wishes, lambda ident: str(tracks.get(ident, ident)))
    order = solve(planned.problem, seed=seed)
    return told(deck, tracks, costs, planned, wishes, order, alternatives, notation)


def told(
    deck: Deck,
    tracks: Mapping[int, Track],
    costs: Transitions,
    planned: Plan,
    wishes: Wishes,
    order: Order,
    alternatives: int,
    notation: Notation = "camelot",
) -> RunningOrder:
    """Tell an order of the deck with its transitions, alternatives and notes."""
    steps = tuple(described(deck, costs, *pair, notation) for pair in itertools.pairwise(order))
    return RunningOrder(
        slots=_slots(deck, tracks, planned, wishes, order, alternatives),
        transitions=steps,
        score=round(1 - float(np.mean(costs.cost[order[:-1], order[1:]])), 4),
        curve=wishes.curve,
        curve_fit=_curve_fit(deck, wishes, order),
        length_s=_length(planned, order) if planned.timed else None,
        left_out=tuple(np.delete(deck.ids, order).tolist()),
        notes=planned.notes,
    )


def _slots(
    deck: Deck,
    tracks: Mapping[int, Track],
    planned: Plan,
    wishes: Wishes,
    order: Order,
    alternatives: int,
) -> tuple[Slot, ...]:
    offers = _alternatives(deck, tracks, planned.problem, order, alternatives)
    starts = np.concatenate([[0.0], np.cumsum(planned.net_s[order])])
    wanted = targets(wishes.curve, len(order))
    return tuple(
        Slot(
            number=place + 1,
            recording_id=int(deck.ids[track]),
            track=tracks[int(deck.ids[track])],
            start_s=round(float(starts[place]), 1) if planned.timed else None,
            bpm=_known(deck.bpm[track]),
            key=key_of(deck, track),
            energy=_known(deck.energy[track]),
            wanted=_known(wanted[place]),
            locked=bool(planned.problem.locked[place] >= 0),
            alternatives=offers[place],
        )
        for place, track in enumerate(order.tolist())
    )


def _alternatives(
    deck: Deck, tracks: Mapping[int, Track], problem: Problem, order: Order, count: int
) -> list[tuple[Alternative, ...]]:
    """The cheapest other tracks for every slot: unused ones, else those of other slots."""
    spare = unused(problem, order)
    if len(spare):
        change, others = replacement_costs(problem, order, spare), spare
    else:
        change, others = swap_costs(problem, order), order
    offers = []
    for row in change:
        best = np.argsort(row, kind="stable")[:count]
        offers.append(
            tuple(
                Alternative(
                    int(deck.ids[others[place]]),
                    tracks[int(deck.ids[others[place]])],
                    round(float(row[place]), 4),
                    None if len(spare) else int(place) + 1,
                )
                for place in best
                if np.isfinite(row[place])
            )
        )
    return offers


def _curve_fit(deck: Deck, wishes: Wishes, order: Order) -> float | None:
    away = np.abs(within_pool(deck.energy)[order] - targets(wishes.curve, len(order)))
    return _known(1 - float(np.mean(away[np.isfinite(away)]))) if np.isfinite(away).any() else None


def _length(planned: Plan, order: Order) -> float:
    return round(float(planned.net_s[order].sum()) + planned.tail_s, 1)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
