"""A crew whose workers are gone; what it does with bad items shows in `test_analysis`."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pytest

from data.errors import SegueError
from hybrid.crew import Crew
from hybrid.executors import GivenHands
from tests.hybrid.ears import leave

ROOT = Path(__file__).parents[2]

# Started afresh, a process runs this file again and stops at the first line that starts another.
UNGUARDED = """
from hybrid.crew import Crew
from hybrid.executors import LocalHands

hands = LocalHands(2)
crew = Crew(hands, len, timeout_s=60)
for text in ("a", "bb"):
    crew.give(text)
try:
    while crew.busy:
        crew.collect()
finally:
    hands.end()
"""


def test_workers_that_cannot_start_are_no_fault_of_the_items(tmp_path):
    script = tmp_path / "unguarded.py"
    script.write_text(UNGUARDED)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, str(script)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1
    assert "SegueError: The processes that do the work end as soon as they start" in done.stderr


def test_workers_that_are_not_ours_are_not_replaced():
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as executor:
        crew = Crew(GivenHands(executor, 1), leave, timeout_s=60)
        crew.give("x")
        with pytest.raises(SegueError, match="start them and run the command again"):
            while crew.busy:
                crew.collect()
