"""The worker process beside the server: started when a job waits, gone when the server is.

The server never does long work itself. It holds one end of a pipe that is the worker's standard
input: the first line through it is the server's settings, and however the server ends, by Ctrl-C
or by SIGKILL, the pipe closes and the worker ends too.
"""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from types import TracebackType
from typing import Self

from data.catalogue import Catalogue
from data.errors import SegueError
from data.settings import Settings

_log = logging.getLogger(__name__)

#: What is run; its standard input is the pipe. The processes that it starts in turn would
#: complain of how it ends.
_QUIET = "ignore::UserWarning:multiprocessing.resource_tracker"
COMMAND = (sys.executable, "-W", _QUIET, "-m", "dashboard.cli", "worker", "--beside-server")

_LOOK_EVERY_S = 1.0  # for jobs that came another way than by the page, and for a worker that died
_FIRST_PAUSE_S = 1.0
_LONGEST_PAUSE_S = 60.0
_ENDS_WITHIN_S = 5.0


class Supervisor:
    """Sees to it that a worker is there while there is work.

    Parameters
    ----------
    settings : Settings
        The worker gets the same.

    Examples
    --------
    .. code-block:: python

        with Supervisor(settings) as supervisor:
            server.run()
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._woken = threading.Event()
        self._over = threading.Event()
        self._thread: threading.Thread | None = None
        self._catalogue: Catalogue | None = None
        self._worker: subprocess.Popen[bytes] | None = None
        self._pause_s = 0.0
        self._not_before = 0.0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    @property
    def worker(self) -> int | None:
        """The process id of the worker, if one is there."""
        worker = self._worker
        return None if worker is None or worker.poll() is not None else worker.pid

    def start(self) -> None:
        """Begin to look for work, in a thread."""
        self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Look at once: a job was added."""
        self._woken.set()

    def stop(self) -> None:
        """End the worker, whatever it does: its job goes on when the server is started again."""
        self._over.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()
        self._end_worker()
        if self._catalogue is not None:
            self._catalogue.close()

    def _watch(self) -> None:
        while not self._over.is_set():
            try:
                self._look()
            except (SegueError, OSError) as error:
                # No catalogue yet, or a database that is away: the next look may find it.
                _log.info("No look for jobs: %s", error)
            except Exception:
                _log.exception("The jobs could not be looked at")
                self._wait_longer()
            self._woken.wait(_LOOK_EVERY_S)
            self._woken.clear()

    def _look(self) -> None:
        """Start a worker if there is something to do and nobody to do it."""
        if self._worker is not None:
            code = self._worker.poll()
            if code is None:
                return
            self._worker = None
            self._pause_s = 0.0 if code == 0 else self._pause_s
            if code:
                _log.info("The worker ended with code %s", code)
                self._wait_longer()
        if time.monotonic() >= self._not_before and self._is_work():
            self._worker = subprocess.Popen(
                COMMAND,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                # Ctrl-C in the server's terminal is the server's to deal with.
                start_new_session=True,
            )
            assert self._worker.stdin is not None
            self._worker.stdin.write(self._settings.model_dump_json().encode() + b"\n")
            self._worker.stdin.flush()

    def _is_work(self) -> bool:
        if self._catalogue is None:
            self._catalogue = Catalogue.open(self._settings.url, create=False)
        # What runs counts too: it may be what a server that was killed has left.
        return any(job.live for job in self._catalogue.jobs.recent(1))

    def _wait_longer(self) -> None:
        """Wait before the next worker, longer each time it ends by itself."""
        self._pause_s = min(max(2 * self._pause_s, _FIRST_PAUSE_S), _LONGEST_PAUSE_S)
        self._not_before = time.monotonic() + self._pause_s

    def _end_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is None:
            return
        if worker.stdin is not None:
            worker.stdin.close()
        try:
            worker.wait(_ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
