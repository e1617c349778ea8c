"""What audio sounds like, and what files and data sets say about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.harmony import Key


@dataclass(frozen=True, slots=True)
class Analysis:
    """What a piece of audio sounds like, in numbers.

    Each value is the one to use; `provenance` says for each of ``"bpm"`` and ``"key"``
    whether it is ``"measured"`` or came from a ``"tag"`` in the file, and the
    measured value stays in `measured_bpm`, `measured_key`.

    Parameters
    ----------
    duration_s : float
        Length of the whole file in seconds.
    bpm : float or None
        Beats per minute; None where no tempo could be found.
    bpm_confidence : float
        0 to 1, calibrated: about the chance that `bpm` is right within 4%.
    bpm_alternatives : tuple of float
        Other readings of the beat, likeliest first: half, double, 3:2.
    beat_start_s : float or None
        Where the beat grid starts: time of the first beat in seconds.
    key, key_runner_up : Key or None
        Likeliest and second likeliest key; None where nothing tonal was found.
    key_confidence : float
        0 to 1, calibrated: about the chance that `key` is exactly right.
    energy : float
        0 (calm) to 1 (peak time).
    loudness_lufs : float
        Integrated loudness, ITU-R BS.1770.
    rolloff_hz : float
        Frequency below which 85% of the spectral energy lies, median over time.
    windows : tuple of (float, float)
        Start and length in seconds of the windows that were listened to.
    analyser : str
        Version of the analysis that made this.
    """

    duration_s: float
    bpm: float | None
    bpm_confidence: float
    bpm_alternatives: tuple[float, ...]
    beat_start_s: float | None
    key: Key | None
    key_confidence: float
    key_runner_up: Key | None
    energy: float
    loudness_lufs: float
    rolloff_hz: float
    windows: tuple[tuple[float, float], ...]
    analyser: str
    measured_bpm: float | None = None
    measured_key: Key | None = None
    provenance: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Embedding:
    """Vectors that an encoder gave to a piece of audio.

    Parameters
    ----------
    encoder, version : str
        Which encoder, and which weights.
    vector : ndarray of float32, shape (d,)
        The whole track.
    fragments : ndarray of float32, shape (n, d)
        Its fragments.
    starts_s : ndarray of float64, shape (n,)
        Where in the file each fragment starts, in seconds.
    fragment_s : float
        Length of a fragment in seconds.
    """

    encoder: str
    version: str
    vector: NDArray[np.float32]
    fragments: NDArray[np.float32]
    starts_s: NDArray[np.float64]
    fragment_s: float


@dataclass(frozen=True, slots=True)
class FileTags:
    """What the tags in a sound file say, as far as it makes sense.

    Parameters
    ----------
    artist, title, album, label, genre, comment : str
        Empty where the file does not say.
    isrc : str
        In canonical spelling, empty where there is no well-formed one.
    year : int or None
    bpm : float or None
        Beats per minute, 40 to 250.
    key : Key or None
    problems : tuple of str
        What was found and could not be used, and why.
    """

    artist: str = ""
    title: str = ""
    album: str = ""
    label: str = ""
    genre: str = ""
    comment: str = ""
    isrc: str = ""
    year: int | None = None
    bpm: float | None = None
    key: Key | None = None
    problems: tuple[str, ...] = ()

    def texts(self) -> dict[str, str]:
        """What is known, each as a text, by name: ``{"artist": "Anna", "bpm": "128"}``."""
        known = {
            "artist": self.artist,
            "title": self.title,
            "album": self.album,
            "label": self.label,
            "genre": self.genre,
            "comment": self.comment,
            "isrc": self.isrc,
            "year": "" if self.year is None else str(self.year),
            "bpm": "" if self.bpm is None else f"{self.bpm:g}",
            "key": "" if self.key is None else self.key.classic(),
        }
        return {name: text for name, text in known.items() if text}


@dataclass(frozen=True, slots=True)
class LabelledAudio:
    """A sound file and what somebody who knows says about it: one example to learn from.

    Parameters
    ----------
    path : Path
        The file; it was there when the data set was read.
    artist, album, title, genre : str
        Empty where unknown.
    tags : tuple of str
        Free labels: moods, styles, finer genres.
    licence : str
        Of the sound, in its giver's words; empty where unknown.
    split : str
        The part the data set itself puts it in (``"training"``, ``"test"``), or empty.
    source_id : str
        Its identifier in the data set, unique there.
    """

    path: Path
    artist: str = ""
    album: str = ""
    title: str = ""
    genre: str = ""
    tags: tuple[str, ...] = ()
    licence: str = ""
    split: str = ""
    source_id: str = ""
