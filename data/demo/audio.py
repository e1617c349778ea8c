"""What the recordings of the demo crate sound like, and in which tempo and key they are."""

from __future__ import annotations

import os
import random
import re
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.demo.generate import DAYS
from data.demo.music import Music, release_music
from data.demo.sound import RECIPES, SAMPLE_RATE, Makers, render
from data.errors import SegueError
from data.harmony import Key
from data.identity import recording_key, work_key
from data.records import Track

#: Length of a demo recording: intro, groove, break and drop of two to five bars each.
SECONDS = 20.0

_SEED = 7  # of the crate that `segue demo` puts in
_DRUMLESS = "Beatless Mix"
#: Folder of the files, so that a change of the synthesiser makes new ones.
_VERSION = "1"
_NOT_IN_A_NAME = re.compile(r'[<>:"/\\|?*]')


@dataclass(frozen=True, slots=True, eq=False)
class DemoSound:
    """A piece of demo music with what is known about it.

    Parameters
    ----------
    samples : ndarray of float32, shape (samples,)
        Mono, within -1 to 1.
    sample_rate : int
        Samples per second.
    bpm : float
        Its exact tempo; the first beat is the first sample.
    key : Key
        Its key.
    energy : float
        0 (calm) to 1 (peak time), as the crate has it.
    """

    samples: NDArray[np.float32]
    sample_rate: int
    bpm: float
    key: Key
    energy: float


@cache
def _music() -> tuple[Music, dict[str, int]]:
    music = release_music(random.Random(_SEED), days=DAYS)
    return music, {recording_key(track): row for row, track in enumerate(music.tracks)}


def demo_tracks() -> list[Track]:
    """Return every recording of the demo crate, by number; no set may hold some of them."""
    return _music()[0].tracks


def is_demo(track: Track) -> bool:
    """Whether a recording is one of the demo crate's."""
    return recording_key(track) in _music()[1]


def demo_audio(track: Track | int, *, seconds: float = SECONDS) -> DemoSound:
    """Make the sound of a recording of the demo crate, always the same.

    Parameters
    ----------
    track : Track or int
        The recording, or its number in `demo_tracks`.
    seconds : float
        How much of it; whatever the length, it goes from intro to drop.

    Raises
    ------
    SegueError
        If the track is not one of the demo crate.

    Examples
    --------
    >>> sound = demo_audio(0, seconds=5)
    >>> sound.samples.shape, 128 <= sound.bpm <= 138
    ((110250,), True)
    """
    music, row = _music()[0], _row(track)
    named = music.tracks[row]
    bpm, key, energy = music.bpm[row], music.keys[row], float(music.energy[row])
    samples = render(
        RECIPES[music.styles[music.scene[row]]],
        bpm,
        key,
        recording_key(named),
        seconds,
        energy=energy,
        makers=Makers(music.makers[row], named.label, work_key(named)),
        beatless=named.version == _DRUMLESS,
    )
    return DemoSound(samples, SAMPLE_RATE, bpm, key, energy)


def _row(track: Track | int) -> int:
    music, rows = _music()
    row = track if isinstance(track, int) else rows.get(recording_key(track), -1)
    if not 0 <= row < len(music.tracks):
        raise SegueError(f"{track} is not in the demo crate: ask for a track of demo_tracks().")
    return row


def demo_path(folder: Path, track: Track) -> Path:
    """Return where `demo_file` keeps the sound of a demo recording, made or not."""
    name = _NOT_IN_A_NAME.sub("_", str(demo_tracks()[_row(track)]))
    return folder / _VERSION / f"{name}.flac"


def demo_file(folder: Path, track: Track) -> Path:
    """Return the FLAC file with the sound of a demo recording, made when it is not there yet.

    Parameters
    ----------
    folder : Path
        Where such files are kept, each under the name of its recording.
    track : Track
        A recording of the demo crate.

    Raises
    ------
    SegueError
        If the track is not one of the demo crate.
    """
    import soundfile

    path = demo_path(folder, track)
    if path.exists():
        return path
    sound = demo_audio(track)
    folder = path.parent
    folder.mkdir(parents=True, exist_ok=True)
    # Named only when it is whole: two may make it at once, or one be killed.
    handle, half = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            # Twelve bits are enough for this music, and the file is a third smaller.
            coarse = np.round(sound.samples * 2048.0) / 2048.0
            soundfile.write(file, coarse, sound.sample_rate, format="FLAC")
        os.replace(half, path)
    except BaseException:
        Path(half).unlink(missing_ok=True)
        raise
    return path
