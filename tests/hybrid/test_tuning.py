from __future__ import annotations

import pytest

from data.errors import SegueError
from data.settings import Settings
from hybrid import tuning
from hybrid.training import train
from hybrid.tuned import shipped
from tests.hybrid.small import QUICK, heard


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def crate(catalogue):
    catalogue.add_tracklists(
        heard(str(n), *(f"Artist {n} - Track {t}" for t in range(4)), date=f"{1990 + n}-01-01")
        for n in range(25)
    )
    return catalogue


def test_a_catalogue_with_few_sets_is_told_to_stay_with_the_shipped_weights(crate, settings):
    with pytest.raises(SegueError, match=r"25 distinct sets; at least 200 .*`segue train`"):
        tuning.own_weights(crate, settings)


def test_learning_starts_from_the_weights_in_force_on_all_there_is(crate, settings, monkeypatch):
    asked = {}

    def tune(ground, parameters, start, progress):
        asked.update(ground=ground, parameters=parameters, start=start)
        progress("learning")
        return start

    monkeypatch.setattr(tuning, "tune_catalogue", tune)
    own = shipped().scaled(prior=0.5)
    own = type(own)(own.lenses, own.half, "catalogue", own.about)
    train(crate, settings, parameters=QUICK, weights=own)
    told: list[str] = []
    found = tuning.own_weights(crate, settings, parameters=QUICK, progress=told.append)
    assert found == asked["start"] == own
    assert asked["parameters"] == QUICK
    assert asked["ground"].corpus.interactions.n_sets == 25
    assert asked["ground"].heard.space is None
    assert told == ["learning"]
