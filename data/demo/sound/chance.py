"""Chance that is the same on every machine: a generator named by words."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def dice(*names: object) -> np.random.Generator:
    """Return the random generator that belongs to these names, always the same one."""
    text = "\x1f".join(map(str, names))
    number = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
    return np.random.Generator(np.random.PCG64(number))


def pick(rng: np.random.Generator, choices: Sequence[T]) -> T:
    """Return one of `choices`, each as likely."""
    return choices[int(rng.integers(len(choices)))]


def between(rng: np.random.Generator, low: float, high: float) -> float:
    """Return a number from `low` to `high`, each as likely."""
    return low + (high - low) * float(rng.random())
