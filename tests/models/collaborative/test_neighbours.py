from __future__ import annotations

import numpy as np
import pytest
from implicit.nearest_neighbours import BM25Recommender
from scipy import sparse

from models.collaborative import ItemKNN
from tests.models.collaborative.invented import interactions, query, random_sets


@pytest.mark.parametrize("seed", range(3))
def test_cosine_is_that_of_the_set_vectors_summed_over_the_seeds(seed):
    world = interactions(random_sets(25, 14, seed=seed), 15)
    dense = world.plays.toarray()
    norm = np.linalg.norm(dense, axis=0)
    norm[norm == 0] = 1
    cosine = (dense.T @ dense) / np.outer(norm, norm)
    scores = ItemKNN("cosine").fit(world).score(query(2, 5))
    np.testing.assert_allclose(scores, cosine[2] + cosine[5], rtol=1e-5)


@pytest.mark.filterwarnings("ignore:Method expects CSR")
@pytest.mark.parametrize("seed", range(3))
def test_bm25_is_that_of_implicit(seed):
    world = interactions(random_sets(40, 14, seed=seed), 14)
    peer = BM25Recommender(K=100, K1=1.2, B=0.75)
    peer.fit(sparse.csr_matrix(world.plays), show_progress=False)
    similarity = peer.similarity.toarray()
    scorer = ItemKNN("bm25").fit(world)
    np.testing.assert_allclose(scorer.score(query(3)), similarity[3], rtol=1e-4)
    np.testing.assert_allclose(scorer.score(query(3, 9)), similarity[3] + similarity[9], rtol=1e-4)


@pytest.mark.parametrize("weighting", ["cosine", "bm25"])
def test_strangers_have_no_similarity(weighting):
    world = interactions([[0, 1], [0, 1], [2, 3], [3, 4], [4, 2]])
    scores = ItemKNN(weighting).fit(world).score(query(0))
    assert scores[1] > 0
    assert not scores[2:].any()


def test_a_companion_of_both_seeds_beats_a_companion_of_one():
    world = interactions([[0, 2, 3], [1, 2, 4], [0, 2, 5], [1, 2, 6]])
    scores = ItemKNN("cosine").fit(world).score(query(0, 1))
    assert scores[2] > scores[3:].max()
