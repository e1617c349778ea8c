"""The local worker: takes jobs off the catalogue and runs them, one at a time."""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.jobs import uploads
from hybrid.jobs.run import run_job

_log = logging.getLogger(__name__)

LOCK = "worker.lock"
LOST_AFTER_S = 30.0
"""Silence after which a job is taken from its worker; it beats every two seconds."""
_LOOK_EVERY_S = 0.5
_RECLAIM_EVERY_S = 10.0
_ALL = 1_000_000


def work(settings: Settings, *, until_idle_s: float | None = None) -> None:
    """Claim jobs and run them until there is nothing to do, or for ever.

    There is one local worker to a SEGUE_HOME: a second one waits until the first has ended.

    Parameters
    ----------
    settings : Settings
    until_idle_s : float, optional
        Seconds without any job that waits or runs, here or elsewhere, after which to return.

    Raises
    ------
    SegueError
        If the catalogue cannot be reached.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    with Catalogue.open(settings.url) as catalogue, _alone(catalogue, settings, until_idle_s) as us:
        if us:
            _work(catalogue, settings, until_idle_s)


def _work(catalogue: Catalogue, settings: Settings, until_idle_s: float | None) -> None:
    worker = f"{socket.gethostname()} {os.getpid()} {uuid.uuid4().hex[:8]}"
    # Nobody but the holder of the lock works on the catalogue in this home: what runs there
    # according to it is what a worker that was killed has left.
    catalogue.jobs.reclaim(LOST_AFTER_S if settings.database_url else 0)
    uploads.sweep(settings, catalogue.jobs.recent(_ALL))
    reclaimed_at = idle_since = time.monotonic()
    while True:
        job = catalogue.jobs.claim(worker)
        if job is not None:
            _log.info("Job %s (%s) begins", job.id, job.kind)
            ended = run_job(catalogue, settings, job, worker)
            _log.info("Job %s (%s) is %s", job.id, job.kind, ended.state)
            idle_since = time.monotonic()
            continue
        if _none_live(catalogue):
            if until_idle_s is not None and time.monotonic() - idle_since >= until_idle_s:
                return
        else:
            idle_since = time.monotonic()
            if time.monotonic() - reclaimed_at >= _RECLAIM_EVERY_S:
                catalogue.jobs.reclaim(LOST_AFTER_S)
                reclaimed_at = time.monotonic()
        time.sleep(_LOOK_EVERY_S)


@contextmanager
def _alone(catalogue: Catalogue, settings: Settings, until_idle_s: float | None) -> Iterator[bool]:
    """Hold the lock of the one local worker; False if it was not free while there was work."""
    lock = FileLock(settings.home / LOCK)
    idle_since = time.monotonic()
    while True:
        try:
            lock.acquire(timeout=_LOOK_EVERY_S)
            break
        except Timeout:
            if not _none_live(catalogue):
                idle_since = time.monotonic()
            elif until_idle_s is not None and time.monotonic() - idle_since >= until_idle_s:
                yield False
                return
    try:
        yield True
    finally:
        lock.release()


def _none_live(catalogue: Catalogue) -> bool:
    return not any(job.live for job in catalogue.jobs.recent(1))
