"""A DJ's words move a list at once, and teach the model nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.catalogue import Catalogue
from data.errors import SegueError
from data.identity import parse_track
from data.records import Track
from data.settings import Settings
from hybrid.feedback import Feedback, understood
from hybrid.training import KIND, train
from models import artefacts
from tests.hybrid.small import QUICK, heard

A, B, C, D, E = range(5)
SCORES = np.float32([0.9, 0.5, 0.0, 0.25, 0.1])


def said(*words: tuple[str, int] | tuple[str, int, int], n: int = 5) -> Feedback:
    return Feedback.from_words(n, [(w[0], w[1], w[-1]) for w in words])


def on(mask: np.ndarray) -> list[int]:
    return np.flatnonzero(mask).tolist()


def test_without_a_word_nothing_moves():
    none = Feedback.none(5)
    assert none.adjusted(SCORES, [A]).tolist() == SCORES.tolist()
    assert not none.disliked.any()
    assert not none.clashing([A]).any()
    assert none.verdict(B, [A]) == ""


def test_what_is_liked_moves_up_but_not_out_of_nothing():
    moved = said(("like", D), ("like", C)).adjusted(SCORES, [A])
    assert moved[D] == pytest.approx(0.5)
    assert moved[C] == 0
    assert moved[[A, B, E]].tolist() == SCORES[[A, B, E]].tolist()


def test_what_works_with_a_seed_comes_first_though_nothing_else_is_known_of_it():
    moved = said(("works", E, C), ("works", E, D), ("works", B, A)).adjusted(SCORES, [E])
    assert np.argsort(-moved, kind="stable").tolist() == [D, C, A, B, E]
    assert moved.max() <= 1


def test_what_works_comes_before_a_score_that_cannot_be_beaten():
    moved = said(("works", A, B), ("works", A, C)).adjusted(np.float32([1, 0.5, 0, 1, 0]), [A])
    assert moved[[B, C]].min() > moved[[A, D, E]].max()
    assert moved.max() <= 1


def test_what_works_has_a_direction_where_one_is_asked_for():
    feedback = said(("works", A, B), ("works", C, A))
    assert on(feedback.working([A], directed=True)) == [B]
    assert on(feedback.working([A])) == [B, C]
    assert feedback.verdict(C, [A]) == "works"
    assert feedback.verdict(C, [A], directed=True) == ""
    assert feedback.adjusted(SCORES, [A], directed=True)[C] == 0


def test_a_clash_is_a_warning_both_ways_but_not_against_a_word_on_the_other_way():
    feedback = said(("clashes", A, B), ("clashes", A, C), ("works", C, A))
    assert on(feedback.clashing([A])) == [B, C]
    assert on(feedback.clashing([B])) == [A]
    assert on(feedback.clashing([C])) == []
    assert on(feedback.working([A])) == []
    assert feedback.verdict(A, [B]) == "clashes"
    assert feedback.verdict(A, [C]) == "works"


def test_what_clashes_with_one_seed_is_not_moved_up_for_another():
    feedback = said(("works", A, C), ("clashes", B, C))
    assert feedback.adjusted(SCORES, [A, B])[C] == 0
    assert feedback.verdict(C, [A, B]) == "clashes"


def test_what_is_disliked_or_clashes_is_marked_and_keeps_its_score():
    feedback = said(("dislike", B), ("clashes", A, D))
    assert on(feedback.disliked) == [B]
    assert feedback.adjusted(SCORES, [A]).tolist() == SCORES.tolist()
    assert [feedback.verdict(row, [A]) for row in (B, D)] == ["dislike", "clashes"]


ROW = st.integers(0, 4)
WORD = st.one_of(
    st.tuples(st.sampled_from(["like", "dislike"]), ROW),
    st.tuples(st.sampled_from(["works", "clashes"]), ROW, ROW).filter(lambda w: w[1] != w[2]),
)


@settings(deadline=None)
@given(
    st.lists(WORD, max_size=6),
    st.lists(st.floats(0, 1, width=32), min_size=5, max_size=5),
    st.lists(ROW, max_size=3),
)
def test_a_like_never_moves_down_and_the_front_is_the_front(words, given_scores, seeds):
    scores = np.float32(given_scores)
    feedback = said(*words)
    moved = feedback.adjusted(scores, seeds)
    front = feedback.working(seeds) & ~feedback.clashing(seeds)

    assert (moved.dtype, moved.min() >= 0, moved.max() <= 1) == (np.float32, True, True)
    if front.any() and not front.all():
        assert moved[front].min() > moved[~front].max()
    liked = feedback.liked & ~front
    assert (moved[liked] >= np.minimum(scores[liked], np.nextafter(np.float32(1), 0))).all()
    for group in (front & feedback.liked, front & ~feedback.liked, liked, ~front & ~liked):
        ranked = moved[group][np.argsort(scores[group], kind="stable")]
        assert (np.diff(ranked) >= 0).all()
    assert feedback.adjusted(scores, seeds[::-1]).tolist() == moved.tolist()


@pytest.fixture
def catalogue():
    with Catalogue.open("sqlite://") as opened:
        opened.add_tracklists(
            [
                heard("1", "Ana - One", "Bo - Two", "Cy - Three", "Bo - Two (Dub)"),
                heard("2", "Bo - Two", "Cy - Three", "Di - Four"),
                heard("3", "Ana - One", "Di - Four", "Cy - Three", "Bo - Two"),
            ]
        )
        yield opened


def ident(catalogue: Catalogue, row: str) -> int:
    return catalogue.find(parse_track(row))


def test_words_are_read_as_rows_of_the_snapshot_at_once(catalogue):
    snapshot, before = catalogue.snapshot(), catalogue.feedback.stamp()
    one, two = ident(catalogue, "Ana - One"), ident(catalogue, "Bo - Two")
    catalogue.feedback.say("like", two)
    catalogue.feedback.say("clashes", two, one)
    catalogue.add_tracklists([heard("9", "Aa - New", "Ana - One")])
    catalogue.feedback.say("dislike", ident(catalogue, "Aa - New"))

    assert catalogue.feedback.stamp() != before
    feedback = Feedback.of(catalogue, snapshot)
    rows = {ident: row for row, ident in enumerate(snapshot.recording_ids.tolist())}
    assert on(feedback.liked) == [rows[two]]
    assert feedback.clashes.tolist() == [[rows[two], rows[one]]]
    assert not feedback.disliked.any()


def test_dislikes_do_not_teach_the_model(catalogue, tmp_path: Path):
    def learned(name: str) -> dict[str, bytes]:
        settings = Settings(home=tmp_path / name)
        train(catalogue, settings, parameters=QUICK)
        artefact = artefacts.load(settings.models_dir, KIND)
        arrays = {name: array.tobytes() for name, array in artefact.arrays.items()}
        return arrays | {"fingerprint": artefact.card["fingerprint"]}

    before = learned("before")
    one, two = ident(catalogue, "Ana - One"), ident(catalogue, "Bo - Two")
    catalogue.feedback.say("dislike", one)
    catalogue.feedback.say("clashes", one, two)
    assert learned("after") == before


def test_a_track_is_understood_as_a_query_would_be(catalogue):
    exact, other, slip = understood(catalogue, ["ana - one", "Di - Four (Live)", "Cy - Thre"])
    assert (exact.recording_id, exact.rung) == (ident(catalogue, "Ana - One"), "recording")
    assert (other.recording_id, other.rung) == (ident(catalogue, "Di - Four"), "work")
    assert (slip.recording_id, slip.rung) == (ident(catalogue, "Cy - Three"), "search")


def test_a_track_that_is_not_there_is_not_guessed_from_its_artist(catalogue):
    with pytest.raises(SegueError, match=r"Ana - Zebra.*not in the catalogue"):
        understood(catalogue, ["Ana - Zebra"])


def test_a_number_is_a_recording_of_the_catalogue(catalogue):
    catalogue.add_tracklists([heard("1", "Mara - One", "Otto - Two")])
    ident = catalogue.find(Track("Otto", "Two"))
    (seed,) = understood(catalogue, [str(ident)])
    assert (seed.recording_id, str(seed.track), seed.rung) == (ident, "Otto - Two", "id")
    with pytest.raises(SegueError, match="not in the catalogue"):
        understood(catalogue, ["987654321"])
