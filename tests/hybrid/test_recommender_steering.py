"""What a DJ turns and says moves the list at once."""

from __future__ import annotations

import pytest

from data.records import Answer, Track
from hybrid.recommender import Recommender
from hybrid.results import STEERING
from hybrid.steering import Dials, Filters, Steering
from tests.hybrid.scenes import SETS
from tests.hybrid.small import COMPANY, trained


@pytest.fixture
def crate(catalogue):
    catalogue.add_tracklists(SETS)
    return catalogue


@pytest.fixture
def recommender(crate, tmp_path) -> Recommender:
    return trained(crate, tmp_path / "home", COMPANY)


def names(answer: Answer) -> list[str]:
    return [str(result.track) for result in answer.results]


class TestSteering:
    def test_the_ends_of_the_slider_are_the_single_signals(self, demo_recommender):
        for lens, part in (("goes_with", "sets"), ("next", "next")):
            results = demo_recommender.recommend([5], k=40, lens=lens, balance=0).results
            assert results
            for result in results:
                assert {name for name, share in result.weights.items() if share} == {part}
                assert result.parts[part] == result.score

    def test_the_order_of_seeds_says_nothing_but_for_what_is_played_next(self, demo_recommender):
        seeds = [5, 40, 99]
        one, other = (demo_recommender.recommend(order) for order in (seeds, seeds[::-1]))
        assert names(one) == names(other)
        one, other = (demo_recommender.recommend(o, lens="next") for o in (seeds, seeds[::-1]))
        assert names(one) != names(other)

    def test_what_a_filter_hides_is_counted_and_comes_back_without_it(self, demo_recommender):
        everything = demo_recommender.recommend([5], k=20)
        gone = frozenset(r.recording_id for r in everything.results[:4])
        steering = Steering(Filters(without=gone))
        answer = demo_recommender.recommend([5], k=20, steering=steering)
        assert not gone & {r.recording_id for r in answer.results}
        assert answer.removed["without"] == 4
        assert next(h for h in answer.hidden if h.name == "without").back == 4

    def test_the_popularity_dial_goes_from_deep_cuts_to_the_well_known(self, demo_recommender):
        def sets(dial: float) -> float:
            steering = Steering(dials=Dials(popularity=dial))
            results = demo_recommender.recommend([5, 40], steering=steering).results
            return sum(r.sets for r in results) / len(results)

        assert sets(-1) < sets(0) < sets(1)

    def test_hubs_can_be_held_back(self, demo_recommender):
        def lists(dial: float) -> list[set[int]]:
            steering = Steering(dials=Dials(hubs=dial))
            return [
                {r.recording_id for r in demo_recommender.recommend([i], steering=steering).results}
                for i in range(1, 60, 3)
            ]

        plain, held_back = lists(0), lists(1)
        assert len(set().union(*held_back)) > len(set().union(*plain))

    def test_what_dials_moved_is_told_beside_the_parts(self, demo_recommender):
        steering = Steering(dials=Dials(popularity=-1))
        for result in demo_recommender.recommend([5], k=20, steering=steering).results:
            assert result.parts[STEERING] < 0
            assert sum(result.parts.values()) == pytest.approx(result.score, abs=5e-4)


class TestFeedback:
    def test_it_counts_at_once_and_can_be_taken_back(self, recommender, crate):
        seed = crate.find(Track("Mara", "One"))
        before = recommender.recommend([seed])
        worst, best = before.results[-1].recording_id, before.results[0].recording_id
        crate.feedback.say("works", seed, worst)
        crate.feedback.say("dislike", best)
        answer = recommender.recommend([seed])
        assert answer.results[0].recording_id == worst
        assert answer.results[0].verdict == "works"
        assert "you marked it: works" in answer.results[0].reason.lower()
        assert best not in [r.recording_id for r in answer.results]
        assert answer.removed["disliked"] == 1
        crate.feedback.undo()
        crate.feedback.undo()
        assert repr(recommender.recommend([seed])) == repr(before)

    def test_a_clash_is_about_the_pair(self, recommender, crate):
        seed, other = crate.find(Track("Mara", "One")), crate.find(Track("Otto", "Two"))
        crate.feedback.say("clashes", seed, other)
        assert "Otto - Two" not in names(recommender.recommend([seed]))
        assert "Otto - Two" in names(recommender.recommend(["Fjord - Three"]))
        shown = Steering(Filters(disliked=True))
        assert "Otto - Two" in names(recommender.recommend([seed], steering=shown))
