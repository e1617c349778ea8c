"""What sounds like a file: the recommenders of `models.encoders.similar` over the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.catalogue import Catalogue
from data.errors import SegueError
from data.records import Embedding, SetAside
from data.settings import Settings
from hybrid import listen
from hybrid.analysis import analyse_files
from models.encoders import similar
from models.encoders.contract import Fragments
from models.encoders.library import Library


@dataclass(frozen=True, slots=True)
class Alike:
    """A recording that sounds like the files that were given.

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
    """

    recording_id: int | None
    name: str
    value: float
    start_s: float | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AlikeAnswer:
    """What sounds alike, and what was asked with.

    `selected` holds, for the method by fragments, the name and start of each fragment
    that was drawn from the given files, and `liked` the tags of each of those files.
    """

    results: tuple[Alike, ...]
    liked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    selected: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Shelf:
    """The catalogue's fragments, with the name and tags of each song among them."""

    library: Library
    recordings: list[int | None]
    names: list[str]
    own: list[int]

    def alike(self, song: int, value: float, start_s: float | None) -> Alike:
        return Alike(
            self.recordings[song], self.names[song], value, start_s, self.library.tags[song]
        )


def alike(
    catalogue: Catalogue,
    settings: Settings,
    files: Sequence[Path],
    *,
    method: str = "mean",
    encoder: str = "",
    count: int = 5,
    size: int = 8,
    seed: int = 0,
) -> AlikeAnswer:
    """Find what sounds like `files` among everything that was analysed.

    The files are analysed first, unless the catalogue knows them; they are no results.

    Parameters
    ----------
    files : sequence of Path
        Absolute.
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
        If a file cannot be analysed, or nothing else was analysed with this encoder.
    """
    if method not in _METHODS:
        raise SegueError(f"There is no method {method!r}; known are {', '.join(_METHODS)}.")
    ear = listen.ear(settings, encoder)
    for outcome in list(analyse_files(catalogue, settings, files, ear)):
        if isinstance(outcome, SetAside):
            raise SegueError(f"{outcome.where} {outcome.reason}.")
    shelf = _shelf(catalogue, ear, files)
    if len(shelf.names) == len(set(shelf.own)):
        raise SegueError(
            "Nothing else has been analysed yet: run `segue analyse` on a folder of music."
        )
    return _METHODS[method](shelf, {"count": count, "size": size, "seed": seed})


def _shelf(catalogue: Catalogue, ear: listen.Ear, files: Sequence[Path]) -> _Shelf:
    vectors = catalogue.vectors(ear.label, ear.version)
    pieces = catalogue.fragments(vectors.audio_ids.tolist(), ear.label, ear.version)
    recordings = [None if ident < 0 else int(ident) for ident in vectors.recording_ids]
    tracks = catalogue.tracks([ident for ident in recordings if ident is not None])
    known = catalogue.known_files(files)
    hashes = {known[path].content_hash: path for path in files}
    sounds = catalogue.known_sound(
        hashes, analyser=ear.analyser, encoder=ear.label, version=ear.version
    )
    rows = {int(ident): row for row, ident in enumerate(vectors.audio_ids)}
    own = {rows[sounds[content].audio_id]: path for content, path in hashes.items()}
    unnamed = [int(i) for i, r in zip(vectors.audio_ids, recordings, strict=True) if r is None]
    paths = catalogue.audio_paths(unnamed)
    names, tags = [], []
    for row, recording in enumerate(recordings):
        track = tracks[recording] if recording is not None else None
        # A recording has a name; what is none has at least lain somewhere.
        path = own.get(row) or paths.get(int(vectors.audio_ids[row]))
        names.append(str(path if row in own or track is None else track))
        tags.append((track.genre,) if track and track.genre else ())
    library = Library.of([_fragments(pieces[int(i)]) for i in vectors.audio_ids], tags)
    return _Shelf(library, recordings, names, list(own))


def _fragments(piece: Embedding) -> Fragments:
    return Fragments(piece.fragments, piece.starts_s, piece.fragment_s)


def _by_mean(shelf: _Shelf, asked: dict[str, int]) -> AlikeAnswer:
    found = similar.by_mean(shelf.library, shelf.own, count=asked["count"])
    return AlikeAnswer(tuple(shelf.alike(s.song, s.similarity, None) for s in found))


def _by_votes(shelf: _Shelf, asked: dict[str, int]) -> AlikeAnswer:
    library = shelf.library
    query = library.vectors[[song in set(shelf.own) for song in library.songs]]
    found = similar.by_votes(library, query, exclude=shelf.own, count=asked["count"])
    return AlikeAnswer(tuple(shelf.alike(s.song, s.similarity, None) for s in found))


def _by_fragments(shelf: _Shelf, asked: dict[str, int]) -> AlikeAnswer:
    answer = similar.by_fragments(shelf.library, shelf.own, **asked)
    return AlikeAnswer(
        tuple(shelf.alike(r.song, r.distance, r.start_s) for r in answer.results),
        {shelf.names[song]: tags for song, tags in answer.liked.items()},
        tuple((shelf.names[s.song], s.start_s) for s in answer.selected),
    )


_METHODS: dict[str, Callable[[_Shelf, dict[str, Any]], AlikeAnswer]] = {
    "mean": _by_mean,
    "fragments": _by_fragments,
    "votes": _by_votes,
}
