"""From the catalogue to a model on disk."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from data.catalogue import Catalogue, Snapshot
from data.errors import SegueError
from data.settings import Settings
from hybrid import tuned
from hybrid.corpus import interactions_of
from models import artefacts
from models.collaborative import AlsParameters, Interactions, JointALS

#: Kind of the artefact that `train` writes and the recommender reads.
KIND = "als"
#: What the rows of the factors stand for, in order: fields of the snapshot. Recordings go by
#: key, not by id, because a set that is removed and imported again gives them new ids.
_TOKENS = ("recording_keys", "artist_names", "label_keys")

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class TrainReport:
    """What was trained, on what, and how long it took (seconds)."""

    sets: int
    near_duplicates: int
    recordings: int
    artists: int
    labels: int
    seconds: float
    fit_seconds: float
    version: str
    folder: str

    def as_dict(self) -> dict[str, Any]:
        """Fields for ``--json``."""
        return asdict(self)


def train(
    catalogue: Catalogue,
    settings: Settings,
    *,
    parameters: AlsParameters | None = None,
    progress: Progress | None = None,
) -> TrainReport:
    """Fit the model on every set of the catalogue and make it the current one.

    The model before stays in use until the new one is written whole; if anything fails it
    stays for good.

    Parameters
    ----------
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
    folder = _save(settings, als, snapshot, interactions, fingerprint, fit_seconds)
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
    )


def _save(
    settings: Settings,
    als: JointALS,
    snapshot: Snapshot,
    interactions: Interactions,
    fingerprint: str,
    fit_seconds: float,
) -> Path:
    return artefacts.save(
        settings.models_dir,
        KIND,
        {
            "factors": als.factors,
            "confidence": als.confidence,
            **{name: artefacts.pack_strings(getattr(snapshot, name).tolist()) for name in _TOKENS},
        },
        parameters=als.parameters.as_dict(),
        fingerprint=fingerprint,
        metrics={
            "sets": interactions.n_sets,
            "plays": int(interactions.plays.nnz),
            "fit_seconds": round(fit_seconds, 3),
        },
    )


def load(settings: Settings, snapshot: Snapshot, interactions: Interactions) -> JointALS | None:
    """Read the current model and line it up with the catalogue as it is now.

    Sets may have been imported since: recordings, artists and labels that the model has not
    seen get zero factors, those that are gone are left out.

    Returns
    -------
    JointALS or None
        None where nothing was trained yet.
    """
    artefact = artefacts.load(settings.models_dir, KIND)
    if artefact is None:
        return None
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
