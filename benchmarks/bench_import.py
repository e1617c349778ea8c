"""Importing the 1,400 Essential Mix pages into an empty catalogue, parsing included."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from corpus import shared_data, tracklist_files, verdict

MOST_S = 60.0
LEAST_PLAYS = 41_500


def main() -> bool:
    """Import once into an empty catalogue and once more, unchanged."""
    from data.catalogue import Catalogue
    from hybrid.ingest import import_files

    pages = tracklist_files(shared_data())[:1]
    with (
        tempfile.TemporaryDirectory() as home,
        Catalogue.open(f"sqlite:///{Path(home) / 'catalogue.sqlite'}") as catalogue,
    ):
        started = time.perf_counter()
        first = import_files(catalogue, pages)
        seconds = time.perf_counter() - started
        started = time.perf_counter()
        again = import_files(catalogue, pages)
        print(
            f"{first.sets} sets, {first.plays} identified plays, {first.unknown} unknown, "
            f"{len(first.set_aside)} pages set aside; again in "
            f"{time.perf_counter() - started:.1f} s, {again.unchanged_sets} sets unchanged"
        )
        enough = first.plays >= LEAST_PLAYS
        print(f"plays: {first.plays} (target {LEAST_PLAYS}) {'held' if enough else 'MISSED'}")
        return verdict("import of 1,400 pages", seconds, MOST_S, "s") and enough


if __name__ == "__main__":
    sys.exit(not main())
