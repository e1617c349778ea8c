"""How often the key is right, and how fast, next to librosa's chroma with Krumhansl's profiles.

Set `loops-chords` of the shared clips decides; `loops-bass` and invented songs (other seeds
than those `fit_key.py` fits on) are reported. None of the clips was fitted on.
"""

from __future__ import annotations

import csv
import os
import sys
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import librosa
import numpy as np
import soundfile
from numpy.typing import NDArray
from songs import song

from data.harmony import Key, parse_key
from data.settings import Settings
from models.audio.key import KeyEstimate, estimate_key

RATE = 22_050
SONGS = 120
LEAST_EXACT, LEAST_MIREX = 0.90, 0.93
MOST_SECONDS = 0.055
KRUMHANSL = (
    (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88),
    (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17),
)
Samples = NDArray[np.float32]
Case = tuple[Samples, Key]


def shared_clips(name: str) -> list[Case]:
    """The clips of a set with their keys; loops are tiled to 30 s, as they are seamless."""
    folder = Settings().shared.resolve() / "data" / "audio"
    if not folder.is_dir():
        print(f"skipped: no shared audio at {folder} (set SEGUE_SHARED)")
        sys.exit(0)
    cases = []
    with (folder / "index.csv").open() as table:
        for row in csv.DictReader(table):
            key = parse_key(row["key"])
            if row["set"] == name and key is not None:
                samples, _ = soundfile.read(folder / row["file"], dtype="float32")
                cases.append((np.tile(samples, 30 * RATE // len(samples) + 1)[: 30 * RATE], key))
    return cases


def segue(samples: Samples) -> KeyEstimate:
    return estimate_key([samples])


def krumhansl(chroma: NDArray[np.float32]) -> KeyEstimate:
    mean = chroma.mean(axis=1)
    fits = [
        np.corrcoef(mean, np.roll(profile, tonic))[0, 1]
        for profile in KRUMHANSL
        for tonic in range(12)
    ]
    return KeyEstimate(Key.from_traktor(int(np.argmax(fits))))


def librosa_cqt(samples: Samples) -> KeyEstimate:
    return krumhansl(librosa.feature.chroma_cqt(y=samples, sr=RATE))


def librosa_stft(samples: Samples) -> KeyEstimate:
    return krumhansl(librosa.feature.chroma_stft(y=samples, sr=RATE))


ESTIMATORS: dict[str, Callable[[Samples], KeyEstimate]] = {
    "segue": segue,
    "chroma_cqt + Krumhansl": librosa_cqt,
    "chroma_stft + Krumhansl": librosa_stft,
}


def mirex(estimate: Key | None, truth: Key) -> float:
    """Weight of an estimate in MIREX's key task: a fifth .5, relative .3, parallel .2."""
    if estimate is None:
        return 0.0
    if estimate == truth:
        return 1.0
    if estimate.mode == truth.mode:
        return 0.5 if (estimate.pitch_class - truth.pitch_class) % 12 in (5, 7) else 0.0
    if estimate.camelot_number == truth.camelot_number:
        return 0.3
    return 0.2 if estimate.pitch_class == truth.pitch_class else 0.0


def accuracy(name: str, cases: list[Case]) -> dict[str, tuple[float, float]]:
    """Print exact share and mean weight for each estimator, and Segue's reliability."""
    print(f"\n{name}: {len(cases)} clips")
    figures = {}
    for estimator, estimate in ESTIMATORS.items():
        answers = [estimate(samples) for samples, _ in cases]
        pairs = [(answer.key, key) for answer, (_, key) in zip(answers, cases, strict=True)]
        exact = np.array([answer == key for answer, key in pairs])
        weight = np.mean([mirex(answer, key) for answer, key in pairs])
        figures[estimator] = float(exact.mean()), float(weight)
        print(f"  {estimator:24} exact {exact.mean():.3f}  MIREX-weighted {weight:.3f}")
        if estimator == "segue":
            reliability(np.array([answer.confidence for answer in answers]), exact)
    return figures


def reliability(confidence: NDArray[np.float64], exact: NDArray[np.bool_]) -> None:
    """Print how often the key is right where the confidence says so."""
    edges = (0.0, 0.3, 0.5, 0.7, 0.85, 0.95, 1.001)
    for low, high in pairwise(edges):
        inside = (confidence >= low) & (confidence < high)
        if inside.any():
            said, held = confidence[inside].mean(), exact[inside].mean()
            print(f"    said {said:.2f}  held {held:.2f}  ({inside.sum()} clips)")


def seconds(samples: Samples, rounds: int = 15) -> dict[str, float]:
    """Median seconds of each estimator, taken in turns so that a busy moment hits all."""
    taken: dict[str, list[float]] = {name: [] for name in ESTIMATORS}
    for _ in range(rounds):
        for name, estimate in ESTIMATORS.items():
            started = time.perf_counter()
            estimate(samples)
            taken[name].append(time.perf_counter() - started)
    return {name: median(times) for name, times in taken.items()}


def main() -> bool:
    """Measure; True if every target is met."""
    chords = shared_clips("loops-chords")
    figures = accuracy("loops-chords", chords)
    accuracy("loops-bass", shared_clips("loops-bass"))
    invented = [song(seed) for seed in range(SONGS)]
    accuracy("invented songs", [(made.samples, made.key) for made in invented])
    times = seconds(chords[0][0])
    print("\n30 s clip: " + ", ".join(f"{n} {1000 * t:.0f} ms" for n, t in times.items()))

    exact, weight = figures.pop("segue")
    checks = {
        f"exact on loops-chords {exact:.3f}, target {LEAST_EXACT}": exact >= LEAST_EXACT,
        f"MIREX-weighted {weight:.3f}, target {LEAST_MIREX}": weight >= LEAST_MIREX,
        "above both of librosa's": all(exact > e and weight > w for e, w in figures.values()),
        f"{times['segue']:.3f} s for 30 s, target {MOST_SECONDS} s": times["segue"] <= MOST_SECONDS,
    }
    for what, held in checks.items():
        print(f"{what}: {'held' if held else 'MISSED'}")
    return all(checks.values())


if __name__ == "__main__":
    sys.exit(not main())
