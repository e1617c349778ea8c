"""The smallest useful form of each encoder: fitted on `sounds` in a second or two.

An encoder that is quick enough as it is needs no entry.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.encoders.contract import TrainingOptions
from tests.models.encoders.tiny_onnx import log_mel_model

_QUICK = TrainingOptions(epochs=2, batch_size=8, patience=0)


@dataclass(frozen=True)
class Small:
    """How the tests make and fit an encoder.

    `parameters` is given an empty folder, for an encoder that is made of files.
    """

    parameters: Callable[[Path], dict[str, Any]] = field(default=lambda folder: {})
    options: TrainingOptions = _QUICK


SMALL: dict[str, Small] = {
    # It learns without labels, so two epochs would leave it as it was made.
    "fusion_autoencoder": Small(options=TrainingOptions(epochs=8, batch_size=4, patience=0)),
    "genre_cnn": Small(lambda folder: {"channels": [8] * 4, "dimension": 16}),
    "genre_resnet": Small(lambda folder: {"width": 4, "dimension": 16}),
    "onnx": Small(lambda folder: {"path": str(log_mel_model(folder))}),
    "segue": Small(lambda folder: {"dimension": 8, "width": 4}),
    "segment_pca": Small(lambda folder: {"components": 8}),
    "tag_crnn": Small(lambda folder: {"channels": 16, "hidden": 16, "layers": 1}),
}
