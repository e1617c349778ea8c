"""What an encoder may be asked to tell from sound while it learns: a genre, or any tags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

from data.errors import SegueError
from models.encoders.contract import Clip
from models.encoders.reports import genre_report, tag_report


class Task(Protocol):
    """What is to be told from sound: which labels there are, and how answers are judged."""

    def labels(self, clips: Sequence[Clip]) -> list[str]:
        """Return all labels in alphabetical order; SegueError where there are too few."""
        ...

    def targets(self, clips: Sequence[Clip], labels: Sequence[str]) -> NDArray[Any]:
        """Return a row for each clip."""
        ...

    def known(self, targets: NDArray[Any]) -> NDArray[np.bool_]:
        """Say which rows have an answer among the labels, shape (n,)."""
        ...

    def loss(self, scores: Tensor, targets: Tensor) -> Tensor:
        """Return the mean loss, shape ()."""
        ...

    def probabilities(self, scores: Tensor) -> NDArray[np.float32]:
        """Return the chances of the labels, shape (n, labels)."""
        ...

    def report(
        self,
        targets: NDArray[Any],
        probabilities: NDArray[np.float32],
        labels: Sequence[str],
    ) -> dict[str, Any]:
        """Return figures for the card."""
        ...


class GenreTask:
    """One genre out of several, by categorical cross-entropy."""

    def labels(self, clips: Sequence[Clip]) -> list[str]:
        """Return the genres; SegueError if there are fewer than two."""
        genres = sorted({clip.genre for clip in clips if clip.genre})
        if len(genres) < 2:
            raise SegueError(
                f"This encoder learns genres, and the training clips name {len(genres)}: "
                "give it clips of two genres at least."
            )
        return genres

    def targets(self, clips: Sequence[Clip], labels: Sequence[str]) -> NDArray[np.int64]:
        """Return the number of each clip's genre, -1 where it has none of them; shape (n,)."""
        number = {genre: row for row, genre in enumerate(labels)}
        return np.array([number.get(clip.genre, -1) for clip in clips], np.int64)

    def known(self, targets: NDArray[Any]) -> NDArray[np.bool_]:
        """Say which clips have a known genre."""
        return targets >= 0

    def loss(self, scores: Tensor, targets: Tensor) -> Tensor:
        """Return the categorical cross-entropy."""
        return nn.functional.cross_entropy(scores, targets)

    def probabilities(self, scores: Tensor) -> NDArray[np.float32]:
        """Return the softmax of the scores, shape (n, labels)."""
        return np.asarray(scores.softmax(dim=1))

    def report(
        self,
        targets: NDArray[Any],
        probabilities: NDArray[np.float32],
        labels: Sequence[str],
    ) -> dict[str, Any]:
        """Return `genre_report`."""
        return genre_report(targets, probabilities, labels)


class TagTask:
    """Any number of tags, by binary cross-entropy; a genre stands in where there are no tags."""

    def labels(self, clips: Sequence[Clip]) -> list[str]:
        """Return the tags; SegueError if there are fewer than two."""
        tags = sorted({tag for clip in clips for tag in _tags(clip)})
        if len(tags) < 2:
            raise SegueError(
                f"This encoder learns tags, and the training clips carry {len(tags)}: "
                "give it clips with two tags or genres at least."
            )
        return tags

    def targets(self, clips: Sequence[Clip], labels: Sequence[str]) -> NDArray[np.float32]:
        """Return 1 for each tag that a clip has, shape (n, tags)."""
        return np.array([[tag in _tags(clip) for tag in labels] for clip in clips], np.float32)

    def known(self, targets: NDArray[Any]) -> NDArray[np.bool_]:
        """Say which clips have a known tag: one without any says nothing about it."""
        return np.asarray(targets.any(axis=1))

    def loss(self, scores: Tensor, targets: Tensor) -> Tensor:
        """Return the binary cross-entropy."""
        return nn.functional.binary_cross_entropy_with_logits(scores, targets)

    def probabilities(self, scores: Tensor) -> NDArray[np.float32]:
        """Return the sigmoid of the scores, shape (n, labels)."""
        return np.asarray(scores.sigmoid())

    def report(
        self,
        targets: NDArray[Any],
        probabilities: NDArray[np.float32],
        labels: Sequence[str],
    ) -> dict[str, Any]:
        """Return `tag_report`."""
        return tag_report(targets.astype(bool), probabilities)


def _tags(clip: Clip) -> tuple[str, ...]:
    return clip.tags or ((clip.genre,) if clip.genre else ())
