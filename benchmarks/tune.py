"""Writes hybrid/tuned.json: what ships is chosen on sets the evaluation never reports on.

Uses the Essential Mix and Boiler Room tracklists, as docs/evaluation.md does.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from corpus import shared_data, tracklist_files

OUT = Path(__file__).resolve().parent.parent / "hybrid" / "tuned.json"


def main() -> None:
    """Import, tune, write."""
    from data.catalogue import Catalogue
    from hybrid.evaluate.run import Corpus
    from hybrid.evaluate.tune import tune
    from hybrid.ingest import import_files

    files = tracklist_files(shared_data())[:2]
    with (
        tempfile.TemporaryDirectory() as home,
        Catalogue.open(f"sqlite:///{Path(home) / 'catalogue.sqlite'}") as catalogue,
    ):
        import_files(catalogue, files)
        result = tune(Corpus.of(catalogue.snapshot()))
        result["fingerprint"] = catalogue.fingerprint()
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
