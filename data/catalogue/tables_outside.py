"""The catalogue's tables of what came from outside: the web, and the DJ's own software.

Times are ISO 8601 in UTC, as `data.catalogue.clock` writes them; an empty `until` is for ever.
"""

from __future__ import annotations

from sqlalchemy import Double, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from data.catalogue.tables import ID, Base, id_column


class WebAnswer(Base):
    """What a service of the web answered to a question, as JSON, and until when it holds."""

    __tablename__ = "web_answers"
    __table_args__ = ({"sqlite_with_rowid": False},)

    service: Mapped[str] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    until: Mapped[str] = mapped_column(index=True)


class WebPause(Base):
    """A service that must not be asked until a time, and why."""

    __tablename__ = "web_pauses"

    service: Mapped[str] = mapped_column(primary_key=True)
    until: Mapped[str]
    reason: Mapped[str]


class SealedRow(Base):
    """A secret that only `data.vault` can read, by its name."""

    __tablename__ = "sealed"

    name: Mapped[str] = mapped_column(primary_key=True)
    blob: Mapped[bytes] = mapped_column(LargeBinary())
    until: Mapped[str]


class PushRow(Base):
    """A playlist that is being written to a service, or was; see `data.catalogue.Push`.

    `crate_id` is no foreign key: the playlist stays when the crate goes.
    """

    __tablename__ = "pushes"

    id: Mapped[int] = id_column()
    digest: Mapped[str] = mapped_column(unique=True)
    crate_id: Mapped[int] = mapped_column(index=True)
    mode: Mapped[str]
    name: Mapped[str]
    playlist_id: Mapped[str]
    link: Mapped[str]
    snapshot_id: Mapped[str]
    total: Mapped[int]
    done: Mapped[bool]
    started_at: Mapped[str]
    finished_at: Mapped[str]


class SaidRow(Base):
    """That a DJ's software names a recording, and what it says of it; key in classic notation."""

    __tablename__ = "said"
    __table_args__ = ({"sqlite_with_rowid": False},)

    recording_id: Mapped[int] = mapped_column(
        ID, ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    source: Mapped[str] = mapped_column(primary_key=True)
    bpm: Mapped[float | None] = mapped_column(Double())
    key: Mapped[str | None]
    duration_s: Mapped[float | None] = mapped_column(Double())
    year: Mapped[int | None]
