"""Scrapes in processes of their own, which can be killed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.peers.invented_wiki import CATEGORY
from tests.peers.mediawiki import MediaWikiPeer

# Python and its imports take a second; a fork of a process that has them takes a moment.
# Each job is a process that scrapes and may kill itself before its n-th event. It is
# reaped only when asked for, so that until then its number cannot be another process's.
SCRIPT = """
import json, os, signal, sys, traceback
from sqlalchemy import event
from sqlalchemy.engine import Engine
from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.scrape import scrape_mixesdb

def die_at(name, number):
    seen = [0]
    def count(*_):
        seen[0] += 1
        if seen[0] == number:
            os.kill(os.getpid(), signal.SIGKILL)
    event.listen(Engine, name, count)

def run(job):
    os.environ.update(job["env"])
    if job["die"]:
        die_at(*job["die"])
    settings = Settings()
    with Catalogue.open(settings.url) as catalogue:
        scrape_mixesdb(catalogue, settings, category=job["category"], limit=job["limit"])

while line := sys.stdin.readline():
    pid = os.fork()
    if pid == 0:
        try:
            run(json.loads(line))
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    print(pid, flush=True)
    sys.stdin.readline()
    print(os.waitpid(pid, 0)[1], flush=True)
"""


class ForkingScraper:
    """Starts scrapes, one at a time; ``die=("commit", 3)`` kills one before its third commit."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", SCRIPT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(
        self,
        peer: MediaWikiPeer,
        home: Path,
        die: tuple[str, int] | None = None,
        limit: int | None = None,
    ) -> int:
        """Start a scrape of `peer` into the catalogue in `home`; return its process id."""
        env = {
            "SEGUE_HOME": str(home),
            "SEGUE_MIXESDB_API_URL": peer.api_url,
            "SEGUE_MIXESDB_DELAY": "0",
        }
        self._tell(json.dumps({"env": env, "category": CATEGORY, "die": die, "limit": limit}))
        return self._hear()

    def wait(self) -> int:
        """Wait for the scrape's end; return its exit code, negative for a signal."""
        self._tell("")
        return os.waitstatus_to_exitcode(self._hear())

    def run(
        self,
        peer: MediaWikiPeer,
        home: Path,
        die: tuple[str, int] | None = None,
        limit: int | None = None,
    ) -> int:
        self.start(peer, home, die, limit)
        return self.wait()

    def close(self) -> None:
        self._process.stdin.close()
        self._process.stdout.close()
        self._process.wait(timeout=10)

    def _tell(self, line: str) -> None:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()

    def _hear(self) -> int:
        return int(self._process.stdout.readline())
