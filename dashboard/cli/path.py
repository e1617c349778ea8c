"""``segue path``: from one track to another in so many steps."""

from __future__ import annotations

from typing import Annotated

import typer

from dashboard.cli.order import (
    Alternatives,
    AsJson,
    Format,
    Out,
    RandomSeed,
    Save,
    check_free,
    filled_crate,
    found,
    keep,
    show,
)
from dashboard.cli.output import working
from dashboard.cli.state import open_catalogue, read_settings


def path(
    start: Annotated[str, typer.Argument(help='Where it starts: "Artist - Title" or an id.')],
    end: Annotated[str, typer.Argument(help="Where it leads.")],
    steps: Annotated[int, typer.Option(help="Transitions from the first track to the last.")] = 5,
    crate: Annotated[
        str, typer.Option(help="Go over the tracks of this crate only, by its name or id.")
    ] = "",
    seed: RandomSeed = 0,
    alternatives: Alternatives = 2,
    save: Save = "",
    out: Out = None,
    form: Format = "",
    as_json: AsJson = False,
) -> None:
    """Find tracks that lead from one to another, evenly and each mixing into the next."""
    from hybrid.sequence import Sequencer

    settings = read_settings()
    with open_catalogue(settings) as catalogue:
        check_free(catalogue, save, out, form)
        with working("Loading..."):
            sequencer = Sequencer.open(catalogue, settings)
        first, last = found(sequencer, [start, end])
        pool = filled_crate(catalogue, crate) if crate else None
        with working("Searching..."):
            way = sequencer.path(
                first, last, steps=steps, pool=pool, seed=seed, alternatives=alternatives
            )
        keep(catalogue, way, save, out, form)
    show(way, as_json=as_json, on_stdout=str(out) != "-")
