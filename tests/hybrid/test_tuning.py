from __future__ import annotations

import numpy as np
import pytest

from data.catalogue import Sound
from data.errors import SegueError
from data.records import Embedding
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


def test_no_weight_is_learned_from_previews(crate, settings, monkeypatch):
    asked = []
    monkeypatch.setattr(tuning, "tune_catalogue", lambda ground, *_: asked.append(ground))
    one, other = list(crate.tracks(crate.snapshot().recording_ids).values())[:2]
    numbers = np.ones((1, 4), np.float32)
    heard = Embedding("ear", "1", numbers[0], numbers, np.zeros(1), 5.0)
    clip = Sound("preview:deezer:1", None, one, 30.0, origin="preview", embedding=heard)
    crate.add_sound([clip])
    tuning.own_weights(crate, settings)
    crate.add_sound([Sound("file", None, other, 300.0, embedding=heard)])
    tuning.own_weights(crate, settings)
    assert [ground.heard.space is None for ground in asked] == [True, False]
    [row] = asked[1].heard.space.rows
    assert crate.snapshot().recording_ids[row] == crate.find(other)
