"""Jobs: queued, taken by one worker, followed, stopped, queued again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from data.catalogue import Catalogue, JobBook
from data.errors import SegueError
from data.records import SetAside

ROOT = Path(__file__).parents[3]


@pytest.fixture
def book(catalogue: Catalogue) -> JobBook:
    return catalogue.jobs


def taken(book: JobBook, worker: str = "one", kind: str = "analyse") -> int:
    """A job that a worker is at."""
    ident = book.add(kind, "Listen to new files")
    assert book.claim(worker).id == ident
    return ident


def test_a_job_is_kept_as_it_was_asked_for(book):
    options = {"paths": ["/Musik/Größe ♫", "/\ud800"], "tune": False, "since": None, "limit": 3}
    job = book.get(book.add("mixesdb", "  Read \x00 the\npages ", options))

    assert (job.kind, job.title, job.options) == ("mixesdb", "Read the pages", options)
    assert (job.state, job.live, job.cancelling, job.attempts) == ("queued", True, False, 0)
    assert (job.step, job.done, job.total, job.result, job.error) == ("", 0, 0, {}, "")
    assert job.created_at.endswith("+00:00")
    assert (job.started_at, job.finished_at) == ("", "")
    assert book.get(book.add("train", " " * 9)).title == "train"
    with pytest.raises(TypeError):
        book.add("analyse", "What JSON cannot say", {"paths": {Path("/")}})
    assert book.waiting() == 2


def test_jobs_are_taken_one_by_one_in_the_order_they_came(book):
    first, second = book.add("train", "Train"), book.add("evaluate", "Evaluate")
    job = book.claim("one")

    assert (job.id, job.state, job.attempts, job.live) == (first, "running", 1, True)
    assert job.started_at >= job.created_at
    assert book.claim("two").id == second
    assert book.claim("three") is None
    assert book.waiting() == 0


def test_a_worker_says_how_far_it_is_and_how_it_ended(book):
    ident = taken(book)
    assert book.beat(ident, "one", step="Listening", done=1, total=3)
    assert book.beat(ident, "one", done=2)
    assert book.beat(ident, "one")
    job = book.get(ident)
    assert (job.step, job.done, job.total) == ("Listening", 2, 3)

    assert book.finish(ident, "one", "done", result={"heard": 3, "folder": "Größe"})
    job = book.get(ident)
    assert (job.state, job.live, job.result) == ("done", False, {"heard": 3, "folder": "Größe"})
    assert job.finished_at >= job.started_at
    assert not book.beat(ident, "one", step="More")
    assert not book.finish(ident, "one", "failed", error="Too late.")
    assert (book.get(ident).state, book.get(ident).step) == ("done", "Listening")


def test_only_the_worker_that_has_a_job_may_speak_of_it(book):
    ident = taken(book)
    assert not book.beat(ident, "two", done=9)
    assert not book.finish(ident, "two", "done")
    assert not book.beat(ident + 1, "one")
    assert (book.get(ident).state, book.get(ident).done) == ("running", 0)
    with pytest.raises(ValueError, match="state must be"):
        book.finish(ident, "one", "queued")


def test_cancelling_stops_a_waiting_job_at_once_and_a_running_one_at_its_next_beat(book):
    waiting = book.add("train", "Train")
    book.cancel(waiting)
    assert book.get(waiting).state == "cancelled"
    assert book.get(waiting).finished_at
    assert book.claim("one") is None

    running = taken(book)
    book.cancel(running)  # Between the claim and the first beat.
    assert (book.get(running).state, book.get(running).cancelling) == ("running", True)
    assert not book.beat(running, "one", step="Listening")
    assert book.finish(running, "one", "cancelled")
    assert (book.get(running).state, book.get(running).cancelling) == ("cancelled", False)

    finished = taken(book)
    book.cancel(finished)
    assert book.finish(finished, "one", "done")  # It was done before it heard.
    book.cancel(finished)
    assert book.get(finished).state == "done"


def test_what_failed_or_was_cancelled_is_done_again_from_the_start(book):
    ident = taken(book)
    book.beat(ident, "one", step="Listening", done=1, total=2)
    book.log(ident, "a.mp3")
    book.set_aside(ident, [SetAside("b.mp3", "broken")])
    with pytest.raises(SegueError, match="has not stopped"):
        book.resume(ident)
    book.finish(ident, "one", "failed", error="The disk is full; make room.", result={"heard": 1})
    assert book.get(ident).error == "The disk is full; make room."

    book.resume(ident)
    job = book.get(ident)
    assert (job.state, job.attempts, job.step, job.done, job.total) == ("queued", 1, "", 0, 0)
    assert (job.error, job.result, job.skipped, job.finished_at) == ("", {}, 0, "")
    assert book.failures(ident) == []
    assert [line.text for line in book.lines(ident)] == ["a.mp3"]

    assert book.claim("two").attempts == 2
    assert not book.beat(ident, "one")
    book.finish(ident, "two", "done")
    with pytest.raises(SegueError, match="is done"):
        book.resume(ident)


def test_jobs_of_workers_that_fell_silent_are_given_to_others(book):
    lost, unwanted, waiting = taken(book), taken(book), book.add("train", "Train")
    book.cancel(unwanted)
    assert book.reclaim(3600) == 0
    assert book.get(lost).state == "running"

    assert book.reclaim(0) == 2
    assert [book.get(i).state for i in (lost, unwanted, waiting)] == [
        "queued",
        "cancelled",
        "queued",
    ]
    assert not book.beat(lost, "one")
    assert (book.claim("two").id, book.get(lost).attempts) == (lost, 2)
    assert not book.finish(lost, "one", "done")  # It came back too late.
    assert book.beat(lost, "two")


def test_jobs_that_have_ended_are_removed_with_all_they_left(book):
    ident = taken(book)
    book.log(ident, "a.mp3")
    book.set_aside(ident, [SetAside("b.mp3", "broken")])
    with pytest.raises(SegueError, match="cancel it"):
        book.remove(ident)
    book.finish(ident, "one", "done")
    book.remove(ident)

    assert (book.recent(), book.lines(ident), book.failures(ident)) == ([], [], [])
    for attempt in (
        lambda: book.get(ident),
        lambda: book.cancel(ident),
        lambda: book.resume(ident),
        lambda: book.remove(ident),
        lambda: book.log(ident, "b.mp3"),
        lambda: book.set_aside(ident, [SetAside("b.mp3", "broken")]),
    ):
        with pytest.raises(SegueError, match="not in the list any more"):
            attempt()
    assert taken(book) > ident  # Ids are not given out twice.


def test_jobs_of_a_kind_are_forgotten_and_one_that_runs_is_asked_to_stop(book):
    running, ended, waiting = (book.add(kind, "A job") for kind in ("push", "match", "push"))
    other = book.add("train", "Train")
    assert book.claim("one").id == running
    book.cancel(ended)
    assert book.forget(["push", "match"]) == 2
    assert [job.id for job in book.recent()] == [other, running]
    assert not book.beat(running, "one")
    with pytest.raises(SegueError, match="not in the list any more"):
        book.get(waiting)


def test_recent_jobs_are_the_newest_and_whatever_is_live(book):
    running = taken(book)
    ended = [book.add("train", f"Train {n}") for n in range(4)]
    for ident in ended:
        book.cancel(ident)
    assert [job.id for job in book.recent(2)] == [ended[3], ended[2], running]
    assert [job.id for job in book.recent()] == [*reversed(ended), running]


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_a_worker_is_heard_beside_a_long_import(url):
    with Catalogue.open(f"{url}%20-clock_timeout%3D500") as catalogue:
        ident = taken(catalogue.jobs)
        with catalogue._database.writing():
            assert catalogue.jobs.beat(ident, "one", step="Listening")
            with pytest.raises(OperationalError):  # Whereas a second import waits for the first.
                catalogue.jobs.log(ident, "a.mp3")


WORKER = """
import json, sys, threading
from data.catalogue import Catalogue

url, name = sys.argv[1:]
claimed = []
with Catalogue.open(url) as catalogue:
    def work(worker):
        while (job := catalogue.jobs.claim(worker)) is not None:
            mine = catalogue.jobs.beat(job.id, worker, done=1)
            claimed.append((job.id, mine, catalogue.jobs.finish(job.id, worker, "done")))

    threads = [threading.Thread(target=work, args=(f"{name} {n}",)) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
print(json.dumps(claimed))
"""


def test_of_many_workers_that_want_a_job_one_gets_it(url):
    with Catalogue.open(url) as catalogue:
        jobs = [catalogue.jobs.add("train", f"Train {n}") for n in range(20)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, url, name], env=environment, stdout=subprocess.PIPE
        )
        for name in ("left", "right")
    ]
    claimed = [
        claim for worker in running for claim in json.loads(worker.communicate(timeout=60)[0])
    ]

    assert Counter(ident for ident, *_ in claimed) == Counter(jobs)
    assert all(mine and finished for _, mine, finished in claimed)
    with Catalogue.open(url) as catalogue:
        assert {job.state for job in catalogue.jobs.recent()} == {"done"}
        assert {job.attempts for job in catalogue.jobs.recent()} == {1}
