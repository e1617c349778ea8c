"""The result of an evaluation, as tables for people and as JSON."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hybrid.evaluate import tables
from hybrid.evaluate.likeness import Likeness
from hybrid.evaluate.methods import GOES_WITH, SEGUE, WITHOUT_RULES, Kind, Method
from hybrid.evaluate.metrics import Tally, margin
from hybrid.evaluate.scenarios import FOLLOWING, SCENARIOS

_OURS = (SEGUE, WITHOUT_RULES, GOES_WITH)
_COLLECTED = {"recall@50": "recall_50", "ndcg@50": "ndcg_50", "mrr": "mrr"}


@dataclass(frozen=True)
class Row:
    """One method on one kind of query.

    Parameters
    ----------
    target : str
        The scenario, see `hybrid.evaluate.scenarios`.
    candidates : int
        Recordings that could have come.
    groups : ndarray of intp, shape (Q,)
        The set that each query was cut from.
    """

    split: str
    seeds: str
    target: str
    method: Method
    candidates: int
    tally: Tally
    groups: NDArray[np.intp]

    @cached_property
    def metrics(self) -> dict[str, float]:
        """Means over the queries."""
        return self.tally.means(self.candidates)

    @property
    def queries(self) -> int:
        """Number of queries Q."""
        return len(self.groups)

    @property
    def judged_by(self) -> str:
        """The metric that decides here: NDCG@50, or MRR where one track is asked for."""
        return "mrr" if self.target in FOLLOWING else "ndcg@50"

    @property
    def decisive(self) -> float:
        """What was reached by that metric."""
        return self.metrics[self.judged_by]

    def as_dict(self) -> dict[str, Any]:
        """Fields for JSON, metrics to four digits."""
        head = {
            "split": self.split,
            "seeds": self.seeds,
            "targets": self.target,
            "kind": self.method.kind,
            "method": self.method.name,
            "queries": self.queries,
        }
        return head | {name: round(value, 4) for name, value in self.metrics.items()}


@dataclass(frozen=True)
class Verdict:
    """The fusion against the best of its parts standing alone.

    Parameters
    ----------
    metric : str
        NDCG@50, or MRR where one track is asked for.
    low, high : float
        95% interval of the difference, by bootstrap over sets.
    """

    split: str
    target: str
    queries: int
    metric: str
    fused: float
    part: str
    best: float
    low: float
    high: float

    @property
    def held(self) -> bool:
        """Whether the fusion is at least as good as its best part."""
        return self.fused >= self.best

    @property
    def gain(self) -> float:
        """How much better, as a share of the best part; NaN where that finds nothing."""
        return self.fused / self.best - 1 if self.best else float("nan")

    def as_dict(self) -> dict[str, Any]:
        """Fields for JSON."""
        return {
            "split": self.split,
            "targets": self.target,
            "queries": self.queries,
            "metric": self.metric,
            "fused": round(self.fused, 4),
            "best_part": self.part,
            "best": round(self.best, 4),
            "gain": round(self.gain, 4) if self.best else None,
            "difference_95": [round(self.low, 4), round(self.high, 4)],
            "held": self.held,
        }


@dataclass
class Report:
    """Everything an evaluation measured."""

    fingerprint: str
    sets: int
    near_duplicates: int
    recordings: int
    draws: int
    rows: list[Row] = field(default_factory=list)
    heard: int = 0
    likeness: list[Likeness] = field(default_factory=list)

    def select(
        self, split: str, seeds: str, target: str, kind: Kind | None = "method"
    ) -> list[Row]:
        """All methods of one kind on one kind of query."""
        return [
            row
            for row in self.rows
            if (row.split, row.seeds, row.target) == (split, seeds, target)
            and kind in (None, row.method.kind)
        ]

    def kinds(self) -> list[tuple[str, str, str]]:
        """Splits, numbers of seeds and scenarios, in order."""
        return list(dict.fromkeys((row.split, row.seeds, row.target) for row in self.rows))

    def scenarios(self) -> list[tuple[str, str]]:
        """Splits and the scenarios asked on them, in order."""
        splits = list(dict.fromkeys(row.split for row in self.rows))
        asked = {(row.split, row.target) for row in self.rows}
        return [(s, t) for s in splits for t in SCENARIOS if (s, t) in asked]

    def pooled(self, split: str, target: str, kind: Kind) -> dict[str, Row]:
        """Every method of one kind on a scenario, all numbers of seeds taken together, by name."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            if (row.split, row.target, row.method.kind) == (split, target, kind):
                found.setdefault(row.method.name, []).append(row)
        return {name: _pooled(rows) for name, rows in found.items()}

    def verdicts(self) -> list[Verdict]:
        """Hold the fusion against its best single part on every scenario."""
        verdicts = []
        for split, target in self.scenarios():
            parts = self.pooled(split, target, "part").values()
            alone = [row for row in parts if not row.method.left_out]
            if not alone:
                continue
            fused = self.pooled(split, target, "method")[WITHOUT_RULES]
            best = max(alone, key=lambda row: row.decisive)
            low, high = _margin(fused, best, fused.judged_by)
            verdicts.append(
                Verdict(
                    split,
                    target,
                    fused.queries,
                    fused.judged_by,
                    fused.decisive,
                    best.method.part,
                    best.decisive,
                    low,
                    high,
                )
            )
        return verdicts

    def curves(self) -> dict[tuple[str, str], dict[float, float]]:
        """NDCG@50, or MRR, over the slider, by split and scenario; empty without sound."""
        return {
            (split, target): {row.method.balance: row.decisive for row in curve.values()}
            for split, target in self.scenarios()
            if (curve := self.pooled(split, target, "curve"))
        }

    def margins(self) -> list[dict[str, Any]]:
        """What Segue ships against the best baseline, with 95% intervals.

        The best baseline is chosen anew for each kind of query and metric.
        """
        found = []
        for split, seeds, target in self.kinds():
            rows = self.select(split, seeds, target)
            baselines = [row for row in rows if row.method.name not in _OURS]
            if not baselines:
                continue
            ours = next(row for row in rows if row.method.name == SEGUE)
            for metric in ("mrr",) if target in FOLLOWING else ("recall@50", "ndcg@50"):
                best = max(baselines, key=lambda row: row.metrics[metric])
                low, high = _margin(ours, best, metric)
                found.append(
                    {
                        "split": split,
                        "seeds": seeds,
                        "targets": target,
                        "metric": metric,
                        "segue": round(ours.metrics[metric], 4),
                        "best_baseline": best.method.name,
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
            "heard": self.heard,
            "draws": self.draws,
            "rows": [row.as_dict() for row in self.rows],
            "margins": self.margins(),
            "verdicts": [verdict.as_dict() for verdict in self.verdicts()],
            "curves": [
                {
                    "split": split,
                    "targets": target,
                    "curve": {f"{balance:g}": round(v, 4) for balance, v in curve.items()},
                }
                for (split, target), curve in self.curves().items()
            ],
            "likeness": [one.as_dict() for one in self.likeness],
        }

    def markdown(self) -> str:
        """Everything as tables in Markdown."""
        return "\n\n".join(filter(None, [tables.summary(self), tables.details(self)]))


def _pooled(rows: list[Row]) -> Row:
    return replace(
        rows[0],
        seeds="all",
        tally=Tally.join([row.tally for row in rows]),
        groups=np.concatenate([row.groups for row in rows]),
    )


def _margin(ours: Row, theirs: Row, metric: str) -> tuple[float, float]:
    name = _COLLECTED[metric]
    return margin(getattr(ours.tally, name), getattr(theirs.tally, name), ours.groups)
