"""Invented music of three genres that nobody could take for one another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from models.encoders.contract import Clip

SAMPLE_RATE = 22_050
GENRES = ("drone", "drums", "bleeps")
LICENCE = "CC0-1.0"
_MOODS = {"drone": ("calm", "dark"), "drums": ("hard", "dark"), "bleeps": ("hard", "happy")}


def sound(
    genre: str, artist: int, take: int = 0, *, seconds: float = 6.0, sample_rate: int = SAMPLE_RATE
) -> NDArray[np.float32]:
    """One piece: an artist has a root note and a tempo, a take has its own notes and noise."""
    generator = np.random.default_rng([GENRES.index(genre), artist, take])
    time = np.arange(int(seconds * sample_rate)) / sample_rate
    root, beat_s = 55 * 2 ** (artist * 3 / 12), 0.5 - 0.03 * artist
    if genre == "drone":
        samples = _drone(time, root, generator)
    elif genre == "drums":
        samples = _drums(time, beat_s, generator)
    else:
        samples = _bleeps(time, root * 8, beat_s / 4, generator)
    return (0.3 * samples / np.abs(samples).max()).astype(np.float32)


def clips(artists: range, *, takes: int = 2, seconds: float = 6.0) -> list[Clip]:
    """Pieces of every genre by as many artists each, with all labels and factors."""
    return [
        Clip(
            sound(genre, artist, take, seconds=seconds),
            artist=f"{genre} {artist}",
            album=f"{genre} {artist}",
            title=f"take {take}",
            genre=genre,
            licence=LICENCE,
            tags=(genre, *_MOODS[genre]),
            factors=np.eye(4, dtype=np.float32)[GENRES.index(genre)],
        )
        for artist in artists
        for genre in GENRES
        for take in range(takes)
    ]


def _drone(time: NDArray, root: float, generator: np.random.Generator) -> NDArray:
    swell = 1 + 0.2 * np.sin(2 * np.pi * 0.3 * time + generator.uniform(0, 6))
    partials = (
        np.sin(2 * np.pi * root * interval * number * time + generator.uniform(0, 6)) / number
        for interval in (1, 1.5, 2.4)
        for number in range(1, 6)
    )
    return swell * sum(partials)


def _drums(time: NDArray, beat_s: float, generator: np.random.Generator) -> NDArray:
    phase = time % beat_s
    kick = np.sin(2 * np.pi * 50 * phase) * np.exp(-phase * 25)
    hat = generator.normal(size=len(time)) * np.exp(-((time + beat_s / 2) % beat_s) * 30)
    return kick + 0.6 * hat


def _bleeps(time: NDArray, root: float, note_s: float, generator: np.random.Generator) -> NDArray:
    notes = generator.choice([0, 3, 5, 7, 10, 12], size=int(time[-1] / note_s) + 1)
    pitch = root * 2 ** (notes[(time / note_s).astype(int)] / 12)
    return np.sign(np.sin(2 * np.pi * pitch * time)) * np.exp(-(time % note_s) * 8)
