"""The jobs of a catalogue, as one thing to queue, take, follow, stop and look back at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from data.catalogue import job_log, jobs
from data.catalogue.database import Database
from data.catalogue.job_log import LogLine
from data.catalogue.jobs import Job
from data.records import SetAside


class JobBook:
    """The jobs of one catalogue, as ``catalogue.jobs``; see `data.catalogue.jobs`.

    Methods that are given a job raise SegueError if it was removed, except `beat` and `finish`:
    for a worker that is the same as losing it.

    Examples
    --------
    >>> from data.catalogue import Catalogue
    >>> with Catalogue.open("sqlite://") as catalogue:
    ...     ident = catalogue.jobs.add("analyse", "Listen to new files", {"paths": ["/music"]})
    ...     job = catalogue.jobs.claim("worker 1")
    ...     catalogue.jobs.beat(job.id, "worker 1", step="Listening", done=1, total=2)
    ...     catalogue.jobs.finish(job.id, "worker 1", "done", result={"heard": 2})
    ...     catalogue.jobs.get(ident).state
    True
    True
    'done'
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, kind: str, title: str, options: Mapping[str, Any] | None = None) -> int:
        """Queue a job and return its id.

        Parameters
        ----------
        kind : str
            What is to be done, by the name that the worker knows it by.
        title : str
            The same for people.
        options : mapping, optional
            What the kind needs to know; TypeError if JSON cannot say it.
        """
        with self._database.writing() as connection:
            return jobs.add(connection, kind, title, options or {})

    def get(self, job_id: int) -> Job:
        """Return a job as it stands; SegueError if there is none."""
        with self._database.reading() as connection:
            return jobs.get(connection, job_id)

    def recent(self, limit: int = 50) -> list[Job]:
        """Return the newest `limit` jobs, and older ones that are still live, newest first."""
        with self._database.reading() as connection:
            return jobs.recent(connection, limit)

    def waiting(self) -> int:
        """Return how many jobs are queued; cheap to ask."""
        with self._database.reading() as connection:
            return jobs.waiting(connection)

    def claim(self, worker: str) -> Job | None:
        """Give the oldest queued job to a worker, which nobody else then gets.

        Parameters
        ----------
        worker : str
            A name that no other worker has or had: it tells this claim from later ones.

        Returns
        -------
        Job or None
            None if no job waits.
        """
        if not self.waiting():  # A worker asks all the time; it must not hold up who writes.
            return None
        with self._database.writing() as connection:
            return jobs.claim(connection, worker)

    def beat(
        self,
        job_id: int,
        worker: str,
        *,
        step: str | None = None,
        done: int | None = None,
        total: int | None = None,
    ) -> bool:
        """Say that the worker is alive, and how far it is; what is None stays as it was.

        Returns
        -------
        bool
            False if the worker must stop: cancel was asked for, or the job is not its any more.
        """
        progress: dict[str, Any] = {}
        if step is not None:
            progress["step"] = jobs.short(step)
        progress |= {
            name: max(0, int(value))
            for name, value in (("done", done), ("total", total))
            if value is not None
        }
        # Somebody's long import must not make the worker look dead.
        with self._database.noting() as connection:
            return jobs.beat(connection, job_id, worker, progress)

    def finish(
        self,
        job_id: int,
        worker: str,
        state: str,
        *,
        result: Mapping[str, Any] | None = None,
        error: str = "",
    ) -> bool:
        """Say how a job ended.

        Parameters
        ----------
        job_id : int
        worker : str
        state : {"done", "failed", "cancelled"}
            ValueError for another.
        result : mapping, optional
            What came of it; TypeError if JSON cannot say it.
        error : str
            For a failed one, a sentence that says what to do next.

        Returns
        -------
        bool
            False if the job is not this worker's any more: then nothing is kept.
        """
        with self._database.writing() as connection:
            return jobs.finish(connection, job_id, worker, state, result or {}, error)

    def cancel(self, job_id: int) -> None:
        """Cancel a queued job at once; a running one stops when its worker next beats.

        One that has ended meanwhile stays as it is.
        """
        with self._database.writing() as connection:
            jobs.cancel(connection, job_id)

    def resume(self, job_id: int) -> None:
        """Queue a failed or cancelled job again; its log stays, its list of failures starts anew.

        Raises
        ------
        SegueError
            If the job is live or done.
        """
        with self._database.writing() as connection:
            jobs.resume(connection, job_id)

    def remove(self, job_id: int) -> None:
        """Remove a job with its log and failures; SegueError if it is live."""
        with self._database.writing() as connection:
            jobs.remove(connection, job_id)

    def forget(self, kinds: Collection[str]) -> int:
        """Remove all jobs of some kinds with their logs and failures, and cancel live ones.

        One that runs stays until its worker has stopped it.

        Returns
        -------
        int
            How many were removed.
        """
        with self._database.writing() as connection:
            return jobs.forget(connection, kinds)

    def reclaim(self, older_than_s: float) -> int:
        """Take running jobs from workers that have not beaten for `older_than_s` seconds.

        They are queued again; those that were to be cancelled are cancelled.

        Returns
        -------
        int
            How many they were.
        """
        with self._database.writing() as connection:
            return jobs.reclaim(connection, older_than_s)

    def log(self, job_id: int, text: str, level: str = "info") -> None:
        """Add a line to a job's log, which keeps the last `job_log.LINES_KEPT`.

        Parameters
        ----------
        job_id : int
        text : str
        level : {"info", "warning", "error"}
        """
        with self._database.writing() as connection:
            job_log.say(connection, job_id, text, level)

    def lines(self, job_id: int, after: int = 0, limit: int = 500) -> list[LogLine]:
        """Return up to `limit` lines of the log with numbers above `after`, oldest first."""
        with self._database.reading() as connection:
            return job_log.lines(connection, job_id, after, limit)

    def set_aside(self, job_id: int, entries: Iterable[SetAside]) -> None:
        """Add to a job's list of failures; an entry that is there already is kept once."""
        entries = list(entries)  # before others are kept from writing
        if not entries:
            return
        with self._database.writing() as connection:
            job_log.set_aside(connection, job_id, entries)

    def failures(self, job_id: int, limit: int | None = None) -> list[SetAside]:
        """Return a job's list of failures in the order they came."""
        with self._database.reading() as connection:
            return job_log.failures(connection, job_id, limit)
