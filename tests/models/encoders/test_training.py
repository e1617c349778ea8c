"""The training loop: seeded, interruptible, and never mixing two trainings."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from data.errors import SegueError
from models.encoders.options import Options
from models.encoders.training import (
    History,
    constant,
    initialised,
    mean_loss,
    train,
    warm_cosine,
)

Pair = tuple[np.ndarray, np.ndarray]

OPTIONS = Options(epochs=4, batch_size=8, learning_rate=0.02, weight_decay=0.01, patience=0)


def _points() -> Pair:
    generator = np.random.default_rng(5)
    x = generator.normal(size=(40, 6)).astype(np.float32)
    return x, (x[:, :1] * x[:, 1:2] > 0).astype(np.float32)


def _batches(epoch: int, generator: np.random.Generator) -> list[Pair]:
    x, y = _points()
    order = generator.permutation(len(x))
    return [(x[rows], y[rows]) for rows in np.split(order, 5)]


def _loss(module: nn.Module, batch: tuple[Tensor, Tensor]) -> Tensor:
    x, y = batch
    return nn.functional.binary_cross_entropy_with_logits(module(x), y)


def _network(seed: int = 0) -> nn.Module:
    """A network with everything that makes training hard to repeat: dropout and batch norm."""
    return initialised(
        lambda: nn.Sequential(
            nn.Linear(6, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Dropout(0.4), nn.Linear(16, 1)
        ),
        seed=seed,
    )


def _validate(module: nn.Module) -> float:
    return mean_loss(module, [_points()], _loss)


def _run(module: nn.Module, options: Options = OPTIONS, **changes: object) -> History:
    told = {"batches": _batches, "loss": _loss, "validate": _validate, "schedule": warm_cosine}
    return train(module, options=options, **(told | changes))  # type: ignore[arg-type]


def _weights(module: nn.Module) -> dict[str, np.ndarray]:
    return {name: tensor.numpy().copy() for name, tensor in module.state_dict().items()}


def _equal(a: nn.Module, b: nn.Module) -> bool:
    one, other = _weights(a), _weights(b)
    return one.keys() == other.keys() and all(np.array_equal(one[n], other[n]) for n in one)


class Batches:
    """Batches that note which epochs were asked for, and can be killed in the middle of one."""

    def __init__(self, *, with_length: bool = True, killed_in: int | None = None) -> None:
        self.asked: list[int] = []
        self._with_length = with_length
        self._killed_in = killed_in

    def __call__(self, epoch: int, generator: np.random.Generator) -> Iterable[Pair]:
        self.asked.append(epoch)
        whole = _batches(epoch, generator)
        if epoch == self._killed_in:
            return self._killed(whole)
        return whole if self._with_length else (batch for batch in whole)

    def _killed(self, whole: list[Pair]) -> Iterator[Pair]:
        yield from whole[:2]
        raise KeyboardInterrupt


def test_it_learns() -> None:
    module = _network()
    before = _validate(module.eval())
    history = _run(module, replace(OPTIONS, epochs=60))
    assert history.best < before / 2
    assert not module.training


def test_the_same_seed_gives_the_same_weights_and_another_seed_others() -> None:
    one, same, other = _network(), _network(), _network()
    assert _run(one) == _run(same)
    _run(other, replace(OPTIONS, seed=1))
    assert _equal(one, same)
    assert not _equal(one, other)


def test_first_weights_depend_on_the_seed_alone() -> None:
    torch.manual_seed(1)
    one = _network(seed=7)
    torch.manual_seed(2)
    expected = torch.rand(3)
    torch.manual_seed(2)
    assert _equal(one, _network(seed=7))
    assert torch.equal(torch.rand(3), expected), "torch's own seed was moved"


def test_training_leaves_torchs_own_seed_alone() -> None:
    torch.manual_seed(3)
    expected = torch.rand(3)
    torch.manual_seed(3)
    _run(_network())
    assert torch.equal(torch.rand(3), expected)


@pytest.mark.parametrize("with_length", [True, False])
def test_a_killed_run_ends_like_one_that_was_left_alone(tmp_path: Path, with_length: bool) -> None:
    kept = replace(OPTIONS, checkpoint=tmp_path / "state")
    undisturbed, killed, again = _network(), _network(), _network()
    whole = Batches(with_length=with_length)
    expected = _run(undisturbed, batches=whole)

    with pytest.raises(KeyboardInterrupt):
        # Killed in the third epoch; what that epoch had done already must not count.
        _run(killed, kept, batches=Batches(with_length=with_length, killed_in=2))
    rest = Batches(with_length=with_length)
    history = _run(again, kept, batches=rest)

    assert rest.asked == [2, 3]
    assert history == expected
    assert _equal(again, undisturbed)
    assert [file.name for file in kept.checkpoint.iterdir()] == ["checkpoint.safetensors"]


def test_a_finished_run_is_not_run_again(tmp_path: Path) -> None:
    kept = replace(OPTIONS, checkpoint=tmp_path)
    one, other = _network(), _network()
    expected = _run(one, kept)
    batches = Batches()
    assert _run(other, kept, batches=batches) == expected
    assert not batches.asked
    assert _equal(one, other)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 1},
        {"epochs": 5},
        {"learning_rate": 0.01},
        {"fingerprint": "other clips"},
        {"module": 1},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_checkpoint_of_another_training_is_left_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, change: dict[str, object]
) -> None:
    kept = replace(OPTIONS, checkpoint=tmp_path)
    _run(_network(), kept)
    rest = dict(change)
    weights_seed, fingerprint = rest.pop("module", 0), rest.pop("fingerprint", "")
    options = replace(kept, **rest)  # type: ignore[arg-type]
    fresh, undisturbed = _network(weights_seed), _network(weights_seed)  # type: ignore[arg-type]

    with caplog.at_level(logging.WARNING):
        history = _run(fresh, options, fingerprint=fingerprint)

    assert "starting anew" in caplog.text
    assert history == _run(undisturbed, replace(options, checkpoint=None))
    assert _equal(fresh, undisturbed)


def test_a_damaged_checkpoint_is_left_aside(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    kept = replace(OPTIONS, checkpoint=tmp_path)
    expected = _run(_network(), kept)
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:100])
    assert _run(_network(), kept) == expected
    assert "cannot be read" in caplog.text


def test_a_checkpoint_that_cannot_be_written_is_met_with_advice(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    with pytest.raises(SegueError, match="run the same command again"):
        _run(_network(), replace(OPTIONS, checkpoint=in_the_way))


def test_training_stops_when_validation_gets_no_better_and_keeps_the_best_weights() -> None:
    values = iter([3.0, 1.0, 2.0, 1.0, 0.5, 9.0])
    seen: list[dict[str, np.ndarray]] = []

    def validate(module: nn.Module) -> float:
        assert not module.training
        assert not torch.is_grad_enabled()
        seen.append(_weights(module))
        return next(values)

    module = _network()
    history = _run(module, replace(OPTIONS, epochs=6, patience=2), validate=validate)

    # The fourth value only equals the best one: not better, so patience ends there.
    assert history.validation == (3.0, 1.0, 2.0, 1.0)
    assert (history.best_epoch, history.best) == (2, 1.0)
    assert all(np.array_equal(seen[1][name], kept) for name, kept in _weights(module).items())


def test_without_validation_the_last_weights_are_kept() -> None:
    history = _run(_network(), replace(OPTIONS, patience=1), validate=None)
    assert len(history.training) == 4
    assert history.best_epoch == 4
    assert np.isnan(history.best)


def test_progress_is_told_after_each_epoch() -> None:
    told: list[tuple[str, int, int]] = []
    _run(_network(), progress=lambda step, done, total, note: told.append((step, done, total)))
    assert told == [("Training", n, 4) for n in (1, 2, 3, 4)]


def test_frozen_parameters_stay_as_they_are() -> None:
    module = _network()
    first = module[0]
    first.weight.requires_grad_(False)
    before = first.weight.clone()
    _run(module)
    assert torch.equal(first.weight, before)


def test_gradients_are_clipped() -> None:
    clipped, free = _network(), _network()
    _run(clipped, replace(OPTIONS, weight_decay=0.0), clip_norm=1e-9)
    _run(free, replace(OPTIONS, weight_decay=0.0), clip_norm=None)

    def moved(module: nn.Module) -> float:
        return float(np.abs(_weights(module)["0.weight"] - _weights(_network())["0.weight"]).max())

    # Adam divides a gradient by its own size but for an epsilon of 1e-8, so only
    # a gradient near that epsilon moves a weight by less.
    assert moved(clipped) < moved(free) / 3


def test_a_loss_that_is_no_number_ends_training_with_advice() -> None:
    with pytest.raises(SegueError, match="smaller learning rate"):
        _run(_network(), loss=lambda module, batch: _loss(module, batch) * float("nan"))
    with pytest.raises(SegueError, match="validation"):
        _run(_network(), validate=lambda module: float("nan"))


def test_no_batch_is_an_error() -> None:
    with pytest.raises(SegueError, match="nothing to train on"):
        _run(_network(), batches=lambda epoch, generator: [])


def test_batches_may_be_dicts_of_arrays() -> None:
    def batches(epoch: int, generator: np.random.Generator) -> list[dict[str, np.ndarray]]:
        return [{"x": x, "y": y} for x, y in _batches(epoch, generator)]

    def loss(module: nn.Module, batch: dict[str, Tensor]) -> Tensor:
        return _loss(module, (batch["x"], batch["y"]))

    assert _run(_network(), batches=batches, loss=loss) == _run(_network())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU")
def test_training_on_a_gpu_comes_back_to_the_cpu() -> None:
    module = _network()
    history = _run(module, replace(OPTIONS, device="cuda", epochs=40))
    assert history.best < 0.5
    assert {p.device.type for p in module.parameters()} == {"cpu"}


def test_the_warm_cosine_rises_and_falls() -> None:
    shares = np.linspace(0, 1, 101)
    factors = np.array([warm_cosine(share) for share in shares])
    peak = int(factors.argmax())
    assert factors[peak] == 1.0 and shares[peak] == pytest.approx(0.05)
    assert (np.diff(factors[: peak + 1]) > 0).all()
    assert (np.diff(factors[peak:]) < 0).all()
    assert factors[0] > 0
    assert factors[-1] == pytest.approx(0)
    assert constant(0.3) == 1.0
