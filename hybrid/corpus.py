"""The catalogue as the models see it: the bridge from `data` to `models`."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Snapshot
from models.collaborative import Interactions, PlayedNext

_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")


def interactions_of(snapshot: Snapshot) -> Interactions:
    """All sets of a snapshot as matrices."""
    return Interactions.from_arrays(
        len(snapshot.set_ids),
        snapshot.play_set,
        snapshot.play_recording,
        snapshot.recording_artist_ptr,
        snapshot.recording_artist_idx,
        len(snapshot.artist_names),
        snapshot.recording_label,
        len(snapshot.label_keys),
    )


def played_next_of(snapshot: Snapshot, keep: NDArray[np.intp]) -> PlayedNext:
    """Adjacent plays of the sets in `keep`."""
    chosen = np.isin(snapshot.play_set, keep)
    return PlayedNext().fit_plays(
        snapshot.play_set[chosen],
        snapshot.play_recording[chosen],
        snapshot.play_position[chosen],
        snapshot.play_with_previous[chosen],
        snapshot.play_chapter[chosen],
        len(snapshot.recording_ids),
    )


def decimal_years(dates: NDArray[np.str_]) -> NDArray[np.float64]:
    """ISO dates, whole or partial, as years with decimals; NaN where unknown.

    Examples
    --------
    >>> decimal_years(np.array(["2001-07-01", "1995", ""])).round(1).tolist()
    [2001.5, 1995.0, nan]
    """
    years = np.full(len(dates), np.nan)
    for index, date in enumerate(dates):
        if match := _DATE.fullmatch(str(date)):
            year, month, day = (int(part or 1) for part in match.groups())
            if not 1 <= month <= 12:
                continue
            years[index] = year + (month - 1) / 12 + (day - 1) / 365
    return years


def last_played(interactions: Interactions, years: NDArray[np.float64]) -> NDArray[np.float64]:
    """Year in which each recording was last played, shape (R,); -inf where unknown."""
    last = np.full(interactions.n_recordings, -np.inf)
    plays = interactions.plays.tocoo()
    played = years[plays.row]
    known = ~np.isnan(played)
    np.maximum.at(last, plays.col[known], played[known])
    return last
