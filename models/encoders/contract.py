"""The one contract that every encoder keeps, and the records it speaks.

An encoder turns audio into vectors: one for each fragment of a track and one for
the whole track. It is fitted on clips, saved as a card and arrays, and loaded again
without running foreign code. `models.encoders.registry` finds encoders by name.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
from numpy.typing import NDArray

#: Told ``(step, done, total, note)`` while something long runs; `note` holds the latest metrics.
Progress = Callable[[str, int, int, str], None]


@dataclass(frozen=True, eq=False)
class Clip:
    """One piece of audio with what is known about it.

    Parameters
    ----------
    audio : Path or ndarray of float32, shape (samples,)
        A file, or mono samples at the encoder's sample rate.
    artist, album, title, genre, licence : str
        Empty where unknown. `artist` decides the splits; a clip without one is its own artist.
    tags : tuple of str
        Free labels (moods, styles, genres) for multi-label training.
    factors : ndarray of float32, shape (f,), optional
        Collaborative factors of the track, where it has any.
    """

    audio: Path | NDArray[np.float32]
    artist: str = ""
    album: str = ""
    title: str = ""
    genre: str = ""
    licence: str = ""
    tags: tuple[str, ...] = ()
    factors: NDArray[np.float32] | None = None

    def samples(self, sample_rate: int) -> NDArray[np.float32]:
        """Mono samples at `sample_rate`; SegueError if the file cannot be decoded."""
        if isinstance(self.audio, Path):
            from models.audio.decode import decode

            return decode(self.audio, sample_rate=sample_rate)
        return self.audio


@dataclass(frozen=True, eq=False)
class Fragments:
    """Vectors of a track's fragments.

    Parameters
    ----------
    vectors : ndarray of float32, shape (n, d)
    starts_s : ndarray of float64, shape (n,)
        Where each fragment starts, in seconds; ascending.
    length_s : float
        Length of every fragment in seconds.
    """

    vectors: NDArray[np.float32]
    starts_s: NDArray[np.float64]
    length_s: float


@dataclass(frozen=True)
class TrainingOptions:
    """How to train; None leaves the encoder's own default.

    `checkpoint` is a folder: training writes its state there after every epoch and
    goes on from it when it is called again with the same data and options.
    """

    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    weight_decay: float | None = None
    patience: int | None = None
    seed: int = 0
    device: str = "auto"
    checkpoint: Path | None = None


@dataclass(frozen=True)
class Card:
    """What a trained encoder says about itself.

    Parameters
    ----------
    data : str
        What it was trained on, in a sentence.
    licences : mapping of str to int
        Licence of the training audio -> number of clips under it.
    metrics : mapping
        Figures on the validation split, never on training data.
    """

    data: str = ""
    licences: Mapping[str, int] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)


class Encoder(ABC):
    """Turns audio into vectors.

    A subclass sets the class attributes, implements the abstract methods, and is
    registered by standing in a module of `models.encoders` (see `registry`).
    Construction takes keyword arguments only, all with defaults, JSON-able, and kept
    in `parameters`.
    """

    #: Name on the command line and in the catalogue.
    name: ClassVar[str]
    #: Samples per second that `embed_*` expect.
    sample_rate: ClassVar[int] = 22_050
    #: How its vectors are compared: "cosine" or "euclidean".
    metric: ClassVar[str] = "cosine"
    #: Whether it cannot embed before `fit`: false for a baseline or a model made elsewhere.
    needs_fit: ClassVar[bool] = True
    #: To be raised when a change of the code gives other vectors from the same weights.
    revision: ClassVar[int] = 1

    card: Card = Card()

    @property
    def label(self) -> str:
        """Name in the catalogue, where one class can stand for several models."""
        return self.name

    @property
    @abstractmethod
    def parameters(self) -> dict[str, Any]:
        """Keyword arguments that make an equal, unfitted encoder."""

    @property
    @abstractmethod
    def dimension(self) -> int:
        """Length of a vector."""

    @property
    @abstractmethod
    def fragment_s(self) -> float:
        """Length of a fragment in seconds."""

    @abstractmethod
    def fit(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        *,
        options: TrainingOptions = TrainingOptions(),
        progress: Progress | None = None,
    ) -> Self:
        """Learn from `training`, stop by `validation`, and set `card`.

        Raises
        ------
        SegueError
            If the clips do not carry the labels it needs; the message says which.
        """

    @abstractmethod
    def embed_fragments(self, samples: NDArray[np.float32]) -> Fragments:
        """Embed the fragments of mono `samples`, shape (samples,), at `sample_rate`.

        Audio shorter than one fragment is repeated until it fills one.

        Raises
        ------
        SegueError
            If `samples` is empty or the encoder was not fitted.
        """

    def embed_track(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Embed a whole track: the mean of its fragments, at length 1 where compared by cosine."""
        return self.pool(self.embed_fragments(samples).vectors)

    def pool(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Make one track vector, shape (d,), of fragment vectors, shape (n, d)."""
        mean = vectors.mean(axis=0)
        if self.metric == "cosine":
            mean = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return np.asarray(mean, np.float32)

    @abstractmethod
    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything learned, as tensors by name."""

    @abstractmethod
    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take over what `arrays` returned, into an encoder of equal parameters.

        Raises
        ------
        SegueError
            If a tensor is missing or has another shape.
        """

    @abstractmethod
    def summary(self) -> list[tuple[str, str, int]]:
        """Layers as ``(name, output shape, parameters)``, in the order sound passes them."""
