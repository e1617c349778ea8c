import numpy as np
import pytest
import torch

from data.errors import SegueError
from models.encoders.autoencoder import row_autoencoder
from models.encoders.contract import Clip, TrainingOptions
from models.encoders.fusion_autoencoder import FusionAutoencoder
from tests.models.encoders.sounds import clips, sound

QUICK = TrainingOptions(epochs=16, batch_size=1, patience=0)


@pytest.fixture(scope="module")
def trained() -> FusionAutoencoder:
    bare = [Clip(clip.audio) for clip in clips(range(3), takes=1)]
    checked = [Clip(clip.audio) for clip in clips(range(3, 4), takes=1)]
    encoder = FusionAutoencoder(channels=[8] * 6, fusion_channels=[8] * 6)
    return encoder.fit(bare, checked, options=QUICK)


def test_both_autoencoders_have_six_levels() -> None:
    names = [name for name, _, _ in FusionAutoencoder().summary()]
    for stage, kind in (("pictures", "2d"), ("fusion", "1d")):
        down = [name for name in names if name.startswith(f"{stage}.encoder")]
        up = [name for name in names if name.startswith(f"{stage}.decoder")]
        assert sum(f"Conv{kind}" in name for name in down) == 6
        assert sum(f"MaxPool{kind}" in name for name in down) == 6
        assert sum(f"Conv{kind}" in name for name in up) == 6
        assert sum("Upsample" in name for name in up) == 6
    assert any("Cropping" in name for name in names)


def test_what_goes_in_comes_out_as_long() -> None:
    module = row_autoencoder([4, 4, 4, 4, 4, 2], 133)
    rows = torch.rand(3, 133)
    assert module(rows).shape == rows.shape
    # 133, 67, 34, 17, 9, 5 and 3 at last.
    assert module.encoder(rows).shape == (3, 2 * 3)


def test_it_learns_without_labels(trained: FusionAutoencoder) -> None:
    metrics = trained.card.metrics
    assert metrics["picture_explained"] > 0.1
    assert metrics["fusion_explained"] > 0.1
    # 8 x 1 x 4 of the code, and 5 facts, through six levels: one step of eight channels.
    assert trained.dimension == trained.embed_track(sound("drums", 4)).size == 8


def test_key_and_tempo_are_fused_with_the_picture(trained: FusionAutoencoder) -> None:
    """The weights of the facts reach the vector: other facts, another vector."""
    arrays = trained.arrays()
    other = FusionAutoencoder(**trained.parameters)
    moved = arrays["fusion_mean"].copy()
    moved[-5:] += 3 * arrays["fusion_deviation"][-5:]
    other.restore(arrays | {"fusion_mean": moved})
    samples = sound("bleeps", 1)
    assert not np.allclose(trained.embed_track(samples), other.embed_track(samples), atol=1e-3)


def test_silence_has_no_key_and_no_tempo_and_is_embedded(trained: FusionAutoencoder) -> None:
    vector = trained.embed_track(np.zeros(5 * 22_050, np.float32))
    assert np.isfinite(vector).all()


def test_what_it_cannot_do_it_says(trained: FusionAutoencoder) -> None:
    with pytest.raises(SegueError, match="six widths"):
        FusionAutoencoder(channels=[8, 8])
    with pytest.raises(SegueError, match="nothing to train on"):
        FusionAutoencoder().fit([], [])
    short = trained.arrays() | {"fusion_mean": np.zeros(3, np.float32)}
    with pytest.raises(SegueError, match="fusion_mean"):
        FusionAutoencoder(**trained.parameters).restore(short)
