"""What the encoder names in music that was heard: genres, styles and instruments.

Read from the vectors in the catalogue, without the audio. Only encoders that learned names
have some to tell; of those that ship that is `segue`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.catalogue import Catalogue
from data.settings import Settings
from models import artefacts
from models.encoders import registry
from models.encoders.segue_names import Named, Names

NAMING = "segue"
"""The encoder whose names can be read from its vectors."""
#: How sure it must be of a name somewhere for the name to be shown over time.
_WORTH_TELLING = 0.15
_STYLE = "style "
_MODES = ("major", "minor")


@dataclass(frozen=True, slots=True)
class Breakdown:
    """How sure the encoder is of each name, 0 to 1, surest first.

    Parameters
    ----------
    genres : mapping of str to float
        They sum to 1.
    styles, instruments : mapping of str to float
        Each on its own.
    """

    genres: Mapping[str, float]
    styles: Mapping[str, float]
    instruments: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What was named in a track, as a whole and over time.

    Parameters
    ----------
    whole : Breakdown
        The mean over its fragments.
    starts_s : ndarray of float64, shape (n,)
        Where each fragment starts, in seconds.
    length_s : float
        Length of a fragment in seconds.
    names : tuple of str
        Styles and instruments that are sure somewhere, by how sure they are in the whole.
    over_time : ndarray of float32, shape (len(names), n)
    """

    whole: Breakdown
    starts_s: NDArray[np.float64]
    length_s: float
    names: tuple[str, ...]
    over_time: NDArray[np.float32]


def in_track(
    catalogue: Catalogue, settings: Settings, recording_id: int, encoder: str, version: str
) -> Heard | None:
    """Return what is named in a recording.

    Parameters
    ----------
    encoder, version : str
        Whose vectors are read.

    Returns
    -------
    Heard or None
        None where it was not heard with this encoder, or the encoder knows no names.

    Raises
    ------
    SegueError
        If the encoder's files are damaged.
    """
    names = _names(settings, encoder, version)
    if names is None:
        return None
    found = catalogue.recording_fragments([recording_id], encoder, version).get(recording_id)
    if found is None or not len(found.fragments):
        return None
    named = names.in_fragments(found.fragments)
    mean, sure = named.tags.mean(axis=0), named.tags.max(axis=0)
    rows = [
        row
        for row in np.argsort(-mean, kind="stable").tolist()
        if names.tags[row] not in _MODES and sure[row] >= _WORTH_TELLING
    ]
    return Heard(
        _breakdown(names, [named]),
        found.starts_s,
        found.fragment_s,
        tuple(readable(names.tags[row]) for row in rows),
        named.tags[:, rows].T,
    )


def in_sample(
    catalogue: Catalogue,
    settings: Settings,
    recording_ids: Sequence[int],
    encoder: str,
    version: str,
) -> Breakdown | None:
    """Return the mean of what is named in some recordings, each counting the same.

    Returns
    -------
    Breakdown or None
        As for `in_track`.
    """
    names = _names(settings, encoder, version)
    if names is None:
        return None
    found = catalogue.recording_fragments(recording_ids, encoder, version).values()
    named = [names.in_fragments(one.fragments) for one in found if len(one.fragments)]
    return _breakdown(names, named) if named else None


def readable(name: str) -> str:
    """Return a name as people write it.

    Examples
    --------
    >>> readable("style hard_rock"), readable("synth_bass")
    ('Hard rock', 'Synth bass')
    """
    words = name.removeprefix(_STYLE).replace("_", " ")
    return words[:1].upper() + words[1:]


def _breakdown(names: Names, parts: Iterable[Named]) -> Breakdown:
    means = [(part.genres.mean(axis=0), part.tags.mean(axis=0)) for part in parts]
    genres, tags = (np.mean([mean[side] for mean in means], axis=0) for side in (0, 1))
    sure = {name: float(value) for name, value in zip(names.tags, tags, strict=True)}
    return Breakdown(
        _surest(dict(zip(names.genres, map(float, genres), strict=True))),
        _surest({name: value for name, value in sure.items() if name.startswith(_STYLE)}),
        _surest(
            {
                name: value
                for name, value in sure.items()
                if not name.startswith(_STYLE) and name not in _MODES
            }
        ),
    )


def _surest(values: Mapping[str, float]) -> dict[str, float]:
    ordered = sorted(values.items(), key=lambda item: -item[1])
    return {readable(name): value for name, value in ordered}


def _names(settings: Settings, encoder: str, version: str) -> Names | None:
    """Return the names that the encoder of these vectors knows."""
    if encoder != NAMING:
        return None
    current = artefacts.current_version(settings.models_dir, _kind(encoder))
    names, of = _read(settings.models_dir, current or "")
    # The revision of the code stands before the dash; the weights are told by what follows.
    return names if version.partition("-")[2] == of.partition("-")[2] else None


@lru_cache(maxsize=2)
def _read(models: Path, current: str) -> tuple[Names, str]:
    command = f"segue encoder train {NAMING}"
    artefact = (
        artefacts.read(models / _kind(NAMING) / current, command=command)
        if current
        else artefacts.read(registry.WEIGHTS / NAMING, command=command)
    )
    return Names.of(artefact.arrays), str(artefact.card.get("fingerprint", ""))


def _kind(encoder: str) -> str:
    return f"encoder-{encoder}"
