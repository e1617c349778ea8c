"""What a running job is given: its options, and ways to say how far it is."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from data.catalogue import Catalogue, Job
from data.records import SetAside
from data.settings import Settings

_log = logging.getLogger(__name__)

BEAT_EVERY_S = 2.0
"""How often a job says that it is alive while nothing else is to be said."""
TOLD_EVERY_S = 0.25
"""Least time between two writes of how far a step is: a step may tell a thousand times a second."""
_LATE_S = 0.5
"""How long the last that was told may stay unwritten."""


class Cancelled(BaseException):
    """The job has to stop: cancel was asked for, or another worker has it now.

    Not an `Exception`, as Ctrl-C is none: code that survives any fault must not survive this.
    """


class JobContext:
    """How a kind of job sees the world.

    Parameters
    ----------
    catalogue : Catalogue
    settings : Settings
    job : Job
        As it was claimed.
    worker : str
        Who claimed it.
    """

    def __init__(self, catalogue: Catalogue, settings: Settings, job: Job, worker: str) -> None:
        self.catalogue = catalogue
        self.settings = settings
        self.options: Mapping[str, Any] = job.options
        self._job_id = job.id
        self._worker = worker
        self._place = self._kept = ("", 0, 0)
        self._told_at = time.monotonic()
        self._aside: list[SetAside] = []
        self._stop = threading.Event()

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say how far the job is; cheap enough for every item of a step.

        Parameters
        ----------
        step : str
            What is being done, in plain words.
        done, total : int
            How much of the step is done, and of how much; a total of 0 is unknown.

        Raises
        ------
        Cancelled
            If the job has to stop.
        """
        self._place = (step, done, total)
        if step != self._kept[0] or time.monotonic() - self._told_at >= TOLD_EVERY_S:
            self.keep()
        self.check()

    def check(self) -> None:
        """Raise `Cancelled` if the job has to stop, as far as was heard."""
        if self._stop.is_set():
            raise Cancelled

    def sleep(self, seconds: float) -> None:
        """Wait, but no longer than until the job has to stop; then raise `Cancelled`."""
        self._stop.wait(seconds)
        self.check()

    def log(self, text: str, level: str = "info") -> None:
        """Add a line to the job's log; `level` is "info", "warning" or "error"."""
        self.catalogue.jobs.log(self._job_id, text, level)

    def set_aside(self, entries: Iterable[SetAside]) -> None:
        """Add to the list of what could not be taken in; written when the next is told."""
        self._aside.extend(entries)

    def keep(self) -> None:
        """Write down how far the job is and what was set aside."""
        aside, self._aside = self._aside, []
        self.catalogue.jobs.set_aside(self._job_id, aside)
        self._beat()

    @contextmanager
    def alive(self) -> Iterator[None]:
        """Let the job be heard of while the block runs, also within a long step."""
        over = threading.Event()
        thread = threading.Thread(
            target=self._keep_beating, args=(over,), name="heartbeat", daemon=True
        )
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _keep_beating(self, over: threading.Event) -> None:
        while not over.wait(min(_LATE_S, BEAT_EVERY_S)):
            silent_s = time.monotonic() - self._told_at
            if self._place == self._kept and silent_s < BEAT_EVERY_S:
                continue
            try:
                self._beat()
            except Exception as error:
                # A database that is busy or away for a moment; the next beat may reach it.
                _log.info("The heartbeat of job %s was not kept: %s", self._job_id, error)

    def _beat(self) -> None:
        place = step, done, total = self._place
        goes_on = self.catalogue.jobs.beat(
            self._job_id, self._worker, step=step, done=done, total=total
        )
        self._kept, self._told_at = place, time.monotonic()
        if not goes_on:
            self._stop.set()
