"""The result of an evaluation, as a table for people and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybrid.evaluate.methods import SEGUE, WITHOUT_RULES
from hybrid.evaluate.metrics import Tally, margin

METRICS = ("recall@10", "recall@50", "ndcg@50", "mrr", "coverage", "novelty")
_OURS = (SEGUE, WITHOUT_RULES)


@dataclass(frozen=True)
class Row:
    """One method on one kind of query."""

    split: str
    seeds: str
    target: str
    method: str
    queries: int
    metrics: dict[str, float]
    tally: Tally
    groups: NDArray[np.intp]

    def as_dict(self) -> dict[str, Any]:
        """Fields for JSON, metrics to four digits."""
        head = {
            "split": self.split,
            "seeds": self.seeds,
            "targets": self.target,
            "method": self.method,
            "queries": self.queries,
        }
        return head | {name: round(self.metrics[name], 4) for name in METRICS}


@dataclass
class Report:
    """Everything an evaluation measured."""

    fingerprint: str
    sets: int
    near_duplicates: int
    recordings: int
    draws: int
    rows: list[Row] = field(default_factory=list)

    def select(self, split: str, seeds: str, target: str) -> list[Row]:
        """All methods on one kind of query."""
        return [
            row for row in self.rows if (row.split, row.seeds, row.target) == (split, seeds, target)
        ]

    def margins(self) -> list[dict[str, Any]]:
        """What Segue ships against the best baseline, with 95% intervals.

        The best baseline is chosen anew for each kind of query and metric.
        """
        found = []
        for split, seeds, target in self._kinds():
            rows = self.select(split, seeds, target)
            ours = next(row for row in rows if row.method == SEGUE)
            baselines = [row for row in rows if row.method not in _OURS]
            for metric, values in (("recall@50", "recall_50"), ("ndcg@50", "ndcg_50")):
                best = max(baselines, key=lambda row: row.metrics[metric])
                low, high = margin(
                    getattr(ours.tally, values), getattr(best.tally, values), ours.groups
                )
                found.append(
                    {
                        "split": split,
                        "seeds": seeds,
                        "targets": target,
                        "metric": metric,
                        "segue": round(ours.metrics[metric], 4),
                        "best_baseline": best.method,
                        "baseline": round(best.metrics[metric], 4),
                        "difference_95": [round(low, 4), round(high, 4)],
                    }
                )
        return found

    def as_dict(self) -> dict[str, Any]:
        """The whole report for ``--json``."""
        return {
            "fingerprint": self.fingerprint,
            "sets": self.sets,
            "near_duplicates": self.near_duplicates,
            "recordings": self.recordings,
            "draws": self.draws,
            "rows": [row.as_dict() for row in self.rows],
            "margins": self.margins(),
        }

    def markdown(self) -> str:
        """Tables in Markdown, one for each kind of query."""
        blocks = []
        for split, seeds, target in self._kinds():
            rows = self.select(split, seeds, target)
            noun = "seed" if seeds == "1" else "seeds"
            count = "half of the set as" if seeds == "half" else seeds
            head = (
                f"**Split {split}, {count} {noun}, {target} targets** ({rows[0].queries} queries)"
            )
            table = [
                "| method | " + " | ".join(METRICS) + " |",
                "|---|" + "---:|" * len(METRICS),
            ]
            table += [
                f"| {row.method} | "
                + " | ".join(_digits(name, row.metrics[name]) for name in METRICS)
                + " |"
                for row in rows
            ]
            blocks.append("\n".join([head, "", *table]))
        return "\n\n".join(blocks)

    def _kinds(self) -> list[tuple[str, str, str]]:
        return list(dict.fromkeys((row.split, row.seeds, row.target) for row in self.rows))


def _digits(name: str, value: float) -> str:
    return f"{value:.1f}" if name == "novelty" else f"{value:.4f}"
