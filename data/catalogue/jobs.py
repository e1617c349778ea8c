"""Long work as rows: who may change a job, and into what.

A job is ``queued``, then ``running`` at one worker, then ``done``, ``failed`` or ``cancelled``.
Only the worker that claimed it last may say how far it is and how it ended, and it is told to stop
the next time it does. All but that runs inside the writer's transaction, so that of two workers
that want the same job one gets it, in SQLite as in PostgreSQL.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from data.catalogue.clock import now
from data.catalogue.rows import take_ids
from data.catalogue.spelling import storable
from data.catalogue.tables_work import JobFailure, JobRow
from data.errors import SegueError

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"
LIVE = (QUEUED, RUNNING)
ENDED = (DONE, FAILED, CANCELLED)

_LONGEST = 500
"""Characters of a title, a step or a name that are kept."""


@dataclass(frozen=True, slots=True)
class Job:
    """Long work, as it stands.

    Parameters
    ----------
    id : int
    kind : str
        What is to be done, by the name that the worker knows it by.
    title : str
        The same for people.
    options : dict
        What the kind needs to know, as JSON can say it.
    state : {"queued", "running", "done", "failed", "cancelled"}
    cancelling : bool
        Whether cancel was asked for and the job has not stopped yet.
    step : str
        What is being done, in words.
    done, total : int
        How much of the step is done, and of how much; a total of 0 is unknown.
    result : dict
        What came of it, as the kind sums it up.
    error : str
        Why it failed, as a sentence.
    skipped : int
        How many entries the list of failures has.
    created_at, started_at, finished_at : str
        ISO 8601 in UTC, empty for what has not happened.
    attempts : int
        How often a worker has started it.
    """

    id: int
    kind: str
    title: str
    options: dict[str, Any]
    state: str
    cancelling: bool
    step: str
    done: int
    total: int
    result: dict[str, Any]
    error: str
    skipped: int
    created_at: str
    started_at: str
    finished_at: str
    attempts: int

    @property
    def live(self) -> bool:
        """Whether it waits for a worker or is at one."""
        return self.state in LIVE


def add(connection: Connection, kind: str, title: str, options: Mapping[str, Any]) -> int:
    """Queue a job; return its id."""
    [ident] = take_ids(connection, JobRow, 1)
    connection.execute(
        insert(JobRow).values(
            id=ident,
            kind=kind,
            title=short(title) or kind,
            options=json.dumps(dict(options)),
            skipped=0,
            lines=0,
            attempts=0,
            created_at=now(),
            **_ANEW,
        )
    )
    return ident


def get(connection: Connection, job_id: int) -> Job:
    """Return a job; SegueError if there is none."""
    row = connection.execute(select(*_JOB).where(JobRow.id == job_id)).one_or_none()
    if row is None:
        raise SegueError("This job is not in the list any more; it may have been removed.")
    return _job(row)


def recent(connection: Connection, limit: int) -> list[Job]:
    """Return the newest jobs and all live ones, newest first."""
    newest = select(JobRow.id).order_by(JobRow.id.desc()).limit(limit).subquery()
    rows = connection.execute(
        select(*_JOB)
        .where(or_(JobRow.id.in_(select(newest.c.id)), JobRow.state.in_(LIVE)))
        .order_by(JobRow.id.desc())
    )
    return [_job(row) for row in rows]


def waiting(connection: Connection) -> int:
    """Count the jobs that wait for a worker."""
    return connection.scalar(select(func.count()).where(JobRow.state == QUEUED)) or 0


def claim(connection: Connection, worker: str) -> Job | None:
    """Give the job that has waited longest to `worker`; None if none waits."""
    oldest = select(JobRow.id).where(JobRow.state == QUEUED).order_by(JobRow.id).limit(1)
    ident = connection.scalar(oldest)
    if ident is None:
        return None
    started = now()
    connection.execute(
        update(JobRow)
        .where(JobRow.id == ident)
        .values(
            state=RUNNING,
            worker=worker,
            attempts=JobRow.attempts + 1,
            started_at=started,
            beaten_at=started,
        )
    )
    return get(connection, ident)


def beat(connection: Connection, job_id: int, worker: str, progress: Mapping[str, Any]) -> bool:
    """Keep how far `worker` is; return False if it has to stop."""
    kept = connection.execute(
        update(JobRow).where(_held(job_id, worker)).values(beaten_at=now(), **progress)
    )
    if not kept.rowcount:
        return False
    return not connection.scalar(select(JobRow.cancelling).where(JobRow.id == job_id))


def finish(
    connection: Connection,
    job_id: int,
    worker: str,
    state: str,
    result: Mapping[str, Any],
    error: str,
) -> bool:
    """Keep how a job ended; return False if it is not `worker`'s any more."""
    if state not in ENDED:
        raise ValueError(f"state must be one of {', '.join(ENDED)}, not {state!r}")
    kept = connection.execute(
        update(JobRow)
        .where(_held(job_id, worker))
        .values(result=json.dumps(dict(result)), error=storable(error), **_ended(state))
    )
    return bool(kept.rowcount)


def cancel(connection: Connection, job_id: int) -> None:
    """Cancel a job that waits, or ask the worker to stop; one that has ended stays as it is."""
    state = get(connection, job_id).state
    if state == QUEUED:
        _set(connection, JobRow.id == job_id, _ended(CANCELLED))
    elif state == RUNNING:
        _set(connection, JobRow.id == job_id, {"cancelling": True})


def resume(connection: Connection, job_id: int) -> None:
    """Queue a job that failed or was cancelled again, without its list of failures."""
    state = get(connection, job_id).state
    if state in LIVE:
        raise SegueError("This job has not stopped yet; wait for it, or cancel it first.")
    if state == DONE:
        raise SegueError("This job is done; start a new one to do it again.")
    connection.execute(delete(JobFailure).where(JobFailure.job_id == job_id))
    _set(connection, JobRow.id == job_id, {**_ANEW, "skipped": 0})


def remove(connection: Connection, job_id: int) -> None:
    """Remove a job that has ended, with its log and its list of failures."""
    if get(connection, job_id).live:
        raise SegueError("This job has not stopped yet; cancel it before you remove it.")
    connection.execute(delete(JobRow).where(JobRow.id == job_id))


def forget(connection: Connection, kinds: Collection[str]) -> int:
    """Cancel jobs of some kinds that are live, and remove those that have ended."""
    meant = JobRow.kind.in_([storable(kind) for kind in kinds])
    _set(connection, meant & (JobRow.state == QUEUED), _ended(CANCELLED))
    _set(connection, meant & (JobRow.state == RUNNING), {"cancelling": True})
    gone = connection.execute(delete(JobRow).where(meant, JobRow.state.in_(ENDED)))
    return gone.rowcount


def reclaim(connection: Connection, older_than_s: float) -> int:
    """Take jobs from workers that have not been heard of; return how many."""
    silent = (JobRow.state == RUNNING) & (JobRow.beaten_at <= now(-older_than_s))
    given_up = _set(connection, silent & JobRow.cancelling, _ended(CANCELLED))
    return given_up + _set(connection, silent, _ANEW)


def short(text: str) -> str:
    """Return `text` as one line that any database and page can hold."""
    text = " ".join(storable(text).split())
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


_ANEW = {
    "state": QUEUED,
    "cancelling": False,
    "step": "",
    "done": 0,
    "total": 0,
    "result": "{}",
    "error": "",
    "worker": "",
    "started_at": "",
    "beaten_at": "",
    "finished_at": "",
}
_JOB = (
    JobRow.id,
    JobRow.kind,
    JobRow.title,
    JobRow.options,
    JobRow.state,
    JobRow.cancelling,
    JobRow.step,
    JobRow.done,
    JobRow.total,
    JobRow.result,
    JobRow.error,
    JobRow.skipped,
    JobRow.created_at,
    JobRow.started_at,
    JobRow.finished_at,
    JobRow.attempts,
)


def _job(row: Any) -> Job:
    fields = row._asdict()
    fields["options"] = json.loads(fields["options"])
    fields["result"] = json.loads(fields["result"])
    return Job(**fields)


def _held(job_id: int, worker: str) -> ColumnElement[bool]:
    return (JobRow.id == job_id) & (JobRow.state == RUNNING) & (JobRow.worker == worker)


def _ended(state: str) -> dict[str, Any]:
    return {"state": state, "cancelling": False, "worker": "", "finished_at": now()}


def _set(connection: Connection, which: ColumnElement[bool], values: Mapping[str, Any]) -> int:
    return connection.execute(update(JobRow).where(which).values(**values)).rowcount
