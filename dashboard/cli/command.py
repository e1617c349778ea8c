"""The command tree, and what every command does when something goes wrong."""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from dashboard.cli import (
    add,
    analyse,
    collect,
    demo,
    encoder,
    export,
    feedback,
    identify,
    learn,
    order,
    path,
    recommend,
    serve,
    similar,
    worker,
)
from data.errors import SegueError


class SegueGroup(TyperGroup):
    """Turns what a person can put right into one sentence and exit code 2."""

    def invoke(self, ctx: typer.Context) -> Any:
        """Run the command that was asked for."""
        try:
            return super().invoke(ctx)
        except SegueError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(2) from error
        except KeyboardInterrupt as error:
            typer.echo("Stopped.", err=True)
            raise typer.Exit(130) from error


app = typer.Typer(
    cls=SegueGroup,
    help="Segue tells a DJ which track to play next, and why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,  # a bug keeps its plain traceback, for a bug report
)

scrape_app = typer.Typer(help="Read DJ sets from a website, politely.", no_args_is_help=True)
import_app = typer.Typer(help="Read DJ sets from files.", no_args_is_help=True)
encoder_app = typer.Typer(help="Train, measure and look into audio encoders.", no_args_is_help=True)

app.command("demo")(demo.demo)
app.add_typer(scrape_app, name="scrape")
scrape_app.command("mixesdb")(collect.scrape_mixesdb)
app.add_typer(import_app, name="import")
import_app.command("tracklists")(collect.import_tracklists)
app.command("add")(add.add)
app.command("identify")(identify.identify)
app.command("analyse")(analyse.analyse)
app.command("similar")(similar.similar)
app.command("alike", hidden=True, deprecated=True)(similar.similar)  # its name before 0.3
app.add_typer(encoder_app, name="encoder")
encoder_app.command("list")(encoder.names)
encoder_app.command("add")(encoder.add)
encoder_app.command("train")(encoder.train)
encoder_app.command("evaluate")(encoder.evaluate)
encoder_app.command("summary")(encoder.summary)
app.command("train")(learn.train)
app.command("recommend")(recommend.recommend)
app.command("order")(order.order)
app.command("path")(path.path)
app.command("export")(export.export)
app.add_typer(feedback.feedback_app, name="feedback")
app.command("evaluate")(learn.evaluate)
app.command("stats")(collect.stats)
app.add_typer(worker.jobs_app, name="jobs")
app.command("worker", hidden=True)(worker.worker)
app.command("serve")(serve.serve)


@app.callback()
def _segue() -> None:
    """Segue tells a DJ which track to play next, and why."""
