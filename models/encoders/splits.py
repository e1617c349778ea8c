"""Cuts clips, and the time within a clip, into a part to learn from and a part to check with."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.errors import SegueError
from models.encoders.contract import Clip

#: Length of the blocks of `split_in_time` in fragments: each change of side costs almost a
#: fragment's length of starts, so shorter blocks would starve the rarer side.
_BLOCK = 3
#: Slack in comparing times in seconds, far below one sample.
_SLACK = 1e-7


def split_by_artist(
    clips: Sequence[Clip], *, share: float = 0.15, seed: int = 0
) -> tuple[list[Clip], list[Clip]]:
    """Set clips aside for validation so that no artist is on both sides.

    An artist's clips share a studio, a singer and a master, and whoever has heard the one
    half knows the other (Pampalk, Flexer & Widmer, ISMIR 2005). Each genre gives about its
    `share` of clips, but never its last artist, so that all genres can be learned.

    Parameters
    ----------
    clips : sequence of Clip
        A clip without an artist is by an artist of its own. Names are compared as they are.
    share : float
        Share of the clips to set aside, above 0 and below 1.
    seed : int
        Another seed sets others aside.

    Returns
    -------
    training, validation : list of Clip
        In the order of `clips`; neither is empty.

    Raises
    ------
    SegueError
        If the clips are by fewer than two artists.
    """
    if not 0 < share < 1:
        raise SegueError(f"The share to validate with is {share}, but must lie between 0 and 1.")
    artists: dict[str, list[int]] = {}
    for row, clip in enumerate(clips):
        artists.setdefault(clip.artist or f"\0{row}", []).append(row)
    if len(artists) < 2:
        raise SegueError(
            "Training needs clips of two artists at least, one of them to check with. "
            "Add clips, or name the artists."
        )
    generator = np.random.default_rng(seed)
    of_genre: dict[str, list[list[int]]] = {}
    for rows in artists.values():
        genre = Counter(clips[row].genre for row in rows).most_common(1)[0][0]
        of_genre.setdefault(genre, []).append(rows)
    taken: set[int] = set()
    for genre in sorted(of_genre):
        taken.update(_some(of_genre[genre], share, generator))
    if not taken:  # every genre has one artist only: one of them has to do
        taken.update(_some(list(artists.values()), share, generator))
    return (
        [clip for row, clip in enumerate(clips) if row not in taken],
        [clip for row, clip in enumerate(clips) if row in taken],
    )


@dataclass(frozen=True, eq=False)
class TimeSplit:
    """Where fragments start, in seconds, ascending; shapes (n,) and (m,), float64."""

    training: NDArray[np.float64]
    validation: NDArray[np.float64]


def split_in_time(
    duration_s: float,
    generator: np.random.Generator,
    *,
    fragment_s: float = 5.0,
    step_s: float = 1.0,
    validation_probability: float = 0.2,
) -> TimeSplit:
    """Share the overlapping fragments of one track out so that the two sides never overlap.

    The time is cut into blocks of three fragments; each goes to validation with
    `validation_probability`, and a fragment that reaches into the other side is dropped.
    This is the split of "Songs Recommender System" (seed 000): 5 s fragments at steps of 1 s.
    It tells whether a network knows the track again, not whether it knows the artist's
    next one: for that there is `split_by_artist`.

    Parameters
    ----------
    duration_s : float
        Length of the track in seconds. One that is shorter than a fragment has one fragment.
    generator : Generator
        Draws the sides.
    fragment_s, step_s : float
        Length of a fragment, and from the start of one to the start of the next, in seconds.
    validation_probability : float
        0 to 1. Validation gets a little less than this share, as its blocks are fewer.

    Returns
    -------
    TimeSplit

    Examples
    --------
    >>> split = split_in_time(20.0, np.random.default_rng(0), validation_probability=0.0)
    >>> len(split.training), len(split.validation)
    (16, 0)
    """
    count = max(0, math.floor((duration_s - fragment_s) / step_s + _SLACK)) + 1
    starts = np.arange(count) * step_s
    block_s = _BLOCK * fragment_s
    first = np.floor(starts / block_s + _SLACK).astype(int)
    last = np.ceil((starts + fragment_s) / block_s - _SLACK).astype(int) - 1
    sides = generator.random(last[-1] + 1) < validation_probability
    # A fragment is shorter than a block, so it touches two blocks at most.
    whole = sides[first] == sides[last]
    return TimeSplit(starts[whole & ~sides[first]], starts[whole & sides[first]])


def _some(artists: list[list[int]], share: float, generator: np.random.Generator) -> list[int]:
    """Rows of about `share` of the clips, by whole artists, leaving one artist at least."""
    if len(artists) < 2:
        return []
    wanted = share * sum(map(len, artists))
    taken: list[int] = []
    shuffled = [artists[place] for place in generator.permutation(len(artists))]
    for rows in shuffled[:-1]:
        # Taken if that comes nearer to what is wanted than leaving it.
        if len(taken) + len(rows) / 2 <= wanted:
            taken.extend(rows)
    return taken or min(shuffled, key=len)
