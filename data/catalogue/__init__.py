"""The catalogue: what DJs played and what it sounds like, kept in SQLite or PostgreSQL."""

from data.catalogue.catalogue import Catalogue
from data.catalogue.crates import Crate
from data.catalogue.importing import ImportCounts
from data.catalogue.lookup import SourceCount, Stats
from data.catalogue.search import Hit
from data.catalogue.snapshot import Snapshot
from data.catalogue.sound import AudioFile, KnownSound, Sound, Vectors

__all__ = [
    "AudioFile",
    "Catalogue",
    "Crate",
    "Hit",
    "ImportCounts",
    "KnownSound",
    "Snapshot",
    "Sound",
    "SourceCount",
    "Stats",
    "Vectors",
]
