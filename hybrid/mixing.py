"""How a result mixes with the seeds: pitch change and key."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.harmony import Key, key_compatibility, key_grades, tempo_changes, tempo_relation
from data.records import Mix
from hybrid.facts import Facts
from hybrid.filters import AskedFacts

#: A pitch change of this many percent is as bad as the worst key: the default tempo window.
_FAR_PERCENT = 6.0


def mixes(rows: Sequence[int] | NDArray[np.intp], facts: Facts, asked: AskedFacts) -> list[Mix]:
    """Say how each row mixes with the seed that it mixes with best.

    Parameters
    ----------
    rows : sequence of int, length n
    facts : Facts
    asked : AskedFacts
        Under the lens ``"next"`` the last seed is the only one compared.

    Returns
    -------
    list of Mix, length n
        The best seed needs the least of pitch change and harmony together; what is unknown of
        a seed counts as far off, so that one which something is known of comes first. Of equal
        seeds it is the first.
    """
    bpm, key = asked.bpm[asked.mixed], asked.key[asked.mixed]
    own_bpm = facts.bpm[rows].astype(np.float64)
    own_key = facts.key[rows]
    if not len(bpm):
        return [Mix() for _ in own_bpm]
    change = np.abs(tempo_changes(bpm[:, np.newaxis], own_bpm)) / _FAR_PERCENT
    # -1, the unknown key, is the last row and column.
    grades = np.pad(key_grades(), (0, 1))[key][:, own_key]
    best = np.argmin(np.fmin(change, 1.0) + (1 - grades), axis=0)
    return [
        _mix(float(bpm[seed]), own, int(key[seed]), int(own_key[place]))
        for place, (seed, own) in enumerate(zip(best, own_bpm.tolist(), strict=True))
    ]


def _mix(seed_bpm: float, bpm: float, seed_key: int, key: int) -> Mix:
    tempo = None if math.isnan(seed_bpm) or math.isnan(bpm) else tempo_relation(seed_bpm, bpm)
    if seed_key < 0 or key < 0:
        return Mix(tempo)
    keys = Key.from_traktor(seed_key), Key.from_traktor(key)
    return Mix(tempo, key_compatibility(*keys), keys)
