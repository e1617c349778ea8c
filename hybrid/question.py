"""What is asked, in the terms of the signals: which rows, credits and sounds the seeds bring."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.collaborative import Query


@dataclass(frozen=True, eq=False)
class Question:
    """The seeds as the fusion takes them.

    Parameters
    ----------
    query : Query
        All seeds; their order says nothing.
    last : Query
        The last seed alone: what is mixed out of, for the lens "next".
    vectors : ndarray of float32, shape (m, d)
        A vector of length 1 for each seed that was heard, in the catalogue or just now; (0, 0)
        where none was.
    last_vector : int
        Which of `vectors` is the last seed's; -1 where it was not heard.
    windows : float
        Windows of audio that the `vectors` were made of, in all.
    """

    query: Query
    last: Query
    vectors: NDArray[np.float32]
    last_vector: int = -1
    windows: float = 0.0

    @classmethod
    def of(cls, query: Query) -> Question:
        """Ask with seeds that have no sound; the last seed is not singled out."""
        return cls(query, query, np.empty((0, 0), np.float32))
