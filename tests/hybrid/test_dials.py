"""What moves tracks up or down, and that nothing moves that was not asked to."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SegueError
from data.harmony import Key, key_compatibility
from hybrid.dials import (
    HUB_DEPTH,
    KEY_REACH,
    DialSet,
    hub_factor,
    hubness,
    key_factor,
    popularity_factor,
)
from hybrid.steering import Dials
from tests.hybrid.asked import camelot, made_asked
from tests.hybrid.facts import made_facts

NOBODY = made_asked()


def array(*values):
    return np.array(values, np.float32)


class TestTurning:
    FACTS = made_facts(
        4, sets=[0, 1, 10, 200], key=[camelot("8A"), None, camelot("2A"), None],
        key_confidence=[1, 0, 1, 0],
    )  # fmt: skip
    SCORES = array(0.5, 0.5, 0.5, 0)

    def turn(self, dials, asked=NOBODY, **options):
        return DialSet(self.FACTS).turn(self.SCORES, dials, asked, **options)

    def test_at_0_exactly_nothing_changes(self):
        hubs = array(1, 1, 1, 1)
        steered = self.turn(Dials(), made_asked(key=["8A"]), key="off", hubs=hubs)
        assert steered.scores is self.SCORES
        assert steered.change([0, 3]).tolist() == [0, 0]

    def test_without_a_seeds_key_the_soft_key_does_nothing(self):
        assert self.turn(Dials(), made_asked([128], [None])).scores is self.SCORES

    def test_the_given_scores_stay_as_they_are_and_the_change_is_told(self):
        steered = self.turn(Dials(popularity=0.5, hubs=0.5), hubs=array(1, 0, 0, 0))
        assert self.SCORES.tolist() == [0.5, 0.5, 0.5, 0]
        assert steered.change([2, 0]).tolist() == [
            steered.scores[2] - np.float32(0.5),
            steered.scores[0] - np.float32(0.5),
        ]
        assert steered.scores.dtype == np.float32

    def test_the_dials_work_together(self):
        hubs = array(0.5, 0, 1, 0)
        asked = made_asked(key=["8A"])
        known = np.log1p(self.FACTS.sets) / np.log1p(200)
        expected = (
            self.SCORES
            * popularity_factor(known, -0.25)
            * hub_factor(hubs, 0.75)
            * key_factor(self.FACTS, asked)
        )
        steered = self.turn(Dials(popularity=-0.25, hubs=0.75), asked, hubs=hubs)
        assert steered.scores == pytest.approx(expected)

    @pytest.mark.parametrize("key", ["soft", "strict"])
    def test_keys_rank_unless_they_are_off(self, key):
        asked = made_asked(key=["8A"])
        assert self.turn(Dials(), asked, key=key).scores[2] < 0.5
        assert self.turn(Dials(), asked, key="off").scores[2] == 0.5

    def test_where_no_track_was_ever_played_popularity_parts_none(self):
        steered = DialSet(made_facts(3)).turn(array(0.2, 0.4, 0.3), Dials(popularity=1), NOBODY)
        assert np.argsort(steered.scores).tolist() == [0, 2, 1]

    @settings(deadline=None)
    @given(
        sets=st.lists(st.integers(0, 500), min_size=2, max_size=8),
        data=st.data(),
        popularity=st.floats(-1, 1),
        hubs=st.floats(0, 1),
        sure=st.floats(0, 1, width=32),
    )
    def test_what_had_a_score_keeps_one_and_none_grows(self, sets, data, popularity, hubs, sure):
        def column(values):
            return data.draw(st.lists(values, min_size=len(sets), max_size=len(sets)))

        facts = made_facts(
            len(sets),
            sets=sets,
            key=column(st.integers(-1, 23)),
            key_confidence=column(st.floats(0, 1, width=32)),
        )
        scores = array(*column(st.floats(0, 1, width=16)))
        asked = made_asked(key=["8A", "3B"], sure=sure)
        common = array(*column(st.floats(0, 1, width=32)))
        after = DialSet(facts).turn(scores, Dials(popularity, hubs), asked, hubs=common).scores
        assert ((after > 0) == (scores > 0)).all()
        assert (after <= scores).all()


class TestPopularity:
    KNOWN = array(0, 0.25, 0.5, 1)

    @settings(deadline=None)
    @given(st.floats(-1, 1), st.floats(-1, 1), st.floats(0, 1, width=32), st.floats(0, 1, width=32))
    def test_turning_it_up_never_lowers_the_better_known_against_the_less_known(
        self, one, other, known, less
    ):
        down, up = sorted([one, other])
        less, known = sorted([less, known])
        pair = array(known, less)
        before, after = (
            array(1, 1) if (factor := popularity_factor(pair, dial)) is None else factor
            for dial in (down, up)
        )
        assert after[0] / after[1] >= before[0] / before[1] * (1 - 1e-6)

    def test_at_the_ends_what_fits_comes_by_how_known_it_is(self):
        fits = array(0.9, 0.7, 0.6, 0.8)
        well_known = fits * popularity_factor(self.KNOWN, 1)
        deep_cuts = fits * popularity_factor(self.KNOWN, -1)
        assert np.argsort(-well_known).tolist() == [3, 2, 1, 0]
        assert np.argsort(-deep_cuts).tolist() == [0, 1, 2, 3]

    def test_at_the_ends_what_hardly_fits_still_stays_behind(self):
        """Better known by a third of the way and a hundredth of the score."""
        scores = array(0.9, 0.009) * popularity_factor(array(0.5, 0.83), 1)
        assert scores[0] > scores[1]

    def test_at_0_it_does_nothing(self):
        assert popularity_factor(self.KNOWN, 0) is None

    @pytest.mark.parametrize("dial", [-1.1, 1.01, float("nan")])
    def test_beyond_its_ends_it_is_refused(self, dial):
        with pytest.raises(SegueError, match="from -1 to 1"):
            popularity_factor(self.KNOWN, dial)


class TestHubs:
    def test_the_more_lists_a_track_is_on_the_more_it_is_held_back(self):
        factor = hub_factor(array(0, 0.5, 1), 0.5)
        assert factor[0] == 1
        assert factor[0] > factor[1] > factor[2] > 0
        assert (hub_factor(array(0, 0.5, 1), 1)[1:] < factor[1:]).all()

    def test_at_0_or_where_nobody_looked_for_hubs_it_does_nothing(self):
        assert hub_factor(array(1), 0) is None
        assert hub_factor(None, 1) is None

    @pytest.mark.parametrize("dial", [-0.1, 1.01, float("nan")])
    def test_beyond_its_ends_it_is_refused(self, dial):
        with pytest.raises(SegueError, match="from 0 to 1"):
            hub_factor(array(1), dial)

    def test_a_hub_is_what_comes_up_whatever_is_asked(self):
        def score(question):
            scores = np.zeros(HUB_DEPTH + 10, np.float32)
            scores[:HUB_DEPTH] = 0.5
            scores[question] = 1.0
            return scores

        share = hubness(score, [HUB_DEPTH, HUB_DEPTH + 1, 0, 1])
        assert share[: HUB_DEPTH - 1].tolist() == [1] * (HUB_DEPTH - 1)
        # A better one takes the last place of the list twice.
        assert share[HUB_DEPTH - 1 :].tolist() == [0.5, 0.25, 0.25] + [0] * 8

    def test_what_nothing_is_known_of_is_on_no_list(self):
        assert hubness(lambda _: array(0.5, 0, -1), ["one", "other"]).tolist() == [1, 0, 0]

    def test_an_empty_catalogue_has_no_question_and_no_hubs(self):
        assert hubness(lambda _: array(1), []).tolist() == []


class TestSoftKey:
    def factor(self, asked, key, sure=1.0):
        facts = made_facts(len(key), key=key, key_confidence=[sure] * len(key))
        return key_factor(facts, asked)

    def test_the_worse_two_keys_go_together_the_lower_the_factor(self):
        factor = self.factor(made_asked(key=["8A"]), list(range(24)))
        for value in range(24):
            grade = key_compatibility(Key(9, "minor"), Key.from_traktor(value)).score
            assert factor[value] == pytest.approx(1 - KEY_REACH * (1 - grade))

    def test_an_unknown_key_is_neutral(self):
        assert self.factor(made_asked(key=["8A"]), [-1]).tolist() == [1]
        assert self.factor(made_asked(key=[None]), [3]) is None

    def test_a_key_that_nobody_is_sure_of_counts_for_less(self):
        clash = [camelot("2A")]
        sure = self.factor(made_asked(key=["8A"]), clash)
        doubtful = self.factor(made_asked(key=["8A"]), clash, sure=0.5)
        asked_in_doubt = self.factor(made_asked(key=["8A"], sure=0.5), clash)
        assert sure < doubtful < 1
        assert doubtful == pytest.approx(asked_in_doubt)
        assert self.factor(made_asked(key=["8A"]), clash, sure=0.0) == [1]

    def test_of_several_seeds_the_best_counts_and_under_next_the_last(self):
        keys = [camelot("8A"), camelot("2A")]
        assert self.factor(made_asked(key=["8A", "2A"]), keys).tolist() == [1, 1]
        last = self.factor(made_asked(key=["8A", "2A"], lens="next"), keys)
        assert last[0] < last[1] == 1
