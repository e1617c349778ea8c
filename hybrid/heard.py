"""An audio file as a seed: heard for one question, and not kept.

Asking changes no library: what is found out about a file that the catalogue does not know
goes into the seed and nowhere else. ``segue analyse`` is what takes files in.
"""

from __future__ import annotations

from concurrent.futures import Executor
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from data.catalogue import AudioFile, Catalogue, KnownSound
from data.errors import SegueError
from data.records import Embedding, OutsideId, Seed
from data.settings import Settings
from hybrid import listen
from hybrid.analysis import TIMEOUT_S
from hybrid.audio_files import absolute, identify, unchanged
from hybrid.crew import Crew, Failure
from hybrid.executors import GivenHands, Hands, hands_for
from hybrid.listen import Ear, FileSound, Job, attempt, track_of
from hybrid.resolve import Resolver
from hybrid.sound_space import SoundSpace


class Listener:
    """Makes seeds of audio files, heard by a worker that lives as long as the ``with`` block.

    Parameters
    ----------
    catalogue : Catalogue
        Only read: a file whose content it knows is not heard again.
    settings : Settings
    resolver : Resolver
        Finds the recording that a file is by its tags, else by its name.
    sound : SoundSpace or None
        What the file's vector is to be compared with; None where nothing was heard.
    ear : Ear, optional
        How files are heard; by default with the encoder of `sound`.
    executor : Executor, optional
        Does the work in the place of a process started here; it is not shut down.

    Attributes
    ----------
    embeddings : dict of str to Embedding
        Vectors and fragments of the files heard so far, by the query of their seeds.

    Examples
    --------
    .. code-block:: python

        with Listener(catalogue, settings, resolver, sound) as listener:
            seed = listener.hear(Path("unknown.wav"))
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        resolver: Resolver,
        sound: SoundSpace | None,
        *,
        ear: Ear | None = None,
        executor: Executor | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._resolver = resolver
        self._sound = sound
        self._given_ear = ear
        self._executor = executor
        self._place = ExitStack()
        self.embeddings: dict[str, Embedding] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._place.close()

    def hear(self, path: Path) -> Seed:
        """Return the file as a seed, with its vector and its numbers.

        Its rung says what the file was known by: ``"id"`` for content the catalogue holds or
        an ISRC in its tags, then as in `Resolver`, and ``"sound"`` where neither tags nor name
        say anything. The vector is None where there is nothing that it can be compared with.

        Raises
        ------
        SegueError
            If the file is not there or cannot be heard; the sentence names it.
        """
        file = self._identified(path)
        known = self._known(file)
        wanted = self._wanted(file, known)
        found = self._heard(path, wanted) if wanted.numbers or wanted.vectors else None
        seed = replace(self._named(path, known, found), query=str(path))
        if seed.rung == "none":
            seed = replace(seed, rung="sound", near=())
        analysis = known.analysis if known else None
        embedding = self._embedding(known, found)
        if embedding is not None:
            self.embeddings[seed.query] = embedding
        return replace(
            seed,
            vector=embedding.vector if embedding else None,
            analysis=(found.analysis if found else None) or analysis,
        )

    @cached_property
    def _ear(self) -> Ear:
        if self._given_ear is not None:
            return self._given_ear
        if self._sound is None:
            # Where there is nothing to compare with, no encoder need be there.
            from models.audio.analyse import ANALYSER

            return Ear(listen.analyse_file, ANALYSER, encoder="", label="", version="")
        return listen.ear(self._settings, self._sound.encoder)

    @property
    def _comparable(self) -> bool:
        """Whether what this ear hears can be compared with what was heard before."""
        return self._sound is not None and (self._sound.encoder, self._sound.version) == (
            self._ear.label,
            self._ear.version,
        )

    def _identified(self, path: Path) -> AudioFile:
        place = absolute(path)
        before = self._catalogue.known_files([place]).get(place)
        if before is not None and unchanged(before):
            return before
        try:
            return identify(place)
        except SegueError as error:
            raise SegueError(f"{path} {error}.") from error

    def _known(self, file: AudioFile) -> KnownSound | None:
        ear, content = self._ear, file.content_hash
        known = self._catalogue.known_sound(
            [content], analyser=ear.analyser, encoder=ear.label, version=ear.version
        )
        return known.get(content)

    def _wanted(self, file: AudioFile, known: KnownSound | None) -> Job:
        return Job(
            file.path,
            file.content_hash,
            models=self._settings.models_dir,
            encoder=self._ear.encoder,
            version=self._ear.version,
            longest_s=self._settings.max_duration_min * 60,
            numbers=known is None or known.analysis is None,
            vectors=self._comparable and (known is None or known.vector is None),
        )

    def _embedding(self, known: KnownSound | None, found: FileSound | None) -> Embedding | None:
        if found is not None and found.embedding is not None:
            return found.embedding
        if known is None or not self._comparable:
            return None
        ear = self._ear
        kept = self._catalogue.fragments([known.audio_id], ear.label, ear.version)
        return kept.get(known.audio_id)

    def _heard(self, path: Path, job: Job) -> FileSound:
        self._crew.give(job)
        while self._crew.busy:
            for _, result in self._crew.collect():
                if isinstance(result, Failure):
                    raise SegueError(f"{path} {result.reason}.")
                return result
        raise AssertionError("a job ended without a result")

    @cached_property
    def _crew(self) -> Crew[Job, FileSound | Failure]:
        hands: Hands
        if self._executor is not None:
            hands = GivenHands(self._executor, 1)
        else:
            hands = self._place.enter_context(hands_for(self._settings.dask_scheduler, 1))
        return Crew(hands, partial(attempt, self._ear.analyse), timeout_s=TIMEOUT_S)

    def _named(self, path: Path, known: KnownSound | None, found: FileSound | None) -> Seed:
        """Return the recording that the file is, or what its tags and name say of it."""
        if known is not None and known.recording_id is not None:
            seed = self._resolver.recording(known.recording_id)
            if seed.recording_id is not None:
                return seed
        track = found.track if found is not None else track_of(path)
        if track is not None:
            return self._resolver.track(track)
        tags = found.tags if found is not None else {}
        if isrc := tags.get("isrc"):
            seed = self._resolver.outside(OutsideId("isrc", isrc))
            if seed.recording_id is not None:
                return seed
        return self._resolver.credits(tags.get("artist", ""), tags.get("label", ""))
