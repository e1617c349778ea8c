from dataclasses import replace

import numpy as np
import pytest

from data.errors import SegueError
from models.encoders.contract import TrainingOptions
from models.encoders.mel import LogMel
from models.encoders.segment_pca import SegmentPca
from tests.models.encoders.sounds import clips, sound

QUICK = TrainingOptions(epochs=20, patience=0)


@pytest.fixture(scope="module")
def trained() -> SegmentPca:
    return SegmentPca(components=8).fit(clips(range(4)), clips(range(4, 6)), options=QUICK)


def test_a_segment_is_mean_and_deviation_of_128_bands_turned(trained: SegmentPca) -> None:
    samples = sound("drums", 2, seconds=9.0)
    decibels = LogMel()(samples)
    picture = np.clip(1 + (decibels - decibels.max()) / 80, 0, 1)
    second = picture[:, 129 : 129 + 130]
    statistics = np.concatenate([second.mean(axis=1), second.std(axis=1)])
    arrays = trained.arrays()
    expected = arrays["components"] @ (statistics - arrays["mean"])
    fragments = trained.embed_fragments(samples)
    assert fragments.starts_s.tolist() == [0, 3, 6]
    assert np.allclose(fragments.vectors[1], expected, atol=1e-4)


def test_components_are_orthogonal_and_sorted_by_variance(trained: SegmentPca) -> None:
    axes = trained.arrays()["components"]
    assert np.allclose(axes @ axes.T, np.eye(8), atol=1e-5)
    vectors = np.concatenate(
        [trained.embed_fragments(clip.samples(22_050)).vectors for clip in clips(range(4))]
    )
    assert np.allclose(vectors.mean(axis=0), 0, atol=1e-4)
    variances = vectors.var(axis=0)
    assert (np.diff(variances) <= 1e-6).all()
    covariances = np.cov(vectors.T) - np.diag(vectors.var(axis=0, ddof=1))
    assert np.abs(covariances).max() < 1e-4


def test_one_hundred_components_unless_there_are_fewer_segments() -> None:
    assert SegmentPca().dimension == 100
    few = SegmentPca().fit(clips(range(1), takes=1), [])
    assert few.dimension == 6
    again = SegmentPca().restore(few.arrays())
    assert again.dimension == 6


def test_lightgbm_learns_the_genres(trained: SegmentPca) -> None:
    metrics = trained.card.metrics
    assert metrics["accuracy"] > 0.8
    assert {"log_loss", "precision", "recall", "f1", "explained_variance"} <= metrics.keys()
    assert 0.5 < metrics["explained_variance"] <= 1
    chances = trained.predict(sound("drone", 7))
    assert max(chances, key=chances.__getitem__) == "drone"
    again = SegmentPca(components=8).restore(trained.arrays())
    assert again.predict(sound("drone", 7)) == chances


def test_the_classifier_is_kept_as_text(trained: SegmentPca) -> None:
    packed = trained.arrays()["classifier"]
    assert packed.dtype == np.uint8
    assert bytes(packed).decode().startswith("tree\n")


def test_without_genres_it_finds_components_and_says_so() -> None:
    bare = [replace(clip, genre="") for clip in clips(range(2), takes=1)]
    encoder = SegmentPca(components=4).fit(bare, bare[:1])
    assert "skipped" in encoder.card.metrics["classifier"]
    assert "log_loss" not in encoder.card.metrics
    assert encoder.predict(bare[0].samples(22_050)) == {}
    again = SegmentPca(components=4).restore(encoder.arrays())
    samples = bare[0].samples(22_050)
    assert np.array_equal(again.embed_track(samples), encoder.embed_track(samples))


@pytest.mark.parametrize("text", [b"tree\nnonsense", b"\0" * 50, b""])
def test_a_damaged_classifier_is_refused(trained: SegmentPca, text: bytes) -> None:
    arrays = trained.arrays() | {"classifier": np.frombuffer(text, np.uint8)}
    with pytest.raises(SegueError, match="Train the encoder again"):
        SegmentPca(components=8).restore(arrays)


def test_louder_is_the_same_track(trained: SegmentPca) -> None:
    samples = sound("bleeps", 3)
    assert np.allclose(trained.embed_track(samples), trained.embed_track(samples / 4), atol=1e-3)


def test_impossible_numbers_of_components_are_refused() -> None:
    for count in (0, 257):
        with pytest.raises(SegueError, match="components"):
            SegmentPca(components=count)
    with pytest.raises(SegueError, match="nothing to train on"):
        SegmentPca().fit([], [])
