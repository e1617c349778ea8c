from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from data.errors import SegueError
from hybrid.evaluate import tune as tuning
from hybrid.evaluate.corpus import Corpus, Training
from hybrid.evaluate.examples import COLUMNS, NEXT_WARM, Example, examples
from hybrid.evaluate.holdout import hide, split_by_date
from hybrid.evaluate.learn import nats
from hybrid.evaluate.scenarios import Heard
from hybrid.evaluate.tune import NEUTRAL, Ground, ask, fitted, tune, tune_catalogue, windows
from hybrid.fusion import Fusion
from hybrid.signals import PARTS
from hybrid.sound_space import SoundSpace
from hybrid.tuned import LENSES, Tuned, shipped
from models.collaborative import JointALS
from tests.hybrid.small import QUICK

#: Two windows: more take longer and show no more.
FEW = ((0.6, 0.8), (0.8, 1.0))
NO = np.zeros(0, bool)


def silent(_: str) -> None:
    pass


@pytest.fixture(scope="module")
def corpus(truth) -> Corpus:
    return Corpus.of(truth.snapshot())


@pytest.fixture(scope="module")
def heard(corpus) -> Heard:
    """What is of one circle sounds alike."""
    snapshot = corpus.snapshot
    n = len(snapshot.recording_ids)
    names, circle = np.unique(
        [t.split(" number ")[0] for t in snapshot.titles], return_inverse=True
    )
    rng = np.random.default_rng(0)
    own = rng.normal(size=(len(names), 16))[circle]
    vectors = (own + 0.3 * rng.normal(size=own.shape)).astype(np.float32)
    return Heard.of(SoundSpace.of(np.arange(n), vectors, n), n)


@pytest.fixture(scope="module")
def found(corpus):
    return ask(Ground.unheard(corpus), QUICK, silent)


def test_tuning_never_sees_the_sets_that_the_evaluation_reports_on(corpus):
    reported_on = set(split_by_date(corpus.years).test.tolist())
    for window in windows(corpus):
        assert not reported_on & {*window.train.tolist(), *window.test.tolist()}


def test_every_window_asks_about_what_came_after_what_it_learned_from(corpus):
    asked: list[int] = []
    for window in windows(corpus):
        assert len(window.test)
        assert corpus.years[window.train].max() <= corpus.years[window.test].min()
        asked += window.test.tolist()
    assert len(set(asked)) == len(asked)


class TestExamples:
    """What a question looks like to those who learn from it."""

    def test_a_candidate_is_scored_as_the_product_scores_it(self, corpus, heard):
        window = windows(corpus)[0]
        training = Training.of(corpus, window)
        als = JointALS(QUICK).fit(training.interactions)
        from hybrid.evaluate.scenarios import scenarios
        from hybrid.training import map_of

        fusion = Fusion(
            training.interactions,
            training.years,
            als,
            training.played_next,
            heard.space,
            shipped(),
            map_of(heard.space, als, training.interactions),
            heard.windows,
        )
        questions = [q for _, asked in scenarios(corpus, training, heard, 1) for q in asked]
        made = list(examples(corpus, training, heard, QUICK, draws=1))
        assert len(made) == len(questions)
        for example, asked in list(zip(made, questions, strict=True))[::9]:
            fused = fusion.fuse(fusion.parts(asked.question, asked.lens), asked.lens)
            score = fused.score.copy()
            score[asked.seeds] = 0
            ours = nats(example, shipped().lenses[asked.lens])
            ours = ours / (ours + fused.half)
            assert ours.max() == pytest.approx(score.max(), rel=1e-3)

    def test_seeds_are_no_candidates_worth_choosing_and_targets_are_counted(self, corpus, found):
        for example in found[0][:50]:
            assert example.signals.shape == (len(example.warm), len(COLUMNS))
            assert example.known.shape == (len(example.warm), len(PARTS))
            for scenario, hit in example.hits.items():
                assert hit.sum() <= example.targets[scenario]
                if scenario in ("warm", NEXT_WARM):
                    assert not (hit & ~example.warm).any()

    def test_hidden_recordings_are_asked_for_as_if_nobody_had_played_them(self, corpus):
        window = windows(corpus)[0]
        hidden = hide(corpus.interactions, window, 0.3)
        training = Training.of(corpus, window, hidden)
        made = list(examples(corpus, training, Ground.unheard(corpus).heard, QUICK, draws=1))
        assert made
        for example in made:
            if "hidden" not in example.hits:
                continue
            assert not (example.hits["hidden"] & example.warm).any()
            sets = example.known[:, PARTS.index("sets")]
            assert not sets[example.hits["hidden"]].any()


@pytest.fixture(scope="module")
def tuned(corpus, heard) -> Iterator[Tuned]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tuning, "WINDOWS", FEW)
        yield tune(Ground.unheard(corpus), QUICK, crate=Ground(corpus, heard), progress=silent)


@pytest.fixture(scope="module")
def asked(corpus) -> list[Example]:
    """What `tuned` learned from, of the sets without sound."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tuning, "WINDOWS", FEW)
        return [e for window in ask(Ground.unheard(corpus), QUICK, silent) for e in window]


def surprise(example: Example, scenario: str, weights) -> float:
    """Negative log chance of the targets among the candidates."""
    score = nats(example, weights).astype(float)[example.competes(scenario)]
    hit = example.hits[scenario][example.competes(scenario)]
    return float(np.log(np.exp(score).sum()) - score[hit].mean())


@pytest.mark.slow
class TestTune:
    """The whole of it, on sets whose truth was planted."""

    def test_targets_are_likelier_by_what_is_learned_than_by_what_it_started_from(
        self, asked, tuned
    ):
        for lens, scenario in [("goes_with", "warm"), ("next", "next")]:
            learned, neutral = (
                np.mean(
                    [
                        surprise(e, scenario, weights)
                        for e in asked
                        if e.hits.get(scenario, NO).any()
                    ]
                )
                for weights in (tuned.lenses[lens], NEUTRAL)
            )
            assert learned < neutral, lens

    def test_it_says_how_well_it_did_on_windows_it_did_not_learn_from(self, tuned):
        figures = tuned.about["ndcg@50"]
        assert set(figures["goes_with"]) >= {"warm", "mixed", "hidden"}
        assert "next" in figures["next"]
        for row in (row for found in figures.values() for row in found.values()):
            assert set(row) == {"fused", *PARTS}
            assert all(0 <= value <= 1 for value in row.values())

    def test_sound_is_learned_on_the_crate_and_counts(self, tuned):
        assert tuned.about["crate"]["heard"] > 0
        assert tuned.about["crate"]["ndcg@50"]["goes_with"]["unheard"]["sound"] > 0
        assert sum(tuned.lenses["goes_with"]["sound"].signals.values()) > 0.5

    def test_the_best_of_the_usual_question_gets_half_the_score(self, asked, tuned):
        best = [
            nats(example, tuned.lenses["goes_with"]).max()
            for example in asked
            if example.lens == "goes_with"
        ]
        assert tuned.half["goes_with"] == pytest.approx(np.median(best), rel=1e-3)

    def test_it_travels_through_json(self, tuned):
        import json

        assert Tuned.from_dict(json.loads(json.dumps(tuned.as_dict()))).lenses == tuned.lenses

    def test_where_nothing_was_heard_the_weight_of_sound_stays(self, found):
        learned = fitted(found, shipped().lenses)
        for lens in LENSES:
            assert learned[lens]["sound"] == shipped().lenses[lens]["sound"]


class TestCatalogue:
    """A catalogue's own weights."""

    def test_too_few_sets_are_refused_with_what_to_do(self, corpus):
        with pytest.raises(SegueError, match=r"holds \d+ distinct sets; at least \d+ are needed"):
            tune_catalogue(Ground.unheard(corpus), QUICK, shipped(), silent)

    @pytest.mark.slow
    def test_better_weights_are_kept_and_say_whose_they_are(self, corpus, monkeypatch):
        monkeypatch.setattr(tuning, "LEAST_SETS", 100)
        monkeypatch.setattr(tuning, "WINDOWS", FEW)
        wrong = shipped().scaled(sets=0.01, artist_label=0.01, next=0.01, prior=100)
        own = tune_catalogue(Ground.unheard(corpus), QUICK, wrong, silent)
        assert own.source == "catalogue"
        assert own.lenses != wrong.lenses

    def test_weights_that_do_no_better_are_not_kept(self, corpus, monkeypatch):
        monkeypatch.setattr(tuning, "LEAST_SETS", 100)
        monkeypatch.setattr(
            tuning, "fitted", lambda found, start=None: {lens: start[lens] for lens in LENSES}
        )
        assert tune_catalogue(Ground.unheard(corpus), QUICK, shipped(), silent) is None

    @pytest.mark.slow
    def test_progress_is_told(self, corpus, monkeypatch):
        monkeypatch.setattr(tuning, "LEAST_SETS", 100)
        monkeypatch.setattr(tuning, "WINDOWS", FEW)
        told: list[str] = []
        tune_catalogue(Ground.unheard(corpus), QUICK, shipped(), told.append)
        assert any("window 1" in step for step in told)


def test_the_factorisation_is_chosen_by_what_the_fusion_makes_of_it(corpus, monkeypatch):
    grid = [QUICK, replace(QUICK, seed=2), replace(QUICK, seed=3)]
    monkeypatch.setattr(tuning, "GRID", grid)
    monkeypatch.setattr(tuning, "ask", lambda ground, parameters, progress: parameters)
    monkeypatch.setattr(
        tuning,
        "left_out",
        lambda found, progress: {"goes_with": {"warm": {"fused": float(found.seed % 3)}}},
    )
    best, tried = tuning.choose_als(corpus, silent)
    assert best == grid[1]
    assert [row["seed"] for row in tried] == [7, 2, 3]
    assert tried[1]["ndcg@50"] == max(row["ndcg@50"] for row in tried)
