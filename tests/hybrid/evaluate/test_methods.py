"""Every way to answer, fitted on training sets alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hybrid.evaluate import methods as under_test
from hybrid.evaluate.corpus import Corpus, Training
from hybrid.evaluate.holdout import hide, split_by_date
from hybrid.evaluate.methods import (
    BALANCES,
    GOES_WITH,
    SEGUE,
    WITHOUT_RULES,
    Asking,
    all_methods,
    fit_fusion,
)
from hybrid.evaluate.scenarios import Heard
from hybrid.fusion import PARTS, Fusion
from hybrid.question import Question
from hybrid.tuned import shipped
from models.collaborative import Query
from tests.hybrid.evaluate.conftest import planted_sound
from tests.hybrid.small import QUICK
from tests.models.collaborative.invented import query


@pytest.fixture(scope="module")
def corpus(truth) -> Corpus:
    return Corpus.of(truth.snapshot())


@pytest.fixture(scope="module")
def training(corpus) -> Training:
    return Training.of(corpus, split_by_date(corpus.years))


@pytest.fixture(scope="module")
def sound(corpus) -> Heard:
    return planted_sound(corpus.snapshot)


@pytest.fixture(scope="module")
def fusion(training, sound) -> Fusion:
    return fit_fusion(training, sound, parameters=QUICK)


@pytest.fixture(scope="module")
def methods(training, sound):
    return all_methods(training, sound, parameters=QUICK)


def question(training: Training, sound: Heard, *seeds: int) -> Question:
    asked = query(*seeds, of=training.interactions)
    return sound.question(asked, query(seeds[-1], of=training.interactions), np.array(seeds))


def seeds_of(training: Training, count: int = 3) -> list[int]:
    return training.interactions.plays[0].indices[:count].tolist()


def test_baselines_parts_and_slider_are_all_there(methods):
    by_kind = {kind: [m.name for m in methods if m.kind == kind] for kind in ("method", "part")}
    assert by_kind["method"] == [
        "popularity",
        "item-kNN (cosine)",
        "item-kNN (BM25)",
        "artist's greatest hits",
        "ALS, item similarity",
        "ALS, fold-in",
        "played right after",
        WITHOUT_RULES,
        SEGUE,
        GOES_WITH,
    ]
    assert by_kind["part"] == [f"{how} {part}" for part in PARTS for how in ("only", "without")]
    assert tuple(m.balance for m in methods if m.kind == "curve") == BALANCES
    assert (BALANCES[0], BALANCES[5], BALANCES[-1]) == (0.0, 0.5, 1.0)
    assert [m.name for m in methods if m.rules] == [SEGUE]


def test_without_sound_nothing_of_it_is_compared(training):
    silence = Heard.of(None, training.interactions.n_recordings)
    names = {m.name for m in all_methods(training, silence, parameters=QUICK)}
    assert not {name for name in names if "sound" in name or "balance" in name}
    assert "only prior" in names


def test_a_baseline_scores_nothing_that_no_training_set_holds(training, sound, fusion, methods):
    unplayed = training.interactions.popularity == 0
    assert unplayed.any()
    asking = Asking(fusion, question(training, sound, *seeds_of(training)))
    baselines = methods[: [m.name for m in methods].index(WITHOUT_RULES)]
    assert len(baselines) == 7
    for method in baselines:
        assert not method.score(asking)[unplayed].any()
        assert method.score(asking).any()


def test_each_method_does_as_its_name_says(training, sound, fusion, methods):
    asked = question(training, sound, *seeds_of(training))
    asking, parts = Asking(fusion, asked), fusion.parts(asked)
    scores = {m.name: m.score(asking) for m in methods}
    for part in PARTS:
        np.testing.assert_array_equal(
            scores[f"only {part}"], fusion.fuse(parts, only=(part,)).score
        )
        np.testing.assert_array_equal(
            scores[f"without {part}"], fusion.fuse(parts, without=(part,)).score
        )
    for balance in BALANCES:
        np.testing.assert_array_equal(
            scores[f"balance {balance:g}"], fusion.fuse(parts, balance=balance).score
        )
    np.testing.assert_array_equal(scores[SEGUE], fusion.fuse(parts).score)
    np.testing.assert_array_equal(scores[SEGUE], scores[WITHOUT_RULES])
    np.testing.assert_allclose(scores["balance 0"], scores["only sets"], rtol=1e-6)
    np.testing.assert_allclose(scores["balance 1"], scores["only sound"], rtol=1e-6)
    assert len({tuple(scores[f"only {part}"].round(6)) for part in PARTS}) == len(PARTS)


def test_the_lens_next_is_held_against_the_other(training, sound, fusion, methods):
    asked = question(training, sound, *seeds_of(training))
    by_name = {m.name: m for m in methods}
    assert by_name[GOES_WITH].lens == "next"
    asking = Asking(fusion, asked, "next")
    other = by_name[GOES_WITH].score(asking)
    np.testing.assert_array_equal(other, fusion.fuse(fusion.parts(asked)).score)
    ours = by_name[SEGUE].score(asking)
    np.testing.assert_array_equal(ours, fusion.fuse(fusion.parts(asked, "next"), "next").score)
    assert (ours != other).any()


def test_parts_are_computed_once_for_all_methods(training, sound, fusion, methods, monkeypatch):
    asked: list[str] = []

    def parts(self, question, lens="goes_with"):
        asked.append(lens)
        return real(self, question, lens)

    real = Fusion.parts
    monkeypatch.setattr(Fusion, "parts", parts)
    asking = Asking(fusion, question(training, sound, *seeds_of(training)), "next")
    for method in methods:
        method.score(asking)
    assert sorted(asked) == ["goes_with", "next"]


def test_the_map_from_sound_is_learned_from_training_tracks_alone(training, sound, monkeypatch):
    given = []
    monkeypatch.setattr(under_test, "map_of", lambda *args: given.append(args))
    fit_fusion(training, sound, parameters=QUICK)
    ((space, als, interactions),) = given
    assert space is sound.space
    assert interactions is training.interactions
    assert not als.recordings[interactions.popularity == 0].any()


def test_the_weights_asked_for_are_used_else_those_that_ship(training, sound, fusion):
    own = shipped().scaled(sound=0.1)
    assert fit_fusion(training, sound, parameters=QUICK, tuned=own).tuned is own
    assert fusion.tuned is shipped()


@pytest.mark.parametrize("hiding", [False, True])
def test_what_held_out_sets_hold_changes_no_score(corpus, sound, hiding):
    """Their rows are dealt anew, and dated anew: whatever would leak would show."""
    split = split_by_date(corpus.years)
    hidden = hide(corpus.interactions, split) if hiding else np.empty(0, np.intp)
    held_out = np.isin(corpus.snapshot.play_set, corpus.keep[split.test])
    rng = np.random.default_rng(3)
    recordings = corpus.snapshot.play_recording.copy()
    recordings[held_out] = rng.permutation(recordings[held_out])
    other = Corpus.of(replace(corpus.snapshot, play_recording=recordings))
    other = replace(other, years=np.where(np.isin(range(140), split.test), 2090, other.years))
    assert (other.interactions.plays != corpus.interactions.plays).nnz
    one, another = (Training.of(c, split, hidden) for c in (corpus, other))
    seeds = seeds_of(one)
    scores = [
        {
            m.name: m.score(Asking(fitted, question(t, sound, *seeds), m.lens or "goes_with"))
            for m in all_methods(t, sound, parameters=QUICK)
        }
        for t in (one, another)
        for fitted in [fit_fusion(t, sound, parameters=QUICK)]
    ]
    for name, score in scores[0].items():
        np.testing.assert_array_equal(score, scores[1][name], err_msg=name)


def test_asking_nothing_is_answered_by_what_is_played_anyway(fusion, methods):
    nothing = Question.of(Query(np.empty(0, np.intp), {}, {}))
    for method in methods:
        assert np.isfinite(method.score(Asking(fusion, nothing))).all()
