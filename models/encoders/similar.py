"""Songs that sound alike, found by the fragments of any encoder.

Three published ways, each exact: by the nearest fragment to what was liked (seed 000), by the
mean of a song's fragments (seed 004), and by votes of the query's segments (seed 001).
Distances are worked out a block of fragments at a time, so what they take stays small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from data.errors import SegueError
from models.encoders.library import Library


@dataclass(frozen=True)
class Selected:
    """A fragment of a liked song that the search went out from."""

    song: int
    start_s: float
    tags: tuple[str, ...]


@dataclass(frozen=True)
class NearFragment:
    """A song found by one of its fragments: when it starts, the song's tags, and how far it is.

    `distance` is *d*, the sum of its distances to the selected fragments; smaller is nearer.
    """

    song: int
    start_s: float
    tags: tuple[str, ...]
    distance: float


@dataclass(frozen=True)
class FragmentAnswer:
    """What the fragment recommender found, and everything that explains it.

    `liked` holds the tags of each liked song, `selected` the fragments drawn from them,
    `results` the songs found, nearest first.
    """

    liked: dict[int, tuple[str, ...]]
    selected: tuple[Selected, ...]
    results: tuple[NearFragment, ...]


@dataclass(frozen=True)
class Similar:
    """A song and how similar it is; larger is more similar."""

    song: int
    similarity: float


def by_fragments(
    library: Library,
    liked: Sequence[int],
    *,
    size: int = 8,
    count: int = 5,
    seed: int = 0,
) -> FragmentAnswer:
    """Recommend the songs of the fragments nearest to a random few of the liked ones.

    The method of "Songs Recommender System" (seed 000): each fragment has
    ``d = sum_i ||x - liked_i||_2`` over the fragments drawn; those of liked songs are out, and
    a song stands with its smallest d.

    Parameters
    ----------
    library : Library
    liked : sequence of int
        Songs that the user liked.
    size : int
        Fragments to draw from them, without repetition; all of them where there are fewer.
    count : int
        Songs to recommend.
    seed : int
        Another seed draws others.

    Returns
    -------
    FragmentAnswer
        Ties go to the song, and within it to the fragment, that stands first in the library.

    Raises
    ------
    SegueError
        If a liked song is not in the library or has no fragments.
    """
    liked = _known(library, liked)
    own = np.flatnonzero(np.isin(library.songs, liked))
    drawn = np.random.default_rng(seed).choice(own, min(size, len(own)), replace=False)
    drawn.sort()
    queries = library.vectors[drawn]
    distances = np.concatenate(
        [cdist(block, queries).sum(axis=1) for _, block in library.blocks(len(queries))]
    )
    distances[own] = np.inf
    nearest = _first_of_each(library, distances)
    order = nearest[np.argsort(distances[nearest], kind="stable")]
    found = [row for row in order[:count] if np.isfinite(distances[row])]
    return FragmentAnswer(
        {song: library.tags[song] for song in liked},
        tuple(_selected(library, row) for row in drawn),
        tuple(
            NearFragment(
                **vars(_selected(library, row)),
                distance=float(distances[row]),
            )
            for row in found
        ),
    )


def by_mean(library: Library, liked: Sequence[int], *, count: int = 5) -> tuple[Similar, ...]:
    """Recommend the songs whose mean vector points where that of the liked songs points.

    The method of "Song-Recommender" (seed 004): the latent vectors of a song's slices are
    averaged, and songs are ordered by cosine similarity. With several liked songs, each
    counts alike, as in the mean of their unit vectors.

    Parameters
    ----------
    library : Library
    liked : sequence of int
    count : int
        Songs to recommend.

    Returns
    -------
    tuple of Similar
        Most similar first, ties by place in the library; `similarity` is -1 to 1.

    Raises
    ------
    SegueError
        If a liked song is not in the library or has no fragments.
    """
    liked = _known(library, liked)
    lengths = np.bincount(library.songs, minlength=library.count)
    means = _unit(library.sums() / np.maximum(lengths, 1)[:, None])
    similarities = means @ _unit(means[liked].mean(axis=0, keepdims=True))[0]
    similarities[lengths == 0] = -np.inf
    similarities[liked] = -np.inf
    return _largest(similarities, count)


def by_votes(
    library: Library,
    query: NDArray[np.float32],
    *,
    exclude: Sequence[int] = (),
    neighbours: int = 10,
    count: int = 5,
) -> tuple[Similar, ...]:
    """Recommend the songs that hold the nearest segments to each segment of a query.

    The method of "Song Classification and Recommendations" (seed 001): for each segment of
    the query its ten nearest segments by cosine; the similarities are summed for each song.

    Parameters
    ----------
    library : Library
    query : ndarray of float32, shape (q, d)
        Segments of the song to go out from.
    exclude : sequence of int
        Songs that do not take part, such as the query's own.
    neighbours : int
        Segments that each segment of the query votes for.
    count : int
        Songs to recommend.

    Returns
    -------
    tuple of Similar
        Most similar first, ties by place in the library; only songs with a vote.

    Raises
    ------
    SegueError
        If `query` has no segment, or vectors of another length.
    """
    if query.ndim != 2 or not len(query) or query.shape[1] != library.vectors.shape[1]:
        raise SegueError(
            f"The query has segments of shape {query.shape}, the library vectors of length "
            f"{library.vectors.shape[1]}: embed both with one encoder."
        )
    directions = _unit(query.astype(np.float64))
    out = np.isin(np.arange(library.count), exclude)
    found = []
    for start, block in library.blocks(len(query)):
        similarities = directions @ _unit(block).T
        similarities[:, out[library.songs[start : start + len(block)]]] = -np.inf
        segments, places = _candidates(similarities, neighbours)
        found.append((segments, similarities[segments, places], start + places))
    segments, values, rows = (np.concatenate(parts) for parts in zip(*found, strict=True))
    kept = _best_of_each(segments, values, rows, neighbours)
    values, voted = values[kept], library.songs[rows[kept]]
    votes = np.full(library.count, -np.inf)
    votes[voted] = 0.0
    np.add.at(votes, voted, values)
    return _largest(votes, count)


def _known(library: Library, liked: Sequence[int]) -> list[int]:
    wanted = sorted(set(liked))
    if not wanted or wanted[0] < 0 or wanted[-1] >= library.count:
        raise SegueError("The liked songs are not among the analysed ones: analyse them first.")
    if missing := set(wanted) - set(library.songs[np.isin(library.songs, wanted)].tolist()):
        raise SegueError(f"Song {min(missing)} has no fragments: analyse it first.")
    return wanted


def _selected(library: Library, row: int) -> Selected:
    song = int(library.songs[row])
    return Selected(song, float(library.starts_s[row]), library.tags[song])


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows at length 1; a zero row stays, similar to none."""
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)


def _candidates(
    similarities: NDArray[np.float64], count: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Places of each row's `count` largest values, and of whatever equals the last of them."""
    if similarities.shape[1] > count:
        border = -np.partition(-similarities, count - 1, axis=1)[:, count - 1 : count]
    else:
        border = np.full((len(similarities), 1), -np.inf)
    rows, places = np.nonzero((similarities >= border) & np.isfinite(similarities))
    return rows, places


def _best_of_each(
    segments: NDArray[np.intp], values: NDArray[np.float64], rows: NDArray[np.intp], count: int
) -> NDArray[np.intp]:
    """Indices of each segment's `count` largest values; of equals, the first rows."""
    order = np.lexsort((rows, -values, segments))
    ordered = segments[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered)
    return order[rank < count]


def _first_of_each(library: Library, distances: NDArray[np.float64]) -> NDArray[np.intp]:
    """Row of the smallest distance of each song that has fragments, ordered by song."""
    order = np.lexsort((distances, library.songs))
    first = np.unique(library.songs[order], return_index=True)[1]
    return order[first]


def _largest(values: NDArray[np.float64], count: int) -> tuple[Similar, ...]:
    order = np.argsort(-values, kind="stable")[:count]
    return tuple(
        Similar(int(song), float(values[song])) for song in order if np.isfinite(values[song])
    )
