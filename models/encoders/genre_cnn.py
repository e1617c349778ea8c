"""Genres from a 2-D CNN on mel spectrograms, compared by Euclidean distance (seeds 001 and 002).

The layer before the last is the vector, as in van den Oord, Dieleman & Schrauwen, "Deep
content-based music recommendation" (NIPS 2013), from which seed 002 took the idea.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, ClassVar

from torch import nn

from models.encoders.classify import Classifier, ClassifyingEncoder
from models.encoders.mel import LogMel
from models.encoders.spectrograms import Cutter
from models.encoders.tasks import GenreTask


class GenreCnn(ClassifyingEncoder):
    """Convolution, batch norm, ReLU and max-pool, four times; a dense layer; the genres.

    Fragments are 10 s long and start each 5 s.

    Parameters
    ----------
    channels : sequence of int
        Width of each convolution.
    dimension : int
        Width of the dense layer, whose output is the vector.
    draws : int, optional
        Fragments of each clip in an epoch, drawn anew each time. None takes all of them.
    """

    name: ClassVar[str] = "genre_cnn"
    metric: ClassVar[str] = "euclidean"
    defaults: ClassVar[Mapping[str, Any]] = {
        "epochs": 15,
        "batch_size": 32,
        "learning_rate": 1e-3,
        "patience": 5,
    }

    def __init__(
        self,
        *,
        channels: Sequence[int] = (16, 32, 64, 128),
        dimension: int = 128,
        draws: int | None = 2,
    ) -> None:
        mel = LogMel(sample_rate=self.sample_rate, hop=1024)
        cutter = Cutter.of_seconds(mel, fragment_s=10.0, step_s=5.0)
        super().__init__(cutter, GenreTask(), draws=draws)
        self._channels = tuple(channels)
        self._dimension = dimension

    @property
    def parameters(self) -> dict[str, Any]:
        """Keyword arguments that make an equal encoder."""
        return {
            "channels": list(self._channels),
            "dimension": self._dimension,
            "draws": self._draws,
        }

    @property
    def dimension(self) -> int:
        """Width of the dense layer."""
        return self._dimension

    def _network(self, labels: int) -> Classifier:
        blocks = [_block(*pair) for pair in pairwise((1, *self._channels))]
        encoder = nn.Sequential(
            nn.Unflatten(1, (1, -1)),
            *blocks,
            nn.AdaptiveAvgPool2d((4, 1)),
            nn.Flatten(),
            nn.Linear(4 * self._channels[-1], self._dimension),
            nn.ReLU(),
        )
        return Classifier(
            encoder, nn.Sequential(nn.Dropout(0.3), nn.Linear(self._dimension, labels))
        )


def _block(width_in: int, width: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(width_in, width, 3, padding=1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.MaxPool2d(2),
    )
