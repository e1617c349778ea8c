from __future__ import annotations

import numpy as np
import pytest

from hybrid.coldstart import LEAST, SoundMap

RNG = np.random.default_rng(5)
N, D, F = 200, 12, 4
VECTORS = RNG.normal(size=(N, D)).astype(np.float32)
VECTORS /= np.linalg.norm(VECTORS, axis=1, keepdims=True)
TRUTH = RNG.normal(size=(D, F)).astype(np.float32)
ARTISTS = np.arange(N) // 4


def fitted(factors, *, vectors=VECTORS, artists=ARTISTS) -> SoundMap | None:
    return SoundMap.fit(vectors, factors.astype(np.float32), artists, encoder="ear", version="1")


def test_a_linear_truth_is_found_and_said_to_be_found():
    found = fitted(VECTORS @ TRUTH + 0.5)
    assert found.quality > 0.95
    assert (found.encoder, found.version, found.recordings) == ("ear", "1", N)
    unheard = RNG.normal(size=(30, D)).astype(np.float32)
    unheard /= np.linalg.norm(unheard, axis=1, keepdims=True)
    expected = unheard @ TRUTH + 0.5
    assert np.corrcoef(found.factors(unheard).ravel(), expected.ravel())[0, 1] > 0.95


def test_the_more_noise_the_less_quality_and_the_stronger_the_ridge():
    truth = VECTORS @ TRUTH
    noisy = truth + 6 * truth.std() * np.random.default_rng(3).normal(size=truth.shape)
    clean, blurred = fitted(truth), fitted(noisy)
    assert blurred.quality < clean.quality
    assert blurred.strength > clean.strength


def test_where_sound_says_nothing_of_sets_there_is_no_map_or_a_poor_one():
    found = fitted(np.random.default_rng(0).normal(size=(N, F)))
    assert found is None or found.quality < 0.2


def test_an_artist_whose_tracks_sound_alike_does_not_vouch_for_himself():
    """Every artist has a sound and factors of his own, with nothing in common between artists."""
    rng = np.random.default_rng(1)
    own_sound, own_factors = rng.normal(size=(50, D))[ARTISTS], rng.normal(size=(50, F))[ARTISTS]
    vectors = (own_sound + 0.01 * rng.normal(size=(N, D))).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    apart = fitted(own_factors, vectors=vectors)
    together = fitted(own_factors, vectors=vectors, artists=np.arange(N) % 50)
    assert together.quality > 0.4
    assert apart is None or apart.quality < 0.5 * together.quality


def test_turning_the_query_around_gives_the_score_of_the_mapped_factors():
    found = fitted(VECTORS @ TRUTH)
    user = RNG.normal(size=F).astype(np.float32)
    direction, offset = found.query(user)
    np.testing.assert_allclose(
        VECTORS @ direction + offset, found.factors(VECTORS) @ user, rtol=1e-3, atol=1e-4
    )


@pytest.mark.parametrize("n", [0, 1, LEAST - 1])
def test_too_few_recordings_teach_nothing(n):
    assert fitted((VECTORS @ TRUTH)[:n], vectors=VECTORS[:n], artists=ARTISTS[:n]) is None


def test_one_artist_alone_teaches_nothing():
    assert fitted(VECTORS @ TRUTH, artists=np.zeros(N, int)) is None


def test_recordings_in_the_middle_of_nowhere_break_nothing():
    assert fitted(np.zeros((N, F))) is None
