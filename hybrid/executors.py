"""Where the work is done: processes of this machine, a Dask cluster, or an executor at hand."""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing.context import SpawnContext, SpawnProcess
from typing import Any, Protocol

from data.errors import SegueError


class Hands(Protocol):
    """Workers that can be given things to do."""

    @property
    def workers(self) -> int:
        """How many work at once."""
        ...

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Have `function` called by a worker."""
        ...

    def renew(self) -> bool:
        """Put new workers in the place of all, whatever they do; False if that cannot be done."""
        ...


class GivenHands:
    """The workers of an executor that somebody else made and ends.

    Parameters
    ----------
    executor : Executor
    workers : int
        How many it has.
    """

    def __init__(self, executor: Executor, workers: int) -> None:
        self.workers = workers
        self._executor = executor

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Have `function` called by a worker."""
        return self._executor.submit(function, *args)

    def renew(self) -> bool:
        """Leave the workers alone: they are not ours to end."""
        return False


class LocalHands:
    """Processes on this machine, started fresh ("spawn"), also where it is only one.

    Parameters
    ----------
    workers : int
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers
        self._context = _Context()
        self._executor = self._start()

    def _start(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.workers, mp_context=self._context, initializer=_prepare_worker
        )

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Have `function` called by a worker."""
        return self._executor.submit(function, *args)

    def renew(self) -> bool:
        """End all processes and start new ones."""
        self.end()
        self._executor = self._start()
        return True

    def end(self) -> None:
        """End all processes, whatever they do."""
        while self._context.started:
            process = self._context.started.pop()
            if process.pid is not None:
                process.kill()
        self._executor.shutdown(wait=True, cancel_futures=True)


class _Context(SpawnContext):
    """Keeps the processes it starts, which the pool has no public way to name."""

    def __init__(self) -> None:
        super().__init__()
        self.started: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override]
        process = SpawnProcess(*args, **kwargs)
        self.started.append(process)
        return process


def _prepare_worker() -> None:
    """Set a new process up, before it imports anything large."""
    # Ctrl-C reaches every process of a terminal; the parent decides what happens.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    # Decoders in C write complaints of their own about broken files.
    quiet = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.__stdout__, sys.__stderr__):
        if stream is not None:
            os.dup2(quiet, stream.fileno())
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A pool's worker waits for work for ever, also for that of a parent that was killed.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def hands_for(scheduler: str, workers: int | None) -> Iterator[Hands]:
    """Give workers: those of a Dask cluster if there is one, else processes of this machine.

    On a cluster every worker needs Segue and must see the audio under the same path. Dask's
    nanny sets ``MALLOC_TRIM_THRESHOLD_``, which halves the speed of work on audio. Variables
    of the environment it was started in go first, so start workers, of one thread each, by
    ``MALLOC_TRIM_THRESHOLD_=1073741824 MALLOC_MMAP_THRESHOLD_=1073741824 dask worker
    --nthreads 1 --nworkers auto tcp://host:8786`` (the first variable alone does not help).

    Parameters
    ----------
    scheduler : str
        Address of a Dask scheduler, ``tcp://host:8786``; empty for none.
    workers : int or None
        How many at once; None means as many as there are cores.

    Raises
    ------
    SegueError
        If the cluster cannot be reached, or Dask is not installed.
    """
    if scheduler:
        with _dask_client(scheduler) as client:
            threads = sum(client.nthreads().values())
            if not threads:
                raise SegueError(f"The Dask scheduler at {scheduler} has no workers; start some.")
            yield GivenHands(client.get_executor(pure=False), min(workers or threads, threads))
        return
    local = LocalHands(workers or cores())
    try:
        yield local
    finally:
        local.end()


def cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _dask_client(scheduler: str) -> Any:
    try:
        distributed = importlib.import_module("distributed")
    except ModuleNotFoundError as error:
        raise SegueError(
            "SEGUE_DASK_SCHEDULER is set, but Dask is not installed; "
            "run `pip install -r requirements-dask.txt`, or unset it."
        ) from error
    try:
        return distributed.Client(scheduler, timeout="10s", set_as_default=False)
    except (OSError, ValueError) as error:
        raise SegueError(
            f"No Dask scheduler answers at {scheduler}; check SEGUE_DASK_SCHEDULER."
        ) from error
