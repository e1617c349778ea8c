"""Writes the tables of docs/evaluation.md, measured on the real tracklists."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from corpus import EVALUATED, real_catalogue, write_between

DOC = Path(__file__).resolve().parent.parent / "docs" / "evaluation.md"


def margins_table(margins: list[dict[str, Any]]) -> str:
    """Segue against the best baseline of each kind of query."""
    lines = [
        "| split | seeds | targets | metric | Segue | best baseline | difference, 95% interval |",
        "|---|---|---|---|---:|---|---|",
    ]
    for m in margins:
        low, high = m["difference_95"]
        lines.append(
            f"| {m['split']} | {m['seeds']} | {m['targets']} | {m['metric']} | {m['segue']:.4f} "
            f"| {m['best_baseline']} {m['baseline']:.4f} | {low:+.4f} to {high:+.4f} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Import, evaluate, and put the tables between the two marks."""
    from hybrid.evaluate import evaluate

    with real_catalogue(EVALUATED) as (catalogue, _):
        report = evaluate(catalogue, progress=lambda step: print(step, file=sys.stderr))
    tables = (
        f"{report.sets} distinct sets ({report.near_duplicates} near-duplicates left out), "
        f"{report.recordings} recordings, {report.draws} draws of seeds per held-out set.\n\n"
        f"### Segue against the best baseline\n\n{margins_table(report.margins())}\n\n"
        f"### All methods\n\n{report.markdown()}"
    )
    write_between(DOC, "tables", tables)


if __name__ == "__main__":
    main()
