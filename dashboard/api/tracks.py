"""Tracks and crates as JSON."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.records import Analysis, Track


def track_json(recording_id: int, track: Track) -> dict[str, Any]:
    """Return what a track is called; `title` carries the version in brackets."""
    return {
        "recording_id": recording_id,
        "artist": track.artist,
        "title": track.full_title,
        "version": track.version,
        "label": track.label,
    }


def track_in_full(recording_id: int, track: Track, analysis: Analysis | None) -> dict[str, Any]:
    """Return all that is known of a track; null where it was not analysed."""
    key = analysis.key if analysis else None
    return {
        **track_json(recording_id, track),
        "catalogue_number": track.catalogue_number,
        "genre": track.genre,
        "ids": [
            {"scheme": outside.scheme, "value": outside.value, "source": outside.source}
            for outside in track.ids
        ],
        "bpm": analysis.bpm if analysis else None,
        "key": key.classic() if key else None,
        "camelot": key.camelot() if key else None,
        "energy": known(analysis.energy) if analysis else None,
        "duration_s": known(analysis.duration_s) if analysis else None,
    }


def known(value: float) -> float | None:
    """Return a number, None for NaN: JSON has none, and an analysis says so that it does not know.

    Examples
    --------
    >>> known(0.5), known(float("nan"))
    (0.5, None)
    """
    return None if math.isnan(value) else value


def crate_json(catalogue: Catalogue, crate_id: int) -> dict[str, Any]:
    """Return a crate with its tracks in order; `stamp` grows with every change."""
    state = catalogue.crate_state(crate_id)
    tracks = catalogue.tracks(state.ids)
    return {
        "id": state.id,
        "name": state.name,
        "stamp": state.stamp,
        "tracks": [track_json(ident, track) for ident, track in tracks.items()],
    }
