"""The contract of everything that ranks recordings for a query."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.collaborative.interactions import Query


class Scorer(Protocol):
    """Scores every recording against some seeds, once it was fitted.

    A score of 0 says "nothing known"; higher is better. Scorers do not exclude the seeds:
    whoever asks does. What `fit` takes is the scorer's own affair: most learn from
    `Interactions`, what is played right after what from the plays in their order.
    """

    name: str

    def score(self, query: Query) -> NDArray[np.float32]:
        """Score of every recording, shape (R,)."""
        ...
