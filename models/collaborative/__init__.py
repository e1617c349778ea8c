"""What real DJ sets teach: factors, neighbours, popularity and what is played right after what."""

from models.collaborative.als import AlsParameters, JointALS
from models.collaborative.interactions import Interactions, Query
from models.collaborative.neighbours import ItemKNN
from models.collaborative.played_next import PlayedNext
from models.collaborative.popularity import ArtistsGreatestHits, Popularity
from models.collaborative.scorer import Scorer

__all__ = [
    "AlsParameters",
    "ArtistsGreatestHits",
    "Interactions",
    "ItemKNN",
    "JointALS",
    "PlayedNext",
    "Popularity",
    "Query",
    "Scorer",
]
