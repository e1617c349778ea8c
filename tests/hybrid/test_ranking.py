from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hybrid.ranking import Ranking, merged

SCORES = st.lists(st.sampled_from([0.0, 0.25, 0.5, 0.75]), max_size=20)


def best(scores, rows, depth):
    return sorted(rows, key=lambda row: (-scores[row], row))[:depth]


@settings(deadline=None)
@given(SCORES, st.integers(0, 25), st.data())
def test_the_top_is_the_beginning_of_the_whole_order(given_scores, depth, data):
    scores = np.array(given_scores, np.float32)
    rows = sorted(data.draw(st.sets(st.sampled_from(range(len(scores)))))) if len(scores) else []
    ranking = Ranking(scores, np.array(rows, np.intp))
    assert len(ranking) == len(rows)
    assert ranking.top(depth).tolist() == best(given_scores, rows, depth)


@settings(deadline=None)
@given(SCORES, st.data())
def test_two_lists_become_one_in_the_same_order(given_scores, data):
    scores = np.array(given_scores, np.float32)
    side = data.draw(st.lists(st.booleans(), min_size=len(scores), max_size=len(scores)))
    one = np.flatnonzero(np.array(side, bool))
    other = np.flatnonzero(~np.array(side, bool))
    rows = merged(scores, one, other).tolist()
    assert rows == best(given_scores, range(len(scores)), len(scores))
