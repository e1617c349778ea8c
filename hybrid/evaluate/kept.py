"""The last evaluation, kept where the page finds it: ``SEGUE_HOME/reports/evaluation.json``."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from data.errors import SegueError
from data.settings import Settings
from hybrid.evaluate.report import Report


@dataclass(frozen=True, slots=True)
class Kept:
    """An evaluation as it was kept.

    Parameters
    ----------
    date : str
        When it was made, in ISO 8601 in UTC.
    fingerprint : str
        Of the catalogue that it was made on: where `Catalogue.fingerprint` is another now, sets
        came or went since.
    figures : dict
        `Report.as_dict`; null for a figure that is not a number.
    """

    date: str
    fingerprint: str
    figures: dict[str, Any]


def path_of(settings: Settings) -> Path:
    """Return where the last evaluation is kept."""
    return settings.home / "reports" / "evaluation.json"


def keep(settings: Settings, report: Report) -> Path:
    """Write a report in the place of the last one, whole or not at all.

    Raises
    ------
    SegueError
        If it cannot be written.
    """
    # JSON has no word for "not a number", and Python's would stop every other reader.
    figures = json.loads(json.dumps(report.as_dict()), parse_constant=lambda _: None)
    value = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "fingerprint": report.fingerprint,
        "figures": figures,
    }
    path = path_of(settings)
    part: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        part = Path(name)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file, ensure_ascii=False, allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        raise SegueError(f"{path} cannot be written ({error.strerror}).") from error
    finally:
        if part is not None:
            part.unlink(missing_ok=True)
    return path


def load(settings: Settings) -> Kept | None:
    """Return the last evaluation; None where none was made yet.

    Raises
    ------
    SegueError
        If the file is damaged.
    """
    path = path_of(settings)
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
        return Kept(str(value["date"]), str(value["fingerprint"]), dict(value["figures"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise SegueError(
            f"The kept evaluation in {path} cannot be read; run an evaluation to make a new one."
        ) from error
