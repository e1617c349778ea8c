"""An answer as JSON: one shape for the command line, files of answers and the web."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dashboard.api.tracks import known

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.records import Answer, Mix, Recommendation, Seed, Track


def result_json(found: Recommendation) -> dict[str, Any]:
    """Return one result as the command line writes it.

    `title` carries the version in brackets, so that it can be matched as it stands.
    """
    return {
        "artist": found.track.artist,
        "title": found.track.full_title,
        "score": found.score,
        "version": found.track.version,
        "label": found.track.label,
        "sets": found.sets,
        "reason": found.reason,
        "rung": found.rung,
        "parts": found.parts,
        "weights": found.weights,
        "mix": _mix_json(found.mix),
    }


def result_in_full(found: Recommendation) -> dict[str, Any]:
    """Return one result with all evidence."""
    analysis = found.analysis
    return {
        **result_json(found),
        "recording_id": found.recording_id,
        "evidence": asdict(found.evidence),
        "sound": asdict(found.sound) if found.sound else None,
        "bpm": analysis.bpm if analysis else None,
        "key": analysis.key.classic() if analysis and analysis.key else None,
        "energy": known(analysis.energy) if analysis else None,
        "year": found.year,
        "tags": list(found.tags),
        "verdict": found.verdict,
        "versions": [
            {"recording_id": ident, "artist": track.artist, "title": track.full_title}
            for ident, track in found.versions
        ],
    }


def about_json(answer: Answer) -> dict[str, Any]:
    """Return what an answer says besides its results and seeds."""
    return {
        "hidden": [asdict(entry) for entry in answer.hidden],
        "lens": answer.lens,
        "balance": answer.balance,
        "note": answer.note,
    }


def seed_json(seed: Seed, meant: Track | None) -> dict[str, Any]:
    """Return a seed, how it was understood, and what is near where nothing is known of it.

    Parameters
    ----------
    meant : Track or None
        The track of the catalogue that stands for the seed, else how it was read.
    """
    return {
        "query": seed.query,
        "artist": meant.artist if meant else "",
        "title": meant.full_title if meant else "",
        "recording_id": seed.recording_id,
        "rung": seed.rung,
        "near": [
            {"recording_id": ident, "artist": track.artist, "title": track.full_title}
            for ident, track in seed.near
        ],
    }


def answer_json(answer: Answer, meant: Sequence[Track | None]) -> dict[str, Any]:
    """Return a whole answer with all evidence; `meant` holds each seed's track."""
    return {
        "seeds": [seed_json(seed, track) for seed, track in zip(answer.seeds, meant, strict=True)],
        "results": [result_in_full(result) for result in answer.results],
        "unknown": [seed.query for seed in answer.seeds if seed.recording_id is None],
        "removed": answer.removed,
        **about_json(answer),
    }


def meant(catalogue: Catalogue, seeds: Sequence[Seed]) -> list[Track | None]:
    """Return for each seed the track of the catalogue that it is, else how it was read."""
    found = catalogue.tracks(s.recording_id for s in seeds if s.recording_id is not None)
    return [seed.track if seed.recording_id is None else found[seed.recording_id] for seed in seeds]


def _mix_json(mix: Mix) -> dict[str, Any]:
    return {
        "tempo": asdict(mix.tempo) if mix.tempo else None,
        "key": asdict(mix.key) if mix.key else None,
    }
