from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from hybrid.rules import Rules, Selection

OFF = Rules(
    exclude_seeds=False, exclude_seed_versions=False, one_version_per_work=False, artist_cap=0
)
# Recording:  0  1  2  3  4  5  6  7
WORKS = [0, 0, 1, 1, 1, 2, 3, 4]
ARTISTS = [[0], [0, 1], [2], [2], [2, 1], [1], [1], []]


def take(rules: Rules, ranking, seeds=(), k: int = 8, works=None, artists=None):
    works, artists = works or WORKS, artists or ARTISTS
    matrix = sparse.csr_matrix(
        (
            np.ones(sum(map(len, artists))),
            [a for row in artists for a in row],
            np.cumsum([0, *map(len, artists)]),
        ),
        shape=(len(artists), 4),
    )
    selection = Selection(rules, np.array(works, np.int32), matrix)
    return selection.take(ranking, np.array(seeds, np.intp), k)


def test_with_every_rule_off_the_ranking_stays_as_it_is():
    assert take(OFF, [3, 1, 0, 2, 7], seeds=[1]) == ([3, 1, 0, 2, 7], {})


def test_seeds_are_left_out():
    rules = Rules(True, False, False, 0)
    assert take(rules, [3, 1, 0, 2], seeds=[1, 2]) == ([3, 0], {"seed": 2})


def test_other_versions_of_the_seeds_are_left_out():
    rules = Rules(False, True, False, 0)
    assert take(rules, [0, 1, 2, 3, 4, 5], seeds=[2]) == (
        [0, 1, 2, 5],
        {"version of a seed": 2},
    )


def test_of_one_work_the_best_version_is_shown():
    rules = Rules(False, False, True, 0)
    assert take(rules, [4, 1, 3, 0, 2, 5]) == ([4, 1, 5], {"other version": 3})


def test_no_artist_comes_more_often_than_the_cap_also_not_as_remixer():
    rules = Rules(False, False, False, artist_cap=2)
    assert take(rules, [5, 6, 4, 1, 0, 2]) == ([5, 6, 0, 2], {"same artist": 2})
    assert take(Rules(False, False, False, artist_cap=1), [1, 0, 5, 2]) == (
        [1, 2],
        {"same artist": 2},
    )


def test_cap_0_means_no_limit():
    assert take(OFF, [5, 6, 4, 1, 0, 2])[0] == [5, 6, 4, 1, 0, 2]


@pytest.mark.parametrize(("k", "cap"), [(1, 2), (10, 2), (11, 3), (50, 10), (51, 11)])
def test_by_default_an_artist_may_fill_a_fifth_of_the_list_and_two_places_at_least(k, cap):
    assert Rules.for_length(k) == Rules(artist_cap=cap)


def test_tracks_without_artists_are_not_capped():
    works, artists = [0, 1, 2], [[], [], []]
    rules = Rules(artist_cap=1)
    assert take(rules, [0, 1, 2], works=works, artists=artists) == ([0, 1, 2], {})


def test_a_track_that_was_left_out_blocks_nobody():
    """4 falls to the seed's work, so it neither shows its work nor uses up an artist."""
    rules = Rules(artist_cap=1)
    assert take(rules, [4, 5, 0], seeds=[2]) == ([5, 0], {"version of a seed": 1})


def test_each_track_is_counted_for_one_rule_only():
    taken, removed = take(Rules(artist_cap=1), range(8), seeds=[0])
    assert taken == [2, 5, 7]
    assert removed == {"seed": 1, "version of a seed": 1, "other version": 2, "same artist": 1}


def test_only_what_stood_in_the_way_of_the_first_k_is_counted():
    taken, removed = take(Rules(True, False, False, 0), [1, 3, 2, 0, 4], seeds=[1, 4], k=2)
    assert taken == [3, 2]
    assert removed == {"seed": 1}


def test_nothing_is_taken_for_k_0():
    assert take(Rules(), [1, 2, 3], k=0) == ([], {})


def test_the_ranking_is_read_no_further_than_needed():
    ranking = iter(range(8))
    take(OFF, ranking, k=3)
    assert next(ranking) <= 4


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("exclude_seeds", "seed"),
        ("exclude_seed_versions", "version of a seed"),
        ("one_version_per_work", "other version"),
    ],
)
def test_each_rule_can_be_switched_off_alone(name, rule):
    switches = {
        "exclude_seeds": True,
        "exclude_seed_versions": True,
        "one_version_per_work": True,
        "artist_cap": 1,
    }
    _, with_all = take(Rules(**switches), range(8), seeds=[0])
    assert rule in with_all
    _, without = take(Rules(**(switches | {name: False})), range(8), seeds=[0])
    assert rule not in without


@given(
    ranking=st.permutations(range(8)),
    seeds=st.lists(st.integers(0, 7), max_size=3, unique=True),
    k=st.integers(0, 8),
    rules=st.builds(Rules, st.booleans(), st.booleans(), st.booleans(), st.integers(0, 3)),
)
def test_every_answer_keeps_to_the_rules_and_accounts_for_what_it_passed(ranking, seeds, k, rules):
    taken, removed = take(rules, ranking, seeds, k)
    assert len(taken) <= k
    assert taken == [r for r in ranking if r in taken]  # in the order of the ranking
    walked = 8 if len(taken) < k else ranking.index(taken[-1]) + 1 if k else 0
    assert len(taken) + sum(removed.values()) == walked
    if rules.exclude_seeds:
        assert not set(taken) & set(seeds)
    else:
        assert set(seeds) & set(ranking[:walked]) <= set(taken)
    others = [r for r in taken if r not in seeds]
    if rules.exclude_seed_versions:
        assert not {WORKS[r] for r in others} & {WORKS[s] for s in seeds}
    if rules.one_version_per_work:
        assert len({WORKS[r] for r in others}) == len(others)
    if rules.artist_cap:
        counts = Counter(a for r in others for a in ARTISTS[r])
        assert max(counts.values(), default=0) <= rules.artist_cap
