"""The network of the encoder `segue`: what it is made of, how it is taught."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import torch
import torch.nn.functional as fn
from numpy.typing import NDArray
from torch import Tensor, nn

from models.encoders import segue_features as features

#: A window is a row: its mel picture, flat, and behind it its descriptors.
PICTURE = features.N_MELS * features.FRAMES
WINDOW = PICTURE + features.DIMENSION

#: Spread of the noise that is laid on standardised descriptors in training.
_DESCRIPTOR_NOISE = 0.5
_TEMPERATURE = 0.1
_WEIGHTS = {"contrast": 0.5, "genre": 0.5, "tags": 2.0, "factors": 1.0}


class Output(NamedTuple):
    """What the network says of n windows; a head without labels has no columns.

    `vector` is what becomes of the track's vector: the embedding that the heads use, and the
    hidden layer on the descriptors beside it.
    """

    vector: Tensor
    contrast: Tensor
    genre: Tensor
    tags: Tensor
    factors: Tensor


class SegueNetwork(nn.Module):
    """A small CNN on the log-mel picture beside a dense layer on the descriptors.

    The CNN halves the frequencies four times and the frames five times; what is left of the
    frequencies is laid side by side and its frames are pooled by attention (Won, Chun & Serra,
    "Toward Interpretable Music Tagging with Self-Attention", 2019, with one head and no
    transformer). Heads for genre, tags and factors are there only where the training clips
    have such labels.

    Parameters
    ----------
    width : int
        Channels of the first convolution.
    dimension : int
        Length of the embedding.
    genres, tags, factors : int
        Columns of the heads.
    """

    mel_mean: Tensor
    mel_scale: Tensor
    descriptor_mean: Tensor
    descriptor_scale: Tensor

    def __init__(
        self, *, width: int, dimension: int, genres: int = 0, tags: int = 0, factors: int = 0
    ) -> None:
        super().__init__()
        widths = [1, width, 2 * width, 4 * width, 6 * width]
        rows = features.N_MELS // 16
        self.register_buffer("mel_mean", torch.zeros(features.N_MELS, 1))
        self.register_buffer("mel_scale", torch.ones(features.N_MELS, 1))
        self.register_buffer("descriptor_mean", torch.zeros(features.DIMENSION))
        self.register_buffer("descriptor_scale", torch.ones(features.DIMENSION))
        self.convolutions = nn.Sequential(
            *(
                layer
                for number, (before, after) in enumerate(pairwise(widths))
                for layer in (
                    nn.Conv2d(before, after, 3, stride=2, padding=1, bias=False)
                    if number
                    else nn.Conv2d(1, after, (5, 7), stride=(2, 4), padding=(2, 3), bias=False),
                    nn.BatchNorm2d(after),
                    nn.ReLU(),
                )
            )
        )  # fmt: skip
        self.frames = nn.Sequential(
            nn.Conv1d(rows * widths[-1], 256, 1), nn.GELU(), nn.Dropout(0.2)
        )
        self.attention = nn.Conv1d(256, 1, 1)
        self.descriptors = nn.Sequential(
            nn.Dropout(0.3), nn.Linear(features.DIMENSION, 256), nn.LayerNorm(256), nn.GELU(),
            nn.Dropout(0.3),
        )  # fmt: skip
        self.embed = nn.Linear(512, dimension)
        #: Length of `Output.vector`.
        self.size = dimension + 256
        self.contrast = nn.Linear(dimension, 64)
        self.genre = nn.Linear(dimension, genres) if genres else None
        self.tags = nn.Linear(dimension, tags) if tags else None
        self.factors = nn.Linear(dimension, factors) if factors else None

    def standardise(self, pictures: NDArray[np.float32], descriptors: NDArray[np.float32]) -> None:
        """Take mean and deviation from training windows, shapes (n, 64, f) and (n, d)."""
        self.mel_mean.copy_(torch.from_numpy(pictures.mean(axis=(0, 2)))[:, None])
        self.mel_scale.copy_(torch.from_numpy(pictures.std(axis=(0, 2)))[:, None].clamp(min=1))
        self.descriptor_mean.copy_(torch.from_numpy(descriptors.mean(axis=0)))
        self.descriptor_scale.copy_(torch.from_numpy(descriptors.std(axis=0)).clamp(min=1e-3))

    def standard(self, windows: Tensor) -> Tensor:
        """Return the standardised descriptors of windows, no further out than 5 deviations."""
        raw = windows[:, PICTURE:]
        return ((raw - self.descriptor_mean) / self.descriptor_scale).clamp(-5, 5)

    def forward(self, windows: Tensor) -> Output:
        """Map windows, shape (n, `WINDOW`), to embeddings and what the heads make of them."""
        picture = windows[:, :PICTURE].reshape(-1, features.N_MELS, features.FRAMES)
        picture = (picture - self.mel_mean) / self.mel_scale
        descriptors = self.standard(windows)
        if self.training:
            picture = augmented(picture)
            descriptors = descriptors + _DESCRIPTOR_NOISE * torch.randn_like(descriptors)
        frames = self.frames(self.convolutions(picture[:, None]).flatten(1, 2))
        heard = (frames * self.attention(frames).softmax(dim=2)).sum(dim=2)
        hidden = self.descriptors(descriptors)
        embedding = self.embed(torch.cat([heard, hidden], dim=1))
        active = fn.gelu(embedding)
        none = embedding[:, :0]
        return Output(
            torch.cat([embedding, hidden], dim=1),
            self.contrast(active),
            self.genre(active) if self.genre else none,
            self.tags(active) if self.tags else none,
            self.factors(active) if self.factors else none,
        )


def augmented(picture: Tensor) -> Tensor:
    """Another recording of the same: pitch, equaliser, noise, and gaps in time and frequency.

    A shift by one mel band stands for a change of pitch, a smooth curve over the bands for a
    room and an equaliser (Park et al., "SpecAugment", Interspeech 2019, for the gaps).
    """
    count, bands, frames = picture.shape
    shift = int(torch.randint(-2, 3, ()))
    picture = torch.roll(picture, shift, dims=1)
    curve = fn.interpolate(
        torch.randn(count, 1, 5) * 0.25, size=bands, mode="linear", align_corners=True
    )
    picture = picture + curve.reshape(count, bands, 1).to(picture)
    picture = picture + 0.1 * torch.rand(count, 1, 1).to(picture) * torch.randn_like(picture)
    for axis, size in ((1, bands), (2, frames)):
        gap = max(1, int(torch.randint(0, size // 6, ())))
        first = int(torch.randint(0, size - gap, ()))
        picture.narrow(axis, first, gap).zero_()
    return picture


@dataclass(frozen=True, eq=False)
class Labels:
    """Labels of n clips as tensors; a clip that has none is masked.

    Parameters
    ----------
    artist, genre : ndarray of int, shape (n,)
        `genre` is -1 where unknown.
    tags : ndarray of float32, shape (n, tags)
    tagged : ndarray of float32, shape (n,)
        1 for a clip that has tags at all.
    factors : ndarray of float32, shape (n, f)
        Zeros where unknown.
    """

    artist: NDArray[np.int64]
    genre: NDArray[np.int64]
    tags: NDArray[np.float32]
    tagged: NDArray[np.float32]
    factors: NDArray[np.float32]

    def take(self, rows: NDArray[np.intp]) -> dict[str, NDArray[Any]]:
        """Return the labels of some clips, each twice, as their two windows lie in a batch."""
        twice = np.concatenate([rows, rows])
        return {name: array[twice] for name, array in vars(self).items()}


@dataclass(frozen=True, eq=False)
class Pairs:
    """Batches of clips with two windows of each; an epoch passes every clip once."""

    windows: list[NDArray[np.float16]]
    labels: Labels
    batch_size: int
    generator: np.random.Generator

    def __len__(self) -> int:
        return max(1, len(self.windows) // self.batch_size)

    def __iter__(self) -> Iterator[dict[str, NDArray[Any]]]:
        order = self.generator.permutation(len(self.windows))
        for rows in np.array_split(order, len(self)):
            one, other = [], []
            for row in rows:
                of = self.windows[row]
                pick = self.generator.choice(len(of), 2, replace=len(of) < 2)
                one.append(of[pick[0]])
                other.append(of[pick[1]])
            yield {
                "windows": np.stack(one + other).astype(np.float32),
                "clip": np.concatenate([rows, rows]),
                **self.labels.take(rows),
            }


def loss(network: nn.Module, batch: Mapping[str, Any]) -> Tensor:
    """Mean loss of a batch of `Pairs`: the contrast of windows, and each label there is."""
    out: Output = network(batch["windows"])
    total = _WEIGHTS["contrast"] * _contrast(out.contrast, batch["clip"], batch["artist"])
    named = batch["genre"] >= 0
    if out.genre.shape[1] and named.any():
        total = total + _WEIGHTS["genre"] * fn.cross_entropy(
            out.genre[named], batch["genre"][named], label_smoothing=0.1
        )
    if out.tags.shape[1] and batch["tagged"].any():
        each = fn.binary_cross_entropy_with_logits(out.tags, batch["tags"], reduction="none")
        total = total + _WEIGHTS["tags"] * (each.mean(dim=1) * batch["tagged"]).sum() / (
            batch["tagged"].sum()
        )
    known = batch["factors"].norm(dim=1) > 0 if out.factors.shape[1] else named[:0]
    if known.any():
        near = fn.cosine_similarity(out.factors[known], batch["factors"][known])
        total = total + _WEIGHTS["factors"] * (1 - near).mean()
    return total


def _contrast(projected: Tensor, clip: Tensor, artist: Tensor) -> Tensor:
    """Know the other window of the clip among those of other artists (NT-Xent).

    Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations",
    ICML 2020; on music: Spijkervet & Burgoyne, ISMIR 2021. Another clip by the same artist
    counts neither as the same nor as another.
    """
    rows = fn.normalize(projected, dim=1)
    near = rows @ rows.T / _TEMPERATURE
    same_clip = clip[:, None] == clip[None]
    left_out = (artist[:, None] == artist[None]) & ~same_clip
    left_out |= torch.eye(len(rows), dtype=torch.bool, device=rows.device)
    near = near.masked_fill(left_out, float("-inf"))
    half = len(rows) // 2
    places = torch.arange(len(rows), device=rows.device)
    return fn.cross_entropy(near, (places + half) % len(rows))
