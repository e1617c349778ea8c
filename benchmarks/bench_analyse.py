"""Analysing audio: one clip on one core, against librosa in the same run, and a batch on two.

Times of one process are its CPU time, so that what else the machine does counts little;
throughput is wall time and wants two idle cores. All audio is made here.
"""

from __future__ import annotations

import os
import sys

os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["MKL_NUM_THREADS"] = "1"

import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from corpus import verdict

from data.catalogue import Catalogue
from data.settings import Settings
from hybrid.analysis import analyse_files
from hybrid.listen import Ear, Job, analyse_file, ear
from tests.audio_files import music, write

ROUNDS = 7
FORMS = ("wav", "mp3", "ogg")
MOST_WHOLE_S = 0.35
MOST_SIX_MINUTES_S = 2.5
MOST_MEMORY_GB = 1.0
LEAST_SPEEDUP = 1.8
#: Clips of the batch, and how often each number of workers goes through them.
CLIPS, BATCHES = 48, 3


def main() -> bool:
    """Measure; True if every target is held."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder) / "home", database_url="", dask_scheduler="")
        heard_by = ear(settings)
        clips = {form: write(Path(folder), form, music(30)) for form in FORMS}
        track = write(Path(folder), "mp3", music(360), name="six-minutes.mp3")
        held = [
            *one_clip(settings, heard_by, clips),
            six_minutes(settings, heard_by, track),
            *batch(settings, heard_by, clips["mp3"], track),
        ]
    return all(held)


def one_clip(settings: Settings, heard_by: Ear, clips: dict[str, Path]) -> list[bool]:
    """A table of the parts of an analysis, and the two targets for a clip of 30 s."""
    import librosa
    import torch

    from models.audio.analyse import embed
    from models.audio.decode import decode, excerpts
    from models.audio.key import estimate_key
    from models.audio.level import measure_level
    from models.audio.tempo import estimate_tempo
    from models.encoders import registry

    torch.set_num_threads(1)
    encoder = registry.load(settings.models_dir, heard_by.encoder)
    print(f"{'ms, clip of 30 s':<28}" + "".join(f"{form:>8}" for form in clips))
    columns = []
    for path in clips.values():
        heard = excerpts(path)
        samples = decode(path)
        columns.append(
            medians(
                {
                    "decode": lambda path=path: excerpts(path),
                    "tempo": lambda samples=samples: estimate_tempo([samples]),
                    "key": lambda samples=samples: estimate_key([samples]),
                    "level": lambda samples=samples: measure_level(samples, 22_050),
                    "embedding": lambda heard=heard: embed(heard, encoder, version="1"),
                    "whole": partial(analyse_file, job(settings, heard_by, path)),
                    "librosa: beat_track": lambda samples=samples: librosa.beat.beat_track(
                        y=samples
                    ),
                    "librosa: chroma_cqt": lambda samples=samples: librosa.feature.chroma_cqt(
                        y=samples
                    ),
                }
            )
        )
    for part in columns[0]:
        print(f"{part:<28}" + "".join(f"{1000 * column[part]:>8.1f}" for column in columns))
    ours = max(column["tempo"] + column["key"] for column in columns)
    theirs = min(
        column["librosa: beat_track"] + column["librosa: chroma_cqt"] for column in columns
    )
    return [
        verdict("whole analysis of 30 s", max(c["whole"] for c in columns), MOST_WHOLE_S, "s"),
        verdict("tempo and key, against librosa's", 1000 * ours, round(1000 * theirs), "ms"),
    ]


def six_minutes(settings: Settings, heard_by: Ear, track: Path) -> bool:
    """Whether a track of six minutes takes no longer than it may."""
    took = medians({"whole": partial(analyse_file, job(settings, heard_by, track))}, rounds=3)
    return verdict("whole analysis of 6 minutes (mp3)", took["whole"], MOST_SIX_MINUTES_S, "s")


def batch(settings: Settings, heard_by: Ear, clip: Path, track: Path) -> list[bool]:
    """Throughput of two worker processes against one, and the memory of a worker."""
    folder = clip.parent / "batch"
    folder.mkdir()
    files = []
    for number in range(CLIPS):
        # A trailing comment makes each file another to the catalogue.
        files.append(folder / f"{number}.mp3")
        files[-1].write_bytes(clip.read_bytes() + f"clip {number}".encode().rjust(128, b"\0"))
    spawn = multiprocessing.get_context("spawn")
    speeds: dict[int, list[float]] = {1: [], 2: []}
    with (
        ProcessPoolExecutor(1, mp_context=spawn) as one,
        ProcessPoolExecutor(2, mp_context=spawn) as two,
    ):
        pools = {1: one, 2: two}
        warm = [job(settings, heard_by, path) for path in [*[clip] * 8, track]]
        peaks = [peak for pool in pools.values() for peak in pool.map(peak_gb, warm)]
        for _ in range(BATCHES):
            for workers, pool in pools.items():
                speeds[workers].append(throughput(settings, heard_by, files, pool, workers))
    for workers, runs in speeds.items():
        print(f"{workers} worker(s): {median(runs):.2f} clips of 30 s a second")
    speedup = median(speeds[2]) / median(speeds[1])
    enough = speedup >= LEAST_SPEEDUP
    print(
        f"two workers against one: {speedup:.2f} times (target {LEAST_SPEEDUP}) "
        f"{'held' if enough else 'MISSED'}"
    )
    return [enough, verdict("peak memory of a worker", max(peaks), MOST_MEMORY_GB, "GB")]


def throughput(
    settings: Settings, heard_by: Ear, files: list[Path], pool: ProcessPoolExecutor, workers: int
) -> float:
    """Files a second that a batch gets through, into an empty catalogue."""
    with Catalogue.open("sqlite://") as catalogue:
        started = time.perf_counter()
        found = list(
            analyse_files(catalogue, settings, files, heard_by, workers=workers, executor=pool)
        )
        took = time.perf_counter() - started
    assert len(found) == len(files) and all(hasattr(one, "vector") for one in found), found
    return len(files) / took


def job(settings: Settings, heard_by: Ear, path: Path) -> Job:
    """What a worker is asked about `path`: everything."""
    return Job(
        path,
        models=settings.models_dir,
        content_hash="",
        encoder=heard_by.encoder,
        version=heard_by.version,
        longest_s=60 * settings.max_duration_min,
    )


def peak_gb(job: Job) -> float:
    """Analyse a file in this process; returns the most memory it ever took."""
    analyse_file(job)
    status = Path("/proc/self/status")
    if status.exists():
        # Linux hands the peak of the parent down to the child in what getrusage says.
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1e6
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1e9 if sys.platform == "darwin" else 1e6)


def medians(parts: dict[str, Callable[[], Any]], *, rounds: int = ROUNDS) -> dict[str, float]:
    """CPU seconds of each part, the median of rounds that go through all of them in turn."""
    took: dict[str, list[float]] = {part: [] for part in parts}
    for round_ in range(rounds + 1):
        for part, work in parts.items():
            started = time.process_time()
            work()
            if round_:  # The first is for warming up.
                took[part].append(time.process_time() - started)
    return {part: median(times) for part, times in took.items()}


if __name__ == "__main__":
    sys.exit(not main())
