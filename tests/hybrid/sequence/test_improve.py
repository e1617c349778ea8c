"""Improving never makes an order worse, and together with the beam it comes near the best."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybrid.sequence import improve
from hybrid.sequence.beam import beam
from hybrid.sequence.curves import CURVES, position_costs
from hybrid.sequence.exact import exact
from hybrid.sequence.improve import improved, replacement_costs, swap_costs, unused
from hybrid.sequence.problem import Problem
from hybrid.sequence.transitions import transitions
from tests.hybrid.sequence.decks import problems, random_deck


@settings(max_examples=60, deadline=None)
@given(problems(most=9))
def test_every_move_costs_what_it_says_and_keeps_to_locks_and_length(problem: Problem) -> None:
    order = beam(problem)
    view = improve._View.of(problem, order)
    for kind in improve._KINDS:
        change, moved = kind(problem, view)
        if np.isfinite(change):
            assert problem.fits(moved)
            assert len(set(moved.tolist())) == problem.m
            assert problem.total(moved) - problem.total(order) == pytest.approx(change, abs=1e-9)


@settings(max_examples=10, deadline=None)
@given(problems(least=4, most=9), st.integers(0, 3))
def test_it_never_costs_more_and_keeps_to_everything(problem: Problem, seed: int) -> None:
    order = beam(problem, width=1)
    better = improved(problem, order, seed=seed)
    assert problem.fits(better)
    assert problem.total(better) <= problem.total(order) + 1e-9
    assert improved(problem, order, seed=seed).tolist() == better.tolist()


def test_beam_and_improving_together_lie_within_one_percent_of_the_best() -> None:
    gaps = []
    for seed in range(10):
        deck = random_deck(11, seed)
        position = position_costs(deck.energy, CURVES[seed % len(CURVES)], 11)
        locked = np.full(11, -1)
        if seed % 2:
            locked[[0, 4]] = [3, 8]
        problem = Problem(transitions(deck).cost, position, locked, np.zeros(11))
        found = problem.total(improved(problem, beam(problem)))
        gaps.append(found / problem.total(exact(problem)) - 1)
    assert min(gaps) > -1e-9
    assert np.mean(gaps) < 0.01


@settings(max_examples=30, deadline=None)
@given(problems(most=8))
def test_alternatives_cost_what_they_say(problem: Problem) -> None:
    order = beam(problem)
    spare = unused(problem, order)
    for change, other in (
        (replacement_costs(problem, order, spare), spare),
        (swap_costs(problem, order), order),
    ):
        for slot, place in zip(*np.nonzero(np.isfinite(change)), strict=True):
            moved = order.copy()
            if other is order:
                moved[place] = order[slot]
            moved[slot] = other[place]
            assert problem.fits(moved)
            assert problem.total(moved) - problem.total(order) == pytest.approx(
                change[slot, place], abs=1e-9
            )
