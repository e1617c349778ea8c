from dataclasses import replace

import numpy as np
import pytest
import torch

from data.errors import SegueError
from models.encoders.contract import Clip, TrainingOptions
from models.encoders.tag_crnn import TagCrnn
from tests.models.encoders.sounds import clips, sound

TINY = {"channels": 16, "hidden": 16, "layers": 1}
QUICK = TrainingOptions(epochs=12, batch_size=8, learning_rate=1e-2, patience=0)


@pytest.fixture(scope="module")
def trained() -> TagCrnn:
    return TagCrnn(**TINY).fit(clips(range(3)), clips(range(3, 4)), options=QUICK)


def test_layers_are_those_of_the_seed() -> None:
    """108 frames of 80 bands; each layer as seed 000 lists it, here with two labels."""
    rows = [(name.split(".")[-1], shape, count) for name, shape, count in TagCrnn().summary()]
    convolutions = [
        row
        for number in range(4)
        for row in (
            (f"padding_{number}: ConstantPad1d", f"({128 if number else 80}, 109)", 0),
            (
                f"conv_{number}: Conv1d",
                "(128, 108)",
                2 * (128 if number else 80) * 128 + 128,
            ),
            (f"activation_{number}: ReLU", "(128, 108)", 0),
        )
    ]
    lstm = 4 * 256 * (128 + 256 + 2) + 3 * 4 * 256 * (256 + 256 + 2)
    assert rows == [
        *convolutions,
        ("max_pool_reduce: MaxPool1d", "(128, 54)", 0),
        ("end_block_activation: ReLU", "(128, 54)", 0),
        ("lstm: LSTM", "(54, 256)", lstm),
        ("dense_classifier: Linear", "(2,)", 2 * 257),
        ("batch_norm_classifier_end: BatchNorm1d", "(2,)", 4),
    ]
    assert TagCrnn().dimension == 256
    assert TagCrnn().fragment_s == 5


def test_convolutions_hear_the_past_only(trained: TagCrnn) -> None:
    stack = trained.network.encoder[0]
    before = torch.rand(1, 80, 108)
    after = before.clone()
    after[:, :, 60:] = torch.rand(1, 80, 48)
    with torch.inference_mode():
        one, other = stack(before), stack(after)
    assert torch.equal(one[:, :, :30], other[:, :, :30])
    assert not torch.equal(one[:, :, 30:], other[:, :, 30:])


def test_fragments_start_each_second(trained: TagCrnn) -> None:
    fragments = trained.embed_fragments(sound("drums", 0, seconds=12.0))
    assert fragments.starts_s.tolist() == [float(second) for second in range(8)]


def test_it_learns_tags_and_reports_them(trained: TagCrnn) -> None:
    metrics = trained.card.metrics
    assert trained.labels == ("bleeps", "calm", "dark", "drone", "drums", "happy", "hard")
    assert metrics["hamming_accuracy"] > 0.8
    assert 0 <= metrics["exact_match"] <= 1
    assert metrics["bce"] < 0.6
    assert sum(row["samples"] for row in metrics["wrong_tags"]) == 12
    assert sum(row["samples"] for row in metrics["wrong_tags_grouped"]) == 12
    chances = trained.predict(sound("drone", 5))
    assert chances["drone"] > max(chances["drums"], chances["bleeps"])


def test_a_genre_stands_in_for_missing_tags() -> None:
    bare = [replace(clip, tags=()) for clip in clips(range(2), takes=1)]
    options = replace(QUICK, epochs=1)
    assert TagCrnn(**TINY).fit(bare, [], options=options).labels == ("bleeps", "drone", "drums")


def test_split_in_time_checks_with_the_same_tracks() -> None:
    """With the split of the seed every clip can stand on both sides, so none need be set aside."""
    long = clips(range(1), takes=1, seconds=60.0)
    encoder = TagCrnn(**TINY, split="time").fit(long, [], options=replace(QUICK, epochs=1))
    checked = sum(row["samples"] for row in encoder.card.metrics["wrong_tags"])
    # Of 3 x 56 fragments about a fifth, less those that reach into the other side.
    assert 0 < checked < 80


def test_what_it_cannot_do_it_says() -> None:
    with pytest.raises(SegueError, match="artist, time"):
        TagCrnn(split="random")
    with pytest.raises(SegueError, match="tags or genres"):
        TagCrnn(**TINY).fit([Clip(np.zeros(9, np.float32), tags=("one",))], [])
