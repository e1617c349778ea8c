from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hybrid.evaluate import tune as tuning
from hybrid.evaluate.holdout import split_by_date
from hybrid.evaluate.run import Corpus
from hybrid.evaluate.tune import GRID, Example, learn, tune, windows
from hybrid.fusion import Weights
from models.collaborative import AlsParameters
from tests.hybrid.small import QUICK


def examples(weights: list[float], count: int = 1500, seed: int = 0):
    """Queries of 40 candidates, of which one is chosen as the planted weights say."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        signals = rng.random((40, len(weights))).astype(np.float32)
        chance = np.exp(signals @ np.array(weights))
        hit = np.zeros(40, bool)
        hit[rng.choice(40, p=chance / chance.sum())] = True
        yield Example(signals, hit, 1)


def test_planted_weights_are_recovered():
    learned = learn(list(examples([3.0, 0.0, 1.5])))
    np.testing.assert_allclose(learned, [3.0, 0.0, 1.5], atol=0.35)


def test_a_signal_that_speaks_against_gets_no_weight_rather_than_a_negative_one():
    learned = learn(list(examples([2.0, -2.0])))
    assert learned[1] == 0
    assert learned[0] == pytest.approx(2.0, abs=0.35)


def test_a_signal_that_is_always_silent_gets_no_weight():
    silent = [
        replace(e, signals=np.column_stack([e.signals, np.zeros(len(e.signals), np.float32)]))
        for e in examples([2.0], 300)
    ]
    assert learn(silent)[1] == pytest.approx(0, abs=1e-3)


def test_two_signals_that_say_the_same_share_the_weight():
    twice = [replace(e, signals=np.repeat(e.signals, 2, axis=1)) for e in examples([2.0], 500)]
    one, other = learn(twice)
    assert one == pytest.approx(other, rel=0.01)


def test_every_target_of_a_query_counts():
    rng = np.random.default_rng(1)
    both = []
    for _ in range(300):
        signals = rng.random((20, 2)).astype(np.float32)
        hit = np.zeros(20, bool)
        hit[[signals[:, 0].argmax(), signals[:, 1].argmax()]] = True
        both.append(Example(signals, hit, 2))
    one, other = learn(both)
    assert one == pytest.approx(other, rel=0.3)
    assert one > 1


def test_queries_whose_targets_are_not_among_the_candidates_teach_nothing():
    given = list(examples([1.0, 2.0], 200))
    silent = replace(given[0], hit=np.zeros(40, bool))
    np.testing.assert_array_equal(learn([silent, *given]), learn(given))


def test_learning_depends_on_no_chance_and_on_no_order():
    given = list(examples([1.0, 2.0], 200))
    np.testing.assert_array_equal(learn(given), learn(given))
    np.testing.assert_allclose(learn(given), learn(given[::-1]), rtol=1e-2)


def test_tuning_never_sees_the_sets_that_the_evaluation_reports_on(truth):
    corpus = Corpus.of(truth.snapshot())
    reported_on = set(split_by_date(corpus.years).test.tolist())
    for window in windows(corpus):
        assert not reported_on & {*window.train.tolist(), *window.test.tolist()}


def test_every_window_asks_about_what_came_after_what_it_learned_from(truth):
    corpus = Corpus.of(truth.snapshot())
    asked: list[int] = []
    for window in windows(corpus):
        assert len(window.test)
        assert corpus.years[window.train].max() <= corpus.years[window.test].min()
        asked += window.test.tolist()
    assert len(set(asked)) == len(asked)


class TestTune:
    """Which parameters win is decided on the window that the weights were not learned on."""

    TRAP, HONEST = replace(QUICK, seed=1), replace(QUICK, seed=2)

    @pytest.fixture
    def corpus(self, truth) -> Corpus:
        return Corpus.of(truth.snapshot())

    def window(self, index: int, parameters: AlsParameters) -> list[Example]:
        """The honest ones hint at the target by the first signal in every window. The trap
        names it, but by another signal in each: who has seen a window knows which, who has
        seen only the others follows the wrong one."""
        rng = np.random.default_rng(index)
        found = []
        for _ in range(20):
            signals = np.zeros((60, len(Weights.names())), np.float32)
            target = rng.integers(60)
            if parameters == self.HONEST:
                signals[:, 0] = rng.random(60)
                signals[target, 0] = rng.uniform(0.9, 1)
            else:
                signals[target, index] = 1
                signals[(target + rng.integers(1, 60)) % 60, (index + 1) % 5] = 1
            found.append(Example(signals, np.arange(60) == target, 1))
        return found

    def test_the_parameters_that_do_best_on_windows_left_out_are_chosen(self, corpus, monkeypatch):
        def invented(_, split, parameters):
            return iter(self.window(int(split.name.split()[-1]), parameters))

        monkeypatch.setattr(tuning, "_examples", invented)
        seen = {}
        for parameters in (self.TRAP, self.HONEST):
            examples = [e for i in range(5) for e in self.window(i, parameters)]
            weights = learn(examples)
            seen[parameters] = np.mean([tuning._ndcg(e, weights) for e in examples])
        assert seen[self.TRAP] > 1.2 * seen[self.HONEST]  # the trap looks better where seen
        for grid in ([self.TRAP, self.HONEST], [self.HONEST, self.TRAP]):
            monkeypatch.setattr(tuning, "GRID", grid)
            found = tune(corpus, lambda _: None)
            assert found["als"] == self.HONEST.as_dict()
            # The weights are those of the winner, learned on all windows.
            weights = found["weights"]
            assert tuple(weights) == Weights.names()
            everything = [e for i in range(5) for e in self.window(i, self.HONEST)]
            assert list(weights.values()) == learn(everything).round(2).tolist()
            assert max(weights, key=weights.get) == Weights.names()[0]
            assert found["examples"] == len(everything) == 100
            scores = {row["seed"]: row["ndcg@50"] for row in found["grid"]}
            assert scores[2] > 1.5 * scores[1]

    def test_what_it_finds_is_what_a_training_and_a_recommender_take(self, corpus, monkeypatch):
        monkeypatch.setattr(tuning, "GRID", [QUICK, replace(QUICK, alpha=20.0)])
        monkeypatch.setattr(tuning, "_DEPTH", 40)
        told: list[str] = []
        found = tune(corpus, told.append)
        assert AlsParameters(**found["als"]) in tuning.GRID
        weights = Weights(**found["weights"]).as_dict()
        assert all(np.isfinite(w) and w >= 0 for w in weights.values())
        assert any(weights.values())
        assert len(told) == len(found["grid"]) == 2
        assert all(0 < row["ndcg@50"] <= 1 for row in found["grid"])
        best = max(found["grid"], key=lambda row: row["ndcg@50"])
        assert found["als"].items() <= best.items()

    def test_what_belongs_together_counts_for_more_than_what_everybody_plays(
        self, corpus, monkeypatch
    ):
        """In the planted truth one target in seven is a hit; the others are of the circle."""
        monkeypatch.setattr(tuning, "GRID", [QUICK])
        monkeypatch.setattr(tuning, "_DEPTH", 40)
        examples = [
            example
            for split in windows(corpus)
            for example in tuning._examples(corpus, split, QUICK)
        ]
        learned = learn(examples)
        company = [Weights.names().index(name) for name in ("sets", "artists", "together")]
        only = np.eye(len(learned))[Weights.names().index("popularity")]
        by = [np.mean([tuning._ndcg(e, w) for e in examples]) for w in (learned, only)]
        assert learned[company].sum() > 0
        assert by[0] > 1.2 * by[1]

    def test_seeds_and_tracks_nobody_played_are_no_candidates(self, corpus, monkeypatch):
        monkeypatch.setattr(tuning, "_DEPTH", corpus.interactions.n_recordings - 1)
        split = windows(corpus)[0]
        played = corpus.interactions.keep_sets(split.train).popularity > 0
        silent = []
        for example in tuning._examples(corpus, split, QUICK):
            assert example.targets >= example.hit.sum()
            speaking = example.signals.any(axis=1)
            assert speaking[example.hit].all()
            silent.append(int(played.sum() - speaking.sum()))
        assert min(silent) >= 0  # what no training set holds never speaks
        assert max(silent) == 5  # and of five seeds none

    def test_no_two_of_the_grid_are_the_same(self):
        assert len(set(GRID)) == len(GRID)
