"""Encoders from the outside: train one, measure them, ask one what sounds alike."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from data.errors import SegueError
from data.records import LabelledAudio
from data.settings import Settings
from models.encoders import registry
from models.encoders.contract import Clip, Encoder, Progress, TrainingOptions
from models.encoders.evaluate import EncoderReport, evaluate
from models.encoders.evaluate.baselines import MfccStatistics
from models.encoders.evaluate.probe import svm_probe
from models.encoders.evaluate.run import Candidate
from models.encoders.splits import split_by_artist

#: What stands beside the encoders in every evaluation.
BASELINES = ("mfcc+svm", "untrained")
#: Encoders that are never trained here.
_BROUGHT = {"onnx"}
#: Training with nothing said: every encoder as it likes.
OPEN = TrainingOptions()
#: Ways to cut the folds where that costs a probe and no training.
_CUTS = 5
#: A step so small that it leaves a network as it was made.
_NO_STEP = 1e-12


def clips_of(rows: Iterable[LabelledAudio]) -> list[Clip]:
    """Return labelled audio as encoders take it."""
    return [
        Clip(
            audio=row.path,
            artist=row.artist,
            album=row.album,
            title=row.title,
            genre=row.genre,
            licence=row.licence,
            tags=row.tags,
        )
        for row in rows
    ]


def train(
    settings: Settings,
    name: str,
    clips: Sequence[Clip],
    *,
    options: TrainingOptions = OPEN,
    about: str = "",
    progress: Progress | None = None,
) -> tuple[Encoder, Path]:
    """Train the encoder called `name` and keep it as the one to use.

    The clips are split by artist; training stops by the smaller part. It may be broken
    off at any time and goes on from its last epoch when called again.

    Parameters
    ----------
    settings : Settings
    name : str
        One of `registry.names`.
    clips : sequence of Clip
    options : TrainingOptions
        `checkpoint` is chosen here.
    about : str
        What the clips are, in a few words, for the model card.

    Returns
    -------
    encoder : Encoder
    folder : Path
        Where it was written.

    Raises
    ------
    SegueError
        If there is no such encoder, or the clips lack the labels it needs.
    """
    encoder = registry.create(name)
    if len({clip.artist or id(clip) for clip in clips}) < 2:
        raise SegueError("Training needs clips by at least two artists: give more of them.")
    checkpoint = settings.models_dir / "checkpoints" / name
    training, validation = split_by_artist(clips, seed=options.seed)
    encoder.fit(
        training, validation, options=replace(options, checkpoint=checkpoint), progress=progress
    )
    if about:
        encoder.card = replace(encoder.card, data=f"{len(clips)} clips: {about}")
    folder = registry.save(settings.models_dir, encoder)
    shutil.rmtree(checkpoint, ignore_errors=True)  # it has served: nothing is left to go on with
    return encoder, folder


def measure(
    settings: Settings,
    names: Sequence[str],
    clips: Sequence[Clip],
    *,
    as_trained: bool = False,
    folds: int = 5,
    seed: int = 0,
    options: TrainingOptions = OPEN,
    progress: Progress | None = None,
) -> EncoderReport:
    """Measure encoders and two baselines on the same clips.

    An encoder that comes with weights is taken as it is; every other one is trained anew
    on each fold, so that no figure is about clips it has learned from.

    Parameters
    ----------
    names : sequence of str
        Empty means all that can be trained here.
    as_trained : bool
        Take the encoders that you trained as they are. The figures mean something only
        if they were trained on other clips than these.
    folds, seed : int
        How the clips are cut, disjoint by artist.
    """
    chosen = list(names) or [name for name in registry.names() if name not in _BROUGHT]
    for name in chosen:
        registry.encoder_class(name.partition(":")[0])  # a slip of the pen ends it before the work
    candidates = [
        candidate(settings, name, as_trained=as_trained, options=options)
        for name in dict.fromkeys([*BASELINES, *chosen])
    ]
    return evaluate(candidates, measurable(clips, folds), folds=folds, seed=seed, progress=progress)


def candidate(
    settings: Settings, name: str, *, as_trained: bool = False, options: TrainingOptions = OPEN
) -> Candidate:
    """Return how the encoder or baseline called `name` is measured; see `measure`."""
    if name == "mfcc+svm":
        return Candidate(name, MfccStatistics, fit=True, prober=svm_probe, cuts=_CUTS)
    if name == "untrained":
        still = TrainingOptions(epochs=1, learning_rate=_NO_STEP, weight_decay=0.0)
        return Candidate(name, partial(registry.create, "genre_resnet"), fit=True, options=still)
    brought = name.partition(":")[0] in _BROUGHT
    ready = as_trained or brought or (registry.WEIGHTS / name).is_dir()
    # Nothing of the user's lies under the shipped weights, so `load` falls back to them.
    home = settings.models_dir if as_trained or brought else registry.WEIGHTS
    make = partial(registry.load, home, name) if ready else partial(registry.create, name)
    return Candidate(name, make, fit=not ready, options=options, cuts=_CUTS if ready else 1)


def measurable(clips: Sequence[Clip], folds: int) -> Sequence[Clip]:
    """Return the clips to measure on.

    Where there are genres: those of the genres that enough artists play for every fold to
    have one. Where there are none: all.
    """
    artists: dict[str, set[str]] = {}
    for clip in clips:
        if clip.genre:
            artists.setdefault(clip.genre, set()).add(clip.artist or str(id(clip)))
    common = {genre for genre, players in artists.items() if len(players) >= folds}
    kept = [clip for clip in clips if clip.genre in common] if artists else list(clips)
    players = {clip.artist or str(id(clip)) for clip in kept}
    if len(players) < folds:
        raise SegueError(
            f"Measuring needs at least {folds} artists, of each genre where there are genres; "
            f"these clips have {len(players)} such. Give more of them."
        )
    return kept
