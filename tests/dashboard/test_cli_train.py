"""``segue train``: with the weights that ship, and with those of the catalogue."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app
from data.catalogue import Catalogue
from data.settings import get_settings
from hybrid import tuning
from hybrid.training import weights_in_force
from hybrid.tuned import Tuned, shipped
from tests.hybrid.small import heard

OWN: Tuned = replace(shipped().scaled(prior=0.5), source="catalogue")


def run(*args: str) -> Any:
    return CliRunner().invoke(app, list(args))


@pytest.fixture(autouse=True)
def sets() -> None:
    with Catalogue.open(get_settings().url) as catalogue:
        catalogue.add_tracklists(
            heard(str(n), *(f"Artist {n} - Track {t}" for t in range(4))) for n in range(3)
        )


def test_trained_weights_are_those_that_ship() -> None:
    report = json.loads(run("train", "--json").stdout)
    assert report["weights"] == "shipped"
    assert report["sound_map"] is None


def test_tuning_tells_when_there_are_too_few_sets_and_trains_nothing() -> None:
    result = run("train", "--tune")
    assert result.exit_code == 2
    assert "3 distinct sets" in result.stderr
    assert not (get_settings().models_dir / "als").exists()


def test_better_weights_stay_in_force_until_one_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "own_weights", lambda *_, **__: OWN)
    result = run("train", "--tune")
    assert result.exit_code == 0
    assert "Weights learned from this catalogue are in force now" in result.stdout
    assert json.loads(run("train", "--json").stdout)["weights"] == "catalogue"
    assert weights_in_force(get_settings()) == OWN
    assert json.loads(run("train", "--shipped", "--json").stdout)["weights"] == "shipped"
    assert weights_in_force(get_settings()) == shipped()


def test_weights_that_do_no_better_are_said_not_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "own_weights", lambda *_, **__: None)
    result = run("train", "--tune")
    assert "they stay" in result.stdout
    assert weights_in_force(get_settings()) == shipped()


def test_one_cannot_learn_and_go_back_at_once() -> None:
    result = run("train", "--tune", "--shipped")
    assert result.exit_code == 2
    assert "not both" in result.stderr
