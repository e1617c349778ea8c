"""The `segue` command as a whole: help, errors and what goes to which stream."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dashboard.cli.command import app

ROOT = Path(__file__).parents[2]
SEGUE = [sys.executable, "-m", "dashboard.cli"]
COMMANDS = (
    ["demo"],
    ["scrape", "mixesdb"],
    ["import", "tracklists"],
    ["identify"],
    ["analyse"],
    ["similar"],
    ["train"],
    ["recommend"],
    ["order"],
    ["path"],
    ["feedback", "like"],
    ["evaluate"],
    ["stats"],
    ["serve"],
)


def segue(*args: str, **kwargs) -> subprocess.CompletedProcess[str]:  # type: ignore[no-untyped-def]
    return subprocess.run(
        [*SEGUE, *args], cwd=ROOT, capture_output=True, encoding="utf-8", check=False, **kwargs
    )


def test_segue_alone_shows_its_help() -> None:
    shown = CliRunner().invoke(app, []).output
    assert "which track to play next" in shown
    for command in COMMANDS:
        assert command[0] in shown


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself(command: list[str]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert "Usage" in result.output


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from dashboard.cli.command import app\n"
        "heavy = {'numpy', 'sqlalchemy', 'dash', 'torch', 'implicit', 'pydantic', 'httpx'}\n"
        "sys.exit(' '.join(heavy & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert run.stderr.strip() == ""


def test_state_goes_to_segue_home_and_nowhere_else(own_home: Path, tmp_path: Path) -> None:
    # Started from an empty folder: a stray file would show.
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HOME": str(elsewhere)}
    run = subprocess.run([*SEGUE, "stats"], cwd=elsewhere, env=environment, capture_output=True)
    assert run.returncode == 0
    assert any(own_home.iterdir())
    assert list(elsewhere.iterdir()) == []


def test_a_setting_that_makes_no_sense_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEGUE_PORT", "http")
    run = segue("stats")
    assert run.returncode == 2
    assert re.fullmatch(r"The setting SEGUE_PORT cannot be 'http': .*\n", run.stderr)


def test_a_home_that_cannot_be_made_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SEGUE_HOME", str(tmp_path / "file" / "home"))
    run = segue("stats")
    assert run.returncode == 2
    assert run.stderr.count("\n") == 1
    assert "SEGUE_HOME" in run.stderr


def test_names_in_any_script_pass_a_pipe_in_any_locale() -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    run = segue("identify", "--lines", "-", input="夜 - Été\n", env=environment)
    assert "夜" in run.stdout
    assert "Été" in run.stdout


def test_ctrl_c_ends_with_a_sentence_and_130(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [*SEGUE, "identify", "--json", "--lines", "-"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin and process.stdout and process.stderr
    process.stdin.write("Odd Heron - Low Tide\n" * 3000)  # more than a buffer, so it has begun
    process.stdin.flush()
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=30)
    assert process.returncode == 130
    assert error == "Stopped.\n"
