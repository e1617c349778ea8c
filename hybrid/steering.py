"""How a DJ steers a query: what to hide, how to shape the list, what to move up or down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

#: A range with open ends: None is no bound.
Range = tuple[float | None, float | None]
Strictness = Literal["off", "soft", "strict"]


@dataclass(frozen=True, slots=True)
class Filters:
    """What a track may be.

    Tempo, key and length never hide a track of which they are not known. Energy, years, labels
    and genres do: asked for, they are what the list is to hold.

    Parameters
    ----------
    tempo_percent : float or None
        Pitch change at most, in percent, that it needs to run with a seed; None for any.
    half_double : bool
        Whether half and double time count as the seed's tempo.
    key : {"off", "soft", "strict"}
        ``"strict"`` hides keys that do not go with a seed's (score below .5); ``"soft"`` ranks
        them lower, see `Dials`; ``"off"`` looks at no key.
    energy, years, sets : range
        Lowest and highest, both included. `sets` is how many sets hold it.
    labels, genres : tuple of str
        One of these, by any spelling; empty for any. Genres are compared by their words.
    library : {"all", "mine", "new"}
        Only what is in the DJ's library, or only what is not, see `hybrid.facts.Facts.owned`.
    without : frozenset of int
        Recordings that must not come, such as those played tonight.
    max_minutes : float or None
        Longest track; longer ones are mixes.
    disliked : bool
        Whether tracks the DJ dislikes, or that clash with the seed, may come.
    """

    tempo_percent: float | None = 6.0
    half_double: bool = True
    key: Strictness = "soft"
    energy: Range = (None, None)
    years: Range = (None, None)
    sets: Range = (None, None)
    labels: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    library: Literal["all", "mine", "new"] = "all"
    without: frozenset[int] = frozenset()
    max_minutes: float | None = 15.0
    disliked: bool = False


@dataclass(frozen=True, slots=True)
class Dials:
    """What moves tracks up or down without hiding them.

    Parameters
    ----------
    popularity : float
        -1 for deep cuts, 1 for the well-known, 0 as learned.
    hubs : float
        0 to 1: how far tracks that come up in every list are held back.
    """

    popularity: float = 0.0
    hubs: float = 0.0


@dataclass(frozen=True, slots=True)
class Rules:
    """How the list is shaped. Each can be switched off.

    Parameters
    ----------
    exclude_seeds : bool
        Leave out the seeds themselves.
    exclude_seed_versions : bool
        Leave out other versions of the seeds' works.
    one_version_per_work : bool
        Of several versions of one work show the best, the others grouped under it.
    artist_cap : int
        Most tracks of one artist or remixer; 0 for no limit.
    spread_artists : bool
        No two tracks of one artist in a row, as far as the list allows: the later one waits.
    """

    exclude_seeds: bool = True
    exclude_seed_versions: bool = True
    one_version_per_work: bool = True
    artist_cap: int = 10
    spread_artists: bool = True

    @classmethod
    def for_length(cls, k: int) -> Rules:
        """The default rules for a list of `k`: an artist may fill a fifth of it, two at least."""
        return cls(artist_cap=max(2, -(-k // 5)))


@dataclass(frozen=True, slots=True)
class Steering:
    """All of it; the defaults are what a DJ gets who touches nothing."""

    filters: Filters = field(default_factory=Filters)
    dials: Dials = field(default_factory=Dials)
