"""How often a service may be asked, kept to by all threads and processes of one home."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock, Timeout

from scrapers.http import Clock

LONGEST_QUEUE_S = 10.0
"""Who would wait longer is sent away: the page has few threads, and somebody looks at it."""
_LOCK_S = 10.0


class Crowded(Exception):
    """Too many wait already.

    Parameters
    ----------
    seconds : float
        Until the last of them is served.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:g} s")
        self.seconds = seconds


class Pace:
    """Gives each caller a time of its own, `delay_s` after the one before.

    Parameters
    ----------
    file : Path
        Holds the next time that is free; made if it is not there.
    delay_s : float
        Least seconds between two requests; 0 lets all through.
    clock : Clock
    """

    def __init__(self, file: Path, delay_s: float, clock: Clock) -> None:
        self._file = file
        self._delay_s = delay_s
        self._clock = clock

    def wait(self) -> None:
        """Return when it is the caller's turn.

        Raises
        ------
        Crowded
            If that would take longer than `LONGEST_QUEUE_S`.
        """
        if self._delay_s <= 0:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        now = self._clock.wall()
        try:
            # Held only to take a number, not while waiting for its turn.
            with FileLock(f"{self._file}.lock", timeout=_LOCK_S):
                turn = max(now, self._read())
                # A time that no queue reaches was written by a clock that has been set back.
                if not turn - now <= LONGEST_QUEUE_S + self._delay_s:
                    turn = now
                if turn - now > LONGEST_QUEUE_S:
                    raise Crowded(turn - now)
                self._file.write_text(repr(turn + self._delay_s))
        except (Timeout, OSError):
            turn = now + self._delay_s  # a home that cannot be written to must not end the music
        if turn > now:
            self._clock.sleep(turn - now)

    def _read(self) -> float:
        try:
            return float(self._file.read_text())
        except (OSError, ValueError):
            return 0.0
