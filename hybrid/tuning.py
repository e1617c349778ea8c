"""Weights of a catalogue's own: learned on its held-out sets, kept where they are better."""

from __future__ import annotations

from collections.abc import Callable

from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.corpus import interactions_of
from hybrid.evaluate.corpus import Corpus
from hybrid.evaluate.scenarios import Heard
from hybrid.evaluate.tune import Ground, tune_catalogue
from hybrid.facts import Facts
from hybrid.sound_space import SoundSpace
from hybrid.training import weights_in_force
from hybrid.tuned import Tuned, als_parameters
from models.collaborative import AlsParameters


def own_weights(
    catalogue: Catalogue,
    settings: Settings,
    *,
    parameters: AlsParameters | None = None,
    progress: Callable[[str], None] | None = None,
) -> Tuned | None:
    """Learn weights from the catalogue, starting from those in force.

    Returns
    -------
    Tuned or None
        None where the weights in force do as well on sets that were not learned from.

    Raises
    ------
    SegueError
        If the catalogue holds too few sets.
    """
    snapshot = catalogue.snapshot()
    space = SoundSpace.open(catalogue, settings, snapshot, previews=False)
    windows = Facts.of(catalogue, snapshot, interactions_of(snapshot)).windows
    return tune_catalogue(
        Ground(Corpus.of(snapshot), Heard(space, windows)),
        parameters or als_parameters(),
        weights_in_force(settings),
        progress or _silent,
    )


def _silent(_: str) -> None:
    """Tell nobody."""
