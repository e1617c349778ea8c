"""From the catalogue to a model on disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue, Snapshot
from data.errors import SegueError
from data.settings import Settings
from hybrid import tuned
from hybrid.coldstart import SoundMap
from hybrid.corpus import interactions_of
from hybrid.sound_space import SoundSpace
from hybrid.tuned import Tuned
from models import artefacts
from models.collaborative import AlsParameters, Interactions, JointALS

#: Kind of the artefact that `train` writes and the recommender reads.
KIND = "als"
#: What the rows of the factors stand for, in order: fields of the snapshot. Recordings go by
#: key, not by id, because a set that is removed and imported again gives them new ids.
_TOKENS = ("recording_keys", "artist_names", "label_keys")
#: What the card says of a map from sound to factors.
_MAP = ("strength", "quality", "recordings", "encoder", "version")

Progress = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Model:
    """What was learned from a catalogue, as far as it was.

    Parameters
    ----------
    als : JointALS or None
        None where nothing was trained yet.
    sound_map : SoundMap or None
        None where too few recordings have both sets and sound.
    tuned : Tuned
        The weights in force: those that ship, or the catalogue's own.
    version : str
        Empty where nothing was trained yet.
    """

    als: JointALS | None
    sound_map: SoundMap | None
    tuned: Tuned
    version: str = ""


@dataclass(frozen=True)
class TrainReport:
    """What was trained, on what, and how long it took (seconds).

    `weights` says whose are in force, ``"shipped"`` or ``"catalogue"``; `sound_map` how well the
    map from sound to factors does on artists left out, a correlation; None where there is none.
    """

    sets: int
    near_duplicates: int
    recordings: int
    artists: int
    labels: int
    seconds: float
    fit_seconds: float
    version: str
    folder: str
    weights: str
    sound_map: float | None

    def as_dict(self) -> dict[str, Any]:
        """Fields for ``--json``."""
        return asdict(self)


def train(
    catalogue: Catalogue,
    settings: Settings,
    *,
    parameters: AlsParameters | None = None,
    weights: Tuned | None = None,
    progress: Progress | None = None,
) -> TrainReport:
    """Fit the model on every set of the catalogue and make it the current one.

    The model before stays in use until the new one is written whole; if anything fails it
    stays for good.

    Parameters
    ----------
    weights : Tuned, optional
        Weights to use from now on; by default those in force stay.
    progress : callable, optional
        Called with (iterations done, iterations in all).

    Raises
    ------
    SegueError
        If the catalogue holds no two tracks that were played in one set.
    """
    started = time.perf_counter()
    fingerprint = catalogue.fingerprint()
    snapshot = catalogue.snapshot(names=False)
    everything = interactions_of(snapshot)
    keep = everything.distinct_sets()
    if not len(keep):
        raise SegueError(
            "There are no DJ sets to learn from yet. Load some with `segue demo`, "
            "`segue import tracklists FILE` or `segue scrape mixesdb`."
        )
    interactions = everything.keep_sets(keep)
    als = JointALS(parameters or tuned.als_parameters())
    fit_started = time.perf_counter()
    als.fit(interactions, progress)
    fit_seconds = time.perf_counter() - fit_started
    space = SoundSpace.open(catalogue, settings, snapshot, previews=False)
    sound_map = None if space is None else map_of(space, als, interactions)
    model = Model(als, sound_map, weights or weights_in_force(settings))
    folder = _save(settings, model, snapshot, interactions, fingerprint, fit_seconds)
    played = int(np.count_nonzero(interactions.popularity))
    return TrainReport(
        sets=interactions.n_sets,
        near_duplicates=everything.n_askable - interactions.n_sets,
        recordings=played,
        artists=interactions.artists.shape[1],
        labels=interactions.labels.shape[1],
        seconds=round(time.perf_counter() - started, 3),
        fit_seconds=round(fit_seconds, 3),
        version=folder.name,
        folder=str(folder),
        weights=model.tuned.source,
        sound_map=None if sound_map is None else sound_map.quality,
    )


def weights_in_force(settings: Settings) -> Tuned:
    """The weights that the current model was stored with, or those that ship."""
    artefact = artefacts.load(settings.models_dir, KIND)
    return tuned.shipped() if artefact is None else _weights_of(artefact)


def map_of(space: SoundSpace, als: JointALS, interactions: Interactions) -> SoundMap | None:
    """Learn where sets would put a track from the recordings that have sets and sound.

    Returns
    -------
    SoundMap or None
        None where these are too few, or sound says nothing of sets.
    """
    known = interactions.popularity[space.rows] > 0
    rows = space.rows[known]
    if not len(rows):
        return None
    vectors = np.stack([v for row in rows.tolist() if (v := space.vector(row)) is not None])
    return SoundMap.fit(
        vectors,
        als.recordings[rows],
        _first_artist(interactions, rows),
        encoder=space.encoder,
        version=space.version,
    )


def _first_artist(interactions: Interactions, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """One artist of each recording; one without any is an artist of its own."""
    ptr, artists = interactions.artists.indptr, interactions.artists.indices
    named = ptr[rows + 1] > ptr[rows]
    group = interactions.artists.shape[1] + rows.astype(np.intp)
    group[named] = artists[ptr[rows[named]]]
    return group


def _save(
    settings: Settings,
    model: Model,
    snapshot: Snapshot,
    interactions: Interactions,
    fingerprint: str,
    fit_seconds: float,
) -> Path:
    als, sound_map = model.als, model.sound_map
    if als is None:
        raise ValueError("there is no model to save")
    arrays: dict[str, NDArray[Any]] = {
        "factors": als.factors,
        "confidence": als.confidence,
        **{name: artefacts.pack_strings(getattr(snapshot, name).tolist()) for name in _TOKENS},
    }
    about: dict[str, Any] = {"weights": model.tuned.as_dict()}
    if sound_map is not None:
        arrays |= {"map_weights": sound_map.weights, "map_offset": sound_map.offset}
        about["sound_map"] = {name: getattr(sound_map, name) for name in _MAP}
    return artefacts.save(
        settings.models_dir,
        KIND,
        arrays,
        parameters=als.parameters.as_dict(),
        fingerprint=fingerprint,
        metrics={
            "sets": interactions.n_sets,
            "plays": int(interactions.plays.nnz),
            "fit_seconds": round(fit_seconds, 3),
        },
        about=about,
    )


def load(
    settings: Settings,
    snapshot: Snapshot,
    interactions: Interactions,
    sound: SoundSpace | None = None,
) -> Model:
    """Read the current model and line it up with the catalogue as it is now.

    Sets may have been imported since: recordings, artists and labels that the model has not
    seen get zero factors, those that are gone are left out. A map from the vectors of another
    encoder, or another version of it, than those of `sound` is left out.

    Returns
    -------
    Model
        Without factors, and with the weights that ship, where nothing was trained yet.
    """
    artefact = artefacts.load(settings.models_dir, KIND)
    if artefact is None:
        return Model(None, None, tuned.shipped())
    als = _restored(artefact, snapshot, interactions)
    weights = _weights_of(artefact)
    return Model(als, _map_of(artefact, sound), weights, str(artefact.card["version"]))


def _weights_of(artefact: artefacts.Artefact) -> Tuned:
    """The catalogue's own weights, if the model has such; else those that ship now."""
    kept = artefact.card.get("weights", {})
    if not isinstance(kept, dict) or kept.get("source") != "catalogue":
        return tuned.shipped()
    try:
        return Tuned.from_dict(kept)
    except ValueError as error:
        raise SegueError(
            f"The model in {artefact.folder} has weights that Segue does not know. "
            "Run `segue train --tune` to learn them anew, or `segue train --shipped`."
        ) from error


def _map_of(artefact: artefacts.Artefact, sound: SoundSpace | None) -> SoundMap | None:
    kept = artefact.card.get("sound_map")
    if sound is None or not isinstance(kept, dict):
        return None
    if (kept.get("encoder"), kept.get("version")) != (sound.encoder, sound.version):
        return None
    return SoundMap(artefact.arrays["map_weights"], artefact.arrays["map_offset"], **kept)


def _restored(
    artefact: artefacts.Artefact, snapshot: Snapshot, interactions: Interactions
) -> JointALS:
    arrays = artefact.arrays
    if missing := {"factors", "confidence", *_TOKENS} - arrays.keys():
        raise SegueError(
            f"The model in {artefact.folder} lacks {', '.join(sorted(missing))}. "
            "Run `segue train` to make a new one."
        )
    try:
        als = JointALS(AlsParameters(**artefact.card["parameters"]))
        then = [artefacts.unpack_strings(arrays[name]) for name in _TOKENS]
    except (KeyError, TypeError, ValueError) as error:
        raise SegueError(
            f"The model in {artefact.folder} has parameters or names that Segue does not know. "
            "Run `segue train` to make a new one."
        ) from error
    if not sum(map(len, then)) == len(arrays["factors"]) == len(arrays["confidence"]):
        raise SegueError(
            f"The arrays of the model in {artefact.folder} do not fit each other. "
            "Run `segue train` to make a new one."
        )
    now = [getattr(snapshot, name).tolist() for name in _TOKENS]
    rows = _rows(then, now)
    known = rows >= 0
    factors = np.zeros((len(rows), arrays["factors"].shape[1]), np.float32)
    confidence = np.zeros(len(rows), np.float32)
    factors[known] = arrays["factors"][rows[known]]
    confidence[known] = arrays["confidence"][rows[known]]
    return als.restore(
        factors,
        confidence,
        (len(now[0]), len(now[1])),
        interactions.artist_share,
        interactions.labels,
    )


def _rows(then: list[list[Any]], now: list[list[Any]]) -> np.ndarray:
    """Row that each token of today had in the artefact, -1 where it had none."""
    rows: list[int] = []
    offset = 0
    for before, today in zip(then, now, strict=True):
        if before == today:
            rows.extend(range(offset, offset + len(before)))
        else:
            place = {token: offset + index for index, token in enumerate(before)}
            rows.extend(place.get(token, -1) for token in today)
        offset += len(before)
    return np.array(rows, dtype=np.intp)
