"""``segue encoder``: train an encoder, measure encoders, look into one."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.output import REASONS_SHOWN, counted, print_json, print_table, say, working
from dashboard.cli.reports import tell_report
from dashboard.cli.state import read_settings
from data.errors import SegueError

if TYPE_CHECKING:
    from collections.abc import Callable

    from data.records import LabelledAudio
    from scrapers.datasets import Dataset

Data = Annotated[
    Path | None,
    typer.Option("--data", help="Folder of clips with an index.csv, or with a folder per genre."),
]
Seed = Annotated[int, typer.Option(help="Another number splits and starts otherwise.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def names() -> None:
    """List the encoders and say which of them are ready to use."""
    from models.encoders import registry

    settings = read_settings()
    rows = []
    for name in registry.names():
        try:
            encoder = registry.load(settings.models_dir, name)
            ready = encoder.card.data or "needs no training"
        except SegueError as error:
            ready = str(error)
        rows.append([name, ready])
    print_table(["encoder", "trained on"], rows)


def add(
    file: Annotated[Path, typer.Argument(help="An ONNX model; its card is the .json beside it.")],
) -> None:
    """Take in an encoder of your own; analyse with it by the name that is printed."""
    from models.encoders import registry

    settings = read_settings()
    encoder = registry.create("onnx", path=str(file))
    registry.save(settings.models_dir, encoder)
    typer.echo(f"Added {encoder.label}: segue analyse PATH --encoder {encoder.label}")


def train(
    name: Annotated[str, typer.Argument(help="Which encoder; `segue encoder list` names them.")],
    data: Data = None,
    dataset: Annotated[
        str | None, typer.Option(help="A public data set to fetch and train on: fma or ncs.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=2, help="Train on so many clips only, drawn at random.")
    ] = None,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over the clips.")] = None,
    batch_size: Annotated[int | None, typer.Option(min=1, help="Windows per step.")] = None,
    seed: Seed = 0,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    as_json: AsJson = False,
) -> None:
    """Train an encoder on labelled clips; the same command goes on after a break."""
    from hybrid import encoders
    from models.encoders.contract import TrainingOptions

    settings = read_settings()
    with working("Reading the clips...") as update:
        rows, about = _clips(data, dataset, limit, update)
        encoder, folder = encoders.train(
            settings,
            name,
            encoders.clips_of(rows),
            options=TrainingOptions(epochs=epochs, batch_size=batch_size, seed=seed, device=device),
            about=about,
            progress=_told(update),
        )
    if as_json:
        print_json({"encoder": name, "folder": str(folder), "metrics": dict(encoder.card.metrics)})
        return
    typer.echo(f"Trained {name} on {counted(len(rows), 'clip')}; it is in {folder}.")
    figures = [
        [metric, f"{value:.4g}"]
        for metric, value in encoder.card.metrics.items()
        if isinstance(value, int | float)
    ]
    print_table(["on clips it did not learn from", ">"], figures)


def evaluate(
    chosen: Annotated[
        list[str] | None, typer.Argument(metavar="[NAME]...", help="Which encoders; all if none.")
    ] = None,
    data: Data = None,
    dataset: Annotated[str | None, typer.Option(help="A public data set: fma or ncs.")] = None,
    limit: Annotated[
        int | None, typer.Option(min=2, help="Measure on so many clips only, drawn at random.")
    ] = None,
    as_trained: Annotated[
        bool, typer.Option("--as-trained", help="Take the encoders you trained as they are.")
    ] = False,
    epochs: Annotated[int | None, typer.Option(min=1, help="Passes over each fold.")] = None,
    folds: Annotated[int, typer.Option(min=2, help="Parts the artists are cut into.")] = 5,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:
    """Measure encoders side by side on labelled clips, artists kept apart.

    The figures are also written to encoders.json in SEGUE_HOME.
    """
    from hybrid import encoders
    from models.encoders.contract import TrainingOptions

    settings = read_settings()
    with working("Reading the clips...") as update:
        rows, _ = _clips(data, dataset, limit, update)
        report = encoders.measure(
            settings,
            chosen or [],
            encoders.clips_of(rows),
            as_trained=as_trained,
            folds=folds,
            seed=seed,
            options=TrainingOptions(epochs=epochs, seed=seed),
            progress=_told(update),
        )
    tell_report(report, settings.home / "encoders.json", as_json=as_json)


def summary(
    name: Annotated[str, typer.Argument(help="Which encoder.")],
    as_json: AsJson = False,
) -> None:
    """Print the layers of an encoder, the shape that leaves each, and its parameters."""
    from models.encoders import registry

    settings = read_settings()
    try:
        encoder = registry.load(settings.models_dir, name)
    except SegueError:
        encoder = registry.create(name)  # untrained, it has the same layers
    layers = encoder.summary()
    total = sum(count for _, _, count in layers)
    if as_json:
        keys = ("layer", "shape", "parameters")
        print_json(
            {
                "encoder": name,
                "layers": [dict(zip(keys, layer, strict=True)) for layer in layers],
                "parameters": total,
            }
        )
        return
    table = [[layer, shape, f"{count:,}"] for layer, shape, count in layers]
    print_table(["layer", "shape", ">parameters"], [*table, ["all", "", f"{total:,}"]])


def _clips(
    data: Path | None, dataset: str | None, limit: int | None, update: Callable[[str], None]
) -> tuple[list[LabelledAudio], str]:
    """Read the clips that were asked for, and say in a few words what they are."""
    from data.records import LabelledAudio
    from scrapers.datasets import ONLINE, Folder

    if (data is None) == (dataset is None):
        raise SegueError(
            f"Say which clips: --data FOLDER, or --dataset with one of {', '.join(ONLINE)}."
        )
    source = Folder(data) if data else _fetched(dataset or "", update)
    read = list(source.read())
    rows = [row for row in read if isinstance(row, LabelledAudio)]
    if limit and limit < len(rows):
        # Not the first ones: a data set is often in order of its genres.
        chosen = sorted(random.Random(0).sample(range(len(rows)), limit))
        rows = [rows[row] for row in chosen]
    skipped = [row for row in read if not isinstance(row, LabelledAudio)]
    for row in skipped[:REASONS_SHOWN]:
        say(f"Left out {row.where}: {row.reason}.")
    if len(skipped) > REASONS_SHOWN:
        say(f"... and {len(skipped) - REASONS_SHOWN:,} more.")
    if not rows:
        raise SegueError(f"{source.folder} holds no clip that can be used.")
    return rows, dataset or source.folder.resolve().name


def _fetched(dataset: str, update: Callable[[str], None]) -> Dataset:
    """Bring a public data set to this machine, or what is missing of it."""
    from scrapers.datasets import ONLINE
    from scrapers.http import PoliteSession

    if dataset not in ONLINE:
        raise SegueError(f"There is no data set {dataset!r}; known are {', '.join(ONLINE)}.")
    settings = read_settings()
    source = ONLINE[dataset](settings.home / "datasets" / dataset)
    with PoliteSession(settings) as session:
        failed = source.fetch(
            session,
            settings,
            progress=lambda what, done, total: update(
                f"{what}, {done:,}{f' of {total:,}' if total else ''}..."
            ),
        )
    for row in failed[:REASONS_SHOWN]:
        say(f"Not fetched: {row.where}: {row.reason}.")
    return source


def _told(update: Callable[[str], None]) -> Callable[[str, int, int, str], None]:
    def tell(step: str, done: int, total: int, note: str) -> None:
        update(f"{step}, {done:,} of {total:,}{f' ({note})' if note else ''}...")

    return tell
