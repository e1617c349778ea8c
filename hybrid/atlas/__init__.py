"""The catalogue as a picture: each recording gets a place, and what is alike lies close.

Two grounds can be drawn: what recordings sound like (the encoder's vectors) and what is played
together (the factors of the sets). Either way "alike" is the cosine. A picture has two
dimensions and the ground has many, so nearest neighbours are looked up in the ground itself.
"""

from __future__ import annotations

from hybrid.atlas.ground import BASES, Basis, Ground
from hybrid.atlas.picture import METHODS, USUAL, Atlas, Method, chart, walk
from hybrid.atlas.projections import umap_is_installed

__all__ = [
    "BASES",
    "METHODS",
    "USUAL",
    "Atlas",
    "Basis",
    "Ground",
    "Method",
    "chart",
    "umap_is_installed",
    "walk",
]
