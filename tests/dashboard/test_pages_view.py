"""The address of a page reproduces what the page shows."""

import pytest

from dashboard.view import ARTIST_CAP, MOST, PAGE, View


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


def test_a_number_is_a_recording_and_a_quoted_number_is_a_title() -> None:
    assert View.from_search("?seed=1999").seeds == (1999,)
    assert View.from_search("?seed=%221999%22").seeds == ("1999",)


def test_the_same_seed_twice_is_one_seed() -> None:
    assert View.from_search("?seed=4&seed=4&seed=5").seeds == (4, 5)


@pytest.mark.parametrize(
    "search", ["?cap=many&show=-1", "?cap=²", "?seed=", "?seed=%20%20", "?&&==", "?versions=x"]
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


def test_rules_are_switched_off_on_and_what_they_hid_is_brought_back() -> None:
    view = View(seeds=(1,))
    assert not view.after("rule", "versions", False).one_version
    assert view.after("rule", "versions", True).one_version
    assert view.after("rule", "artists", False).artist_cap == 0
    assert view.after("rule", "artists", True).artist_cap == ARTIST_CAP
    assert not view.after("unhide", "versions", 1).one_version
    assert view.after("unhide", "artists", 1).artist_cap == 0


def test_more_stops_at_the_longest_list() -> None:
    view = View(seeds=(1,))
    for _ in range(10):
        view = view.after("more", 0, 1)
    assert view.length == MOST


def test_an_unknown_control_is_an_error_not_a_guess() -> None:
    with pytest.raises(ValueError, match="no control"):
        View().after("dance", 1, 1)
