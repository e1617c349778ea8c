from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from hybrid.evaluate.methods import SEGUE, WITHOUT_RULES
from hybrid.evaluate.metrics import Tally
from hybrid.evaluate.report import METRICS, Report, Row

GROUPS = np.array([3, 3, 4])


def row(method: str, recall: list[float], ndcg: list[float], target: str = "warm") -> Row:
    tally = Tally(np.ones(4, np.float32), 3)
    tally.recall_50, tally.ndcg_50 = recall, ndcg
    metrics = dict.fromkeys(METRICS, 0.12345)
    metrics |= {"recall@50": float(np.mean(recall)), "ndcg@50": float(np.mean(ndcg))}
    return Row("by date", "1", target, method, len(recall), metrics, tally, GROUPS)


@pytest.fixture
def report() -> Report:
    return Report(
        fingerprint="abc",
        sets=30,
        near_duplicates=2,
        recordings=99,
        draws=3,
        rows=[
            row("popularity", [0.1, 0.1, 0.1], [0.3, 0.3, 0.3]),
            row("item-kNN", [0.2, 0.2, 0.2], [0.2, 0.2, 0.2]),
            row(WITHOUT_RULES, [0.9, 0.9, 0.9], [0.9, 0.9, 0.9]),
            row(SEGUE, [0.5, 0.5, 0.5], [0.4, 0.4, 0.4]),
            row("popularity", [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], "cold"),
            row(SEGUE, [0.1, 0.2, 0.3], [0.1, 0.2, 0.3], "cold"),
        ],
    )


def test_segue_is_held_against_the_best_baseline_of_each_metric(report):
    recall, ndcg = report.margins()[:2]
    assert recall["metric"] == "recall@50"
    assert (recall["best_baseline"], recall["baseline"], recall["segue"]) == ("item-kNN", 0.2, 0.5)
    assert recall["difference_95"] == [0.3, 0.3]
    assert (ndcg["best_baseline"], ndcg["baseline"], ndcg["segue"]) == ("popularity", 0.3, 0.4)
    assert ndcg["difference_95"] == [0.1, 0.1]


def test_what_segue_does_without_its_rules_is_no_baseline(report):
    assert WITHOUT_RULES not in {m["best_baseline"] for m in report.margins()}


def test_every_kind_of_query_has_its_margins(report):
    kinds = [(m["split"], m["seeds"], m["targets"], m["metric"]) for m in report.margins()]
    assert kinds == [
        ("by date", "1", target, metric)
        for target in ("warm", "cold")
        for metric in ("recall@50", "ndcg@50")
    ]
    low, high = report.margins()[2]["difference_95"]
    assert low <= 0.2 <= high


def test_rows_are_found_by_kind(report):
    assert [r.method for r in report.select("by date", "1", "cold")] == ["popularity", SEGUE]
    assert report.select("random", "1", "cold") == []


def test_the_json_holds_everything_and_can_be_written(report):
    read = json.loads(json.dumps(report.as_dict()))
    assert {name: read[name] for name in ("fingerprint", "sets", "near_duplicates")} == {
        "fingerprint": "abc",
        "sets": 30,
        "near_duplicates": 2,
    }
    assert (read["recordings"], read["draws"]) == (99, 3)
    assert len(read["rows"]) == 6
    assert len(read["margins"]) == 4
    head = {"split", "seeds", "targets", "method", "queries"}
    assert all(set(one) == head | set(METRICS) for one in read["rows"])
    assert read["rows"][0]["mrr"] == 0.1235


def test_the_markdown_is_one_table_for_each_kind_of_query(report):
    blocks = report.markdown().split("\n\n")
    assert len(blocks) == 4  # heading and table, twice
    assert blocks[0] == "**Split by date, 1 seed, warm targets** (3 queries)"
    assert blocks[2] == "**Split by date, 1 seed, cold targets** (3 queries)"
    lines = blocks[1].splitlines()
    assert lines[0] == "| method | " + " | ".join(METRICS) + " |"
    assert len(lines) == 2 + 4
    columns = {line.count("|") for line in lines}
    assert columns == {len(METRICS) + 2}
    assert lines[2].startswith("| popularity | ")
    assert "| 0.1000 |" in lines[2]


@pytest.mark.parametrize(
    ("seeds", "words"), [("1", "1 seed,"), ("5", "5 seeds,"), ("half", "half of the set as seeds,")]
)
def test_the_heading_says_how_many_seeds_were_given(report, seeds, words):
    report.rows = [replace(r, seeds=seeds) for r in report.rows]
    assert words in report.markdown()


def test_a_report_without_rows_is_empty():
    empty = Report("abc", 0, 0, 0, 3)
    assert empty.markdown() == ""
    assert empty.as_dict()["margins"] == []
