from __future__ import annotations

import numpy as np
import pytest

from hybrid.evaluate.holdout import (
    Split,
    hide,
    queries,
    split_at_random,
    split_by_date,
    without,
)
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
            assert chosen <= set(held_out.seeds.tolist())
            assert set(held_out.seeds.tolist()) == tracks - set(targets)

    def test_a_hidden_track_is_cold_as_target_and_unknown_as_seed(self, world):
        split = Split("test", self.TRAIN, self.TEST)
        hidden = hide(world, split, 0.5)
        plain, less = (list(queries(world, split, seeds=5, hidden=out)) for out in (None, hidden))
        assert [q.seeds.tolist() for q in plain] == [q.seeds.tolist() for q in less]
        some = 0
        for before, after in zip(plain, less, strict=True):
            gone = np.intersect1d(before.warm, hidden)
            some += len(gone)
            assert set(after.cold.tolist()) == {*before.cold.tolist(), *gone.tolist()}
            assert not np.isin(hidden, after.warm).any()
            assert not np.isin(hidden, after.query.recordings).any()
            assert after.query.artists == before.query.artists
        assert some

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


class TestHide:
    SETS = ((0, 1, 2), (1, 2, 3), (2, 3, 4), (1, 2, 9), (3, 8, 9))
    SPLIT = Split("test", np.array([0, 1, 2]), np.array([3, 4]))

    @pytest.fixture
    def world(self):
        return interactions(self.SETS, 10, artists=[[r // 2] for r in range(10)], labels=[0] * 10)

    def test_what_is_hidden_was_in_training_whether_a_held_out_set_holds_it_or_not(self, world):
        assert hide(world, self.SPLIT, 1.0).tolist() == [0, 1, 2, 3, 4]
        drawn = {t for seed in range(40) for t in hide(world, self.SPLIT, 0.4, seed).tolist()}
        assert drawn == {0, 1, 2, 3, 4}

    def test_the_share_is_of_those_and_the_draw_can_be_repeated(self, world):
        one, same, other = (hide(world, self.SPLIT, 0.4, seed) for seed in (1, 1, 5))
        assert len(one) == 2
        assert one.tolist() == sorted(same.tolist()) != other.tolist()

    def test_no_set_holds_it_any_more_nor_its_artist_through_it(self, world):
        less = without(world, np.array([2, 3]))
        assert [less.plays[n].indices.tolist() for n in range(5)] == [
            [0, 1],
            [1],
            [4],
            [1, 9],
            [8, 9],
        ]
        assert less.popularity[[2, 3]].tolist() == [0, 0]
        # Artist 1 made nothing but the hidden tracks: no set speaks of it.
        assert less.set_artists[:, 1].nnz == 0 < world.set_artists[:, 1].nnz
        assert less.n_recordings == world.n_recordings
        assert (less.artists != world.artists).nnz == 0

    def test_hiding_nothing_changes_nothing(self, world):
        assert without(world, np.empty(0, np.intp)) is world
