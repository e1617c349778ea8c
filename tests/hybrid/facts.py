"""Facts written by hand: everything unknown but what a test is about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from hybrid.facts import Facts


def made_facts(n: int, **columns: Any) -> Facts:
    """Facts of `n` recordings, of which only the given columns are known.

    Parameters
    ----------
    n : int
    **columns
        Columns of `Facts`, as lists or arrays; None in a list of numbers is unknown. `artists`
        may be one artist per recording (a list of int) or a list of lists of int, and `label` a
        list of names, empty for none. Recordings have the ids 1 to `n`, and a work and an
        artist of their own, unless given.

    Examples
    --------
    >>> facts = made_facts(3, bpm=[128, None, 64], label=["Quay", "", "Quay"])
    >>> facts.bpm.tolist(), facts.label.tolist(), facts.label_keys.tolist()
    ([128.0, nan, 64.0], [0, -1, 0], ['Quay'])
    """
    unknown = {name: np.full(n, np.nan, np.float32) for name in _NUMBERS}
    zero = {name: np.zeros(n, np.float32) for name in ("sets", "windows")}
    zero |= {"bpm_confidence": np.zeros(n, np.float32), "key_confidence": np.zeros(n, np.float32)}
    known: dict[str, Any] = {
        **unknown,
        **zero,
        "recording_ids": np.arange(1, n + 1),
        "key": np.full(n, -1, np.int8),
        "owned": np.zeros(n, bool),
        "genre": np.full(n, "", object),
        "label": np.full(n, -1, np.int32),
        "label_keys": np.array([], object),
        "work": np.arange(n, dtype=np.int32),
        "artists": range(n),
    }
    known |= columns
    if not isinstance(known["label"], np.ndarray):
        known |= _labels(known["label"])
    if not sparse.issparse(known["artists"]):
        known["artists"] = _artists(known["artists"])
    return Facts(**{name: _column(name, value) for name, value in known.items()})


_NUMBERS = ("year", "bpm", "energy", "duration_s")
_TYPES: dict[str, Any] = {
    "recording_ids": np.int64,
    "key": np.int8,
    "owned": bool,
    "genre": object,
    "label": np.int32,
    "label_keys": object,
    "work": np.int32,
}


def _column(name: str, value: Any) -> Any:
    if sparse.issparse(value):
        return value
    if name == "key" and not isinstance(value, np.ndarray):
        value = [-1 if key is None else key for key in value]
    return np.array(value, _TYPES.get(name, np.float32))


def _labels(names: Sequence[str | int]) -> dict[str, Any]:
    """Index what is given as names; numbers stay as they are."""
    if all(not isinstance(name, str) for name in names):
        return {"label": np.array(names, np.int32)}
    keys = sorted({str(name) for name in names if name})
    return {
        "label": np.array([keys.index(str(name)) if name else -1 for name in names], np.int32),
        "label_keys": np.array(keys, object),
    }


def _artists(given: Sequence[Any]) -> sparse.csr_matrix:
    lists = [[artist] if np.isscalar(artist) else list(artist) for artist in given]
    columns = np.array([artist for artists in lists for artist in artists], np.int64)
    rows = np.repeat(np.arange(len(lists)), [len(artists) for artists in lists])
    shape = (len(lists), int(columns.max(initial=-1)) + 1)
    return sparse.csr_matrix((np.ones(len(columns), np.float32), (rows, columns)), shape=shape)
