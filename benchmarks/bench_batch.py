"""Many files at once: what a second worker is worth, what a worker needs, and a killed batch.

30 s clips are analysed by one worker and by two, each in processes as `segue analyse` does
it. Then a batch of 500 files of which 25 are broken is killed half way and started again.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

RATE = 22_050
CLIPS, CLIP_S = 72, 30
WARM = 12  # of them, before the clock runs
FILES, BROKEN = 500, 25
LEAST_SPEED_UP, MOST_MB = 1.8, 1000


def write_clip(path: Path, seed: int, seconds: float) -> None:
    """Write a beat with a chord and noise, each seed with another tempo, key and level."""
    import numpy as np
    import soundfile

    rng = np.random.default_rng(seed)
    t = np.arange(round(seconds * RATE)) / RATE
    beat = t % (60 / rng.uniform(90, 170))
    kick = np.sin(2 * np.pi * 50 * beat) * np.exp(-beat * 12)
    root = 220 * 2 ** (rng.integers(12) / 12)
    chord = sum(np.sin(2 * np.pi * root * ratio * t) for ratio in (1, 1.189, 1.498))
    noise = rng.standard_normal(len(t))
    samples = rng.uniform(0.5, 1) * (0.5 * kick + 0.08 * chord + 0.03 * noise)
    soundfile.write(path, samples.astype(np.float32), RATE)


def speed(folder: Path, workers: int) -> float:
    """Clips per second of workers that have analysed some already."""
    from data.catalogue import Catalogue
    from data.settings import Settings
    from hybrid import listen
    from hybrid.analysis import analyse_files
    from hybrid.audio_files import find_audio

    settings = Settings()
    ear = listen.ear(settings)
    files = find_audio([folder]).files
    with (
        Catalogue.open("sqlite://") as catalogue,
        ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool,
    ):

        def analyse(part: Sequence[Path]) -> int:
            outcomes = analyse_files(catalogue, settings, part, ear, executor=pool, workers=workers)
            return len(list(outcomes))

        # Every worker must have started, and then have imported what it needs.
        wait([pool.submit(time.sleep, 3) for _ in range(workers)])
        analyse(files[:WARM])
        started = time.perf_counter()
        return analyse(files[WARM:]) / (time.perf_counter() - started)


def segue(home: Path, folder: Path, failures: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            *(sys.executable, "-m", "dashboard.cli", "analyse", str(folder)),
            *("--json", "--failures", str(failures)),
        ],
        cwd=ROOT,
        env={**os.environ, "SEGUE_HOME": str(home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def killed_batch(place: Path) -> bool:
    """Kill a batch half way and start it again; print what each run did."""
    folder, failures = place / "batch", place / "failures.csv"
    folder.mkdir()
    for number in range(FILES):
        path = folder / f"{number:03}.wav"
        write_clip(path, number, 3)
        if number % (FILES // BROKEN) == 7:
            path.write_bytes(path.read_bytes()[: 200 * (number % 3)])
    first = segue(place, folder, failures)
    done = 0
    while done < (FILES - BROKEN) // 2 and first.stdout.readline():
        done += 1
    first.send_signal(signal.SIGKILL)
    first.communicate()
    second = segue(place, folder, failures)
    lines, said = second.communicate()
    told, reasons = len(lines.splitlines()), len(failures.read_text().splitlines()) - 1
    print(f"killed after {done} of {FILES} files; then: {said.splitlines()[0]}")
    print(f"{told} analysed, {reasons} reasons")
    anew = int(said.split()[1])
    return (told, reasons) == (FILES - BROKEN, BROKEN) and anew <= FILES - BROKEN - done


def main() -> bool:
    """Print the figures; whether all targets are met."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        os.environ["SEGUE_HOME"] = str(place)
        clips = place / "clips"
        clips.mkdir()
        for seed in range(CLIPS):
            write_clip(clips / f"{seed}.wav", seed, CLIP_S)
        one, two = speed(clips, 1), speed(clips, 2)
        megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        resumed = killed_batch(place)
    print(
        f"{CLIPS} clips of {CLIP_S} s: one worker {one:.2f}, two workers {two:.2f} clips a second"
    )
    met = {
        f"two workers are {two / one:.2f} times as fast (at least {LEAST_SPEED_UP})": two
        >= LEAST_SPEED_UP * one,
        f"a worker needs {megabytes:.0f} MB (at most {MOST_MB})": megabytes <= MOST_MB,
        "a killed batch does only the rest": resumed,
    }
    for claim, holds in met.items():
        print(f"{'met   ' if holds else 'MISSED'}: {claim}")
    return all(met.values())


if __name__ == "__main__":
    sys.exit(not main())
