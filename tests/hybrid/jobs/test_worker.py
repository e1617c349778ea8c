"""The local worker: one at a time, one to a home, and no kill costs a row."""

from __future__ import annotations

import signal
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.jobs import work
from hybrid.jobs.worker import LOCK
from tests.data.catalogue.conftest import postgres_server, url  # noqa: F401
from tests.hybrid.jobs.workers import killed_worker

Rows = dict[str, list[tuple[Any, ...]]]

#: What a killed run and an undisturbed one may differ in: the jobs themselves.
ABOUT_JOBS = {"jobs", "job_lines", "job_failures"}


def tracklists(folder: Path, sets: int = 500) -> Path:
    path = folder / "nights.csv"
    about = "2019-05-04,Ann,Old Mill"
    rows = [
        f"{number},{about} {number},{place},Bob Basalt,Undertow {number % 90 + place},"
        for number in range(sets)
        for place in range(2)
    ]
    head = "set_id,date,dj,set_title,position,artist,title,label"
    path.write_text("\n".join([head, *rows, ",,,,1,Cid Cedar,Slow Door,", ""]))
    return path


def music(folder: Path, files: int = 40) -> Path:
    folder.mkdir()
    for number in range(files):
        (folder / f"Ann - Tune {number}.mp3").write_text("x" * (number + 1))
    (folder / "broken.mp3").write_text("bad")
    return folder


def queue(home: Path, kind: str, **options: Any) -> int:
    with Catalogue.open(Settings(home=home).url) as catalogue:
        return catalogue.jobs.add(kind, "Something long", options)


def rows_of(home: Path) -> Rows:
    with sqlite3.connect(home / "catalogue.sqlite") as connection:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return {
            name: sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr)
            for (name,) in names
            if name not in ABOUT_JOBS
        }


def unnumbered(rows: Rows) -> dict[str, list[str]]:
    return {
        table: sorted(repr([v for v in row if not isinstance(v, int)]) for row in rows[table])
        for table in rows
    }


@pytest.mark.parametrize(
    ("kind", "table"), [("tracklists", "sets"), ("analyse", "audio")], ids=["tracklists", "analyse"]
)
def test_a_job_killed_half_way_goes_on_and_ends_with_the_rows_of_an_undisturbed_one(
    tmp_path: Path, light_ear: None, kind: str, table: str
) -> None:
    source = tracklists(tmp_path) if kind == "tracklists" else music(tmp_path / "music")
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    for home in (calm, killed):
        queue(home, kind, paths=[str(source)])
    work(Settings(home=calm), until_idle_s=0)

    assert killed_worker(killed, table, 2) == -signal.SIGKILL
    with Catalogue.open(Settings(home=killed).url) as catalogue:
        [job] = catalogue.jobs.recent()
        assert (job.state, job.attempts) == ("running", 1)
        assert 0 < len(rows_of(killed)[table]) < len(rows_of(calm)[table])

        work(Settings(home=killed), until_idle_s=0)
        [job] = catalogue.jobs.recent()
        assert (job.state, job.attempts, job.skipped) == ("done", 2, 1)
        said = [line.text for line in catalogue.jobs.lines(job.id)]
    assert "Started again." in said[1:]
    if kind == "analyse":  # files are numbered as they come from the pool
        assert unnumbered(rows_of(killed)) == unnumbered(rows_of(calm))
    else:
        assert rows_of(killed) == rows_of(calm)


def test_jobs_are_done_in_turn_and_a_worker_that_may_goes_when_there_are_no_more(
    own_home: Path, tmp_path: Path
) -> None:
    ids = [queue(own_home, "tracklists", paths=[str(p)]) for p in (tracklists(tmp_path, 3), "/no")]
    work(Settings(), until_idle_s=0)
    with Catalogue.open(Settings().url) as catalogue:
        first, second = (catalogue.jobs.get(ident) for ident in ids)
    assert (first.state, first.result["new_sets"]) == ("done", 3)
    assert second.state == "failed"
    assert first.finished_at <= second.started_at


def test_a_second_worker_of_a_home_takes_nothing_until_the_first_has_ended(
    own_home: Path, tmp_path: Path
) -> None:
    own_home.mkdir()
    first = FileLock(own_home / LOCK)
    with first:
        work(Settings(), until_idle_s=0)  # comes back: there is nothing to wait for
        ident = queue(own_home, "tracklists", paths=[str(tracklists(tmp_path, 2))])
        second = threading.Thread(target=work, args=(Settings(),), kwargs={"until_idle_s": 0})
        second.start()
        second.join(timeout=0.7)
        assert second.is_alive()
        with Catalogue.open(Settings().url) as catalogue:
            assert catalogue.jobs.get(ident).attempts == 0
    second.join()
    with Catalogue.open(Settings().url) as catalogue:
        assert catalogue.jobs.get(ident).state == "done"


def test_what_another_home_does_on_the_same_database_is_left_to_it(
    url: str,  # noqa: F811
    tmp_path: Path,
) -> None:
    with Catalogue.open(url) as catalogue:
        catalogue.jobs.add("tracklists", "Theirs", {"paths": ["/no"]})
        theirs = catalogue.jobs.claim("another machine")
        ours = catalogue.jobs.add("tracklists", "Ours", {"paths": [str(tracklists(tmp_path, 2))]})
        settings = Settings(home=tmp_path / "here", database_url=url)
        worker = threading.Thread(target=work, args=(settings,), kwargs={"until_idle_s": 0})
        worker.start()
        while catalogue.jobs.get(ours).live:
            time.sleep(0.01)
        assert catalogue.jobs.get(theirs.id).state == "running"
        assert worker.is_alive()
        assert catalogue.jobs.finish(theirs.id, "another machine", "done")
        worker.join()
        assert catalogue.jobs.get(ours).state == "done"


def test_a_job_that_always_takes_its_worker_with_it_is_given_up(
    own_home: Path, tmp_path: Path
) -> None:
    ident = queue(own_home, "tracklists", paths=[str(tracklists(tmp_path, 3))])
    with Catalogue.open(Settings().url) as catalogue:
        for number in range(5):
            assert catalogue.jobs.claim(f"worker {number}").id == ident
            catalogue.jobs.reclaim(0)
        work(Settings(), until_idle_s=0)
        job = catalogue.jobs.get(ident)
        assert (job.state, job.attempts) == ("failed", 6)
        assert "begun 5 times" in job.error
        catalogue.jobs.resume(ident)
        work(Settings(), until_idle_s=0)
        assert catalogue.jobs.get(ident).state == "done"
