"""Finds a row by its key among a million, in a few megabytes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


class KeyIndex:
    """Rows by key, as a sorted array of hashes.

    A dictionary of a million keys takes a hundred megabytes; this takes twelve and refers to
    the keys where they are.

    Parameters
    ----------
    keys : ndarray of object (str), shape (n,)
        Kept by reference; each key once.

    Examples
    --------
    >>> index = KeyIndex(np.array(["quay", "brink"], object))
    >>> index.find("brink"), index.find("nowhere")
    (1, None)
    """

    def __init__(self, keys: NDArray[np.object_]) -> None:
        hashes = np.fromiter(map(hash, keys.tolist()), np.int64, count=len(keys))
        order = np.argsort(hashes)
        self._keys = keys
        self._hashes = hashes[order]
        self._rows = order.astype(np.int32)

    def find(self, key: str) -> int | None:
        """Return the row with this key, if there is one."""
        wanted = hash(key)
        place = int(np.searchsorted(self._hashes, wanted))
        while place < len(self._hashes) and self._hashes[place] == wanted:
            row = int(self._rows[place])
            # Two keys may share a hash.
            if self._keys[row] == key:
                return row
            place += 1
        return None

    def __contains__(self, key: str) -> bool:
        return self.find(key) is not None
