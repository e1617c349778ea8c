"""Metrics against examples worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hybrid.evaluate.metrics import CUTOFF, Tally, margin, ndcg


def judged(top, targets, popularity=None, n_sets: int = 9) -> dict[str, float]:
    tally = Tally(np.ones(200, np.float32) if popularity is None else popularity, n_sets)
    tally.add(np.array(top, np.intp), np.array(targets, np.intp))
    return tally.means(200)


def test_recall_is_the_share_of_the_targets_that_was_found():
    top = [*range(100, 109), 1, 2, *range(110, 120), 3]  # 1 is tenth, 2 eleventh
    found = judged(top, [1, 2, 3, 4])
    assert found["recall@10"] == 1 / 4
    assert found["recall@50"] == 3 / 4


def test_ndcg_is_discounted_gain_over_the_best_possible():
    """Hits at ranks 1 and 3 of three targets."""
    gain = 1 / math.log2(2) + 1 / math.log2(4)
    ideal = 1 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert judged([7, 50, 8, 51], [7, 8, 9])["ndcg@50"] == pytest.approx(gain / ideal)


def test_a_perfect_list_has_ndcg_1_also_where_there_are_more_targets_than_places():
    assert judged([1, 2, 3], [3, 1, 2])["ndcg@50"] == pytest.approx(1)
    many = list(range(80))
    found = judged(many[:CUTOFF], many)
    assert found["ndcg@50"] == pytest.approx(1)
    assert found["recall@50"] == CUTOFF / 80


@pytest.mark.parametrize(
    ("hits", "targets", "expected"),
    [
        ([], 3, 0),
        ([0, 0, 0], 1, 0),
        ([1], 1, 1),
        ([0, 1], 1, 1 / math.log2(3)),
        ([1], 2, 1 / (1 + 1 / math.log2(3))),  # the other target was not shown
        ([1, 1], 2, 1),
        ([1] * CUTOFF, 500, 1),
        ([0] * (CUTOFF - 1) + [1], 1, 1 / math.log2(CUTOFF + 1)),
    ],
)
def test_ndcg_of_one_list(hits, targets, expected):
    assert ndcg(np.array(hits, bool), targets) == pytest.approx(expected)


def test_a_hit_further_up_is_worth_more():
    places = [ndcg(np.arange(CUTOFF) == place, 1) for place in range(CUTOFF)]
    assert places == sorted(places, reverse=True)
    assert len(set(places)) == CUTOFF


def test_mrr_is_the_inverse_rank_of_the_first_hit():
    assert judged([5, 6, 1, 2], [1, 2])["mrr"] == pytest.approx(1 / 3)
    assert judged([1, 5], [1])["mrr"] == 1


@pytest.mark.parametrize("top", [[], [5, 6, 7]])
def test_no_hit_scores_nothing(top):
    found = judged(top, [1, 2])
    assert [found[m] for m in ("recall@10", "recall@50", "ndcg@50", "mrr")] == [0, 0, 0, 0]


def test_coverage_is_the_share_of_the_candidates_that_was_ever_shown():
    tally = Tally(np.ones(20, np.float32), 9)
    for top in ([0, 1, 2], [2, 3], [0]):
        tally.add(np.array(top, np.intp), np.array([9]))
    assert tally.means(20)["coverage"] == 4 / 20


def test_novelty_is_the_mean_surprise_in_bits():
    """Of 7 sets one holds the first (2 of 8 with one more) and 3 the second (4 of 8)."""
    popularity = np.array([1, 3], np.float32)
    assert judged([0, 1], [0], popularity, n_sets=7)["novelty"] == pytest.approx((2 + 1) / 2)


def test_what_no_set_holds_is_novel_but_not_infinitely():
    popularity = np.zeros(3, np.float32)
    assert judged([2], [1], popularity, n_sets=7)["novelty"] == pytest.approx(3)


def test_metrics_are_averaged_over_the_queries():
    tally = Tally(np.ones(9, np.float32), 9)
    tally.add(np.array([1]), np.array([1]))
    tally.add(np.array([5]), np.array([1, 2]))
    tally.add(np.array([2, 1]), np.array([1, 3]))
    found = tally.means(9)
    assert found["recall@50"] == pytest.approx((1 + 0 + 0.5) / 3)
    assert found["mrr"] == pytest.approx((1 + 0 + 0.5) / 3)


def test_without_queries_every_metric_is_0():
    assert set(Tally(np.ones(3, np.float32), 1).means(0).values()) == {0.0}


class TestMargin:
    def test_equal_methods_differ_by_nothing(self):
        values = [0.1, 0.5, 0.9]
        assert margin(values, values, np.array([0, 1, 2])) == (0, 0)

    def test_a_constant_lead_is_certain(self):
        low, high = margin([0.5, 0.7, 0.6], [0.4, 0.6, 0.5], np.array([0, 1, 2]))
        assert low == pytest.approx(0.1)
        assert high == pytest.approx(0.1)

    def test_the_sides_can_be_told_apart(self):
        rng = np.random.default_rng(0)
        ours, theirs = rng.normal(0.3, 0.1, 200), rng.normal(0.2, 0.1, 200)
        groups = np.arange(200)
        low, high = margin(ours.tolist(), theirs.tolist(), groups)
        assert 0 < low < (ours - theirs).mean() < high
        back = margin(theirs.tolist(), ours.tolist(), groups)
        assert back == pytest.approx((-high, -low), abs=0.005)

    def test_it_covers_the_true_difference_about_95_times_in_100(self):
        """Three queries a set that share the set's luck: sets, not queries, are drawn."""
        rng = np.random.default_rng(1)
        groups = np.repeat(np.arange(40), 3)
        covered = 0
        for _ in range(200):
            luck = np.repeat(rng.normal(0.1, 0.3, 40), 3)
            ours = (luck + rng.normal(0, 0.05, 120)).tolist()
            low, high = margin(ours, [0.0] * 120, groups, draws=400)
            covered += low <= 0.1 <= high
        assert 175 <= covered <= 200

    def test_more_queries_of_the_same_sets_do_not_make_it_surer(self):
        rng = np.random.default_rng(2)
        ours = rng.normal(0, 1, 30)
        low, high = margin(ours.tolist(), [0.0] * 30, np.arange(30))
        again = margin(np.repeat(ours, 10).tolist(), [0.0] * 300, np.repeat(np.arange(30), 10))
        assert again == pytest.approx((low, high))

    def test_the_same_answers_give_the_same_interval(self):
        ours = np.random.default_rng(3).random(50).tolist()
        groups = np.arange(50)
        assert margin(ours, [0.0] * 50, groups) == margin(ours, [0.0] * 50, groups)

    def test_without_queries_there_is_no_margin(self):
        assert margin([], [], np.array([], np.intp)) == (0.0, 0.0)


def test_hits_at_1_says_whether_the_first_of_the_list_is_a_target():
    assert judged([4, 1], [4, 9])["hits@1"] == 1
    assert judged([1, 4], [4])["hits@1"] == 0
    assert judged([], [4])["hits@1"] == 0


def test_joined_tallies_are_as_one_that_heard_all_answers():
    popularity = np.arange(20, dtype=np.float32)
    answers = [([1, 2], [2]), ([3], [9]), ([], [5]), ([7, 4, 2], [4, 2])]
    whole, first, second = (Tally(popularity, 9) for _ in range(3))
    for number, (top, targets) in enumerate(answers):
        for tally in (whole, first if number < 2 else second):
            tally.add(np.array(top, np.intp), np.array(targets, np.intp))
    joined = Tally.join([first, second])
    assert joined == whole
    assert joined.means(20) == whole.means(20)
    assert first.recommended == {1, 2, 3}  # joining leaves them as they were
