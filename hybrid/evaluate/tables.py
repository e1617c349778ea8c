"""What an evaluation measured, as tables in Markdown."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from hybrid.evaluate.likeness import NEAREST
from hybrid.evaluate.methods import WITHOUT_RULES
from hybrid.evaluate.scenarios import FOLLOWING

if TYPE_CHECKING:
    from hybrid.evaluate.report import Report, Row

METRICS = ("recall@10", "recall@50", "ndcg@50", "mrr", "coverage", "novelty")
#: What is looked at where one track is asked for.
NEXT_METRICS = ("hits@1", "recall@10", "mrr", "coverage", "novelty")
_MISSING = "–"


def summary(report: Report) -> str:
    """What matters: the fusion against its parts and the baselines, the slider, the sound."""
    return _blocks(
        {
            "The fusion against its best single part": verdicts(report),
            "Each part alone, and left out": ablations(report),
            "Beside other methods": overview(report),
            f"Found among the nearest {NEAREST} by sound alone": likeness(report),
        }
    )


def details(report: Report) -> str:
    """All figures: the slider, the margins, and every method on every kind of query."""
    return _blocks(
        {
            "Over the slider": curves(report),
            "What was played next": followed(report),
            "Segue against the best baseline": margins(report),
            "All methods": methods(report),
        }
    )


def verdicts(report: Report) -> str:
    """One line for each split and scenario."""
    lines = [
        [
            verdict.split,
            verdict.target,
            f"{verdict.queries}",
            verdict.metric.upper(),
            f"{verdict.fused:.4f}",
            f"{verdict.part} {verdict.best:.4f}",
            f"{verdict.gain:+.0%}" if verdict.best else _MISSING,
            f"{verdict.low:+.4f} to {verdict.high:+.4f}",
            "yes" if verdict.held else "**no**",
        ]
        for verdict in report.verdicts()
    ]
    head = ["split", "targets", "queries", "metric", "fused", "best part alone", "gain"]
    return _table([*head, "difference, 95% interval", "at least as good"], lines, left=(0, 1, 5))


def ablations(report: Report) -> str:
    """For each split: every part alone and left out, by scenario."""
    return _by_scenario(
        report,
        lambda split, target: {
            "all parts": report.pooled(split, target, "method")[WITHOUT_RULES],
            **report.pooled(split, target, "part"),
        },
    )


def overview(report: Report) -> str:
    """For each split: every method, by scenario."""
    return _by_scenario(report, lambda split, target: report.pooled(split, target, "method"))


def followed(report: Report) -> str:
    """For each split: how often the very next track was the first, or among the first ten."""
    blocks = []
    for split, target in report.scenarios():
        if target in FOLLOWING:
            rows = report.pooled(split, target, "method").values()
            lines = [[row.method.name, *_measured(row, NEXT_METRICS)] for row in rows]
            head = f"**Split {split}, {target}**"
            blocks += [head, _table(["method", *_names(NEXT_METRICS)], lines)]
    return "\n\n".join(blocks)


def curves(report: Report) -> str:
    """One line for each split and scenario: from sets alone to sound alone."""
    found = report.curves()
    if not found:
        return ""
    balances = list(next(iter(found.values())))
    lines = [
        [split, target, *(f"{value:.3f}" for value in curve.values())]
        for (split, target), curve in found.items()
    ]
    head = ["split", "targets", *(f"{balance:g}" for balance in balances)]
    return _table(head, lines, left=(0, 1))


def likeness(report: Report) -> str:
    """What was made alike, and how often sound finds it."""
    lines = [
        [
            f"same {one.made}",
            f"{one.asked}",
            f"{one.found:.1%}",
            f"{one.chance:.1%}",
            f"{one.found / one.chance:.1f}x",
        ]
        for one in report.likeness
    ]
    head = ["made alike", "asked", f"of the nearest {NEAREST}", "by chance", "times chance"]
    return _table(head, lines, left=(0,)) if lines else ""


def margins(report: Report) -> str:
    """Segue as shipped against the best baseline of each kind of query."""
    lines = []
    for m in report.margins():
        low, high = m["difference_95"]
        lines.append(
            [
                m["split"],
                m["seeds"],
                m["targets"],
                m["metric"],
                f"{m['segue']:.4f}",
                f"{m['best_baseline']} {m['baseline']:.4f}",
                f"{low:+.4f} to {high:+.4f}",
            ]
        )
    head = ["split", "seeds", "targets", "metric", "Segue", "best baseline"]
    return _table([*head, "difference, 95% interval"], lines, left=(0, 1, 2, 3, 5))


def methods(report: Report) -> str:
    """Every method with all metrics, one table for each kind of query."""
    blocks = []
    for split, seeds, target in report.kinds():
        rows = report.select(split, seeds, target)
        metrics = NEXT_METRICS if target in FOLLOWING else METRICS
        noun = "seed" if seeds == "1" else "seeds"
        count = "half of the set as" if seeds == "half" else seeds
        head = f"**Split {split}, {count} {noun}, {target} targets** ({rows[0].queries} queries)"
        lines = [[row.method.name, *_measured(row, metrics)] for row in rows]
        blocks += [head, _table(["method", *_names(metrics)], lines)]
    return "\n\n".join(blocks)


def _by_scenario(report: Report, rows_of: Callable[[str, str], dict[str, Row]]) -> str:
    """One table for each split: a line for each name, a column for each scenario."""
    blocks = []
    for split in dict.fromkeys(split for split, _ in report.scenarios()):
        columns = {
            target: rows_of(split, target) for other, target in report.scenarios() if other == split
        }
        names = dict.fromkeys(name for column in columns.values() for name in column)
        best = {
            target: max(row.decisive for row in column.values())
            for target, column in columns.items()
        }
        lines = [
            [name, *(_cell(column.get(name), best[target]) for target, column in columns.items())]
            for name in names
        ]
        measures = [
            f"{target} ({next(iter(column.values())).judged_by.upper()})"
            for target, column in columns.items()
        ]
        blocks += [f"**Split {split}**", _table(["", *measures], lines)]
    return "\n\n".join(blocks)


def _cell(row: Row | None, best: float) -> str:
    if row is None:
        return _MISSING
    return f"**{row.decisive:.4f}**" if row.decisive == best > 0 else f"{row.decisive:.4f}"


def _blocks(tables: dict[str, str]) -> str:
    return "\n\n".join(f"### {title}\n\n{table}" for title, table in tables.items() if table)


def _table(head: list[str], lines: Iterable[list[str]], left: tuple[int, ...] = (0,)) -> str:
    rule = "|" + "".join("---|" if i in left else "---:|" for i in range(len(head)))
    rows = [f"| {' | '.join(line)} |" for line in lines]
    return "\n".join([f"| {' | '.join(head)} |", rule, *rows]) if rows else ""


def _names(metrics: tuple[str, ...]) -> list[str]:
    # With one target, recall among the first ten is whether it is there.
    return ["hits@10" if m == "recall@10" and metrics is NEXT_METRICS else m for m in metrics]


def _measured(row: Row, metrics: tuple[str, ...]) -> list[str]:
    return [_digits(name, row.metrics[name]) for name in metrics]


def _digits(name: str, value: float) -> str:
    return f"{value:.1f}" if name == "novelty" else f"{value:.4f}"
