"""What a job leaves behind: its log, and the list of what it could not take in."""

from __future__ import annotations

import pytest

from data.catalogue import Catalogue, LogLine, job_log
from data.records import SetAside


@pytest.fixture
def job(catalogue: Catalogue) -> int:
    return catalogue.jobs.add("analyse", "Listen to new files")


def test_a_log_is_read_on_from_where_it_was_left(catalogue, job):
    book, other = catalogue.jobs, catalogue.jobs.add("train", "Train")
    for text in ("one", "zwei ♫", "th\x00ree \ud800"):
        book.log(job, text)
    book.log(other, "of another job")
    book.log(job, "four", level="warning")

    lines = book.lines(job)
    assert [(line.number, line.level) for line in lines] == [
        (1, "info"),
        (2, "info"),
        (3, "info"),
        (4, "warning"),
    ]
    assert [line.text for line in lines] == ["one", "zwei ♫", "three ?", "four"]
    assert isinstance(lines[0], LogLine)
    assert lines[0].at <= lines[3].at
    assert [line.number for line in book.lines(job, after=1, limit=2)] == [2, 3]
    assert book.lines(job, after=4) == []


def test_a_long_log_keeps_its_last_lines(catalogue, job, monkeypatch):
    monkeypatch.setattr(job_log, "LINES_KEPT", 3)
    for number in range(1, 6):
        catalogue.jobs.log(job, f"line {number}")
    catalogue.jobs.log(job, "x" * 1_000_000)

    lines = catalogue.jobs.lines(job)
    assert [line.number for line in lines] == [4, 5, 6]
    assert lines[0].text == "line 4"
    assert len(lines[2].text) < 10_000


def test_a_failure_is_listed_once_however_often_it_comes(catalogue, job):
    book, long = catalogue.jobs, "é" * 4000
    book.set_aside(job, [SetAside("b.mp3", "broken"), SetAside("a.mp3", "broken")])
    book.set_aside(job, (entry for entry in [SetAside("b.mp3", "broken")]))
    book.set_aside(job, [SetAside("b.mp3", "empty"), SetAside(long, long), SetAside(long, long)])
    book.set_aside(job, [])
    book.set_aside(job, [SetAside("c\x00\udcff.mp3", "no sound")])

    expected = [
        SetAside("b.mp3", "broken"),
        SetAside("a.mp3", "broken"),
        SetAside("b.mp3", "empty"),
        SetAside(long, long),
        SetAside("c?.mp3", "no sound"),
    ]
    assert book.failures(job) == expected
    assert book.failures(job, limit=2) == expected[:2]
    assert book.get(job).skipped == 5


def test_the_failures_of_a_large_folder_are_all_kept(catalogue, job):
    entries = [SetAside(f"{n}.mp3", "broken") for n in range(5000)]
    catalogue.jobs.set_aside(job, entries[:3000])
    catalogue.jobs.set_aside(job, entries)
    assert catalogue.jobs.failures(job) == entries
    assert catalogue.jobs.get(job).skipped == 5000
