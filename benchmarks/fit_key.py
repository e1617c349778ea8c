"""Fit the weights of `models.audio.key` on invented songs, and print them.

Half of what is fitted on are songs of chord progressions, half vamps on one chord. Real
clips have no part in it: they are for `bench_key.py`.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp
from songs import song

from models.audio.key import Weights, tonal_features

SONGS, VAMPS = 500, 250
FIRST_SEED = 10_000  # bench_key.py measures on seeds from 0
RIDGE = 1e-4

Array = NDArray[np.float64]


def training_data() -> tuple[Array, NDArray[np.intp]]:
    """Features and keys of the songs; shapes (songs, 24, weights) and (songs,)."""
    seeds = [(seed, None) for seed in range(SONGS)]
    seeds += [(seed, "vamp") for seed in range(SONGS, SONGS + VAMPS)]
    features, keys = [], []
    for seed, kind in seeds:
        made = song(FIRST_SEED + seed, kind=kind, length_s=20 if kind is None else 12)
        heard = tonal_features([made.samples])
        if heard is not None:
            features.append(heard)
            keys.append(made.key.traktor())
    return np.stack(features), np.array(keys)


def fit(features: Array, keys: NDArray[np.intp]) -> Array:
    """Weights of the greatest likelihood, with a slight pull to 0."""
    one = np.arange(len(keys))

    def loss(weights: Array) -> tuple[float, Array]:
        logits = features @ weights
        logits = logits - logsumexp(logits, axis=1, keepdims=True)
        error = np.exp(logits)
        error[one, keys] -= 1
        slope = np.einsum("nk,nkd->d", error, features) / len(keys) + 2 * RIDGE * weights
        return float(-logits[one, keys].mean() + RIDGE * weights @ weights), slope

    return minimize(loss, np.zeros(features.shape[2]), jac=True, method="L-BFGS-B").x


if __name__ == "__main__":
    features, keys = training_data()
    weights = fit(features, keys)
    right = np.mean((features @ weights).argmax(axis=1) == keys)
    print(f"{len(keys)} tonal of {SONGS + VAMPS}; {right:.1%} of them right (fitted on)")
    print(f"FITTED = Weights({', '.join(f'{weight:.2f}' for weight in weights)})")
    print("        # " + ", ".join(Weights._fields))
