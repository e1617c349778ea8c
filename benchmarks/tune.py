"""Writes hybrid/tuned.json: what ships is chosen on sets the evaluation never reports on.

Uses the Essential Mix and Boiler Room tracklists, as docs/evaluation.md does.
"""

from __future__ import annotations

import json
from pathlib import Path

from corpus import EVALUATED, real_catalogue

OUT = Path(__file__).resolve().parent.parent / "hybrid" / "tuned.json"


def main() -> None:
    """Import, tune, write."""
    from hybrid.evaluate.run import Corpus
    from hybrid.evaluate.tune import tune

    with real_catalogue(EVALUATED) as (catalogue, _):
        result = tune(Corpus.of(catalogue.snapshot()))
        result["fingerprint"] = catalogue.fingerprint()
    OUT.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
