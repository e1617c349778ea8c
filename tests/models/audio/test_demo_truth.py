"""Tempo and key of music whose tempo and key are known exactly: the demo crate's."""

from __future__ import annotations

import pytest

from data.demo import DemoSound, demo_audio, demo_tracks
from models.audio.key import estimate_key
from models.audio.tempo import estimate_tempo

TRACKS = 24


@pytest.fixture(scope="module")
def crate() -> list[DemoSound]:
    """Every sixtieth track: all scenes, originals and remixes."""
    step = len(demo_tracks()) // TRACKS
    return [demo_audio(number) for number in range(0, step * TRACKS, step)]


def test_the_tempo_is_found(crate: list[DemoSound]) -> None:
    found = [estimate_tempo([s.samples], sample_rate=s.sample_rate).bpm for s in crate]
    right = [
        bpm is not None and abs(bpm / sound.bpm - 1) <= 0.04
        for bpm, sound in zip(found, crate, strict=True)
    ]
    assert sum(right) >= 0.9 * len(crate)


def test_the_key_is_found(crate: list[DemoSound]) -> None:
    found = [estimate_key([s.samples], sample_rate=s.sample_rate).key for s in crate]
    right = [key == sound.key for key, sound in zip(found, crate, strict=True)]
    assert sum(right) >= 0.9 * len(crate)


def test_different_tempos_and_keys_are_among_them(crate: list[DemoSound]) -> None:
    assert max(s.bpm for s in crate) > 1.8 * min(s.bpm for s in crate)
    assert len({s.key for s in crate}) >= 8
