"""The records that every room of Segue speaks.

All are frozen: a room that wants a different value makes a new record
(`dataclasses.replace`). None of them knows a database, a network or a model.
"""

from __future__ import annotations

from data.records.answers import Answer, Evidence, Recommendation, Seed, SetRef
from data.records.sets import (
    Cue,
    OutsideId,
    Play,
    PlayKind,
    SetAside,
    Track,
    Tracklist,
    Unidentified,
)
from data.records.sound import Analysis, Embedding, FileTags, LabelledAudio

__all__ = [
    "Analysis",
    "Answer",
    "Cue",
    "Embedding",
    "Evidence",
    "FileTags",
    "LabelledAudio",
    "OutsideId",
    "Play",
    "PlayKind",
    "Recommendation",
    "Seed",
    "SetAside",
    "SetRef",
    "Track",
    "Tracklist",
    "Unidentified",
]
