"""The sound of a generated crate as vectors, made once and kept under build/.

Sound can only be weighed against sets where both are known: real tracklists come without
audio, a generated crate has both.
"""

from __future__ import annotations

import random
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.demo.generate import DAYS
from data.demo.music import Music, release_music
from data.identity import recording_key, work_key
from models.encoders import registry
from models.encoders.contract import Encoder

ROOT = Path(__file__).resolve().parent.parent
#: The crate that `segue demo` puts in, which the evaluation reports on.
SHOWN = 7
_DRUMLESS = "Beatless Mix"
#: Of the other crates one recording in so many is not heard, so that some lack sound as music
#: does, and one in so many at length, so that what more windows are worth can be learned.
_UNHEARD, _AT_LENGTH = 4, 8
#: Seconds of a recording: one window, and three.
_SHORT, _LONG = 20.0, 100.0


@dataclass(frozen=True, eq=False)
class CrateSound:
    """What the recordings of a generated crate sound like to an encoder.

    Parameters
    ----------
    keys : ndarray of str, shape (n,)
        Recording keys.
    vectors : ndarray of float32, shape (n, d)
        Of length 1.
    windows : ndarray of float32, shape (n,)
        Windows of audio that were heard.
    encoder, version : str
    """

    keys: NDArray[np.str_]
    vectors: NDArray[np.float32]
    windows: NDArray[np.float32]
    encoder: str
    version: str


def crate_sound(seed: int, *, processes: int = 2) -> CrateSound:
    """Synthesise and hear the recordings of a crate, or read what was heard before."""
    path = ROOT / "build" / ("demo_vectors.npz" if seed == SHOWN else f"crate_{seed}_vectors.npz")
    encoder, version = _encoder()
    if path.exists():
        kept = np.load(path)
        if str(kept["version"]) == version:
            return CrateSound(
                kept["keys"], kept["vectors"], kept["windows"], str(kept["encoder"]), version
            )
    everything = range(len(_music(seed).tracks))
    rows = [row for row in everything if seed == SHOWN or row % _UNHEARD]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        heard = list(pool.map(_hear, [seed] * len(rows), rows, chunksize=20))
    sound = CrateSound(
        np.array([recording_key(_music(seed).tracks[row]) for row in rows]),
        np.stack([vector for vector, _ in heard]),
        np.array([windows for _, windows in heard], np.float32),
        encoder.label,
        version,
    )
    path.parent.mkdir(exist_ok=True)
    np.savez(path, **vars(sound))
    return sound


def _hear(seed: int, row: int) -> tuple[NDArray[np.float32], int]:
    """Make the sound of one recording, as `data.demo.demo_file` does, and embed it."""
    import soundfile

    from data.demo.sound import RECIPES, SAMPLE_RATE, Makers, render
    from models.audio.analyse import embed
    from models.audio.decode import excerpts

    music = _music(seed)
    track = music.tracks[row]
    samples = render(
        RECIPES[music.styles[music.scene[row]]],
        music.bpm[row],
        music.keys[row],
        recording_key(track),
        _LONG if seed != SHOWN and row % _AT_LENGTH == 1 else _SHORT,
        energy=float(music.energy[row]),
        makers=Makers(music.makers[row], track.label, work_key(track)),
        beatless=track.version == _DRUMLESS,
    )
    encoder, version = _encoder()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "sound.flac"
        soundfile.write(file, np.round(samples * 2048.0) / 2048.0, SAMPLE_RATE, format="FLAC")
        heard = excerpts(file)
    return embed(heard, encoder, version=version).vector, len(heard.windows)


@cache
def _music(seed: int) -> Music:
    return release_music(random.Random(seed), days=DAYS)


@cache
def _encoder() -> tuple[Encoder, str]:
    encoder = registry.load(registry.WEIGHTS, "segue")
    return encoder, registry.version(encoder)
