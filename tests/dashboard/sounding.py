"""A server with nothing but the routes of sound, over a catalogue that names a few files."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from dashboard.audio import routes
from dashboard.services import Library, attach
from data.catalogue import AudioFile, Catalogue, Sound
from data.records import Analysis, Track
from data.settings import Settings


def server(settings: Settings) -> Flask:
    app = Flask(__name__)
    attach(app.config, Library(settings))
    app.register_blueprint(routes)
    return app


def keep(catalogue: Catalogue, track: Track, path: Path, analysis: Analysis | None = None) -> int:
    """Note in the catalogue that a file holds a track; returns the recording."""
    file = AudioFile(path, path.name, path.stat().st_size, path.stat().st_mtime_ns)
    catalogue.add_sound([Sound(path.name, file, track, 1.0, analysis=analysis)])
    recording_id = catalogue.find(track)
    assert recording_id is not None
    return recording_id


def analysed(bpm: float, lufs: float = -12.0) -> Analysis:
    return Analysis(
        duration_s=20.0,
        bpm=bpm,
        bpm_confidence=0.9,
        bpm_alternatives=(),
        beat_start_s=0.0,
        key=None,
        key_confidence=0.0,
        key_runner_up=None,
        energy=0.5,
        loudness_lufs=lufs,
        rolloff_hz=4000.0,
        windows=((0.0, 20.0),),
        analyser="1",
    )
