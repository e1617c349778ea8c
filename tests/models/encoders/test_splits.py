"""Splits: what is learned from is never what is checked with."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from data.errors import SegueError
from models.encoders.contract import Clip
from models.encoders.splits import TimeSplit, split_by_artist, split_in_time

SILENCE = np.zeros(1, np.float32)


def _clip(artist: str, genre: str) -> Clip:
    return Clip(SILENCE, artist=artist, genre=genre)


clips = st.lists(
    st.builds(_clip, st.sampled_from(["", "", *"abcdefgh"]), st.sampled_from(["", "x", "y"])),
    min_size=2,
    max_size=60,
).filter(lambda found: len({clip.artist or id(clip) for clip in found}) > 1)


@given(clips, st.floats(0.05, 0.9), st.integers(0, 5))
def test_no_artist_is_on_both_sides_and_no_clip_is_lost(
    clips: list[Clip], share: float, seed: int
) -> None:
    training, validation = split_by_artist(clips, share=share, seed=seed)
    assert training and validation
    assert not {c.artist for c in training if c.artist} & {c.artist for c in validation}
    order = {id(clip): row for row, clip in enumerate(clips)}
    rows = [[order[id(clip)] for clip in side] for side in (training, validation)]
    assert sorted(rows[0] + rows[1]) == list(range(len(clips)))
    assert all(side == sorted(side) for side in rows)


@given(clips, st.integers(0, 5))
def test_the_same_seed_splits_alike(clips: list[Clip], seed: int) -> None:
    one, other = (split_by_artist(clips, seed=seed) for _ in range(2))
    assert [list(map(id, side)) for side in one] == [list(map(id, side)) for side in other]


@given(st.lists(st.sampled_from("abcdef"), min_size=2, max_size=40), st.integers(0, 3))
def test_every_genre_can_still_be_learned(artists: list[str], seed: int) -> None:
    """Where each artist keeps to one genre and some genre has two of them."""
    genre_of = dict(zip("abcdef", "xxxyyz", strict=True))
    found = [_clip(artist, genre_of[artist]) for artist in artists]
    assume(len(set(artists)) > len({clip.genre for clip in found}))
    training, _ = split_by_artist(found, seed=seed)
    assert {clip.genre for clip in training} == {clip.genre for clip in found}


@pytest.mark.parametrize("seed", range(5))
def test_each_genre_gives_its_share(seed: int) -> None:
    found = [
        _clip(f"{genre}{artist}", genre)
        for genre, artists in {"x": 40, "y": 20}.items()
        for artist in range(artists)
        for _ in range(1 + artist % 4)
    ]
    _, validation = split_by_artist(found, share=0.2, seed=seed)
    for genre, count in Counter(clip.genre for clip in found).items():
        given_up = sum(clip.genre == genre for clip in validation)
        assert given_up == pytest.approx(0.2 * count, abs=2)


def test_seeds_split_otherwise() -> None:
    found = [_clip(str(artist), "x") for artist in range(30)]
    splits = {
        tuple(clip.artist for clip in split_by_artist(found, seed=seed)[1]) for seed in range(5)
    }
    assert len(splits) == 5


def test_a_genre_with_one_artist_is_learned_not_checked() -> None:
    found = [_clip(artist, "x") for artist in "abcde"] + [_clip("z", "y")]
    _, validation = split_by_artist(found, share=0.5)
    assert {clip.genre for clip in validation} == {"x"}


def test_one_artist_cannot_be_split() -> None:
    with pytest.raises(SegueError, match="two artists"):
        split_by_artist([_clip("a", "x"), _clip("a", "y")])
    with pytest.raises(SegueError, match="share"):
        split_by_artist([_clip("a", "x"), _clip("b", "y")], share=1.0)


def _split(duration_s: float, seed: int = 0, **options: float) -> TimeSplit:
    return split_in_time(duration_s, np.random.default_rng(seed), **options)


@given(
    st.floats(0.1, 400),
    st.floats(0.5, 10),
    st.floats(0.1, 12),
    st.floats(0, 1),
    st.integers(0, 9),
)
def test_fragments_of_the_two_sides_never_overlap(
    duration_s: float, fragment_s: float, step_s: float, probability: float, seed: int
) -> None:
    split = _split(
        duration_s,
        seed,
        fragment_s=fragment_s,
        step_s=step_s,
        validation_probability=probability,
    )
    marked = sorted(
        [(start, "training") for start in split.training]
        + [(start, "validation") for start in split.validation]
    )
    for (start, side), (after, other) in pairwise(marked):
        assert after > start
        assert side == other or after >= start + fragment_s - 1e-5
    for start, _ in marked:
        assert start / step_s == pytest.approx(round(start / step_s), abs=1e-6)
        assert start == 0 or start + fragment_s <= duration_s + 1e-5


@given(st.floats(0.1, 400), st.integers(0, 9))
def test_at_the_ends_of_the_probability_one_side_has_all(duration_s: float, seed: int) -> None:
    count = max(1, int(duration_s - 5 + 1e-7) + 1) if duration_s >= 5 else 1
    learned = _split(duration_s, seed, validation_probability=0.0)
    checked = _split(duration_s, seed, validation_probability=1.0)
    assert (len(learned.training), len(learned.validation)) == (count, 0)
    assert (len(checked.training), len(checked.validation)) == (0, count)


@pytest.mark.parametrize("probability", [0.1, 0.2, 0.5])
def test_validation_gets_about_its_share(probability: float) -> None:
    split = _split(50_000, validation_probability=probability)
    kept = len(split.training) + len(split.validation)
    assert len(split.validation) / kept == pytest.approx(probability, abs=0.04)
    assert kept > 0.8 * 50_000


def test_the_same_generator_splits_alike() -> None:
    one, same, other = _split(300), _split(300), _split(300, seed=1)
    assert np.array_equal(one.validation, same.validation)
    assert not np.array_equal(one.validation, other.validation)
