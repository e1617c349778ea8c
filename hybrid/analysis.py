"""Analyses many audio files into the catalogue: no file costs another, and none comes twice.

Files are known by the hash of their bytes. What the catalogue holds of the versions in
use is taken from there; only the rest is given to the workers, and what they find is
kept in small batches as it comes: a run that is broken off goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.catalogue import AudioFile, Catalogue, KnownSound, Sound
from data.errors import SegueError
from data.records import Analysis, SetAside
from data.settings import Settings
from hybrid.audio_files import absolute, identify, unchanged
from hybrid.crew import Crew, Failure
from hybrid.executors import GivenHands, Hands, cores, hands_for
from hybrid.listen import Ear, FileSound, Job, attempt, track_of

TIMEOUT_S = 300.0
"""Seconds after which a file is given up: a decoder hangs on it."""

_LOOKED_UP = 200
"""Files that the catalogue is asked for at once."""
_LOST_NAMED = 5
_KEPT_AT = 16
_KEPT_EVERY_S = 1.0
"""A batch is kept when it is so large, or so many seconds after the last one."""


@dataclass(frozen=True, slots=True, eq=False)
class HeardFile:
    """A file that was analysed, now or before.

    Parameters
    ----------
    path : Path
        As it was given.
    analysis : Analysis
    encoder : str
    vector : ndarray of float32, shape (d,)
    known : bool
        Whether all of it was in the catalogue already.
    """

    path: Path
    analysis: Analysis
    encoder: str
    vector: NDArray[np.float32]
    known: bool


def analyse_files(
    catalogue: Catalogue,
    settings: Settings,
    files: Sequence[Path],
    ear: Ear,
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    again: bool = False,
    origin: str = "file",
    timeout_s: float = TIMEOUT_S,
) -> Generator[HeardFile | SetAside, None, None]:
    """Analyse `files` and yield what came of each, as soon as the catalogue holds it.

    Closing the iterator, or an exception such as Ctrl-C while it works, ends the workers
    and keeps what they had found.

    Parameters
    ----------
    catalogue : Catalogue
    settings : Settings
        Says where models lie, and whether a Dask cluster does the work.
    files : sequence of Path
        See `hybrid.audio_files.find_audio`.
    ear : Ear
        What is done with a file; see `hybrid.listen.ear`.
    workers : int, optional
        How many files at once; by default one for each core.
    executor : Executor, optional
        Does the work in the place of processes started here; it is not shut down.
    again : bool
        Analyse also what is known.
    origin : str
        How the audio came, as the catalogue shall have it: see `data.catalogue.Sound`.
    timeout_s : float
        Seconds that one file may take.

    Yields
    ------
    HeardFile or SetAside
        One for each file, in no particular order; `SetAside` says why there is no analysis.

    Raises
    ------
    SegueError
        If there is nobody to do the work.
    """
    place: AbstractContextManager[Hands]
    if executor is not None:
        place = nullcontext(GivenHands(executor, workers or cores()))
    else:
        most = max(1, min(workers or cores(), len(files)))
        place = hands_for(settings.dask_scheduler, workers if settings.dask_scheduler else most)
    with place as hands:
        crew = Crew(hands, partial(attempt, ear.analyse), timeout_s=timeout_s)
        yield from _Batch(catalogue, settings, ear, crew, again=again, origin=origin).run(files)


def say_lost(catalogue: Catalogue, paths: Iterable[Path]) -> str:
    """Say which files of the folders among `paths` are gone since they were heard; empty if none.

    Nothing of them is forgotten: their tracks, and what the DJ made of them, stay.
    """
    lost = catalogue.lost_files(absolute(path) for path in paths)
    if not lost:
        return ""
    named = ", ".join(str(path) for path in lost[:_LOST_NAMED])
    more = f" and {len(lost) - _LOST_NAMED:,} more" if len(lost) > _LOST_NAMED else ""
    return (
        f"Files that are gone from these folders: {named}{more}. Their tracks stay; if the files "
        "were moved, scan the folder where they are now."
    )


@dataclass(frozen=True, slots=True, eq=False)
class _InWork:
    """Content that a worker hears: every place of it, and what is known of it already."""

    places: list[tuple[Path, AudioFile]]
    known: KnownSound | None


class _Batch:
    """One run: what is in work, and what came of it but is not kept yet."""

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        ear: Ear,
        crew: Crew[Job, FileSound | Failure],
        *,
        again: bool,
        origin: str,
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._ear = ear
        self._crew = crew
        self._again = again
        self._origin = origin
        #: By content hash.
        self._in_work: dict[str, _InWork] = {}
        #: Content that this run has heard.
        self._heard: set[str] = set()
        self._sounds: list[Sound] = []
        self._aside: list[SetAside] = []
        self._outcomes: list[HeardFile | SetAside] = []
        self._kept_at = time.monotonic()

    def run(self, files: Sequence[Path]) -> Iterator[HeardFile | SetAside]:
        """Work through `files`; yield what is kept."""
        try:
            for start in range(0, len(files), _LOOKED_UP):
                for path, file, known in self._identified(files[start : start + _LOOKED_UP]):
                    self._take(path, file, known)
                    yield from self._kept()
                    while not self._crew.has_room:
                        self._collect()
                        yield from self._kept()
            while self._crew.busy:
                self._collect()
                yield from self._kept()
        finally:
            self._keep()
        yield from self._outcomes

    def _identified(
        self, block: Sequence[Path]
    ) -> Iterator[tuple[Path, AudioFile, KnownSound | None]]:
        """Yield files with their hashes; with what is known of those that did not change."""
        places = {path: absolute(path) for path in block}
        before = self._catalogue.known_files(places.values())
        same = {place: file for place, file in before.items() if unchanged(file)}
        known = self._known(file.content_hash for file in same.values())
        for path, place in places.items():
            if place in same:
                yield path, same[place], known.get(same[place].content_hash)
                continue
            try:
                yield path, identify(place), None
            except SegueError as error:
                self._fail(path, str(error))

    def _take(self, path: Path, file: AudioFile, unmoved: KnownSound | None) -> None:
        """Give a file to the workers, unless what they would find is known or on its way."""
        content = file.content_hash
        if content in self._in_work:
            self._in_work[content].places.append((path, file))
            return
        if any(sound.content_hash == content for sound in self._sounds):
            self._keep()
        anew = self._again and content not in self._heard
        told = self._told(path, unmoved)
        known = unmoved if told else self._known([content]).get(content)
        if known and not anew and (all_of_it := told or self._told(path, known)):
            if not told:
                name = None if known.recording_id else track_of(path)
                self._sounds.append(Sound(content, file, name))
            self._outcomes.append(all_of_it)
            return
        self._in_work[content] = _InWork([(path, file)], known)
        numbers = anew or known is None or known.analysis is None
        vectors = anew or known is None or known.vector is None
        self._crew.give(self._job(file, numbers=numbers, vectors=vectors))

    def _told(self, path: Path, known: KnownSound | None) -> HeardFile | None:
        """Return what is to be told of a file of which all is known."""
        if known is None or known.analysis is None or known.vector is None:
            return None
        return HeardFile(path, known.analysis, self._ear.label, known.vector, known=True)

    def _known(self, hashes: Iterable[str]) -> dict[str, KnownSound]:
        ear = self._ear
        return self._catalogue.known_sound(
            hashes, analyser=ear.analyser, encoder=ear.label, version=ear.version
        )

    def _job(self, file: AudioFile, *, numbers: bool, vectors: bool) -> Job:
        return Job(
            file.path,
            file.content_hash,
            models=self._settings.models_dir,
            encoder=self._ear.encoder,
            version=self._ear.version,
            longest_s=self._settings.max_duration_min * 60,
            numbers=numbers,
            vectors=vectors,
        )

    def _collect(self) -> None:
        for job, result in self._crew.collect():
            work = self._in_work.pop(job.content_hash)
            if isinstance(result, FileSound) and not unchanged(work.places[0][1]):
                result = Failure("was changed while it was read: run the command again")
            if isinstance(result, Failure):
                for path, _ in work.places:
                    self._fail(path, result.reason)
            else:
                self._heard.add(job.content_hash)
                self._succeed(work, result)

    def _succeed(self, work: _InWork, result: FileSound) -> None:
        known = work.known
        analysis = result.analysis or (known.analysis if known else None)
        old = known.vector if known else None
        vector = result.embedding.vector if result.embedding else old
        assert analysis is not None and vector is not None
        for place, (path, file) in enumerate(work.places):
            track = result.track or track_of(path)
            sound = Sound(file.content_hash, file, track, origin=self._origin)
            if place == 0:
                sound = replace(
                    sound,
                    duration_s=result.duration_s,
                    tags=result.tags,
                    analysis=result.analysis,
                    embedding=result.embedding,
                )
            self._sounds.append(sound)
            self._outcomes.append(HeardFile(path, analysis, self._ear.label, vector, known=False))

    def _fail(self, path: Path, reason: str) -> None:
        self._aside.append(SetAside(str(absolute(path)), reason))
        self._outcomes.append(SetAside(str(path), reason))

    def _kept(self) -> Iterator[HeardFile | SetAside]:
        """Keep what came in if it is time to, and yield it then."""
        due = time.monotonic() - self._kept_at >= _KEPT_EVERY_S
        if due or len(self._outcomes) >= _KEPT_AT:
            self._keep()
            outcomes, self._outcomes = self._outcomes, []
            yield from outcomes

    def _keep(self) -> None:
        if self._sounds or self._aside:
            self._catalogue.add_sound(self._sounds, set_aside=self._aside)
        self._sounds, self._aside = [], []
        self._kept_at = time.monotonic()
