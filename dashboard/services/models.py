"""What was learned and what hears: the model of the sets, and the audio encoders."""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from weakref import WeakKeyDictionary

import numpy as np

from dashboard import query
from dashboard.services.library import Library
from dashboard.services.sources import needs_training
from data.catalogue import Job
from data.catalogue.heard import Hearing
from data.errors import SegueError
from hybrid.training import KIND
from models import artefacts
from models.encoders import registry

View = Literal["learned", "evaluation", "overview", "track"]
VIEWS: tuple[View, ...] = ("learned", "evaluation", "overview", "track")

#: What each button starts: the kind of job, its title, its options.
STARTS: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "train": ("train", "Train on your sets", {}),
    "tune": ("train", "Train and learn your own weights", {"tune": True}),
    "evaluate": ("evaluate", "Measure how good the recommendations are", {}),
}
KINDS = ("train", "evaluate")
_BUSY = {
    "train": "Segue is training already: see how far it is above.",
    "evaluate": "Segue is measuring already: see how far it is above.",
}
_starting = threading.Lock()


def view_of(search: str | None) -> View:
    """Return which part of the page an address names."""
    if query.number(search, "track"):
        return "track"
    asked = query.read(search).get("show", "")
    return next((view for view in VIEWS if view == asked), "learned")


def address_of(view: View) -> str:
    """Return the address of a part of the page."""
    return "/models" if view == "learned" else f"/models?show={view}"


# -- the model of the sets


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned from sets.

    Parameters
    ----------
    version, created : str
        Empty where nothing was learned yet; `created` in ISO 8601.
    sets, plays, recordings : int
        What it learned from.
    seconds : float
    own_weights : bool
        Whether the DJ's own weights are in force, and not those that ship.
    weights_from : int
        Sets that they were learned from; 0 where that is not known.
    quality : float or None
        How well sound tells where sets would put a track, 0 to 1; None where the two are not tied.
    quality_from : int
        Tracks that this was learned from.
    heard : int
        Tracks that have sound now.
    parameters : mapping
        Of the factorisation.
    advice : str
        Why it should be trained again; empty where it is up to date.
    has_sets : bool
        Whether there is anything to learn from.
    """

    version: str = ""
    created: str = ""
    sets: int = 0
    plays: int = 0
    recordings: int = 0
    seconds: float = 0.0
    own_weights: bool = False
    weights_from: int = 0
    quality: float | None = None
    quality_from: int = 0
    heard: int = 0
    parameters: Mapping[str, Any] = field(default_factory=dict)
    advice: str = ""
    has_sets: bool = True


def learned(library: Library) -> Learned:
    """Return what was learned from sets, and whether that is still so.

    Raises
    ------
    SegueError
        If the model's files are damaged.
    """
    has_sets = bool(library.catalogue.stats().sets)
    advice = needs_training(library)
    version = artefacts.current_version(library.settings.models_dir, KIND)
    if version is None:
        return Learned(advice=advice, has_sets=has_sets)
    card, played = _model(library.settings.models_dir, version)
    weights, sound = _mapping(card, "weights"), _mapping(card, "sound_map")
    metrics = _mapping(card, "metrics")
    return Learned(
        version=version,
        created=str(card.get("created", "")),
        sets=int(metrics.get("sets", 0)),
        plays=int(metrics.get("plays", 0)),
        recordings=played,
        seconds=float(metrics.get("fit_seconds", 0)),
        own_weights=weights.get("source") == "catalogue",
        weights_from=int(_mapping(weights, "about").get("sets", 0) or 0),
        quality=float(sound["quality"]) if "quality" in sound else None,
        quality_from=int(sound.get("recordings", 0)),
        parameters=_mapping(card, "parameters"),
        heard=max((one.count for one in _hearings(library)[0]), default=0),
        advice=advice,
        has_sets=has_sets,
    )


@lru_cache(maxsize=2)
def _model(models: Path, version: str) -> tuple[dict[str, Any], int]:
    """Return the card of a model and how many recordings it learned from; its arrays are large."""
    found = artefacts.read(models / KIND / version)
    try:
        recordings = len(artefacts.unpack_strings(found.arrays["recording_keys"]))
        return found.card, int(np.count_nonzero(found.arrays["confidence"][:recordings]))
    except (KeyError, ValueError) as error:
        raise SegueError("The model cannot be read. Train again to make a new one.") from error


def _mapping(card: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = card.get(name)
    return value if isinstance(value, dict) else {}


# -- encoders


@dataclass(frozen=True, slots=True)
class EncoderState:
    """An audio encoder, and what it has done here.

    Parameters
    ----------
    label : str
        Its name in the catalogue.
    in_use : bool
        Whether what it heard is what recommendations go by.
    ready : bool
        Whether it can hear; others must be trained first.
    trained_here : bool
        Whether it was trained, or brought, on this machine.
    heard, outdated : int
        Recordings heard by it as it is now, and by it as it was.
    dimension : int or None
        Numbers by which it describes a track, where that is known.
    learned_from, created : str
    licences : mapping of str to int
        Licence of what it learned from, and how many pieces are under it.
    """

    label: str
    in_use: bool = False
    ready: bool = False
    trained_here: bool = False
    heard: int = 0
    outdated: int = 0
    dimension: int | None = None
    learned_from: str = ""
    created: str = ""
    licences: Mapping[str, int] = field(default_factory=dict)


def encoders(library: Library) -> list[EncoderState]:
    """Return every encoder: the one in use first, then those that have heard something."""
    hearings, sizes = _hearings(library)
    used = in_use(library) or (registry.DEFAULT, "")
    models = library.settings.models_dir
    own = [path.name.removeprefix("encoder-") for path in sorted(models.glob("encoder-*"))]
    labels = [*registry.names(), *own, *(one.encoder for one in hearings)]
    labels = [label.replace("onnx-", "onnx:", 1) for label in labels if label != "onnx"]
    found = [
        _encoder(models, label, used, [one for one in hearings if one.encoder == label], sizes)
        for label in dict.fromkeys(labels)
    ]
    return sorted(found, key=lambda one: (not one.in_use, -one.heard, not one.ready, one.label))


def in_use(library: Library) -> tuple[str, str] | None:
    """Return the encoder, and its version, that recommendations go by; None where none heard.

    Chosen as by `hybrid.sound_space.SoundSpace.open`, but for what the catalogue holds now.
    """
    hearings, _ = _hearings(library)
    best = max(
        hearings,
        key=lambda one: (one.encoder == registry.DEFAULT, one.count, one.encoder, one.version),
        default=None,
    )
    return None if best is None else (best.encoder, best.version)


_Sizes = Mapping[tuple[str, str], int]
_kept: WeakKeyDictionary[Library, tuple[int, list[Hearing], _Sizes]] = WeakKeyDictionary()


def _hearings(library: Library) -> tuple[list[Hearing], _Sizes]:
    """Return what was heard by which encoder, and how long its vectors are."""
    changes = library.catalogue.changes()
    if (kept := _kept.get(library)) is None or kept[0] != changes:
        with library.catalogue.heard() as heard:
            hearings = heard.hearings()
            sizes = {
                (one.encoder, one.version): next(heard.parts(one.encoder, one.version))[1].shape[1]
                for one in hearings
            }
        _kept[library] = kept = (changes, hearings, sizes)
    return kept[1], kept[2]


def _encoder(
    models: Path,
    label: str,
    used: tuple[str, str],
    hearings: list[Hearing],
    sizes: _Sizes,
) -> EncoderState:
    card, own = _card(models, label)
    now = str(card.get("fingerprint", ""))
    if label == used[0] and used[1]:
        now = used[1]
    heard = sum(one.count for one in hearings if one.version == now)
    size = sizes.get((label, now)) or _mapping(card, "parameters").get("dimension")
    return EncoderState(
        label=label,
        in_use=label == used[0],
        ready=bool(card),
        trained_here=own,
        heard=heard,
        outdated=sum(one.count for one in hearings) - heard,
        dimension=int(size) if size else None,
        learned_from=str(card.get("data", "")),
        created=str(card.get("created", "")) if own else "",
        licences={str(k): int(v) for k, v in _mapping(card, "licences").items()},
    )


def _card(models: Path, label: str) -> tuple[Mapping[str, Any], bool]:
    """Return the card of an encoder and whether it is of this machine; empty where there is none.

    Only the card: with its arrays an encoder takes seconds to load.
    """
    kind = f"encoder-{label.replace(':', '-')}"
    version = artefacts.current_version(models, kind)
    folder = models / kind / version if version else registry.WEIGHTS / label
    try:
        card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}, False
    return (card, version is not None) if isinstance(card, dict) else ({}, False)


# -- work


def live(library: Library) -> dict[str, Job]:
    """Return the jobs of this page that run or wait, by kind."""
    recent = library.catalogue.jobs.recent(1)
    return {job.kind: job for job in recent if job.live and job.kind in KINDS}


def start(library: Library, name: str) -> int:
    """Start what a button stands for; return the job's id.

    Raises
    ------
    SegueError
        If the same work runs already.
    """
    kind, title, options = STARTS[name]
    with _starting:
        if kind in live(library):
            raise SegueError(_BUSY[kind])
        return library.start_job(kind, title, options)
