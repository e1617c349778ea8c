import numpy as np
import pytest
import torch

from models.encoders.contract import Clip, TrainingOptions
from models.encoders.genre_cnn import GenreCnn
from tests.models.encoders.sounds import clips, sound

QUICK = TrainingOptions(epochs=8, batch_size=4, learning_rate=3e-3, patience=0)


@pytest.fixture(scope="module")
def trained() -> GenreCnn:
    learn = [*clips(range(3)), Clip(sound("drums", 0), artist="nobody")]
    check = [*clips(range(3, 4)), Clip(sound("drums", 0), genre="polka")]
    encoder = GenreCnn(channels=(8, 8, 8, 8), dimension=16)
    return encoder.fit(learn, check, options=QUICK)


def test_the_vector_is_what_the_last_layer_sees(trained: GenreCnn) -> None:
    samples = sound("bleeps", 4, seconds=16.0)
    vectors = trained.embed_fragments(samples).vectors
    last = trained.network.classifier[-1]
    assert isinstance(last, torch.nn.Linear)
    assert last.in_features == trained.dimension == vectors.shape[1]
    with torch.inference_mode():
        chances = last(torch.from_numpy(vectors)).softmax(dim=1).mean(dim=0).numpy()
    assert np.allclose(list(trained.predict(samples).values()), chances, atol=1e-5)


def test_it_compares_by_euclidean_distance(trained: GenreCnn) -> None:
    assert trained.metric == "euclidean"
    samples = sound("drums", 4, seconds=16.0)
    mean = trained.embed_fragments(samples).vectors.mean(axis=0)
    assert np.allclose(trained.embed_track(samples), mean, atol=1e-6)


def test_it_learns_genres_and_reports_them(trained: GenreCnn) -> None:
    metrics = trained.card.metrics
    assert metrics["accuracy"] > 0.6
    assert {"log_loss", "precision", "recall", "f1"} <= metrics.keys()
    chances = trained.predict(sound("drone", 5))
    assert max(chances, key=chances.__getitem__) == "drone"
    assert sum(chances.values()) == pytest.approx(1, abs=1e-5)


def test_clips_without_a_known_genre_are_left_out(trained: GenreCnn) -> None:
    assert trained.labels == ("bleeps", "drone", "drums")
    assert trained.card.licences == {"CC0-1.0": 18}
    assert sum(genre["samples"] for genre in trained.card.metrics["genres"].values()) == 6


def test_two_fits_from_one_seed_are_equal() -> None:
    def fit(seed: int) -> dict[str, np.ndarray]:
        options = TrainingOptions(epochs=1, batch_size=4, seed=seed)
        return GenreCnn(channels=(4,) * 4, dimension=4).fit(learn, [], options=options).arrays()

    learn = clips(range(2), takes=1)
    one, same, other = fit(1), fit(1), fit(2)
    assert all(np.array_equal(one[name], same[name]) for name in one)
    assert any(not np.array_equal(one[name], other[name]) for name in one)
