"""Filters, dials and rules together, as a query uses them."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from data.harmony import Key, key_compatibility, tempo_relation
from hybrid.dials import DialSet
from hybrid.filters import FilterSet
from hybrid.rules import choose
from hybrid.steering import Dials, Filters, Rules, Steering
from tests.hybrid.asked import made_asked
from tests.hybrid.facts import made_facts

SIZE = 10
OFF = Rules(False, False, False, 0, False)
STRICT = Filters(key="strict", years=(2000, 2010), energy=(0.25, 0.75), sets=(1, 5))


def per_track(values):
    return st.lists(values, min_size=SIZE, max_size=SIZE)


CRATES = st.builds(
    lambda columns: made_facts(SIZE, **columns),
    st.fixed_dictionaries(
        {
            "bpm": per_track(st.none() | st.sampled_from([64.0, 120.0, 126.0, 128.0, 140.0])),
            "key": per_track(st.none() | st.integers(0, 23)),
            "key_confidence": per_track(st.sampled_from([0.5, 1.0])),
            "energy": per_track(st.none() | st.floats(0, 1, width=32)),
            "year": per_track(st.none() | st.integers(1995, 2015)),
            "sets": per_track(st.integers(0, 8)),
            "work": per_track(st.integers(0, 7)),
            "artists": per_track(st.lists(st.integers(0, 5), max_size=2, unique=True)),
        }
    ),
)
SCORES = st.builds(
    lambda values: np.array(values, np.float32), per_track(st.sampled_from([0, 0.25, 0.5, 1]))
)
ASKED = st.builds(
    made_asked,
    st.lists(st.sampled_from([126.0, 140.0, None]), max_size=2),
    st.lists(st.sampled_from(["8A", "3B", None]), max_size=2),
    rows=st.lists(st.integers(0, SIZE - 1), max_size=2, unique=True),
    lens=st.sampled_from(["goes_with", "next"]),
)
FILTERS = st.builds(
    Filters,
    tempo_percent=st.sampled_from([None, 1.0, 6.0]),
    key=st.sampled_from(["off", "soft", "strict"]),
    years=st.sampled_from([(None, None), (2000, None), (2000, 2010)]),
    energy=st.sampled_from([(None, None), (0.25, 0.75)]),
    sets=st.sampled_from([(None, None), (1, 5)]),
)


def listed(crate, scores, asked, filters, rules=OFF, k=SIZE):
    masks = FilterSet(crate).masks(filters, asked)
    return choose(scores, crate, asked.rows, k, rules, masks)


def test_a_dj_who_touches_nothing_gets_the_defaults_of_the_issue():
    steering = Steering()
    assert steering.filters.tempo_percent == 6
    assert steering.filters.half_double
    assert steering.filters.key == "soft"
    assert steering.dials == Dials(popularity=0, hubs=0)


@settings(deadline=None)
@given(CRATES, SCORES, ASKED, FILTERS)
def test_a_stricter_filter_never_adds_to_a_list_with_room_for_all(crate, scores, asked, filters):
    loose = listed(crate, scores, asked, filters).rows
    for name in ("tempo_percent", "key", "years", "energy", "sets"):
        strict = replace(filters, **{name: {"tempo_percent": 1.0}.get(name, getattr(STRICT, name))})
        assert set(listed(crate, scores, asked, strict).rows) <= set(loose)


@settings(deadline=None)
@given(CRATES, SCORES, ASKED)
def test_no_result_violates_a_strict_filter_where_its_value_is_known(crate, scores, asked):
    tempos = [bpm for bpm in asked.bpm[asked.mixed] if bpm == bpm]
    keys = [Key.from_traktor(int(key)) for key in asked.key[asked.mixed] if key >= 0]
    for row in listed(crate, scores, asked, STRICT, Rules(), k=5).rows:
        bpm, key = float(crate.bpm[row]), int(crate.key[row])
        if tempos and bpm == bpm:
            assert min(abs(tempo_relation(seed, bpm).percent) for seed in tempos) <= 6
        if keys and key >= 0:
            own = Key.from_traktor(key)
            assert max(key_compatibility(seed, own).score for seed in keys) >= 0.5
        for value, (low, high) in (
            (crate.year[row], STRICT.years),
            (crate.energy[row], STRICT.energy),
            (crate.sets[row], STRICT.sets),
        ):
            assert np.isnan(value) or low <= value <= high


@settings(deadline=None)
@given(SCORES, ASKED)
def test_by_default_what_nothing_is_known_of_is_shown(scores, asked):
    crate = made_facts(SIZE, sets=[1] * SIZE)
    shown = listed(crate, scores, asked, Filters(key="strict")).rows
    assert sorted(shown) == np.flatnonzero(scores > 0).tolist()


@settings(deadline=None)
@given(CRATES, SCORES, ASKED, FILTERS, st.integers(1, 3), st.integers(1, SIZE))
def test_no_artist_is_shown_more_often_than_the_cap(crate, scores, asked, filters, cap, k):
    rows = listed(crate, scores, asked, filters, Rules(artist_cap=cap), k).rows
    shown = Counter(artist for row in rows for artist in crate.artists[row].indices.tolist())
    assert max(shown.values(), default=0) <= cap


@settings(max_examples=50, deadline=None)
@given(CRATES, SCORES, ASKED, FILTERS)
def test_what_is_shown_and_what_is_hidden_are_together_all_that_have_a_score(
    crate, scores, asked, filters
):
    chosen = listed(crate, scores, asked, filters, Rules(artist_cap=1))
    hidden = sum(entry.count for entry in chosen.hidden)
    assert len(chosen.rows) + hidden == np.count_nonzero(scores > 0)


@settings(deadline=None)
@given(CRATES, SCORES, st.floats(-1, 1), st.floats(-1, 1))
def test_turning_popularity_up_never_drops_a_track_below_one_less_known(crate, scores, one, other):
    """Of two tracks with one score."""
    dials = DialSet(crate)

    def turned(dial):
        return dials.turn(scores, Dials(popularity=dial), made_asked()).scores

    before, after = (turned(dial) for dial in sorted([one, other]))
    for a in range(SIZE):
        for b in range(SIZE):
            if scores[a] == scores[b] > 0 and crate.sets[a] > crate.sets[b]:
                assert before[a] < before[b] or after[a] >= after[b]


@settings(deadline=None)
@given(CRATES, SCORES, ASKED, FILTERS)
def test_one_question_has_one_answer(crate, scores, asked, filters):
    one, other = (listed(crate, scores, asked, filters, Rules(), k=5) for _ in range(2))
    assert one.rows.tolist() == other.rows.tolist()
    assert (one.hidden, one.grouped) == (other.hidden, other.grouped)
