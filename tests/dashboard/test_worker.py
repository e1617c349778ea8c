"""The worker beside the server: there when there is work, and never without its server."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from dashboard.worker import Supervisor
from data.catalogue import Catalogue
from data.settings import Settings
from tests.peers.invented_wiki import CATEGORY, invented_pages
from tests.peers.mediawiki import MediaWikiPeer

ROOT = Path(__file__).parents[2]


def until(so: Callable[[], object], within_s: float = 60) -> None:
    end = time.monotonic() + within_s
    while not so():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def gone(pid: int) -> bool:
    """Whether the process has ended; one that nobody has waited for yet has."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return True
    return stat.rpartition(")")[2].split()[0] == "Z"


@pytest.fixture(scope="module")
def wiki() -> Iterator[MediaWikiPeer]:
    with MediaWikiPeer(invented_pages(5)) as peer:
        yield peer


@pytest.fixture
def settings(tmp_path: Path, wiki: MediaWikiPeer) -> Settings:
    """Not those of the environment: the worker must get them from the server.

    A job that reads the wiki waits ten minutes between two requests.
    """
    return Settings(
        home=tmp_path / "other home", mixesdb_api_url=wiki.api_url, mixesdb_delay=600, http_delay=0
    )


def add_endless(catalogue: Catalogue) -> int:
    return catalogue.jobs.add("mixesdb", "Read a category", {"category": CATEGORY})


def begun(catalogue: Catalogue, job: int) -> bool:
    return catalogue.jobs.get(job).step == "Reading pages"


@pytest.fixture
def catalogue(settings: Settings) -> Iterator[Catalogue]:
    with Catalogue.open(settings.url) as opened:
        yield opened


def test_a_job_is_done_by_a_process_of_its_own_and_the_next_by_the_same(
    settings: Settings, catalogue: Catalogue, tmp_path: Path
) -> None:
    (tmp_path / "sets.txt").write_text("Ann @ Old Mill 2019-05-06\n\n1. Bob Basalt - Undertow\n")
    with Supervisor(settings) as supervisor:
        assert supervisor.worker is None
        for _ in range(2):
            job = catalogue.jobs.add(
                "tracklists", "Import", {"paths": [str(tmp_path / "sets.txt")]}
            )
            supervisor.wake()
            until(lambda job=job: not catalogue.jobs.get(job).live)
            assert catalogue.jobs.get(job).state == "done"
        pid = supervisor.worker
        assert pid is not None
        assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
    assert gone(pid)
    assert not Path(os.environ["SEGUE_HOME"]).exists()


def test_a_worker_that_dies_is_replaced_and_its_job_goes_on(
    settings: Settings, catalogue: Catalogue
) -> None:
    job = add_endless(catalogue)
    with Supervisor(settings) as supervisor:
        until(lambda: begun(catalogue, job))
        first = supervisor.worker
        os.kill(first, signal.SIGKILL)
        until(lambda: catalogue.jobs.get(job).attempts == 2)
        assert supervisor.worker not in (None, first)
        catalogue.jobs.cancel(job)
        until(lambda: catalogue.jobs.get(job).state == "cancelled")


def test_stopping_ends_a_worker_in_the_middle_of_a_job_which_then_waits(
    settings: Settings, catalogue: Catalogue
) -> None:
    job = add_endless(catalogue)
    with Supervisor(settings) as supervisor:
        until(lambda: begun(catalogue, job))
        pid = supervisor.worker
        started = time.monotonic()
    assert time.monotonic() - started < 5
    assert gone(pid)
    assert catalogue.jobs.get(job).live


def test_without_a_catalogue_there_is_no_worker_and_none_is_made(settings: Settings) -> None:
    with Supervisor(settings) as supervisor:
        time.sleep(0.2)
        assert supervisor.worker is None
    assert not settings.home.exists()


def test_serve_killed_outright_takes_its_worker_with_it(
    wiki: MediaWikiPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEGUE_MIXESDB_API_URL", wiki.api_url)
    monkeypatch.setenv("SEGUE_MIXESDB_DELAY", "600")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Catalogue.open(Settings().url) as catalogue:
        job = add_endless(catalogue)
        server = subprocess.Popen(
            [sys.executable, "-m", "dashboard.cli", "serve", "--port", str(port)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
            text=True,
        )
        try:
            until(lambda: begun(catalogue, job))
            [worker] = children(server.pid)
            assert "--beside-server" in Path(f"/proc/{worker}/cmdline").read_text()
        finally:
            server.kill()
            _, said = server.communicate()
        until(lambda: gone(worker), within_s=5)
        assert catalogue.jobs.get(job).live
        assert "WARNING" not in said and "Traceback" not in said


def children(pid: int) -> list[int]:
    tasks = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]
