"""What a job leaves behind on its way: lines of a log, and a list of what it could not take in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import InstrumentedAttribute

from data.catalogue.clock import now
from data.catalogue.jobs import get
from data.catalogue.rows import in_parts, insert_rows
from data.catalogue.spelling import storable
from data.catalogue.tables_work import JobFailure, JobLine, JobRow
from data.records import SetAside

LINES_KEPT = 5000
"""How many lines of a job's log are kept: the last ones."""

_LONGEST_LINE = 2000


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a job's log.

    Parameters
    ----------
    number : int
        Counts up from 1 within the job, through all its attempts.
    at : str
        When it was said, in ISO 8601 in UTC.
    level : str
        ``"info"``, ``"warning"`` or ``"error"``.
    text : str
    """

    number: int
    at: str
    level: str
    text: str


def say(connection: Connection, job_id: int, text: str, level: str) -> None:
    """Add a line to the log, and let go of those that are too many."""
    [number] = _counted_up(connection, job_id, JobRow.lines, 1)
    line = {"at": now(), "level": storable(level)[:20], "text": storable(text)[:_LONGEST_LINE]}
    connection.execute(insert(JobLine).values(job_id=job_id, number=number, **line))
    old = (JobLine.job_id == job_id) & (JobLine.number <= number - LINES_KEPT)
    connection.execute(delete(JobLine).where(old))


def lines(connection: Connection, job_id: int, after: int, limit: int) -> list[LogLine]:
    """Return lines with numbers above `after`, oldest first."""
    rows = connection.execute(
        select(JobLine.number, JobLine.at, JobLine.level, JobLine.text)
        .where(JobLine.job_id == job_id, JobLine.number > after)
        .order_by(JobLine.number)
        .limit(limit)
    )
    return [LogLine(*row) for row in rows]


def set_aside(connection: Connection, job_id: int, entries: Iterable[SetAside]) -> None:
    """Keep what could not be taken in; the same entry is kept once."""
    named = {_digest(entry): entry for entry in map(_stored, entries)}
    known: set[str] = set()
    for part in in_parts(named):
        of_it = (JobFailure.job_id == job_id) & JobFailure.digest.in_(part)
        known.update(connection.scalars(select(JobFailure.digest).where(of_it)))
    fresh = [digest for digest in named if digest not in known]
    numbers = _counted_up(connection, job_id, JobRow.skipped, len(fresh))
    insert_rows(
        connection,
        JobFailure,
        (
            {"job_id": job_id, "digest": digest, "number": number, **_columns(named[digest])}
            for number, digest in zip(numbers, fresh, strict=True)
        ),
    )


def failures(connection: Connection, job_id: int, limit: int | None) -> list[SetAside]:
    """Return what could not be taken in, in the order it came."""
    rows = connection.execute(
        select(JobFailure.place, JobFailure.reason)
        .where(JobFailure.job_id == job_id)
        .order_by(JobFailure.number)
        .limit(limit)
    )
    return [SetAside(*row) for row in rows]


def _counted_up(
    connection: Connection, job_id: int, counter: InstrumentedAttribute[int], number: int
) -> range:
    """Raise a job's own counter; return the numbers that are new."""
    get(connection, job_id)
    raised: dict[Any, Any] = {counter: counter + number}
    connection.execute(update(JobRow).where(JobRow.id == job_id).values(raised))
    last = connection.scalar(select(counter).where(JobRow.id == job_id)) or 0
    return range(last - number + 1, last + 1)


def _stored(entry: SetAside) -> SetAside:
    return SetAside(storable(entry.where), storable(entry.reason))


def _columns(entry: SetAside) -> dict[str, str]:
    return {"place": entry.where, "reason": entry.reason}


def _digest(entry: SetAside) -> str:
    # NUL stands in neither: `storable` took it out.
    return hashlib.blake2b(f"{entry.where}\x00{entry.reason}".encode(), digest_size=16).hexdigest()
