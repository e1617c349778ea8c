"""The exact order is the cheapest of all there are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from hybrid.sequence.exact import exact
from hybrid.sequence.problem import NoOrder, Problem
from tests.hybrid.sequence.decks import brute_force, problems


@settings(max_examples=60, deadline=None)
@given(problems(most=7))
def test_it_costs_what_the_best_of_all_permutations_costs(problem: Problem) -> None:
    order = exact(problem)
    assert problem.fits(order)
    assert len(set(order.tolist())) == problem.m
    assert problem.total(order) == pytest.approx(brute_force(problem), abs=1e-9)


@settings(max_examples=3, deadline=None)
@given(problems(least=9, most=9, whole=True))
def test_it_does_so_with_nine_tracks(problem: Problem) -> None:
    assert problem.total(exact(problem)) == pytest.approx(brute_force(problem), abs=1e-9)


def test_what_cannot_be_filled_has_no_order() -> None:
    problem = Problem.free(np.ones((3, 3)), 2)
    with pytest.raises(NoOrder):
        exact(replace(problem, lengths=np.full(3, 10.0), most=19.0))


def test_twelve_tracks_take_no_time_worth_mentioning() -> None:
    cost = np.random.default_rng(0).random((12, 12))
    assert sorted(exact(Problem.free(cost)).tolist()) == list(range(12))
