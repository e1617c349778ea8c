"""The properties that the score keeps, whatever is asked and whatever the weights are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hybrid.fusion import PARTS, Fusion, Part
from hybrid.question import Question
from hybrid.sound_space import SoundSpace
from hybrid.tuned import PartWeight, Tuned, shipped
from models.collaborative import JointALS, Query
from tests.hybrid.test_signals import (
    ARTISTS,
    HIT,
    LABELS,
    NEVER_PLAYED,
    NEXT,
    NOTHING,
    SETS,
    VECTORS,
    YEARS,
    asked,
)
from tests.models.collaborative.invented import QUICK, interactions, played_next, query

WORLD = interactions(SETS, 20, artists=ARTISTS, labels=LABELS)
ALS = JointALS(QUICK).fit(WORLD)
HEARD = np.array([0, 1, 2, 6, 7, 12, 18, 19])
SPACE = SoundSpace.of(HEARD, VECTORS[HEARD], 20)
LENSES = ("goes_with", "next")


def fusion_of(tuned: Tuned | None = None, **changes) -> Fusion:
    given = {"als": ALS, "played_next": NEXT, "sound": SPACE} | changes
    return Fusion(WORLD, YEARS, tuned=tuned or shipped(), **given)


FUSION = fusion_of()


def question(*seeds: int) -> Question:
    """Seeds with the sound of those that were heard."""
    heard = [seed for seed in seeds if seed in HEARD]
    whole = asked(*seeds, of=WORLD)
    vectors = np.stack([SPACE.vector(s) for s in heard]) if heard else np.empty((0, 0), np.float32)
    last = len(heard) - 1 if seeds and seeds[-1] in HEARD else -1
    return Question(whole.query, whole.last, vectors, last, float(len(heard)))


seed_lists = st.lists(st.integers(0, 19), min_size=1, max_size=5, unique=True)
balances = st.floats(0, 1)
lenses = st.sampled_from(LENSES)


@st.composite
def made_parts(draw) -> dict[str, Part]:
    """What parts might say of four recordings: nothing where a part weighs nothing."""
    number = st.floats(0, 20, width=32).map(lambda x: round(x, 2))
    parts = {}
    for name in PARTS:
        weight = np.array(draw(st.lists(number, min_size=4, max_size=4)), np.float32)
        value = np.array(draw(st.lists(number, min_size=4, max_size=4)), np.float32)
        parts[name] = Part(np.where(weight > 0, value, 0).astype(np.float32), weight)
    return parts


FOUR = Fusion(interactions([], 4), np.empty(0), None, played_next([], 4), None, shipped())
ROWS = np.arange(4)


@given(parts=made_parts(), lens=lenses, balance=balances)
def test_a_score_lies_between_0_and_1_and_is_the_sum_of_what_the_parts_give(parts, lens, balance):
    fused = FOUR.fuse(parts, lens, balance=balance)
    assert ((fused.score >= 0) & (fused.score < 1)).all()
    given = fused.contributions(ROWS)
    assert tuple(given) == PARTS
    np.testing.assert_allclose(sum(given.values()), fused.score, atol=1e-5)
    assert all((share >= 0).all() for share in given.values())


@given(parts=made_parts(), lens=lenses, balance=balances)
def test_shares_sum_to_1_where_anything_is_known_and_a_missing_part_has_none(parts, lens, balance):
    fused = FOUR.fuse(parts, lens, balance=balance)
    shares = fused.shares(ROWS)
    total = sum(shares.values())
    known = np.any([part.weight > 0 for part in parts.values()], axis=0)
    assert np.all((np.abs(total - 1) < 1e-5) | (total == 0))
    if balance == 0.5:
        np.testing.assert_array_equal(total > 0, known)
    for name, part in parts.items():
        assert not shares[name][part.weight == 0].any(), name


@given(
    parts=made_parts(),
    lens=lenses,
    balance=balances,
    name=st.sampled_from(PARTS),
    more=st.floats(0.01, 10),
)
def test_the_score_never_falls_when_a_part_says_more(parts, lens, balance, name, more):
    part = parts[name]
    louder = Part((part.value + np.float32(more)) * (part.weight > 0), part.weight)
    before = FOUR.fuse(parts, lens, balance=balance).score
    after = FOUR.fuse({**parts, name: louder}, lens, balance=balance).score
    assert (after >= before - 1e-6).all()


@given(parts=made_parts(), lens=lenses, name=st.sampled_from(PARTS))
def test_a_missing_part_leaves_the_mean_and_does_not_count_as_0(parts, lens, name):
    missing = {**parts, name: Part(np.zeros(4, np.float32), np.zeros(4, np.float32))}
    np.testing.assert_allclose(
        FOUR.fuse(missing, lens).score, FOUR.fuse(parts, lens, without=[name]).score, atol=1e-6
    )


@given(parts=made_parts(), name=st.sampled_from(PARTS), less=st.floats(0, 1))
def test_less_evidence_never_raises_a_parts_share(parts, name, less):
    part = parts[name]
    fainter = {**parts, name: Part(part.value, part.weight * np.float32(less))}
    before = FOUR.fuse(parts).shares(ROWS)[name]
    after = FOUR.fuse(fainter).shares(ROWS)[name]
    assert (after <= before + 1e-6).all()


@settings(deadline=None, max_examples=40)
@given(seeds=seed_lists, lens=lenses, name=st.sampled_from(["als", "sound"]))
def test_taking_a_models_data_away_never_raises_the_weight_of_its_part(seeds, lens, name):
    part = {"als": "sets", "sound": "sound"}[name]
    whole, less = FUSION, fusion_of(**{name: None})
    before = whole.parts(question(*seeds), lens)[part].weight
    after = less.parts(question(*seeds), lens)[part].weight
    assert (after <= before).all()


@settings(deadline=None, max_examples=25)
@given(seeds=seed_lists, gone=st.sets(st.integers(0, len(SETS) - 1), min_size=1))
def test_taking_sets_away_never_raises_the_weight_of_sets(seeds, gone):
    left = [row for i, row in enumerate(SETS) if i not in gone]
    world = interactions(left, 20, artists=ARTISTS, labels=LABELS)
    years = np.delete(YEARS, list(gone))
    fewer = Fusion(world, years, ALS, played_next(left, 20), SPACE, shipped())
    before, after = (f.parts(question(*seeds)) for f in (FUSION, fewer))
    for part in ("sets", "next", "prior", "artist_label"):
        assert (after[part].weight <= before[part].weight + 1e-6).all(), part


@settings(deadline=None, max_examples=40)
@given(seeds=seed_lists, data=st.data())
def test_the_order_of_seeds_says_nothing_of_what_goes_with_them(seeds, data):
    other = data.draw(st.permutations(seeds))
    one, two = (FUSION.fuse(FUSION.parts(question(*s))).score for s in (seeds, other))
    np.testing.assert_allclose(one, two, atol=1e-5)


@settings(deadline=None, max_examples=40)
@given(seeds=seed_lists, lens=lenses)
def test_the_ends_of_the_slider_are_each_signal_alone(seeds, lens):
    parts = FUSION.parts(question(*seeds), lens)
    for balance, name in [(0, "sets" if lens == "goes_with" else "next"), (1, "sound")]:
        end = FUSION.fuse(parts, lens, balance=balance)
        alone = FUSION.fuse(parts, lens, only=[name])
        np.testing.assert_allclose(end.score, alone.score, atol=1e-6)
        np.testing.assert_allclose(
            end.score, parts[name].value / (parts[name].value + end.half), atol=1e-6
        )
        assert not end.score[parts[name].weight == 0].any()
        share = end.shares(np.arange(20))[name]
        np.testing.assert_allclose(share, parts[name].weight > 0, atol=1e-6)
        given = end.contributions(np.arange(20))
        assert not any(values.any() for part, values in given.items() if part != name)


@settings(deadline=None, max_examples=25)
@given(seeds=seed_lists, lens=lenses)
def test_the_slider_moves_without_a_jump(seeds, lens):
    parts = FUSION.parts(question(*seeds), lens)
    scores = [FUSION.fuse(parts, lens, balance=b).score for b in np.linspace(0, 1, 201)]
    assert np.abs(np.diff(scores, axis=0)).max() < 0.05


@settings(deadline=None, max_examples=25)
@given(first=seed_lists, second=seed_lists)
def test_no_question_changes_the_answer_to_another(first, second):
    alone = fusion_of()
    expected = alone.fuse(alone.parts(question(*first))).score
    FUSION.fuse(FUSION.parts(question(*second), "next"), "next", balance=0.3)
    np.testing.assert_array_equal(FUSION.fuse(FUSION.parts(question(*first))).score, expected)


def test_what_a_part_may_not_say_is_not_in_the_score():
    parts = FUSION.parts(question(0, 7))
    whole = FUSION.fuse(parts).score
    for name in PARTS:
        without = FUSION.fuse(parts, without=[name])
        rest = FUSION.fuse(parts, only=[other for other in PARTS if other != name])
        np.testing.assert_array_equal(without.score, rest.score)
        assert not without.contributions(np.arange(20))[name].any()
        assert np.abs(without.score - whole).max() > 0, name


def test_a_slider_or_a_part_that_does_not_exist_is_refused():
    parts = FUSION.parts(question(0))
    with pytest.raises(ValueError, match=r"balance must be 0 to 1, not 1\.1"):
        FUSION.fuse(parts, balance=1.1)
    with pytest.raises(ValueError, match="there is no part moon"):
        FUSION.fuse(parts, only=["moon"])


def test_more_evidence_weighs_more():
    parts = FUSION.parts(question(12))
    weight = parts["sets"].weight
    assert weight[HIT] > weight[13] > weight[NEVER_PLAYED] == 0


def test_a_part_weighs_more_the_more_is_known_of_the_seeds():
    few, many = (FUSION.parts(question(*s))["sets"].weight for s in ((13,), (13, 14, 15, HIT)))
    assert (many[:18] > few[:18]).all()


def test_company_comes_before_a_hit_of_another_scene():
    tuned = shipped().scaled(prior=0.2)
    fusion = fusion_of(tuned, sound=None)
    score = fusion.fuse(fusion.parts(Question.of(query(0, of=WORLD)))).score
    assert score[[1, 2, 4, 5]].min() > score[HIT]


def test_where_nothing_is_known_the_hits_are_left_to_show():
    parts = FUSION.parts(Question.of(NOTHING))
    assert [name for name in PARTS if parts[name].weight.any()] == ["prior"]
    score = FUSION.fuse(parts).score
    assert int(np.argmax(score)) == HIT
    assert score[NEVER_PLAYED] == 0


@settings(deadline=None, max_examples=40)
@given(seeds=seed_lists, lens=lenses)
def test_what_nothing_ties_to_known_seeds_does_not_live_on_being_played_much(seeds, lens):
    parts = FUSION.parts(question(*seeds), lens)
    ties = sum(parts[name].weight for name in PARTS if name != "prior")
    strangers = ties == 0
    assert not FUSION.fuse(parts, lens).score[strangers].any()
    # The more ties it, the more its being played much counts.
    prior, gate = parts["prior"].weight, FUSION.tuned.lenses[lens]["prior"]
    played = WORLD.popularity / (WORLD.popularity + gate.candidate)
    np.testing.assert_allclose(prior, played * ties / (ties + gate.seed), rtol=1e-4)


def test_a_sound_nobody_played_is_not_drowned_by_hits():
    heard = question(0)
    fused = FUSION.fuse(FUSION.parts(Question(NOTHING, NOTHING, heard.vectors, 0, 1.0)))
    assert np.flatnonzero(fused.score).tolist() == [
        row for row in HEARD.tolist() if fused.shares(np.array([row]))["sound"][0] > 0
    ]
    assert fused.score[HEARD].any()


def test_a_seed_known_by_its_artist_alone_is_answered_by_the_artist_part():
    stranger = Question.of(Query(np.empty(0, np.intp), {0: 1.0}, {}))
    fused = FUSION.fuse(FUSION.parts(stranger))
    row = np.array([NEVER_PLAYED])
    assert fused.score[NEVER_PLAYED] > 0
    assert fused.contributions(row)["artist_label"][0] == pytest.approx(fused.score[NEVER_PLAYED])


def test_with_sound_alone_the_sound_answers():
    silent = interactions([], 20)
    fusion = Fusion(silent, np.empty(0), None, played_next([], 20), SPACE, shipped())
    heard = question(0)
    fused = fusion.fuse(fusion.parts(Question(NOTHING, NOTHING, heard.vectors, 0, 1.0)))
    alike = SPACE.scores(heard.vectors)[:, 0] > 0.2
    assert (fused.score[HEARD[alike]] > 0).all()
    assert not np.delete(fused.score, HEARD).any()
    assert int(np.argmax(fused.score)) == 0


@pytest.mark.parametrize("changes", [{"als": None}, {"sound": None}, {"als": None, "sound": None}])
@pytest.mark.parametrize("lens", LENSES)
def test_whatever_is_missing_there_is_an_answer(changes, lens):
    fusion = fusion_of(**changes)
    score = fusion.fuse(fusion.parts(question(0, 7), lens), lens).score
    assert np.isfinite(score).all()
    assert score.any()


@pytest.mark.parametrize("recordings", [0, 1])
def test_a_catalogue_with_next_to_nothing_in_it_breaks_nothing(recordings):
    empty = interactions([], recordings)
    fusion = Fusion(empty, np.empty(0), None, played_next([], recordings), None, shipped())
    seeds = range(recordings)
    fused = fusion.fuse(fusion.parts(Question.of(query(*seeds, of=empty))))
    assert fused.score.shape == (recordings,)
    assert not fused.score.any()
    assert all(
        share.shape == (recordings,) for share in fused.shares(np.arange(recordings)).values()
    )


def test_the_weights_decide():
    heavy = shipped()
    quiet = {
        lens: {
            part: PartWeight(row.signals, 1e-6 if part != "sound" else 1.0, row.seed, row.candidate)
            for part, row in parts.items()
        }
        for lens, parts in heavy.lenses.items()
    }
    fusion = fusion_of(replace(heavy, lenses=quiet))
    fused = fusion.fuse(fusion.parts(question(0)))
    assert (fused.shares(HEARD)["sound"] > 0.99).all()
