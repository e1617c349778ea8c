"""``segue train`` and ``segue evaluate``: learn from the catalogue, and see how well."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.output import counted, print_json, working
from dashboard.cli.reports import tell_report
from dashboard.cli.state import open_catalogue, read_settings
from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings
    from hybrid.training import TrainReport
    from hybrid.tuned import Tuned


def train(
    tune: Annotated[
        bool,
        typer.Option(
            "--tune",
            help="Learn from this catalogue how much sets, credits and sound count. "
            "Takes minutes; what is learned stays in force if it does better.",
        ),
    ] = False,
    shipped: Annotated[
        bool, typer.Option("--shipped", help="Go back to the weights that come with Segue.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Learn from the sets in the catalogue which tracks belong together."""
    if tune and shipped:
        raise SegueError("Give --tune or --shipped, not both.")
    settings = read_settings()
    with open_catalogue(settings) as catalogue:
        weights = _weights(catalogue, settings, tune=tune, shipped=shipped)
        report = train_with_progress(catalogue, settings, weights)
    if as_json:
        print_json(report.as_dict())
        return
    typer.echo(described(report))
    if tune:
        typer.echo(
            "The weights in force do as well on sets held out of learning: they stay."
            if weights is None
            else "Weights learned from this catalogue are in force now; "
            "`segue train --shipped` goes back."
        )


def _weights(
    catalogue: Catalogue, settings: Settings, *, tune: bool, shipped: bool
) -> Tuned | None:
    """Weights to use from now on; None leaves those in force."""
    if shipped:
        from hybrid import tuned

        return tuned.shipped()
    if not tune:
        return None
    from hybrid.tuning import own_weights

    with working("Learning weights...") as update:
        return own_weights(catalogue, settings, progress=update)


def evaluate(
    draws: Annotated[
        int, typer.Option(min=1, max=100, help="How often each held-out set is cut in two.")
    ] = 2,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Measure the recommendations on held-out sets, beside simpler methods and part by part.

    Sound takes part as far as the catalogue has been heard (`segue analyse`).
    The figures are also written to evaluation.json in SEGUE_HOME.
    """
    from hybrid import evaluate as evaluation
    from hybrid.evaluate import kept

    settings = read_settings()
    with open_catalogue(settings) as catalogue, working("Evaluating...") as update:
        report = evaluation.evaluate(catalogue, settings, draws=draws, progress=update)
    kept.keep(settings, report)  # for the page
    tell_report(report, settings.home / "evaluation.json", as_json=as_json)


def train_with_progress(
    catalogue: Catalogue, settings: Settings, weights: Tuned | None = None
) -> TrainReport:
    """Train while a terminal shows how far it is."""
    from hybrid import training

    with working("Training...") as update:
        return training.train(
            catalogue,
            settings,
            weights=weights,
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
