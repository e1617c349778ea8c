"""Models brought as ONNX files: they give what torch gives, or say what is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import librosa
import numpy as np
import pytest
import soxr
import torch
from numpy.typing import NDArray
from torch import nn

from data.errors import SegueError
from models.encoders import registry
from models.encoders.onnx import Onnx
from models.encoders.onnx_card import Mel, arrange, vectors_of
from tests.models.encoders import tiny_onnx
from tests.models.encoders.sounds import sound

SAMPLES = sound("bleeps", 0, seconds=4.2)


def _torch(network: nn.Module, x: NDArray[np.float32]) -> NDArray[np.float32]:
    with torch.no_grad():
        return network(torch.from_numpy(x)).numpy()


def _windows(samples: NDArray[np.float32], rate: int) -> list[NDArray[np.float32]]:
    return [samples[a : a + rate] for a in range(0, len(samples) - rate + 1, rate // 2)]


def _log_mel(window: NDArray[np.float32]) -> NDArray[np.float32]:
    mel = librosa.feature.melspectrogram(
        y=window, sr=16_000, n_fft=512, hop_length=256, n_mels=tiny_onnx.BANDS, fmin=30, fmax=8000
    )
    return np.log10(1 + 10_000 * mel).astype(np.float32)


def test_a_model_of_samples_gives_what_torch_gives(tmp_path: Path) -> None:
    encoder = Onnx(path=str(tiny_onnx.audio_model(tmp_path)))
    found = encoder.embed_fragments(SAMPLES)
    windows = np.stack(_windows(SAMPLES, 22_050))[:, None]
    assert np.allclose(found.vectors, _torch(tiny_onnx.audio_network(), windows), atol=1e-5)
    assert found.starts_s == pytest.approx(np.arange(len(windows)) / 2)
    assert (encoder.dimension, encoder.fragment_s, encoder.label) == (6, 1.0, "onnx:tiny-audio")


@pytest.mark.slow
def test_a_model_of_mel_bands_at_another_rate_gives_what_torch_gives(tmp_path: Path) -> None:
    encoder = Onnx(path=str(tiny_onnx.log_mel_model(tmp_path)))
    found = encoder.embed_fragments(SAMPLES)
    windows = _windows(soxr.resample(SAMPLES, 22_050, 16_000), 16_000)
    mels = np.stack([_log_mel(window) for window in windows])
    assert np.allclose(found.vectors, _torch(tiny_onnx.mel_network(), mels), atol=1e-4)
    assert len(found.starts_s) == 7


@pytest.mark.parametrize("batch", [1, 3])
def test_a_model_of_a_fixed_batch_gives_the_same(tmp_path: Path, batch: int) -> None:
    free = Onnx(path=str(tiny_onnx.audio_model(tmp_path / "free")))
    file = tiny_onnx.write(
        tmp_path / "fixed", tiny_onnx.audio_network(), tiny_onnx.AUDIO_CARD, batch=batch
    )
    expected = free.embed_fragments(SAMPLES).vectors
    assert np.allclose(Onnx(path=str(file)).embed_fragments(SAMPLES).vectors, expected, atol=1e-6)


def test_the_summary_counts_the_parameters(tmp_path: Path) -> None:
    network = tiny_onnx.audio_network()
    layers = Onnx(path=str(tiny_onnx.audio_model(tmp_path))).summary()
    counts = {name: count for name, _, count in layers}
    assert counts["conv"] == sum(p.numel() for p in network.conv.parameters())
    assert counts["dense"] == sum(p.numel() for p in network.dense.parameters())
    assert set(counts) == {"conv", "dense"}, "the axis of the mean is no parameter"


def test_it_is_not_trained_here(tmp_path: Path) -> None:
    encoder = Onnx(path=str(tiny_onnx.audio_model(tmp_path)))
    with pytest.raises(SegueError, match="trained elsewhere"):
        encoder.fit([], [])
    assert "MIT" in encoder.card.data


def test_saved_it_is_found_under_its_label_until_the_file_changes(tmp_path: Path) -> None:
    file = tiny_onnx.audio_model(tmp_path / "model")
    other = tiny_onnx.log_mel_model(tmp_path / "other")
    for path in (file, other):
        registry.save(tmp_path, Onnx(path=str(path)))
    assert registry.load(tmp_path, "onnx:tiny-mel").parameters == {"path": str(other)}
    saved = registry.load(tmp_path, "onnx:tiny-audio")
    assert saved.label == "onnx:tiny-audio"
    before = registry.version(saved)

    tiny_onnx.audio_model(tmp_path / "model", step_s=0.25)
    assert registry.version(Onnx(path=str(file))) != before
    with pytest.raises(SegueError, match=r"card of .* has changed"):
        registry.load(tmp_path, "onnx:tiny-audio")


def test_without_a_path_it_asks_for_one() -> None:
    with pytest.raises(SegueError, match="give `path`"):
        registry.create("onnx")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sample_rate": None}, "`sample_rate`"),
        ({"sample_rate": 10}, "`sample_rate`"),
        ({"window_s": -1}, "`window_s`"),
        ({"windows": 1}, "`windows`"),
        ({"name": "a/b"}, "`name`"),
        ({"licence": ""}, "`licence`"),
        ({"input": {"kind": "smell"}}, "kind|smell"),
        ({"input": {"kind": "audio", "layout": "NFT"}}, "input layout 'NFT'"),
        ({"input": {"kind": "mel", "hops": 3}}, "`input.hops`"),
        ({"output": {"layout": "NT"}}, "output layout 'NT'"),
        ({"output": {"layout": "D"}}, "both layouts"),
        ({"input": {"kind": "audio", "layout": "NS"}}, "does not take what its card describes"),
        ({"input": {"kind": "audio", "layout": "N1S", "name": "x"}}, "no input 'x', only sound"),
        ({"output": {"name": "y"}}, "no output 'y', only vector"),
        ({"output": {"layout": "NTD"}}, "'NTD' on its card does not fit"),
    ],
)
def test_a_wrong_card_is_met_with_what_is_wrong(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    card = {k: v for k, v in {**tiny_onnx.AUDIO_CARD, **change}.items() if v is not None}
    file = tiny_onnx.write(tmp_path, tiny_onnx.audio_network(), card)
    with pytest.raises(SegueError, match=message):
        Onnx(path=str(file))


def test_missing_and_damaged_files_are_met_with_a_reason(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match=r"no such file as .*gone.onnx"):
        Onnx(path=str(tmp_path / "gone.onnx"))
    file = tiny_onnx.write(tmp_path, tiny_onnx.audio_network(), None)
    with pytest.raises(SegueError, match=r"no card beside it. Write model.json"):
        Onnx(path=str(file))
    file.with_suffix(".json").write_text("{")
    with pytest.raises(SegueError, match="cannot be read"):
        Onnx(path=str(file))
    file.with_suffix(".json").write_text(json.dumps(tiny_onnx.AUDIO_CARD))
    file.write_bytes(b"not a model")
    with pytest.raises(SegueError, match="cannot be opened"):
        Onnx(path=str(file))
    file.unlink()
    with pytest.raises(SegueError, match="no such file"):
        Onnx(path=str(file))


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"log": "none"}, lambda mel: mel),
        ({"log": "ln", "offset": 0.01}, lambda mel: np.log(mel + 0.01)),
        ({"log": "db"}, lambda mel: librosa.power_to_db(mel, top_db=None)),
        (
            {"log": "db", "reference": "max"},
            lambda mel: librosa.power_to_db(mel / mel.max(), top_db=None),
        ),
        ({"log": "log10", "mean": -3.0, "std": 2.0}, lambda mel: (np.log10(mel) + 3) / 2),
        (
            {"log": "ln", "per_fragment": True},
            lambda mel: (np.log(mel) - np.log(mel).mean()) / np.log(mel).std(),
        ),
        ({"log": "none", "frames": 10}, lambda mel: mel[:, :10]),
    ],
)
def test_spectrograms_are_made_as_the_card_says(settings: dict[str, Any], expected: Any) -> None:
    window = SAMPLES[:22_050]
    mel = librosa.feature.melspectrogram(y=window, sr=22_050, n_mels=40)
    made = Mel(kind="mel", n_mels=40, **settings).features(window, 22_050)
    assert made.dtype == np.float32
    assert np.allclose(made, expected(np.maximum(mel, 1e-10)), atol=1e-3)


def test_decibels_of_magnitude_are_those_of_power() -> None:
    """A tone has the same decibels whether its magnitude or its power is taken."""
    tone = np.sin(2 * np.pi * 1000 * np.arange(22_050) / 22_050).astype(np.float32)
    loudest = [
        Mel(kind="mel", power=power, norm=None).features(tone, 22_050).max() for power in (1, 2)
    ]
    assert loudest[0] == pytest.approx(loudest[1], abs=4)


def test_more_frames_than_the_window_has_is_an_error() -> None:
    with pytest.raises(SegueError, match="only 44"):
        Mel(kind="mel", frames=87).features(SAMPLES[:22_050], 22_050)


@pytest.mark.parametrize(
    ("axes", "layout", "shape"),
    [
        ("NFT", "NFT", (2, 3, 4)),
        ("NFT", "N1TF", (2, 1, 4, 3)),
        ("NFT", "TNF1", (4, 2, 3, 1)),
        ("NS", "1NS", (1, 2, 5)),
        ("FT", "1FT", (1, 3, 4)),
    ],
)
def test_axes_are_brought_into_the_layout(axes: str, layout: str, shape: tuple[int, ...]) -> None:
    sizes = dict(zip("NFTS", (2, 3, 4, 5), strict=True))
    assert arrange(np.zeros([sizes[axis] for axis in axes]), axes, layout).shape == shape


def test_vectors_are_found_in_any_layout() -> None:
    rows = np.arange(6, dtype=np.float32).reshape(2, 3)
    over_time = np.stack([rows - 1, rows + 1])
    assert np.array_equal(vectors_of(rows, "ND"), rows)
    assert np.array_equal(vectors_of(rows.T, "DN"), rows)
    assert np.array_equal(vectors_of(rows[:, None], "N1D"), rows)
    assert np.array_equal(vectors_of(over_time, "TND"), rows)
    assert np.array_equal(vectors_of(rows[0], "D"), rows[:1])
