"""The catalogue's tables.

A play keeps the track exactly as its tracklist wrote it; a recording keeps the
spelling that most of its plays use, which `data.catalogue.spelling` chooses.
Ids come from `Counter` and are never given out twice, so that an id kept in a
model file means its recording or nothing, never another one. The tables of what
was heard stand in `data.catalogue.tables_sound`, those of jobs and of what the DJ
chose in `data.catalogue.tables_work`, those of what came from the web and from DJ
software in `data.catalogue.tables_outside`.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Declarative base; named constraints let a later migration drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Text(), int: BigInteger()}  # noqa: RUF012 - SQLAlchemy's own name


# SQLite gives its fast row id only to a column declared INTEGER.
ID = BigInteger().with_variant(Integer(), "sqlite")


def id_column() -> Mapped[int]:
    """Return a primary key that is filled from `Counter`."""
    return mapped_column(ID, primary_key=True, autoincrement=False)


class DjSet(Base):
    """One DJ set. `content_hash` covers all it holds, `plays_hash` what training sees."""

    __tablename__ = "sets"
    __table_args__ = (UniqueConstraint("source", "source_id"),)

    id: Mapped[int] = id_column()
    source: Mapped[str]
    source_id: Mapped[str]
    title: Mapped[str]
    date: Mapped[str]
    show: Mapped[str]
    venue: Mapped[str]
    url: Mapped[str]
    licence: Mapped[str]
    completeness: Mapped[str]
    content_hash: Mapped[str]
    plays_hash: Mapped[str]


class SetDj(Base):
    """A DJ of a set, in order."""

    __tablename__ = "set_djs"

    set_id: Mapped[int] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class SetStyle(Base):
    """A style of a set, in order."""

    __tablename__ = "set_styles"

    set_id: Mapped[int] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class Work(Base):
    """What all versions of one tune have in common."""

    __tablename__ = "works"

    id: Mapped[int] = id_column()
    work_key: Mapped[str] = mapped_column(unique=True)


class Label(Base):
    """A record label, by its normalised name."""

    __tablename__ = "labels"

    id: Mapped[int] = id_column()
    label_key: Mapped[str] = mapped_column(unique=True)


class Artist(Base):
    """A single artist, by the normalised name."""

    __tablename__ = "artists"

    id: Mapped[int] = id_column()
    name: Mapped[str] = mapped_column(unique=True)


class Recording(Base):
    """What a DJ plays: artist, title and version in their most common spelling.

    `sets` counts the sets that hold it. `search` is the text that search looks
    at: artist, title, version and label, a line each, without accents or case.
    """

    __tablename__ = "recordings"

    id: Mapped[int] = id_column()
    recording_key: Mapped[str] = mapped_column(unique=True)
    work_id: Mapped[int] = mapped_column(ForeignKey("works.id"), index=True)
    label_id: Mapped[int | None] = mapped_column(ForeignKey("labels.id"), index=True)
    artist: Mapped[str]
    title: Mapped[str]
    version: Mapped[str]
    label: Mapped[str]
    catalogue_number: Mapped[str]
    genre: Mapped[str]
    sets: Mapped[int]
    search: Mapped[str]


class RecordingArtist(Base):
    """An artist of a recording, remixers included, in order."""

    __tablename__ = "recording_artists"
    __table_args__ = ({"sqlite_with_rowid": False},)

    recording_id: Mapped[int] = mapped_column(
        ForeignKey("recordings.id", ondelete="CASCADE"), primary_key=True
    )
    position: Mapped[int] = mapped_column(primary_key=True)
    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"), index=True)


class PlayRow(Base):
    """One row of a tracklist, with its track as it was written there."""

    __tablename__ = "plays"
    __table_args__ = (
        CheckConstraint("(kind = 'identified') = (recording_id IS NOT NULL)", name="identified"),
        {"sqlite_with_rowid": False},
    )

    set_id: Mapped[int] = mapped_column(ForeignKey("sets.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    recording_id: Mapped[int | None] = mapped_column(ForeignKey("recordings.id"), index=True)
    with_previous: Mapped[bool]
    chapter_number: Mapped[int]
    chapter: Mapped[str]
    cue: Mapped[str | None]
    cue_earliest: Mapped[int | None]
    cue_latest: Mapped[int | None]
    reason: Mapped[str]
    raw: Mapped[str]
    artist: Mapped[str]
    title: Mapped[str]
    version: Mapped[str]
    label: Mapped[str]
    catalogue_number: Mapped[str]
    genre: Mapped[str]


class OutsideIdRow(Base):
    """An id somebody else gave to a recording, who said so, and in which set if in one."""

    __tablename__ = "outside_ids"
    __table_args__ = (
        UniqueConstraint("recording_id", "scheme", "value", "source", "set_id"),
        Index(None, "scheme", "value"),
    )

    id: Mapped[int] = id_column()
    recording_id: Mapped[int] = mapped_column(ForeignKey("recordings.id", ondelete="CASCADE"))
    scheme: Mapped[str]
    value: Mapped[str]
    source: Mapped[str]
    set_id: Mapped[int | None] = mapped_column(
        ForeignKey("sets.id", ondelete="CASCADE"), index=True
    )


class SetAsideRow(Base):
    """Something that could not be taken in, where it is and why."""

    __tablename__ = "set_aside"
    __table_args__ = (UniqueConstraint("place", "reason"),)

    id: Mapped[int] = id_column()
    place: Mapped[str]
    reason: Mapped[str]


class Checkpoint(Base):
    """How far a long import has come."""

    __tablename__ = "checkpoints"

    name: Mapped[str] = mapped_column(primary_key=True)
    token: Mapped[str]


class CrateRow(Base):
    """A crate: tracks a DJ put together.

    `stamp` grows with every change of content or name. `step` is the number of the `CrateStep`
    where the crate stands: those above it can be done again.
    """

    __tablename__ = "crates"

    id: Mapped[int] = id_column()
    name: Mapped[str] = mapped_column(unique=True)
    stamp: Mapped[int] = mapped_column(server_default=text("0"))
    step: Mapped[int] = mapped_column(server_default=text("0"))


class CrateItem(Base):
    """A recording in a crate. It keeps the recording alive when its last set goes."""

    __tablename__ = "crate_items"

    crate_id: Mapped[int] = mapped_column(
        ForeignKey("crates.id", ondelete="CASCADE"), primary_key=True
    )
    recording_id: Mapped[int] = mapped_column(
        ForeignKey("recordings.id"), primary_key=True, index=True
    )
    position: Mapped[int]


class FeedbackRow(Base):
    """A word of the DJ on a track, or on what is mixed into what; see `data.catalogue.feedback`.

    The row with the highest id of a track, or of an ordered pair, is in force; an empty verdict
    says that none is. One in force keeps its recordings alive when their last set goes.
    """

    __tablename__ = "feedback"

    id: Mapped[int] = id_column()
    recording_id: Mapped[int] = mapped_column(
        ID, ForeignKey("recordings.id", ondelete="CASCADE"), index=True
    )
    next_id: Mapped[int | None] = mapped_column(
        ID, ForeignKey("recordings.id", ondelete="CASCADE"), index=True
    )
    verdict: Mapped[str]
    said_at: Mapped[str]


class Counter(Base):
    """The last id given out per table; under ``"changes"`` and ``"heard"`` the number of writes."""

    __tablename__ = "counters"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
