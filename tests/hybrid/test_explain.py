"""Every sentence that tells a DJ why."""

from __future__ import annotations

from dataclasses import replace

import pytest

from data.records import Evidence
from hybrid.explain import reason

MET = Evidence(
    sets_together=3,
    lift=1.4,
    djs=("Ana", "Bo"),
    first="2019-01-02",
    last="2021-06-05",
)


def why(evidence: Evidence, *, sets: int = 5, n_seeds: int = 1, known: bool = True) -> str:
    return reason(evidence, sets=sets, n_seeds=n_seeds, known=known)


def test_the_whole_of_what_sets_say_in_one_sentence():
    full = replace(
        MET, right_after=2, right_before=1, lift=5.2, djs=("Ana", "Bo", "Cy", "Di", "Ed")
    )
    assert why(replace(full, last="2024-12-31")) == (
        "Played with it in 3 sets, twice straight after (5x chance), "
        "by Ana, Bo, Cy and 2 more, last 2024-12."
    )


def test_sets_djs_and_date_for_one_seed():
    assert why(MET) == "Played with it in 3 sets, by Ana, Bo, last 2021-06."


def test_several_seeds_are_your_seeds():
    assert why(MET, n_seeds=2) == "Played with your seeds in 3 sets, by Ana, Bo, last 2021-06."


def test_one_set_is_one_set():
    once = replace(MET, sets_together=1, djs=("Ana",), lift=50.0)
    assert why(once) == "Played with it in 1 set, by Ana, last 2021-06."


def test_without_djs_or_date_the_sentence_ends_early():
    assert why(Evidence(sets_together=2, lift=1.0)) == "Played with it in 2 sets."


def test_of_many_djs_three_are_named():
    many = replace(MET, djs=("Ana", "Bo", "Cy", "Di", "Ed"))
    assert "by Ana, Bo, Cy and 2 more" in why(many)
    assert "more" not in why(replace(MET, djs=("Ana", "Bo", "Cy")))


@pytest.mark.parametrize(
    ("count", "words"), [(1, "once"), (2, "twice"), (3, "3 times"), (11, "11 times")]
)
def test_straight_after_and_straight_before_are_counted(count, words):
    assert f", {words} straight after" in why(replace(MET, right_after=count))
    assert f", {words} straight before" in why(replace(MET, right_before=count))


def test_straight_after_is_the_stronger_fact():
    both = why(replace(MET, right_after=1, right_before=4))
    assert "once straight after" in both
    assert "before" not in both


def test_more_than_chance_is_told_where_it_is_notable():
    assert "(7x chance)" in why(replace(MET, lift=7.2))
    assert "chance" not in why(replace(MET, lift=1.9))


def test_one_meeting_is_no_ground_for_a_multiple_of_chance():
    assert "chance" not in why(replace(MET, sets_together=1, lift=300.0))


def test_a_date_known_to_the_year_only_is_told_as_it_is():
    assert why(replace(MET, last="2021")).endswith("last 2021.")


def test_artist_and_label_come_after_the_sets():
    assert why(replace(MET, same_artist=("Mara",), same_label="Quay")) == (
        "Played with it in 3 sets, by Ana, Bo, last 2021-06; same artist; same label, Quay."
    )


def test_without_a_common_set_the_artist_is_the_reason():
    alone = Evidence(same_artist=("Mara",))
    assert why(alone, sets=1) == "Same artist; in 1 set of the catalogue."
    assert why(alone, sets=0) == "Same artist."


def test_without_a_common_set_the_label_is_the_reason():
    assert why(Evidence(same_label="Quay"), sets=4) == (
        "Same label, Quay; in 4 sets of the catalogue."
    )


def test_artists_that_are_played_together_are_a_reason():
    linked = Evidence(link=("Mara", "Otto", 6))
    assert why(linked, sets=2) == (
        "6 sets played Mara together with Otto; in 2 sets of the catalogue."
    )
    assert why(Evidence(link=("Mara", "Otto", 1)), sets=0) == (
        "1 set played Mara together with Otto."
    )


def test_a_shared_artist_is_the_better_reason_than_linked_ones():
    both = why(Evidence(same_artist=("Mara",), link=("Fjord", "Otto", 6)))
    assert "Otto" not in both


def test_a_track_that_nothing_ties_to_the_seeds_is_not_given_a_tie():
    assert why(Evidence(), sets=0) == "Nothing in the catalogue ties it to your seeds yet."
    assert why(Evidence(), sets=3) == "In 3 sets of the catalogue."


def test_where_nothing_is_known_of_the_seeds_that_is_said_first():
    assert why(Evidence(), sets=9, known=False, n_seeds=0) == (
        "Nothing is known of your seeds; this is in 9 sets."
    )
    assert why(Evidence(), sets=1, known=False, n_seeds=0).endswith("in 1 set.")
