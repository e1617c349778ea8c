"""``segue demo``: the generated crate, put in, trained on, heard and taken out again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.demo_sound import hear_demo
from dashboard.cli.learn import described, train_with_progress
from dashboard.cli.output import counted, say
from dashboard.cli.state import open_catalogue, read_settings
from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.settings import Settings


def demo(
    if_empty: Annotated[
        bool, typer.Option("--if-empty", help="Do nothing when there is music already.")
    ] = False,
    remove: Annotated[
        bool, typer.Option("--remove", help="Take the demo crate out again.")
    ] = False,
    sound: Annotated[
        bool,
        typer.Option(
            "--sound/--no-sound",
            help="Make the music of the most played tracks and analyse it, which takes most "
            "of the time.",
        ),
    ] = True,
) -> None:
    """Fill the catalogue with a generated demo crate, train on it and listen to its music.

    Everything in the crate is invented and says so. It can stand beside real sets. Ctrl-C
    while it listens leaves a crate that works; the same command goes on.
    """
    from data.demo import demo_tracklists

    settings = read_settings()
    with open_catalogue(settings) as catalogue:
        if remove:
            _remove(catalogue, settings)
        elif catalogue.is_empty() or not if_empty:
            counts = catalogue.add_tracklists(demo_tracklists())
            say(
                f"The demo crate is in: {counted(counts.sets, 'generated set')} "
                f"with {counted(counts.plays, 'play')}."
            )
        elif _has_model(catalogue, settings):
            say("The catalogue has music already.")
            return
        if not catalogue.is_empty():
            _train(catalogue, settings, or_say_why_not=remove or if_empty)
        if sound and not remove and hear_demo(catalogue, settings):
            # Once more, now that it is known what sounds like what; the first model let the
            # page work meanwhile, and if listening was broken off.
            _train(catalogue, settings, or_say_why_not=True)


def _remove(catalogue: Catalogue, settings: Settings) -> None:
    from hybrid.demo import remove_demo

    say(f"Removed {counted(remove_demo(catalogue, settings), 'demo set')}.")


def _train(catalogue: Catalogue, settings: Settings, *, or_say_why_not: bool) -> None:
    try:
        say(described(train_with_progress(catalogue, settings)))
    except SegueError as error:
        # A person's own few sets may be too little to learn from: no reason not to go on.
        if not or_say_why_not:
            raise
        say(str(error))


def _has_model(catalogue: Catalogue, settings: Settings) -> bool:
    """Whether the catalogue can be asked; a first run may have been cut off before training."""
    from hybrid.recommender import Recommender

    try:
        Recommender.open(catalogue, settings)
    except SegueError:
        return False
    return True


def settle_demo(catalogue: Catalogue, *, replace: bool) -> None:
    """Say that the demo crate stands beside real sets now, or take it out."""
    from data.demo import SOURCE

    if all(entry.source != SOURCE for entry in catalogue.sources()):
        return
    if replace:
        _remove(catalogue, read_settings())
    else:
        say("The demo crate is still among your sets; `segue demo --remove` takes it out.")
