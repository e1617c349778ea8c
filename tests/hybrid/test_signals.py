from __future__ import annotations

import numpy as np
import pytest

from hybrid.question import Question
from hybrid.signals import PARTS, SIGNALS, Signals
from hybrid.sound_space import SoundSpace
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
NOTHING = Query(np.empty(0, np.intp), {}, {})
VECTORS = np.random.default_rng(0).normal(size=(20, 6)).astype(np.float32)


def made(sets, *, artists=ARTISTS, labels=LABELS, years=None, after=None, als=True, sound=None):
    world = interactions(sets, len(artists), artists=artists, labels=labels)
    if years is None:
        years = np.full(len(sets), 2020.0)
    fitted = JointALS(QUICK).fit(world) if als else None
    return Signals(world, years, fitted, after or played_next(sets, len(artists)), sound)


@pytest.fixture(scope="module")
def world():
    return interactions(SETS, 20, artists=ARTISTS, labels=LABELS)


@pytest.fixture(scope="module")
def signals(world) -> Signals:
    space = SoundSpace.of(np.arange(20), VECTORS, 20)
    return Signals(world, YEARS, JointALS(QUICK).fit(world), NEXT, space)


def asked(*seeds: int, of, last: int | None = None) -> Question:
    vectors = VECTORS[list(seeds)] / np.linalg.norm(VECTORS[list(seeds)], axis=1, keepdims=True)
    last = seeds[-1] if last is None and seeds else last
    only = query(of=of) if last is None else query(last, of=of)
    return Question(query(*seeds, of=of), only, vectors, len(seeds) - 1, float(len(seeds)))


@pytest.mark.parametrize("lens", ["goes_with", "next"])
@pytest.mark.parametrize("seeds", [(0,), (0, 7), (NEVER_PLAYED,), tuple(range(6)), ()])
def test_whatever_is_said_is_said_of_every_recording_and_never_against_it(
    signals, world, seeds, lens
):
    said = signals.of(asked(*seeds, of=world), lens)
    assert tuple(said) == PARTS
    for part, row in said.items():
        assert set(row.signals) <= set(SIGNALS[part])
        assert bool(row.signals) == (row.evidence > 0), part
        for name, values in row.signals.items():
            assert values.shape == (20,), name
            assert values.dtype == np.float32, name
            assert np.isfinite(values).all(), name
            assert (values >= 0).all(), name


def test_together_counts_the_sets_beyond_those_that_chance_would_give(signals, world):
    plays = world.plays.toarray()
    has_seed = plays[:, [0, 7]].any(axis=1)
    met = plays[has_seed].sum(axis=0) - plays.sum(axis=0) * has_seed.mean()
    met[[0, 7]] = 0
    expected = np.log1p(np.maximum(met, 0))
    together = signals.of(asked(0, 7, of=world))["sets"].signals["together"]
    np.testing.assert_allclose(together, expected, rtol=1e-5, atol=1e-6)


def test_a_hit_that_is_in_every_set_was_not_played_together_with_anything():
    sets = [[0, 1, 5], [0, 1, 5], [2, 3, 5], [3, 4, 5]]
    together = made(sets).of(Question.of(query(0)))["sets"].signals["together"]
    assert together[1] > 0
    assert together[5] == 0


def test_next_counts_how_often_it_came_straight_after_and_knows_the_direction():
    way = made(SETS, after=played_next([[0, 1], [0, 1], [0, 2], [3, 0]], 20))
    after = way.of(Question.of(query(0)))["next"].signals["after"]
    assert np.expm1(after[:4]) == pytest.approx([0, 2, 1, 0])


def test_under_the_lens_next_only_the_last_seed_says_what_comes_next(world):
    way = made(SETS, after=played_next([[0, 1], [7, 8]], 20))
    question = asked(0, 7, of=world)
    both = way.of(question, "goes_with")["next"].signals["after"]
    last = way.of(question, "next")["next"].signals["after"]
    assert np.flatnonzero(both).tolist() == [1, 8]
    assert np.flatnonzero(last).tolist() == [8]


def test_where_no_track_ever_followed_its_artist_may_have_been_followed(world):
    """Recording 3 is by the artist of 0, whom the artist of 1 followed."""
    way = made(SETS, after=played_next([[0, 1]] * 3, 20))
    said = way.of(asked(3, of=world), "next")["next"]
    assert not said.signals["after"].any()
    assert said.signals["artists_after"][[1, 4]].all()
    assert not said.signals["artists_after"][[0, 2, 6]].any()


def test_a_seed_that_nothing_ever_followed_says_nothing_of_what_comes_next():
    silent = made(SETS, after=played_next([[r] for r in range(20)], 20))
    assert not silent.of(Question.of(query(0)))["next"].signals


def test_a_seed_that_no_set_holds_says_nothing_of_sets_but_something_by_its_credits(signals, world):
    said = signals.of(asked(NEVER_PLAYED, of=world))
    assert said["sets"].evidence == 0
    assert not said["sets"].signals
    credits = said["artist_label"].signals
    assert credits["played_with"][[1, 2, 4, 5]].min() > credits["played_with"][6:12].max()
    assert credits["same_artist"][[0, 3]].all()


def test_a_track_nobody_played_is_found_by_its_artist_and_its_label(signals, world):
    said = signals.of(asked(0, of=world))
    for name in ("artist_factors", "label_factors", "same_artist", "same_label"):
        assert said["artist_label"].signals[name][NEVER_PLAYED] > 0, name
    assert not any(row[NEVER_PLAYED] for row in said["sets"].signals.values())
    assert not any(row[NEVER_PLAYED] for row in said["prior"].signals.values())
    assert signals.evidence["sets"][NEVER_PLAYED] == signals.evidence["prior"][NEVER_PLAYED] == 0
    assert signals.evidence["artist_label"][NEVER_PLAYED] > 0


def test_an_artist_shared_with_a_seed_counts_and_a_rare_one_counts_more():
    """Artist 0 is in every set, artist 1 in one."""
    sets = [[0, 1]] + [[0, 2 + i] for i in range(5)]
    artists = [[0], [1], *([[0]] * 5), [1], [2]]
    same = (
        made(sets, artists=artists, labels=[-1] * 9)
        .of(Question.of(Query(np.empty(0, np.intp), {0: 1.0, 1: 1.0}, {})))["artist_label"]
        .signals["same_artist"]
    )
    assert same[7] > same[2] > 0
    assert same[8] == 0


def test_two_seeds_of_one_artist_say_more_than_one(signals):
    one, two = (
        signals.of(Question.of(Query(np.empty(0, np.intp), {0: n}, {})))["artist_label"].signals[
            "same_artist"
        ][0]
        for n in (1.0, 2.0)
    )
    assert two > one > 0


def test_artists_that_met_the_seeds_artists_in_sets_count_though_their_tracks_never_did():
    sets = [[0, 1]] * 1 + [[2, 3]] * 3
    artists = [[0], [1], [2], [3], [1], [3]]
    met = (
        made(sets, artists=artists, labels=[-1] * 6)
        .of(Question.of(Query(np.array([0]), {0: 1.0}, {})))["artist_label"]
        .signals["artists_together"]
    )
    assert met[4] > 0
    assert met[5] == met[0] == 0


def test_popularity_grows_with_the_logarithm_of_the_sets(signals, world):
    popular = signals.of(Question.of(NOTHING))["prior"].signals["popular"]
    expected = np.log1p(world.popularity) / np.log1p(world.popularity.max())
    np.testing.assert_allclose(popular, expected, rtol=1e-5)
    assert popular[HIT] == 1


def test_what_was_played_lately_is_more_current():
    sets = [[0, 1, 2], [0, 1, 3], [0, 4]]
    years = np.array([2010.0, 2020.0, np.nan])
    dated = made(sets, artists=[[0]] * 5, labels=[-1] * 5, years=years)
    prior = dated.of(Question.of(NOTHING))["prior"].signals
    assert prior["current"][3] == 1 > prior["current"][2] > 0
    assert prior["current"][4] == 0  # nobody knows when
    assert prior["lately"][3] > prior["lately"][2] > prior["lately"][4] == 0


def test_without_any_date_nothing_is_current_and_nothing_breaks():
    undated = made(SETS, years=np.full(len(SETS), np.nan))
    prior = undated.of(Question.of(NOTHING))["prior"].signals
    assert not prior["current"].any()
    assert not prior["lately"].any()
    assert prior["popular"].any()


def test_what_sounds_like_a_seed_is_near_it(signals, world):
    heard = signals.of(asked(0, 7, of=world))["sound"].signals
    cosine = VECTORS / np.linalg.norm(VECTORS, axis=1, keepdims=True)
    cosine = cosine @ cosine[[0, 7]].T
    np.testing.assert_allclose(heard["nearest"], np.maximum(cosine.max(1), 0), atol=1e-5)
    np.testing.assert_allclose(heard["mean"], np.maximum(cosine.mean(1), 0), atol=1e-5)


def test_more_windows_are_more_evidence(world):
    space = SoundSpace.of(np.array([2, 5]), VECTORS[[2, 5]], 20)
    windows = np.zeros(20, np.float32)
    windows[[2, 5]] = [5, 1]
    signals = Signals(world, YEARS, None, NEXT, space, None, windows)
    assert signals.evidence["sound"].nonzero()[0].tolist() == [2, 5]
    assert signals.evidence["sound"][[2, 5]].tolist() == [5, 1]


def test_without_a_model_what_was_counted_still_speaks(world):
    said = made(SETS, als=False).of(asked(0, of=world))
    assert set(said["sets"].signals) == {"together"}
    assert "same_artist" in said["artist_label"].signals
    assert not {"played_with", "artist_factors"} & set(said["artist_label"].signals)


def test_scaling_the_factors_changes_no_signal_of_them(world):
    """Twice the length of every vector is another unit, not another opinion."""
    from dataclasses import replace

    als = JointALS(QUICK).fit(world)
    p = replace(als.parameters, regularization=4 * als.parameters.regularization)
    longer = JointALS(p).restore(
        2 * als.factors, als.confidence, (20, 10), world.artist_share, world.labels
    )
    ours, theirs = (
        Signals(world, YEARS, fitted, NEXT, None).of(asked(2, 9, of=world))
        for fitted in (als, longer)
    )
    for part, name in [("sets", "factors"), ("artist_label", "artist_factors")]:
        np.testing.assert_allclose(
            theirs[part].signals[name], ours[part].signals[name], rtol=1e-3, atol=1e-5
        )


def test_asking_changes_nothing_and_what_all_questions_share_is_read_only(signals, world):
    question = asked(0, of=world)
    first = {
        p: {n: v.copy() for n, v in s.signals.items()} for p, s in signals.of(question).items()
    }
    for part, said in signals.of(question).items():
        for values in said.signals.values():
            if part == "prior":
                with pytest.raises(ValueError, match="read-only"):
                    values[:] = 99
            else:
                values[:] = 99
    again = signals.of(question)
    for part, found in first.items():
        for name, values in found.items():
            np.testing.assert_array_equal(again[part].signals[name], values)
