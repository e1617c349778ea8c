"""``segue import``, ``segue demo``, and ``segue stats``, which counts what they brought."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app
from data.catalogue import Catalogue
from data.settings import get_settings

ROOT = Path(__file__).parents[2]
HEADER = "set_id,date,dj,set_title,position,artist,title,label\n"
ROWS = (
    "1,2024-05-03,Ada,Friday,1,Odd Heron,Low Tide,Moss\n"
    "1,2024-05-03,Ada,Friday,2,?,?,\n"
    "1,2024-05-03,Ada,Friday,3,Zoë & Salt,Nuit (Dub),Moss\n"
)


def run(*args: str) -> Any:
    return CliRunner().invoke(app, list(args))


def counts() -> dict[str, int]:
    return json.loads(run("stats", "--json").stdout)


@pytest.fixture
def csv_file(tmp_path: Path) -> Path:
    file = tmp_path / "sets.csv"
    file.write_text(HEADER + ROWS, encoding="utf-8")
    return file


def test_stats_of_an_empty_catalogue_are_zeros() -> None:
    assert counts() == {
        "sets": 0,
        "recordings": 0,
        "works": 0,
        "plays": 0,
        "artists": 0,
        "labels": 0,
        "analysed": 0,
    }


def test_import_tells_what_came_in(csv_file: Path) -> None:
    result = run("import", "tracklists", str(csv_file), "--json")
    assert result.exit_code == 0
    summary = json.loads(result.stdout)
    assert {name: summary[name] for name in ("files", "sets", "plays", "unknown")} == {
        "files": 1,
        "sets": 1,
        "plays": 2,
        "unknown": 1,
    }
    assert summary["set_aside"] == []
    assert counts()["recordings"] == 2


def test_importing_twice_changes_nothing(csv_file: Path) -> None:
    run("import", "tracklists", str(csv_file))
    before = counts()
    assert run("import", "tracklists", str(csv_file)).exit_code == 0
    assert counts() == before


def test_import_tells_people_in_words_and_keeps_advice_off_stdout(csv_file: Path) -> None:
    result = run("import", "tracklists", str(csv_file))
    assert "1 sets" not in result.stdout
    assert "2 identified plays" in result.stdout
    assert "segue train" in result.stderr
    assert "segue train" not in result.stdout


def test_what_is_set_aside_is_listed_with_file_and_reason(tmp_path: Path) -> None:
    pages = {
        "2024-01-01 - Ada - Show": {
            "date": "2024-01-01",
            "tracklist": "== Tracklist ==\n# Odd Heron - Low Tide\n# Zoë - Nuit\n",
        },
        "2024-01-02 - Bo - Show": {"date": "2024-01-02", "tracklist": "no list on this page"},
    }
    file = tmp_path / "pages.json"
    file.write_text(json.dumps(pages), encoding="utf-8")
    summary = json.loads(run("import", "tracklists", str(file), "--json").stdout)
    assert summary["sets"] == 1
    (entry,) = summary["set_aside"]
    assert entry.keys() == {"file", "reason"}
    assert str(file) in entry["file"]
    assert "Bo" in entry["reason"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("broken.json", b'{"pages": ['),
        ("other.json", b'{"weather": "fine"}'),
        ("header.csv", b"a,b,c\n1,2,3\n"),
        ("binary", b"\x7fELF\x02\x01\x01\0\0\0\xff\xfe"),
        ("empty.html", b""),
        ("blank.txt", b"\n \n"),
        ("page.html", b"<!doctype html><html><body><p>Hello</p></body></html>"),
        ("header only.csv", HEADER.encode()),
        ("missing", None),
        ("cut.json.gz", b"\x1f\x8b\x08\0\0\0\0\0"),
    ],
)
def test_bad_input_is_one_sentence_exit_code_2_and_no_change(
    tmp_path: Path, csv_file: Path, name: str, content: bytes | None
) -> None:
    run("import", "tracklists", str(csv_file))
    before = counts()
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)
    # With a good file beside it: all or nothing.
    other = tmp_path / "good.csv"
    other.write_text(HEADER + ROWS.replace("1,2024", "2,2025"), encoding="utf-8")
    for args in ([str(file)], [str(other), str(file)]):
        result = run("import", "tracklists", *args)
        if args[0] == str(other) and result.exit_code == 0:
            continue  # a readable file without a list is counted, and the good one comes in
        assert result.exit_code == 2, result.output
        assert result.stderr.count("\n") == 1, result.stderr
        assert name in result.stderr
        assert "Traceback" not in result.output
        assert counts() == before


def test_a_line_of_200_mb_is_refused_quickly(tmp_path: Path) -> None:
    file = tmp_path / "line.txt"
    with file.open("wb") as opened:
        for _ in range(200):
            opened.write(b"a" * 2**20)
    result = run("import", "tracklists", str(file))
    file.unlink()
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert counts()["sets"] == 0


def test_demo_gives_a_trained_catalogue_and_can_be_taken_out_again(csv_file: Path) -> None:
    run("import", "tracklists", str(csv_file))
    assert run("demo", "--no-sound").exit_code == 0
    assert counts()["sets"] == 301
    assert any(get_settings().models_dir.rglob("*.json"))
    before = counts()
    assert run("demo", "--no-sound").exit_code == 0
    assert counts() == before
    assert run("demo", "--remove").exit_code == 0
    assert counts()["sets"] == 1


def test_demo_if_empty_leaves_a_catalogue_with_music_alone(csv_file: Path) -> None:
    run("import", "tracklists", str(csv_file))
    assert run("demo", "--no-sound", "--if-empty").exit_code == 0
    assert counts()["sets"] == 1


def test_demo_if_empty_finishes_a_first_run_that_was_cut_off_before_training() -> None:
    from data.demo import demo_tracklists

    get_settings().home.mkdir(parents=True)
    with Catalogue.open(get_settings().url) as catalogue:
        catalogue.add_tracklists(demo_tracklists())
    assert run("demo", "--no-sound", "--if-empty").exit_code == 0
    assert run("recommend", "Fennec Unit - Hollow Horizon", "-k", "1").exit_code == 0


def test_real_sets_join_the_demo_crate_or_replace_it(csv_file: Path) -> None:
    run("demo", "--no-sound")
    joined = run("import", "tracklists", str(csv_file))
    assert "segue demo --remove" in joined.stderr
    assert counts()["sets"] == 301
    run("import", "tracklists", str(csv_file), "--replace-demo")
    assert counts()["sets"] == 1


def test_an_import_that_fails_keeps_the_demo_crate(tmp_path: Path) -> None:
    run("demo", "--no-sound")
    (tmp_path / "empty").touch()
    run("import", "tracklists", str(tmp_path / "empty"), "--replace-demo")
    assert counts()["sets"] == 300


def test_an_import_that_is_killed_leaves_a_catalogue_that_opens(
    csv_file: Path, own_home: Path
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "dashboard.cli", "import", "tracklists", str(csv_file)], cwd=ROOT
    )
    process.kill()
    process.wait()
    assert run("import", "tracklists", str(csv_file)).exit_code == 0
    assert counts()["sets"] == 1
