"""Options: filled with an encoder's own, checked, and part of what a training is known by."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from data.errors import SegueError
from models.encoders.contract import Clip, TrainingOptions
from models.encoders.options import Options, clips_fingerprint, pick_device, resolve


def test_options_fall_back_to_the_encoders_own() -> None:
    given = TrainingOptions(epochs=3, learning_rate=0.5, seed=9, patience=0)
    assert resolve(given, epochs=16, batch_size=128, weight_decay=0.2, patience=4) == Options(
        epochs=3, batch_size=128, learning_rate=0.5, weight_decay=0.2, patience=0, seed=9
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [("epochs", 0), ("batch_size", 0), ("learning_rate", 0.0), ("weight_decay", -1.0)],
)
def test_options_out_of_range_are_named(name: str, value: float) -> None:
    with pytest.raises(SegueError, match=name):
        resolve(TrainingOptions(**{name: value}), epochs=1, batch_size=1)  # type: ignore[arg-type]


def test_the_device_is_a_gpu_where_there_is_one() -> None:
    expected = "cuda" if torch.cuda.is_available() else "cpu"
    assert pick_device().type == expected
    assert pick_device("cpu").type == "cpu"
    for name in ("cuda:99", "abacus"):
        with pytest.raises(SegueError, match="auto"):
            pick_device(name)


def test_a_fingerprint_changes_with_whatever_training_depends_on(tmp_path: Path) -> None:
    sound = np.linspace(-1, 1, 100, dtype=np.float32)
    file = tmp_path / "a.wav"
    file.write_bytes(b"one")
    clip, on_disk = Clip(sound, artist="A", genre="x"), Clip(file)

    def of(*clips: Clip, width: int = 8) -> str:
        return clips_fingerprint(clips[:-1], clips[-1:], {"width": width})

    first = of(clip, on_disk)
    assert first == of(replace(clip), replace(on_disk))
    others = [
        of(clip, on_disk, width=9),
        of(on_disk, clip),
        of(replace(clip, genre="y"), on_disk),
        of(replace(clip, tags=("y",)), on_disk),
        of(replace(clip, audio=sound * 0.5), on_disk),
        of(replace(clip, factors=np.ones(3, np.float32)), on_disk),
    ]
    file.write_bytes(b"other")
    others.append(of(clip, on_disk))
    assert len({first, *others}) == 1 + len(others)
