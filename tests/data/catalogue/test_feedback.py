"""A DJ's word on tracks and pairs: kept, replaced, taken back, carried to another catalogue."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalogue import Catalogue, Judgement, crate_history
from data.errors import SegueError
from data.identity import parse_track
from data.records import Track
from tests.data.catalogue.test_sound import piece

ROWS = ("Ana - One", "Bo - Two", "Cy - Three (Dub)")


@pytest.fixture
def ids(catalogue, heard) -> list[int]:
    catalogue.add_tracklists([heard("1", *ROWS)])
    return [catalogue.find(parse_track(row)) for row in ROWS]


def words(catalogue: Catalogue) -> list[tuple[str, int, int | None]]:
    return [(w.verdict, w.recording_id, w.next_id) for w in catalogue.feedback.words()]


def test_words_on_tracks_and_pairs_are_kept_with_their_time(catalogue, ids):
    book, at = catalogue.feedback, "2024-05-03T22:15:00+00:00"
    assert book.say("like", ids[0], at=at)
    assert book.say("clashes", ids[0], ids[1], at=at)
    assert book.words() == [
        Judgement("like", ids[0], None, at),
        Judgement("clashes", ids[0], ids[1], at),
    ]


def test_saying_it_again_changes_nothing(catalogue, ids):
    book = catalogue.feedback
    book.say("works", ids[0], ids[1], at="2024-05-03T22:15:00+00:00")
    before, stamp = book.words(), book.stamp()
    assert not book.say("works", ids[0], ids[1])
    assert (book.words(), book.stamp()) == (before, stamp)


def test_a_word_replaces_the_one_before_on_the_same_track_or_ordered_pair(catalogue, ids):
    book, (one, two, _) = catalogue.feedback, ids
    for verdict, first, second in (
        ("like", one, None),
        ("works", one, two),
        ("works", two, one),
        ("dislike", one, None),
        ("clashes", one, two),
    ):
        book.say(verdict, first, second)
    assert words(catalogue) == [
        ("works", two, one),
        ("dislike", one, None),
        ("clashes", one, two),
    ]


def test_a_word_is_cleared_and_only_that_one(catalogue, ids):
    book, (one, two, _) = catalogue.feedback, ids
    book.say("like", one)
    book.say("works", one, two)
    assert book.clear(one)
    assert not book.clear(one)
    assert not book.clear(two, one)
    assert words(catalogue) == [("works", one, two)]


def test_undo_takes_back_word_by_word_what_was_said_last(catalogue, ids):
    book, (one, two, _) = catalogue.feedback, ids
    book.say("like", one)
    book.say("dislike", one)
    book.say("works", one, two)
    book.clear(one)

    seen = []
    while (undone := book.undo()) is not None:
        seen.append((undone.verdict, words(catalogue)))
    assert seen == [
        ("", [("dislike", one, None), ("works", one, two)]),
        ("works", [("dislike", one, None)]),
        ("dislike", [("like", one, None)]),
        ("like", []),
    ]


WORDS = st.one_of(
    st.tuples(st.sampled_from(["like", "dislike", "clear"]), st.tuples(st.integers(0, 2))),
    st.tuples(
        st.sampled_from(["works", "clashes", "clear"]), st.sampled_from([(0, 1), (1, 0), (1, 2)])
    ),
)


def test_undoing_everything_passes_through_every_state_back_to_none():
    with Catalogue.open("sqlite://") as catalogue:
        catalogue.add_sound([piece(str(n), Track("Ana", str(n))) for n in range(3)])
        ids = catalogue.snapshot().recording_ids.tolist()
        book = catalogue.feedback

        @settings(max_examples=25, deadline=None)
        @given(st.lists(WORDS, max_size=10))
        def check(said):
            states, stamps = [words(catalogue)], [book.stamp()]
            assert states == [[]]
            for verdict, about in said:
                tracks = [ids[i] for i in about]
                if book.clear(*tracks) if verdict == "clear" else book.say(verdict, *tracks):
                    states.append(words(catalogue))
                    stamps.append(book.stamp())
            assert len(set(stamps)) == len(stamps)
            for state in states[-2::-1]:
                book.undo()
                assert words(catalogue) == state
            assert book.undo() is None

        check()


def test_a_recording_outlives_its_last_set_as_long_as_a_word_is_in_force(catalogue, heard, ids):
    book, (one, two, three) = catalogue.feedback, ids
    book.say("like", one)
    book.say("works", one, two)
    book.say("like", three)
    book.clear(three)

    catalogue.clear_source("notes")
    assert sorted(catalogue.tracks(ids)) == [one, two]
    assert [hit.recording_id for hit in catalogue.search("two")] == [two]

    book.clear(one, two)
    assert sorted(catalogue.tracks(ids)) == [one]
    assert catalogue.search("two") == []
    book.undo()  # Its track is gone, and with it what was said of the pair.
    assert words(catalogue) == []


def test_a_word_taken_back_lets_its_recording_go(catalogue, ids):
    catalogue.feedback.say("like", ids[0])
    catalogue.clear_source("notes")
    catalogue.feedback.undo()
    assert catalogue.stats().recordings == 0


def test_a_recording_that_leaves_a_crate_for_good_is_no_longer_found(catalogue, ids, monkeypatch):
    monkeypatch.setattr(crate_history, "STEPS_KEPT", 1)
    crate = catalogue.create_crate("Friday")
    catalogue.add_to_crate(crate, ids[0])
    for ident in ids[1:3]:
        catalogue.feedback.say("like", ident)
    catalogue.clear_source("notes")
    assert len(catalogue.search("one")) == 1
    catalogue.remove_from_crate(crate, ids[0])
    assert len(catalogue.search("one")) == 1  # undo would bring it back
    for ident in ids[1:3]:
        catalogue.add_to_crate(crate, ident)
    assert catalogue.search("one") == []


def test_words_do_not_show_in_what_training_reads(catalogue, ids):
    before = catalogue.fingerprint()
    catalogue.feedback.say("dislike", ids[0])
    assert catalogue.fingerprint() == before


def test_what_makes_no_sense_is_said_clearly(catalogue, ids):
    one = ids[0]
    for attempt, said in (
        (("love", one), "'love' is no verdict"),
        (("", one), "'' is no verdict"),
        (("works", one), "a pair of tracks"),
        (("like", one, ids[1]), "one track"),
        (("works", one, one), "no pair with itself"),
        (("like", 999), "no track 999"),
        (("works", one, 999), "no track 999"),
    ):
        with pytest.raises(SegueError, match=said):
            catalogue.feedback.say(*attempt)
    assert catalogue.feedback.undo() is None


def test_words_move_to_another_catalogue_where_the_ids_are_others(catalogue, heard, ids):
    book, (one, two, three) = catalogue.feedback, ids
    book.say("like", three, at="2024-05-03T22:15:00+00:00")
    book.say("works", two, one)
    book.say("dislike", one)
    lines = list(book.lines())

    with Catalogue.open("sqlite://") as other:
        other.add_tracklists([heard("9", "Di - Zero", *reversed(ROWS))])
        counts = other.feedback.take_in(lines)
        assert (counts.taken, counts.unchanged, counts.set_aside) == (3, 0, ())
        assert list(other.feedback.lines()) == lines
        assert [w.recording_id for w in other.feedback.words()] != [three, two, one]
        again = other.feedback.take_in(lines)
        assert (again.taken, again.unchanged) == (0, 3)


def test_words_survive_a_catalogue_that_is_made_anew(catalogue, heard, ids):
    catalogue.feedback.say("clashes", ids[0], ids[1])
    lines = list(catalogue.feedback.lines())
    catalogue.feedback.clear(ids[0], ids[1])
    catalogue.clear_source("notes")
    catalogue.add_tracklists([heard("1", *ROWS)])

    assert words(catalogue) == []
    assert catalogue.feedback.take_in(lines).taken == 1
    assert list(catalogue.feedback.lines()) == lines


def test_a_line_may_be_written_by_hand(catalogue, ids):
    line = {"verdict": "like", "track": {"artist": "cy", "title": "Three (dub)"}}
    assert catalogue.feedback.take_in([b"\xef\xbb\xbf" + json.dumps(line).encode()]).taken == 1
    assert words(catalogue) == [("like", ids[2], None)]
    assert catalogue.feedback.words()[0].at.startswith("20")


def test_lines_that_say_nothing_are_set_aside_with_the_reason(catalogue, ids):
    known, stranger = {"artist": "Ana", "title": "One"}, {"artist": "Eve", "title": "Nine \ud800"}
    bad = [
        "{",
        "[" * 100_000,
        "[]",
        json.dumps({"verdict": ["like"]}),
        json.dumps({"verdict": "like", "track": {"artist": 3}}),
        json.dumps({"verdict": "like", "track": {}}),
        json.dumps({"verdict": "like", "track": stranger}),
        json.dumps({"verdict": "works", "track": known}),
        json.dumps({"verdict": "works", "track": known, "next": {"key": "x\x00y"}}),
        json.dumps({"verdict": "works", "track": known, "next": known}),
        json.dumps({"verdict": "like", "track": known, "at": "soon"}),
        b"\xff",
    ]
    counts = catalogue.feedback.take_in(
        ["", *bad, json.dumps({"verdict": "like", "track": known}), " \n"]
    )
    assert (counts.taken, counts.unchanged) == (1, 0)
    assert [entry.where for entry in counts.set_aside] == [f"line {n}" for n in range(2, 14)]
    reasons = [entry.reason for entry in counts.set_aside]
    assert "does not hold Eve - Nine" in reasons[6]
    assert '"next"' in reasons[7]
    assert "no pair with itself" in reasons[9]
    assert "soon" in reasons[10]
