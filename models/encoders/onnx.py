"""Any model that a user brings as an ONNX file with a card beside it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import numpy as np
import onnxruntime
import soxr
from numpy.typing import NDArray

from data.errors import SegueError
from models.encoders.contract import Card, Clip, Encoder, Fragments, Progress, TrainingOptions
from models.encoders.onnx_card import arrange, read_card, vectors_of

#: Fragments given to the model at once, where it takes any number.
_BATCH = 8
_OPEN = TrainingOptions()


class Onnx(Encoder):
    """A model made elsewhere, run by ONNX Runtime on one thread of the CPU.

    Stronger published models come under licences of their own; here they can be plugged in
    and stay where they are: Segue keeps the path, and a fingerprint of what lay there.
    It hears what Segue hears, sound at 22,050 Hz, brought to the rate on its card: a model of
    a higher rate gets nothing above 11 kHz.

    Parameters
    ----------
    path : str
        The ONNX file. Its card lies beside it, see `models.encoders.onnx_card`.

    Raises
    ------
    SegueError
        If the file or its card is missing or wrong, or the two do not fit together.
    """

    name: ClassVar[str] = "onnx"
    needs_fit: ClassVar[bool] = False

    def __init__(self, *, path: str = "") -> None:
        if not path:
            raise SegueError(
                "The encoder `onnx` needs a model: give `path`, an ONNX file with a card beside it."
            )
        self._path = Path(path).expanduser().absolute()
        self._model = read_card(self._path)
        self._session = _open(self._path)
        self._input = _pick(self._session.get_inputs(), self._model.input.name, "input")
        self._output = _pick(self._session.get_outputs(), self._model.output.name, "output")
        self._window = round(self._model.window_s * self._model.sample_rate)
        self._step_s = self._model.step_s or self._model.window_s
        # A first run shows whether card and model fit, and how long a vector is.
        self._dimension = self._embed([np.zeros(self._window, np.float32)]).shape[1]
        self.card = Card(
            data=self._model.data
            or f"The model {self._model.name}, made elsewhere; its licence is {self._model.licence}"
        )

    @property
    def label(self) -> str:
        """``onnx:`` and the name on the card."""
        return f"{self.name}:{self._model.name}"

    @property
    def parameters(self) -> dict[str, Any]:
        """Where the model lies."""
        return {"path": str(self._path)}

    @property
    def dimension(self) -> int:
        """Length of a vector, as the model gave it."""
        return self._dimension

    @property
    def fragment_s(self) -> float:
        """Window of the model in seconds."""
        return self._window / self._model.sample_rate

    def fit(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        *,
        options: TrainingOptions = _OPEN,
        progress: Progress | None = None,
    ) -> NoReturn:
        """Refuse: the model was trained elsewhere, and ONNX files do not learn."""
        raise SegueError(
            f"{self._path.name} was trained elsewhere and cannot be trained here. "
            "Use it as it is, or train another encoder."
        )

    def embed_fragments(self, samples: NDArray[np.float32]) -> Fragments:
        """Embed windows at the steps on the card."""
        if not len(samples):
            raise SegueError("There is no sound to embed.")
        rate = self._model.sample_rate
        heard = np.asarray(samples, np.float32)
        if rate != self.sample_rate:
            # Repeated before it is resampled, so that a snippet has no end to ring at.
            least = int(np.ceil(self._model.window_s * self.sample_rate))
            heard = heard if len(heard) >= least else np.resize(heard, least)
            heard = soxr.resample(heard, self.sample_rate, rate)
        if len(heard) < self._window:
            heard = np.resize(heard, self._window)
        count = int((len(heard) - self._window) / rate / self._step_s + 1e-9) + 1
        starts_s = np.arange(count, dtype=np.float64) * self._step_s
        first = (starts_s * rate + 1e-6).astype(int)
        vectors = np.concatenate(
            [
                self._embed([heard[a : a + self._window] for a in first[at : at + _BATCH]])
                for at in range(0, count, _BATCH)
            ]
        )
        return Fragments(vectors, starts_s, self.fragment_s)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Fingerprints of model and card: what it has learned stays in its own file."""
        return {
            kind: np.frombuffer(hashlib.sha256(path.read_bytes()).digest(), np.uint8)
            for kind, path in (("model", self._path), ("card", self._path.with_suffix(".json")))
        }

    def restore(self, arrays: Mapping[str, NDArray[Any]]) -> Onnx:
        """Check that model and card are those that were saved."""
        for kind, own in self.arrays().items():
            if kind not in arrays or not np.array_equal(arrays[kind], own):
                raise SegueError(
                    f"The {kind} of {self._path} has changed since it was saved as an encoder. "
                    "Save it again to use it as it is now."
                )
        return self

    def summary(self) -> list[tuple[str, str, int]]:
        """Nodes of the graph that hold parameters, with what they give and how many they hold."""
        import onnx

        graph = onnx.shape_inference.infer_shapes(onnx.load(self._path)).graph
        # Whole numbers of 32 and 64 bits are axes and shapes, not weights.
        shapes_only = (onnx.TensorProto.INT32, onnx.TensorProto.INT64)
        sizes = {
            tensor.name: int(np.prod(tensor.dims, dtype=np.int64))
            for tensor in graph.initializer
            if tensor.data_type not in shapes_only
        }
        shapes = {
            value.name: tuple(
                d.dim_value or d.dim_param or "?" for d in value.type.tensor_type.shape.dim
            )
            for value in (*graph.value_info, *graph.output)
        }
        layers = []
        for node in graph.node:
            # A tensor that several nodes read counts where it is met first.
            count = sum(sizes.pop(name, 0) for name in node.input)
            if count:
                shape = shapes.get(node.output[0], "?")
                layers.append((node.name or f"{node.op_type} {node.output[0]}", str(shape), count))
        return layers or [(self._model.name, f"({self._dimension},)", 0)]

    def _embed(self, fragments: list[NDArray[np.float32]]) -> NDArray[np.float32]:
        """Embed fragments at the model's rate, shape (n, d)."""
        card = self._model
        features = np.stack([card.input.features(f, card.sample_rate) for f in fragments])
        size = self._fixed_batch or _BATCH
        vectors = []
        for at in range(0, len(features), size):
            part = features[at : at + size]
            vectors.append(self._run(part)[: len(part)])
        return np.concatenate(vectors)

    @property
    def _fixed_batch(self) -> int | None:
        """How many fragments the model takes at once, where that is fixed."""
        layout, shape = self._model.input.layout, self._input.shape
        if "N" not in layout:
            return 1
        size = shape[layout.index("N")] if len(shape) == len(layout) else None
        return size if isinstance(size, int) else None

    def _run(self, features: NDArray[np.float32]) -> NDArray[np.float32]:
        card = self._model
        if "N" not in card.input.layout:
            batch = arrange(features[0], card.input.axes, card.input.layout)
        else:
            size = self._fixed_batch or len(features)
            filled = np.resize(features, (size, *features.shape[1:]))
            batch = arrange(filled, f"N{card.input.axes}", card.input.layout)
        try:
            (values,) = self._session.run([self._output.name], {self._input.name: batch})
        except Exception as error:  # ONNX Runtime raises types of its own, without a common root
            raise SegueError(
                f"{self._path} does not take what its card describes, an input of shape "
                f"{batch.shape}: {str(error).splitlines()[0]}"
            ) from error
        return vectors_of(values, card.output.layout)


def _open(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # see `_run`
        reason = "there is no such file" if not path.exists() else str(error).splitlines()[0]
        raise SegueError(f"The ONNX model {path} cannot be opened: {reason}.") from error


def _pick(sides: Sequence[Any], name: str | None, side: str) -> Any:
    """Find an input or output by name, or the only one if the card names none."""
    found = [part for part in sides if name in (None, part.name)]
    if len(found) == 1:
        return found[0]
    names = ", ".join(part.name for part in sides)
    raise SegueError(
        f"The ONNX model has the {side}s {names}: name the right one on its card."
        if name is None
        else f"The ONNX model has no {side} {name!r}, only {names}."
    )
