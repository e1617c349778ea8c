"""What an ONNX file does not say of itself: how its input is made from sound.

The card is a JSON file beside the model, ``model.onnx`` and ``model.json``::

    {
      "name": "musicnn", "licence": "ISC",
      "sample_rate": 16000, "window_s": 3.0, "step_s": 1.5,
      "input": {
        "kind": "mel", "name": "spectrogram", "layout": "N1TF", "frames": 187,
        "n_fft": 512, "hop": 256, "n_mels": 96, "log": "log10", "scale": 10000, "offset": 1
      },
      "output": {"name": "embedding", "layout": "ND"}
    }

A layout names the axes in order: N fragments, 1 an axis of length one, S samples, F mel bands,
T frames of time, D the vector. Without N the model takes one fragment at a time; a T in the
output is averaged over.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal, Self

import librosa
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from data.errors import SegueError

Positive = Annotated[float, Field(gt=0, allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Audio(_Part):
    """Samples as they are."""

    kind: Literal["audio"]
    name: str | None = None
    layout: str = "NS"

    @property
    def axes(self) -> str:
        """Axes of what `features` makes."""
        return "S"

    def features(self, samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
        """Return the samples of one fragment, shape (samples,)."""
        return samples


class Mel(_Part):
    """A mel spectrogram: ``log(max(scale * x + offset, floor))``, less `mean`, over `std`.

    `power` 1 is magnitude, 2 is power; `htk` is the formula of the mel scale; `norm` "slaney"
    gives bands of equal area. ``reference: "max"`` measures from the loudest value of the
    fragment, `per_fragment` takes its own mean and deviation. `frames` cuts the spectrogram.
    """

    kind: Literal["mel"]
    name: str | None = None
    layout: str = "NFT"
    n_fft: int = Field(2048, gt=1)
    hop: int = Field(512, gt=0)
    n_mels: int = Field(128, gt=0)
    fmin: float = Field(0.0, ge=0)
    fmax: Positive | None = None
    power: Positive = 2.0
    center: bool = True
    htk: bool = False
    norm: Literal["slaney"] | None = "slaney"
    log: Literal["none", "ln", "log10", "db"] = "db"
    scale: Positive = 1.0
    offset: float = Field(0.0, ge=0)
    floor: Positive = 1e-10
    reference: Literal["one", "max"] = "one"
    per_fragment: bool = False
    mean: float = 0.0
    std: Positive = 1.0
    frames: int | None = Field(None, gt=0)

    @property
    def axes(self) -> str:
        """Axes of what `features` makes."""
        return "FT"

    def features(self, samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float32]:
        """Return the spectrogram of one fragment, shape (n_mels, frames)."""
        mel = librosa.feature.melspectrogram(
            y=samples,
            sr=sample_rate,
            n_fft=self.n_fft,
            hop_length=self.hop,
            center=self.center,
            power=self.power,
            n_mels=self.n_mels,
            fmin=self.fmin,
            fmax=self.fmax,
            htk=self.htk,
            norm=self.norm,
        )
        if self.reference == "max":
            mel = mel / max(float(mel.max()), self.floor)
        mel = self.scale * mel + self.offset
        if self.log != "none":
            mel = np.maximum(mel, self.floor)
            mel = np.log(mel) if self.log == "ln" else np.log10(mel)
        if self.log == "db":
            # Decibels of a magnitude count twice those of a power.
            mel = mel * (20 / self.power)
        if self.frames is not None:
            if mel.shape[1] < self.frames:
                raise SegueError(
                    f"The ONNX card asks for {self.frames} frames, but its window has only "
                    f"{mel.shape[1]}. Make `window_s` longer or `frames` smaller."
                )
            mel = mel[:, : self.frames]
        if self.per_fragment:
            mel = (mel - mel.mean()) / max(float(mel.std()), 1e-6)
        return ((mel - self.mean) / self.std).astype(np.float32)


class Output(_Part):
    """Which output holds the vector."""

    name: str | None = None
    layout: str = "ND"


class OnnxCard(_Part):
    """Everything needed to run a model; see the example at the top of this module."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=60)
    licence: str = Field(min_length=1)
    data: str = ""
    sample_rate: int = Field(ge=1000, le=192_000)
    window_s: Positive
    step_s: Positive | None = None
    input: Annotated[Audio | Mel, Field(discriminator="kind")]
    output: Output = Output()

    @model_validator(mode="after")
    def _layouts(self) -> Self:
        given, made = self.input.layout, self.output.layout
        if sorted(given.replace("1", "").replace("N", "", 1)) != sorted(self.input.axes):
            raise ValueError(
                f"the input layout {given!r} must hold {' and '.join(self.input.axes)} once, "
                "and beside them N or 1 only"
            )
        if made.count("D") != 1 or made.count("N") > 1 or set(made) - set("NDT1"):
            raise ValueError(
                f"the output layout {made!r} must hold D once, and beside it N, T or 1 only"
            )
        if ("N" in given) != ("N" in made):
            raise ValueError("N must stand in both layouts, or in neither")
        return self


def read_card(model: Path) -> OnnxCard:
    """Read the card beside a model.

    Raises
    ------
    SegueError
        If there is no model or card, or something in it is missing or wrong; the message
        says what.
    """
    if not model.is_file():
        raise SegueError(f"There is no such file as {model}.")
    file = model.with_suffix(".json")
    try:
        return OnnxCard.model_validate(json.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        raise SegueError(
            f"{model} has no card beside it. Write {file.name}; the documentation of "
            "encoders shows one."
        ) from error
    except ValidationError as error:
        first = error.errors()[0]
        # The kind of input stands in the path of the error, though not in that of the file.
        place = ".".join(str(p) for p in first["loc"] if p not in ("audio", "mel"))
        reason = first["msg"].removeprefix("Value error, ")
        raise SegueError(
            f"The card {file} is wrong{f' at `{place}`' if place else ''}: {reason}."
        ) from error
    except (OSError, ValueError) as error:
        raise SegueError(f"The card {file} cannot be read ({error}).") from error


def arrange(batch: NDArray[np.float32], axes: str, layout: str) -> NDArray[np.float32]:
    """Bring an array with `axes` into `layout`, which may hold axes of length one as well.

    Examples
    --------
    >>> arrange(np.zeros((8, 96, 187)), "NFT", "N1TF").shape
    (8, 1, 187, 96)
    """
    ordered = batch.transpose([axes.index(axis) for axis in layout if axis != "1"])
    ones = [place for place, axis in enumerate(layout) if axis == "1"]
    return np.ascontiguousarray(np.expand_dims(ordered, ones))


def vectors_of(values: NDArray[np.float32], layout: str) -> NDArray[np.float32]:
    """Make vectors, shape (n, d), of an output of `layout`.

    Raises
    ------
    SegueError
        If the output has another number of axes than the layout.
    """
    if values.ndim != len(layout):
        raise SegueError(
            f"The ONNX model gives an output of shape {values.shape}, which the layout "
            f"{layout!r} on its card does not fit."
        )
    averaged = tuple(place for place, axis in enumerate(layout) if axis in "T1")
    reduced = values.mean(axis=averaged)
    left = [axis for axis in layout if axis in "ND"]
    rows = reduced.T if left == ["D", "N"] else reduced
    return np.ascontiguousarray(np.atleast_2d(rows), np.float32)
