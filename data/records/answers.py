"""What Segue answers: recommendations, and the evidence for each."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.harmony import Key, KeyRelation, TempoRelation
from data.records.sets import Track
from data.records.sound import Analysis

#: What resolved a seed, strongest first. "id" is an id of the catalogue, an ISRC or a Spotify id;
#: "work" another version; "artist" and "label" the credits alone; "sound" its audio alone.
SeedRung = Literal["id", "recording", "work", "search", "artist", "label", "sound", "none"]
#: What carried a result: the part that gave most of its score. "popularity" is what is left
#: when nothing ties it to the seeds.
ResultRung = Literal["sets", "next", "artist", "label", "sound", "popularity"]
#: How a list is meant: "goes_with" asks for the same kind of sets and knows no direction,
#: "next" for what is played straight after the last seed.
Lens = Literal["goes_with", "next"]


@dataclass(frozen=True, slots=True)
class SetRef:
    """One set in which a recommendation met a seed: a line of evidence.

    `right_after` says whether it was played straight after the seed there.
    """

    set_id: int
    title: str
    date: str
    djs: tuple[str, ...]
    url: str
    seed_position: int
    position: int
    right_after: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What real sets say about a recommendation.

    Parameters
    ----------
    sets_together : int
        Sets that hold the recommendation and at least one seed.
    right_after, right_before : int
        How often it was played straight after, straight before, a seed.
    lift : float
        Observed sets together over the number expected by chance; NaN when there are none.
    after_lift : float
        `right_after` over the number expected by chance; NaN when it is 0.
    djs : tuple of str
        Distinct DJs of those sets, most recent first.
    first, last : str
        Dates of the earliest and the latest of those sets.
    sets : tuple of SetRef
        The sets themselves, latest first, at most as many as the query asked for.
    same_artist : tuple of str
        Artists, also remixers, that the recommendation shares with a seed.
    same_label : str
        Label it shares with a seed, or empty.
    link : tuple of (str, str, int) or None
        Without a common set: one of its artists, one of the seeds' artists, and in how
        many sets these two were played together.
    """

    sets_together: int = 0
    right_after: int = 0
    right_before: int = 0
    lift: float = math.nan
    after_lift: float = math.nan
    djs: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    sets: tuple[SetRef, ...] = ()
    same_artist: tuple[str, ...] = ()
    same_label: str = ""
    link: tuple[str, str, int] | None = None


@dataclass(frozen=True, slots=True)
class SoundEvidence:
    """Where a recommendation sounds like a seed.

    Parameters
    ----------
    cosine : float
        Likeness of the whole tracks, -1 to 1.
    seed : str
        Name of the seed it is nearest to.
    start_s, seed_start_s : float
        Where the two most alike fragments start, in seconds into the recommendation and the seed.
    fragment_s : float
        Length of a fragment in seconds.
    distance : float
        d: Euclidean distance of these two fragments.
    """

    cosine: float
    seed: str
    start_s: float
    seed_start_s: float
    fragment_s: float
    distance: float


@dataclass(frozen=True, slots=True)
class Mix:
    """How a recommendation mixes with the seed it is compared to; None where unknown.

    With several seeds it is the one it mixes with best, under the lens "next" the last one.
    `keys` are that seed's key and its own.
    """

    tempo: TempoRelation | None = None
    key: KeyRelation | None = None
    keys: tuple[Key, Key] | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A track that goes with the seeds, and why.

    Parameters
    ----------
    score : float
        0 to 1.
    parts : dict of str to float
        The share of the score that each part gave (see `hybrid.fusion.PARTS`); they sum to
        `score` before dials and feedback moved it, which stand under ``"steering"``.
    weights : dict of str to float
        Effective weight of each part for this track; they sum to 1. A part that knows nothing
        of the track or the seeds has weight 0.
    rung : str
        What carried it.
    sets : int
        Number of sets that hold it.
    tags : tuple of str
        Genre, styles and tags it shares with a seed.
    verdict : str
        The DJ's own word on it: ``"like"``, ``"dislike"``, ``"works"``, ``"clashes"`` or empty.
    versions : tuple of (int, Track)
        Other versions of its work that were grouped under it, best first.
    """

    recording_id: int
    track: Track
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    reason: str = ""
    sets: int = 0
    weights: dict[str, float] = field(default_factory=dict)
    rung: ResultRung = "sets"
    analysis: Analysis | None = None
    mix: Mix = field(default_factory=Mix)
    sound: SoundEvidence | None = None
    tags: tuple[str, ...] = ()
    year: int | None = None
    verdict: str = ""
    versions: tuple[tuple[int, Track], ...] = ()


@dataclass(frozen=True, slots=True)
class Seed:
    """How one asked-for track was understood.

    Parameters
    ----------
    query : str
        What was asked.
    track : Track or None
        How it was read; None if it names no track at all.
    recording_id : int or None
        The recording it resolved to; None when the catalogue does not hold it.
    rung : SeedRung
        What resolved it.
    near : tuple of (int, Track)
        For a seed that nothing is known of: what search finds nearest, as recording ids and
        tracks, best first.
    vector : ndarray of float32, shape (d,), or None
        Of a file that was heard for this query, by the encoder in use.
    analysis : Analysis or None
        Of that file.
    """

    query: str
    track: Track | None
    recording_id: int | None
    rung: SeedRung
    near: tuple[tuple[int, Track], ...] = ()
    vector: NDArray[np.float32] | None = field(default=None, compare=False, repr=False)
    analysis: Analysis | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Hidden:
    """What one filter or rule kept off a list.

    Parameters
    ----------
    name : str
        The filter's or rule's name, e.g. ``"tempo"``.
    count : int
        Tracks that it was the first to keep out although they ranked above the list's last.
    back : int
        How many of these would be on the list if this alone were loosened.
    """

    name: str
    count: int
    back: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one query.

    Parameters
    ----------
    hidden : tuple of Hidden
        What each filter and rule kept out of `results`, most first.
    note : str
        A sentence that says what is missing and what to do next; empty where all is well.
    """

    seeds: tuple[Seed, ...]
    results: tuple[Recommendation, ...]
    hidden: tuple[Hidden, ...] = ()
    lens: Lens = "goes_with"
    balance: float = 0.5
    note: str = ""

    @property
    def removed(self) -> dict[str, int]:
        """How many tracks each filter and rule kept out, by its name."""
        return {entry.name: entry.count for entry in self.hidden}
