"""What each scenario asks, and that nothing of a held-out set is in what was learned from."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hybrid.evaluate.corpus import Corpus, Training
from hybrid.evaluate.holdout import hide, split_at_random, split_by_date
from hybrid.evaluate.scenarios import SCENARIOS, Heard, field_of, scenarios
from tests.hybrid.evaluate.conftest import planted_sound
from tests.hybrid.small import heard as told


@pytest.fixture(scope="module")
def corpus(truth) -> Corpus:
    return Corpus.of(truth.snapshot())


@pytest.fixture(scope="module", params=["by date", "random"])
def split(request, corpus):
    if request.param == "random":
        return split_at_random(corpus.interactions.n_sets)
    return split_by_date(corpus.years)


@pytest.fixture(scope="module")
def sound(corpus) -> Heard:
    return planted_sound(corpus.snapshot, silent=7)


def asked(corpus, split, sound, *, hidden: bool, draws: int = 2):
    gone = hide(corpus.interactions, split) if hidden else np.empty(0, np.intp)
    training = Training.of(corpus, split, gone)
    return training, [
        (seeds, one)
        for seeds, several in scenarios(corpus, training, sound, draws)
        for one in several
    ]


def tracks(corpus, set_index: int) -> set[int]:
    return set(corpus.interactions.plays[set_index].indices.tolist())


def test_with_hidden_tracks_other_things_are_asked_than_without(corpus, split, sound):
    for hidden, expected in (
        (False, {"warm", "cold", "cold alone", "mixed", "next", "next warm"}),
        (True, {"hidden", "hidden mixed", "unheard"}),
    ):
        _, several = asked(corpus, split, sound, hidden=hidden)
        assert {name for _, one in several for name in one.targets} <= expected
        asked_for = {name for _, one in several for name in one.targets}
        assert asked_for <= set(SCENARIOS)


def test_only_held_out_sets_are_asked_about_and_never_for_a_seed(corpus, split, sound):
    for hidden in (False, True):
        _, several = asked(corpus, split, sound, hidden=hidden)
        assert several
        for _, one in several:
            assert one.set_index in split.test
            inside = tracks(corpus, one.set_index)
            seeds = set(one.seeds.tolist())
            assert seeds <= inside
            for targets in one.targets.values():
                assert len(targets)
                assert set(targets.tolist()) <= inside - seeds


def test_mixed_is_warm_and_cold_together(corpus, split, sound):
    training, several = asked(corpus, split, sound, hidden=False)
    played = training.interactions.popularity > 0
    cold = 0
    for _, one in several:
        if "mixed" in one.targets:
            mixed = one.targets["mixed"]
            assert set(mixed.tolist()) | set(one.seeds.tolist()) == tracks(corpus, one.set_index)
            for name, wanted in (("warm", mixed[played[mixed]]), ("cold", mixed[~played[mixed]])):
                assert set(one.targets.get(name, [])) == set(wanted.tolist())
            assert list(one.targets.get("cold", [])) == list(one.targets.get("cold alone", []))
            cold += "cold" in one.targets
    assert cold


@pytest.mark.parametrize(
    ("scenario", "field"),
    [
        ("warm", "warm"),
        ("cold alone", "cold"),
        ("cold", "all"),
        ("mixed", "all"),
        ("next", "all"),
        ("next warm", "warm"),
    ],
)
def test_who_competes(scenario, field):
    assert field_of(scenario) == field


def test_hidden_targets_were_taken_out_of_everything_that_is_learned_from(corpus, split, sound):
    training, several = asked(corpus, split, sound, hidden=True)
    wanted = {t for _, one in several for t in one.targets.get("hidden", np.empty(0)).tolist()}
    assert wanted
    assert wanted <= set(training.hidden.tolist())
    assert not training.interactions.popularity[training.hidden].any()
    assert not training.played_next.counts[training.hidden].nnz
    assert not training.played_next.counts[:, training.hidden].nnz
    before = Training.of(corpus, split).interactions.popularity
    assert before[training.hidden].all()
    others = np.setdiff1d(np.arange(len(before)), training.hidden)
    np.testing.assert_array_equal(training.interactions.popularity[others], before[others])


def test_where_tracks_are_hidden_only_tracks_of_training_sets_compete_and_are_asked_for(
    corpus, split, sound
):
    """Tracks that only held-out sets hold are there because they are asked for: they would give
    themselves away by being unplayed. Of hidden ones most are not asked for."""
    training, several = asked(corpus, split, sound, hidden=True)
    trained = corpus.interactions.keep_sets(split.train).popularity > 0
    np.testing.assert_array_equal(training.competing, trained)
    assert Training.of(corpus, split).competing.all()
    both = 0
    for _, one in several:
        for wanted in one.targets.values():
            assert trained[wanted].all()
        if "hidden" in one.targets:
            mixed, gone = one.targets["hidden mixed"], one.targets["hidden"]
            assert set(gone.tolist()) == set(mixed.tolist()) & set(training.hidden.tolist())
            both += len(gone) < len(mixed)
    assert both
    asked_for = {t for _, one in several for t in one.targets.get("hidden", np.empty(0)).tolist()}
    assert len(training.hidden) == round(0.2 * trained.sum())
    assert asked_for <= set(training.hidden.tolist())


def test_what_stood_around_a_hidden_track_does_not_become_a_change(catalogue):
    catalogue.add_tracklists(
        told(str(n), f"A - One {n}", "B - Gone", f"C - Three {n}", f"D - Four {n}")
        for n in range(25)
    )
    corpus = Corpus.of(catalogue.snapshot())
    gone = int(np.argmax(corpus.interactions.popularity))
    counts = corpus.played_next(np.arange(25), np.array([gone])).counts
    titles = corpus.snapshot.titles
    before, after = (titles[rows] for rows in counts.nonzero())
    changes = {(a.split()[0], b.split()[0]) for a, b in zip(before, after, strict=True)}
    assert changes == {("Three", "Four")}
    assert counts.sum() == 25


class TestUnheard:
    """Seeds that are files without a name, which no set holds."""

    def test_the_question_holds_their_sound_and_nothing_else(self, corpus, split, sound):
        training, several = asked(corpus, split, sound, hidden=True)
        some = [one for _, one in several if "unheard" in one.targets]
        assert some
        for one in some:
            query = one.question.query
            assert not len(query.recordings)
            assert not query.artists
            assert not query.labels
            assert not training.interactions.popularity[one.seeds].any()
            vectors = [sound.space.vector(seed) for seed in one.seeds.tolist()]
            np.testing.assert_array_equal(one.question.vectors, vectors)
            rest = tracks(corpus, one.set_index) - set(one.seeds.tolist())
            rest = {track for track in rest if training.competing[track]}
            assert set(one.targets["unheard"].tolist()) == rest

    def test_without_sound_nobody_can_be_asked(self, corpus, split):
        silence = Heard.of(None, corpus.interactions.n_recordings)
        _, several = asked(corpus, split, silence, hidden=True)
        assert {name for _, one in several for name in one.targets} == {"hidden", "hidden mixed"}


class TestNext:
    def test_the_target_came_straight_after_the_last_seed(self, corpus, split, sound):
        _, several = asked(corpus, split, sound, hidden=False)
        snapshot = corpus.snapshot
        some = [(seeds, one) for seeds, one in several if "next" in one.targets]
        assert {seeds for seeds, _ in some} == {"1", "5"}
        for seeds, one in some:
            assert one.lens == "next"
            played = snapshot.play_recording[snapshot.play_set == corpus.keep[one.set_index]]
            (target,) = one.targets["next"].tolist()
            place = played.tolist().index(target)
            before = played[max(place - int(seeds), 0) : place]
            assert one.seeds.tolist() == before.tolist()

    def test_a_target_that_a_training_set_holds_is_asked_for_among_such_as_well(
        self, corpus, split, sound
    ):
        training, several = asked(corpus, split, sound, hidden=False)
        played = 0
        for _, one in several:
            if "next" in one.targets:
                known = bool(training.interactions.popularity[one.targets["next"][0]])
                assert ("next warm" in one.targets) == known
                played += known
        assert played

    def test_the_last_seed_is_singled_out_with_its_sound(self, corpus, split, sound):
        training, several = asked(corpus, split, sound, hidden=False)
        heard, unheard = 0, 0
        for _, one in several:
            if "next" not in one.targets:
                continue
            last = int(one.seeds[-1])
            known = bool(training.interactions.popularity[last])
            assert one.question.last.recordings.tolist() == [last] * known
            vector = sound.space.vector(last)
            if vector is None:
                unheard += 1
                assert one.question.last_vector == -1
            else:
                heard += 1
                at = one.question.last_vector
                np.testing.assert_array_equal(one.question.vectors[at], vector)
        assert heard
        assert unheard

    def test_a_track_that_came_twice_is_one_seed_and_no_target(self, catalogue):
        catalogue.add_tracklists(
            told(str(n), f"A - One {n}", f"B - Two {n}", f"A - One {n}", f"C - Three {n}")
            for n in range(25)
        )
        corpus = Corpus.of(catalogue.snapshot())
        silence = Heard.of(None, corpus.interactions.n_recordings)
        split = split_at_random(25)
        _, several = asked(corpus, split, silence, hidden=False, draws=5)
        name = [title.split()[0] for title in corpus.snapshot.titles]
        found = {
            (tuple(name[seed] for seed in one.seeds), name[one.targets["next"][0]])
            for seeds, one in several
            if "next" in one.targets and seeds == "5"
        }
        assert found == {(("One",), "Two"), (("Two", "One"), "Three")}


def test_the_sound_of_seeds_that_were_heard_comes_along_with_its_windows(corpus, split, sound):
    windows = np.where(sound.windows > 0, 3, 0).astype(np.float32)
    _, several = asked(corpus, split, replace(sound, windows=windows), hidden=False)
    without = 0
    for _, one in several:
        heard = [v for s in one.seeds.tolist() if (v := sound.space.vector(s)) is not None]
        assert len(one.question.vectors) == len(heard)
        assert one.question.windows == 3 * len(heard)
        without += not heard
    assert without


def test_the_same_is_asked_every_time(corpus, split, sound):
    for hidden in (False, True):
        one, other = (asked(corpus, split, sound, hidden=hidden)[1] for _ in range(2))
        for (_, a), (_, b) in zip(one, other, strict=True):
            assert a.seeds.tolist() == b.seeds.tolist()
            assert {k: v.tolist() for k, v in a.targets.items()} == {
                k: v.tolist() for k, v in b.targets.items()
            }
