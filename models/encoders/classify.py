"""Encoders whose vectors are what a classifier sees before its last layer."""

from __future__ import annotations

from abc import abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from data.errors import SegueError
from models.artefacts import pack_strings
from models.encoders.contract import Card, Clip, Encoder, Fragments, Progress, TrainingOptions
from models.encoders.modules import layers, load_module, module_arrays, take_strings
from models.encoders.options import Options, clips_fingerprint, resolve
from models.encoders.spectrograms import Cutter, FragmentSet, fragment_set
from models.encoders.tasks import Task
from models.encoders.training import initialised, mean_loss, train

_OPEN = TrainingOptions()
#: Fragments that pass the network together when nothing is learned.
_TOGETHER = 64


class Classifier(nn.Module):
    """A network in two parts: `encoder` makes the vector, `classifier` the scores of labels."""

    def __init__(self, encoder: nn.Module, classifier: nn.Module) -> None:
        super().__init__()
        self.encoder = encoder
        self.classifier = classifier

    def forward(self, fragments: Tensor) -> Tensor:
        """Return scores before sigmoid or softmax, shape (n, labels)."""
        scores: Tensor = self.classifier(self.encoder(fragments))
        return scores


@dataclass(frozen=True, eq=False)
class Labelled:
    """Fragments and the targets of the clips they are from."""

    fragments: FragmentSet
    targets: NDArray[Any]

    def batch(self, rows: NDArray[np.intp]) -> tuple[Tensor, Tensor]:
        """Return fragments and targets of some rows."""
        targets = self.targets[self.fragments.clips[rows]]
        return torch.from_numpy(self.fragments.take(rows)), torch.from_numpy(targets)


class ClassifyingEncoder(Encoder):
    """Learns labels from spectrograms of fragments, and forgets the last layer.

    A subclass gives the geometry of its fragments, the task and `_network`.

    Parameters
    ----------
    cutter : Cutter
    task : Task
    draws : int, optional
        How many fragments of each clip, drawn anew, an epoch has; all of them where None.
    """

    #: Number of epochs, batch size and so on where the caller leaves them open.
    defaults: ClassVar[Mapping[str, Any]]

    def __init__(self, cutter: Cutter, task: Task, *, draws: int | None = None) -> None:
        self._cutter = cutter
        self._task = task
        self._draws = draws
        self._labels: list[str] = []
        self._trained: Classifier | None = None

    @abstractmethod
    def _network(self, labels: int) -> Classifier:
        """Return a new network; its first part takes (n, bands, frames)."""

    def _begin(self, network: Classifier, learn: Labelled) -> None:
        """Set first weights by what is to be learned; left out by most."""

    @property
    def fragment_s(self) -> float:
        """Length of a fragment in seconds."""
        return self._cutter.fragment_s

    @property
    def labels(self) -> tuple[str, ...]:
        """What it can tell apart, in the order of the classifier's outputs."""
        return tuple(self._labels)

    def fit(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        *,
        options: TrainingOptions = _OPEN,
        progress: Progress | None = None,
    ) -> Self:
        """Learn the labels of `training`; see `Encoder.fit`."""
        chosen = resolve(options, **self.defaults)
        labels = self._task.labels(training)
        training, validation = self._known(training, labels), self._known(validation, labels)
        learn, check = self._sides(training, validation, labels, options.seed, progress)
        network = initialised(lambda: self._network(len(labels)), seed=chosen.seed)
        self._begin(network, learn)
        history = train(
            network,
            batches=lambda _, generator: self._epoch(learn, chosen, generator),
            loss=self._loss,
            validate=self._validator(check, chosen) if len(check.fragments) else None,
            options=chosen,
            fingerprint=clips_fingerprint(
                training, validation, {"encoder": self.name, **self.parameters}
            ),
            progress=progress,
        )
        self._trained, self._labels = network, labels
        metrics: dict[str, Any] = {
            "epochs": len(history.training),
            "best_epoch": history.best_epoch,
        }
        if len(check.fragments):
            scores = _scores(network, check)
            owners = check.fragments.clips
            metrics |= self._task.report(
                check.targets[owners], self._task.probabilities(scores), labels
            )
        self.card = card_of(training, f"{len(labels)} labels", metrics)
        return self

    def embed_fragments(self, samples: NDArray[np.float32]) -> Fragments:
        """Embed fragments; see `Encoder.embed_fragments`."""
        encoder = self.network.encoder
        picture = self._cutter.spectrogram(samples)
        first = self._cutter.first_frames(len(samples))
        parts = []
        with torch.inference_mode():
            for some in np.split(first, range(_TOGETHER, len(first), _TOGETHER)):
                cut = np.stack([picture[:, row : row + self._cutter.frames] for row in some])
                parts.append(encoder(torch.from_numpy(cut)).numpy())
        return Fragments(np.concatenate(parts), self._cutter.starts_s(len(first)), self.fragment_s)

    def predict(self, samples: NDArray[np.float32]) -> dict[str, float]:
        """Return the chance of each label, the mean over the fragments of `samples`."""
        classifier = self.network.classifier
        with torch.inference_mode():
            scores = classifier(torch.from_numpy(self.embed_fragments(samples).vectors))
        chances = self._task.probabilities(scores).mean(axis=0)
        return dict(zip(self._labels, chances.tolist(), strict=True))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Weights, and the names of the labels."""
        return {"labels": pack_strings(self._labels), **module_arrays(self.network, "network/")}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take over weights and labels; see `Encoder.restore`."""
        labels = take_strings(arrays, "labels")
        network = self._network(len(labels))
        load_module(network, arrays, "network/")
        self._trained, self._labels = network, labels
        return self

    def summary(self) -> list[tuple[str, str, int]]:
        """Layers in order; before fitting, with a classifier of two labels."""
        network = self._trained or self._network(2)
        return layers(network, torch.zeros(1, self._cutter.mel.n_mels, self._cutter.frames))

    def _sides(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        labels: Sequence[str],
        seed: int,
        progress: Progress | None,
    ) -> tuple[Labelled, Labelled]:
        """Fragments to learn from, and fragments to check with."""
        return (
            self._labelled(training, labels, progress, "Listening to training clips"),
            self._labelled(validation, labels, progress, "Listening to validation clips"),
        )

    def _labelled(
        self, clips: Sequence[Clip], labels: Sequence[str], progress: Progress | None, step: str
    ) -> Labelled:
        pictures = fragment_set(
            clips, self._cutter, self._cutter.spectrogram, progress=progress, step=step
        )
        return Labelled(pictures, self._task.targets(clips, labels))

    def _known(self, clips: Sequence[Clip], labels: Sequence[str]) -> list[Clip]:
        """Clips with an answer: a genre that training has not heard cannot be told."""
        if not clips:
            return []
        known = self._task.known(self._task.targets(clips, labels))
        return [clip for clip, is_known in zip(clips, known, strict=True) if is_known]

    def _epoch(
        self, data: Labelled, options: Options, generator: np.random.Generator
    ) -> Iterator[tuple[Tensor, Tensor]]:
        rows = self._drawn(data, generator)
        return (data.batch(some) for some in _batches(rows, options.batch_size))

    def _drawn(self, data: Labelled, generator: np.random.Generator) -> NDArray[np.intp]:
        """Fragments in random order, of each clip no more than are drawn."""
        rows = generator.permutation(len(data.fragments))
        if self._draws is not None:
            rows = rows[_rank(data.fragments.clips[rows]) < self._draws]
        return rows

    def _loss(self, network: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
        return self._task.loss(network(batch[0]), batch[1])

    def _validator(self, data: Labelled, options: Options) -> Callable[[nn.Module], float]:
        """Loss on the same fragments after each epoch."""
        rows = _batches(self._drawn(data, np.random.default_rng(options.seed)), _TOGETHER)
        return lambda network: mean_loss(network, map(data.batch, rows), self._loss)

    @property
    def network(self) -> Classifier:
        """The trained network; SegueError before it is trained."""
        if self._trained is None:
            raise SegueError(
                f"The encoder `{self.name}` has not been trained yet. "
                f"Run `segue encoder train {self.name}`."
            )
        return self._trained


def _scores(network: nn.Module, data: Labelled) -> Tensor:
    """Scores of all fragments, shape (n, labels)."""
    rows = _batches(np.arange(len(data.fragments)), _TOGETHER)
    with torch.inference_mode():
        return torch.cat([network(data.batch(some)[0]) for some in rows])


def _batches(rows: NDArray[np.intp], size: int) -> list[NDArray[np.intp]]:
    """Cut rows into batches; a last one of a single row joins the one before it."""
    # Batch norm cannot learn from one row: it has no deviation.
    return np.split(rows, range(size, len(rows) - 1, size))


def _rank(values: NDArray[np.intp]) -> NDArray[np.intp]:
    """Say of each value how many like it stand before it.

    Examples
    --------
    >>> _rank(np.array([7, 7, 3, 7])).tolist()
    [0, 1, 0, 2]
    """
    order = np.argsort(values, kind="stable")
    _, first, counts = np.unique(values[order], return_index=True, return_counts=True)
    ranks = np.empty(len(values), np.intp)
    ranks[order] = np.arange(len(values)) - np.repeat(first, counts)
    return ranks


def card_of(clips: Sequence[Clip], of: str, metrics: Mapping[str, Any]) -> Card:
    """Return a card that names the clips learned from."""
    artists = len({clip.artist or number for number, clip in enumerate(clips)})
    return Card(
        data=f"{len(clips)} clips by {artists} artists, {of}",
        licences=dict(Counter(clip.licence or "unknown" for clip in clips)),
        metrics=metrics,
    )
