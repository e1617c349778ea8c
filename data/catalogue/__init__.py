"""The catalogue: what DJs played and what it sounds like, kept in SQLite or PostgreSQL."""

from data.catalogue.catalogue import Catalogue
from data.catalogue.crates import Crate
from data.catalogue.feedback import Judgement
from data.catalogue.feedback_book import FeedbackBook, FeedbackCounts
from data.catalogue.importing import ImportCounts
from data.catalogue.lookup import SourceCount, Stats
from data.catalogue.search import Hit
from data.catalogue.snapshot import Snapshot
from data.catalogue.sound import AudioFile, KnownSound, Sound, Vectors
from data.catalogue.sound_columns import SoundColumns

__all__ = [
    "AudioFile",
    "Catalogue",
    "Crate",
    "FeedbackBook",
    "FeedbackCounts",
    "Hit",
    "ImportCounts",
    "Judgement",
    "KnownSound",
    "Snapshot",
    "Sound",
    "SoundColumns",
    "SourceCount",
    "Stats",
    "Vectors",
]
