"""The beam finds an order that keeps to everything, and a good one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from hybrid.sequence.beam import beam
from hybrid.sequence.problem import NoOrder, Problem
from tests.hybrid.sequence.decks import brute_force, problems


@settings(max_examples=60, deadline=None)
@given(problems(most=9))
def test_it_keeps_to_locks_and_length(problem: Problem) -> None:
    order = beam(problem)
    assert problem.fits(order)
    assert len(set(order.tolist())) == problem.m


@settings(max_examples=30, deadline=None)
@given(problems(most=4))
def test_a_beam_wider_than_all_beginnings_finds_the_best(problem: Problem) -> None:
    assert problem.total(beam(problem, width=1000)) == pytest.approx(brute_force(problem))


def test_it_looks_ahead_to_where_it_must_end() -> None:
    # From 0 everything is near but the one track from which the end can be reached.
    cost = np.ones((40, 40))
    cost[0, 1:] = 0.1
    cost[0, 7] = 0.5
    cost[7, 39] = 0.0
    problem = replace(Problem.free(cost, 3), locked=np.array([0, -1, 39]))
    assert beam(problem, width=1).tolist() == [0, 7, 39]


def test_what_cannot_be_filled_has_no_order() -> None:
    problem = Problem.free(np.ones((3, 3)), 2)
    with pytest.raises(NoOrder):
        beam(replace(problem, lengths=np.full(3, 10.0), most=19.0))


def test_it_leaves_room_for_the_locked_tracks_to_come() -> None:
    cost = np.array([[1, 1, 1], [0.9, 1, 1], [0.1, 1, 1]])
    problem = replace(
        Problem.free(cost, 2),
        locked=np.array([-1, 0]),
        lengths=np.array([10.0, 1, 5]),
        most=12.0,
    )
    assert beam(problem, width=1).tolist() == [1, 0]


def test_the_same_question_has_the_same_answer_also_where_all_is_alike() -> None:
    problem = Problem.free(np.ones((30, 30)))
    assert beam(problem).tolist() == beam(problem).tolist()
