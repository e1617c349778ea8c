"""The one training loop of every encoder that is a torch module.

Seeded, early-stopped, and safe to interrupt: after each epoch its whole state goes to a
checkpoint, and a run that goes on from there ends with the very weights of a run that was
never disturbed (on a CPU bit by bit; a GPU adds in no fixed order).
"""

from __future__ import annotations

import hashlib
import json
import logging
import math
import operator
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
import torch
from torch import Tensor, nn

from data.errors import SegueError
from models.encoders import checkpoint
from models.encoders.contract import Progress
from models.encoders.options import Options, pick_device

log = logging.getLogger(__name__)

Batch = TypeVar("Batch")
Module = TypeVar("Module", bound=nn.Module)
#: Share of the training that is done, 0 to 1 -> factor on the learning rate.
Schedule = Callable[[float], float]


@dataclass(frozen=True)
class History:
    """What training did, epoch by epoch.

    Parameters
    ----------
    training : tuple of float
        Mean training loss of each epoch.
    validation : tuple of float
        Validation value of each epoch; empty where there was no validation.
    best_epoch : int
        Number of the epoch whose weights were kept, counted from 1; 0 if none was run.
    """

    training: tuple[float, ...] = ()
    validation: tuple[float, ...] = ()
    best_epoch: int = 0

    @property
    def best(self) -> float:
        """Best validation value, NaN where there was no validation."""
        return min(self.validation, default=math.nan)


def initialised(make: Callable[[], Module], *, seed: int) -> Module:
    """Make a module whose first weights depend on `seed` alone, and leave torch's own seed be."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return make()


def constant(share: float) -> float:
    """Keep the learning rate as it is."""
    return 1.0


def warm_cosine(share: float, *, warm: float = 0.05) -> float:
    """Raise the learning rate over the first `warm` of training, then let it fall to zero.

    Loshchilov & Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", ICLR 2017.
    """
    if share < warm:
        return max(share / warm, 0.01)
    return 0.5 * (1 + math.cos(math.pi * (share - warm) / (1 - warm)))


def train(
    module: nn.Module,
    *,
    batches: Callable[[int, np.random.Generator], Iterable[Batch]],
    loss: Callable[[nn.Module, Batch], Tensor],
    options: Options,
    validate: Callable[[nn.Module], float] | None = None,
    schedule: Schedule = constant,
    clip_norm: float | None = 5.0,
    fingerprint: str = "",
    progress: Progress | None = None,
    step: str = "Training",
) -> History:
    """Train `module` in place with AdamW and leave the best weights in it.

    Torch and the generator that `batches` is given are seeded anew before each epoch from
    the seed and the number of the epoch, so an epoch does not depend on how the one before
    it was reached. With `options.checkpoint`, state is written there after each epoch, and
    a state found there is taken up if it belongs to the same module, options, seed and
    `fingerprint`; another one is left aside and written over.

    Parameters
    ----------
    module : Module
        Moved to the device for training, and back to the CPU and into eval mode at the end.
    batches : callable
        ``(epoch, generator) -> batches``, epochs counted from 0. A batch is a tensor, an
        array, or a tuple, list or dict of them; they are moved to the device here. Where the
        batches have a length, the schedule moves within an epoch as well.
    loss : callable
        ``(module, batch) -> tensor of shape ()``, the mean over the batch.
    options : Options
        From `resolve`. `batch_size` is for the caller's `batches`.
    validate : callable, optional
        ``module -> value``, smaller is better; called in eval mode without gradients.
        Without it, training never stops early and the last weights are kept.
    schedule : callable
        Factor on the learning rate by the share of training that is done.
    clip_norm : float, optional
        Gradients are scaled down to this L2 norm; None leaves them.
    fingerprint : str
        Says which data and encoder parameters these are: see `clips_fingerprint`.
    progress : callable, optional
        Told after each epoch, named `step`.

    Returns
    -------
    History

    Raises
    ------
    SegueError
        If there is no batch, or the loss or the validation value stops being a number.
    """
    device = pick_device(options.device)
    mark = _mark(module, options, fingerprint)
    state = checkpoint.State.of(module)
    module.to(device)
    optimiser = torch.optim.AdamW(
        [p for p in module.parameters() if p.requires_grad],
        lr=options.learning_rate,
        weight_decay=options.weight_decay,
    )
    if options.checkpoint and (found := checkpoint.read(options.checkpoint, mark)):
        state = found
        module.load_state_dict(state.weights)
        checkpoint.restore_optimiser(optimiser, state.optimiser)
        log.info("Going on after epoch %d of %d.", state.epoch, options.epochs)

    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        while state.epoch < options.epochs and not _is_enough(state, options.patience):
            epoch = state.epoch
            # numpy's SeedSequence mixes the two numbers; torch takes one.
            generator = np.random.default_rng([options.seed, epoch])
            torch.manual_seed(int(generator.integers(2**62)))
            module.train()
            state.training.append(
                _epoch(
                    module,
                    batches(epoch, generator),
                    loss,
                    optimiser,
                    rate=partial(_rate, options, schedule, epoch),
                    clip_norm=clip_norm,
                    device=device,
                )
            )
            value = _validated(module, validate)
            state.take(module, optimiser, value)
            if options.checkpoint:
                checkpoint.write(options.checkpoint, mark, state)
            if progress:
                progress(step, state.epoch, options.epochs, _note(state.training[-1], value))

    module.load_state_dict(state.best)
    module.to("cpu").eval()
    return History(tuple(state.training), tuple(state.validation), state.best_epoch)


def mean_loss(
    module: nn.Module,
    batches: Iterable[Batch],
    loss: Callable[[nn.Module, Batch], Tensor],
) -> float:
    """Mean of `loss` over batches of equal weight: a `validate` for losses; NaN without a batch."""
    device = next(module.parameters()).device
    with torch.no_grad():
        values = [float(loss(module, to_device(batch, device))) for batch in batches]
    return float(np.mean(values)) if values else math.nan


def to_device(batch: Any, device: torch.device) -> Any:
    """Move the tensors and arrays of a batch to a device, in whatever they are nested."""
    if isinstance(batch, np.ndarray):
        batch = torch.from_numpy(batch)
    if isinstance(batch, Tensor):
        return batch.to(device, non_blocking=True)
    if isinstance(batch, dict):
        return {name: to_device(part, device) for name, part in batch.items()}
    if isinstance(batch, tuple | list):
        return type(batch)(to_device(part, device) for part in batch)
    return batch


def _rate(options: Options, schedule: Schedule, epoch: int, part: float) -> float:
    return options.learning_rate * schedule((epoch + part) / options.epochs)


def _epoch(
    module: nn.Module,
    batches: Iterable[Any],
    loss: Callable[[nn.Module, Any], Tensor],
    optimiser: torch.optim.Optimizer,
    *,
    rate: Callable[[float], float],
    clip_norm: float | None,
    device: torch.device,
) -> float:
    """Go through the batches once; returns the mean loss."""
    expected = operator.length_hint(batches)
    # Summed on the device: asking for the number after each step would stall a GPU.
    total, count = torch.zeros((), device=device), 0
    for batch in batches:
        for group in optimiser.param_groups:
            group["lr"] = rate(count / expected if expected else 0.0)
        optimiser.zero_grad(set_to_none=True)
        value = loss(module, to_device(batch, device))
        value.backward()
        if clip_norm is not None:
            nn.utils.clip_grad_norm_(module.parameters(), clip_norm)
        optimiser.step()
        total += value.detach()
        count += 1
    if not count:
        raise SegueError("There is nothing to train on: add clips, or make the batches smaller.")
    mean = float(total) / count
    if not math.isfinite(mean):
        raise SegueError(
            "Training came apart: its loss is no longer a number. Use a smaller learning rate."
        )
    return mean


def _validated(module: nn.Module, validate: Callable[[nn.Module], float] | None) -> float | None:
    if validate is None:
        return None
    module.eval()
    with torch.no_grad():
        value = float(validate(module))
    if not math.isfinite(value):
        raise SegueError(
            "The validation value is not a number: give more validation clips, "
            "or a smaller learning rate."
        )
    return value


def _is_enough(state: checkpoint.State, patience: int) -> bool:
    return bool(patience and state.validation and state.epoch - state.best_epoch >= patience)


def _note(training: float, validation: float | None) -> str:
    note = f"loss {training:.4f}"
    return note if validation is None else f"{note}, validation {validation:.4f}"


def _mark(module: nn.Module, options: Options, fingerprint: str) -> str:
    """Return what a checkpoint must carry to be taken up: everything the outcome depends on."""
    chosen = asdict(options)
    # Where it runs and where it is kept do not change what is trained.
    del chosen["device"], chosen["checkpoint"]
    digest = hashlib.sha256(f"{json.dumps(chosen, sort_keys=True)}|{fingerprint}".encode())
    for name, tensor in module.state_dict().items():
        digest.update(f"{name}{tuple(tensor.shape)}{tensor.dtype}".encode())
        digest.update(tensor.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()
