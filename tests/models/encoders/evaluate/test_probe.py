"""The probe: artists are kept apart, and it finds what is there and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from models.encoders.contract import Clip
from models.encoders.evaluate import probe

SILENCE = np.zeros(1, np.float32)


def clips(artists: int, per_artist: int = 3) -> list[Clip]:
    return [
        Clip(SILENCE, artist=f"Artist {a}", genre=("Dub", "Trance")[a % 2])
        for a in range(artists)
        for _ in range(per_artist)
    ]


def test_every_clip_is_held_out_once_and_no_artist_is_on_both_sides() -> None:
    rows = clips(12)
    folds = probe.artist_folds(rows, count=5)
    held_out = np.concatenate([fold.test for fold in folds])
    assert sorted(held_out) == list(range(len(rows)))
    for fold in folds:
        learned = {rows[i].artist for i in fold.training}
        assert learned.isdisjoint({rows[i].artist for i in fold.test})


def test_clips_without_an_artist_are_strangers_to_each_other() -> None:
    groups = probe.artist_groups([Clip(SILENCE), Clip(SILENCE), Clip(SILENCE, artist="Anna")])
    assert len(set(groups.tolist())) == 3


@pytest.mark.parametrize("prober", [probe.linear_probe, probe.svm_probe])
def test_a_genre_that_lies_in_the_vector_is_found(prober) -> None:
    rows = clips(12)
    genres = np.array([clip.genre for clip in rows])
    groups = probe.artist_groups(rows)
    generator = np.random.default_rng(0)
    vectors = generator.normal(0, 0.3, (len(rows), 6)).astype(np.float32)
    vectors[:, 2] += genres == "Dub"
    fold = probe.artist_folds(rows, count=3)[0]
    said = prober(
        vectors[fold.training], genres[fold.training], groups[fold.training], vectors[fold.test]
    )
    assert np.mean(said == genres[fold.test]) > 0.8


def test_what_tells_only_the_artist_does_not_tell_the_genre() -> None:
    """A vector that names the artist would be right always, were the folds cut at random."""
    rows = clips(24)
    genres = np.array([clip.genre for clip in rows])
    groups = probe.artist_groups(rows)
    vectors = np.eye(24, dtype=np.float32)[groups]
    right = [
        probe.linear_probe(
            vectors[fold.training], genres[fold.training], groups[fold.training], vectors[fold.test]
        )
        == genres[fold.test]
        for fold in probe.artist_folds(rows, count=4)
    ]
    assert np.mean(np.concatenate(right)) < 0.7
