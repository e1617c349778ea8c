"""Convolutional autoencoders of six levels, and how they are trained."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from models.encoders.contract import Progress
from models.encoders.options import Options
from models.encoders.spectrograms import FragmentSet
from models.encoders.training import initialised, mean_loss, train

#: Rows that pass a network together when nothing is learned.
TOGETHER = 64


class Autoencoder(nn.Module):
    """What makes a code, and what makes the input of it again."""

    def __init__(self, encoder: nn.Module, decoder: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        for layer in self.modules():
            if isinstance(layer, nn.Conv1d | nn.Conv2d):
                # He et al., ICCV 2015: torch's own first weights let the signal die out over
                # twelve layers, and learning would begin only after many epochs.
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                assert layer.bias is not None
                nn.init.zeros_(layer.bias)

    def forward(self, rows: Tensor) -> Tensor:
        """Return the rows as they come out of their code."""
        again: Tensor = self.decoder(self.encoder(rows))
        return again


def picture_autoencoder(channels: Sequence[int], code: tuple[int, int]) -> Autoencoder:
    """Convolve and pool pictures down to `code`, each side halved at each level, and up again.

    Parameters
    ----------
    channels : sequence of int
        Width of each level.
    code : (int, int)
        Height and width of the code.

    Returns
    -------
    Autoencoder
        Maps (n, height, width) to codes (n, channels[-1] * code[0] * code[1]).
    """
    widths = (1, *channels)
    down: list[nn.Module] = [nn.Unflatten(1, (1, -1))]
    for before, after in pairwise(widths):
        down += [nn.Conv2d(before, after, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
    # The code may be negative: cosine tells more apart than among positive numbers.
    del down[-2]
    up: list[nn.Module] = [nn.Unflatten(1, (widths[-1], *code))]
    for before, after in pairwise(reversed(widths)):
        up += [nn.Upsample(scale_factor=2), nn.Conv2d(before, after, 3, padding=1), nn.ReLU()]
    del up[-1]
    return Autoencoder(nn.Sequential(*down, nn.Flatten()), nn.Sequential(*up, nn.Flatten(1, 2)))


def row_autoencoder(channels: Sequence[int], length: int) -> Autoencoder:
    """Convolve and pool rows of `length` numbers down and up again.

    Parameters
    ----------
    channels : sequence of int
        Width of each level.
    length : int

    Returns
    -------
    Autoencoder
        Maps (n, length) to codes (n, channels[-1] * ceil(length / 2 ** levels)).
    """
    widths = (1, *channels)
    down: list[nn.Module] = [nn.Unflatten(1, (1, -1))]
    for before, after in pairwise(widths):
        pool = nn.MaxPool1d(2, ceil_mode=True)
        down += [nn.Conv1d(before, after, 3, padding=1), nn.ReLU(), pool]
    del down[-2]
    up: list[nn.Module] = [nn.Unflatten(1, (widths[-1], -1))]
    for before, after in pairwise(reversed(widths)):
        up += [nn.Upsample(scale_factor=2), nn.Conv1d(before, after, 3, padding=1), nn.ReLU()]
    del up[-1]
    # A length that is no power of two comes out longer: the end is cut off.
    return Autoencoder(
        nn.Sequential(*down, nn.Flatten()), nn.Sequential(*up, nn.Flatten(), Cropping(length))
    )


class Cropping(nn.Module):
    """Keeps the first so many numbers of each row."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length = length

    def forward(self, rows: Tensor) -> Tensor:
        """Map (n, m) to (n, length)."""
        return rows[:, : self.length]


class Data(Protocol):
    """Something to make again, row by row."""

    def __len__(self) -> int: ...

    def rows(self, some: NDArray[np.intp]) -> Tensor:
        """Return the rows at some places."""
        ...


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures brought to mean 0, shape (height,), and deviation 1, shape (1,) or (height,)."""

    pictures: FragmentSet
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.pictures)

    def rows(self, some: NDArray[np.intp]) -> Tensor:
        """Pictures at some places, shape (n, 64, 256)."""
        scaled = (self.pictures.take(some) - self.mean[:, None]) / self.deviation[:, None]
        return torch.from_numpy(scaled)


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of numbers that are in memory as they are."""

    numbers: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.numbers)

    def rows(self, some: NDArray[np.intp]) -> Tensor:
        """Return the rows at some places."""
        return torch.from_numpy(self.numbers[some])


def fit_autoencoder(
    make: Callable[[], Autoencoder],
    learn: Data,
    check: Data,
    options: Options,
    *,
    fingerprint: str,
    progress: Progress | None,
    step: str,
) -> tuple[Autoencoder, dict[str, float]]:
    """Train what `make` makes; see `training.train` for what goes with it.

    Returns
    -------
    module : Autoencoder
    metrics : dict of float
        ``mse`` on `check`, and ``explained``: the share of its square that comes out again, 0
        for a module that knows no more than the mean. Empty where `check` is.
    """

    def loss(module: nn.Module, batch: Tensor) -> Tensor:
        return nn.functional.mse_loss(module(batch), batch)

    def validate(module: nn.Module) -> float:
        return mean_loss(module, _rows(check, TOGETHER), loss)

    module = initialised(make, seed=options.seed)
    history = train(
        module,
        batches=lambda _, generator: map(
            learn.rows, _batches(generator.permutation(len(learn)), options.batch_size)
        ),
        loss=loss,
        validate=validate if len(check) else None,
        options=options,
        fingerprint=fingerprint,
        progress=progress,
        step=step,
    )
    if not len(check):
        return module, {}
    square = float(np.mean([float(row.square().mean()) for row in _rows(check, 1)]))
    return module, {"mse": history.best, "explained": 1 - history.best / max(square, 1e-12)}


def encode(module: Autoencoder, data: Data) -> NDArray[np.float32]:
    """Return the codes of all rows, shape (n, code)."""
    with torch.inference_mode():
        return np.concatenate([module.encoder(rows).numpy() for rows in _rows(data, TOGETHER)])


def _rows(data: Data, size: int) -> Iterator[Tensor]:
    return map(data.rows, _batches(np.arange(len(data)), size))


def _batches(rows: NDArray[np.intp], size: int) -> list[NDArray[np.intp]]:
    return np.split(rows, range(size, len(rows), size))
