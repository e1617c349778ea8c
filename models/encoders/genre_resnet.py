"""Genres from a residual CNN on square mel slices, the mean latent compared by cosine (seed 004).

He, Zhang, Ren & Sun, "Deep Residual Learning for Image Recognition", CVPR 2016.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from torch import Tensor, nn

from models.encoders.classify import Classifier, ClassifyingEncoder
from models.encoders.mel import LogMel
from models.encoders.spectrograms import Cutter
from models.encoders.tasks import GenreTask

_BANDS = 128


class GenreResnet(ClassifyingEncoder):
    """Residual blocks with batch norm, adaptive average pooling, a dense latent, the genres.

    Slices are 128 mel bands by 128 frames, about 3 s, one after the other.

    Parameters
    ----------
    width : int
        Channels of the first block; each of the three that follow doubles them.
    dimension : int
        Length of the latent vector.
    """

    name: ClassVar[str] = "genre_resnet"
    #: AdamW with these numbers is what the seed trained with; it never stops early.
    defaults: ClassVar[Mapping[str, Any]] = {
        "epochs": 16,
        "batch_size": 128,
        "learning_rate": 1e-3,
        "weight_decay": 0.01,
    }

    def __init__(self, *, width: int = 16, dimension: int = 128) -> None:
        mel = LogMel(sample_rate=self.sample_rate, n_mels=_BANDS)
        super().__init__(Cutter.of_frames(mel, frames=_BANDS), GenreTask())
        self._width = width
        self._dimension = dimension

    @property
    def parameters(self) -> dict[str, Any]:
        """Keyword arguments that make an equal encoder."""
        return {"width": self._width, "dimension": self._dimension}

    @property
    def dimension(self) -> int:
        """Length of the latent vector."""
        return self._dimension

    def _network(self, labels: int) -> Classifier:
        width = self._width
        encoder = nn.Sequential(
            nn.Unflatten(1, (1, -1)),
            nn.Conv2d(1, width, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.MaxPool2d(2),
            ResidualBlock(width, width),
            ResidualBlock(width, 2 * width, stride=2),
            ResidualBlock(2 * width, 4 * width, stride=2),
            ResidualBlock(4 * width, 8 * width, stride=2),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(8 * width, self._dimension),
            nn.ReLU(),
        )
        return Classifier(encoder, nn.Linear(self._dimension, labels))


class ResidualBlock(nn.Module):
    """Two convolutions that learn what to add to their input."""

    def __init__(self, width_in: int, width: int, *, stride: int = 1) -> None:
        super().__init__()
        self.convolutions = nn.Sequential(
            nn.Conv2d(width_in, width, 3, stride=stride, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, bias=False),
            nn.BatchNorm2d(width),
        )
        # Where the shape changes, the input is brought to it by a 1x1 convolution.
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or width_in != width:
            self.shortcut = nn.Sequential(
                nn.Conv2d(width_in, width, 1, stride=stride, bias=False), nn.BatchNorm2d(width)
            )
        self.activation = nn.ReLU()

    def forward(self, picture: Tensor) -> Tensor:
        """Map (n, width_in, h, w) to (n, width, h / stride, w / stride)."""
        added: Tensor = self.activation(self.convolutions(picture) + self.shortcut(picture))
        return added
