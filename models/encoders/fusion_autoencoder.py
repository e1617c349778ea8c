"""Two autoencoders: one for pictures of MFCCs, one for what is fused with their code (seed 003).

The Conv2d autoencoder makes a small matrix of each fragment's MFCC picture. Flattened, and
with the track's key, roll-off frequency and tempo beside it, it goes through the Conv1d
autoencoder, whose code is the vector. No label is needed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.fft import dct

from data.errors import SegueError
from models.audio.key import estimate_key
from models.audio.level import rolloff_hz
from models.audio.tempo import estimate_tempo
from models.encoders.autoencoder import (
    Autoencoder,
    Pictures,
    Rows,
    encode,
    fit_autoencoder,
    picture_autoencoder,
    row_autoencoder,
)
from models.encoders.classify import card_of
from models.encoders.contract import Clip, Encoder, Fragments, Progress, TrainingOptions
from models.encoders.mel import LogMel
from models.encoders.modules import layers, load_module, module_arrays, take
from models.encoders.options import Options, clips_fingerprint, resolve
from models.encoders.spectrograms import Cutter, FragmentSet, fragment_set

_OPEN = TrainingOptions()
_COEFFICIENTS, _FRAMES = 64, 256
#: Each of the six levels halves both sides of the picture.
_CODE = (_COEFFICIENTS // 2**6, _FRAMES // 2**6)
#: Key (place on the circle of fifths, mode), roll-off, tempo.
_FACTS = 5
#: Deviation below which a number tells nothing apart.
_LEAST = 1e-4


class FusionAutoencoder(Encoder):
    """Code of an MFCC picture, fused with key, roll-off and tempo, encoded once more.

    Pictures are 64 coefficients by 256 frames, about 12 s, one after the other.

    Parameters
    ----------
    channels : sequence of int
        Widths of the six levels of the Conv2d encoder; the decoder mirrors them.
    fusion_channels : sequence of int
        Widths of the six levels of the Conv1d encoder.
    """

    name: ClassVar[str] = "fusion_autoencoder"

    def __init__(
        self,
        *,
        channels: Sequence[int] = (8, 16, 32, 32, 64, 32),
        fusion_channels: Sequence[int] = (16, 32, 32, 64, 64, 32),
    ) -> None:
        if len(channels) != 6 or len(fusion_channels) != 6:
            raise SegueError("`channels` and `fusion_channels` must name six widths each.")
        self._channels, self._fusion_channels = tuple(channels), tuple(fusion_channels)
        self._cutter = Cutter.of_frames(
            LogMel(sample_rate=self.sample_rate, hop=1024), frames=_FRAMES
        )
        self._pictures: Autoencoder | None = None
        self._fusion: Autoencoder | None = None
        self._scales: dict[str, NDArray[np.float32]] = {}

    @property
    def parameters(self) -> dict[str, Any]:
        """Keyword arguments that make an equal encoder."""
        return {
            "channels": list(self._channels),
            "fusion_channels": list(self._fusion_channels),
        }

    @property
    def dimension(self) -> int:
        """Length of the second code, flattened."""
        return self._fusion_channels[-1] * -(-self._fused // 2**6)

    @property
    def fragment_s(self) -> float:
        """Length of a picture in seconds."""
        return self._cutter.fragment_s

    def fit(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        *,
        options: TrainingOptions = _OPEN,
        progress: Progress | None = None,
    ) -> Self:
        """Learn to make pictures again, then what is fused with their codes; see `Encoder.fit`."""
        if not training:
            raise SegueError("There is nothing to train on: add clips.")
        learn, learn_facts = self._listen(training, progress, "Listening to training clips")
        check, check_facts = self._listen(validation, progress, "Listening to validation clips")
        fingerprint = clips_fingerprint(
            training, validation, {"encoder": self.name, **self.parameters}
        )
        mean, deviation = _scale_of(learn)
        self._pictures, of_pictures = fit_autoencoder(
            self._new_pictures,
            Pictures(learn, mean, deviation),
            Pictures(check, mean, deviation),
            _stage(resolve(options, epochs=25, batch_size=16, patience=4), "pictures"),
            fingerprint=fingerprint,
            progress=progress,
            step="Training on pictures",
        )
        self._scales = {"mfcc_mean": mean, "mfcc_deviation": deviation}
        fused = self._fuse(Pictures(learn, mean, deviation), learn_facts)
        self._scales |= _fusion_scale(fused)
        self._fusion, of_fusions = fit_autoencoder(
            self._new_fusion,
            Rows(self._scaled(fused)),
            Rows(self._scaled(self._fuse(Pictures(check, mean, deviation), check_facts))),
            _stage(resolve(options, epochs=60, batch_size=16, patience=6), "fusion"),
            fingerprint=fingerprint,
            progress=progress,
            step="Training on fusions",
        )
        metrics = {f"picture_{name}": figure for name, figure in of_pictures.items()}
        metrics |= {f"fusion_{name}": figure for name, figure in of_fusions.items()}
        self.card = card_of(training, "no labels", metrics)
        return self

    def embed_fragments(self, samples: NDArray[np.float32]) -> Fragments:
        """Embed pictures, each with the key, roll-off and tempo of all `samples`."""
        self._fitted()
        pictures, facts = self._listen([Clip(samples)], None, "")
        data = Pictures(pictures, self._scales["mfcc_mean"], self._scales["mfcc_deviation"])
        rows = self._scaled(self._fuse(data, facts))
        assert self._fusion is not None
        with torch.inference_mode():
            vectors = self._fusion.encoder(torch.from_numpy(rows)).numpy()
        return Fragments(vectors, self._cutter.starts_s(len(vectors)), self.fragment_s)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Weights of both autoencoders, and the scales of what goes into them."""
        pictures, fusion = self._fitted()
        return {
            **self._scales,
            **module_arrays(pictures, "pictures/"),
            **module_arrays(fusion, "fusion/"),
        }

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """Take over weights and scales; see `Encoder.restore`."""
        sizes = {
            "mfcc_mean": _COEFFICIENTS,
            "mfcc_deviation": 1,
            "fusion_mean": self._fused,
            "fusion_deviation": self._fused,
        }
        scales = {name: take(arrays, name) for name in sizes}
        for name, size in sizes.items():
            if scales[name].shape != (size,):
                raise SegueError(
                    f"The tensor `{name}` of this model has the shape {scales[name].shape}, but "
                    f"{(size,)} is expected. Train the encoder again."
                )
        pictures, fusion = self._new_pictures(), self._new_fusion()
        load_module(pictures, arrays, "pictures/")
        load_module(fusion, arrays, "fusion/")
        self._pictures, self._fusion, self._scales = pictures, fusion, scales
        return self

    def summary(self) -> list[tuple[str, str, int]]:
        """Layers of both autoencoders in order, decoders too."""
        stages = {
            "pictures": (
                self._pictures or self._new_pictures(),
                torch.zeros(1, _COEFFICIENTS, _FRAMES),
            ),
            "fusion": (self._fusion or self._new_fusion(), torch.zeros(1, self._fused)),
        }
        return [
            (f"{stage}.{name}", shape, count)
            for stage, (module, example) in stages.items()
            for name, shape, count in layers(module, example)
        ]

    @property
    def _fused(self) -> int:
        """Length of what goes into the second autoencoder."""
        return self._channels[-1] * _CODE[0] * _CODE[1] + _FACTS

    def _new_pictures(self) -> Autoencoder:
        return picture_autoencoder(self._channels, _CODE)

    def _new_fusion(self) -> Autoencoder:
        return row_autoencoder(self._fusion_channels, self._fused)

    def _listen(
        self, clips: Sequence[Clip], progress: Progress | None, step: str
    ) -> tuple[FragmentSet, NDArray[np.float32]]:
        """MFCC pictures of all clips, and the facts of each clip, shape (clips, 5)."""
        facts = [np.zeros((0, _FACTS), np.float32)]

        def picture(samples: NDArray[np.float32]) -> NDArray[np.float32]:
            bands = self._cutter.spectrogram(samples)
            facts.append(_facts(self._cutter.filled(samples), self.sample_rate)[None])
            return dct(bands, axis=0, norm="ortho")[:_COEFFICIENTS]

        pictures = fragment_set(clips, self._cutter, picture, progress=progress, step=step)
        return pictures, np.concatenate(facts)

    def _fuse(self, data: Pictures, facts: NDArray[np.float32]) -> NDArray[np.float32]:
        """Codes of the pictures with the facts of their clips beside them."""
        if not len(data):
            return np.zeros((0, self._fused), np.float32)
        assert self._pictures is not None
        codes = encode(self._pictures, data)
        return np.column_stack([codes, facts[data.pictures.clips]])

    def _scaled(self, fused: NDArray[np.float32]) -> NDArray[np.float32]:
        """Bring all numbers to one scale; an unknown one becomes the mean."""
        scaled = (fused - self._scales["fusion_mean"]) / self._scales["fusion_deviation"]
        return np.nan_to_num(scaled)

    def _fitted(self) -> tuple[Autoencoder, Autoencoder]:
        if self._pictures is None or self._fusion is None:
            raise SegueError(
                f"The encoder `{self.name}` has not been trained yet. "
                f"Run `segue encoder train {self.name}`."
            )
        return self._pictures, self._fusion


def _facts(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
    """Key, roll-off and tempo as five numbers of like size, NaN where unknown."""
    key = estimate_key([samples], sample_rate=sample_rate).key
    bpm = estimate_tempo([samples], sample_rate=sample_rate).bpm
    rolloff = rolloff_hz(samples, sample_rate)
    numbers = np.full(_FACTS, np.nan, np.float32)
    if key is not None:
        # On the circle of fifths, so that keys that go together lie together.
        angle = 2 * np.pi * key.camelot_number / 12
        numbers[:3] = np.cos(angle), np.sin(angle), 1.0 if key.mode == "major" else -1.0
    if rolloff > 0:
        numbers[3] = np.log2(rolloff)
    if bpm:
        numbers[4] = np.log2(bpm)
    return numbers


def _scale_of(pictures: FragmentSet) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean of each coefficient, shape (64,), and one deviation for all of them, shape (1,).

    One for all, so that a coefficient counts in the picture for what it is in the sound: the
    high ones are small, and mostly noise.
    """
    wide = [picture.astype(np.float64) for picture in pictures.spectrograms]
    frames = sum(picture.shape[1] for picture in wide)
    mean = sum(picture.sum(axis=1) for picture in wide) / frames
    square = sum(((picture - mean[:, None]) ** 2).sum() for picture in wide) / frames / len(mean)
    return mean.astype(np.float32), np.array([np.sqrt(square) + _LEAST], np.float32)


def _fusion_scale(fused: NDArray[np.float32]) -> dict[str, NDArray[np.float32]]:
    """Mean and deviation of each number where it is known; 0 and 1 where it never is."""
    known = np.ma.masked_invalid(fused)
    mean, deviation = known.mean(axis=0).filled(0), known.std(axis=0).filled(1)
    return {
        "fusion_mean": mean.astype(np.float32),
        # A number that never changes stays near zero whatever comes.
        "fusion_deviation": np.where(deviation > _LEAST, deviation, 1).astype(np.float32),
    }


def _stage(options: Options, stage: str) -> Options:
    """Give a stage a checkpoint folder of its own."""
    if options.checkpoint is None:
        return options
    return replace(options, checkpoint=options.checkpoint / stage)
