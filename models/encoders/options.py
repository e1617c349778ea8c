"""How to train, with nothing left open, and on what."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch

from data.errors import SegueError
from models.encoders.contract import Clip, TrainingOptions


@dataclass(frozen=True)
class Options:
    """Training options with nothing left open; see `resolve`.

    `patience` is the number of epochs without a better validation value after which
    training stops; 0 never stops it. `device` is "auto", "cpu", "cuda", "cuda:1" ...
    """

    epochs: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    patience: int
    seed: int = 0
    device: str = "auto"
    checkpoint: Path | None = None


def resolve(
    options: TrainingOptions,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float = 1e-3,
    weight_decay: float = 0.01,
    patience: int = 0,
) -> Options:
    """Fill what `options` leaves open with an encoder's own defaults.

    Raises
    ------
    SegueError
        If a number is out of range; the message says which.

    Examples
    --------
    >>> resolve(TrainingOptions(epochs=2), epochs=16, batch_size=128).epochs
    2
    """
    own = {
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "weight_decay": weight_decay,
        "patience": patience,
    }
    given = {name: getattr(options, name) for name in own}
    chosen: dict[str, Any] = own | {k: v for k, v in given.items() if v is not None}
    for name, least in {"epochs": 1, "batch_size": 1, "weight_decay": 0, "patience": 0}.items():
        if chosen[name] < least:
            raise SegueError(f"`{name}` is {chosen[name]}, but must be at least {least}.")
    if not chosen["learning_rate"] > 0:
        raise SegueError(f"`learning_rate` is {chosen['learning_rate']}, but must be above 0.")
    return Options(
        **chosen, seed=options.seed, device=options.device, checkpoint=options.checkpoint
    )


def pick_device(name: str = "auto") -> torch.device:
    """Return the device to train on: for "auto" the GPU where there is one, else the CPU.

    Raises
    ------
    SegueError
        If the device asked for is not there.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise SegueError(
            f"There is no device {name!r} to train on here. Use `auto` or `cpu`."
        ) from error
    return device


def clips_fingerprint(
    training: Sequence[Clip], validation: Sequence[Clip], parameters: Mapping[str, Any]
) -> str:
    """Say in 64 hex digits which clips, labels and encoder parameters a training has.

    Files count by name, size and time of change, not by content; samples by content.
    """
    digest = hashlib.sha256(json.dumps(parameters, sort_keys=True, default=str).encode())
    for clip in (*training, None, *validation):
        if clip is None:
            digest.update(b"validation")
            continue
        if isinstance(clip.audio, Path):
            about = clip.audio.stat() if clip.audio.exists() else None
            digest.update(f"{clip.audio}|{about and (about.st_size, about.st_mtime_ns)}".encode())
        else:
            digest.update(np.ascontiguousarray(clip.audio).tobytes())
        digest.update(json.dumps([clip.artist, clip.album, clip.genre, clip.tags]).encode())
        if clip.factors is not None:
            digest.update(np.ascontiguousarray(clip.factors).tobytes())
    return digest.hexdigest()
