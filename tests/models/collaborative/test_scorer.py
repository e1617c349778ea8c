"""What every scorer must keep to, whatever it learns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from models.collaborative import (
    ArtistsGreatestHits,
    Interactions,
    ItemKNN,
    JointALS,
    Popularity,
    Query,
)
from models.collaborative.als import AlsItemSimilarity
from tests.models.collaborative.invented import QUICK, Sets, interactions, played_next, query

# Two scenes of ten recordings. Each set plays five neighbours of its scene's round, so that
# all are equally popular; the last two recordings no set has ever held.
ROUND = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
SETS: Sets = [
    [scene + ROUND[(start + step) % 10] for step in range(5)]
    for start in range(10)
    for scene in (0, 10)
]
N = 22
SEED, COMPANION, FROM_THE_OTHER_SCENE, NEVER_PLAYED = 0, 2, 12, 20
# Recordings 0, 2, 4, ... of a scene share one artist and its label, the odd ones another.
BY_SCENE = [2 * (r // 10) + r % 2 for r in range(20)] + [4, 4]

Fit = Callable[[Sets, Interactions], object]


def alone() -> JointALS:
    return JointALS(QUICK, with_artists=False)


SCORERS: dict[str, Fit] = {
    "popularity": lambda _, i: Popularity().fit(i),
    "artist's greatest hits": lambda _, i: ArtistsGreatestHits().fit(i),
    "item-kNN, cosine": lambda _, i: ItemKNN("cosine").fit(i),
    "item-kNN, BM25": lambda _, i: ItemKNN("bm25").fit(i),
    "ALS, item similarity": lambda _, i: AlsItemSimilarity(alone()).fit(i),
    "ALS, recordings only": lambda _, i: alone().fit(i),
    "ALS with artists and labels": lambda _, i: JointALS(QUICK).fit(i),
    "played right after": lambda sets, i: played_next(sets, i.n_recordings),
}
NOTHING = Query(np.empty(0, np.intp), {}, {})


@pytest.fixture
def world() -> Interactions:
    return interactions(SETS, N, artists=[[a] for a in BY_SCENE], labels=BY_SCENE)


@pytest.fixture(params=SCORERS.values(), ids=SCORERS.keys())
def fit(request) -> Fit:
    return request.param


def contents(world: Interactions) -> list[bytes]:
    matrices = (world.plays, world.artists, world.labels)
    return [part.tobytes() for m in matrices for part in (m.data, m.indices, m.indptr)]


def test_every_recording_gets_one_finite_float32(fit, world):
    scorer = fit(SETS, world)
    for asked in (query(SEED, of=world), query(SEED, 13, 20, of=world), NOTHING):
        scores = scorer.score(asked)
        assert isinstance(scores, np.ndarray)
        assert scores.shape == (N,)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()


def test_what_was_played_with_the_seed_stands_above_what_nobody_played(fit, world):
    scores = fit(SETS, world).score(query(SEED, of=world))
    assert scores[COMPANION] > scores[NEVER_PLAYED]


def test_what_was_played_with_the_seed_stands_above_strangers_as_popular(fit, world):
    scorer = fit(SETS, world)
    scores = scorer.score(query(SEED, of=world))
    if isinstance(scorer, Popularity):
        assert scores[COMPANION] == scores[FROM_THE_OTHER_SCENE]
    else:
        assert scores[COMPANION] > scores[FROM_THE_OTHER_SCENE]


def test_what_was_never_played_scores_nothing(fit, world):
    scores = fit(SETS, world).score(query(SEED, of=world))
    np.testing.assert_allclose(scores[NEVER_PLAYED:], 0, atol=1e-6)


def test_a_query_of_which_nothing_is_known_has_no_favourites(fit, world):
    scorer = fit(SETS, world)
    asked_nothing = isinstance(scorer, Popularity)
    assert scorer.score(NOTHING).any() == asked_nothing


def test_scoring_changes_neither_the_scorer_nor_what_it_was_given(fit, world):
    before = contents(world)
    scorer = fit(SETS, world)
    asked = query(SEED, 4, of=world)
    first = scorer.score(asked)
    kept = first.copy()
    first[:] = -1  # what a caller does with an answer is the caller's own business
    scorer.score(query(13, of=world))
    np.testing.assert_array_equal(scorer.score(asked), kept)
    assert asked.recordings.tolist() == [SEED, 4]
    assert asked.artists == query(SEED, 4, of=world).artists
    assert asked.labels == query(SEED, 4, of=world).labels
    assert contents(world) == before


def test_learning_twice_gives_the_same_scores(fit, world):
    asked = query(SEED, 11, of=world)
    np.testing.assert_array_equal(fit(SETS, world).score(asked), fit(SETS, world).score(asked))


@pytest.mark.parametrize("name", [name for name in SCORERS if name != "played right after"])
def test_learning_again_forgets_what_was_learned_before(name, world):
    """`fit` returns the scorer itself, ready for the new sets only."""
    fit = SCORERS[name]
    scorer = fit(SETS, world)
    other = interactions([[0, 1], [0, 1, 2], [3, 4], [3, 4, 5]], 6, artists=[[0]] * 6)
    assert scorer.fit(other) is scorer
    np.testing.assert_array_equal(scorer.score(query(0)), fit([], other).score(query(0)))


@pytest.mark.filterwarnings("ignore:divide by zero", "ignore:Mean of empty", "ignore:invalid value")
@pytest.mark.parametrize(
    ("sets", "n"),
    [([], 0), ([], 3), ([[], []], 3), ([[0]], 1), ([[0, 1, 2]], 3), ([[0, 1], [0, 2]], 3)],
    ids=["nothing", "no sets", "empty sets", "one play", "one set", "one track in every set"],
)
def test_hardly_anything_to_learn_from_is_no_error(fit, sets, n):
    scorer = fit(sets, interactions(sets, n))
    for asked in (NOTHING, query(*range(min(n, 1)))):
        scores = scorer.score(asked)
        assert scores.shape == (n,)
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()


def test_every_scorer_has_a_name_of_its_own(world):
    names = [fit(SETS, world).name for fit in SCORERS.values()]
    assert all(names)
    assert len(set(names)) == len(names) - 1  # ALS with and without artists is one method
