"""Tags from a causal convolution stack and an LSTM, as in "Songs Recommender System" (seed 000).

Its single dense layer does as little as it can, so that the LSTM's output has to carry what
the tags need; that output is the vector.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from data.errors import SegueError
from models.encoders.classify import Classifier, ClassifyingEncoder, Labelled
from models.encoders.contract import Clip, Progress
from models.encoders.mel import LogMel
from models.encoders.spectrograms import Cutter
from models.encoders.splits import split_in_time
from models.encoders.tasks import TagTask

_SPLITS = ("artist", "time")


class TagCrnn(ClassifyingEncoder):
    """Causal Conv1d stack, max-pool, LSTM of four layers, one dense sigmoid layer.

    Fragments are 5 s long and start each second; the card's figures are over all fragments of
    the validation side.

    Parameters
    ----------
    channels, hidden, layers : int
        Width of the convolutions, and width and depth of the LSTM. `hidden` is the dimension.
    split : str
        "artist" checks with the validation clips that `fit` is given. "time" is the split of
        the seed: all clips are put together and each one's time is shared out so that
        fragments of the two sides never overlap.
    draws : int, optional
        Fragments of each clip in an epoch, drawn anew each time; neighbours share four of
        their five seconds, so a few do. None takes all of them.
    """

    name: ClassVar[str] = "tag_crnn"
    defaults: ClassVar[Mapping[str, Any]] = {
        "epochs": 14,
        "batch_size": 16,
        "learning_rate": 1e-3,
        "patience": 4,
    }

    def __init__(
        self,
        *,
        channels: int = 128,
        hidden: int = 256,
        layers: int = 4,
        split: str = "artist",
        draws: int | None = 4,
    ) -> None:
        if split not in _SPLITS:
            raise SegueError(f"The split {split!r} is not known. Use one of {', '.join(_SPLITS)}.")
        mel = LogMel(sample_rate=self.sample_rate, hop=1024, n_mels=80)
        super().__init__(Cutter.of_seconds(mel, fragment_s=5.0, step_s=1.0), TagTask(), draws=draws)
        self._channels, self._hidden, self._layers = channels, hidden, layers
        self._split = split

    @property
    def parameters(self) -> dict[str, Any]:
        """Keyword arguments that make an equal encoder."""
        return {
            "channels": self._channels,
            "hidden": self._hidden,
            "layers": self._layers,
            "split": self._split,
            "draws": self._draws,
        }

    @property
    def dimension(self) -> int:
        """Width of the LSTM."""
        return self._hidden

    def _network(self, labels: int) -> Classifier:
        return Classifier(
            nn.Sequential(
                _causal_stack(self._cutter.mel.n_mels, self._channels),
                _LastOutput(self._channels, self._hidden, self._layers),
            ),
            # The sigmoid that follows stands in the loss, where it is exact.
            nn.Sequential(
                OrderedDict(
                    dense_classifier=nn.Linear(self._hidden, labels),
                    batch_norm_classifier_end=nn.BatchNorm1d(labels),
                )
            ),
        )

    def _begin(self, network: Classifier, learn: Labelled) -> None:
        """Let each tag begin at its own share of the clips.

        A batch norm moves its offset by the learning rate at each step: from zero, as rare as
        tags are, a small crate's training would end before the offset is where it belongs.
        """
        shares = np.clip(learn.targets.mean(axis=0), 0.01, 0.99)
        offset = torch.from_numpy(np.log(shares / (1 - shares)))
        network.get_parameter("classifier.batch_norm_classifier_end.bias").data.copy_(offset)

    def _sides(
        self,
        training: Sequence[Clip],
        validation: Sequence[Clip],
        labels: Sequence[str],
        seed: int,
        progress: Progress | None,
    ) -> tuple[Labelled, Labelled]:
        if self._split == "artist":
            return super()._sides(training, validation, labels, seed, progress)
        whole = self._labelled([*training, *validation], labels, progress, "Listening to clips")
        learn, check = _shared_out(whole, self._cutter, np.random.default_rng(seed))
        return (
            Labelled(whole.fragments.only(learn), whole.targets),
            Labelled(whole.fragments.only(check), whole.targets),
        )


class _LastOutput(nn.Module):
    """An LSTM that returns its output at the last step only."""

    def __init__(self, channels: int, hidden: int, layers: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(
            channels, hidden, layers, batch_first=True, dropout=0.4 if layers > 1 else 0.0
        )

    def forward(self, sequence: Tensor) -> Tensor:
        """Map (n, channels, steps) to (n, hidden)."""
        output: Tensor = self.lstm(sequence.transpose(1, 2))[0]
        return output[:, -1]


def _causal_stack(bands: int, channels: int) -> nn.Sequential:
    """Four convolutions that see the present and the past, then half the frames."""
    parts: OrderedDict[str, nn.Module] = OrderedDict()
    for number in range(4):
        parts[f"padding_{number}"] = nn.ConstantPad1d((1, 0), 0.0)
        parts[f"conv_{number}"] = nn.Conv1d(channels if number else bands, channels, 2)
        parts[f"activation_{number}"] = nn.ReLU()
    parts["max_pool_reduce"] = nn.MaxPool1d(2)
    parts["end_block_activation"] = nn.ReLU()
    return nn.Sequential(parts)


def _shared_out(
    data: Labelled, cutter: Cutter, generator: np.random.Generator
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows to learn from and rows to check with, clip by clip."""
    learn, check = [], []
    for clip in np.unique(data.fragments.clips):
        rows = np.flatnonzero(data.fragments.clips == clip)
        duration_s = (len(rows) - 1) * cutter.step_s + cutter.fragment_s
        split = split_in_time(
            duration_s, generator, fragment_s=cutter.fragment_s, step_s=cutter.step_s
        )
        learn.append(rows[np.rint(split.training / cutter.step_s).astype(int)])
        check.append(rows[np.rint(split.validation / cutter.step_s).astype(int)])
    return np.concatenate(learn), np.concatenate(check)
