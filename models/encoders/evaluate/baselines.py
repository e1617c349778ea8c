"""What every encoder has to beat: statistics of MFCCs, and a network that learned nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import librosa
import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from models.encoders.contract import Clip, Encoder, Fragments, Progress, TrainingOptions

_COEFFICIENTS = 20


class MfccStatistics(Encoder):
    """Mean and deviation of 20 MFCCs and of their slopes over the whole track.

    The classic of content-based retrieval (Tzanetakis & Cook, IEEE TSAP 2002). Fitting
    learns the scale of each number, so that loudness does not drown the others.
    """

    name: ClassVar[str] = "mfcc_statistics"
    metric: ClassVar[str] = "cosine"

    def __init__(self) -> None:
        self._mean = np.zeros(self.dimension, np.float32)
        self._deviation = np.ones(self.dimension, np.float32)

    @property
    def parameters(self) -> dict[str, Any]:
        """It has none."""
        return {}

    @property
    def dimension(self) -> int:
        """Four numbers for each coefficient."""
        return 4 * _COEFFICIENTS

    @property
    def fragment_s(self) -> float:
        """It takes a track as one fragment; this is only the shortest it accepts as such."""
        return 1.0

    def fit(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        *,
        options: TrainingOptions | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Learn mean and deviation of each number over the training clips."""
        rows = np.stack([self._statistics(clip.samples(self.sample_rate)) for clip in training])
        self._mean = rows.mean(axis=0)
        self._deviation = rows.std(axis=0) + 1e-6
        return self

    def embed_fragments(self, samples: NDArray[np.float32]) -> Fragments:
        """Embed the whole track as its only fragment."""
        if not len(samples):
            raise SegueError("There is no sound to embed.")
        row = (self._statistics(samples) - self._mean) / self._deviation
        return Fragments(row[None].astype(np.float32), np.zeros(1), len(samples) / self.sample_rate)

    def pool(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Leave the length as it is: the classifier behind it may use it."""
        return np.asarray(vectors.mean(axis=0), np.float32)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Scale of each number."""
        return {"mean": self._mean, "deviation": self._deviation}

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take over a scale."""
        self._mean, self._deviation = arrays["mean"], arrays["deviation"]
        return self

    def summary(self) -> list[tuple[str, str, int]]:
        """One layer, with nothing learned but its scale."""
        return [("statistics", f"({self.dimension},)", 0)]

    def _statistics(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        coefficients = librosa.feature.mfcc(y=samples, sr=self.sample_rate, n_mfcc=_COEFFICIENTS)
        slopes = librosa.feature.delta(coefficients, mode="nearest")
        parts = [f(x, axis=1) for x in (coefficients, slopes) for f in (np.mean, np.std)]
        return np.concatenate(parts).astype(np.float32)
