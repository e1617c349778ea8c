"""Encoders by name: found by their file, kept and loaded with all they say about themselves."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from data.errors import SegueError
from models import artefacts, encoders
from models.encoders import registry
from models.encoders.contract import Card, Clip, Encoder

SOURCE = '''
"""An encoder that a contributor might add: loudness of two halves of the spectrum."""

from typing import ClassVar

import numpy as np

from models.encoders.contract import Card, Encoder, Fragments

class Helper:
    name = "not this one"

class Halves(Encoder):
    name: ClassVar[str] = "halves"
    needs_fit: ClassVar[bool] = NEEDS_FIT

    def __init__(self, *, power: float = 2.0) -> None:
        self._power = power
        self._scale = np.ones(2, np.float32)

    @property
    def parameters(self):
        return {"power": self._power}

    @property
    def dimension(self):
        return 2

    @property
    def fragment_s(self):
        return 1.0

    def fit(self, training, validation, *, options=None, progress=None):
        self._scale = np.float32([len(training), len(validation)])
        self.card = Card("a test", {"CC0-1.0": len(training)}, {"seen": len(validation)})
        return self

    def embed_fragments(self, samples):
        spectrum = np.abs(np.fft.rfft(samples)) ** self._power
        halves = [part.sum() for part in np.array_split(spectrum, 2)]
        return Fragments(np.float32([halves * self._scale]), np.zeros(1), 1.0)

    def arrays(self):
        return {"scale": self._scale}

    def restore(self, arrays):
        self._scale = arrays["scale"]
        return self

    def summary(self):
        return [("scale", "(2,)", 2)]
'''


@pytest.fixture(params=[True, False], ids=["trained", "needs no training"])
def halves(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[bool]:
    """One file more in the package, and nothing else changed; tells whether it needs `fit`."""
    folder = tmp_path / "contributed"
    folder.mkdir()
    (folder / "halves.py").write_text(SOURCE.replace("NEEDS_FIT", str(request.param)))
    monkeypatch.setattr(encoders, "__path__", [*encoders.__path__, str(folder)])
    yield request.param
    sys.modules.pop("models.encoders.halves", None)


def _fitted(**parameters: float) -> Encoder:
    clips = [Clip(np.ones(10, np.float32))] * 3
    return registry.create("halves", **parameters).fit(clips, clips[:1])


def test_adding_an_encoder_is_adding_a_file(halves: bool) -> None:
    assert "halves" in registry.names()
    assert registry.create("halves", power=1.0).parameters == {"power": 1.0}
    assert registry.encoder_class("halves").needs_fit is halves


def test_the_names_of_segues_own_encoders_are_known() -> None:
    found = registry.names()
    assert "onnx" in found
    assert list(found) == sorted(found)
    assert not {"contract", "registry", "training", "evaluate", "splits"} & set(found)


def test_every_name_leads_to_the_class_that_bears_it() -> None:
    for name in registry.names():
        assert registry.encoder_class(name).name == name


def test_listing_the_names_imports_no_encoder() -> None:
    code = (
        "import sys; from models.encoders import registry; registry.names(); "
        "print([m for m in ('torch', 'lightgbm', 'onnxruntime', 'librosa') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_met_with_the_nearest_and_all_others(halves: bool) -> None:
    with pytest.raises(SegueError, match=r"Did you mean `halves`\?.*Known are .*onnx"):
        registry.create("halfs")
    with pytest.raises(SegueError) as caught:
        registry.load(Path("nowhere"), "qqqq")
    assert "Did you mean" not in str(caught.value)


def test_an_unknown_parameter_is_met_with_those_it_has(halves: bool) -> None:
    with pytest.raises(SegueError, match=r"no parameter `strength`. It has power"):
        registry.create("halves", strength=1)


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = SOURCE.replace("import numpy as np", "import not_installed_here\nimport numpy as np")
    (tmp_path / "halves.py").write_text(source.replace("NEEDS_FIT", "True"))
    monkeypatch.setattr(encoders, "__path__", [*encoders.__path__, str(tmp_path)])
    assert "halves" in registry.names()
    with pytest.raises(SegueError, match="needs the package `not_installed_here`"):
        registry.create("halves")


def test_what_was_saved_is_what_is_loaded(halves: bool, tmp_path: Path) -> None:
    encoder = _fitted(power=1.5)
    folder = registry.save(tmp_path, encoder)
    assert folder.parent.name == "encoder-halves"
    loaded = registry.load(tmp_path, "halves")
    assert loaded.parameters == {"power": 1.5}
    assert loaded.card == Card("a test", {"CC0-1.0": 3}, {"seen": 1})
    assert np.array_equal(loaded.arrays()["scale"], [3, 1])
    assert registry.version(loaded) == registry.version(encoder)
    card = json.loads((folder / "card.json").read_text())
    assert card["fingerprint"] == registry.version(encoder)
    assert card["licences"] == {"CC0-1.0": 3}


def test_shipped_weights_serve_until_the_user_trains_some(halves: bool, tmp_path: Path) -> None:
    models, weights = tmp_path / "models", tmp_path / "weights"
    registry.ship(_fitted(power=1.0), weights)
    registry.ship(_fitted(power=2.0), weights)  # a newer one takes its place
    shipped = registry.load(models, "halves", weights=weights)
    assert shipped.parameters == {"power": 2.0}
    assert shipped.card.data == "a test"
    assert sorted(p.name for p in (weights / "halves").iterdir()) == [
        "arrays.safetensors",
        "card.json",
    ]

    registry.save(models, _fitted(power=3.0))
    assert registry.load(models, "halves", weights=weights).parameters == {"power": 3.0}


def test_without_weights_only_an_encoder_that_needs_none_is_loaded(
    halves: bool, tmp_path: Path
) -> None:
    if halves:
        with pytest.raises(SegueError, match="Run `segue encoder train halves`"):
            registry.load(tmp_path, "halves", weights=tmp_path)
    else:
        assert registry.load(tmp_path, "halves", weights=tmp_path).parameters == {"power": 2.0}


@pytest.mark.parametrize("where", ["models", "weights"])
def test_damaged_weights_are_met_with_the_command_that_makes_new_ones(
    halves: bool, tmp_path: Path, where: str
) -> None:
    folder = (
        registry.save(tmp_path, _fitted())
        if where == "models"
        else registry.ship(_fitted(), tmp_path / "weights")
    )
    (folder / "arrays.safetensors").write_bytes(b"half")
    with pytest.raises(SegueError, match="Run `segue encoder train halves`"):
        registry.load(tmp_path, "halves", weights=tmp_path / "weights")


def test_weights_of_parameters_that_are_gone_are_met_with_a_reason(
    halves: bool, tmp_path: Path
) -> None:
    artefacts.save(
        tmp_path,
        "encoder-halves",
        {"scale": np.ones(2)},
        parameters={"depth": 3},
        fingerprint="",
        metrics={},
    )
    with pytest.raises(SegueError, match="no parameter `depth`"):
        registry.load(tmp_path, "halves")


def test_the_version_changes_with_weights_parameters_and_code(
    halves: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = registry.version(_fitted())
    assert first == registry.version(_fitted())
    untrained = registry.create("halves")
    others = {registry.version(untrained), registry.version(_fitted(power=1.0))}
    monkeypatch.setattr(registry.encoder_class("halves"), "revision", 2)
    others.add(registry.version(_fitted()))
    assert len(others - {first}) == 3


def test_an_encoder_of_one_model_has_its_name_as_label(halves: bool) -> None:
    assert registry.create("halves").label == "halves"
