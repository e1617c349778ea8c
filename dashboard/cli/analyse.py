"""``segue analyse``: hear audio files, and say what they sound like."""

from __future__ import annotations

import csv
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli.files import writing
from dashboard.cli.output import (
    REASONS_SHOWN,
    counted,
    print_json,
    print_table,
    progress_bar,
    say,
    working,
)
from dashboard.cli.state import open_catalogue, read_settings
from data.errors import SegueError

if TYPE_CHECKING:
    from data.harmony import Key
    from data.records import Analysis, SetAside
    from hybrid.analysis import HeardFile

_DIGITS = 4  # of what is measured; more would claim what no measure can


def analyse(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Audio files, and folders of them.")
    ],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON object per analysed file, one a line.")
    ] = False,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Files at once; one for each core if not given.")
    ] = None,
    failures: Annotated[
        Path | None, typer.Option(help="CSV file for those that could not be analysed, and why.")
    ] = None,
    encoder: Annotated[
        str, typer.Option(help="Which encoder makes the vectors; the best one if not given.")
    ] = "",
    again: Annotated[
        bool, typer.Option("--again", help="Analyse also what is in the catalogue already.")
    ] = False,
) -> None:
    """Measure tempo, key, energy and loudness of audio files, and make their vectors.

    Everything goes into the catalogue, where a file is known by its content: nothing is
    analysed twice, and the same command goes on after a break. Ctrl-C keeps what is done.
    """
    from hybrid import analysis, listen
    from hybrid.audio_files import find_audio

    settings = read_settings()
    with working("Looking for audio..."):
        found = find_audio(paths)
        if not found.files:
            raise SegueError(found.why_none())
        ear = listen.ear(settings, encoder)
    report = _Report(as_json=as_json)
    with open_catalogue(settings) as catalogue, _kept_failures(failures, report):
        outcomes = analysis.analyse_files(
            catalogue, settings, found.files, ear, workers=workers, again=again
        )
        with closing(outcomes), progress_bar("Analysing", len(found.files)) as advance:
            for outcome in outcomes:
                report.take(outcome)
                advance()
        lost = analysis.say_lost(catalogue, paths)
    report.tell(found.passed_over(), failures)
    if lost:
        say(lost)
    if not report.heard:
        raise SegueError("No file could be analysed; the reasons stand above.")


class _Report:
    """What is shown of a run: JSON at once, a table at the end."""

    def __init__(self, *, as_json: bool) -> None:
        self.heard = 0
        self.failed: list[SetAside] = []
        self._known = 0
        self._as_json = as_json
        self._rows: list[list[str]] = []
        self._started = time.monotonic()

    def take(self, outcome: HeardFile | SetAside) -> None:
        """Take in what came of one file."""
        from data.records import SetAside

        if isinstance(outcome, SetAside):
            self.failed.append(outcome)
            return
        self.heard += 1
        self._known += outcome.known
        if self._as_json:
            print_json(_object(outcome))
        else:
            self._rows.append(_row(outcome))

    def tell(self, passed: str, failures: Path | None) -> None:
        """Print the table, and to people what was done and what was not."""
        if self._rows:
            columns = ["File", ">Length", ">BPM", ">", "Key", "", ">", ">Energy", ">LUFS"]
            print_table(columns, sorted(self._rows))
        seconds = time.monotonic() - self._started
        new = self.heard - self._known
        known = f", {self._known:,} known already" if self._known else ""
        say(f"Analysed {counted(new, 'file')} in {seconds:.1f} s{known}.")
        if passed:
            say(f"Passed over in folders: {passed}.")
        if not self.failed:
            return
        say(f"Not analysed, with the reason ({len(self.failed):,}):")
        for entry in self.failed[:REASONS_SHOWN]:
            say(f"  {entry.where}: {entry.reason}")
        if len(self.failed) > REASONS_SHOWN:
            where = f"all of them in {failures}" if failures else "all of them with --failures FILE"
            say(f"  ... and {len(self.failed) - REASONS_SHOWN:,} more ({where})")


def _object(heard: HeardFile) -> dict[str, Any]:
    a = heard.analysis
    return {
        "file": str(heard.path),
        "duration_s": _rounded(a.duration_s),
        "bpm": _rounded(a.bpm),
        "bpm_confidence": _rounded(a.bpm_confidence),
        "bpm_alternatives": [_rounded(bpm) for bpm in a.bpm_alternatives],
        "key": a.key.classic() if a.key else None,
        "camelot": a.key.camelot() if a.key else None,
        "key_confidence": _rounded(a.key_confidence),
        "energy": _rounded(a.energy),
        "loudness_lufs": _rounded(a.loudness_lufs),
        "encoder": heard.encoder,
        "vector": heard.vector.tolist(),
        "key_runner_up": a.key_runner_up.classic() if a.key_runner_up else None,
        "rolloff_hz": _rounded(a.rolloff_hz),
        "beat_start_s": _rounded(a.beat_start_s),
        "provenance": a.provenance,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DIGITS)


def _row(heard: HeardFile) -> list[str]:
    a = heard.analysis
    minutes, seconds = divmod(round(a.duration_s), 60)
    return [
        str(heard.path),
        f"{minutes}:{seconds:02}",
        f"{a.bpm:.1f}" if a.bpm else "-",
        _certainty(a, "bpm", a.bpm_confidence),
        _key_name(a.key),
        a.key.camelot() if a.key else "",
        _certainty(a, "key", a.key_confidence),
        f"{a.energy:.2f}",
        f"{a.loudness_lufs:.1f}",
    ]


def _key_name(key: Key | None) -> str:
    return key.classic() if key else "-"


def _certainty(analysis: Analysis, value: str, confidence: float) -> str:
    """Say how certain a value is, or that the file itself says it."""
    if analysis.provenance.get(value) == "tag":
        return "tag"
    return f"{confidence:.0%}" if value in analysis.provenance else ""


@contextmanager
def _kept_failures(path: Path | None, report: _Report) -> Iterator[None]:
    """Write the CSV of failures at the end, however it comes."""
    if path is not None and not path.parent.is_dir():
        # Said at the end it would cost hours, and the reasons with them.
        raise SegueError(f"{path} cannot be written: there is no folder {path.parent}.")
    try:
        yield
    finally:
        if path is not None:
            _write_failures(path, report.failed)


def _write_failures(path: Path, failed: Sequence[SetAside]) -> None:
    with writing(path) as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(["path", "reason"])
        table.writerows((entry.where, entry.reason) for entry in failed)
