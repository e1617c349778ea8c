"""The catalogue's tables of what was heard: audio, where it lies, its numbers and vectors.

Audio is known by the hash of its bytes, so that a moved or copied file is known
again. Numbers and vectors carry the version of what made them and lie apart: a new
analyser leaves the vectors as they are, a new encoder leaves the numbers.
"""

from __future__ import annotations

from sqlalchemy import Double, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from data.catalogue.tables import ID, Base, id_column


class Audio(Base):
    """A piece of audio. It keeps its recording alive when the last set goes.

    `origin` says how it came: ``"file"``, ``"demo"`` for the generated crate, or ``"preview"`` for
    a clip of the web, which has no file.
    `tags` is a JSON object of what the file says about itself.
    """

    __tablename__ = "audio"

    id: Mapped[int] = id_column()
    content_hash: Mapped[str] = mapped_column(unique=True)
    recording_id: Mapped[int | None] = mapped_column(ID, ForeignKey("recordings.id"), index=True)
    duration_s: Mapped[float] = mapped_column(Double())
    origin: Mapped[str]
    tags: Mapped[str]


class AudioPath(Base):
    """A file that holds a piece of audio, as it was when it was last looked at.

    `path` is the name's bytes, because a name need not be text; `path_key` is their
    hash, because a name may be longer than a database can index.
    """

    __tablename__ = "audio_paths"

    path_key: Mapped[str] = mapped_column(primary_key=True)
    path: Mapped[bytes] = mapped_column(LargeBinary())
    audio_id: Mapped[int] = mapped_column(
        ID, ForeignKey("audio.id", ondelete="CASCADE"), index=True
    )
    size: Mapped[int]
    mtime_ns: Mapped[int]


class AnalysisRow(Base):
    """The numbers of a piece of audio; keys in classic notation, lists and maps as JSON."""

    __tablename__ = "analyses"

    audio_id: Mapped[int] = mapped_column(
        ID, ForeignKey("audio.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    analyser: Mapped[str]
    bpm: Mapped[float | None] = mapped_column(Double())
    bpm_confidence: Mapped[float] = mapped_column(Double())
    bpm_alternatives: Mapped[str]
    beat_start_s: Mapped[float | None] = mapped_column(Double())
    key: Mapped[str | None]
    key_confidence: Mapped[float] = mapped_column(Double())
    key_runner_up: Mapped[str | None]
    energy: Mapped[float] = mapped_column(Double())
    loudness_lufs: Mapped[float] = mapped_column(Double())
    rolloff_hz: Mapped[float] = mapped_column(Double())
    windows: Mapped[str]
    measured_bpm: Mapped[float | None] = mapped_column(Double())
    measured_key: Mapped[str | None]
    provenance: Mapped[str]


class EmbeddingRow(Base):
    """The vectors that one encoder gave to a piece of audio, little-endian.

    `vector` is d float32, `starts` n float64, `fragments` n x d float16, which times
    `scale` are the fragments' vectors. What is read most stands before what is large:
    SQLite then need not walk through a row's pages.
    """

    __tablename__ = "embeddings"

    audio_id: Mapped[int] = mapped_column(
        ID, ForeignKey("audio.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    encoder: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    d: Mapped[int]
    n: Mapped[int]
    fragment_s: Mapped[float] = mapped_column(Double())
    scale: Mapped[float] = mapped_column(Double())
    vector: Mapped[bytes] = mapped_column(LargeBinary())
    starts: Mapped[bytes] = mapped_column(LargeBinary())
    fragments: Mapped[bytes] = mapped_column(LargeBinary())
