"""What Segue answers: recommendations, and the evidence for each."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

from data.records.sets import Track


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
    djs: tuple[str, ...] = ()
    first: str = ""
    last: str = ""
    sets: tuple[SetRef, ...] = ()
    same_artist: tuple[str, ...] = ()
    same_label: str = ""
    link: tuple[str, str, int] | None = None


@dataclass(frozen=True, slots=True)
class Recommendation:
    """A track that goes with the seeds, and why.

    `parts` holds the share of the score that each signal gave; they sum to `score`.
    """

    recording_id: int
    track: Track
    score: float
    parts: dict[str, float] = field(default_factory=dict)
    evidence: Evidence = field(default_factory=Evidence)
    reason: str = ""
    sets: int = 0


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
    rung : {"recording", "work", "search", "artist", "none"}
        What resolved it: the exact recording, another version of the same work,
        a typo-tolerant search, only its artist, or nothing.
    """

    query: str
    track: Track | None
    recording_id: int | None
    rung: Literal["recording", "work", "search", "artist", "none"]


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one query.

    `removed` says, rule by rule, how many tracks each rule kept out of `results`.
    """

    seeds: tuple[Seed, ...]
    results: tuple[Recommendation, ...]
    removed: dict[str, int] = field(default_factory=dict)
