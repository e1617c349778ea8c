"""``segue jobs`` and ``segue worker``: long work without a page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app
from data.catalogue import Catalogue
from data.records import SetAside
from data.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def book(own_home: Path) -> Iterator[Any]:
    with Catalogue.open(Settings().url) as catalogue:
        yield catalogue.jobs


def jobs(*args: str) -> Any:
    return CliRunner().invoke(app, ["jobs", *args])


def test_without_jobs_it_says_what_starts_them() -> None:
    result = jobs("list")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "segue serve" in result.stderr
    assert json.loads(jobs("list", "--json").stdout) == []


def test_jobs_are_listed_newest_first_with_how_far_they_are(book: Any) -> None:
    running = book.add("analyse", "Listen to /music", {"paths": ["/music"]})
    done = book.add("train", "Learn from the sets")
    queued = book.add("evaluate", "Measure")
    book.claim("me")
    book.beat(running, "me", step="Listening", done=1200, total=3000)
    book.set_aside(running, [SetAside("a.mp3", "is cut off")])
    book.claim("me")
    book.finish(done, "me", "done", result={"summary": "Learned from 12 sets."})
    lines = jobs("list").stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        [str(queued), "waits"],
        [str(done), "done"],
        [str(running), "runs"],
    ]
    assert "Learn from the sets" in lines[2] and "Learned from 12 sets." in lines[2]
    assert "Listening 1,200 of 3,000" in lines[3]
    [_, _, as_json] = json.loads(jobs("list", "--json").stdout)
    assert (as_json["id"], as_json["state"], as_json["skipped"]) == (running, "running", 1)
    assert as_json["options"] == {"paths": ["/music"]}


def test_a_waiting_job_is_cancelled_and_resumed(book: Any) -> None:
    job = book.add("train", "Learn")
    assert jobs("cancel", str(job)).stdout == f"Cancelled job {job}: Learn.\n"
    assert book.get(job).state == "cancelled"
    assert "had ended already" in jobs("cancel", str(job)).stderr
    result = jobs("resume", str(job))
    assert result.stdout == f"Job {job} waits for its turn: Learn.\n"
    assert "segue worker" in result.stderr
    assert book.get(job).state == "queued"
    assert json.loads(jobs("cancel", str(job), "--json").stdout)["state"] == "cancelled"
    assert json.loads(jobs("resume", str(job), "--json").stdout)["state"] == "queued"


def test_a_running_job_is_asked_to_stop(book: Any) -> None:
    job = book.add("train", "Learn")
    book.claim("me")
    assert "stops after the step it is at" in jobs("cancel", str(job)).stdout
    assert book.get(job).cancelling
    assert "stops" in jobs("list").stdout


@pytest.mark.parametrize("command", ["cancel", "resume", "log"])
def test_a_job_that_is_not_there_is_one_sentence(command: str) -> None:
    result = jobs(command, "7")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_a_job_that_runs_cannot_be_resumed(book: Any) -> None:
    job = book.add("train", "Learn")
    result = jobs("resume", str(job))
    assert result.exit_code == 2
    assert "has not stopped yet" in result.stderr


def test_the_log_ends_with_what_was_left_out(book: Any) -> None:
    job = book.add("analyse", "Listen")
    book.log(job, "Started.")
    book.log(job, "Done.")
    book.set_aside(job, [SetAside("a.mp3", "is cut off")])
    lines = jobs("log", str(job)).stdout.splitlines()
    assert [line.split("  ")[1] for line in lines[:2]] == ["Started.", "Done."]
    assert lines[2:] == ["Left out, with the reason (1):", "  a.mp3: is cut off"]
    told = json.loads(jobs("log", str(job), "--json").stdout)
    assert [line["text"] for line in told["log"]] == ["Started.", "Done."]
    assert told["failures"] == [{"where": "a.mp3", "reason": "is cut off"}]


def test_the_worker_does_what_waits_and_goes(book: Any, tmp_path: Path) -> None:
    (tmp_path / "sets.txt").write_text("Ann @ Old Mill 2019-05-06\n\n1. Bob Basalt - Undertow\n")
    job = book.add("tracklists", "Import", {"paths": [str(tmp_path / "sets.txt")]})
    run = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "worker", "--until-idle", "0"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (run.returncode, run.stdout) == (0, "")
    assert run.stderr == "Doing the jobs that wait - stop with Ctrl-C.\n"
    assert book.get(job).state == "done"


def test_the_worker_is_not_in_the_list_of_commands_but_explains_itself() -> None:
    shown = CliRunner().invoke(app, ["--help"]).output
    assert "jobs" in shown
    assert "worker" not in shown
    assert "--until-idle" in CliRunner().invoke(app, ["worker", "--help"]).output
