"""The walk that shapes a list, against one that is written plainly."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import SegueError
from data.records import Hidden
from hybrid import rules as rules_module
from hybrid.rules import Credits, choose
from hybrid.steering import Rules
from tests.hybrid.facts import made_facts

OFF = Rules(
    exclude_seeds=False,
    exclude_seed_versions=False,
    one_version_per_work=False,
    artist_cap=0,
    spread_artists=False,
)
# Recording:  0  1  2  3  4  5  6  7
WORKS = [0, 0, 1, 1, 1, 2, 3, 4]
ARTISTS = [[0], [0, 1], [2], [2], [2, 1], [1], [1], []]


def take(rules, ranking, seeds=(), k=8, masks=None, works=None, artists=None):
    """Ask for a list of tracks that rank as given; the others have no score."""
    works, artists = list(works or WORKS), artists or ARTISTS
    scores = np.zeros(len(works), np.float32)
    scores[list(ranking)] = np.linspace(1, 0.1, len(list(ranking)), dtype=np.float32)
    facts = made_facts(len(works), work=works, artists=artists)
    return choose(scores, facts, seeds, k, rules, masks)


def listed(*asked, **named):
    return take(*asked, **named).rows.tolist()


def removed(chosen):
    return {entry.name: entry.count for entry in chosen.hidden}


def mask(n: int, *hidden: int):
    keep = np.ones(n, bool)
    keep[list(hidden)] = False
    return keep


class TestEachRule:
    def test_with_every_rule_off_the_ranking_stays_as_it_is(self):
        chosen = take(OFF, [3, 1, 0, 2, 7], seeds=[1])
        assert (chosen.rows.tolist(), chosen.hidden, chosen.grouped) == ([3, 1, 0, 2, 7], (), {})

    def test_seeds_are_left_out(self):
        chosen = take(replace(OFF, exclude_seeds=True), [3, 1, 0, 2], seeds=[1, 2])
        assert (chosen.rows.tolist(), removed(chosen)) == ([3, 0], {"seed": 2})

    def test_other_versions_of_the_seeds_are_left_out_and_the_seed_itself_is_another_rule(self):
        chosen = take(replace(OFF, exclude_seed_versions=True), [0, 1, 2, 3, 4, 5], seeds=[2])
        assert chosen.rows.tolist() == [0, 1, 2, 5]
        assert removed(chosen) == {"version of a seed": 2}

    def test_of_one_work_the_best_version_is_shown_and_the_others_are_under_it(self):
        chosen = take(replace(OFF, one_version_per_work=True), [4, 1, 3, 0, 2, 5])
        assert chosen.rows.tolist() == [4, 1, 5]
        assert removed(chosen) == {"other version": 3}
        assert chosen.grouped == {4: (3, 2), 1: (0,)}

    def test_no_artist_comes_more_often_than_the_cap_also_not_as_remixer(self):
        chosen = take(replace(OFF, artist_cap=2), [5, 6, 4, 1, 0, 2])
        assert (chosen.rows.tolist(), removed(chosen)) == ([5, 6, 0, 2], {"same artist": 2})
        assert listed(replace(OFF, artist_cap=1), [1, 0, 5, 2]) == [1, 2]

    def test_tracks_without_artists_are_not_capped(self):
        assert listed(Rules(artist_cap=1), [0, 1, 2], works=[0, 1, 2], artists=[[], [], []]) == [
            0,
            1,
            2,
        ]

    def test_a_track_that_was_left_out_blocks_nobody(self):
        """4 falls to the seed's work, so it neither shows its work nor uses up an artist."""
        chosen = take(Rules(artist_cap=1), [4, 5, 0], seeds=[2])
        assert (chosen.rows.tolist(), removed(chosen)) == ([5, 0], {"version of a seed": 1})

    @pytest.mark.parametrize(("k", "cap"), [(1, 2), (10, 2), (11, 3), (50, 10), (51, 11)])
    def test_by_default_an_artist_may_fill_a_fifth_of_the_list_and_two_places_at_least(
        self, k, cap
    ):
        assert Rules.for_length(k) == Rules(artist_cap=cap)

    def test_works_and_artists_are_enough(self):
        facts = made_facts(3, work=[0, 0, 1])
        scores = np.array([0.5, 0.7, 0.6], np.float32)
        chosen = choose(scores, Credits(facts.work, facts.artists), [], 3, Rules(), count=False)
        assert chosen.rows.tolist() == [1, 2]
        assert (chosen.hidden, chosen.grouped) == ((), {})

    @pytest.mark.parametrize(("k", "cap"), [(-1, 0), (5, -1)])
    def test_a_length_or_a_cap_below_0_is_refused_in_a_sentence(self, k, cap):
        with pytest.raises(SegueError, match="must be 0 or more"):
            take(replace(OFF, artist_cap=cap), [1, 2], k=k)


class TestWhatIsShown:
    def test_what_nothing_is_known_of_is_not_shown(self):
        scores = np.array([0.5, 0, -1, 0.25], np.float32)
        assert choose(scores, made_facts(4), [], 4, Rules()).rows.tolist() == [0, 3]

    def test_equal_scores_come_by_row(self):
        scores = np.full(2000, 0.5, np.float32)
        assert choose(scores, made_facts(2000), [], 3, Rules()).rows.tolist() == [0, 1, 2]

    def test_nothing_is_taken_for_k_0_or_from_nothing(self):
        assert listed(Rules(), [1, 2, 3], k=0) == []
        empty = choose(np.empty(0, np.float32), made_facts(0), [], 5, Rules(), {})
        assert (empty.rows.tolist(), empty.hidden) == ([], ())

    def test_versions_of_a_seed_are_not_grouped_under_a_seed_that_may_come(self):
        rules = Rules(exclude_seeds=False)
        assert take(rules, [2, 3, 4], seeds=[2]).grouped == {}

    def test_versions_that_a_filter_hides_are_not_grouped(self):
        chosen = take(Rules(), [4, 3, 2], masks={"tempo": mask(8, 3)})
        assert chosen.grouped == {4: (2,)}

    def test_a_work_with_very_many_versions_shows_some(self):
        works, artists = [0] * 40, [[a] for a in range(40)]
        chosen = take(Rules(), range(40), works=works, artists=artists, k=1)
        assert chosen.grouped == {0: tuple(range(1, 1 + rules_module.VERSIONS))}


class TestSpreading:
    SPREAD = replace(OFF, spread_artists=True)

    def spread(self, *artists):
        n = len(artists)
        rows = listed(self.SPREAD, range(n), works=range(n), artists=[[a] for a in artists], k=n)
        return rows, [artists[row] for row in rows]

    def test_the_later_one_waits(self):
        rows, _ = self.spread(0, 0, 1, 2)
        assert rows == [0, 2, 1, 3]

    def test_what_is_left_at_the_end_moves_up_between_others(self):
        _, artists = self.spread(1, 2, 3, 0, 0, 0)
        assert all(a != b for a, b in itertools.pairwise(artists))

    def test_where_there_is_nobody_else_nothing_is_lost(self):
        assert self.spread(0, 0, 0)[0] == [0, 1, 2]

    @settings(deadline=None)
    @given(st.lists(st.integers(0, 4), min_size=1, max_size=12))
    def test_nobody_comes_twice_in_a_row_where_nobody_has_more_than_half(self, artists):
        rows, order = self.spread(*artists)
        assert sorted(rows) == list(range(len(artists)))
        if max(Counter(artists).values()) <= (len(artists) + 1) // 2:
            assert all(a != b for a, b in itertools.pairwise(order))


class TestWhatIsHidden:
    def test_each_track_is_counted_for_one_rule_only(self):
        chosen = take(Rules(artist_cap=1), range(8), seeds=[0])
        assert sorted(chosen.rows.tolist()) == [2, 5, 7]
        assert removed(chosen) == {
            "seed": 1,
            "version of a seed": 1,
            "other version": 2,
            "same artist": 1,
        }

    def test_filters_are_counted_before_rules_and_each_track_for_the_first(self):
        masks = {"tempo": mask(8, 0, 5), "key": mask(8, 5, 6)}
        chosen = take(replace(OFF, exclude_seeds=True), range(8), seeds=[0, 7], masks=masks)
        assert removed(chosen) == {"tempo": 2, "key": 1, "seed": 1}

    def test_only_what_ranks_above_the_last_one_shown_is_counted(self):
        masks = {"tempo": mask(8, 3, 4)}
        chosen = take(OFF, [3, 1, 2, 4], k=2, masks=masks)
        assert (chosen.rows.tolist(), removed(chosen)) == ([1, 2], {"tempo": 1})

    def test_on_a_list_that_is_not_full_all_are_counted(self):
        chosen = take(OFF, [3, 1, 2, 4], k=3, masks={"tempo": mask(8, 3, 4, 7)})
        assert chosen.hidden == (Hidden("tempo", 2, 1),)

    def test_what_two_filters_hide_comes_back_by_neither_alone(self):
        masks = {"tempo": mask(8, 0, 1), "key": mask(8, 1)}
        assert take(OFF, range(8), masks=masks).hidden == (Hidden("tempo", 2, 1),)

    def test_what_a_rule_would_hide_does_not_come_back(self):
        rules = replace(OFF, exclude_seeds=True)
        chosen = take(rules, range(8), seeds=[0], masks={"tempo": mask(8, 0, 1)})
        assert chosen.hidden == (Hidden("tempo", 2, 1),)

    def test_of_equal_tracks_those_before_the_last_one_shown_rank_above_it(self):
        scores = np.full(4, 0.5, np.float32)
        chosen = choose(scores, made_facts(4), [], 1, OFF, {"tempo": mask(4, 0, 2)})
        assert (chosen.rows.tolist(), chosen.hidden) == ([1], (Hidden("tempo", 1, 1),))

    def test_what_comes_up_from_below_the_list_was_not_hidden_and_does_not_come_back(self):
        """0 lets in nobody else of its artists, so 3, which ranks below the list, is let in."""
        artists = [[0, 1], [0], [1], [2]]
        masks = {"tempo": mask(4, 0, 3)}
        rules = replace(OFF, artist_cap=1)
        chosen = take(rules, range(4), k=2, masks=masks, works=range(4), artists=artists)
        assert (chosen.rows.tolist(), chosen.hidden) == ([1, 2], (Hidden("tempo", 1, 1),))
        assert listed(rules, range(4), k=2, works=range(4), artists=artists) == [0, 3]

    def test_a_version_of_a_capped_artist_is_counted_as_a_version_however_far_down(
        self, monkeypatch
    ):
        monkeypatch.setattr(rules_module, "_FIRST", 1)
        works, artists = [0, 1, 2, 3, 3, 4], [[0], [0], [0], [1], [0], [2]]
        rules = replace(OFF, artist_cap=1, one_version_per_work=True)
        chosen = take(rules, range(6), k=3, works=works, artists=artists)
        assert chosen.rows.tolist() == [0, 3, 5]
        assert removed(chosen) == {"same artist": 2, "other version": 1}

    def test_most_come_first(self):
        masks = {"year": mask(8, 0), "tempo": mask(8, 1, 2, 3), "key": mask(8, 4)}
        chosen = take(OFF, range(8), masks=masks)
        assert [entry.name for entry in chosen.hidden] == ["tempo", "key", "year"]


# --- against a walk that is written plainly -------------------------------------------------


@dataclass(frozen=True)
class Case:
    works: list[int]
    artists: list[list[int]]
    scores: list[float]
    seeds: list[int]
    k: int
    rules: Rules
    masks: dict[str, list[bool]]


FILTERS = ("tempo", "key", "year")
RULES = {
    "seed": {"exclude_seeds": False},
    "version of a seed": {"exclude_seed_versions": False},
    "other version": {"one_version_per_work": False},
    "same artist": {"artist_cap": 0},
}


@st.composite
def cases(draw):
    n = draw(st.integers(1, 6) | st.integers(12, 24))

    def per_track(values):
        return draw(st.lists(values, min_size=n, max_size=n))

    return Case(
        works=per_track(st.integers(0, n)),
        artists=per_track(st.lists(st.integers(0, 5), max_size=2, unique=True)),
        scores=per_track(st.sampled_from([-0.5, 0.0, 0.25, 0.5, 0.75, 1.0])),
        seeds=draw(st.lists(st.integers(0, n - 1), max_size=2, unique=True)),
        k=draw(st.integers(1, 4) | st.integers(0, 10)),
        rules=draw(
            st.builds(
                Rules,
                *[st.booleans()] * 3,
                artist_cap=st.integers(0, 2),
                spread_artists=st.booleans(),
            )
        ),
        masks={
            name: per_track(st.sampled_from([True, True, True, False]))
            for name in draw(st.lists(st.sampled_from(FILTERS), unique=True))
        },
    )


def chosen_of(case):
    facts = made_facts(len(case.works), work=case.works, artists=case.artists)
    masks = {name: np.array(keep) for name, keep in case.masks.items()}
    return choose(np.array(case.scores, np.float32), facts, case.seeds, case.k, case.rules, masks)


def plainly(case):
    """Rows taken, in order of rank, and what kept each of the others out on the way there."""
    why = {}
    taken = []
    works = set()
    artists = Counter()
    seed_works = {case.works[seed] for seed in case.seeds}
    for row in sorted(range(len(case.scores)), key=lambda row: (-case.scores[row], row)):
        if len(taken) == case.k or case.scores[row] <= 0:
            break
        rules, work = case.rules, case.works[row]
        hiding = [name for name, keep in case.masks.items() if not keep[row]]
        if hiding:
            why[row] = hiding[0]
            continue
        if row in case.seeds:
            if rules.exclude_seeds:
                why[row] = "seed"
                continue
        elif rules.exclude_seed_versions and work in seed_works:
            why[row] = "version of a seed"
            continue
        elif rules.one_version_per_work and work in works:
            why[row] = "other version"
            continue
        elif rules.artist_cap and any(artists[a] >= rules.artist_cap for a in case.artists[row]):
            why[row] = "same artist"
            continue
        taken.append(row)
        works.add(work)
        artists.update(case.artists[row])
    return taken, why


def loosened(case, name):
    if name in case.masks:
        return replace(case, masks={n: keep for n, keep in case.masks.items() if n != name})
    return replace(case, rules=replace(case.rules, **RULES[name]))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_the_list_and_its_counts_are_those_of_a_plain_walk(case):
    chosen, (taken, why) = chosen_of(case), plainly(case)
    assert sorted(chosen.rows.tolist()) == sorted(taken)
    if not case.rules.spread_artists:
        assert chosen.rows.tolist() == taken
    if case.k:
        assert removed(chosen) == Counter(why.values())


@settings(max_examples=150, deadline=None)
@given(cases())
def test_what_would_come_back_does_when_that_filter_or_rule_is_loosened(case):
    _, why = plainly(case)
    for entry in chosen_of(case).hidden:
        now = chosen_of(loosened(case, entry.name)).rows.tolist()
        assert entry.back == sum(why.get(row) == entry.name for row in now)


@settings(deadline=None)
@given(cases())
def test_looking_in_small_parts_changes_nothing(case):
    """A list as small as these is looked at in one part; here it is in several."""
    whole = chosen_of(case)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules_module, "_FIRST", 1)
        patch.setattr(rules_module, "_MORE", 2)
        parted = chosen_of(case)
    assert parted.rows.tolist() == whole.rows.tolist()
    assert (parted.hidden, parted.grouped) == (whole.hidden, whole.grouped)


@settings(deadline=None)
@given(cases())
def test_a_shorter_list_is_the_beginning_of_a_longer_one_but_for_the_spreading(case):
    case = replace(case, rules=replace(case.rules, spread_artists=False))
    longer = chosen_of(replace(case, k=case.k + 5)).rows.tolist()
    assert chosen_of(case).rows.tolist() == longer[: case.k]


@settings(deadline=None)
@given(cases())
def test_without_rules_and_with_room_for_all_a_stricter_filter_never_adds(case):
    case = replace(case, rules=OFF, k=len(case.works))
    shown = set(chosen_of(case).rows.tolist())
    for name in case.masks:
        assert shown <= set(chosen_of(loosened(case, name)).rows.tolist())


@settings(deadline=None)
@given(cases())
def test_grouped_versions_are_of_the_same_work_not_shown_and_best_first(case):
    chosen = chosen_of(case)
    shown = chosen.rows.tolist()
    for row, versions in chosen.grouped.items():
        assert row in shown
        for version in versions:
            assert case.works[version] == case.works[row]
            assert version not in shown
            assert version not in case.seeds
            assert all(keep[version] for keep in case.masks.values())
        assert list(versions) == sorted(versions, key=lambda v: (-case.scores[v], v))
    few = max(Counter(case.works).values()) <= rules_module.VERSIONS
    if case.rules.one_version_per_work and not case.seeds and few:
        under = {v for versions in chosen.grouped.values() for v in versions}
        _, why = plainly(case)
        assert {row for row, name in why.items() if name == "other version"} <= under
