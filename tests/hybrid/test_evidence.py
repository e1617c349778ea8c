"""What a recommendation claims about real sets, held against the tracklists themselves."""

from __future__ import annotations

import math

import numpy as np
import pytest

from data.records import Evidence, Tracklist
from hybrid.corpus import interactions_of
from hybrid.evidence import EvidenceFinder
from models.collaborative import Query
from tests.hybrid.met import Met, names
from tests.hybrid.small import heard


@pytest.fixture
def asked(catalogue):
    """Evidence of some sets in one call."""

    def ask(sets: list[Tracklist], title: str, *seeds: str, max_sets: int = 99) -> Evidence:
        catalogue.add_tracklists(sets)
        return Met(catalogue).evidence([title], *seeds, max_sets=max_sets)[0]

    return ask


A, B, C, D, E = "Ara - Alpha", "Bix - Beta", "Cy - Gamma", "Dov - Delta", "Eno - Epsilon"


def night(name: str, *rows: str, **details: object) -> Tracklist:
    """A set that ends in three tracks of its own, so that it is no copy of another."""
    own = [f"Own {name} - Track {n}" for n in "xyz"]
    return heard(name, *rows, "...", *own, **details)


FILLER = [heard("filler", "Fay - Phi", "Gus - Chi")]


def test_sets_djs_and_dates_are_those_of_the_common_sets(asked):
    found = asked(
        [
            night("1", A, B, date="2019-05", djs=("Ana", "Bo")),
            night("2", B, C, A, date="2021-02-03", djs=("Cy",), url="https://example.org/2"),
            night("3", A, D, E, B, date="", djs=("Ana",)),
            night("4", A, C, E, date="2025", djs=("Not them",)),
            *FILLER,
        ],
        B,
        A,
    )
    assert found.sets_together == 3
    assert found.djs == ("Cy", "Ana", "Bo")  # the latest first, nobody twice
    assert (found.first, found.last) == ("2019-05", "2021-02-03")
    assert [ref.title for ref in found.sets] == ["Set 2", "Set 1", "Set 3"]
    latest = found.sets[0]
    assert (latest.date, latest.djs, latest.url) == (
        "2021-02-03",
        ("Cy",),
        "https://example.org/2",
    )
    assert (latest.seed_position, latest.position, latest.right_after) == (3, 1, False)
    assert found.sets[1].right_after


def test_lift_is_sets_together_over_the_number_chance_gives(asked):
    """5 sets; A in 3, B in 2, both in 2: 2 * 5 / (3 * 2)."""
    found = asked(
        [night("1", A, B), night("2", C, A, D, B), night("3", A, E, C), night("4", C, E), *FILLER],
        B,
        A,
    )
    assert found.lift == pytest.approx(2 * 5 / (3 * 2))


def test_without_a_common_set_there_is_no_lift(asked):
    found = asked([heard("1", A, B), heard("2", C, D)], C, A)
    assert found.sets_together == 0
    assert math.isnan(found.lift)
    assert found.sets == found.djs == ()
    assert (found.first, found.last) == ("", "")


def test_only_so_many_sets_are_listed_but_all_are_counted(asked):
    others = [f"Artist {n} - Track {n}" for n in range(12)]
    sets = [heard(str(n), A, B, *others[3 * n : 3 * n + 3], date=f"20{10 + n}") for n in range(4)]
    found = asked(sets, B, A, max_sets=2)
    assert found.sets_together == 4
    assert [ref.date for ref in found.sets] == ["2013", "2012"]
    assert (found.first, found.last) == ("2010", "2013")


def test_straight_after_is_not_across_a_gap_or_an_unknown_row_or_a_chapter(asked):
    found = asked(
        [
            night("1", A, "...", B, C),
            night("2", A, "?", B, D),
            night("3", A, "# Guest", B, E),
            night("4", A, B, "Hal - Eta"),
        ],
        B,
        A,
    )
    assert found.sets_together == 4
    assert (found.right_after, found.right_before) == (1, 0)


def test_straight_before_is_counted_apart(asked):
    found = asked([night("1", B, A, C), night("2", B, A, D), night("3", A, B, E)], B, A)
    assert (found.right_after, found.right_before) == (1, 2)


def test_twice_in_one_set_is_one_set_and_twice_straight_after(asked):
    found = asked([night("1", A, B, C, A, B), night("2", D, E)], B, A)
    assert (found.sets_together, found.right_after) == (1, 2)


def test_what_follows_two_seeds_that_run_together_came_straight_after_once(asked):
    found = asked([heard("1", A, f"+ {B}", C), heard("2", D, E)], C, A, B)
    assert (found.sets_together, found.right_after) == (1, 1)


def test_what_runs_into_two_seeds_came_straight_before_once(asked):
    found = asked([heard("1", C, A, f"+ {B}", D), heard("2", D, E)], C, A, B)
    assert (found.right_after, found.right_before) == (0, 1)


def test_what_runs_together_before_the_seed_came_straight_before_it(asked):
    sets = [night("1", B, f"+ {C}", A), night("2", B, D, A)]
    for title in (B, C):
        found = asked(sets, title, A)
        assert (found.right_after, found.right_before) == (0, 1)


def test_one_play_between_two_of_the_seed_came_after_and_before_it(asked):
    found = asked([night("1", A, B, A), night("2", C, A, D)], B, A)
    assert (found.sets_together, found.right_after, found.right_before) == (1, 1, 1)


def test_a_track_between_two_seeds_came_after_one_and_before_the_other(asked):
    found = asked([heard("1", A, C, B), heard("2", D, E)], C, A, B)
    assert (found.sets_together, found.right_after, found.right_before) == (1, 1, 1)


def test_what_runs_together_with_the_seed_is_neither_after_nor_before_it(asked):
    found = asked([heard("1", A, f"+ {B}", C), heard("2", D, E)], B, A)
    assert (found.sets_together, found.right_after, found.right_before) == (1, 0, 0)
    assert not found.sets[0].right_after


def test_each_seed_adds_the_plays_that_follow_it(asked):
    sets = [night("1", A, C, D, B, C), night("2", B, C, E), night("3", C, D, A)]
    found = asked(sets, C, A, B)
    assert (found.sets_together, found.right_after, found.right_before) == (3, 3, 0)


def test_many_are_answered_as_each_alone_is(catalogue):
    catalogue.add_tracklists(
        [night("1", A, B, C, A, D), night("2", B, A, E, B), night("3", D, E, A), *FILLER]
    )
    met = Met(catalogue)
    asked = met.finder.for_query(met.query(A, E))
    rows = list(range(len(met.names)))
    together = asked.evidence_of(rows, 2)
    assert [str(found) for found in together] == [str(asked.evidence(row, 2)) for row in rows]
    assert asked.evidence_of([], 2) == []


def test_the_order_of_the_seeds_says_nothing(catalogue):
    catalogue.add_tracklists([night("1", A, B, C, D), night("2", C, B, A), night("3", B, E, C)])
    met = Met(catalogue)
    # As text, because a lift that is not a number equals nothing.
    assert str(met.evidence([B, E], A, C)) == str(met.evidence([B, E], C, A))


def test_straight_after_by_chance_is_counted_in_changes(asked):
    """A leads on 3 times, B comes after something 3 times, of 14 changes: 2 * 14 / (3 * 3)."""
    found = asked([night("1", A, B, C, A, B), night("2", A, D, B), night("3", C, D, E)], B, A)
    assert (found.right_after, found.right_before) == (2, 0)
    assert found.after_lift == pytest.approx(2 * 14 / (3 * 3))


def test_what_never_came_straight_after_has_no_such_lift(asked):
    assert math.isnan(asked([heard("1", B, A, C), heard("2", D, E)], B, A).after_lift)


def test_none_is_listed_where_none_is_wanted(asked):
    found = asked([night("1", A, B), night("2", A, C, B), *FILLER], B, A, max_sets=0)
    assert (found.sets_together, found.right_after, found.sets) == (2, 1, ())


class TestTheFinder:
    """What it is given decides which sets it tells of."""

    def seed_plays(self, catalogue, keep: list[int]):
        catalogue.add_tracklists([heard("1", A, B), heard("2", C, A, B), heard("3", A, D, E)])
        snapshot = catalogue.snapshot()
        kept = np.array(keep, np.intp)
        finder = EvidenceFinder(snapshot, interactions_of(snapshot).keep_sets(kept), kept)
        rows = names(snapshot)
        return finder.for_query(Query(np.array([rows.index(A)]), {}, {})), rows.index(B)

    def test_sets_that_are_not_kept_are_not_told_of(self, catalogue):
        seed_plays, other = self.seed_plays(catalogue, [1, 2])
        found = seed_plays.evidence(other, max_sets=9)
        assert [ref.title for ref in found.sets] == ["Set 2"]
        assert (found.sets_together, found.right_after) == (1, 1)
        assert found.lift == pytest.approx(1 * 2 / (2 * 1))

    def test_where_no_set_is_kept_there_is_nothing_to_tell(self, catalogue):
        seed_plays, other = self.seed_plays(catalogue, [])
        found = seed_plays.evidence(other, max_sets=9)
        assert (found.sets_together, found.right_after, found.right_before) == (0, 0, 0)
        assert math.isnan(found.lift)


def test_of_several_meetings_in_a_set_the_straight_one_is_shown_and_else_the_nearest(asked):
    sets = [night("1", B, A, C, D, A, B, E), night("2", C, E)]
    (meeting,) = asked(sets, B, A).sets
    assert (meeting.seed_position, meeting.position, meeting.right_after) == (5, 6, True)
    (meeting,) = asked(sets, E, A).sets
    assert (meeting.seed_position, meeting.position, meeting.right_after) == (5, 7, False)


def test_the_straight_meeting_is_shown_though_another_is_nearer(asked):
    """C runs over A, so that B stands two rows after the one and one row before the other."""
    (meeting,) = asked([night("1", A, f"+ {C}", B, A), night("2", D, E)], B, A).sets
    assert (meeting.seed_position, meeting.position, meeting.right_after) == (1, 3, True)


def test_a_night_told_on_two_sites_is_counted_once(asked):
    night = (A, B, C, D)
    found = asked(
        [
            heard("1", *night, date="2020-01-01", djs=("Ana",)),
            heard("1", *night, date="2020-01-01", djs=("Ana live",), source="mirror"),
            heard("2", A, E),
        ],
        B,
        A,
    )
    assert (found.sets_together, found.right_after) == (1, 1)
    assert found.djs == ("Ana",)
    assert found.lift == pytest.approx(1 * 2 / (2 * 1))


def test_a_shared_artist_and_label_are_named(asked):
    found = asked(
        [
            heard("1", "Ara & Bix - Alpha [Quay]", "Cy - Gamma"),
            heard("2", "Dov - Delta (Bix Remix) [Quay]", "Eno - Epsilon"),
        ],
        "Dov - Delta (Bix Remix)",
        "Ara & Bix - Alpha",
    )
    assert [name.casefold() for name in found.same_artist] == ["bix"]
    assert found.same_label == "Quay"


def test_no_artist_and_no_label_in_common_is_said_by_nothing(asked):
    found = asked([heard("1", f"{A} [Quay]", f"{B} [Salt]", C)], B, A)
    assert (found.same_artist, found.same_label) == ((), "")


def test_without_a_common_set_the_artists_that_met_most_are_the_link(asked):
    """Ara's and Dov's other tracks met in two sets, Ara and Cy in one."""
    found = asked(
        [
            heard("1", "Ara - Older", "Dov - Older"),
            heard("2", "Ara - Newer", "Dov - Older", "Eno - One"),
            heard("3", A, "Eno - Two"),
            heard("4", "Dov & Cy - Delta", "Eno - Three"),
            heard("5", "Ara - Older", "Cy - Late", "Fay - Four"),
        ],
        "Dov & Cy - Delta",
        A,
    )
    assert found.sets_together == 0
    own, seeds, count = found.link
    assert (own.casefold(), seeds.casefold(), count) == ("dov", "ara", 2)


def test_an_artist_is_no_link_to_themselves(asked):
    found = asked(
        [
            heard("1", A, C),
            heard("2", "Ara - Older", "Dov - Older", E),
            heard("3", "Ara & Dov - Both", "Eno - Other"),
            heard("4", "Ara - Newer", "Eno - Third"),
        ],
        "Ara & Dov - Both",
        A,
    )
    own, seeds, count = found.link
    assert (own.casefold(), seeds.casefold(), count) == ("dov", "ara", 2)


def test_with_a_common_set_no_link_is_needed(asked):
    assert asked([heard("1", A, B), heard("2", A, C)], B, A).link is None
