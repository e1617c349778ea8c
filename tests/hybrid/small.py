"""Small invented catalogues, and a model of them that trains in a moment."""

from __future__ import annotations

from pathlib import Path

from data.catalogue import Catalogue
from data.identity import parse_track
from data.records import Play, Track, Tracklist
from data.settings import Settings
from hybrid.recommender import Recommender
from hybrid.training import train
from hybrid.tuned import Tuned, shipped
from models.collaborative import AlsParameters

QUICK = AlsParameters(factors=8, regularization=0.05, alpha=2.0, iterations=5)
#: In a handful of sets every track is about as popular and as new: company decides.
COMPANY = shipped().scaled(prior=0.2)


def heard(source_id: str, *rows: str, **details: object) -> Tracklist:
    """Write a set as rows of text.

    ``"?"`` is an unknown row, ``"..."`` a gap, ``"+ A - B"`` was played together with the row
    before, ``"# Name"`` opens a chapter.
    """
    plays: list[Play] = []
    chapter = ""
    for row in rows:
        if row.startswith("# "):
            chapter = row[2:]
            continue
        plays.append(_play(len(plays) + 1, row, chapter))
    given = {"source": "notes", "title": f"Set {source_id}", **details}
    return Tracklist(source_id=source_id, plays=tuple(plays), **given)


def _play(position: int, row: str, chapter: str) -> Play:
    layered, text = row.startswith("+ "), row.removeprefix("+ ")
    if text == "...":
        return Play(position, "gap", raw=row, chapter=chapter)
    track = parse_track(text)
    if not isinstance(track, Track):
        return Play(position, "unknown", None, row, None, layered, chapter, track.reason)
    return Play(position, "identified", track, row, None, layered, chapter)


def trained(catalogue: Catalogue, home: Path, tuned: Tuned | None = None) -> Recommender:
    """A recommender for the catalogue as it is now."""
    settings = Settings(home=home)
    train(catalogue, settings, parameters=QUICK)
    return Recommender.open(catalogue, settings, tuned)
