"""Hears previews into the catalogue: numbers and vectors stay, the sound does not.

A preview's sound speaks for its recording where there is no file of it, and only to be found by:
no model learns from it.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Literal, Self

from data.catalogue import Catalogue, Sound
from data.errors import SegueError
from data.records import OutsideId, Track
from data.settings import Settings
from hybrid import listen
from hybrid.crew import Crew, Failure
from hybrid.executors import GivenHands, Hands, hands_for
from hybrid.listen import Ear, FileSound, Job, attempt
from hybrid.previews import FoundPreview, Previews, ServicesBusy

TIMEOUT_S = 120.0
"""Seconds after which a preview is given up: a decoder hangs on it."""
_LONGEST_S = 120.0
_LEFT_OVER_S = 3600.0
_NO_LENGTHS: Mapping[Track, float] = MappingProxyType({})
_ENDINGS = {"audio/mpeg": ".mp3", "audio/mp4": ".m4a", "audio/aac": ".aac"}

State = Literal["heard", "known", "none", "failed"]


@dataclass(frozen=True, slots=True)
class HeardPreview:
    """What came of one track.

    Parameters
    ----------
    track : Track
    state : {"heard", "known", "none", "failed"}
        ``"known"`` was heard before, ``"none"`` no service has.
    reason : str
        Why it is none of the first two, as a sentence.
    """

    track: Track
    state: State
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _InWork:
    track: Track
    found: FoundPreview
    path: Path


class PreviewListener:
    """Hears previews by workers that live as long as the ``with`` block.

    Parameters
    ----------
    catalogue : Catalogue
    settings : Settings
    previews : Previews, optional
    ear : Ear, optional
        How sound is heard; as `hybrid.listen.ear` has it unless given.
    executor : Executor, optional
        Does the work in the place of processes started here; it is not shut down.
    workers : int
        How many previews are heard at once.
    patience_s : float
        How long to wait, in a row, for services that do not answer, before that is an error.
    sleep : callable
        Waits for so many seconds; may raise to stop.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        *,
        previews: Previews | None = None,
        ear: Ear | None = None,
        executor: Executor | None = None,
        workers: int = 1,
        patience_s: float = 0.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._previews = previews or Previews(catalogue, settings)
        self._given_ear = ear
        self._executor = executor
        self._workers = workers
        self._patience_s = patience_s
        self._sleep = sleep
        self._place = ExitStack()
        self._folder = settings.home / "previews"
        #: By what the sound is known by.
        self._in_work: dict[str, _InWork] = {}

    def __enter__(self) -> Self:
        _sweep(self._folder)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._place.close()
        # Whoever broke off left clips behind, and no sound of the services is kept.
        for work in self._in_work.values():
            work.path.unlink(missing_ok=True)

    def hear(
        self, tracks: Iterable[Track], *, lengths: Mapping[Track, float] = _NO_LENGTHS
    ) -> Iterator[HeardPreview]:
        """Hear the previews of tracks; a track that the catalogue does not hold comes into it.

        Parameters
        ----------
        tracks : iterable of Track
        lengths : mapping of Track to float
            Lengths in seconds as others say; where the catalogue knows one, that one counts.

        Yields
        ------
        HeardPreview
            One for each track, as soon as the catalogue holds what was heard, in any order.

        Raises
        ------
        ServicesBusy
            If services did not answer for longer than the listener's patience.
        SegueError
            If previews are switched off, or there is no encoder.
        """
        for track in tracks:
            if self.knows(track):
                yield HeardPreview(track, "known")
                continue
            try:
                outcome = self._begin(track, lengths.get(track))
            except ServicesBusy:
                while self._in_work:  # what is here already is not lost
                    yield from self._collected()
                raise
            if outcome is not None:
                yield outcome
            while self._in_work and not self._crew.has_room:
                yield from self._collected()
        while self._in_work:
            yield from self._collected()

    def knows(self, track: Track) -> bool:
        """Whether the recording has sound of this ear already, or a file that can be heard.

        One that the catalogue does not hold by its name may be there by an id.
        """
        recording_id = self._catalogue.find(track)
        return self.knows_id(track) if recording_id is None else self._has_sound(recording_id)

    def knows_id(self, track: Track) -> bool:
        """Whether a recording with an id of the track, whatever its name, is known so."""
        return any(
            self._has_sound(recording_id)
            for outside in track.ids
            for recording_id in self._catalogue.find_outside(outside.scheme, outside.value)
        )

    def _has_sound(self, recording_id: int) -> bool:
        heard = self._catalogue.recording_fragments(
            [recording_id], self._ear.label, self._ear.version
        )
        return bool(heard) or self._catalogue.audio_path(recording_id) is not None

    def _begin(self, track: Track, length_s: float | None) -> HeardPreview | None:
        """Give the sound of a track's preview to the workers; or return why there is none."""
        found = self._found(track, length_s)
        if found is None:
            return HeardPreview(track, "none", "No service has a preview of it.")
        if self._is_of_another(track, found):
            return HeardPreview(
                track, "failed", f"{found.label} gives it the preview of another track."
            )
        try:
            clip = self._previews.fetch(found)
        except SegueError as error:
            return HeardPreview(track, "failed", str(error))
        path = self._folder / f"{uuid.uuid4().hex}{_ENDINGS[clip.media_type]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(clip.data)
        self._in_work[found.content] = _InWork(track, found, path)
        self._crew.give(self._job(path, found.content))
        return None

    def _found(self, track: Track, length_s: float | None) -> FoundPreview | None:
        recording_id = self._catalogue.find(track)
        known_s = None if recording_id is None else self._previews.length(recording_id)
        waited = 0.0
        while True:
            try:
                return self._previews.find(track, duration_s=known_s or length_s)
            except ServicesBusy as busy:
                wait = max(1.0, (busy.until - datetime.now(UTC)).total_seconds())
                waited += wait
                if waited > self._patience_s:
                    raise
                self._sleep(wait)

    def _is_of_another(self, track: Track, found: FoundPreview) -> bool:
        """Whether the same preview is heard for another recording, or was before."""
        if found.content in self._in_work:
            return True
        ear = self._ear
        known = self._catalogue.known_sound(
            [found.content], analyser=ear.analyser, encoder=ear.label, version=ear.version
        ).get(found.content)
        other = known.recording_id if known else None
        return other is not None and other != self._catalogue.find(track)

    def _job(self, path: Path, content: str) -> Job:
        return Job(
            path,
            content,
            models=self._settings.models_dir,
            encoder=self._ear.encoder,
            version=self._ear.version,
            longest_s=_LONGEST_S,
        )

    def _collected(self) -> Iterator[HeardPreview]:
        for job, result in self._crew.collect():
            work = self._in_work.pop(job.content_hash)
            job.path.unlink(missing_ok=True)
            if isinstance(result, Failure):
                reason = f"The preview {result.reason}."
                yield HeardPreview(work.track, "failed", reason)
                continue
            self._catalogue.add_sound([self._sound(work, result)])
            yield HeardPreview(work.track, "heard")

    def _sound(self, work: _InWork, result: FileSound) -> Sound:
        return Sound(
            work.found.content,
            track=replace(work.track, ids=self._new_ids(work.track)),
            duration_s=result.duration_s,
            origin="preview",
            analysis=result.analysis,
            embedding=result.embedding,
        )

    def _new_ids(self, track: Track) -> tuple[OutsideId, ...]:
        """Return the ids of a track that the catalogue does not hold for it yet."""
        recording_id = self._catalogue.find(track)
        if recording_id is None:
            return track.ids
        held = {(i.scheme, i.value) for i in self._catalogue.track(recording_id).ids}
        return tuple(i for i in track.ids if (i.scheme, i.value) not in held)

    @cached_property
    def _ear(self) -> Ear:
        return self._given_ear or listen.ear(self._settings)

    @cached_property
    def _crew(self) -> Crew[Job, FileSound | Failure]:
        hands: Hands
        if self._executor is not None:
            hands = GivenHands(self._executor, self._workers)
        else:
            # Here, also where there is a cluster: its workers do not see this folder.
            hands = self._place.enter_context(hands_for("", self._workers))
        return Crew(hands, partial(attempt, self._ear.analyse), timeout_s=TIMEOUT_S)


def _sweep(folder: Path) -> None:
    """Delete what a listener that was killed has left."""
    long_ago = time.time() - _LEFT_OVER_S
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):
            if path.lstat().st_mtime < long_ago:
                path.unlink()
