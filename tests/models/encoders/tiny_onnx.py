"""Small networks in torch, and the same ones as ONNX files with a card.

The graphs are written node by node: torch's own exporter needs further packages.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

WIDTH, DIMENSION, BANDS = 8, 6, 24

AUDIO_CARD: dict[str, Any] = {
    "name": "tiny-audio",
    "licence": "MIT",
    "sample_rate": 22_050,
    "window_s": 1.0,
    "step_s": 0.5,
    "input": {"kind": "audio", "layout": "N1S"},
}
MEL_CARD: dict[str, Any] = {
    "name": "tiny-mel",
    "licence": "MIT",
    "sample_rate": 16_000,
    "window_s": 1.0,
    "step_s": 0.5,
    "input": {
        "kind": "mel",
        "layout": "NFT",
        "n_fft": 512,
        "hop": 256,
        "n_mels": BANDS,
        "fmin": 30.0,
        "fmax": 8000.0,
        "log": "log10",
        "scale": 10_000.0,
        "offset": 1.0,
    },
    "output": {"name": "vector"},
}


class Tiny(nn.Module):
    """Conv1d over time, mean over time, one dense layer."""

    def __init__(self, channels: int, kernel: int, stride: int) -> None:
        super().__init__()
        self.conv = nn.Conv1d(channels, WIDTH, kernel, stride)
        self.dense = nn.Linear(WIDTH, DIMENSION)

    def forward(self, x: Tensor) -> Tensor:
        """Return vectors, shape (n, DIMENSION), of `x`, shape (n, channels, time)."""
        return self.dense(self.conv(x).relu().mean(dim=2))


def audio_network() -> Tiny:
    """Network over samples."""
    torch.manual_seed(0)
    return Tiny(1, 64, 32).eval()


def mel_network() -> Tiny:
    """Network over mel bands."""
    torch.manual_seed(1)
    return Tiny(BANDS, 3, 1).eval()


def audio_model(folder: Path, **card: Any) -> Path:
    """Write `audio_network` and its card; `card` changes entries."""
    return write(folder, audio_network(), {**AUDIO_CARD, **card})


def log_mel_model(folder: Path, **card: Any) -> Path:
    """Write `mel_network` and its card; `card` changes entries."""
    return write(folder, mel_network(), {**MEL_CARD, **card})


def write(
    folder: Path, network: Tiny, card: dict[str, Any] | None, *, batch: int | str = "n"
) -> Path:
    """Write a network as ``model.onnx``; `batch` is the length of its first axis."""
    channels, stride = network.conv.in_channels, network.conv.stride[0]
    weights = {name: tensor.detach().numpy() for name, tensor in network.named_parameters()}
    graph = helper.make_graph(
        [
            helper.make_node(
                "Conv", ["sound", "conv.weight", "conv.bias"], ["wide"], "conv", strides=[stride]
            ),
            helper.make_node("Relu", ["wide"], ["positive"], "relu"),
            helper.make_node("ReduceMean", ["positive", "axes"], ["mean"], "mean", keepdims=0),
            helper.make_node(
                "Gemm", ["mean", "dense.weight", "dense.bias"], ["vector"], "dense", transB=1
            ),
        ],
        "tiny",
        [helper.make_tensor_value_info("sound", TensorProto.FLOAT, [batch, channels, "t"])],
        [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [batch, DIMENSION])],
        [numpy_helper.from_array(array, name) for name, array in weights.items()]
        + [numpy_helper.from_array(np.array([2], np.int64), "axes")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    onnx.checker.check_model(model)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "model.onnx"
    onnx.save(model, file)
    if card is not None:
        file.with_suffix(".json").write_text(json.dumps(card))
    return file
