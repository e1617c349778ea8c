"""Asks `segue recommend` as a person and as a program do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from dashboard.cli.command import app

SEED = "Fennec Unit - Hollow Horizon"
STRANGER = "Nobody Ever Heard - Of This Track"


def run(*args: str, stdin: bytes | str | None = None) -> Any:
    return CliRunner().invoke(app, list(args), input=stdin)


def answers(queries: Path, *args: str) -> list[dict[str, Any]]:
    out = queries.with_suffix(".out")
    result = run("recommend", "--queries", str(queries), "--out", str(out), *args)
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def query(number: Any, *seeds: tuple[str, str]) -> str:
    return json.dumps({"id": number, "seeds": [{"artist": a, "title": t} for a, t in seeds]})
