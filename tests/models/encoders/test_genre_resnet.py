import numpy as np
import pytest
import torch

from models.encoders.contract import TrainingOptions
from models.encoders.genre_resnet import GenreResnet, ResidualBlock
from tests.models.encoders.sounds import clips, sound

QUICK = TrainingOptions(epochs=8, batch_size=8, learning_rate=3e-3)


@pytest.fixture(scope="module")
def trained() -> GenreResnet:
    return GenreResnet(width=4, dimension=16).fit(
        clips(range(3)), clips(range(3, 4)), options=QUICK
    )


def test_it_trains_as_the_seed_does_unless_told_otherwise() -> None:
    assert GenreResnet.defaults == {
        "epochs": 16,
        "batch_size": 128,
        "learning_rate": 1e-3,
        "weight_decay": 0.01,
    }


def test_slices_are_squares_of_128() -> None:
    rows = GenreResnet().summary()
    assert rows[0][1] == "(1, 128, 128)"
    kinds = [name.split(": ")[1] for name, _, _ in rows]
    assert kinds.count("AdaptiveAvgPool2d") == 1
    assert kinds.count("BatchNorm2d") == kinds.count("Conv2d") == 1 + 4 * 2 + 3
    assert GenreResnet().fragment_s == pytest.approx(128 * 512 / 22_050)


def test_a_block_that_learned_nothing_passes_its_input_on() -> None:
    block = ResidualBlock(3, 3).eval()
    torch.nn.init.zeros_(block.convolutions[-1].weight)
    picture = torch.rand(2, 3, 8, 8)
    assert torch.allclose(block(picture), picture)
    assert ResidualBlock(3, 6, stride=2)(picture).shape == (2, 6, 4, 4)


def test_a_track_is_the_mean_latent_of_its_slices(trained: GenreResnet) -> None:
    samples = sound("bleeps", 4, seconds=12.0)
    fragments = trained.embed_fragments(samples)
    assert len(fragments.vectors) == 4
    mean = fragments.vectors.mean(axis=0)
    assert np.allclose(trained.embed_track(samples), mean / np.linalg.norm(mean), atol=1e-6)


def test_it_learns_genres(trained: GenreResnet) -> None:
    assert trained.card.metrics["accuracy"] > 0.6
    chances = trained.predict(sound("drums", 5))
    assert max(chances, key=chances.__getitem__) == "drums"
