"""The address of a page reproduces what the page shows."""

import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.view import ARTIST_CAP, LOOSENED, MOST, OPEN, PAGE, SORTS, TEMPO, View
from hybrid.filters import checked
from hybrid.steering import Dials, Filters, Rules, Steering

KEYS = (
    *("seed", "lens", "balance", "tempo", "double", "key", "energy", "years", "label", "genre"),
    *("library", "minutes", "disliked", "popularity", "hubs", "versions", "cap", "spread", "show"),
    *("without", "sort"),
)
percent = st.integers(0, 100)
names = st.lists(
    st.text(min_size=1, max_size=12)
    .map(lambda text: " ".join(text.split()))
    .filter(lambda text: text and text.isprintable()),
    max_size=4,
    unique=True,
).map(tuple)
seeds = st.one_of(
    st.integers(0, 10**14),
    st.text("abc –&=?#1", min_size=1, max_size=12).map(str.strip).filter(bool),
)


def bounds(most: int) -> st.SearchStrategy:
    end = st.none() | st.integers(0, most)
    return st.tuples(end, end).filter(lambda ends: None in ends or ends[0] <= ends[1])


views = st.builds(
    View,
    seeds=st.lists(seeds, max_size=4, unique=True).map(tuple),
    lens=st.sampled_from(("goes_with", "next")),
    balance=percent,
    tempo=st.none() | percent,
    half_double=st.booleans(),
    key=st.sampled_from(("off", "soft", "strict")),
    energy=bounds(100),
    years=bounds(9999),
    labels=names,
    genres=names,
    library=st.sampled_from(("all", "mine", "new")),
    max_minutes=st.none() | st.integers(1, 999),
    disliked=st.booleans(),
    popularity=st.integers(-100, 100),
    hubs=percent,
    one_version=st.booleans(),
    artist_cap=st.integers(0, MOST),
    spread=st.booleans(),
    length=st.integers(1, MOST),
    sort=st.sampled_from(("", *SORTS)),
    without=st.none() | st.integers(1, 10**8),
)


def test_the_plain_address_is_the_plain_view() -> None:
    assert View.from_search("") == View.from_search(None) == View()
    assert View().to_search() == ""


@pytest.mark.parametrize(
    "view",
    [
        View(seeds=(12,)),
        View(seeds=(12, 7)),
        View(seeds=("Ania Ferro - Low Tide & High (Dub)",)),
        View(seeds=(3, "Ünïcøde – 東京"), one_version=False, artist_cap=0, length=100),
        View(seeds=("1999",)),
    ],
)
def test_every_view_has_an_address_that_brings_it_back(view: View) -> None:
    assert View.from_search(view.to_search()) == view


@given(views)
def test_any_view_has_an_address_that_brings_it_back(view: View) -> None:
    assert View.from_search(view.to_search()) == view


@given(
    st.lists(
        st.tuples(
            st.sampled_from(KEYS),
            st.text(max_size=8) | st.sampled_from(("-1", "9" * 5000, "80..20", "..", "nan", "²")),
        ),
        max_size=8,
    )
)
@settings(max_examples=200)
def test_no_address_breaks_the_page_or_asks_for_what_makes_no_sense(
    pairs: list[tuple[str, str]],
) -> None:
    view = View.from_search("?" + "&".join(f"{key}={value}" for key, value in pairs))
    checked(view.steering().filters)
    assert 0 <= view.balance <= 100
    assert -1 <= view.steering().dials.popularity <= 1
    assert 1 <= view.length <= MOST
    assert View.from_search(view.to_search()) == view


def test_an_untouched_view_steers_as_the_recommender_does_by_itself() -> None:
    assert View().steering() == Steering()
    assert View().rules() == Rules.for_length(PAGE)


def test_a_view_says_how_the_recommender_is_steered() -> None:
    view = View.from_search(
        "?lens=next&balance=30&tempo=off&double=off&key=strict&energy=40..&years=..2004&label=A"
        "&genre=B&library=mine&minutes=off&disliked=show&popularity=-50&hubs=100&versions=all"
        "&cap=0&spread=off"
    )
    assert (view.lens, view.balance) == ("next", 30)
    filters = Filters(
        None, False, "strict", (0.4, None), (None, 2004), (None, None), ("A",), ("B",), "mine",
        frozenset(), None, True,
    )  # fmt: skip
    assert view.steering() == Steering(filters, Dials(-0.5, 1.0))
    assert view.rules() == Rules(True, False, False, 0, False)


def test_what_was_played_tonight_is_left_out_and_its_crate_stands_in_the_address() -> None:
    view = replace(View.from_search("?seed=1&without=7"), left_out=frozenset({4, 5}))
    assert view.steering().filters.without == {4, 5}
    assert view.to_search() == "?seed=1&without=7"


def test_a_number_is_a_recording_and_a_quoted_number_is_a_title() -> None:
    assert View.from_search("?seed=1999").seeds == (1999,)
    assert View.from_search("?seed=%221999%22").seeds == ("1999",)


def test_the_same_seed_twice_is_one_seed() -> None:
    assert View.from_search("?seed=4&seed=4&seed=5").seeds == (4, 5)


@pytest.mark.parametrize(
    "search",
    [
        "?cap=many&show=-1",
        "?cap=²",
        "?seed=",
        "?seed=%20%20",
        "?&&==",
        "?versions=x",
        "?lens=back&balance=-5&tempo=fast&key=A&energy=90..10&years=2004&library=yours",
        "?without=tonight&sort=weather",
        "?label=&genre=%20&hubs=½&popularity=--1&disliked=1",
    ],
)
def test_nonsense_in_an_address_is_left_at_its_default(search: str) -> None:
    assert View.from_search(search) == View()


def test_an_address_cannot_ask_for_an_endless_list() -> None:
    assert View.from_search("?show=999999999999999999999").length == MOST
    assert View.from_search("?show=0").length == 1


def test_seeds_are_added_removed_and_replaced() -> None:
    view = View(seeds=(1,), length=100).after("seed-add", 2, 1)
    assert view == View(seeds=(1, 2), length=PAGE)
    assert view.after("seed-add", 1, 1).seeds == (1, 2)
    assert view.after("seed-remove", 0, 1).seeds == (2,)
    assert view.after("seed-only", 9, 1).seeds == (9,)
    assert view.after("seed-clear", 0, 1).seeds == ()


def test_a_near_match_takes_the_place_of_the_seed_it_stands_for() -> None:
    view = View(seeds=(1, "what", 3), length=100)
    assert view.after("seed-swap", "1:9", 1) == View(seeds=(1, 9, 3))
    assert view.after("seed-swap", "1:3", 1).seeds == (1, 3)


def test_rules_are_switched_off_and_on() -> None:
    view = View(seeds=(1,))
    for name in ("one_version", "spread", "half_double", "disliked"):
        assert getattr(view.after("rule", name, True), name)
        assert not getattr(view.after("rule", name, False), name)


@pytest.mark.parametrize(
    ("name", "value", "changes"),
    [
        ("lens", "next", {"lens": "next"}),
        ("balance", 35, {"balance": 35}),
        ("tempo", "off", {"tempo": None}),
        ("tempo", "10", {"tempo": 10}),
        ("key", "strict", {"key": "strict"}),
        ("energy", [20, 100], {"energy": (20, None)}),
        ("energy", [0, 100], {"energy": OPEN}),
        ("years-from", 1995, {"years": (1995, None)}),
        ("years-to", "", {"years": OPEN}),
        ("labels", [" Far  Out ", "Far Out"], {"labels": ("Far Out",)}),
        ("genres", None, {"genres": ()}),
        ("library", "new", {"library": "new"}),
        ("max_minutes", "off", {"max_minutes": None}),
        ("popularity", -100, {"popularity": -100}),
        ("artist_cap", "0", {"artist_cap": 0}),
        ("without", "7", {"without": 7}),
        ("without", "off", {"without": None}),
    ],
)
def test_every_control_changes_its_part_of_the_view(
    name: str, value: Any, changes: dict[str, Any]
) -> None:
    assert View(seeds=(1,)).after("steer", name, value) == View(seeds=(1,), **changes)


def test_years_the_wrong_way_round_are_turned_around() -> None:
    view = View().after("steer", "years-from", 2004).after("steer", "years-to", 1995)
    assert view.years == (1995, 2004)


def test_what_a_filter_hid_is_brought_back() -> None:
    strict = View(
        tempo=3, key="strict", energy=(50, 60), years=(2000, 2001), labels=("A",), genres=("B",),
        library="mine", max_minutes=5, artist_cap=1, without=7,
    )  # fmt: skip
    for name, loosened in LOOSENED.items():
        looser = strict.after("unhide", name, 1)
        assert looser != strict
        assert {key: getattr(looser, key) for key in loosened} == loosened


def test_reset_keeps_the_question_and_forgets_the_filters() -> None:
    steered = View((1,), "next", 20, tempo=3, key="strict", popularity=40, artist_cap=1)
    assert steered.after("reset", 0, 1) == View((1,), "next", 20)
    assert (View().tempo, View().artist_cap) == (TEMPO, ARTIST_CAP)


def test_a_list_is_sorted_by_a_column_or_best_first() -> None:
    view = View(seeds=(1,)).after("sort", "-bpm", None)
    assert view.to_search() == "?seed=1&sort=-bpm"
    assert view.after("sort", "", None) == view.after("sort", "weather", None) == View(seeds=(1,))


def test_more_stops_at_the_longest_list() -> None:
    view = View(seeds=(1,))
    for _ in range(10):
        view = view.after("more", 0, 1)
    assert view.length == MOST


def test_an_unknown_control_is_an_error_not_a_guess() -> None:
    for control, key in (("dance", 1), ("unhide", "rain"), ("rule", "lens"), ("steer", "seeds")):
        with pytest.raises(ValueError, match=re.escape(f"no control {control!r}")):
            View().after(control, key, 1)
