from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from hybrid.evaluate import tables
from hybrid.evaluate.likeness import Likeness
from hybrid.evaluate.methods import GOES_WITH, SEGUE, WITHOUT_RULES, Method
from hybrid.evaluate.metrics import Tally
from hybrid.evaluate.report import Report, Row
from hybrid.evaluate.tables import METRICS, NEXT_METRICS

GROUPS = np.array([3, 3, 4])


def nothing(_):
    raise AssertionError("nobody is asked here")


def row(
    method: str | Method,
    recall: list[float],
    ndcg: list[float],
    target: str = "warm",
    seeds: str = "1",
) -> Row:
    tally = Tally(np.ones(4, np.float32), 3)
    tally.recall_50, tally.ndcg_50, tally.mrr = recall, ndcg, ndcg
    named = method if isinstance(method, Method) else Method(method, nothing)
    return Row("by date", seeds, target, named, 4, tally, GROUPS)


def part(name: str, ndcg: list[float], target: str = "warm", left_out: bool = False) -> Row:
    how = "without" if left_out else "only"
    method = Method(f"{how} {name}", nothing, kind="part", part=name, left_out=left_out)
    return row(method, ndcg, ndcg, target)


def at(balance: float, ndcg: list[float], target: str = "warm", seeds: str = "1") -> Row:
    method = Method(f"balance {balance:g}", nothing, kind="curve", balance=balance)
    return row(method, ndcg, ndcg, target, seeds)


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


@pytest.fixture
def parts() -> Report:
    """On warm targets the fusion wins clearly, on mixed ones it is behind; one next track."""
    return Report(
        fingerprint="abc",
        sets=30,
        near_duplicates=0,
        recordings=99,
        draws=1,
        rows=[
            row(WITHOUT_RULES, [0.0] * 3, [0.5, 0.6, 0.7]),
            part("sets", [0.4, 0.4, 0.4]),
            part("sound", [0.5, 0.4, 0.3]),
            part("sound", [0.9, 0.9, 0.9], left_out=True),
            row(WITHOUT_RULES, [0.0] * 3, [0.1, 0.2, 0.3], "mixed"),
            part("sets", [0.3, 0.3, 0.3], "mixed"),
            part("sound", [0.0, 0.0, 0.0], "mixed"),
            row(WITHOUT_RULES, [0.0] * 3, [1.0, 0.5, 0.0], "next"),
            row(GOES_WITH, [0.0] * 3, [0.9, 0.9, 0.9], "next"),
            part("next", [0.0, 0.0, 0.0], "next"),
            at(0.0, [0.4, 0.4, 0.4]),
            at(1.0, [0.5, 0.4, 0.3]),
        ],
    )


def test_segue_is_held_against_the_best_baseline_of_each_metric(report):
    recall, ndcg = report.margins()[:2]
    assert recall["metric"] == "recall@50"
    assert (recall["best_baseline"], recall["baseline"], recall["segue"]) == ("item-kNN", 0.2, 0.5)
    assert recall["difference_95"] == [0.3, 0.3]
    assert (ndcg["best_baseline"], ndcg["baseline"], ndcg["segue"]) == ("popularity", 0.3, 0.4)
    assert ndcg["difference_95"] == [0.1, 0.1]


def test_what_segue_does_in_another_way_is_no_baseline(report):
    report.rows += [
        row("played right after", [0.0] * 3, [0.1] * 3, "next"),
        row(GOES_WITH, [0.0] * 3, [0.9] * 3, "next"),
        row(SEGUE, [0.0] * 3, [0.2] * 3, "next"),
    ]
    assert not {WITHOUT_RULES, GOES_WITH} & {m["best_baseline"] for m in report.margins()}


def test_every_kind_of_query_has_its_margins(report):
    kinds = [(m["split"], m["seeds"], m["targets"], m["metric"]) for m in report.margins()]
    assert kinds == [
        ("by date", "1", target, metric)
        for target in ("warm", "cold")
        for metric in ("recall@50", "ndcg@50")
    ]
    low, high = report.margins()[2]["difference_95"]
    assert low <= 0.2 <= high


def test_where_no_baseline_was_asked_there_is_no_margin(report):
    report.rows = [r for r in report.rows if r.method.name in (SEGUE, WITHOUT_RULES)]
    assert report.margins() == []
    assert tables.margins(report) == ""


class TestVerdicts:
    def test_the_fusion_is_held_against_the_best_part_that_stands_alone(self, parts):
        warm, mixed, following = parts.verdicts()
        assert (warm.target, warm.part, warm.held) == ("warm", "sets", True)
        assert (warm.fused, warm.best) == (pytest.approx(0.6), pytest.approx(0.4))
        assert warm.gain == pytest.approx(0.5)
        assert 0 < warm.low <= 0.2 <= warm.high
        assert (mixed.target, mixed.part, mixed.held) == ("mixed", "sets", False)
        assert mixed.gain == pytest.approx(-1 / 3)
        assert mixed.low < -0.1 <= mixed.high
        assert (following.target, following.metric) == ("next", "mrr")

    def test_a_part_that_finds_nothing_is_beaten_by_no_share(self, parts):
        following = parts.verdicts()[-1]
        assert following.held
        assert math.isnan(following.gain)
        assert following.as_dict()["gain"] is None
        assert "| – |" in tables.verdicts(parts)

    def test_as_good_is_good_enough(self, parts):
        parts.rows = [
            row(WITHOUT_RULES, [0.0] * 3, [0.4, 0.4, 0.4]),
            part("sets", [0.4, 0.4, 0.4]),
        ]
        (verdict,) = parts.verdicts()
        assert verdict.held
        assert verdict.gain == 0

    def test_the_table_says_yes_or_no(self, parts):
        _, _, *lines = tables.verdicts(parts).splitlines()
        assert [line.split("|")[-2].strip() for line in lines] == ["yes", "**no**", "yes"]
        assert "| sets 0.4000 | +50% |" in lines[0]


def test_all_numbers_of_seeds_count_together_each_query_as_much(report):
    report.rows += [replace(report.rows[0], seeds="5", groups=np.array([8]))]
    report.rows[-1] = replace(report.rows[-1], tally=row("", [0.5], [0.7]).tally)
    pooled = report.pooled("by date", "warm", "method")["popularity"]
    assert (pooled.queries, pooled.seeds) == (4, "all")
    assert pooled.metrics["ndcg@50"] == pytest.approx((0.9 + 0.7) / 4)
    assert pooled.groups.tolist() == [3, 3, 4, 8]
    assert report.rows[0].queries == 3


def test_scenarios_come_in_one_order_whatever_was_asked_first(parts):
    parts.rows.reverse()
    assert parts.scenarios() == [("by date", t) for t in ("warm", "mixed", "next")]


def test_the_curve_goes_over_the_slider(parts):
    parts.rows += [at(0.0, [0.1, 0.1, 0.1], seeds="5"), at(1.0, [0.4, 0.4, 0.4], seeds="5")]
    curve = parts.curves()
    assert list(curve) == [("by date", "warm")]
    assert curve["by date", "warm"] == pytest.approx({0.0: 0.25, 1.0: 0.4})
    head, _, line = tables.curves(parts).splitlines()
    assert head == "| split | targets | 0 | 1 |"
    assert line == "| by date | warm | 0.250 | 0.400 |"


def test_the_best_of_a_scenario_stands_out_and_what_was_not_asked_is_a_dash(parts):
    text = tables.ablations(parts)
    assert "**Split by date**" in text
    head, _, whole, *others = text.splitlines()[2:]
    assert head == "|  | warm (NDCG@50) | mixed (NDCG@50) | next (MRR) |"
    assert whole == "| all parts | 0.6000 | 0.2000 | **0.5000** |"
    assert "| without sound | **0.9000** | – | – |" in others
    assert "| only sets | 0.4000 | **0.3000** | – |" in others


def test_rows_are_found_by_kind(parts):
    names = [r.method.name for r in parts.select("by date", "1", "warm")]
    assert names == [WITHOUT_RULES]
    assert len(parts.select("by date", "1", "warm", kind="part")) == 3
    assert len(parts.select("by date", "1", "warm", kind=None)) == 6
    assert parts.select("random", "1", "warm") == []


def test_the_json_holds_everything_and_can_be_written(report, parts):
    read = json.loads(json.dumps(report.as_dict()))
    assert {name: read[name] for name in ("fingerprint", "sets", "near_duplicates")} == {
        "fingerprint": "abc",
        "sets": 30,
        "near_duplicates": 2,
    }
    assert (read["recordings"], read["draws"], read["heard"]) == (99, 3, 0)
    assert len(read["rows"]) == 6
    assert len(read["margins"]) == 4
    head = {"split", "seeds", "targets", "kind", "method", "queries", "hits@1"}
    assert all(set(one) == head | set(METRICS) for one in read["rows"])
    assert read["rows"][-1]["ndcg@50"] == 0.2
    parts.likeness = [Likeness("maker", 9, 0.123456, 0.01)]
    read = json.loads(json.dumps(parts.as_dict()))
    assert [v["held"] for v in read["verdicts"]] == [True, False, True]
    assert read["curves"] == [
        {"split": "by date", "targets": "warm", "curve": {"0": 0.4, "1": 0.4}}
    ]
    assert read["likeness"] == [{"made": "maker", "asked": 9, "found@10": 0.1235, "chance": 0.01}]


def test_all_methods_are_one_table_for_each_kind_of_query(report):
    blocks = tables.methods(report).split("\n\n")
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
    assert words in tables.methods(report)


def test_where_one_track_is_asked_for_hits_are_told(parts):
    text = tables.followed(parts)
    assert "| method | hits@1 | hits@10 | mrr | coverage | novelty |" in text
    assert len(NEXT_METRICS) == 5
    assert text.count("\n") == 5
    assert "| hits@1 | hits@10 |" in tables.methods(parts)


def test_sound_is_told_beside_chance(parts):
    assert tables.likeness(parts) == ""
    parts.likeness = [Likeness("maker", 9, 0.4, 0.01)]
    assert "| same maker | 9 | 40.0% | 1.0% | 40.0x |" in tables.likeness(parts)


def test_the_whole_is_the_summary_and_the_details(parts):
    text = parts.markdown()
    assert text.index("### The fusion against its best single part") < text.index("### All methods")
    assert "### Over the slider" in text
    assert "by sound alone" not in text  # nothing was made to be alike


def test_a_report_without_rows_is_empty():
    empty = Report("abc", 0, 0, 0, 3)
    assert empty.markdown() == ""
    assert empty.as_dict()["margins"] == []
