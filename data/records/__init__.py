"""The records that every room of Segue speaks.

All are frozen: a room that wants a different value makes a new record
(`dataclasses.replace`). None of them knows a database, a network or a model.
"""

from __future__ import annotations

from data.records.answers import (
    Answer,
    Evidence,
    Hidden,
    Lens,
    Mix,
    Recommendation,
    ResultRung,
    Seed,
    SeedRung,
    SetRef,
    SoundEvidence,
)
from data.records.outside import OutsideTrack, Preview, Service
from data.records.playlists import Entry, Playlist
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
    "Entry",
    "Evidence",
    "FileTags",
    "Hidden",
    "LabelledAudio",
    "Lens",
    "Mix",
    "OutsideId",
    "OutsideTrack",
    "Play",
    "PlayKind",
    "Playlist",
    "Preview",
    "Recommendation",
    "ResultRung",
    "Seed",
    "SeedRung",
    "Service",
    "SetAside",
    "SetRef",
    "SoundEvidence",
    "Track",
    "Tracklist",
    "Unidentified",
]
