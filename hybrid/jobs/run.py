"""Runs one job to its end, whatever that is."""

from __future__ import annotations

import json
import logging
import time
import traceback
from typing import Any

from data.catalogue import Catalogue, Job
from data.errors import SegueError
from data.settings import Settings
from hybrid.jobs import uploads
from hybrid.jobs.context import Cancelled, JobContext
from hybrid.jobs.kinds import KINDS

_log = logging.getLogger(__name__)

MOST_STARTS = 5
"""A job that takes its worker with it is begun so often, then again only when it is resumed."""

_LONGEST_TRACE = 1900  # characters, of the end: it says what happened
_FAULT = (
    "Something went wrong inside Segue. Resume the job to try again; if it fails again, please "
    "report it with the log."
)
_NEVER_ENDED = (
    f"This job was begun {MOST_STARTS} times and ended each time before it was done. Check how "
    "much memory and disk is left, then resume it."
)


def run_job(catalogue: Catalogue, settings: Settings, job: Job, worker: str) -> Job:
    """Run a job that `worker` has claimed, and write down what came of it.

    What is done so far stays whatever happens: each kind goes on where it was, or does the same
    again without a trace, when its job is resumed.

    Parameters
    ----------
    catalogue : Catalogue
    settings : Settings
    job : Job
        As `JobBook.claim` gave it.
    worker : str
        The name it was claimed by.

    Returns
    -------
    Job
        As it is now. Where it was lost to another worker meanwhile, that one's.
    """
    context = JobContext(catalogue, settings, job, worker)
    context.log("Started." if job.attempts < 2 else "Started again.")
    started = time.monotonic()
    with context.alive():
        state, result, error = _outcome(context, job)
        context.keep()
    seconds = time.monotonic() - started
    # The log first: who sees that a job has ended does not look for more of it.
    if state == "done":
        context.log(f"Done in {seconds:.0f} s. {result.get('summary', '')}".strip())
    elif state == "failed":
        context.log(error, "error")
    ours = catalogue.jobs.finish(job.id, worker, state, result=result, error=error)
    if ours and state == "cancelled":
        context.log("Cancelled. What was done so far is kept.")
    if ours and state == "done":
        uploads.clear(settings, job.options)
    return catalogue.jobs.get(job.id)


def _outcome(context: JobContext, job: Job) -> tuple[str, dict[str, Any], str]:
    """Return state, result and error."""
    try:
        if job.attempts and job.attempts % (MOST_STARTS + 1) == 0:
            raise SegueError(_NEVER_ENDED)
        kind = KINDS.get(job.kind)
        if kind is None:
            raise SegueError(
                "This Segue does not know how to do this job; update Segue, or remove the job."
            )
        result = kind.run(context)
        json.dumps(result)  # one that cannot be kept is a fault like any other
        return "done", result, ""
    except Cancelled:
        return "cancelled", {}, ""
    except SegueError as error:
        return "failed", {}, str(error)
    except Exception:
        _log.exception("Job %s (%s) failed", job.id, job.kind)
        context.log(traceback.format_exc()[-_LONGEST_TRACE:], "error")
        return "failed", {}, _FAULT
