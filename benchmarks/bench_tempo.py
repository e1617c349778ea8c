"""Tempo on clips that the weights have not seen, against librosa's two estimators.

Every clip is judged by weights fitted without its style of loop, or without its author. Takes
about five minutes, nearly all of it the ten fits and the rhythms they learn from; the shipped
weights are made by the same fit on everything, and are timed here only.
"""

from __future__ import annotations

import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import numpy as np
from corpus import shared_data, verdict
from numpy.typing import NDArray
from safetensors.numpy import save_file
from train_tempo import LabelledClip, cross_validate, read_clips

from models.audio.tempo import SAMPLE_RATE, Tempo, estimate_tempo

KINDS = ("loops-drums", "open", "loops-chords", "loops-bass", "open-nc")
#: Least share right within 4%: exact, and with half and double.
TARGETS = {"loops-drums": (0.90, 0.97), "open": (0.80, 0.93)}
EXACT, OCTAVE, TRIPLE = (1.0,), (1.0, 0.5, 2.0), (1.0, 0.5, 2.0, 1.5, 2 / 3, 3.0, 1 / 3)
#: Of the time of librosa's beat and chroma: what tempo may take, the rest is for the key.
MOST_OF_LIBROSA = 0.4
ROUNDS = 7

Right = NDArray[np.bool_]


def main() -> bool:
    """Print the tables; say whether every target is held."""
    warnings.filterwarnings("ignore", category=FutureWarning)
    clips = read_clips(shared_data(), KINDS)
    ours = _unseen(clips)
    found = {
        "segue": [tempo.bpm or 0.0 for tempo in ours],
        "librosa beat_track": [_beat_track(clip) for clip in clips],
        "librosa tempo": [_librosa_tempo(clip) for clip in clips],
    }
    held = _accuracy(clips, found)
    _reliability(clips, ours)
    return _speed(clips[0]) and held


def _unseen(clips: Sequence[LabelledClip]) -> list[Tempo]:
    with tempfile.TemporaryDirectory() as folder:
        paths: dict[str, Path] = {}
        for number, (group, weights) in enumerate(cross_validate(clips).items()):
            paths[group] = Path(folder) / f"{number}.safetensors"
            save_file(weights, paths[group])
        return [estimate_tempo([clip.samples], weights=paths[clip.group]) for clip in clips]


def _beat_track(clip: LabelledClip) -> float:
    from librosa.beat import beat_track

    return float(np.atleast_1d(beat_track(y=clip.samples, sr=SAMPLE_RATE)[0])[0])


def _librosa_tempo(clip: LabelledClip) -> float:
    from librosa.feature import tempo

    return float(np.atleast_1d(tempo(y=clip.samples, sr=SAMPLE_RATE))[0])


def right(
    clips: Sequence[LabelledClip], bpms: Sequence[float], ratios: Sequence[float], within: float
) -> Right:
    """Whether each tempo is one of the clip's, times one of `ratios`."""
    return np.array(
        [
            any(abs(bpm / (known * ratio) - 1) <= within for known in clip.bpms for ratio in ratios)
            for clip, bpm in zip(clips, bpms, strict=True)
        ]
    )


def _accuracy(clips: Sequence[LabelledClip], found: dict[str, list[float]]) -> bool:
    kinds = np.array([clip.kind for clip in clips])
    held = True
    print(f"{'set':14}{'estimator':20}  n   4%: exact half/2x  +3:2   2%: exact half/2x   |error|")
    for kind in KINDS:
        of_kind = kinds == kind
        best_peer = np.zeros(2)
        for name, bpms in reversed(found.items()):
            shares = [
                float(right(clips, bpms, ratios, within)[of_kind].mean())
                for ratios, within in (
                    (EXACT, 0.04),
                    (OCTAVE, 0.04),
                    (TRIPLE, 0.04),
                    (EXACT, 0.02),
                    (OCTAVE, 0.02),
                )
            ]
            good = of_kind & right(clips, bpms, EXACT, 0.04)
            errors = [abs(bpms[i] - clips[i].bpms[0]) for i in np.flatnonzero(good)]
            columns = "  ".join(f"{share:6.3f}" for share in shares)
            error = f"{np.median(errors):.3f} BPM" if errors else "-"
            print(f"{kind:14}{name:20}{of_kind.sum():3}     {columns}   {error}")
            if name != "segue":
                best_peer = np.maximum(best_peer, shares[:2])
            elif kind in TARGETS:
                for what, share, least, peer in zip(
                    ("exact", "half/double"), shares, TARGETS[kind], best_peer, strict=False
                ):
                    # Above the peer too, unless the peer leaves nothing to gain.
                    enough = share >= least and (share > peer or share == 1.0)
                    held &= enough
                    print(
                        f"  {kind} {what}: {share:.3f} (target {least}, librosa {peer:.3f}) "
                        f"{'held' if enough else 'MISSED'}"
                    )
    return held


def _reliability(clips: Sequence[LabelledClip], ours: Sequence[Tempo]) -> None:
    """How often a tempo of a given confidence is right; each style of loop counts once."""
    correct = right(clips, [tempo.bpm or 0.0 for tempo in ours], EXACT, 0.04)
    confidence = np.array([tempo.confidence for tempo in ours])
    names = [(clip.kind, clip.group, clip.bpms) for clip in clips]
    weight = np.array([1 / names.count(name) for name in names])
    print("confidence     clips  mean confidence  right")
    for low, high in ((0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 0.9), (0.9, 1.01)):
        here = (confidence >= low) & (confidence < high)
        if here.any():
            mean = np.average(confidence[here], weights=weight[here])
            share = np.average(correct[here], weights=weight[here])
            print(f"{low:.1f} to {min(high, 1):.1f}   {here.sum():8}  {mean:15.2f}  {share:5.2f}")


def _speed(clip: LabelledClip) -> bool:
    from librosa.beat import beat_track
    from librosa.feature import chroma_cqt

    samples = clip.samples

    def librosa() -> None:
        beat_track(y=samples, sr=SAMPLE_RATE)
        chroma_cqt(y=samples, sr=SAMPLE_RATE)

    ours, peers = [], []
    for _ in range(ROUNDS):  # by turns, so that a busy moment hits both
        ours.append(_seconds(lambda: estimate_tempo([samples])))
        peers.append(_seconds(librosa))
    print(f"30 s: tempo {1000 * median(ours):.0f} ms, librosa {1000 * median(peers):.0f} ms")
    return verdict(
        "tempo / librosa's tempo + chroma", median(ours) / median(peers), MOST_OF_LIBROSA, ""
    )


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    sys.exit(not main())
