"""A worker in a process of its own, which hears with a light ear and is killed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]

# Killed where it hurts most: within a transaction, at the n-th statement that fills a table.
SCRIPT = """
import os, signal, sys
from sqlalchemy import event
from sqlalchemy.engine import Engine
from data.settings import Settings
from hybrid import listen
from hybrid.jobs import work
from tests.hybrid.ears import EAR

listen.ear = lambda *_: EAR
table, number = sys.argv[1], int(sys.argv[2])
seen = 0

def die(_, __, statement, *___):
    global seen
    seen += statement.startswith(f"INSERT INTO {table} ")
    if seen == number:
        os.kill(os.getpid(), signal.SIGKILL)

event.listen(Engine, "after_cursor_execute", die)
work(Settings(), until_idle_s=0)
"""


def killed_worker(home: Path, table: str, number: int) -> int:
    """Let a worker work in `home` that is killed at the n-th insert into a table.

    Return its exit code, negative for a signal.
    """
    return subprocess.run(
        [sys.executable, "-c", SCRIPT, table, str(number)],
        cwd=ROOT,
        env={**os.environ, "SEGUE_HOME": str(home)},
        capture_output=True,  # of a pool that loses its parent, too
        timeout=120,
        check=False,
    ).returncode
