"""Numbers about a piece of audio of which only how much was listened to matters."""

from __future__ import annotations

from data.records import Analysis


def measured(windows: int) -> Analysis:
    """Five minutes without tempo or key, listened to in so many windows."""
    return Analysis(
        duration_s=300.0,
        bpm=None,
        bpm_confidence=0.0,
        bpm_alternatives=(),
        beat_start_s=None,
        key=None,
        key_confidence=0.0,
        key_runner_up=None,
        energy=0.5,
        loudness_lufs=-9.0,
        rolloff_hz=4000.0,
        windows=tuple((30.0 * place, 30.0) for place in range(windows)),
        analyser="1",
    )
