"""A folder scanned again: 10,000 files that are known, 100 moved, 100 with new tags, 300 new.

Each scan is the real command in a process of its own, with all that it loads: `segue analyse`
as a DJ types it, and the job of the page as `segue worker` does it. The files are real MP3s of
a second. One of each sound is heard; the others are put into the catalogue with the same
numbers, because hearing 10,000 files is not what is measured here. In the midst of the new
ones the worker is killed, and another one goes on.
"""

from __future__ import annotations

import os
import resource
import signal
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

FILES, FOLDERS, SOUNDS = 10_000, 200, 8
CHANGED = 100  # files moved, and as many with new tags
NEW, KILLED_AT = 300, 60
MOST_S = 10.0  # of a scan that finds nothing new
RATE = 22_050
WORKER = [sys.executable, "-m", "dashboard.cli", "worker", "--until-idle", "0"]


def sounds() -> list[bytes]:
    """Return MP3s of a second, each with another chord."""
    import io

    import numpy as np
    import soundfile

    found = []
    t = np.arange(RATE) / RATE
    for root in range(SOUNDS):
        chord = sum(np.sin(2 * np.pi * 220 * 2 ** ((root + s) / 12) * t) for s in (0, 3, 7))
        beat = np.sin(2 * np.pi * 50 * (t % 0.5)) * np.exp(-(t % 0.5) * 12)
        stream = io.BytesIO()
        soundfile.write(stream, (0.1 * chord + 0.5 * beat).astype(np.float32), RATE, format="MP3")
        found.append(stream.getvalue())
    return found


def id3(artist: str, title: str, bpm: str = "126") -> bytes:
    """Return the tag that stands in front of an MP3."""
    body = b""
    for frame, text in ((b"TPE1", artist), (b"TIT2", title), (b"TBPM", bpm)):
        value = b"\x00" + text.encode("latin-1")
        body += frame + struct.pack(">IH", len(value), 0) + value
    size = bytes(len(body) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + body


def make(folder: Path) -> list[Path]:
    """Write all files, each with its own name and tags."""
    heard = sounds()
    files = []
    for number in range(FILES):
        path = folder / f"{number % FOLDERS:03}" / f"{number:05}.mp3"
        path.parent.mkdir(exist_ok=True, parents=True)
        tags = id3(f"Artist {number // 7}", f"Tune {number}")
        path.write_bytes(tags + heard[number % SOUNDS])
        files.append(path)
    return files


def fill(files: list[Path]) -> None:
    """Put every file into the catalogue as it would be after it was heard."""
    from data.catalogue import Catalogue, Sound
    from data.records import Track
    from data.settings import Settings
    from hybrid import listen
    from hybrid.analysis import analyse_files
    from hybrid.audio_files import identify

    settings = Settings()
    ear = listen.ear(settings)
    with Catalogue.open(settings.url) as catalogue:
        first = files[:SOUNDS]
        list(analyse_files(catalogue, settings, first, ear, workers=1))
        known = catalogue.known_files(first)
        by_hash = catalogue.known_sound(
            (file.content_hash for file in known.values()),
            analyser=ear.analyser,
            encoder=ear.label,
            version=ear.version,
        )
        like = [by_hash[known[path].content_hash] for path in first]
        vectors = catalogue.fragments((one.audio_id for one in like), ear.label, ear.version)
        batch = []
        for number, path in enumerate(files[SOUNDS:], start=SOUNDS):
            file, one = identify(path), like[number % SOUNDS]
            assert one.analysis is not None
            sound = Sound(
                file.content_hash,
                file,
                Track(f"Artist {number // 7}", f"Tune {number}"),
                one.analysis.duration_s,
                {"artist": f"Artist {number // 7}", "title": f"Tune {number}"},
                analysis=replace(one.analysis),
                embedding=vectors[one.audio_id],
            )
            batch.append(sound)
        catalogue.add_sound(batch)


def counts() -> tuple[int, int]:
    """Return how many recordings there are, and how much audio was analysed."""
    from data.catalogue import Catalogue
    from data.settings import Settings

    with Catalogue.open(Settings().url) as catalogue:
        stats = catalogue.stats()
        return stats.recordings, stats.analysed


def command(folder: Path) -> tuple[float, str]:
    """Run ``segue analyse`` and return its seconds and what it said."""
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "dashboard.cli", "analyse", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - started, done.stderr.splitlines()[0]


def processor_s() -> float:
    """Return the seconds of processor that the processes until now took."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def job(folder: Path) -> tuple[float, dict[str, Any]]:
    """Have a worker do the page's job; return its seconds and what came of it."""
    from data.catalogue import Catalogue
    from data.settings import Settings

    with Catalogue.open(Settings().url) as catalogue:
        ident = catalogue.jobs.add("analyse", "Listen to the folder", {"paths": [str(folder)]})
        started = time.perf_counter()
        subprocess.run(WORKER, cwd=ROOT, capture_output=True, check=True)
        return time.perf_counter() - started, catalogue.jobs.get(ident).result


def killed_job(folder: Path) -> tuple[int, dict[str, Any]]:
    """Kill a worker once it has heard some files; return how many, and what the next one did."""
    from data.catalogue import Catalogue
    from data.settings import Settings

    before = counts()[1]
    with Catalogue.open(Settings().url) as catalogue:
        ident = catalogue.jobs.add("analyse", "Listen to the folder", {"paths": [str(folder)]})
        worker = subprocess.Popen(WORKER, cwd=ROOT, stderr=subprocess.DEVNULL)
        while (heard := counts()[1] - before) < KILLED_AT and worker.poll() is None:
            time.sleep(0.02)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        subprocess.run(WORKER, cwd=ROOT, capture_output=True, check=True)
        return heard, catalogue.jobs.get(ident).result


def main() -> bool:
    """Print the figures; whether all targets are met."""
    with tempfile.TemporaryDirectory() as name:
        os.environ["SEGUE_HOME"] = name
        folder = Path(name) / "Music"
        files = make(folder)
        fill(files)
        before = counts()
        used = processor_s()
        typed, said = command(folder)
        used = processor_s() - used
        print(f"no change, `segue analyse`: {typed:.1f} s, {used:.1f} s of a core ({said})")
        done, result = job(folder)
        print(f"no change, job of the page: {done:.1f} s ({result['summary']})")

        moved = folder / "moved"
        moved.mkdir()
        for path in files[:CHANGED]:
            path.rename(moved / path.name)
        took, said = command(folder)
        print(f"{CHANGED} files moved: {took:.1f} s ({said})")
        still = counts() == before

        heard = sounds()
        for number in range(CHANGED, 2 * CHANGED):
            tags = id3(f"Artist {number // 7}", f"Tune {number}", bpm="127.5")
            files[number].write_bytes(tags + heard[number % SOUNDS])
        took, said = command(folder)
        print(f"{CHANGED} files with new tags: {took:.1f} s ({said})")
        same = counts() == before

        for number in range(FILES, FILES + NEW):
            tags = id3(f"Artist {number // 7}", f"Tune {number}")
            (folder / f"{number}.mp3").write_bytes(tags + heard[number % SOUNDS])
        first, rest = killed_job(folder)
        print(f"killed after {first} of {NEW} new files; then: {rest['summary']}")
        after = counts()
        whole = after == (before[0] + NEW, before[1] + NEW)
        resumed = rest["failed"] == 0 and rest["heard"] + rest["known"] == FILES + NEW
    met = {
        f"`segue analyse` finds nothing new in {FILES:,} files in {typed:.1f} s "
        f"(at most {MOST_S:g})": typed <= MOST_S,
        f"the job does so in {done:.1f} s (at most {MOST_S:g})": done <= MOST_S
        and result["known"] == FILES,
        "moved files are the same recordings": still,
        "files with new tags are the same recordings, once each": same,
        "a killed scan that goes on loses nothing and doubles nothing": whole and resumed,
        "and hears only the rest": rest["heard"] <= NEW - first,
    }
    for claim, holds in met.items():
        print(f"{'met   ' if holds else 'MISSED'}: {claim}")
    return all(met.values())


if __name__ == "__main__":
    sys.exit(not main())
