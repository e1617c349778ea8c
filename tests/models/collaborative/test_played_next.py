"""Rows are written as in a tracklist: a name, "?" unknown, "..." gap, "+x" layered on the row
before, "# heading" for a new chapter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.collaborative import PlayedNext
from models.collaborative.played_next import adjacent
from tests.models.collaborative.invented import played_next, query

Plays = tuple[np.ndarray, ...]


def written(*sets: list[str]) -> tuple[list[str], Plays]:
    """Names of the identified plays, and set, position, with_previous and chapter of each."""
    names, columns = [], []
    for number, rows in enumerate(sets):
        position = chapter = 0
        for row in rows:
            if row.startswith("#"):
                chapter += 1
                continue
            position += 1
            if row in ("?", "..."):
                continue
            names.append(row.lstrip("+"))
            columns.append((number, position, row.startswith("+"), chapter))
    table = np.array(columns, np.int32).reshape(-1, 4)
    return names, (table[:, 0], table[:, 1], table[:, 2].astype(bool), table[:, 3])


def pairs(*sets: list[str]) -> list[str]:
    names, plays = written(*sets)
    before, after = adjacent(*plays)
    return sorted(f"{names[b]}>{names[a]}" for b, a in zip(before, after, strict=True))


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], []),
        (["a"], []),
        (["a", "b", "c"], ["a>b", "b>c"]),
        (["a", "...", "b"], []),
        (["a", "?", "b", "c"], ["b>c"]),
        (["?", "a", "b", "?"], ["a>b"]),
        (["a", "# second hour", "b", "c"], ["b>c"]),
        (["a", "+b"], []),
        (["a", "+b", "c"], ["a>c", "b>c"]),
        (["a", "+b", "+c", "d", "e"], ["a>d", "b>d", "c>d", "d>e"]),
        (["x", "a", "+b", "c"], ["a>c", "b>c", "x>a"]),
        (["a", "?", "+b", "c"], ["b>c"]),
        (["a", "+b", "...", "c"], []),
        (["+a", "b"], ["a>b"]),
        (["a", "# guest", "+b", "c"], ["b>c"]),
        (["a", "b", "a", "b"], ["a>b", "a>b", "b>a"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_follows_what(rows, expected):
    assert pairs(rows) == expected


def test_the_last_of_a_set_is_not_followed_by_the_first_of_the_next():
    assert pairs(["a", "b"], ["c", "d"], ["e"]) == ["a>b", "c>d"]


def test_a_layer_at_the_start_of_a_set_does_not_reach_into_the_set_before():
    assert pairs(["a"], ["+b", "c"]) == ["b>c"]


def test_positions_that_go_on_from_one_set_to_the_next_do_not_join_them():
    before, after = adjacent(
        np.array([0, 1], np.int32), np.array([1, 2], np.int32), np.zeros(2, bool), np.zeros(2, int)
    )
    assert len(before) == len(after) == 0


ROWS = st.lists(st.sampled_from(["a", "b", "c", "+a", "+b", "?", "...", "# heading"]), max_size=12)


@given(st.lists(ROWS, max_size=4))
def test_every_pair_is_one_that_a_listener_would_write_down(sets):
    heard: list[str] = []
    for rows in sets:
        playing: list[str] = []  # what runs at this moment, as far as it is known
        for row in rows:
            if row in ("?", "...") or row.startswith("#"):
                playing = []
            elif row.startswith("+") and playing:
                playing.append(row[1:])
            else:
                name = row.lstrip("+")
                heard += [f"{old}>{name}" for old in playing]
                playing = [name]
    assert pairs(*sets) == sorted(heard)


def test_the_score_is_a_damped_share_of_what_followed_the_seed():
    """After 0 came 1 three times and 2 once: 3 / (4 + 2) and 1 / (4 + 2)."""
    scorer = played_next([[0, 1], [0, 1], [0, 1], [0, 2]], 4)
    np.testing.assert_allclose(scorer.score(query(0)), [0, 1 / 2, 1 / 6, 0], rtol=1e-6)


def test_it_knows_the_direction():
    scorer = played_next([[0, 1], [0, 1]], 2)
    assert scorer.score(query(0))[1] > 0
    assert not scorer.score(query(1)).any()


def test_being_followed_once_is_weaker_evidence_than_being_followed_often():
    scorer = played_next([[0, 1], [2, 3], [2, 3], [2, 3]], 4)
    assert 0 < scorer.score(query(0))[1] < scorer.score(query(2))[3] < 1


def test_more_damping_means_lower_scores():
    sets = [[0, 1], [0, 1]]
    plays = written(["0", "1"], ["0", "1"])[1]
    recordings = np.array([0, 1, 0, 1], np.int32)
    strict = PlayedNext(damping=10).fit_plays(plays[0], recordings, *plays[1:], 2)
    np.testing.assert_allclose(strict.score(query(0)), [0, 2 / 12], rtol=1e-6)
    assert strict.score(query(0))[1] < played_next(sets, 2).score(query(0))[1]


def test_a_recording_played_twice_in_a_row_does_not_follow_itself():
    scorer = played_next([[0, 0, 1]], 2)
    assert scorer.counts.toarray().tolist() == [[0, 1], [0, 0]]


def test_several_seeds_add_up():
    scorer = played_next([[0, 2], [1, 2], [1, 3]], 4)
    together = scorer.score(query(0)) + scorer.score(query(1))
    np.testing.assert_allclose(scorer.score(query(0, 1)), together, rtol=1e-6)
