"""What a track sounds like in numbers: tempo, key, energy, loudness, and its vectors.

A file is decoded once (`models.audio.decode.excerpts`); `measure` and `embed` work on the
same windows. Every measure looks at each window by itself and pools what it found.
"""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import soxr
from numpy.typing import NDArray

from data.errors import SegueError
from data.records import Analysis, Embedding, FileTags
from models.audio.decode import LONGEST_S, Excerpts, excerpts
from models.audio.key import estimate_key
from models.audio.level import measure_level
from models.audio.tempo import estimate_tempo
from models.encoders.contract import Encoder

__all__ = ["ANALYSER", "analyse", "apply_tags", "embed", "measure"]

#: Changes whenever a measure does, so that what was measured before is measured again.
ANALYSER = "1"

#: Two tempos this near, as a share of the slower, are the same.
SAME_TEMPO = 0.04
#: How far a tag is believed that the measure agrees with, and one that it contradicts.
#: Judgements, unlike the confidence of a measure: nobody says who wrote a tag, or how.
CONFIRMED, CONTRADICTED = 0.95, 0.7


def analyse(path: Path | str, *, longest_s: float = LONGEST_S) -> Analysis:
    """Measure a sound file; see `data.records.Analysis` for what and in which units.

    Parameters
    ----------
    path : Path or str
    longest_s : float
        Seconds beyond which a file is a mix and no track.

    Raises
    ------
    SegueError
        If the file cannot be used; see `models.audio.decode.excerpts`.
    """
    return measure(excerpts(path, longest_s=longest_s))


def measure(heard: Excerpts) -> Analysis:
    """Measure what was heard of a track.

    Notes
    -----
    Loudness is that of the channels together, as BS.1770 wants it, though the samples
    are mono: what mixing took away is added as one number for the whole track.
    """
    windows = [window.samples for window in heard.windows]
    rate = heard.sample_rate
    tempo = estimate_tempo(windows, sample_rate=rate)
    key = estimate_key(windows, sample_rate=rate)
    whole = windows[0] if len(windows) == 1 else np.concatenate(windows)
    level = measure_level(whole, rate)
    beat = tempo.beat_start_s
    if beat is not None and tempo.bpm:
        # The grid goes on before the first window: its first line in the file.
        beat = (heard.windows[0].start_s + beat) % (60 / tempo.bpm)
    return Analysis(
        duration_s=heard.duration_s,
        bpm=tempo.bpm,
        bpm_confidence=tempo.confidence,
        bpm_alternatives=tempo.alternatives,
        beat_start_s=beat,
        key=key.key,
        key_confidence=key.confidence,
        key_runner_up=key.runner_up,
        energy=level.energy,
        loudness_lufs=level.loudness_lufs + heard.mixdown_db,
        rolloff_hz=level.rolloff_hz,
        windows=tuple((w.start_s, len(w.samples) / rate) for w in heard.windows),
        analyser=ANALYSER,
        measured_bpm=tempo.bpm,
        measured_key=key.key,
        provenance=_provenance(tempo.bpm is not None, key.key is not None),
    )


def apply_tags(analysis: Analysis, tags: FileTags) -> Analysis:
    """Let the tags of a file win over what was measured, and keep both.

    Parameters
    ----------
    analysis : Analysis
        As measured.
    tags : FileTags
        Only sane values are in there.

    Returns
    -------
    Analysis
        With the tags' tempo and key where there are any. A measured tempo that differs
        by more than 4%, such as half of it, comes first among the alternatives; a
        measured key that differs becomes the runner-up. The beat grid's start stays
        as measured.
    """
    if tags.bpm is not None:
        analysis = _with_bpm(analysis, tags.bpm)
    if tags.key is not None:
        agrees = tags.key == analysis.measured_key
        analysis = dataclasses.replace(
            analysis,
            key=tags.key,
            key_confidence=_trust(analysis.key_confidence, agrees=agrees),
            key_runner_up=analysis.key_runner_up if agrees else analysis.measured_key,
            provenance={**analysis.provenance, "key": "tag"},
        )
    return analysis


def embed(heard: Excerpts, encoder: Encoder, *, version: str) -> Embedding:
    """Embed what was heard of a track.

    Parameters
    ----------
    heard : Excerpts
    encoder : Encoder
        Ready to embed. Windows of another sample rate than its own are resampled.
    version : str
        Which vectors these are: `models.encoders.registry.version`, which takes a while
        and is the same for every track.

    Returns
    -------
    Embedding
        The fragments of all windows, with their places in the file; the track's vector
        is pooled over all of them.

    Raises
    ------
    SegueError
        If the encoder was not fitted.
    """
    parts = [
        encoder.embed_fragments(_at_rate(window.samples, heard.sample_rate, encoder.sample_rate))
        for window in heard.windows
    ]
    fragments = np.concatenate([part.vectors for part in parts])
    starts = [
        part.starts_s + window.start_s for part, window in zip(parts, heard.windows, strict=True)
    ]
    vector = encoder.pool(fragments)
    if not np.isfinite(vector).all():
        raise SegueError(f"the encoder {encoder.name} makes no vector of it: train it again")
    return Embedding(
        encoder=encoder.name,
        version=version,
        vector=vector,
        fragments=fragments,
        starts_s=np.concatenate(starts),
        fragment_s=parts[0].length_s,
    )


def _at_rate(samples: NDArray[np.float32], rate: int, wanted: int) -> NDArray[np.float32]:
    return samples if rate == wanted else soxr.resample(samples, rate, wanted)


def _provenance(bpm: bool, key: bool) -> dict[str, str]:
    return {name: "measured" for name, found in (("bpm", bpm), ("key", key)) if found}


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= SAME_TEMPO * min(a, b)


def _trust(measured: float, *, agrees: bool) -> float:
    return max(measured, CONFIRMED) if agrees else CONTRADICTED


def _with_bpm(analysis: Analysis, bpm: float) -> Analysis:
    measured = analysis.measured_bpm
    readings = (*(() if measured is None else (measured,)), *analysis.bpm_alternatives)
    return dataclasses.replace(
        analysis,
        bpm=bpm,
        bpm_confidence=_trust(
            analysis.bpm_confidence, agrees=measured is not None and _same(bpm, measured)
        ),
        bpm_alternatives=tuple(r for r in dict.fromkeys(readings) if not _same(bpm, r)),
        provenance={**analysis.provenance, "bpm": "tag"},
    )
