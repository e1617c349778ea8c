"""Torch modules as plain arrays, and as a table of their layers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from data.errors import SegueError
from models.artefacts import unpack_strings


def module_arrays(module: nn.Module, prefix: str = "") -> dict[str, NDArray[Any]]:
    """Return all weights and buffers of `module` by name, each name led by `prefix`."""
    return {f"{prefix}{name}": tensor.numpy() for name, tensor in module.cpu().state_dict().items()}


def load_module(module: nn.Module, arrays: Mapping[str, NDArray[Any]], prefix: str = "") -> None:
    """Fill `module` in place with what `module_arrays` returned.

    Raises
    ------
    SegueError
        If a tensor is missing or has another shape.
    """
    state: dict[str, Tensor] = {}
    for name, own in module.state_dict().items():
        array = take(arrays, f"{prefix}{name}")
        # A file gives single numbers back as arrays of one.
        if array.size == own.numel() == 1:
            array = array.reshape(own.shape)
        if array.shape != tuple(own.shape):
            raise SegueError(
                f"The tensor `{prefix}{name}` of this model has the shape {array.shape}, but "
                f"{tuple(own.shape)} is expected. Train the encoder again."
            )
        state[name] = torch.from_numpy(array.copy())
    module.load_state_dict(state)
    module.eval()


def take(arrays: Mapping[str, NDArray[Any]], name: str) -> NDArray[Any]:
    """Return one tensor of a model.

    Raises
    ------
    SegueError
        If it is missing.
    """
    if name not in arrays:
        raise SegueError(f"The tensor `{name}` is missing in this model. Train the encoder again.")
    return arrays[name]


def take_strings(arrays: Mapping[str, NDArray[Any]], name: str) -> list[str]:
    """Return texts of a model that `pack_strings` made; SegueError if they are none."""
    try:
        return unpack_strings(take(arrays, name))
    except (ValueError, TypeError) as error:
        raise SegueError(
            f"The texts in `{name}` of this model cannot be read. Train the encoder again."
        ) from error


def layers(module: nn.Module, example: Tensor) -> list[tuple[str, str, int]]:
    """List the layers that `example` passes, as ``(name, output shape, parameters)``.

    Parameters
    ----------
    module : Module
        Its layers are the modules in it that have none in them.
    example : Tensor
        A batch of one; the shapes returned leave the batch out.
    """
    rows: list[tuple[str, str, int]] = []

    def note(name: str, layer: nn.Module, output: Any) -> None:
        first = output[0] if isinstance(output, tuple) else output
        count = sum(parameter.numel() for parameter in layer.parameters())
        rows.append((f"{name}: {type(layer).__name__}", str(tuple(first.shape[1:])), count))

    hooks = [
        layer.register_forward_hook(lambda layer, _, output, name=name: note(name, layer, output))
        for name, layer in module.named_modules()
        if not list(layer.children())
    ]
    was_training = module.training
    try:
        with torch.inference_mode():
            module.eval()(example)
    finally:
        module.train(was_training)
        for hook in hooks:
            hook.remove()
    return rows
