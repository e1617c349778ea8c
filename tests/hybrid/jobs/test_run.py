"""Running one job: how it ends, what is heard of it meanwhile, and how soon it stops."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from data.catalogue import Catalogue, Job
from data.errors import SegueError
from data.records import SetAside
from data.settings import Settings
from hybrid.jobs import Cancelled, JobContext, Kind, context, run, run_job, uploads

Work = Callable[[JobContext], dict[str, Any]]


@pytest.fixture
def do(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Job]:
    """Run a function as a kind of job."""

    def do(work: Work, **options: Any) -> Job:
        monkeypatch.setattr(run, "KINDS", {"test": Kind("test", work)})
        catalogue.jobs.add("test", "A test", options)
        claimed = catalogue.jobs.claim("me")
        assert claimed is not None
        return run_job(catalogue, Settings(), claimed, "me")

    return do


def log_of(catalogue: Catalogue, job: Job) -> list[tuple[str, str]]:
    return [(line.level, line.text) for line in catalogue.jobs.lines(job.id)]


def test_a_job_that_is_done_has_its_result_its_progress_and_its_log(
    catalogue: Catalogue, do: Callable[..., Job]
) -> None:
    def work(job: JobContext) -> dict[str, Any]:
        for number in range(1, 4):
            job.tell("Counting", number, 3)
        job.log("Three it is.")
        job.set_aside([SetAside("four", "is too many")])
        return {"summary": "3 counted.", "count": 3}

    job = do(work)
    assert (job.state, job.step, job.done, job.total) == ("done", "Counting", 3, 3)
    assert job.result == {"summary": "3 counted.", "count": 3}
    assert (job.error, job.skipped) == ("", 1)
    assert catalogue.jobs.failures(job.id) == [SetAside("four", "is too many")]
    assert log_of(catalogue, job) == [
        ("info", "Started."),
        ("info", "Three it is."),
        ("info", "Done in 0 s. 3 counted."),
    ]


def test_what_a_person_can_put_right_is_the_error_and_nothing_else_is_said(
    catalogue: Catalogue, do: Callable[..., Job], caplog: pytest.LogCaptureFixture
) -> None:
    def work(job: JobContext) -> dict[str, Any]:
        raise SegueError("The disk is full; make room and resume.")

    job = do(work)
    assert (job.state, job.error) == ("failed", "The disk is full; make room and resume.")
    assert log_of(catalogue, job)[1:] == [("error", job.error)]
    assert not [record for record in caplog.records if record.levelno > logging.INFO]


def test_a_fault_is_a_plain_sentence_and_its_trace_stands_in_both_logs(
    catalogue: Catalogue, do: Callable[..., Job], caplog: pytest.LogCaptureFixture
) -> None:
    def work(job: JobContext) -> dict[str, Any]:
        return {"never": 1 // 0}

    job = do(work)
    assert job.state == "failed"
    assert job.error.startswith("Something went wrong inside Segue.")
    assert "ZeroDivision" not in job.error
    trace = log_of(catalogue, job)[1]
    assert trace[0] == "error"
    assert trace[1].endswith("ZeroDivisionError: integer division or modulo by zero\n")
    [record] = [record for record in caplog.records if record.levelno > logging.INFO]
    assert record.levelno == logging.ERROR
    assert record.exc_info is not None


def test_a_result_that_cannot_be_kept_is_a_fault_too(do: Callable[..., Job]) -> None:
    assert do(lambda job: {"paths": {1, 2}}).state == "failed"


def test_a_kind_that_this_segue_does_not_know_fails(catalogue: Catalogue) -> None:
    catalogue.jobs.add("paint", "From the future")
    job = run_job(catalogue, Settings(), catalogue.jobs.claim("me"), "me")
    assert job.state == "failed"
    assert "update Segue" in job.error


def test_cancel_stops_a_job_at_the_next_it_tells(
    catalogue: Catalogue, do: Callable[..., Job]
) -> None:
    told = []

    def work(job: JobContext) -> dict[str, Any]:
        for number in range(100_000):
            if number == 10:
                catalogue.jobs.cancel(1)
                told.append(time.monotonic())
            job.tell("Counting", number)
            time.sleep(0.001)
        return {}

    job = do(work)
    assert time.monotonic() - told[0] < 1
    assert (job.state, job.cancelling, job.error) == ("cancelled", False, "")
    assert log_of(catalogue, job)[-1] == ("info", "Cancelled. What was done so far is kept.")


def test_no_handler_of_faults_swallows_a_cancel(
    catalogue: Catalogue, do: Callable[..., Job]
) -> None:
    def work(job: JobContext) -> dict[str, Any]:
        catalogue.jobs.cancel(1)
        try:
            job.tell("Trying")
        except Exception:
            return {"went": "on"}
        return {}

    assert do(work).state == "cancelled"


def test_cancel_ends_a_wait_of_hours(
    catalogue: Catalogue, do: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "BEAT_EVERY_S", 0.05)

    def work(job: JobContext) -> dict[str, Any]:
        catalogue.jobs.cancel(1)
        job.sleep(3600)
        return {}

    assert do(work).state == "cancelled"


def test_a_long_step_does_not_look_dead(
    catalogue: Catalogue, do: Callable[..., Job], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(context, "BEAT_EVERY_S", 0.05)
    reclaimed = []

    def work(job: JobContext) -> dict[str, Any]:
        job.tell("Thinking")
        deadline = time.monotonic() + 1.5
        while time.monotonic() < deadline:
            time.sleep(0.1)
            reclaimed.append(catalogue.jobs.reclaim(1.0))
        return {}

    assert do(work).state == "done"
    assert sum(reclaimed) == 0


def test_a_job_that_another_worker_has_now_is_left_to_it(
    catalogue: Catalogue, do: Callable[..., Job]
) -> None:
    stopped = []

    def work(job: JobContext) -> dict[str, Any]:
        catalogue.jobs.reclaim(0)
        assert catalogue.jobs.claim("another")
        try:
            job.tell("Working")
        except Cancelled:
            stopped.append(True)
            raise
        return {}

    job = do(work)
    assert stopped
    assert (job.state, job.attempts) == ("running", 2)
    assert catalogue.jobs.finish(job.id, "another", "done")


def test_telling_of_every_item_costs_a_few_writes_only(
    catalogue: Catalogue, do: Callable[..., Job]
) -> None:
    commits = []

    def count(*_: object) -> None:
        commits.append(True)

    def work(job: JobContext) -> dict[str, Any]:
        event.listen(Engine, "commit", count)
        started = time.monotonic()
        for number in range(20_000):
            job.tell("Counting", number, 20_000)
        event.remove(Engine, "commit", count)
        assert len(commits) <= 2 + 2 * (time.monotonic() - started) / context.TOLD_EVERY_S
        return {}

    assert do(work).state == "done"


def test_progress_can_be_seen_while_it_runs(catalogue: Catalogue, do: Callable[..., Job]) -> None:
    seen: list[Job] = []

    def work(job: JobContext) -> dict[str, Any]:
        job.tell("Reading", 2, 5)
        reader = threading.Thread(target=lambda: seen.append(catalogue.jobs.get(1)))
        reader.start()
        reader.join()
        return {}

    do(work)
    assert (seen[0].state, seen[0].step, seen[0].done, seen[0].total) == (
        "running",
        "Reading",
        2,
        5,
    )


@pytest.mark.parametrize("end", ["done", "failed", "cancelled"])
def test_uploads_go_when_their_job_is_done_and_wait_for_it_to_be_resumed_else(
    catalogue: Catalogue, do: Callable[..., Job], own_home: Path, tmp_path: Path, end: str
) -> None:
    folder = uploads.new_folder(Settings())
    sent = folder / "nights.csv"
    sent.write_text("x")
    own = tmp_path / "own.csv"
    own.write_text("x")

    def work(job: JobContext) -> dict[str, Any]:
        if end == "failed":
            raise SegueError("No.")
        if end == "cancelled":
            raise Cancelled
        return {}

    assert do(work, paths=[str(sent), str(own)], uploaded=True).state == end
    assert sent.exists() == folder.exists() == (end != "done")
    assert own.exists()


@pytest.mark.parametrize("inside", ["..", "a/../..", "."])
def test_only_what_lies_in_the_folder_of_uploads_is_ever_deleted(
    catalogue: Catalogue, do: Callable[..., Job], own_home: Path, inside: str
) -> None:
    folder = uploads.new_folder(Settings())
    (own_home / "precious").write_text("x")
    path = uploads.folder(Settings()) / inside
    assert do(lambda job: {}, paths=[str(path)], uploaded=True).state == "done"
    assert (own_home / "precious").exists()
    assert folder.exists()
    assert do(lambda job: {}, paths=[str(folder)]).state == "done"
    assert folder.exists()  # not said to be uploaded


def test_old_uploads_that_no_job_needs_are_swept_away(catalogue: Catalogue, own_home: Path) -> None:
    named = ["waits", "failed", "done", "of nobody", "of today"]
    folders = {name: uploads.folder(Settings()) / name for name in named}
    for name, folder in folders.items():
        folder.mkdir(parents=True)
        (folder / "sets.csv").write_text("x")
        if name != "of today":
            os.utime(folder, (0, 0))
        if name in ("waits", "failed", "done"):
            catalogue.jobs.add(
                "tracklists", name, {"paths": [str(folder / "sets.csv")], "uploaded": True}
            )
    for state in ("failed", "done"):
        job = next(job for job in catalogue.jobs.recent() if job.title == state)
        while catalogue.jobs.claim("me").id != job.id:
            pass
        catalogue.jobs.finish(job.id, "me", state)
        catalogue.jobs.reclaim(0)
    assert uploads.sweep(Settings(), catalogue.jobs.recent()) == 2
    assert {name for name in named if folders[name].exists()} == {"waits", "failed", "of today"}
    assert uploads.sweep(Settings(), catalogue.jobs.recent()) == 0
