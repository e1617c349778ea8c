"""The honest baselines that know no taste: what is played most."""

from __future__ import annotations

from typing import Self

import numpy as np
from numpy.typing import NDArray

from models.collaborative.interactions import Interactions, Query


class Popularity:
    """Most played first, whatever was asked."""

    name = "popularity"

    def fit(self, interactions: Interactions) -> Self:
        """Count the sets of each recording."""
        self._popularity = interactions.popularity
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        """Number of sets of every recording, shape (R,)."""
        return self._popularity.copy()


class ArtistsGreatestHits:
    """The seeds' own artists, most played first.

    CAGH in Bonnin & Jannach, "Automated Generation of Music Playlists", ACM CSUR
    2014: on hand-made lists hard to beat, because DJs play artists, not singles.
    """

    name = "artist's greatest hits"

    def fit(self, interactions: Interactions) -> Self:
        """Count the sets of each recording and remember who made it."""
        self._popularity = interactions.popularity
        self._artists = interactions.artists
        return self

    def score(self, query: Query) -> NDArray[np.float32]:
        """Number of sets where the artist is a seed's, else 0, shape (R,)."""
        asked = query.artist_vector(self._artists.shape[1])
        return np.where(self._artists @ asked > 0, self._popularity, 0).astype(np.float32)
