"""A deck is what the catalogue's arrays say of a few of its recordings."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from hybrid.feedback import Feedback
from hybrid.sequence.deck import Deck
from hybrid.sound_space import SoundSpace
from models.collaborative import PlayedNext
from tests.hybrid.facts import made_facts

ROWS = np.array([3, 0, 2])


def counted(n: int, *pairs: tuple[int, int]) -> PlayedNext:
    """What follows what, as often as it is given."""
    model = PlayedNext()
    before, after = np.array(pairs or np.empty((0, 2)), np.intp).T
    model.counts = sparse.csr_matrix((np.ones(len(before), np.float32), (before, after)), (n, n))
    return model


def deck(**known: object) -> Deck:
    held = sparse.csr_matrix(np.array([[1, 1], [0, 0], [1, 1], [1, 0]], np.float32))
    facts = made_facts(4, bpm=[120, 121, None, 123], key=[1, 2, 3, None], artists=[7, 8, 7, 9])
    return Deck.of(ROWS, facts, counted(4, (3, 2), (3, 2), (2, 3), (0, 1)), held, **known)


def test_columns_are_taken_in_the_order_of_the_rows() -> None:
    made = deck()
    assert made.ids.tolist() == [4, 1, 3]
    np.testing.assert_array_equal(made.bpm, [123, 120, np.nan])
    assert made.key.tolist() == [-1, 1, 3]


def test_what_was_played_next_keeps_its_direction_and_sets_together_have_none() -> None:
    made = deck()
    assert made.played_next.tolist() == [[0, 0, 2], [0, 0, 0], [1, 0, 0]]
    assert made.together.tolist() == [[0, 1, 1], [1, 0, 2], [1, 2, 0]]


def test_tracks_that_share_an_artist_are_marked_and_no_track_with_itself() -> None:
    assert deck().same_artist.tolist() == [
        [False, False, False],
        [False, False, True],
        [False, True, False],
    ]


def test_a_track_that_was_not_heard_has_no_vector() -> None:
    sound = SoundSpace.of(np.array([0, 3]), np.array([[3, 4], [0, 2]], np.float32), 4)
    made = deck(sound=sound)
    assert made.heard.tolist() == [True, True, False]
    np.testing.assert_allclose(made.vectors, [[0, 1], [0.6, 0.8], [0, 0]], atol=1e-6)
    assert not deck().heard.any()


def test_a_word_on_a_pair_has_its_direction_and_a_clash_warns_of_the_other_one_too() -> None:
    words = [("works", 3, 0), ("clashes", 0, 2), ("clashes", 2, 3), ("works", 3, 2)]
    verdict = deck(feedback=Feedback.from_words(4, words)).verdict
    assert verdict[0, 1] == 1 and verdict[1, 0] == 0
    assert verdict[1, 2] == -1 and verdict[2, 1] == -1
    # The DJ's own word on a direction stands above the warning from the other.
    assert verdict[2, 0] == -1 and verdict[0, 2] == 1
