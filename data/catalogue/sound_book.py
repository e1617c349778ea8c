"""What was heard, as the part of `Catalogue` that works on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from data.catalogue import marks, places, said, sound, sound_columns, sound_import
from data.catalogue.database import Database
from data.catalogue.heard import HeardVectors
from data.catalogue.said import Said
from data.catalogue.sound import AudioFile, KnownSound, Sound, Vectors
from data.catalogue.sound_columns import SoundColumns
from data.records import Analysis, Embedding, SetAside


class SoundBook:
    """What `Catalogue` can do with audio, its numbers and vectors; see `data.catalogue.sound`."""

    _database: Database

    def add_sound(self, batch: Iterable[Sound], *, set_aside: Iterable[SetAside] = ()) -> None:
        """Take in what was heard, all or nothing of it.

        Audio with a `track` belongs to the recording of that key from now on, which is
        made if there is none and stays as long as the audio does. A file that came in is
        no longer set aside.

        Parameters
        ----------
        batch : iterable of Sound
        set_aside : iterable of SetAside
            Files that could not be heard; replaces what was said of them before.

        Raises
        ------
        ValueError
            If audio is new and comes without its duration.
        """
        batch, set_aside = list(batch), list(set_aside)
        with self._database.writing() as connection:
            sound_import.add(connection, batch)
            marks.forget_aside(connection, (entry.where for entry in set_aside))
            marks.keep_aside(connection, set_aside)

    def clear_sound(self, origin: str) -> int:
        """Remove the audio of one origin, and recordings that nothing else holds.

        Returns
        -------
        int
            How many pieces of audio were removed.
        """
        with self._database.writing() as connection:
            return sound_import.remove(connection, origin)

    def known_files(self, paths: Iterable[Path]) -> dict[Path, AudioFile]:
        """Return the files among the absolute `paths` seen before, as they were then."""
        with self._database.reading() as connection:
            return sound.known_files(connection, paths)

    def lost_files(self, folders: Iterable[Path]) -> list[Path]:
        """Return the files below absolute `folders` that are gone, their content nowhere else."""
        with self._database.reading() as connection:
            return places.lost(connection, folders)

    def known_sound(
        self, hashes: Iterable[str], *, analyser: str, encoder: str, version: str
    ) -> dict[str, KnownSound]:
        """Return the audio among content `hashes` that is known, by hash.

        Its numbers are given if they are of version `analyser`, its vector if it is
        `encoder`'s of `version`: what is None has to be made.
        """
        with self._database.reading() as connection:
            return sound.known_sound(connection, hashes, analyser, encoder, version)

    def sound(self, recording_ids: Iterable[int]) -> dict[int, Analysis]:
        """Return what recordings sound like, and what the DJ's software says of them.

        What rekordbox says of tempo and key stands before what Traktor says, that before a
        file's tags and what was measured; `Analysis.provenance` tells which it is. Where nothing
        was listened to, only that is known; a recording of which nothing is known is left out.
        """
        with self._database.reading() as connection:
            return sound.sound(connection, recording_ids)

    def sound_columns(self) -> SoundColumns:
        """Return the numbers of all recordings that have any as arrays; see `SoundColumns`."""
        with self._database.reading() as connection:
            return sound_columns.sound_columns(connection)

    def years(self, recording_ids: Iterable[int]) -> dict[int, int]:
        """Return when recordings came out, as far as their files' tags or DJ software say."""
        with self._database.reading() as connection:
            return sound_columns.years(connection, recording_ids)

    def said(self, recording_ids: Iterable[int]) -> dict[int, list[Said]]:
        """Return what the DJ's software says of recordings, the program that counts most first."""
        with self._database.reading() as connection:
            return said.of(connection, recording_ids)

    def clear_said(self, source: str) -> int:
        """Forget the library of one program, and recordings that nothing else holds.

        Parameters
        ----------
        source : str
            ``"rekordbox"`` or ``"traktor"``.

        Returns
        -------
        int
            How many recordings it named.
        """
        with self._database.writing() as connection:
            return said.remove(connection, source)

    def vectors(self, encoder: str, version: str) -> Vectors:
        """Return the vectors of all audio that this version of an encoder has heard."""
        with self._database.reading() as connection:
            return sound.vectors(connection, encoder, version)

    @contextmanager
    def heard(self) -> Iterator[HeardVectors]:
        """Give a reader of the vectors of recordings, for which the catalogue stands still."""
        with self._database.reading() as connection:
            yield HeardVectors(connection)

    def fragments(
        self, audio_ids: Iterable[int], encoder: str, version: str
    ) -> dict[int, Embedding]:
        """Return the vectors of audio and its fragments, by ascending audio id.

        Fragments were kept in half precision: about three decimal digits.
        """
        with self._database.reading() as connection:
            return sound.fragments(connection, audio_ids, encoder, version)

    def recording_fragments(
        self, recording_ids: Iterable[int], encoder: str, version: str
    ) -> dict[int, Embedding]:
        """Return the same by recording id; those that were never heard are left out."""
        with self._database.reading() as connection:
            return sound.recording_fragments(connection, recording_ids, encoder, version)

    def playable(self, recording_ids: Iterable[int]) -> set[int]:
        """Return the recordings of which a file was seen; it may be gone since."""
        with self._database.reading() as connection:
            return sound.playable(connection, recording_ids)

    def audio_path(self, recording_id: int) -> Path | None:
        """Return a file of the recording that is still there."""
        with self._database.reading() as connection:
            return sound.audio_path(connection, recording_id)

    def audio_paths(self, audio_ids: Iterable[int]) -> dict[int, Path]:
        """Return a file for each piece of audio, one that is still there if there is one."""
        with self._database.reading() as connection:
            return sound.paths_of(connection, audio_ids)
