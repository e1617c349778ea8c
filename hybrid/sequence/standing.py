"""A set as it stands: nothing is moved, what follows what is told, and what else would fit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from data.errors import SegueError
from data.harmony import Notation
from data.records import Track
from hybrid.sequence.answer import Alternative, RunningOrder
from hybrid.sequence.arrange import told
from hybrid.sequence.deck import Deck
from hybrid.sequence.plan import Wishes, plan
from hybrid.sequence.transitions import transitions


def standing(
    deck: Deck,
    tracks: Mapping[int, Track],
    wishes: Wishes,
    alternatives: int = 0,
    notation: Notation = "camelot",
) -> RunningOrder:
    """Tell the deck in the order it is in.

    Parameters
    ----------
    deck : Deck
    tracks : mapping of int to Track
        What each of ``deck.ids`` is.
    wishes : Wishes
        Its curve says what energy is wanted where; locks and minutes count for nothing here.
    alternatives : int
        How many tracks of the set each slot is offered to change places with.
    notation : Notation
        How keys are written.

    Raises
    ------
    SegueError
        If there are fewer than two tracks.
    """
    if len(deck) < 2:
        raise SegueError("A running order has two tracks or more; add some.")
    free = Wishes(curve=wishes.curve, overlap_s=wishes.overlap_s)
    costs = transitions(deck)
    planned = plan(deck, costs, free, lambda ident: str(tracks.get(ident, ident)))
    return told(deck, tracks, costs, planned, free, np.arange(len(deck)), alternatives, notation)


def fitting(
    deck: Deck, tracks: Mapping[int, Track], before: bool, after: bool, count: int
) -> tuple[Alternative, ...]:
    """Find the tracks of a deck that would fit best in the place of one of them.

    Parameters
    ----------
    deck : Deck
        First the track before the place, if `before`, then the one in it, then the one after it,
        if `after`; the others are those to choose from.
    tracks : mapping of int to Track
    before, after : bool
        Whether there is such a neighbour.
    count : int
        How many to find.

    Returns
    -------
    tuple of Alternative
        Cheapest first.
    """
    here, first = int(before), 1 + int(before) + int(after)
    cost = transitions(deck).cost
    change = np.zeros(len(deck))
    if before:
        change += cost[0] - cost[0, here]
    if after:
        change += cost[:, here + 1] - cost[here, here + 1]
    best = first + np.argsort(change[first:], kind="stable")[:count]
    return tuple(
        Alternative(
            int(deck.ids[place]), tracks[int(deck.ids[place])], round(float(change[place]), 4)
        )
        for place in best.tolist()
    )
