"""What is known of seeds, written by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from data.harmony import parse_key
from data.records import Lens
from hybrid.filters import AskedFacts


def camelot(name: str | None) -> int:
    """Traktor's value of a key such as ``"8A"``; -1 for None."""
    key = parse_key(name) if name else None
    return key.traktor() if key else -1


def made_asked(
    bpm: Sequence[float | None] = (),
    key: Sequence[str | None] = (),
    *,
    sure: float = 1.0,
    rows: Sequence[int] = (),
    lens: Lens = "goes_with",
) -> AskedFacts:
    """Seeds of these tempos and keys, the shorter list filled up with unknown."""
    n = max(len(bpm), len(key))
    tempos = [math.nan if value is None else value for value in bpm]
    keys = [camelot(name) for name in key]
    return AskedFacts(
        rows=np.array(rows, np.intp),
        bpm=np.array(tempos + [math.nan] * (n - len(bpm)), np.float64),
        key=np.array(keys + [-1] * (n - len(key)), np.int8),
        key_confidence=np.full(n, sure, np.float32),
        lens=lens,
    )
