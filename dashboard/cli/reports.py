"""What both commands that evaluate do with what they measured."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import typer

from dashboard.cli.files import writing
from dashboard.cli.output import print_json, say, to_json


class Report(Protocol):
    """Figures, for people and for programs."""

    def as_dict(self) -> dict[str, Any]:
        """Return everything that was measured."""

    def markdown(self) -> str:
        """Return the tables."""


def tell_report(report: Report, path: Path, *, as_json: bool) -> None:
    """Keep a report as JSON in `path`, print it, and say where it is."""
    with writing(path) as file:
        file.write(f"{to_json(report.as_dict())}\n")
    if as_json:
        print_json(report.as_dict())
    else:
        typer.echo(report.markdown())
    say(f"The figures are in {path}.")
