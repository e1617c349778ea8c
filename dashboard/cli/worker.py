"""``segue worker`` does the jobs that wait; ``segue jobs`` shows and steers them."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import suppress
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli.output import print_json, print_table, say
from dashboard.cli.state import open_catalogue, read_settings

if TYPE_CHECKING:
    from data.catalogue import Job
    from data.settings import Settings

jobs_app = typer.Typer(
    help="See and steer the long work that the page starts.", no_args_is_help=True
)

#: Seconds without work after which the server's worker goes; it holds half a gigabyte.
_IDLE_S = 60.0
_STDIN = 0
_POLITENESS = 10  # added to the process's niceness: the page goes first

Number = Annotated[int, typer.Argument(metavar="JOB", help="Its number, as in `segue jobs list`.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

_STATES = {"queued": "waits", "running": "runs"}


def worker(
    beside_server: Annotated[
        bool,
        typer.Option("--beside-server", hidden=True, help="End when standard input closes."),
    ] = False,
    until_idle: Annotated[
        float | None,
        typer.Option(min=0, metavar="SECONDS", help="End after so long without any job."),
    ] = None,
) -> None:
    """Do the jobs that wait, one at a time, until Ctrl-C.

    `segue serve` starts one by itself; this is for jobs without a page.
    """
    if beside_server:
        settings, until_idle = _settings_of_server(), _IDLE_S
        threading.Thread(target=_end_with_server, name="leash", daemon=True).start()
    else:
        settings = read_settings()
        say("Doing the jobs that wait - stop with Ctrl-C.")
    with suppress(OSError, AttributeError):  # no such thing on Windows
        os.nice(_POLITENESS)
    from hybrid.jobs import work

    work(settings, until_idle_s=until_idle)


def _settings_of_server() -> Settings:
    from data.settings import Settings

    # Without a buffer, which could take in more than the line.
    with open(_STDIN, "rb", buffering=0, closefd=False) as pipe:
        return Settings(**json.loads(pipe.readline() or b"{}"))


def _end_with_server() -> None:
    """End this process at once when the other end of the pipe is gone.

    No job minds: each must live through a SIGKILL anyway, and the next worker goes on with it.
    """
    with suppress(OSError):
        while os.read(_STDIN, 1024):
            pass
    os._exit(0)


@jobs_app.command("list")
def listed(
    limit: Annotated[int, typer.Option(min=1, help="Show so many of those that ended.")] = 20,
    as_json: AsJson = False,
) -> None:
    """List the jobs, newest first."""
    with open_catalogue(read_settings()) as catalogue:
        found = catalogue.jobs.recent(limit)
    if as_json:
        print_json([_object(job) for job in found])
    elif found:
        columns = ["Job", "State", "What", "How far", ">Left out", "Since"]
        print_table(columns, [_row(job) for job in found], long=["What"])
    else:
        say("There are no jobs yet; the Library and Models pages of `segue serve` start them.")


@jobs_app.command()
def cancel(job: Number, as_json: AsJson = False) -> None:
    """Stop a job. What it has done so far stays, and `resume` goes on."""
    with open_catalogue(read_settings()) as catalogue:
        before = catalogue.jobs.get(job)
        catalogue.jobs.cancel(job)
        now = catalogue.jobs.get(job)
    if as_json:
        print_json(_object(now))
    elif not before.live:
        say(f"Job {job} had ended already: {before.state}.")
    elif now.live:
        typer.echo(f"Job {job} stops after the step it is at: {now.title}.")
    else:
        typer.echo(f"Cancelled job {job}: {now.title}.")


@jobs_app.command()
def resume(job: Number, as_json: AsJson = False) -> None:
    """Queue a job again that failed or was cancelled; it goes on where it was."""
    with open_catalogue(read_settings()) as catalogue:
        catalogue.jobs.resume(job)
        now = catalogue.jobs.get(job)
    if as_json:
        print_json(_object(now))
    else:
        typer.echo(f"Job {job} waits for its turn: {now.title}.")
        say("A running `segue serve` takes it up; without one, `segue worker` does.")


@jobs_app.command()
def log(job: Number, as_json: AsJson = False) -> None:
    """Print a job's log, and what it left out and why."""
    with open_catalogue(read_settings()) as catalogue:
        about = catalogue.jobs.get(job)
        lines = catalogue.jobs.lines(job, limit=sys.maxsize)
        aside = catalogue.jobs.failures(job)
    if as_json:
        print_json(
            {
                **_object(about),
                "log": [asdict(line) for line in lines],
                "failures": [{"where": entry.where, "reason": entry.reason} for entry in aside],
            }
        )
        return
    for line in lines:
        typer.echo(f"{_minute(line.at, seconds=True)}  {line.text}")
    if aside:
        typer.echo(f"Left out, with the reason ({len(aside):,}):")
    for entry in aside:
        typer.echo(f"  {entry.where}: {entry.reason}")


def _object(job: Job) -> dict[str, Any]:
    return asdict(job)


def _row(job: Job) -> list[str]:
    state = "stops" if job.cancelling else _STATES.get(job.state, job.state)
    return [
        str(job.id),
        state,
        job.title,
        _how_far(job),
        f"{job.skipped:,}" if job.skipped else "",
        _minute(job.finished_at or job.started_at or job.created_at),
    ]


def _how_far(job: Job) -> str:
    if not job.live:
        return job.error or str(job.result.get("summary", ""))
    if not job.done and not job.total:
        return job.step
    return f"{job.step} {job.done:,}{f' of {job.total:,}' if job.total else ''}"


def _minute(at: str, *, seconds: bool = False) -> str:
    return at[: 19 if seconds else 16].replace("T", " ")
