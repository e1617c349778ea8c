"""``segue train`` and ``segue evaluate``: learn from the catalogue, and see how well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.output import counted, print_json, working
from dashboard.cli.reports import tell_report
from dashboard.cli.state import open_catalogue, read_settings

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings
    from hybrid.training import TrainReport


def train(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Learn from the sets in the catalogue which tracks belong together."""
    settings = read_settings()
    with open_catalogue(settings) as catalogue:
        report = train_with_progress(catalogue, settings)
    if as_json:
        print_json(report.as_dict())
    else:
        typer.echo(described(report))


def evaluate(
    draws: Annotated[
        int, typer.Option(min=1, max=100, help="How often each held-out set is cut in two.")
    ] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure the recommendations on held-out sets, beside simpler methods.

    The figures are also written to evaluation.json in SEGUE_HOME.
    """
    from hybrid import evaluate as evaluation

    settings = read_settings()
    with open_catalogue(settings) as catalogue, working("Evaluating...") as update:
        report = evaluation.evaluate(catalogue, draws=draws, progress=update)
    tell_report(report, settings.home / "evaluation.json", as_json=as_json)


def train_with_progress(catalogue: Catalogue, settings: Settings) -> TrainReport:
    """Train while a terminal shows how far it is."""
    from hybrid import training

    with working("Training...") as update:
        return training.train(
            catalogue,
            settings,
            progress=lambda done, total: update(f"Training, round {done} of {total}..."),
        )


def described(report: TrainReport) -> str:
    """Say what a training run did, in one sentence."""
    doubles = report.near_duplicates
    left_out = f" ({doubles:,} near-identical ones left out)" if doubles else ""
    return (
        f"Trained on {counted(report.sets, 'set')}{left_out} "
        f"with {counted(report.recordings, 'recording')} in {report.seconds:.1f} s; "
        f"the model is in {report.folder}."
    )
