"""The catalogue's tables of work and of what the DJ would miss: jobs, steps of crates, choices.

Ids of jobs come from `Counter` too. The steps of a crate lie apart from the crate, without a
foreign key: they outlive its deletion, so that a crate that is put back can still be undone.
"""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from data.catalogue.tables import ID, Base, id_column


class JobRow(Base):
    """Long work: what is to be done, how far it is, and what came of it; see `Job`.

    `options` and `result` are JSON objects. `worker` is empty unless one is at it; `beaten_at` is
    when that one was last heard of, `lines` how many lines the log ever had.
    """

    __tablename__ = "jobs"

    id: Mapped[int] = id_column()
    kind: Mapped[str]
    title: Mapped[str]
    options: Mapped[str]
    state: Mapped[str]
    cancelling: Mapped[bool]
    step: Mapped[str]
    done: Mapped[int]
    total: Mapped[int]
    result: Mapped[str]
    error: Mapped[str]
    skipped: Mapped[int]
    lines: Mapped[int]
    attempts: Mapped[int]
    worker: Mapped[str]
    created_at: Mapped[str]
    started_at: Mapped[str]
    beaten_at: Mapped[str]
    finished_at: Mapped[str]


class JobLine(Base):
    """A line of a job's log."""

    __tablename__ = "job_lines"
    __table_args__ = ({"sqlite_with_rowid": False},)

    job_id: Mapped[int] = mapped_column(
        ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[str]
    level: Mapped[str]
    text: Mapped[str]


class JobFailure(Base):
    """Something that a job could not take in. `digest` is of place and reason: kept once."""

    __tablename__ = "job_failures"
    __table_args__ = ({"sqlite_with_rowid": False},)

    job_id: Mapped[int] = mapped_column(
        ID, ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    digest: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int]
    place: Mapped[str]
    reason: Mapped[str]


class CrateStep(Base):
    """What a crate held after a change, as a JSON list of recording ids, and the change in words.

    The oldest step of a crate is only what the first one that can be undone started from.
    """

    __tablename__ = "crate_steps"
    __table_args__ = ({"sqlite_with_rowid": False},)

    crate_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    said: Mapped[str]
    content: Mapped[str]


class DeletedCrate(Base):
    """A crate that was deleted and can be put back, for which it keeps its recordings alive.

    `content` is a JSON list of recording ids in order; `stamp` and `step` are the crate's.
    """

    __tablename__ = "deleted_crates"

    id: Mapped[int] = id_column()
    name: Mapped[str]
    stamp: Mapped[int]
    step: Mapped[int]
    content: Mapped[str]
    deleted_at: Mapped[str]


class Preference(Base):
    """A choice of the DJ that holds for the whole of Segue."""

    __tablename__ = "preferences"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]
