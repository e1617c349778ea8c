"""Previews in tests: the peers of both services, and an ear that needs no encoder."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from data.catalogue import AudioFile, Catalogue, Sound
from data.records import Analysis, Embedding, Track
from data.settings import Settings
from hybrid.listen import Ear, FileSound, Job
from tests.peers.deezer import DeezerPeer
from tests.peers.itunes import ItunesPeer

HEARD = "heard.log"


def settings_for(*peers: DeezerPeer | ItunesPeer, home: Path, **others: object) -> Settings:
    """Settings that point Segue at peers."""
    named = {
        name.removeprefix("SEGUE_").lower(): value
        for peer in peers
        for name, value in peer.settings.items()
    }
    return Settings(home=home, http_timeout=2.0, **{**named, **others})


def hear(job: Job) -> FileSound:
    """Take the size of a clip for its tempo; each call leaves its path in `HEARD`."""
    with (job.path.parent.parent / HEARD).open("a") as log:
        log.write(f"{job.path}\n")
    size = float(job.path.stat().st_size % 100 + 60)
    analysis = Analysis(
        30.0, size, 0.9, (), 0.25, None, 0.0, None, 0.5, -9.0, 4000.0, ((0.0, 30.0),), "1"
    )
    vector = np.full(4, size, np.float32)
    embedding = Embedding("ear", job.version, vector, vector[np.newaxis], np.zeros(1), 5.0)
    return FileSound(30.0, {"artist": "Nobody"}, None, analysis, embedding)


EAR = Ear(hear, analyser="1", encoder="ear", label="ear", version="1")


def listened(settings: Settings) -> list[Path]:
    """The clips that were listened to."""
    log = settings.home / HEARD
    return [Path(line) for line in log.read_text().splitlines()] if log.exists() else []


def keep_file(catalogue: Catalogue, track: Track, path: Path) -> int:
    """Let the catalogue hold a track by a file, which is made where it is not there."""
    if not path.exists():
        path.write_bytes(b"x")
    file = AudioFile(path, path.name, path.stat().st_size, path.stat().st_mtime_ns)
    catalogue.add_sound([Sound(path.name, file, track, 240.0)])
    found = catalogue.find(track)
    assert found is not None
    return found
