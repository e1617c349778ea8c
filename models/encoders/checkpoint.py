"""State of a training between two epochs, in one safetensors file.

One file, so that replacing it is one step: a run that is killed leaves the state before or
the state after, never half of each. Nothing in it is code, as it would be with pickle.
"""

from __future__ import annotations

import json
import logging
import math
import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

from data.errors import SegueError

log = logging.getLogger(__name__)

_FILE = "checkpoint.safetensors"
_WEIGHTS, _BEST, _OPTIMISER = "weights/", "best/", "optimiser/"


@dataclass
class State:
    """All that a training knows after an epoch.

    `weights` and `best` are state dicts; `optimiser` maps ``"<parameter>/<name>"`` to a
    tensor; `epoch` and `best_epoch` count epochs done.
    """

    weights: dict[str, Tensor]
    best: dict[str, Tensor]
    optimiser: dict[str, Tensor] = field(default_factory=dict)
    epoch: int = 0
    best_epoch: int = 0
    training: list[float] = field(default_factory=list)
    validation: list[float] = field(default_factory=list)

    @classmethod
    def of(cls, module: nn.Module) -> Self:
        """State before the first epoch."""
        weights = _copy(module.state_dict())
        return cls(weights, weights)

    def take(
        self, module: nn.Module, optimiser: torch.optim.Optimizer, value: float | None
    ) -> None:
        """Take over what one more epoch made; `value` is its validation value, if there is one."""
        self.epoch += 1
        self.weights = _copy(module.state_dict())
        self.optimiser = _copy(
            {
                f"{parameter}/{name}": tensor
                for parameter, parts in optimiser.state_dict()["state"].items()
                for name, tensor in parts.items()
            }
        )
        if value is None or value < min(self.validation, default=math.inf):
            self.best, self.best_epoch = self.weights, self.epoch
        if value is not None:
            self.validation.append(value)


def restore_optimiser(optimiser: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Give a new optimiser the moments of an old one; its rates stay its own."""
    state: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        parameter, name = key.split("/")
        state.setdefault(int(parameter), {})[name] = tensor
    optimiser.load_state_dict(optimiser.state_dict() | {"state": state})


def write(folder: Path, mark: str, state: State) -> None:
    """Write `state` into `folder`, whole or not at all; `mark` says which training it is of.

    Raises
    ------
    SegueError
        If it cannot be written; the state before is still there.
    """
    tensors = {
        prefix + name: tensor.clone()  # safetensors refuses tensors that share memory
        for prefix, part in (
            (_WEIGHTS, state.weights),
            (_BEST, state.best),
            (_OPTIMISER, state.optimiser),
        )
        for name, tensor in part.items()
    }
    about = {
        "mark": mark,
        "epoch": state.epoch,
        "best_epoch": state.best_epoch,
        "training": state.training,
        "validation": state.validation,
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / _FILE, tensors, {"state": json.dumps(about)})
    except (OSError, SafetensorError) as error:
        raise SegueError(
            f"The checkpoint in {folder} cannot be written ({error}). Make room for it, "
            "then run the same command again."
        ) from error


def read(folder: Path, mark: str) -> State | None:
    """Read the state in `folder`; None where there is none, or one of another training."""
    file = folder / _FILE
    if not file.exists():
        return None
    try:
        with safe_open(file, framework="pt") as opened:
            about = json.loads(opened.metadata()["state"])
            if about.pop("mark") != mark:
                log.warning(
                    "The checkpoint in %s is of other data, options or code: starting anew.", folder
                )
                return None
            tensors = {name: opened.get_tensor(name) for name in opened.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, ValueError, KeyError, TypeError) as error:
        log.warning("The checkpoint in %s cannot be read (%s): starting anew.", folder, error)
        return None

    def part(prefix: str) -> dict[str, Tensor]:
        return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}

    return State(part(_WEIGHTS), part(_BEST), part(_OPTIMISER), **about)


def _replace(file: Path, tensors: dict[str, Tensor], metadata: dict[str, str]) -> None:
    handle, making = tempfile.mkstemp(prefix=".new-", dir=file.parent)
    os.close(handle)
    try:
        save_file(tensors, making, metadata=metadata)
        with open(making, "rb") as written:
            os.fsync(written.fileno())
        os.replace(making, file)
    finally:
        Path(making).unlink(missing_ok=True)


def _copy(tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name: tensor.detach().cpu().clone().contiguous() for name, tensor in tensors.items()}
