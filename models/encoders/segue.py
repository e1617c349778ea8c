"""Segue's own encoder, the default: descriptors known to work, beside a small network.

A fragment of ten seconds is described twice: by the handcrafted blocks of
`segue_features`, and by the network of `segue_network`, which learned without labels to know
another window of the same track, and with labels what plays and in which style. Both are
weighed and laid side by side, and principal components of that are turned by a fixed
rotation, so that no coordinate of the vector matters more than another. The vectors are
centred on the training music: two tracks taken at random are at a cosine near 0.

What was tried, as same-album recall@10 and grouped ridge accuracy on the half of Emotify's
artists that choices were made on: MFCC statistics .50 / .65; all descriptors alone .60 / .74;
the network's embedding alone .45 / .71; both .59 / .74; with tonality weighed double, onsets
less, and a whitening of .4, .61 / .77. Random Fourier features were too slow to try out, and
wider or longer trained dense layers on the descriptors brought nothing on that half.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray

from data.errors import SegueError
from models.artefacts import pack_strings
from models.encoders import segue_features as features
from models.encoders.classify import card_of
from models.encoders.contract import Clip, Encoder, Fragments, Progress, TrainingOptions
from models.encoders.modules import layers, load_module, module_arrays, take, take_strings
from models.encoders.options import clips_fingerprint, resolve
from models.encoders.segue_network import PICTURE, WINDOW, Labels, Pairs, SegueNetwork, loss
from models.encoders.training import initialised, mean_loss, train, warm_cosine

_OPEN = TrainingOptions()
#: Share that the network's embedding has in the length of a vector, beside the descriptors.
NETWORK_SHARE = 0.4
#: Weights of blocks of descriptors where not 1: more for those that tell most in few numbers.
BLOCK_WEIGHTS: Mapping[str, float] = {"tonality": 2.0, "onsets": 0.7}
#: How far the components are evened out: 0 leaves their spread, 1 makes all the same.
WHITENING = 0.4


class Segue(Encoder):
    """Block-level descriptors and a contrastive, multi-task CNN, compared by cosine.

    Any clips will do: what labels there are (genre, tags, collaborative factors) are
    learned, and windows of one track from those of others always.

    Parameters
    ----------
    dimension : int
        Length of a vector.
    width : int
        Channels of the first convolution of the network.
    """

    name: ClassVar[str] = "segue"

    def __init__(self, *, dimension: int = 256, width: int = 16) -> None:
        if not 2 <= dimension <= features.DIMENSION:
            raise SegueError(f"`dimension` is {dimension}, but must be 2 to {features.DIMENSION}.")
        self._dimension = dimension
        self._width = width
        self._network: SegueNetwork | None = None
        self._genres: list[str] = []
        self._tags: list[str] = []
        self._factors = 0
        self._weights = np.zeros(0, np.float32)
        self._mean = np.zeros(0, np.float32)
        self._axes = np.zeros((0, 0), np.float32)

    @property
    def parameters(self) -> dict[str, Any]:
        """Keyword arguments that make an equal encoder."""
        return {"dimension": self._dimension, "width": self._width}

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return self._dimension

    @property
    def fragment_s(self) -> float:
        """Length of a fragment in seconds."""
        return features.FRAGMENT_S

    def fit(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        *,
        options: TrainingOptions = _OPEN,
        progress: Progress | None = None,
    ) -> Self:
        """Train the network on whatever labels there are, then lay out the space.

        Without `validation` the last epoch is kept. See `Encoder.fit`.
        """
        if not training:
            raise SegueError("There is nothing to train on: add clips.")
        chosen = resolve(options, epochs=30, batch_size=32, learning_rate=2e-3, weight_decay=0.05)
        self._name_labels(training)
        heard = _windows(training, progress, "Listening to training clips")
        checked = _windows(validation, progress, "Listening to validation clips")
        self._network = initialised(self._new_network, seed=chosen.seed)
        sample = np.concatenate([of[:1] for of in heard]).astype(np.float32)
        self._network.standardise(
            sample[:, :PICTURE].reshape(len(sample), features.N_MELS, -1), sample[:, PICTURE:]
        )
        labels, check_labels = self._labels(training), self._labels(validation)
        history = train(
            self._network,
            batches=lambda epoch, generator: Pairs(heard, labels, chosen.batch_size, generator),
            loss=loss,
            options=chosen,
            validate=(
                lambda network: mean_loss(
                    network,
                    Pairs(checked, check_labels, chosen.batch_size, np.random.default_rng(0)),
                    loss,
                )
            )
            if checked
            else None,
            schedule=partial(warm_cosine, warm=0.1),
            fingerprint=clips_fingerprint(training, validation, self.parameters),
            progress=progress,
        )
        self._lay_out(heard, chosen.seed)
        metrics: dict[str, Any] = {
            "training_loss": history.training[-1],
            "best_epoch": history.best_epoch,
        }
        if history.validation:
            metrics["validation_loss"] = history.best
        what = f"{len(self._genres)} genres, {len(self._tags)} tags, {self._factors} factors"
        self.card = card_of(training, what, metrics)
        return self

    def embed_fragments(self, samples: NDArray[np.float32]) -> Fragments:
        """Embed fragments of ten seconds at steps of about five; see `Encoder.embed_fragments`."""
        if not len(samples):
            raise SegueError("There is no sound to embed: the audio has no samples.")
        rows, starts = windows(samples)
        joined = self._joined(rows)
        vectors = (joined - self._mean) @ self._axes
        seconds = np.asarray(starts, np.float64) * features.HOP / features.SAMPLE_RATE
        return Fragments(vectors.astype(np.float32), seconds, self.fragment_s)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Weights of the network, the names of its labels, and the axes of the space."""
        return {
            **module_arrays(self._fitted(), "network."),
            "genres": pack_strings(self._genres),
            "tags": pack_strings(self._tags),
            "factors": np.array([self._factors]),
            "weights": self._weights,
            "mean": self._mean,
            "axes": self._axes,
        }

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take over what `arrays` returned; see `Encoder.restore`."""
        self._genres, self._tags = take_strings(arrays, "genres"), take_strings(arrays, "tags")
        self._factors = int(take(arrays, "factors").ravel()[0])
        network = self._new_network()
        load_module(network, arrays, "network.")
        size = features.DIMENSION + network.size
        shapes = {"weights": (size,), "mean": (size,), "axes": (size, self._dimension)}
        for name, shape in shapes.items():
            if take(arrays, name).shape != shape:
                raise SegueError(
                    f"The tensor `{name}` of this model has the shape {arrays[name].shape}, but "
                    f"{shape} is expected. Train the encoder again."
                )
        self._weights, self._mean, self._axes = (arrays[name] for name in shapes)
        self._network = network
        return self

    def summary(self) -> list[tuple[str, str, int]]:
        """Layers of the network, and the space they end in, which has no trained parameters."""
        network = self._network or self._new_network()
        return [
            *layers(network, torch.zeros(1, WINDOW)),
            ("components of descriptors and embedding", str((self._dimension,)), 0),
        ]

    def predict(self, samples: NDArray[np.float32]) -> dict[str, float]:
        """Return the chance of each tag and genre it learned, the mean over fragments."""
        with torch.no_grad():
            out = self._fitted()(torch.from_numpy(windows(samples)[0]))
        genres = out.genre.softmax(dim=1).mean(dim=0).tolist()
        tags = out.tags.sigmoid().mean(dim=0).tolist()
        return dict(zip([*self._genres, *self._tags], [*genres, *tags], strict=True))

    def factors(self, samples: NDArray[np.float32]) -> NDArray[np.float32] | None:
        """Predict collaborative factors, shape (f,), at length 1; None where none were learned."""
        if not self._factors:
            return None
        with torch.no_grad():
            out = self._fitted()(torch.from_numpy(windows(samples)[0]))
        mean: NDArray[np.float32] = out.factors.mean(dim=0).numpy()
        return mean / max(float(np.linalg.norm(mean)), 1e-12)

    def _fitted(self) -> SegueNetwork:
        if self._network is None:
            raise SegueError(
                "The encoder `segue` has not been trained. Run `segue encoder train segue`."
            )
        return self._network

    def _new_network(self) -> SegueNetwork:
        return SegueNetwork(
            width=self._width, dimension=128, genres=len(self._genres), tags=len(self._tags),
            factors=self._factors,
        )  # fmt: skip

    def _name_labels(self, clips: Sequence[Clip]) -> None:
        self._genres = sorted({clip.genre for clip in clips if clip.genre})
        self._tags = sorted({tag for clip in clips for tag in clip.tags})
        sizes = {len(clip.factors) for clip in clips if clip.factors is not None}
        if len(sizes) > 1:
            raise SegueError(
                f"The clips have factors of {len(sizes)} lengths. Take them from one ALS model."
            )
        self._factors = sizes.pop() if sizes else 0

    def _labels(self, clips: Sequence[Clip]) -> Labels:
        genres = {name: number for number, name in enumerate(self._genres)}
        artists: dict[object, int] = {}
        nothing = np.zeros(self._factors, np.float32)
        return Labels(
            artist=np.array(
                [artists.setdefault(c.artist or k, len(artists)) for k, c in enumerate(clips)],
                np.int64,
            ),
            genre=np.array([genres.get(clip.genre, -1) for clip in clips], np.int64),
            tags=np.array(
                [[tag in clip.tags for tag in self._tags] for clip in clips], np.float32
            ).reshape(len(clips), len(self._tags)),
            tagged=np.array([bool(clip.tags) for clip in clips], np.float32),
            factors=np.array(
                [nothing if clip.factors is None else clip.factors for clip in clips], np.float32
            ).reshape(len(clips), self._factors),
        )

    def _joined(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Descriptors and embedding of windows, side by side, not weighed yet."""
        network = self._fitted()
        with torch.no_grad():
            batch = torch.from_numpy(rows)
            joined = torch.cat([network.standard(batch), network(batch).vector], dim=1)
        return joined.numpy() * self._weights if len(self._weights) else joined.numpy()

    def _lay_out(self, heard: list[NDArray[np.float16]], seed: int) -> None:
        """Weigh the two descriptions, and find the components of the training windows."""
        self._weights = np.zeros(0, np.float32)
        joined = np.concatenate([self._joined(of.astype(np.float32)) for of in heard])
        self._weights = _weights(joined)
        joined *= self._weights
        self._mean = joined.mean(axis=0)
        _, spread, axes = np.linalg.svd(joined - self._mean, full_matrices=False)
        spread = np.maximum(spread / np.sqrt(len(joined)), 1e-6)[: self._dimension]
        scaled = axes[: self._dimension].T * (spread / spread[0]) ** -WHITENING
        self._axes = np.zeros((joined.shape[1], self._dimension), np.float32)
        rotation, _ = np.linalg.qr(
            np.random.default_rng(seed).normal(size=(self._dimension, self._dimension))
        )
        self._axes[:] = scaled @ rotation[: scaled.shape[1]]


def windows(samples: NDArray[np.float32]) -> tuple[NDArray[np.float32], list[int]]:
    """Return the network's input of all fragments, shape (n, `WINDOW`), and their first frames."""
    picture = features.picture(samples)
    starts = picture.starts()
    rows = np.empty((len(starts), WINDOW), np.float32)
    for row, first in zip(rows, starts, strict=True):
        part = picture.cut(first)
        row[:PICTURE] = part.mel.ravel()
        row[PICTURE:] = features.describe(part)
    return rows, [picture.first_frame + first for first in starts]


def _windows(
    clips: Sequence[Clip], progress: Progress | None, step: str
) -> list[NDArray[np.float16]]:
    """Windows of each clip in half precision: 57 kB each."""
    out = []
    for number, clip in enumerate(clips):
        out.append(windows(clip.samples(features.SAMPLE_RATE))[0].astype(np.float16))
        if progress:
            progress(step, number + 1, len(clips), clip.title)
    return out


def _weights(joined: NDArray[np.float32]) -> NDArray[np.float32]:
    """Weights that give each description its share of the mean squared length."""
    weights = np.ones(joined.shape[1], np.float32)
    for name, span in features.BLOCKS.items():
        weights[span] = BLOCK_WEIGHTS.get(name, 1.0)
    # Every number that the network gives counts the same; descriptors are standard already.
    weights[features.DIMENSION :] /= np.maximum(joined[:, features.DIMENSION :].std(axis=0), 1e-6)
    power = joined.var(axis=0) * weights**2
    own, learned = power[: features.DIMENSION].sum(), power[features.DIMENSION :].sum()
    weights[: features.DIMENSION] *= np.sqrt((1 - NETWORK_SHARE) / max(own, 1e-9))
    weights[features.DIMENSION :] *= np.sqrt(NETWORK_SHARE / max(learned, 1e-9))
    return weights
