"""The three recommenders on fragments, against plain loops over the same definition."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import SegueError
from models.encoders import library as library_of
from models.encoders.contract import Fragments
from models.encoders.library import Library
from models.encoders.similar import by_fragments, by_mean, by_votes


def _fragments(vectors: np.ndarray, start_s: float = 0.0) -> Fragments:
    return Fragments(
        np.asarray(vectors, np.float32), start_s + np.arange(len(vectors), dtype=float), 5.0
    )


@st.composite
def libraries(draw: st.DrawFn) -> Library:
    """Songs of 1 to 6 fragments; now and then two songs are the very same."""
    generator = np.random.default_rng(draw(st.integers(0, 10_000)))
    sizes = draw(st.lists(st.integers(1, 6), min_size=2, max_size=12))
    tracks = [_fragments(generator.normal(size=(size, 3)), start_s=7.0) for size in sizes]
    if draw(st.booleans()):
        tracks[-1] = tracks[0]
    return Library.of(tracks, [[f"tag {song}"] for song in range(len(tracks))])


@pytest.fixture(
    params=[library_of._AT_ONCE, 7], ids=["one block", "many blocks"], scope="module", autouse=True
)
def block_size(request: pytest.FixtureRequest) -> Iterator[int]:
    """However the fragments are cut into blocks, the answer is the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library_of, "_AT_ONCE", request.param)
        yield request.param


@given(libraries(), st.integers(1, 9), st.integers(1, 5), st.integers(0, 3), st.data())
def test_by_fragments_is_its_definition(
    library: Library, size: int, count: int, seed: int, data: st.DataObject
) -> None:
    liked = data.draw(st.lists(st.integers(0, library.count - 1), min_size=1, max_size=3))
    answer = by_fragments(library, liked, size=size, count=count, seed=seed)

    queries = [_vector(library, part.song, part.start_s) for part in answer.selected]
    d: dict[int, tuple[float, float]] = {}
    for vector, song, start_s in zip(library.vectors, library.songs, library.starts_s, strict=True):
        if song in liked:
            continue
        distance = sum(float(np.linalg.norm(vector.astype(float) - q)) for q in queries)
        if song not in d or distance < d[song][0]:
            d[song] = distance, start_s
    expected = sorted(d.items(), key=lambda item: item[1][0])[:count]

    assert [r.distance for r in answer.results] == pytest.approx([v[0] for _, v in expected])
    for found in answer.results:
        distance, start_s = d[found.song]
        assert found.distance == pytest.approx(distance)
        assert found.start_s == start_s
        assert found.tags == (f"tag {found.song}",)


def _vector(library: Library, song: int, start_s: float) -> np.ndarray:
    (row,) = np.flatnonzero((library.songs == song) & (library.starts_s == start_s))
    return library.vectors[row].astype(float)


@given(libraries(), st.integers(1, 9), st.integers(0, 3))
def test_the_selected_fragments_are_a_seeded_draw_from_the_liked_songs(
    library: Library, size: int, seed: int
) -> None:
    answer = by_fragments(library, [1, 0, 1], size=size, seed=seed)
    available = int(np.isin(library.songs, [0, 1]).sum())
    drawn = {(part.song, part.start_s) for part in answer.selected}
    assert len(drawn) == len(answer.selected) == min(size, available)
    assert {part.song for part in answer.selected} <= {0, 1}
    assert answer.liked == {0: ("tag 0",), 1: ("tag 1",)}
    assert answer == by_fragments(library, [0, 1], size=size, seed=seed)


def test_another_seed_draws_other_fragments() -> None:
    tracks = [_fragments(np.random.default_rng(song).normal(size=(50, 4))) for song in range(3)]
    library = Library.of(tracks)
    draws = {by_fragments(library, [0], size=5, seed=seed).selected for seed in range(4)}
    assert len(draws) == 4


@given(libraries(), st.data())
def test_by_mean_is_its_definition(library: Library, data: st.DataObject) -> None:
    liked = data.draw(st.sets(st.integers(0, library.count - 1), min_size=1, max_size=2))
    count = data.draw(st.integers(1, 6))

    def unit(vector: np.ndarray) -> np.ndarray:
        return vector / np.linalg.norm(vector)

    means = [
        unit(library.vectors[library.songs == song].astype(float).mean(axis=0))
        for song in range(library.count)
    ]
    query = unit(np.mean([means[song] for song in liked], axis=0))
    expected = {song: mean @ query for song, mean in enumerate(means) if song not in liked}

    answer = by_mean(library, sorted(liked), count=count)
    best = sorted(expected.values(), reverse=True)[:count]
    assert [found.similarity for found in answer] == pytest.approx(best, abs=1e-6)
    for found in answer:
        assert found.similarity == pytest.approx(expected[found.song], abs=1e-6)


@given(libraries(), st.integers(1, 12), st.integers(1, 6), st.data())
def test_by_votes_is_its_definition(
    library: Library, neighbours: int, count: int, data: st.DataObject
) -> None:
    query = library.vectors[library.songs == 0]
    exclude = data.draw(st.sampled_from([(), (0,), (0, 1)]))

    expected: dict[int, float] = {}
    for segment in query.astype(float):
        similarities = [
            (
                float(segment @ v / (np.linalg.norm(segment) * np.linalg.norm(v))),
                int(song),
            )
            for v, song in zip(library.vectors.astype(float), library.songs, strict=True)
            if song not in exclude
        ]
        similarities.sort(key=lambda pair: round(-pair[0], 9))
        for similarity, song in similarities[:neighbours]:
            expected[song] = expected.get(song, 0.0) + similarity

    answer = by_votes(library, query, exclude=exclude, neighbours=neighbours, count=count)
    best = sorted(expected.values(), reverse=True)[:count]
    assert [found.similarity for found in answer] == pytest.approx(best, abs=1e-6)


def test_the_same_song_under_another_name_comes_first() -> None:
    generator = np.random.default_rng(3)
    tracks = [_fragments(generator.normal(size=(10, 8))) for _ in range(20)]
    library = Library.of([*tracks, tracks[4]])
    assert by_mean(library, [4])[0].song == 20
    assert by_votes(library, tracks[4].vectors, exclude=[4])[0].song == 20
    assert by_fragments(library, [4], size=1).results[0].song == 20
    assert by_fragments(library, [4], size=1).results[0].distance == 0


def test_songs_without_fragments_are_never_recommended() -> None:
    generator = np.random.default_rng(3)
    empty = _fragments(np.zeros((0, 4)))
    library = Library.of([_fragments(generator.normal(size=(5, 4))), empty, empty])
    assert by_fragments(library, [0]).results == ()
    assert by_mean(library, [0]) == ()
    assert {vote.song for vote in by_votes(library, library.vectors)} == {0}
    with pytest.raises(SegueError, match="Song 1 has no fragments"):
        by_mean(library, [1])


def test_silent_fragments_do_no_harm() -> None:
    library = Library.of([_fragments(np.zeros((2, 4))), _fragments(np.ones((2, 4)))])
    assert by_mean(library, [0])[0].similarity == 0
    assert by_votes(library, library.vectors[:1])[0].similarity == 0


def test_questions_that_cannot_be_answered_are_met_with_advice() -> None:
    library = Library.of([_fragments(np.ones((2, 4)))])
    with pytest.raises(SegueError, match="analyse"):
        Library.of([])
    with pytest.raises(SegueError, match="different encoders"):
        Library.of([_fragments(np.ones((2, 4))), _fragments(np.ones((2, 3)))])
    for liked in ([], [1], [-1]):
        with pytest.raises(SegueError, match="liked songs"):
            by_fragments(library, liked)
    for query in (np.ones((2, 3)), np.ones((0, 4)), np.ones(4)):
        with pytest.raises(SegueError, match="one encoder"):
            by_votes(library, query.astype(np.float32))
