"""The catalogue: what DJs played, kept in SQLite or PostgreSQL."""

from data.catalogue.catalogue import Catalogue
from data.catalogue.crates import Crate
from data.catalogue.importing import ImportCounts
from data.catalogue.lookup import SourceCount, Stats
from data.catalogue.search import Hit
from data.catalogue.snapshot import Snapshot

__all__ = ["Catalogue", "Crate", "Hit", "ImportCounts", "Snapshot", "SourceCount", "Stats"]
