"""The catalogue: what DJs played and what it sounds like, kept in SQLite or PostgreSQL."""

from data.catalogue.catalogue import Catalogue
from data.catalogue.crates import Crate, CrateChanged, CrateState
from data.catalogue.feedback import Judgement
from data.catalogue.feedback_book import FeedbackBook, FeedbackCounts
from data.catalogue.importing import ImportCounts
from data.catalogue.job_book import JobBook
from data.catalogue.job_log import LogLine
from data.catalogue.jobs import Job
from data.catalogue.lookup import SourceCount, Stats
from data.catalogue.named import NamedCrate
from data.catalogue.push_book import Push, PushBook
from data.catalogue.sealed_book import SealedBook
from data.catalogue.search import Hit
from data.catalogue.snapshot import Snapshot
from data.catalogue.sound import AudioFile, KnownSound, Sound, Vectors
from data.catalogue.sound_columns import SoundColumns
from data.catalogue.web_book import Pause, WebBook

__all__ = [
    "AudioFile",
    "Catalogue",
    "Crate",
    "CrateChanged",
    "CrateState",
    "FeedbackBook",
    "FeedbackCounts",
    "Hit",
    "ImportCounts",
    "Job",
    "JobBook",
    "Judgement",
    "KnownSound",
    "LogLine",
    "NamedCrate",
    "Pause",
    "Push",
    "PushBook",
    "SealedBook",
    "Snapshot",
    "Sound",
    "SoundColumns",
    "SourceCount",
    "Stats",
    "Vectors",
    "WebBook",
]
