"""Principal components of three-second segments, and LightGBM on them for the genre (seed 001).

Nothing here is a network: a segment is the mean and the deviation of each mel band, and the
first hundred principal components of those. Similar tracks are found by the votes of their
segments, which `models.encoders.similar` counts for any encoder's fragments.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Self

import lightgbm
import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from models.artefacts import pack_strings
from models.encoders.classify import card_of
from models.encoders.contract import Clip, Encoder, Fragments, Progress, TrainingOptions
from models.encoders.mel import LogMel
from models.encoders.modules import take, take_strings
from models.encoders.options import resolve
from models.encoders.reports import genre_report
from models.encoders.spectrograms import Cutter

log = logging.getLogger(__name__)

_OPEN = TrainingOptions()
_BANDS = 128
_STATISTICS = 2 * _BANDS


class SegmentPca(Encoder):
    """Mean and deviation of 128 mel bands over 3 s, 100 principal components, LightGBM.

    The components need no labels. Where fewer than two genres are named, the classifier is
    left out, and the card says so. Fitting takes seconds and keeps no checkpoint; of the
    training options, `epochs` is the largest number of boosting rounds.

    Parameters
    ----------
    components : int
        Principal components to keep; fewer are found where there are fewer segments.
    """

    name: ClassVar[str] = "segment_pca"

    def __init__(self, *, components: int = 100) -> None:
        if not 1 <= components <= _STATISTICS:
            raise SegueError(f"`components` is {components}, but must be 1 to {_STATISTICS}.")
        self._wanted = components
        self._cutter = Cutter.of_seconds(
            LogMel(sample_rate=self.sample_rate, n_mels=_BANDS), fragment_s=3.0, step_s=3.0
        )
        self._mean: NDArray[np.float32] | None = None
        self._components = np.zeros((0, _STATISTICS), np.float32)
        self._genres: list[str] = []
        self._classifier: lightgbm.Booster | None = None
        # LightGBM writes a model that it has read in other words: the first ones are kept.
        self._classifier_text = ""

    @property
    def parameters(self) -> dict[str, Any]:
        """Keyword arguments that make an equal encoder."""
        return {"components": self._wanted}

    @property
    def dimension(self) -> int:
        """Number of components: once fitted, of those that were found."""
        return self._wanted if self._mean is None else len(self._components)

    @property
    def fragment_s(self) -> float:
        """Length of a segment in seconds."""
        return self._cutter.fragment_s

    def fit(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        *,
        options: TrainingOptions = _OPEN,
        progress: Progress | None = None,
    ) -> Self:
        """Find the components, and learn the genres where there are two; see `Encoder.fit`."""
        if not training:
            raise SegueError("There is nothing to train on: add clips.")
        rows, owners = self._segments(training, progress, "Listening to training clips")
        checked, check_owners = self._segments(
            validation, progress, "Listening to validation clips"
        )
        self._mean, self._components = _principal(rows, self._wanted)
        metrics: dict[str, Any] = {}
        if len(checked):
            metrics["explained_variance"] = self._explained(checked)
        self._genres = sorted({clip.genre for clip in training if clip.genre})
        if len(self._genres) < 2:
            self._genres, self._classifier, self._classifier_text = [], None, ""
            metrics["classifier"] = "skipped: the clips name fewer than two genres"
            log.info("segment_pca learned no genres: the clips name fewer than two.")
        else:
            learn = self._labelled(rows, owners, training)
            check = self._labelled(checked, check_owners, validation)
            self._boost(learn, check, options, progress)
            if len(check[1]):
                metrics |= genre_report(check[1], self._probabilities(check[0]), self._genres)
        self.card = card_of(training, f"{len(self._genres)} genres", metrics)
        return self

    def embed_fragments(self, samples: NDArray[np.float32]) -> Fragments:
        """Embed segments; see `Encoder.embed_fragments`."""
        vectors = self._project(self._statistics(samples))
        return Fragments(vectors, self._cutter.starts_s(len(vectors)), self.fragment_s)

    def predict(self, samples: NDArray[np.float32]) -> dict[str, float]:
        """Return the chance of each genre, the mean over segments; empty if none were learned."""
        if self._classifier is None:
            return {}
        chances = self._probabilities(self.embed_fragments(samples).vectors).mean(axis=0)
        return dict(zip(self._genres, chances.tolist(), strict=True))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Components, the names of the genres, and the text of LightGBM's model."""
        arrays: dict[str, NDArray[Any]] = {
            "mean": self._fitted(),
            "components": self._components,
            "genres": pack_strings(self._genres),
        }
        if self._classifier is not None:
            arrays["classifier"] = np.frombuffer(self._classifier_text.encode(), np.uint8)
        return arrays

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take over what `arrays` returned; see `Encoder.restore`."""
        mean, components = take(arrays, "mean"), take(arrays, "components")
        genres = take_strings(arrays, "genres")
        if (
            mean.shape != (_STATISTICS,)
            or components.ndim != 2
            or components.shape[1] != _STATISTICS
            or len(components) > self._wanted
        ):
            raise SegueError(
                f"The components of this model have the shape {components.shape}, but at most "
                f"{(self._wanted, _STATISTICS)} is expected. Train the encoder again."
            )
        self._classifier, self._classifier_text = None, ""
        if genres:
            packed = take(arrays, "classifier")
            self._classifier_text = bytes(packed).decode("utf-8", "replace")
            self._classifier = _read(self._classifier_text, len(components), len(genres))
        self._mean, self._components, self._genres = mean, components, genres
        return self

    def summary(self) -> list[tuple[str, str, int]]:
        """Steps in order; the classifier counts the leaves of its trees."""
        rows = [
            ("log_mel: LogMel", f"({_BANDS}, {self._cutter.frames})", 0),
            ("statistics: mean and deviation", f"({_STATISTICS},)", 0),
            ("components: PCA", f"({self.dimension},)", _STATISTICS * (self.dimension + 1)),
        ]
        if self._classifier is not None:
            trees = self._classifier.dump_model()["tree_info"]
            leaves = sum(tree["num_leaves"] for tree in trees)
            rows.append(("classifier: LightGBM", f"({len(self._genres)},)", leaves))
        return rows

    def _statistics(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Mean and deviation of each band over each segment, shape (n, 256)."""
        picture = self._cutter.spectrogram(samples)
        rows = []
        for first in self._cutter.first_frames(len(samples)):
            segment = picture[:, first : first + self._cutter.frames]
            rows.append(np.concatenate([segment.mean(axis=1), segment.std(axis=1)]))
        return np.stack(rows)

    def _segments(
        self, clips: Sequence[Clip], progress: Progress | None, step: str
    ) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Segments of all clips, and the clip that each is from."""
        parts = [np.zeros((0, _STATISTICS), np.float32)]
        for number, clip in enumerate(clips):
            parts.append(self._statistics(clip.samples(self.sample_rate)))
            if progress:
                progress(step, number + 1, len(clips), clip.title)
        return np.concatenate(parts), np.repeat(np.arange(len(clips)), [len(p) for p in parts[1:]])

    def _project(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray((rows - self._fitted()) @ self._components.T, np.float32)

    def _explained(self, rows: NDArray[np.float32]) -> float:
        """Share of the variance around the training mean that the components keep."""
        total = float(((rows - self._fitted()) ** 2).sum())
        return float((self._project(rows) ** 2).sum()) / max(total, 1e-12)

    def _labelled(
        self, rows: NDArray[np.float32], owners: NDArray[np.intp], clips: Sequence[Clip]
    ) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Components and genres of the segments whose genre is known."""
        number = {genre: row for row, genre in enumerate(self._genres)}
        targets = np.array([number.get(clip.genre, -1) for clip in clips], np.intp)[owners]
        return self._project(rows[targets >= 0]), targets[targets >= 0]

    def _boost(
        self,
        learn: tuple[NDArray[np.float32], NDArray[np.intp]],
        check: tuple[NDArray[np.float32], NDArray[np.intp]],
        options: TrainingOptions,
        progress: Progress | None,
    ) -> None:
        chosen = resolve(options, epochs=300, batch_size=1, learning_rate=0.1, patience=20)
        callbacks: list[Any] = []
        if progress:
            callbacks.append(
                lambda env: progress("Boosting", env.iteration + 1, env.end_iteration, "")
            )
        data = lightgbm.Dataset(*learn)
        watched = [data.create_valid(*check)] if len(check[1]) else []
        if watched and chosen.patience:
            callbacks.append(lightgbm.early_stopping(chosen.patience, verbose=False))
        trained = lightgbm.train(
            {
                "objective": "multiclass",
                "num_class": len(self._genres),
                "learning_rate": chosen.learning_rate,
                "seed": chosen.seed,
                "deterministic": True,
                "force_row_wise": True,
                "verbosity": -1,
            },
            data,
            num_boost_round=chosen.epochs,
            valid_sets=watched,
            callbacks=callbacks,
        )
        self._classifier_text = trained.model_to_string()
        # What is used is what will be saved: the best rounds only.
        self._classifier = lightgbm.Booster(model_str=self._classifier_text)

    def _probabilities(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        assert self._classifier is not None
        return np.asarray(self._classifier.predict(vectors), np.float32)

    def _fitted(self) -> NDArray[np.float32]:
        if self._mean is None:
            raise SegueError(
                f"The encoder `{self.name}` has not been trained yet. "
                f"Run `segue encoder train {self.name}`."
            )
        return self._mean


def _principal(
    rows: NDArray[np.float32], count: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean, shape (f,), and at most `count` principal components, shape (c, f), of rows."""
    mean = rows.mean(axis=0, dtype=np.float64)
    _, _, axes = np.linalg.svd(rows - mean, full_matrices=False)
    # A component's sign is arbitrary: its largest weight is made positive.
    largest = axes[np.arange(len(axes)), np.abs(axes).argmax(axis=1)]
    axes = axes * np.sign(largest)[:, None]
    return mean.astype(np.float32), axes[:count].astype(np.float32)


def _read(text: str, inputs: int, outputs: int) -> lightgbm.Booster:
    """Read a classifier that LightGBM wrote as text."""
    try:
        # LightGBM ends the whole process over some texts that are no model at all.
        if not text.startswith("tree\n"):
            raise ValueError("it does not begin like a model")
        classifier = lightgbm.Booster(model_str=text)
        if (classifier.num_feature(), classifier.num_model_per_iteration()) != (inputs, outputs):
            raise ValueError("it is for other components or genres")
    except (ValueError, lightgbm.basic.LightGBMError) as error:
        raise SegueError(
            f"The genre classifier of this model cannot be read ({error}). Train the encoder again."
        ) from error
    return classifier
