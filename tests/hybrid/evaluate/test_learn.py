"""What is planted is found, and what examples do not speak of stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from hybrid.evaluate.examples import COLUMNS, Example
from hybrid.evaluate.learn import alone, calibrate, learn, nats
from hybrid.evaluate.tune import NEUTRAL
from hybrid.fusion import Fusion, Part
from hybrid.signals import PARTS, SIGNALS
from hybrid.tuned import LENSES, PartWeight, Tuned
from tests.models.collaborative.invented import interactions, played_next

SETS, SOUND, PRIOR = (PARTS.index(name) for name in ("sets", "sound", "prior"))
WARM = {"warm": 1.0}


def planted(truth: dict[str, PartWeight], count: int, seed: int = 0) -> Iterator[Example]:
    """Questions of 30 candidates, of which one is chosen as the weights say."""
    rng = np.random.default_rng(seed)
    for _ in range(count):
        signals = rng.random((30, len(COLUMNS))).astype(np.float32)
        known = rng.choice([0, 1, 5, 20], (30, len(PARTS))).astype(np.float32)
        known[:, PRIOR] = np.maximum(known[:, PRIOR], 1)
        asked = rng.choice([1, 3, 30], len(PARTS)).astype(np.float32)
        asked[PRIOR] = 1
        example = Example(signals, known, asked, "goes_with", np.ones(30, bool), {}, {"warm": 1})
        score = nats(example, truth)
        chance = np.exp(score - score.max())
        hit = np.zeros(30, bool)
        hit[rng.choice(30, p=chance / chance.sum())] = True
        yield replace(example, hits={"warm": hit})


def weights(**parts: PartWeight) -> dict[str, PartWeight]:
    """Silent but for the parts that are given."""
    silent = {
        part: PartWeight(dict.fromkeys(names, 0.0), 1.0, 1.0, 1.0)
        for part, names in SIGNALS.items()
    }
    return silent | parts


TRUTH = weights(
    sets=PartWeight({"factors": 12.0, "together": 4.0}, 3.0, 4.0, 2.0),
    prior=PartWeight({"popular": 6.0, "lately": 0.0, "current": 2.0}, 1.0, 0.5, 1.0),
)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    return list(planted(TRUTH, 3000))


@pytest.fixture(scope="module")
def learned(examples) -> dict[str, PartWeight]:
    return learn(examples, NEUTRAL, WARM)


def test_planted_signals_are_recovered(learned):
    found = learned["sets"].signals
    assert found["factors"] == pytest.approx(12, rel=0.3)
    assert found["together"] == pytest.approx(4, rel=0.4)
    prior = learned["prior"].signals
    assert prior["popular"] == pytest.approx(6, rel=0.3)
    assert prior["lately"] < 0.7


def test_what_says_nothing_gets_no_say(learned):
    for part in ("next", "artist_label", "sound"):
        assert max(learned[part].signals.values()) < 1.0, part


def test_the_likelihood_of_the_truth_is_reached(examples, learned):
    fresh = list(planted(TRUTH, 500, seed=1))

    def surprise(weights):
        scores = [(nats(e, weights).astype(float), e.hits["warm"]) for e in fresh]
        return np.mean([np.log(np.exp(s - s[hit]).sum()) for s, hit in scores])

    assert surprise(learned) < surprise(NEUTRAL) - 0.2
    assert surprise(learned) == pytest.approx(surprise(TRUTH), abs=0.05)


def test_evidence_that_matters_is_seen_to_matter(examples, learned):
    """The part of the truth that asks for evidence keeps less of its weight under little."""
    sets = learned["sets"]
    assert 1 / (1 + sets.seed) < 0.7 * 30 / (30 + sets.seed)


def test_parts_that_are_not_free_stay(examples):
    found = learn(examples[:300], NEUTRAL, WARM, free=("sets",), rounds=20)
    assert found["sets"] != NEUTRAL["sets"]
    for part in PARTS:
        if part != "sets":
            assert found[part] == NEUTRAL[part]


def test_a_firm_start_is_hardly_left(examples):
    free, firm = (learn(examples[:300], TRUTH, WARM, ridge=ridge) for ridge in (1e-4, 10.0))
    for part in ("sets", "prior"):
        for name, value in TRUTH[part].signals.items():
            if value:
                assert firm[part].signals[name] == pytest.approx(value, rel=0.1)
    assert free != firm


def test_the_base_of_the_prior_is_the_unit(learned):
    assert learned["prior"].base == 1


def test_no_weight_speaks_against_a_track(learned):
    for weight in learned.values():
        assert min(weight.signals.values()) >= 0
        assert weight.base > 0


@pytest.mark.slow
def test_learning_depends_on_no_chance(examples, learned):
    assert learn(examples, NEUTRAL, WARM) == learned


def test_questions_whose_targets_are_not_among_the_candidates_teach_nothing(examples):
    lost = replace(examples[0], hits={"warm": np.zeros(30, bool)})
    few = examples[:200]
    assert learn([lost, *few], NEUTRAL, WARM, rounds=10) == learn(few, NEUTRAL, WARM, rounds=10)
    assert learn([lost], NEUTRAL, WARM) == NEUTRAL


def test_a_part_is_calibrated_as_if_it_were_alone(examples):
    found = calibrate(examples[:800], NEUTRAL, WARM)
    assert found["sets"].signals["factors"] > found["sets"].signals["together"] > 0
    assert found["sets"].base == NEUTRAL["sets"].base
    noise = found["sound"].signals
    assert max(noise.values()) < found["sets"].signals["factors"]


def test_examples_are_scored_as_the_fusion_scores(examples):
    """One formula, written twice: once to be learned, once to be quick."""
    tuned = Tuned(dict.fromkeys(LENSES, TRUTH), dict.fromkeys(LENSES, 1.0))
    fusion = Fusion(interactions([], 30), np.empty(0), None, played_next([], 30), None, tuned)
    for example in examples[:20]:
        parts = {}
        for i, part in enumerate(PARTS):
            row = TRUTH[part]
            known, asked = example.known[:, i], example.asked[i]
            weight = row.base * asked / (asked + row.seed) * known / (known + row.candidate)
            parts[part] = Part(
                alone(example, TRUTH, part), np.where(known > 0, weight, 0).astype(np.float32)
            )
        ties = sum(part.weight for name, part in parts.items() if name != "prior")
        seen = example.known[:, PRIOR] / (example.known[:, PRIOR] + TRUTH["prior"].candidate)
        weight = seen * ties / (ties + TRUTH["prior"].seed)
        parts["prior"] = Part(parts["prior"].value, weight.astype(np.float32))
        score = fusion.fuse(parts).score
        np.testing.assert_allclose(score / (1 - score), nats(example, TRUTH), rtol=1e-3, atol=1e-4)


def test_the_slope_is_that_of_the_loss(examples):
    from hybrid.evaluate.learn import _flatten, _loss, _parameters

    flat = _flatten(examples[:40], WARM)
    rng = np.random.default_rng(0)
    at = _parameters(NEUTRAL) * 0 + rng.normal(0, 0.5, len(_parameters(NEUTRAL)))
    _, slope = _loss(flat, at)
    for i in range(len(at)):
        step = np.zeros(len(at))
        step[i] = 1e-2
        measured = (_loss(flat, at + step)[0] - _loss(flat, at - step)[0]) / 2e-2
        assert slope[i] == pytest.approx(measured, rel=0.05, abs=2e-3), i
