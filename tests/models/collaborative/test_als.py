from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from implicit.cpu.als import AlternatingLeastSquares
from implicit.nearest_neighbours import bm25_weight
from scipy import sparse

from models.collaborative import AlsParameters, JointALS, Query, als
from models.collaborative.als import AlsItemSimilarity
from tests.models.collaborative.invented import QUICK, interactions, query, random_sets

N, NEVER_PLAYED = 24, 23
ARTISTS = [[r % 6] if r % 4 else [r % 6, 6] for r in range(N)]
LABELS = [r % 3 if r % 5 else -1 for r in range(N)]


@pytest.fixture(scope="module")
def world():
    return interactions(random_sets(60, N - 1, seed=1), N, artists=ARTISTS, labels=LABELS)


@pytest.fixture(scope="module")
def fitted(world) -> JointALS:
    return JointALS(QUICK).fit(world)


def implicits(p) -> AlternatingLeastSquares:
    return AlternatingLeastSquares(
        factors=p.factors,
        regularization=p.regularization,
        alpha=p.alpha,
        iterations=p.iterations,
        random_state=p.seed,
    )


def tokens_of(asked: Query, world) -> list[int]:
    n_artists = world.artists.shape[1]
    artists = [world.n_recordings + a for a in asked.artists]
    labels = [world.n_recordings + n_artists + k for k in asked.labels]
    return [*asked.recordings.tolist(), *artists, *labels]


def recalculated(fitted: JointALS, asked: Query, world) -> np.ndarray:
    """Factors that implicit gives to a user with the query's tokens."""
    row = np.zeros((1, len(fitted.factors)), np.float32)
    tokens = tokens_of(asked, world)
    row[0, tokens] = fitted.confidence[tokens]
    peer = implicits(fitted.parameters)
    peer.item_factors = fitted.factors
    return peer.recalculate_user(0, sparse.csr_matrix(row))


def cosine(a: np.ndarray, b: np.ndarray) -> float:
    return float(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)))


def test_what_is_factorised_is_the_bm25_weighted_set_by_token_matrix(world):
    weighted = JointALS(replace(QUICK, k1=50.0, b=0.3)).confidences(world)
    expected = bm25_weight(world.tokens(), K1=50.0, B=0.3).toarray()
    np.testing.assert_allclose(weighted.toarray(), expected, rtol=1e-5)
    alone = JointALS(QUICK, with_artists=False).confidences(world)
    expected = bm25_weight(world.plays, K1=QUICK.k1, B=QUICK.b).toarray()
    np.testing.assert_allclose(alone.toarray(), expected, rtol=1e-5)


def test_factors_are_those_of_implicit(world, fitted):
    peer = implicits(QUICK)
    peer.fit(JointALS(QUICK).confidences(world), show_progress=False)
    np.testing.assert_allclose(fitted.factors, peer.item_factors, rtol=1e-4, atol=1e-6)


def test_recordings_artists_and_labels_lie_in_one_space(world, fitted):
    assert fitted.recordings.shape == (N, QUICK.factors)
    assert fitted.artists.shape == (7, QUICK.factors)
    assert fitted.labels.shape == (3, QUICK.factors)
    assert fitted.confidence.shape == (N + 7 + 3,)
    assert fitted.factors.dtype == fitted.confidence.dtype == np.float32


def test_the_weight_of_a_token_is_its_mean_confidence_where_it_occurs(world, fitted):
    dense = JointALS(QUICK).confidences(world).toarray()
    token = 5
    np.testing.assert_allclose(
        fitted.confidence[token], dense[dense[:, token] != 0, token].mean(), rtol=1e-5
    )


@pytest.mark.parametrize("parameters", [QUICK, replace(QUICK, alpha=9.0, regularization=3.0)])
@pytest.mark.parametrize("seeds", [(0,), (1, 4, 9), tuple(range(12)), (NEVER_PLAYED,), ()])
def test_a_fold_in_is_what_implicit_recalculates_for_that_user(world, parameters, seeds):
    fitted = JointALS(parameters).fit(world)
    asked = query(*seeds, of=world)
    expected = recalculated(fitted, asked, world)
    np.testing.assert_allclose(fitted.fold_in(asked), expected, rtol=1e-3, atol=1e-5)


def test_a_fold_in_of_an_artist_alone_is_what_implicit_recalculates(world, fitted):
    asked = Query(np.empty(0, np.intp), {2: 1.0}, {1: 1.0})
    expected = recalculated(fitted, asked, world)
    assert np.abs(expected).max() > 0.01
    np.testing.assert_allclose(fitted.fold_in(asked), expected, rtol=1e-3, atol=1e-5)


def test_a_fold_in_of_an_artist_in_every_set_is_what_implicit_recalculates():
    """BM25 gives such an artist a confidence below 0, which implicit takes for a dislike."""
    world = interactions(random_sets(8, 10), artists=[[0, 1 + r % 3] for r in range(10)])
    fitted = JointALS(QUICK).fit(world)
    asked = query(3, 4, of=world)
    assert fitted.confidence[tokens_of(asked, world)].min() < 0
    expected = recalculated(fitted, asked, world)
    np.testing.assert_allclose(fitted.fold_in(asked), expected, rtol=1e-3, atol=1e-5)


def test_a_training_set_folded_in_lands_near_its_own_factors(world, fitted):
    peer = implicits(QUICK)
    peer.fit(JointALS(QUICK).confidences(world), show_progress=False)
    near = [
        cosine(fitted.fold_in(query(*world.plays[s].indices, of=world)), peer.user_factors[s])
        for s in range(world.n_sets)
    ]
    assert np.median(near) > 0.95
    assert min(near) > 0.7


def test_the_order_of_the_seeds_does_not_matter(world, fitted):
    one, other = query(2, 7, 11, of=world), query(11, 2, 7, of=world)
    np.testing.assert_allclose(fitted.score(one), fitted.score(other), rtol=1e-3, atol=1e-6)


def test_a_recording_that_no_set_holds_has_the_zero_vector(fitted):
    assert not fitted.recordings[NEVER_PLAYED].any()
    assert np.abs(fitted.recordings[:NEVER_PLAYED]).sum(axis=1).min() > 0


def test_a_recording_nobody_played_is_reached_through_its_artists_and_label(world, fitted):
    user = fitted.fold_in(query(5, of=world))  # by the same artist, on no label
    assert (fitted.recordings @ user)[NEVER_PLAYED] == 0
    assert fitted.by_artist(user)[NEVER_PLAYED] > 0
    on_its_label = fitted.fold_in(query(2, of=world))
    assert fitted.by_label(on_its_label)[NEVER_PLAYED] > 0


def test_what_artists_say_is_the_mean_over_the_recordings_artists(world, fitted):
    user = fitted.fold_in(query(1, 8, of=world))
    by_artist = fitted.artists @ user
    expected = [np.mean([by_artist[a] for a in artists]) for artists in ARTISTS]
    np.testing.assert_allclose(fitted.by_artist(user), expected, rtol=1e-4, atol=1e-6)
    by_label = fitted.labels @ user
    expected = [by_label[k] if k >= 0 else 0 for k in LABELS]
    np.testing.assert_allclose(fitted.by_label(user), expected, rtol=1e-4, atol=1e-6)


def test_a_seed_whose_factors_are_guessed_right_counts_as_if_a_set_held_it(fitted):
    known = fitted.fold_in(query(3))
    guessed = fitted.fold_in(query(), fitted.recordings[[3]])
    cosine = known @ guessed / np.linalg.norm(known) / np.linalg.norm(guessed)
    assert cosine > 0.99
    assert not fitted.fold_in(query()).any()


def test_without_artists_only_recordings_speak(world):
    alone = JointALS(QUICK, with_artists=False).fit(world)
    assert alone.factors.shape == (N, QUICK.factors)
    assert len(alone.artists) == len(alone.labels) == 0
    np.testing.assert_array_equal(alone.score(query(0, of=world)), alone.score(query(0)))


@pytest.mark.parametrize("with_artists", [True, False], ids=["joint", "recordings only"])
def test_the_number_of_threads_changes_nothing(world, monkeypatch, with_artists):
    factors = []
    for threads in (1, 2):
        limited = partial(AlternatingLeastSquares, num_threads=threads)
        monkeypatch.setattr(als, "AlternatingLeastSquares", limited)
        fitted = JointALS(QUICK, with_artists=with_artists).fit(world)
        factors.append(fitted.factors)
    np.testing.assert_array_equal(factors[0], factors[1])


def test_another_seed_gives_other_factors(world, fitted):
    other = JointALS(replace(QUICK, seed=8)).fit(world)
    assert not np.allclose(other.factors, fitted.factors)


def test_factors_restored_from_their_arrays_answer_the_same(world, fitted):
    back = JointALS(QUICK).restore(
        fitted.factors.copy(), fitted.confidence.copy(), (N, 7), world.artist_share, world.labels
    )
    asked = query(3, 6, of=world)
    np.testing.assert_array_equal(back.score(asked), fitted.score(asked))
    user = fitted.fold_in(asked)
    np.testing.assert_array_equal(back.by_artist(user), fitted.by_artist(user))
    np.testing.assert_array_equal(back.by_label(user), fitted.by_label(user))


def test_progress_is_told_after_every_iteration(world):
    told = []
    JointALS(QUICK).fit(world, lambda done, of: told.append((done, of)))
    assert told == [(n, QUICK.iterations) for n in range(1, QUICK.iterations + 1)]


def test_parameters_travel_through_a_model_card():
    odd = replace(QUICK, factors=3, alpha=9.5, seed=1)
    assert AlsParameters(**json.loads(json.dumps(odd.as_dict()))) == odd


def test_item_similarity_is_the_mean_cosine_to_the_seeds(world):
    scores = AlsItemSimilarity(JointALS(QUICK, with_artists=False)).fit(world).score(query(2, 9))
    factors = JointALS(QUICK, with_artists=False).fit(world).recordings
    for index in (0, 9, 15):
        expected = np.mean([cosine(factors[index], factors[seed]) for seed in (2, 9)])
        np.testing.assert_allclose(scores[index], expected, rtol=1e-4, atol=1e-6)
    assert scores[NEVER_PLAYED] == 0
