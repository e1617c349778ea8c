from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hybrid.fusion import Fusion, Weights
from models.collaborative import JointALS, Query
from tests.models.collaborative.invented import QUICK, interactions, played_next, query

# Three scenes; recording 18 is the hit of the third, 19 was never played but is by artist 0.
SCENES = [list(range(0, 6)), list(range(6, 12)), list(range(12, 19))]
SETS = [[s[(i + j) % len(s)] for j in range(3)] for i in range(6) for s in SCENES]
SETS += [[18, 12 + i % 6] for i in range(12)]
ARTISTS = [[r % 3 + 3 * (r // 6)] for r in range(18)] + [[9], [0]]
LABELS = [r // 6 for r in range(18)] + [-1, 0]
HIT, NEVER_PLAYED = 18, 19
YEARS = np.linspace(2015, 2022, len(SETS))
NEXT = played_next(SETS, 20)
NAMES = Weights.names()
NOTHING = Query(np.empty(0, np.intp), {}, {})
#: What a track gets whatever was asked.
UNASKED = ("popularity", "current")


@pytest.fixture(scope="module")
def world():
    return interactions(SETS, 20, artists=ARTISTS, labels=LABELS)


@pytest.fixture(scope="module")
def als(world) -> JointALS:
    return JointALS(QUICK).fit(world)


@pytest.fixture(scope="module")
def fusion(world, als) -> Fusion:
    return Fusion(world, YEARS, als, NEXT, Weights())


@pytest.mark.parametrize("seeds", [(0,), (0, 7), (NEVER_PLAYED,), tuple(range(6)), ()])
def test_every_signal_is_there_for_every_recording(fusion, world, seeds):
    signals = fusion.signals(query(*seeds, of=world))
    assert tuple(signals) == NAMES
    for name, values in signals.items():
        assert values.shape == (20,), name
        assert values.dtype == np.float32, name
        assert np.isfinite(values).all(), name
        assert (values >= 0).all(), name


def test_what_is_likened_has_a_scale_of_its_own(fusion, world):
    """The best is 1, whatever was asked, and what speaks against a track is not held."""
    for seeds in [(0,), (3, 8), (12, 13, 14)]:
        signals = fusion.signals(query(*seeds, of=world))
        for name in ("sets", "artists", "labels", "popularity", "current"):
            assert signals[name].max() == pytest.approx(1), name
            assert signals[name].min() >= 0, name


def test_what_is_counted_grows_with_the_evidence():
    """Each set ten times over says ten times as much about what was played together."""
    found = []
    for times in (1, 10):
        sets = SETS * times
        world = interactions(sets, 20, artists=ARTISTS, labels=LABELS)
        als = JointALS(QUICK).fit(world)
        fusion = Fusion(world, np.tile(YEARS, times), als, played_next(sets, 20), Weights())
        found.append(fusion.signals(query(0, 3, of=world)))
    small, large = found
    for name in ("together", "next"):
        np.testing.assert_allclose(np.expm1(large[name]), 10 * np.expm1(small[name]), rtol=1e-4)
    np.testing.assert_allclose(large["current"], small["current"], rtol=1e-4)


def test_together_counts_the_sets_beyond_those_that_chance_would_give(fusion, world):
    asked = query(0, 7, of=world)
    plays = world.plays.toarray()
    has_seed = plays[:, [0, 7]].any(axis=1)
    met = plays[has_seed].sum(axis=0) - plays.sum(axis=0) * has_seed.mean()
    met[[0, 7]] = 0
    expected = np.log1p(np.maximum(met, 0))
    np.testing.assert_allclose(fusion.signals(asked)["together"], expected, rtol=1e-5, atol=1e-6)


def test_a_hit_that_is_in_every_set_was_not_played_together_with_anything(als):
    sets = [[0, 1, 5], [0, 1, 5], [2, 3, 5], [3, 4, 5]]
    world = interactions(sets, 20, artists=ARTISTS, labels=LABELS)
    fusion = Fusion(world, YEARS[:4], als, played_next(sets, 20), Weights())
    together = fusion.signals(query(0, of=world))["together"]
    assert together[1] > 0
    assert together[5] == 0


def test_next_counts_how_often_it_came_straight_after_a_seed(world, als):
    twice = played_next([[0, 1], [0, 1], [0, 2], [3, 0]], 20)
    signal = Fusion(world, YEARS, als, twice, Weights()).signals(query(0, of=world))["next"]
    assert np.expm1(signal[:4]) == pytest.approx([0, 2, 1, 0])


def test_next_knows_what_comes_after_the_seed_from_what_comes_before(world, als):
    one_way = played_next([[5, 0, 1]] * 3 + [[0, 2]], 20)
    signal = Fusion(world, YEARS, als, one_way, Weights()).signals(query(0, of=world))["next"]
    assert signal[1] > signal[2] > 0
    assert np.flatnonzero(signal).tolist() == [1, 2]


def test_a_seed_that_nothing_ever_followed_has_no_next_track(fusion, world):
    assert not fusion.signals(query(NEVER_PLAYED, of=world))["next"].any()
    assert not fusion.signals(NOTHING)["next"].any()


def test_popularity_grows_with_the_logarithm_of_the_sets(fusion, world):
    signal = fusion.signals(query(0, of=world))["popularity"]
    expected = np.log1p(world.popularity) / np.log1p(world.popularity.max())
    np.testing.assert_allclose(signal, expected, rtol=1e-5)
    assert signal[HIT] == 1
    assert signal[NEVER_PLAYED] == 0


def test_scaling_the_factors_changes_no_signal_of_them(fusion, world, als):
    """Twice the length of every vector is another unit, not another opinion."""
    p = replace(als.parameters, regularization=4 * als.parameters.regularization)
    longer = JointALS(p).restore(
        2 * als.factors, als.confidence, (20, 10), world.artist_share, world.labels
    )
    asked = query(2, 9, of=world)
    ours = fusion.signals(asked)
    theirs = Fusion(world, YEARS, longer, NEXT, Weights()).signals(asked)
    for name in ("sets", "artists", "labels"):
        np.testing.assert_allclose(theirs[name], ours[name], rtol=1e-3, atol=1e-5)


def test_the_score_is_the_weighted_sum_of_the_signals(world, als):
    weights = Weights(*(0.5 + n for n in range(len(NAMES))))
    fusion = Fusion(world, YEARS, als, NEXT, weights)
    asked = query(1, of=world)
    signals = fusion.signals(asked)
    expected = sum(weights.as_dict()[name] * signals[name] for name in NAMES)
    np.testing.assert_allclose(fusion.score(asked), expected, rtol=1e-5)
    np.testing.assert_array_equal(fusion.fuse(signals), fusion.score(asked))


@pytest.mark.parametrize("name", NAMES)
def test_weight_0_switches_a_signal_off(fusion, world, als, name):
    asked = query(0, of=world)
    signals = fusion.signals(asked)
    assert signals[name].any()
    without = Fusion(world, YEARS, als, NEXT, replace(Weights(), **{name: 0.0})).score(asked)
    np.testing.assert_allclose(without, fusion.score(asked) - signals[name], atol=1e-5)


@pytest.mark.parametrize("name", NAMES)
def test_a_signal_alone_ranks_by_itself(fusion, world, als, name):
    asked = query(0, of=world)
    only = Weights(**{n: float(n == name) for n in NAMES})
    alone = Fusion(world, YEARS, als, NEXT, only).score(asked)
    np.testing.assert_array_equal(alone, fusion.signals(asked)[name])


def test_popularity_and_age_are_the_same_for_every_question(fusion, world):
    one, other = fusion.signals(query(0, of=world)), fusion.signals(NOTHING)
    for name in UNASKED:
        np.testing.assert_array_equal(one[name], other[name])
        assert one[name].any()


def test_a_hit_of_another_scene_does_not_beat_what_belongs_with_the_seed(fusion, world):
    scores = fusion.score(query(0, of=world))
    companions = [1, 2, 4, 5]
    assert scores[companions].min() > scores[HIT]
    assert world.popularity[HIT] > world.popularity[companions].max()


def test_where_nothing_is_known_the_hits_are_left_to_show(fusion, world):
    signals = fusion.signals(NOTHING)
    assert not any(signals[n].any() for n in NAMES if n not in UNASKED)
    assert int(np.argmax(fusion.score(NOTHING))) == HIT


def test_being_played_together_is_not_said_of_the_seeds_themselves(fusion, world):
    together = fusion.signals(query(0, 1, of=world))["together"]
    assert not together[[0, 1]].any()
    assert together[2] > 0
    assert not together[6:].any()


def test_an_artist_shared_with_a_seed_counts_and_a_rare_one_counts_more():
    """Artist 0 is in every set, artist 1 in one."""
    sets = [[0, 1]] + [[0, 2 + i] for i in range(5)]
    artists = [[0], [1], *([[0]] * 5), [1], [2]]
    world = interactions(sets, 9, artists=artists)
    als, undated = JointALS(QUICK).fit(world), np.full(6, np.nan)
    fusion = Fusion(world, undated, als, played_next(sets, 9), Weights())
    signal = fusion.signals(Query(np.empty(0, np.intp), {0: 1.0, 1: 1.0}, {}))["same_artist"]
    assert signal[7] > signal[2] > 0
    assert signal[8] == 0


def test_two_seeds_of_one_artist_say_more_than_one(fusion):
    def asked(count: float) -> Query:
        return Query(np.empty(0, np.intp), {0: count}, {})

    one, two = (fusion.signals(asked(n))["same_artist"][0] for n in (1.0, 2.0))
    assert two > one > 0


def test_a_track_nobody_played_is_found_by_its_artist(fusion, world):
    signals = fusion.signals(query(0, of=world))
    assert signals["same_artist"][NEVER_PLAYED] > 0
    assert signals["artists"][NEVER_PLAYED] > 0
    assert signals["sets"][NEVER_PLAYED] == signals["together"][NEVER_PLAYED] == 0
    assert signals["popularity"][NEVER_PLAYED] == signals["current"][NEVER_PLAYED] == 0


def test_what_was_played_lately_is_more_current():
    sets = [[0, 1, 2], [0, 1, 3], [0, 4]]
    world = interactions(sets, 5, artists=[[0]] * 5)
    als = JointALS(QUICK).fit(world)
    years = np.array([2010.0, 2020.0, np.nan])
    fusion = Fusion(world, years, als, played_next(sets, 5), Weights())
    current = fusion.signals(query(0, of=world))["current"]
    assert current[3] == 1 > current[2] > 0
    assert current[4] == 0  # nobody knows when


def test_without_any_date_nothing_is_current_and_nothing_breaks(world, als):
    undated = Fusion(world, np.full(len(SETS), np.nan), als, NEXT, Weights())
    signals = undated.signals(query(0, of=world))
    assert not signals["current"].any()
    assert np.isfinite(undated.score(query(0, of=world))).all()


def test_asking_changes_nothing(fusion, world):
    asked = query(0, of=world)
    first = fusion.score(asked)
    for name, values in fusion.signals(asked).items():
        if name not in UNASKED:
            values[:] = 99
    fusion.score(NOTHING)
    np.testing.assert_array_equal(fusion.score(asked), first)


@pytest.mark.parametrize("name", UNASKED)
def test_what_all_queries_share_cannot_be_changed_by_one(fusion, world, name):
    with pytest.raises(ValueError, match="read-only"):
        fusion.signals(query(0, of=world))[name][:] = 99


def test_sets_that_nobody_ever_mixed_still_give_scores(world, als):
    """All plays stand apart: gaps everywhere."""
    silent = played_next([[r] for r in range(20)], 20)
    fusion = Fusion(world, YEARS, als, silent, Weights())
    asked = query(0, of=world)
    assert not fusion.signals(asked)["next"].any()
    assert np.isfinite(fusion.score(asked)).all()


def test_an_empty_catalogue_has_no_scores():
    world = interactions([], 0)
    als = JointALS(QUICK).restore(
        np.zeros((0, 8), np.float32), np.zeros(0), (0, 0), world.artist_share, world.labels
    )
    fusion = Fusion(world, np.empty(0), als, played_next([], 0), Weights())
    assert fusion.score(NOTHING).shape == (0,)
