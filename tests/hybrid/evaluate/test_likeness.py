from __future__ import annotations

import numpy as np
import pytest

from hybrid.evaluate.corpus import Corpus
from hybrid.evaluate.likeness import likeness, made_by
from hybrid.sound_space import SoundSpace
from tests.hybrid.evaluate.conftest import circles, planted_sound

GROUPS = np.repeat(np.arange(6), 5)


def space(vectors: np.ndarray) -> SoundSpace:
    return SoundSpace.of(np.arange(len(vectors)), vectors.astype(np.float32), len(vectors))


def around(centres: np.ndarray, spread: float) -> SoundSpace:
    rng = np.random.default_rng(0)
    return space(centres[GROUPS] + spread * rng.normal(size=(len(GROUPS), centres.shape[1])))


def test_what_lies_together_is_found_and_what_lies_anywhere_is_found_by_chance():
    works = np.arange(30)
    (close,) = likeness(around(np.eye(6), 0.01), {"maker": GROUPS}, works, nearest=4)
    assert (close.made, close.asked, close.found) == ("maker", 30, 1.0)
    assert close.chance == pytest.approx(4 / 29)
    (far,) = likeness(around(np.zeros((6, 8)), 1), {"maker": GROUPS}, works, nearest=4)
    assert far.found < 0.3


def test_other_versions_of_the_same_work_are_not_asked_for():
    """The versions lie on top of each other; who made a track is told apart by nothing else."""
    works = np.arange(30) // 5
    assert likeness(around(np.eye(6), 0.01), {"maker": GROUPS}, works) == []
    makers = GROUPS // 2
    (found,) = likeness(around(np.eye(6), 0.01), {"maker": makers}, works, nearest=5)
    assert found.chance == pytest.approx(5 / 25)
    assert found.found < 1


def test_what_is_not_known_or_has_no_like_is_not_asked_about():
    made = np.array([0, 0, 1, -1, -1, 2])
    vectors = np.eye(6) + 0.01
    (found,) = likeness(space(vectors), {"label": made}, np.arange(6), nearest=1)
    assert found.asked == 2


def test_only_recordings_that_were_heard_take_part():
    made = np.array([0, 9, 0, 1, 9, 1])
    rows = np.array([0, 2, 3, 5])
    vectors = np.eye(2, dtype=np.float32)[[0, 0, 1, 1]]
    heard = SoundSpace.of(rows, vectors, 6)
    (found,) = likeness(heard, {"maker": made}, np.arange(6), nearest=1)
    assert (found.asked, found.found) == (4, 1.0)
    assert found.chance == pytest.approx(1 / 3)
    assert found.as_dict() == {"made": "maker", "asked": 4, "found@10": 1.0, "chance": 0.3333}


def test_a_catalogue_says_who_made_what_and_who_published_it(truth):
    snapshot = truth.snapshot()
    made = made_by(snapshot)
    assert set(made) == {"artist", "label"}
    for name, key in (("artist", snapshot.artists), ("label", snapshot.labels)):
        groups = {}
        for number, written in zip(made[name].tolist(), key.tolist(), strict=True):
            groups.setdefault(number, set()).add(written)
        assert groups.pop(-1, {""}) == {""}
        assert all(len(written) == 1 for written in groups.values())
        assert len(groups) > 1
    corpus = Corpus.of(snapshot)
    circle = circles(snapshot)
    found = {
        one.made: one
        for one in likeness(
            planted_sound(corpus.snapshot).space, {"circle": circle, **made}, snapshot.work_index
        )
    }
    assert found["circle"].found > 0.9 > 0.2 > found["circle"].chance
