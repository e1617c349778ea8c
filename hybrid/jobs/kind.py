"""The record of a kind of job; it stands alone so that the kinds can stand in several files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hybrid.jobs.context import JobContext


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    Parameters
    ----------
    name : str
        As in `Job.kind`.
    run : callable
        Does it; returns the job's result. `SegueError` fails the job with its sentence.
    """

    name: str
    run: Callable[[JobContext], dict[str, Any]]
