from __future__ import annotations

import numpy as np
import pytest

from hybrid.evaluate.holdout import Split, queries, split_at_random, split_by_date
from tests.models.collaborative.invented import interactions, random_sets

YEARS = np.array([2015.0, 2020.5, np.nan, 2011.0, 2019.0, 2021.0, np.nan, 2013.0, 2018.0, 2012.0])


@pytest.mark.parametrize(
    "split", [split_by_date(YEARS, 0.3), split_at_random(10, 0.3), split_at_random(10, 0.3, seed=5)]
)
def test_every_set_is_on_one_side_only(split):
    assert sorted([*split.train.tolist(), *split.test.tolist()]) == list(range(10))
    assert len(split.test) == 3


def test_by_date_what_is_asked_about_is_later_than_what_was_learned_from():
    split = split_by_date(YEARS, 0.3)
    assert np.nanmax(YEARS[split.train]) < YEARS[split.test].min()
    assert split.test.tolist() == [4, 1, 5]


def test_sets_without_a_date_stay_in_training():
    assert {2, 6} <= set(split_by_date(YEARS, 0.5).train.tolist())


def test_a_random_split_can_be_repeated():
    one, same, other = (split_at_random(200, seed=seed) for seed in (1, 1, 2))
    assert one.test.tolist() == same.test.tolist() != other.test.tolist()
    assert len(one.test) == 40


class TestQueries:
    N = 40
    TRAIN, TEST = np.arange(20), np.arange(20, 30)

    @pytest.fixture
    def world(self):
        sets = random_sets(30, self.N - 6, size=7, seed=3)
        for number in range(20, 26):  # held-out sets with a track no training set has held
            sets[number] = [*sets[number], self.N - 1 - (number - 20)]
        return interactions(
            sets,
            self.N,
            artists=[[r % 9, 9 + r % 4] if r % 3 else [r % 9] for r in range(self.N)],
            labels=[r % 5 - 1 for r in range(self.N)],
        )

    def asked(self, world, seeds: float, draws: int = 3):
        split = Split("test", self.TRAIN, self.TEST)
        return list(queries(world, split, seeds=seeds, draws=draws))

    @pytest.mark.parametrize("seeds", [1, 5, 0.5])
    def test_seeds_and_targets_are_the_set_and_share_nothing(self, world, seeds):
        for held_out in self.asked(world, seeds):
            tracks = set(world.plays[held_out.set_index].indices.tolist())
            chosen = set(held_out.query.recordings.tolist())
            targets = [*held_out.warm.tolist(), *held_out.cold.tolist()]
            assert len(set(targets)) == len(targets) > 0
            assert not chosen & set(targets)
            assert chosen | set(targets) <= tracks
            count = seeds if seeds >= 1 else len(tracks) // 2
            assert len(tracks) - len(targets) == count

    def test_only_held_out_sets_are_asked_about_each_as_often_as_drawn(self, world):
        asked = self.asked(world, 1, draws=4)
        assert [q.set_index for q in asked] == np.repeat(self.TEST, 4).tolist()

    def test_warm_is_what_a_training_set_holds_and_cold_is_the_rest(self, world):
        trained = set(world.plays[self.TRAIN].indices.tolist())
        asked = self.asked(world, 1)
        assert all(set(q.warm.tolist()) <= trained for q in asked)
        assert not any(set(q.cold.tolist()) & trained for q in asked)
        assert any(len(q.cold) for q in asked)
        assert any(len(q.warm) for q in asked)

    def test_a_seed_no_training_set_holds_is_known_by_its_artists_alone(self, world):
        trained = set(world.plays[self.TRAIN].indices.tolist())
        some = 0
        for held_out in self.asked(world, 5):
            tracks = set(world.plays[held_out.set_index].indices.tolist())
            known = held_out.query.recordings.tolist()
            chosen = tracks - {*held_out.warm.tolist(), *held_out.cold.tolist()}
            assert set(known) == chosen & trained
            some += len(chosen) > len(known)
            artists = np.asarray(world.artists[sorted(chosen)].sum(axis=0)).ravel()
            assert held_out.query.artists == {int(a): artists[a] for a in np.flatnonzero(artists)}
            labels = np.asarray(world.labels[known].sum(axis=0)).ravel()
            assert held_out.query.labels == {int(k): labels[k] for k in np.flatnonzero(labels)}
        assert some

    def test_at_least_one_track_is_left_to_find(self):
        world = interactions([[0, 1], [0, 1, 2], [2, 3]], labels=[0] * 4)
        split = Split("test", np.array([0]), np.array([1, 2]))
        left = [len(q.warm) + len(q.cold) for q in queries(world, split, seeds=5, draws=1)]
        assert left == [1, 1]

    def test_sets_of_one_track_are_not_asked_about(self):
        world = interactions([[0, 1], [0]], labels=[0, 0])
        split = Split("test", np.array([0]), np.array([1]))
        assert list(queries(world, split, seeds=1)) == []

    def test_the_same_cut_is_asked_of_every_method(self, world):
        one, other = self.asked(world, 5), self.asked(world, 5)
        for a, b in zip(one, other, strict=True):
            assert a.query.recordings.tolist() == b.query.recordings.tolist()
            assert a.warm.tolist() == b.warm.tolist()

    def test_a_catalogue_without_labels_can_be_asked_about(self):
        world = interactions([[0, 1], [0, 1, 2]], 3)
        split = Split("test", np.array([0]), np.array([1]))
        asked = list(queries(world, split, seeds=1, draws=1))
        assert asked[0].query.labels == {}
