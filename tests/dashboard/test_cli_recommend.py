"""``segue train``, ``segue recommend`` and ``segue evaluate``, on the demo crate."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app

ROOT = Path(__file__).parents[2]
SEED = "Fennec Unit - Hollow Horizon"
STRANGER = "Nobody Ever Heard - Of This Track"


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the demo crate, made once by the real command."""
    home = tmp_path_factory.mktemp("trained")
    environment = {**os.environ, "SEGUE_HOME": str(home)}
    subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "demo", "--no-sound"],
        cwd=ROOT,
        env=environment,
        check=True,
    )
    return home


@pytest.fixture
def demo_home(trained: Path, own_home: Path) -> Path:
    shutil.copytree(trained, own_home)
    return own_home


def run(*args: str, stdin: bytes | str | None = None) -> Any:
    return CliRunner().invoke(app, list(args), input=stdin)


def answers(queries: Path, *args: str) -> list[dict[str, Any]]:
    out = queries.with_suffix(".out")
    result = run("recommend", "--queries", str(queries), "--out", str(out), *args)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def query(number: Any, *seeds: tuple[str, str]) -> str:
    return json.dumps({"id": number, "seeds": [{"artist": a, "title": t} for a, t in seeds]})


def test_recommend_without_a_model_says_what_to_do_first() -> None:
    result = run("recommend", SEED)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert "segue train" in result.stderr


def test_train_without_sets_says_what_to_do_first() -> None:
    result = run("train")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1


def test_train_tells_sets_recordings_seconds_and_where_the_model_went(demo_home: Path) -> None:
    result = run("train")
    assert result.exit_code == 0
    assert "300 sets" in result.stdout
    assert str(demo_home) in result.stdout
    report = json.loads(run("train", "--json").stdout)
    assert report["sets"] == 300
    assert report["recordings"] > 1000
    assert report["seconds"] > 0
    assert Path(report["folder"]).is_relative_to(demo_home)


def test_json_holds_every_result_with_its_evidence(demo_home: Path) -> None:
    answer = json.loads(run("recommend", SEED, "-k", "10", "--json").stdout)
    assert answer.keys() == {"seeds", "results", "unknown", "removed"}
    (seed,) = answer["seeds"]
    assert (seed["artist"], seed["title"]) == ("Fennec Unit", "Hollow Horizon")
    assert seed["rung"] == "recording"
    assert answer["unknown"] == []
    assert len(answer["results"]) == 10
    for result in answer["results"]:
        assert {"artist", "title", "score", "version", "label", "sets", "reason"} <= result.keys()
        assert result["title"].endswith(f"({result['version']})") or not result["version"]
        assert result["reason"]
        assert "sets_together" in result["evidence"]
    scores = [result["score"] for result in answer["results"]]
    assert scores == sorted(scores, reverse=True)
    assert any(result["evidence"]["sets_together"] for result in answer["results"])


def test_people_see_rank_track_and_reason(demo_home: Path) -> None:
    result = run("recommend", SEED, "-k", "3")
    assert result.exit_code == 0
    rows = [line for line in result.stdout.splitlines() if line.strip()]
    assert len(rows) >= 4
    assert " - " in rows[1]
    assert "Fennec Unit - Hollow Horizon" in result.stderr  # how the seed was understood


def test_a_track_typed_with_mistakes_is_answered_as_the_one_that_was_meant(
    demo_home: Path,
) -> None:
    answer = json.loads(run("recommend", "fenec unit hollow horizn", "--json").stdout)
    (seed,) = answer["seeds"]
    assert seed["query"] == "fenec unit hollow horizn"
    assert (seed["artist"], seed["title"]) == ("Fennec Unit", "Hollow Horizon")
    assert seed["rung"] == "search"


def test_a_version_the_catalogue_lacks_is_answered_by_one_it_has(demo_home: Path) -> None:
    result = run("recommend", f"{SEED} (Odd Heron Remix)", "-k", "1")
    assert f"going with its version {SEED}." in result.stderr


def test_a_track_nobody_knows_is_named_and_is_not_fatal(demo_home: Path) -> None:
    result = run("recommend", STRANGER, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["unknown"] == [STRANGER]
    spoken = run("recommend", STRANGER)
    assert spoken.exit_code == 0
    assert STRANGER in spoken.stderr


def test_a_query_file_gets_one_answer_a_line_in_order(demo_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(
        "\n".join(
            [
                query("a", ("Fennec Unit", "Hollow Horizon")),
                query(2, ("Nobody Ever Heard", "Of This Track")),
                query(
                    "mixed",
                    ("Nadia Thorngate", "Lightning Dynasty (Marcelline Dupree Dub Mix)"),
                    ("Nobody Ever Heard", "Of This Track"),
                ),
            ]
        )
    )
    first, second, third = answers(file, "-k", "7")
    assert [a["id"] for a in (first, second, third)] == ["a", 2, "mixed"]
    assert len(first["results"]) == 7
    assert first.keys() == {"id", "results", "unknown"}
    assert {"artist", "title", "score"} <= first["results"][0].keys()
    assert first["unknown"] == []
    assert second["unknown"] == [{"artist": "Nobody Ever Heard", "title": "Of This Track"}]
    assert all("Nothing is known" in r["reason"] for r in second["results"])
    assert third["unknown"] == second["unknown"]
    assert len(third["results"]) == 7


def test_a_file_gives_the_same_answers_as_the_terminal(demo_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(query(1, ("Fennec Unit", "Hollow Horizon")))
    (answer,) = answers(file, "-k", "20")
    spoken = json.loads(run("recommend", SEED, "-k", "20", "--json").stdout)
    assert [r["title"] for r in answer["results"]] == [r["title"] for r in spoken["results"]]


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b"[]",
        b'"text"',
        b"{}",
        b'{"id": 1}',
        b'{"id": 1, "seeds": []}',
        b'{"id": 1, "seeds": "Odd Heron - Low Tide"}',
        b'{"id": 1, "seeds": ["Odd Heron - Low Tide"]}',
        b'{"id": 1, "seeds": [{"artist": "Odd Heron"}]}',
        b'{"id": 1, "seeds": [{"artist": null, "title": 7}]}',
        b'{"id": {"a": 1}, "seeds": []}',
        b"\xff\xfe",
        b"[" * 100_000,
        b"1" * 10_000,
        b"\x00",
    ],
    ids=range(15),
)
def test_a_malformed_line_is_an_error_in_its_answer_and_the_rest_goes_on(
    demo_home: Path, tmp_path: Path, line: bytes
) -> None:
    good = query("good", ("Fennec Unit", "Hollow Horizon")).encode()
    file = tmp_path / "q.jsonl"
    # More than a block of good lines first: what is in it decides whether a file is text.
    file.write_bytes(b"\n".join([*[good] * 60, line, b"", good]))
    found = answers(file, "-k", "2")
    assert len(found) == 62
    assert found[60]["error"]
    assert found[60]["results"] == []
    assert "error" not in found[61]
    assert len(found[61]["results"]) == 2


@pytest.mark.parametrize(
    ("artist", "title"),
    [
        ("", ""),
        ("", "Hollow Horizon"),
        ("?", "?"),
        ("\ud800", "x"),
        ("a\x00b", "c"),
        ('"', '" OR zzz*'),
        ("x" * 10_000, "y" * 10_000),
        ("夜", "🚌"),
        ("NEAR(", "AND OR NOT"),
    ],
)
def test_strange_names_are_unknown_and_never_fatal(
    demo_home: Path, tmp_path: Path, artist: str, title: str
) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text(query(1, (artist, title)))
    (answer,) = answers(file)
    assert "error" not in answer
    assert len(answer["unknown"]) == 1


def test_a_number_that_is_no_number_does_not_make_bad_json(demo_home: Path, tmp_path: Path) -> None:
    file = tmp_path / "q.jsonl"
    file.write_text('{"id": NaN, "seeds": [{"artist": "Fennec Unit", "title": "Hollow Horizon"}]}')
    (answer,) = answers(file, "-k", "1")
    assert answer["id"] is None


def test_a_dash_reads_stdin_and_writes_stdout(demo_home: Path) -> None:
    line = query(1, ("Fennec Unit", "Hollow Horizon"))
    result = run("recommend", "--queries", "-", "--out", "-", "-k", "1", stdin=f"{line}\n\n{line}")
    assert result.exit_code == 0
    assert [json.loads(text)["id"] for text in io.StringIO(result.stdout)] == [1, 1]


def test_the_answers_appear_whole_or_not_at_all(demo_home: Path, tmp_path: Path) -> None:
    out = tmp_path / "r.jsonl"
    out.write_text("the answers of yesterday")
    result = run("recommend", "--queries", str(tmp_path / "missing"), "--out", str(out))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert out.read_text() == "the answers of yesterday"
    assert [file.name for file in tmp_path.iterdir() if file.is_file()] == ["r.jsonl"]


@pytest.mark.parametrize("out", ["missing/r.jsonl", "folder"])
def test_an_output_that_cannot_be_written_is_one_sentence(
    demo_home: Path, tmp_path: Path, out: str
) -> None:
    (tmp_path / "folder").mkdir()
    queries = tmp_path / "q.jsonl"
    queries.write_text(query(1, ("Fennec Unit", "Hollow Horizon")))
    result = run("recommend", "--queries", str(queries), "--out", str(tmp_path / out))
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert not list(tmp_path.glob("**/*.part"))


@pytest.mark.parametrize(
    "args",
    [[], [SEED, "--queries", "q"], [SEED, "--out", "r"], [SEED, "-k", "0"], [SEED, "-k", "many"]],
)
def test_asking_for_what_makes_no_sense_explains_the_usage(args: list[str]) -> None:
    result = run("recommend", *args)
    assert result.exit_code == 2
    assert "Usage" in result.stderr


def test_evaluate_prints_its_figures_and_writes_them(demo_home: Path) -> None:
    result = run("evaluate", "--draws", "1", "--json")
    assert result.exit_code == 0
    assert str(demo_home / "evaluation.json") in result.stderr
    figures = json.loads(result.stdout)
    assert {"recall@10", "recall@50", "ndcg@50", "mrr"} <= figures["rows"][0].keys()
    assert json.loads((demo_home / "evaluation.json").read_text()) == figures


@pytest.mark.slow
def test_evaluate_prints_a_table_for_people(demo_home: Path) -> None:
    result = run("evaluate", "--draws", "1")
    assert result.exit_code == 0
    assert "| method |" in result.stdout


def test_evaluate_without_sets_says_what_to_do_first() -> None:
    result = run("evaluate")
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
