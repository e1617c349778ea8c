"""What sounds like music one likes: `models.encoders.similar` over the catalogue."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from data.catalogue import Catalogue
from data.errors import SegueError
from data.identity import parse_track
from data.records import Embedding, SetAside, Track
from data.settings import Settings
from hybrid import listen
from hybrid.analysis import analyse_files
from hybrid.audio_files import SUFFIXES, absolute
from models.encoders import similar
from models.encoders.contract import Fragments
from models.encoders.library import Library

_NEAR = 3


@dataclass(frozen=True, slots=True)
class Alike:
    """A recording that sounds like what was given.

    Parameters
    ----------
    recording_id : int or None
        None for a file that is no known recording.
    name : str
        Artist and title, or the file's path.
    value : float
        Distance *d*, cosine or sum of cosines, as the method has it.
    start_s : float or None
        Where the fragment that was near starts; None where the method does not say.
    tags : tuple of str
    shared : tuple of str
        Those of its tags that something liked has as well.
    """

    recording_id: int | None
    name: str
    value: float
    start_s: float | None
    tags: tuple[str, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A fragment of something liked that the search went out from."""

    name: str
    start_s: float
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlikeAnswer:
    """What sounds alike, and what was asked with.

    `liked` holds the tags of what was given, by name; `selected` the fragments that the
    method by fragments drew from it.
    """

    results: tuple[Alike, ...]
    liked: dict[str, tuple[str, ...]]
    selected: tuple[Drawn, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Shelf:
    """The catalogue's fragments, with the name and tags of each song; `own` are the liked."""

    library: Library
    recordings: list[int | None]
    names: list[str]
    own: list[int]

    def answer(
        self, found: Sequence[tuple[int, float, float | None]], selected: Sequence[Drawn] = ()
    ) -> AlikeAnswer:
        """Tell of songs found, each with its value and where its fragment starts."""
        tags = self.library.tags
        liked = {self.names[song]: tags[song] for song in self.own}
        known = {tag.casefold() for listed in liked.values() for tag in listed}
        results = (
            Alike(
                self.recordings[song],
                self.names[song],
                value,
                start_s,
                tags[song],
                tuple(tag for tag in tags[song] if tag.casefold() in known),
            )
            for song, value, start_s in found
        )
        return AlikeAnswer(tuple(results), liked, tuple(selected))


def alike(
    catalogue: Catalogue,
    settings: Settings,
    liked: Sequence[str | Path],
    *,
    method: str = "mean",
    encoder: str = "",
    count: int = 5,
    size: int = 8,
    seed: int = 0,
) -> AlikeAnswer:
    """Find what sounds like `liked` among everything that was analysed.

    Files are analysed first, unless the catalogue knows them. What was given is no result.

    Parameters
    ----------
    liked : sequence of str or Path
        Audio files, and tracks of the catalogue as "Artist - Title" or as ids.
    method : {"mean", "fragments", "votes"}
        See `models.encoders.similar`.
    encoder : str
        Empty for the default one.
    count : int
        Results at most.
    size, seed : int
        How many fragments are drawn, and which, for "fragments".

    Raises
    ------
    SegueError
        If a file cannot be analysed, a track is unknown or was not analysed with this
        encoder, or nothing else was.
    """
    if method not in _METHODS:
        raise SegueError(f"There is no method {method!r}; known are {', '.join(_METHODS)}.")
    meant = dict.fromkeys(_meant(catalogue, asked) for asked in liked)
    files = [given for given in meant if isinstance(given, Path)]
    tracks = [given for given in meant if isinstance(given, int)]
    ear = listen.ear(settings, encoder)
    for outcome in list(analyse_files(catalogue, settings, files, ear)) if files else []:
        if isinstance(outcome, SetAside):
            raise SegueError(f"{outcome.where} {outcome.reason}.")
    shelf = _shelf(catalogue, ear, files, tracks)
    if len(shelf.names) == len(shelf.own):
        raise SegueError(
            "Nothing else has been analysed yet: run `segue analyse` on a folder of music."
        )
    return _METHODS[method](shelf, {"count": count, "size": size, "seed": seed})


def _meant(catalogue: Catalogue, asked: str | Path) -> Path | int:
    """The file or the recording that is meant."""
    path = Path(asked)
    # Unlike Path.is_file this is no error for a text too long to be a file's name.
    if isinstance(asked, Path) or os.path.isfile(asked):
        return absolute(path)
    if path.suffix.lower() in SUFFIXES:
        raise SegueError(f"There is no file {path}.")
    if os.path.isdir(asked):
        raise SegueError(f"{path} is a folder: name the files in it that you like.")
    if asked.isdecimal():
        if catalogue.tracks([int(asked)]):
            return int(asked)
        raise SegueError(f"The catalogue has no track with the id {asked}.")
    track = parse_track(asked)
    known = catalogue.find(track) if isinstance(track, Track) else None
    if known is None:
        near = [f'"{hit.track}"' for hit in catalogue.search(asked, limit=_NEAR)]
        hint = f"near it are {', '.join(near)}" if near else "nothing in it is near that"
        raise SegueError(f'The catalogue has no track "{asked}"; {hint}. For a file give its path.')
    return known


def _shelf(
    catalogue: Catalogue, ear: listen.Ear, files: Sequence[Path], tracks: Sequence[int]
) -> _Shelf:
    vectors = catalogue.vectors(ear.label, ear.version)
    audio_ids = vectors.audio_ids.tolist()
    recordings = [None if ident < 0 else int(ident) for ident in vectors.recording_ids]
    known = catalogue.tracks([ident for ident in recordings if ident is not None])
    # A file is named as it was given; a recording has a name; else it has at least lain somewhere.
    given = _audio_of(catalogue, ear, files)
    paths = catalogue.audio_paths(
        [ident for ident, of in zip(audio_ids, recordings, strict=True) if of is None]
    )
    own, names, tags = [], [], []
    for row, (ident, recording) in enumerate(zip(audio_ids, recordings, strict=True)):
        track = known[recording] if recording is not None else None
        names.append(str(given.get(ident) or track or paths.get(ident)))
        tags.append((track.genre,) if track and track.genre else ())
        if ident in given or recording in tracks:
            own.append(row)
    if missing := set(tracks).difference(recordings[row] or 0 for row in own):
        track = catalogue.track(min(missing))
        raise SegueError(
            f"{track} was never heard with the encoder {ear.label}: "
            "run `segue analyse` on a file of it."
        )
    pieces = catalogue.fragments(audio_ids, ear.label, ear.version)
    library = Library.of([_fragments(pieces[ident]) for ident in audio_ids], tags)
    return _Shelf(library, recordings, names, own)


def _audio_of(catalogue: Catalogue, ear: listen.Ear, files: Sequence[Path]) -> Mapping[int, Path]:
    """The audio ids of files that were analysed."""
    known = catalogue.known_files(files)
    hashes = {known[path].content_hash: path for path in files}
    sounds = catalogue.known_sound(
        hashes, analyser=ear.analyser, encoder=ear.label, version=ear.version
    )
    return {sounds[content].audio_id: path for content, path in hashes.items()}


def _fragments(piece: Embedding) -> Fragments:
    return Fragments(piece.fragments, piece.starts_s, piece.fragment_s)


def _by_mean(shelf: _Shelf, asked: dict[str, int]) -> AlikeAnswer:
    found = similar.by_mean(shelf.library, shelf.own, count=asked["count"])
    return shelf.answer([(s.song, s.similarity, None) for s in found])


def _by_votes(shelf: _Shelf, asked: dict[str, int]) -> AlikeAnswer:
    library = shelf.library
    query = library.vectors[[song in set(shelf.own) for song in library.songs]]
    found = similar.by_votes(library, query, exclude=shelf.own, count=asked["count"])
    return shelf.answer([(s.song, s.similarity, None) for s in found])


def _by_fragments(shelf: _Shelf, asked: dict[str, int]) -> AlikeAnswer:
    answer = similar.by_fragments(shelf.library, shelf.own, **asked)
    return shelf.answer(
        [(r.song, r.distance, r.start_s) for r in answer.results],
        [Drawn(shelf.names[s.song], s.start_s, s.tags) for s in answer.selected],
    )


_METHODS: dict[str, Callable[[_Shelf, dict[str, Any]], AlikeAnswer]] = {
    "mean": _by_mean,
    "fragments": _by_fragments,
    "votes": _by_votes,
}
