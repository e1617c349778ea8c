from __future__ import annotations

import sqlite3
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest

from data.identity import recording_key, track_artists, work_key
from data.records import Answer, Seed, Track
from data.settings import Settings
from hybrid.fusion import PARTS
from hybrid.recommender import Recommender
from hybrid.results import STEERING
from hybrid.steering import Rules
from hybrid.training import train
from hybrid.tuned import shipped
from tests.hybrid.scenes import DAY, NIGHT, ROUNDS, SETS
from tests.hybrid.small import COMPANY, QUICK, heard, trained

OFF = Rules(
    exclude_seeds=False,
    exclude_seed_versions=False,
    one_version_per_work=False,
    artist_cap=0,
    spread_artists=False,
)


@pytest.fixture
def crate(catalogue):
    catalogue.add_tracklists(SETS)
    return catalogue


@pytest.fixture
def recommender(crate, tmp_path) -> Recommender:
    return trained(crate, tmp_path / "home", COMPANY)


def names(answer: Answer) -> list[str]:
    return [str(result.track) for result in answer.results]


def test_without_a_model_it_answers_by_what_was_played_and_says_what_to_do(crate, tmp_path):
    answer = Recommender.open(crate, Settings(home=tmp_path / "home")).recommend(["Mara - One"])
    assert "Otto - Two" in names(answer)
    assert "segue train" in answer.note


def test_what_was_played_with_the_seed_comes_first(recommender):
    results = recommender.recommend(["Mara - One"], k=999, balance=0, rules=Rules()).results
    met = [result.evidence.sets_together > 0 for result in results]
    first = met[: sum(met)]
    assert sum(first) >= 0.8 * len(first) > 0
    assert not all(met)


def test_what_was_played_with_the_seed_most_and_what_its_artist_made_comes_first(recommender):
    top = names(recommender.recommend(["Mara - One"], k=2))
    assert set(top) == {"Otto - Two", "Mara - Five"}  # three common sets each


def test_with_the_weights_that_ship_the_seed_decides_more_than_popularity(
    demo_recommender, demo, tmp_path
):
    """Counted: how many of the first 20 were really played with the seed."""
    off = {name: 0.0 for name in PARTS if name != "prior"}
    popular = trained(demo, tmp_path / "home", shipped().scaled(**off))
    ours, theirs = (
        sum(
            result.evidence.sets_together > 0
            for seed in (1, 23, 77, 150)
            for result in asked.recommend([seed], k=20).results
        )
        for asked in (demo_recommender, popular)
    )
    assert ours > 1.5 * theirs


@pytest.mark.parametrize("seeds", [["Mara - One"], ["Mara - One", "Aster - Nine"], ["Zzz - Qqq"]])
def test_results_are_best_first_and_none_comes_twice(recommender, seeds):
    answer = recommender.recommend(seeds, k=999, rules=OFF)
    assert all(a.score >= b.score for a, b in pairwise(answer.results))
    ids = [result.recording_id for result in answer.results]
    assert len(set(ids)) == len(ids) == 10 + 4 * len(ROUNDS)


def test_the_parts_sum_to_the_score(demo_recommender):
    for seeds in [[1], [3, 40, 99], ["Nobody - Nothing"]]:
        for result in demo_recommender.recommend(seeds, k=60).results:
            assert set(result.parts) - {STEERING} == set(PARTS)
            assert sum(result.weights.values()) == pytest.approx(1, abs=5e-4)
            # Each part is told to four digits.
            assert sum(result.parts.values()) == pytest.approx(result.score, abs=5e-4)


def test_asking_again_gives_the_same_answer_also_from_a_new_process_of_the_model(
    recommender, crate, tmp_path
):
    again = Recommender.open(crate, Settings(home=tmp_path / "home"), COMPANY)
    for seeds in [["Mara - One"], ["Hexa - Four", "Aster - Nine"]]:
        first = recommender.recommend(seeds)
        assert repr(recommender.recommend(seeds)) == repr(first)
        assert repr(again.recommend(seeds)) == repr(first)


@pytest.mark.parametrize("k", [0, 1, 3, 17])
def test_there_are_k_results_where_there_are_as_many(demo_recommender, k):
    assert len(demo_recommender.recommend([1], k=k).results) == k


def test_more_than_there_is_gives_all_there_is(recommender):
    answer = recommender.recommend(["Mara - One"], k=10_000, rules=OFF)
    assert len(answer.results) == 10 + 4 * len(ROUNDS)


def test_a_longer_list_begins_with_the_shorter(demo_recommender):
    in_turn = Rules(spread_artists=False)
    ids = [
        [r.recording_id for r in demo_recommender.recommend([5, 9], k=k, rules=in_turn).results]
        for k in (5, 40, 400)
    ]
    assert ids[1][:5] == ids[0]
    assert ids[2][:40] == ids[1]


def test_without_seeds_there_is_no_answer(recommender):
    assert recommender.recommend([]) == Answer((), ())


def test_a_result_tells_its_track_and_in_how_many_sets_it_is(recommender, crate):
    for result in recommender.recommend(["Mara - One"], k=4).results:
        known = crate.track(result.recording_id)
        assert (result.track.artist, result.track.full_title) == (known.artist, known.full_title)
        assert result.sets == sum(
            any(recording_key(p.track) == recording_key(result.track) for p in s.identified)
            for s in SETS
        )
        assert "with it" in result.reason
        assert result.reason.endswith(".")
        assert "DJ Night" in result.reason


class TestSeeds:
    def test_text_tracks_ids_and_resolved_seeds_are_all_taken(self, recommender, crate):
        track = Track("Mara", "One")
        ident = crate.find(track)
        asked = ["Mara - One", track, ident, recommender.resolve("Mara - One")]
        answers = [recommender.recommend([seed]) for seed in asked]
        assert len({tuple(names(answer)) for answer in answers}) == 1
        assert {answer.seeds[0].recording_id for answer in answers} == {ident}

    def test_seeds_come_back_in_order_with_how_each_was_understood(self, recommender):
        asked = [
            "Mara - One",
            "Mara - One (Hexa Dub)",
            "Fjord - Threee",
            "Otto - Unheard",
            "Zz - Q",
        ]
        answer = recommender.recommend(asked)
        assert [seed.query for seed in answer.seeds] == asked
        assert [seed.rung for seed in answer.seeds] == [
            "recording",
            "work",
            "search",
            "artist",
            "none",
        ]

    def test_several_seeds_are_asked_together(self, recommender):
        """One seed of each scene: both scenes are answered."""
        top = names(recommender.recommend(["Mara - One", "Aster - Nine"], k=8))
        night = {row.split(" [")[0] for row in NIGHT}
        assert 2 <= len(night & set(top)) <= 6

    def test_an_artist_nobody_has_this_track_of_brings_that_artist(self, recommender):
        answer = recommender.recommend(["Aster - Unheard"], k=3)
        assert answer.seeds[0].rung == "artist"
        assert {"Aster - Nine", "Aster - Thirteen"} <= set(names(answer))
        assert "ame artist" in answer.results[0].reason

    def test_an_unknown_seed_does_not_spoil_a_known_one(self, recommender):
        alone = recommender.recommend(["Mara - One"])
        answer = recommender.recommend(["Zz - Q", "Mara - One"])
        assert names(answer) == names(alone)
        assert answer.results[0].reason == alone.results[0].reason

    def test_where_nothing_is_known_the_answer_says_so_and_shows_what_is_played(self, recommender):
        answer = recommender.recommend(["Zz - Q", 10**9], k=5)
        assert [seed.rung for seed in answer.seeds] == ["none", "none"]
        assert len(answer.results) == 5
        assert all(r.reason.startswith("Nothing is known of your seeds") for r in answer.results)
        assert all(r.evidence.sets_together == 0 for r in answer.results)
        known = {row.split(" [")[0] for row in NIGHT + DAY}
        assert set(names(answer)) <= known

    def test_a_seed_that_left_the_catalogue_is_asked_by_its_artist(self, recommender):
        gone = Seed("Aster - Nine", Track("Aster", "Nine"), 10**9, "recording")
        assert "Aster - Thirteen" in names(recommender.recommend([gone], k=3))

    def test_a_seed_that_is_let_into_the_answer_is_no_evidence_for_itself(self, recommender):
        results = recommender.recommend(["Mara - One", "Aster - Nine"], k=999, rules=OFF).results
        told = next(r for r in results if str(r.track) == "Mara - One").evidence
        assert (told.sets_together, told.right_after, told.right_before) == (0, 0, 0)
        assert (told.sets, told.djs, told.first, told.last) == ((), (), "", "")
        other = next(r for r in results if str(r.track) == "Otto - Two")
        assert other.evidence.sets_together > 0


class TestRules:
    def test_by_default_neither_seeds_nor_their_versions_come_back(self, demo_recommender, demo):
        seeds = [1, 17, 60]
        answer = demo_recommender.recommend(seeds, k=300)
        works = {work_key(demo.track(seed)) for seed in seeds}
        assert not {r.recording_id for r in answer.results} & set(seeds)
        assert not {work_key(r.track) for r in answer.results} & works

    def test_the_seeds_can_be_let_in(self, recommender, crate):
        seed = crate.find(Track("Mara", "One"))
        shown = recommender.recommend([seed], k=999, rules=Rules(exclude_seeds=False))
        assert seed in [r.recording_id for r in shown.results]
        assert "seed" not in shown.removed

    def test_versions_of_a_work_are_grouped_unless_switched_off(self, demo_recommender):
        grouped = demo_recommender.recommend([1], k=300)
        works = [work_key(r.track) for r in grouped.results]
        assert len(set(works)) == len(works)
        assert grouped.removed["other version"] > 0
        loose = demo_recommender.recommend([1], k=300, rules=Rules(one_version_per_work=False))
        assert "other version" not in loose.removed
        works = [work_key(r.track) for r in loose.results]
        assert len(set(works)) < len(works)

    @pytest.mark.parametrize("cap", [1, 2, 5])
    def test_no_artist_fills_the_list(self, demo_recommender, cap):
        answer = demo_recommender.recommend([1], k=80, rules=Rules(artist_cap=cap))
        counts = Counter(a for r in answer.results for a in track_artists(r.track))
        assert max(counts.values()) == cap
        assert answer.removed["same artist"] > 0

    def test_a_list_that_the_rules_keep_short_has_looked_at_every_track_once(
        self, demo_recommender, demo
    ):
        answer = demo_recommender.recommend([1], k=130, rules=Rules(artist_cap=1))
        assert len(answer.results) < 130
        looked_at = len(answer.results) + sum(answer.removed.values())
        assert looked_at == demo.stats().recordings

    def test_the_longer_the_list_the_more_of_one_artist_it_may_hold(self, demo_recommender):
        for k in (5, 50):
            results = demo_recommender.recommend([1], k=k).results
            counts = Counter(a for r in results for a in track_artists(r.track))
            assert max(counts.values()) <= Rules.for_length(k).artist_cap
        assert Rules.for_length(5).artist_cap < Rules.for_length(50).artist_cap

    def test_unless_told_otherwise_the_rules_are_those_for_its_length(self, demo_recommender):
        for k in (3, 50):
            given = demo_recommender.recommend([1, 9], k=k, rules=Rules.for_length(k))
            assert repr(demo_recommender.recommend([1, 9], k=k)) == repr(given)

    def test_a_prolific_artist_gets_two_places_of_five_unless_told_otherwise(
        self, catalogue, tmp_path
    ):
        catalogue.add_tracklists(
            heard(str(n), "Mara - One", f"Otto - Part {n}", f"Otto - Coda {n}", f"Guest {n} - Only")
            for n in range(5)
        )
        prolific = shipped().scaled(next=3.0, sets=3.0)
        recommender = trained(catalogue, tmp_path / "home", prolific)

        def ottos(rules: Rules | None) -> int:
            answer = recommender.recommend(["Mara - One"], k=5, rules=rules)
            return sum(result.track.artist == "Otto" for result in answer.results)

        assert ottos(None) == 2 < ottos(Rules())

    def test_with_every_rule_off_nothing_is_removed(self, demo_recommender):
        assert demo_recommender.recommend([1, 2], k=300, rules=OFF).removed == {}

    def test_removed_counts_what_stands_between_the_results_and_nothing_else(
        self, demo_recommender
    ):
        """With the rules off, the same list needs exactly as many more places."""
        answer = demo_recommender.recommend([1, 44], k=50)
        everything = demo_recommender.recommend([1, 44], k=5000, rules=OFF).results
        place = [r.recording_id for r in everything].index(answer.results[-1].recording_id)
        assert place + 1 == 50 + sum(answer.removed.values())


class TestACatalogueThatChanges:
    def test_sets_imported_after_training_count_at_once(self, recommender, crate, tmp_path):
        crate.add_tracklists(
            [heard("new", "Mara - One", "Iris - Fresh", "Juno - Fresher", date="2026-01-01")]
        )
        reopened = Recommender.open(crate, Settings(home=tmp_path / "home"), COMPANY)
        result = next(
            r
            for r in reopened.recommend(["Mara - One"], k=20).results
            if str(r.track) == "Iris - Fresh"
        )
        assert result.evidence.sets_together == 1
        assert "Mara - One" in names(reopened.recommend(["Iris - Fresh"], k=5))

    def test_a_source_can_be_cleared_after_training(self, recommender, crate, tmp_path):
        crate.add_tracklists([heard("x", "Mara - One", "Iris - Fresh", source="extra")])
        train(crate, Settings(home=tmp_path / "home"), parameters=QUICK)
        crate.clear_source("extra")
        reopened = Recommender.open(crate, Settings(home=tmp_path / "home"), COMPANY)
        answer = reopened.recommend(["Mara - One"], k=999, rules=Rules())
        assert "Iris - Fresh" not in names(answer)
        before = recommender.recommend(["Mara - One"], k=999, rules=Rules())
        assert set(names(answer)[:2]) == set(names(before)[:2])
        told, told_before = (
            {str(r.track): (r.sets, repr(r.evidence)) for r in a.results} for a in (answer, before)
        )
        assert told == told_before

    def test_an_emptied_catalogue_answers_with_nothing(self, recommender, crate, tmp_path):
        crate.clear_source("notes")
        reopened = Recommender.open(crate, Settings(home=tmp_path / "home"))
        answer = reopened.recommend(["Mara - One"])
        assert (answer.seeds[0].rung, answer.results) == ("none", ())

    def test_one_that_is_open_goes_on_with_the_sets_it_knows(self, recommender, crate):
        before = names(recommender.recommend(["Mara - One"]))
        crate.clear_source("notes")
        assert names(recommender.recommend(["Mara - One"])) == before


@pytest.mark.parametrize(
    "sets",
    [
        [heard("1", "Mara - One", "Otto - Two")],
        [heard("1", "Mara - One", "Otto - Two"), heard("2", "Mara - One", "Fjord - Three")],
        [heard(str(n), "Mara - One", "Otto - Two", f"Hexa - Number {n}") for n in range(3)],
    ],
    ids=["one set", "two sets", "copies"],
)
def test_the_first_sets_of_a_new_catalogue_are_enough_for_an_answer(catalogue, tmp_path, sets):
    catalogue.add_tracklists(sets)
    answer = trained(catalogue, tmp_path / "home").recommend(["Mara - One"])
    assert "Otto - Two" in names(answer)
    met = next(r for r in answer.results if str(r.track) == "Otto - Two")
    assert met.evidence.sets_together >= 1
    assert met.score > 0


def test_weights_can_be_given(crate, tmp_path):
    trained(crate, tmp_path / "home")
    only = shipped().scaled(**{name: 0.0 for name in PARTS if name != "next"})
    recommender = Recommender.open(crate, Settings(home=tmp_path / "home"), only)
    result = recommender.recommend(["Mara - One"], k=1).results[0]
    assert result.score == result.parts["next"] > 0
    assert sum(map(bool, result.parts.values())) == 1


def test_a_copy_of_a_set_does_not_shift_the_dates_of_the_sets_after_it(catalogue, tmp_path):
    old = ("Mara - One", "Otto - Two", "Fjord - Three")
    catalogue.add_tracklists(
        [
            heard("1", *old, date="1999"),
            heard("1 again", *old, date="2000"),
            heard("2", "Mara - One", "Hexa - Lately", "Hexa - Own", "Hexa - Other", date="2020"),
            heard("3", "Mara - One", "Iris - Long ago", "Iris - Own", "Iris - Other", date="2001"),
        ]
    )
    answer = trained(catalogue, tmp_path / "home").recommend(["Mara - One"], k=99)
    prior = {str(r.track): r.parts["prior"] for r in answer.results}
    assert prior["Hexa - Lately"] > prior["Iris - Long ago"]


def test_four_threads_get_the_answers_that_one_gets(demo_recommender):
    asked = [[1], [2, 30], ["Tarmac - Carbn"], [5, "Nobody - X"], [77], [8, 9, 10]] * 3
    alone = [repr(demo_recommender.recommend(seeds, k=20)) for seeds in asked]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda s: repr(demo_recommender.recommend(s, k=20)), asked))
    assert together == alone


def test_a_query_writes_nothing(recommender, crate, tmp_path):
    def dump() -> tuple[list[str], dict[str, int]]:
        with sqlite3.connect(tmp_path / "catalogue.sqlite") as connection:
            lines = list(connection.iterdump())
        models = (tmp_path / "home").rglob("*")
        return lines, {str(path): path.stat().st_mtime_ns for path in models}

    before = dump()
    recommender.recommend(["Mara - One", "Fjord - Threee", "Zz - Q", 3])
    recommender.resolve("something else")
    assert dump() == before
