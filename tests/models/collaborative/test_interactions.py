from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from models.collaborative import Query
from tests.models.collaborative.invented import interactions


def jaccard(a: set[int], b: set[int]) -> float:
    return len(a & b) / len(a | b)


def test_a_recording_played_twice_in_a_set_counts_once():
    plays = interactions([[0, 1, 0, 0], [1]]).plays
    assert plays.toarray().tolist() == [[1, 1], [0, 1]]
    assert plays.dtype == np.float32


def test_popularity_is_the_number_of_sets_not_of_plays():
    made = interactions([[0, 0, 1], [0], []], 3)
    assert made.popularity.tolist() == [2, 1, 0]
    assert made.popularity.dtype == np.float32


def test_recordings_without_artist_or_label_have_empty_rows():
    made = interactions([[0, 1, 2]], artists=[[0, 1], [], [1]], labels=[-1, 1, 0])
    assert made.artists.toarray().tolist() == [[1, 1], [0, 0], [0, 1]]
    assert made.labels.toarray().tolist() == [[0, 0], [0, 1], [1, 0]]
    assert (made.n_sets, made.n_recordings) == (1, 3)


def test_a_set_knows_its_artists_and_labels_once_each():
    made = interactions([[0, 1], [2]], artists=[[0], [0, 1], []], labels=[0, 0, 1])
    assert made.set_artists.toarray().tolist() == [[1, 1], [0, 0]]
    assert made.set_labels.toarray().tolist() == [[1, 0], [0, 1]]


def test_tokens_are_recordings_then_artists_then_labels():
    made = interactions([[0, 1], [2]], artists=[[0], [0, 1], []], labels=[0, 0, 1])
    assert made.tokens().toarray().tolist() == [
        [1, 1, 0, 1, 1, 1, 0],
        [0, 0, 1, 0, 0, 0, 1],
    ]


def test_artists_of_a_recording_share_it_equally():
    made = interactions([[0, 1, 2]], artists=[[0], [0, 1], []])
    assert made.artist_share.toarray().tolist() == [[1, 0], [0.5, 0.5], [0, 0]]


def test_keeping_some_sets_keeps_all_recordings_and_counts_anew():
    made = interactions([[0, 1], [1, 2], [0, 2]], artists=[[0], [1], [1]], labels=[0, -1, 0])
    assert made.popularity.tolist() == [2, 2, 2]
    kept = made.keep_sets(np.array([0, 2]))
    assert kept.plays.toarray().tolist() == [[1, 1, 0], [1, 0, 1]]
    assert kept.popularity.tolist() == [2, 1, 1]
    assert kept.set_artists.toarray().tolist() == [[1, 1], [1, 1]]
    assert kept.artists.shape == made.artists.shape
    assert made.n_sets == 3
    assert made.keep_sets(np.array([], np.intp)).popularity.tolist() == [0, 0, 0]


def test_of_a_chain_of_copies_only_the_first_stays():
    assert interactions([[0, 1, 2], [5, 6], [0, 1, 2], [2, 1, 0]]).distinct_sets().tolist() == [
        0,
        1,
    ]


def test_half_in_common_is_a_copy_and_less_is_not():
    half = [[0, 1, 2, 3], [2, 3, 1, 4, 0, 5, 6, 7]]
    assert jaccard(set(half[0]), set(half[1])) == 0.5
    assert interactions(half).distinct_sets().tolist() == [0]
    less = [[0, 1, 2, 3], [1, 2, 3, 4, 5, 6]]
    assert jaccard(set(less[0]), set(less[1])) < 0.5
    assert interactions(less).distinct_sets().tolist() == [0, 1]
    assert interactions(less).distinct_sets(threshold=0.4).tolist() == [0]


def test_likeness_to_a_dropped_copy_is_no_reason_to_be_dropped():
    """The second is a copy of the first and goes; the third is like the second only."""
    chain = [[0, 1, 2, 3], [1, 2, 3, 4], [3, 4, 2, 5]]
    assert jaccard(set(chain[0]), set(chain[2])) < 0.5 <= jaccard(set(chain[1]), set(chain[2]))
    assert interactions(chain).distinct_sets().tolist() == [0, 2]


def test_sets_of_one_recording_teach_nothing_and_are_dropped():
    sets = [[0], [], [1, 1], [2, 3]]
    assert interactions(sets).distinct_sets().tolist() == [3]


def test_sets_that_can_be_asked_about_hold_two_different_recordings():
    sets = [[0], [], [1, 1], [2, 3], [2, 3, 2]]
    assert interactions(sets).n_askable == 2
    assert interactions([], 3).n_askable == 0


def test_a_set_of_one_recording_does_not_drop_a_set_that_holds_it():
    assert interactions([[0], [0, 1]]).distinct_sets().tolist() == [1]


@given(st.lists(st.lists(st.integers(0, 6), max_size=6), max_size=8))
def test_a_set_stays_unless_one_that_stayed_before_it_is_its_copy(sets):
    kept: list[int] = []
    for index, rows in enumerate(map(set, sets)):
        if len(rows) >= 2 and not any(jaccard(rows, set(sets[k])) >= 0.5 for k in kept):
            kept.append(index)
    assert interactions(sets, 7).distinct_sets().tolist() == kept


def test_a_query_counts_its_seeds_per_artist():
    asked = Query(np.array([3]), {0: 2.0, 2: 1.0}, {})
    assert asked.artist_vector(4).tolist() == [2, 0, 1, 0]
