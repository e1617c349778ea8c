"""How well sound alone finds what was made alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Snapshot
from hybrid.sound_space import SoundSpace

#: Neighbours that are looked at.
NEAREST = 10
#: Most recordings that are asked about; more say nothing new.
_MOST = 2000
_AT_ONCE = 100


@dataclass(frozen=True)
class Likeness:
    """How many of the nearest by sound were made alike.

    Parameters
    ----------
    made : str
        What makes two recordings alike, e.g. ``"artist"``.
    asked : int
        Recordings that were asked about: those with somebody to find.
    found : float
        Share of the nearest 10 that were made alike.
    chance : float
        The share among all that could have come.
    """

    made: str
    asked: int
    found: float
    chance: float

    def as_dict(self) -> dict[str, Any]:
        """Fields for JSON."""
        return {
            "made": self.made,
            "asked": self.asked,
            "found@10": round(self.found, 4),
            "chance": round(self.chance, 4),
        }


def made_by(snapshot: Snapshot) -> dict[str, NDArray[np.integer]]:
    """What a catalogue itself says: the first artist and the label of each recording, or -1."""
    ptr = snapshot.recording_artist_ptr
    artist = np.full(len(snapshot.recording_ids), -1, np.int32)
    named = ptr[1:] > ptr[:-1]
    artist[named] = snapshot.recording_artist_idx[ptr[:-1][named]]
    return {"artist": artist, "label": snapshot.recording_label}


def likeness(
    sound: SoundSpace,
    made: Mapping[str, NDArray[np.integer]],
    work: NDArray[np.integer],
    nearest: int = NEAREST,
) -> list[Likeness]:
    """Ask for the nearest of each recording and count how many were made alike.

    Other versions of the same work are no candidates: they would be too easy to find.

    Parameters
    ----------
    made : mapping of str to ndarray of int, shape (R,)
        Recordings with the same number were made alike; -1 is not known.
    work : ndarray of int, shape (R,)
        Work of each recording.
    """
    rows = sound.rows
    asked = np.sort(np.random.default_rng(0).permutation(len(rows))[:_MOST])
    truth = {name: np.asarray(of)[rows] for name, of in made.items()}
    found: dict[str, list[float]] = {name: [] for name in truth}
    chance: dict[str, list[float]] = {name: [] for name in truth}
    for start in range(0, len(asked), _AT_ONCE):
        places = asked[start : start + _AT_ONCE]
        queries = [sound.vector(int(rows[place])) for place in places]
        scores = sound.scores(np.array(queries, np.float32))
        for place, column in zip(places.tolist(), scores.T, strict=True):
            others = work[rows] != work[rows[place]]
            column = np.where(others, column, -np.inf)
            best = np.lexsort((np.arange(len(column)), -column))[:nearest]
            best = best[others[best]]
            for name, of in truth.items():
                alike = (of == of[place]) & others
                if of[place] >= 0 and alike.any():
                    found[name].append(float(alike[best].mean()))
                    chance[name].append(float(alike.sum() / others.sum()))
    return [
        Likeness(name, len(found[name]), float(np.mean(found[name])), float(np.mean(chance[name])))
        for name in truth
        if found[name]
    ]
