"""What a worker does with one audio file: decode it once, measure it, embed it, read its tags.

What is large is imported when the first file comes, so that the process that only gives
out work stays small.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from data.errors import SegueError
from data.identity import make_track, parse_track
from data.records import Analysis, Embedding, FileTags, OutsideId, Track
from data.settings import Settings
from hybrid.crew import Failure

if TYPE_CHECKING:
    from models.encoders.contract import Encoder

_log = logging.getLogger(__name__)

# "03 - Artist - Title", "03. Artist - Title", "A1 Artist - Title"; "3 Phase - Moon" is a name.
_NUMBER = re.compile(r"^(?:[\[(]?\d{1,3}[\])]?\s*[-.]+\s+|0\d{1,2}\s+|[A-F]\d\s+(?=\S.* - ))")
_ONLY_NUMBER = re.compile(r"^\d{1,3}$")


@dataclass(frozen=True, slots=True)
class Job:
    """One file and what is to be found out about it.

    Parameters
    ----------
    path : Path
    content_hash : str
        What the file's bytes are known by.
    models : Path
        Folder of trained models.
    encoder, version : str
        Which encoder embeds, and of which version its vectors are.
    longest_s : float
        Seconds beyond which a file is a mix and no track.
    numbers, vectors : bool
        Whether tempo, key and the like are wanted, and whether vectors are.
    """

    path: Path
    content_hash: str
    models: Path
    encoder: str
    version: str
    longest_s: float
    numbers: bool = True
    vectors: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class FileSound:
    """What a worker found out; None for what was not wanted."""

    duration_s: float
    tags: Mapping[str, str]
    track: Track | None
    analysis: Analysis | None
    embedding: Embedding | None


AnalyseFile = Callable[[Job], FileSound]
"""Finds out what a job wants; SegueError says why it could not."""


@dataclass(frozen=True, slots=True)
class Ear:
    """How files are heard: by which function, and of which versions its findings are.

    Parameters
    ----------
    analyse : callable
        Must be importable by its name, because it is called in other processes.
    analyser : str
        Version of the numbers.
    encoder : str
        The encoder's name in the registry.
    label : str
        Its name in the catalogue.
    version : str
        Version of its vectors.
    """

    analyse: AnalyseFile
    analyser: str
    encoder: str
    label: str
    version: str


def attempt(analyse: AnalyseFile, job: Job) -> FileSound | Failure:
    """Return what `analyse` makes of a job, or why it failed; nothing is raised.

    An exception need not survive the way between processes; a reason does.
    """
    try:
        sound = analyse(job)
        _check_finite(sound)
    except SegueError as error:
        return Failure(_about_the_file(str(error), job.path))
    except MemoryError:
        return Failure("needs more memory than there is")
    except Exception as error:
        _log.exception("%s could not be analysed", job.path)
        return Failure(
            f"could not be analysed: {type(error).__name__}: {error}. This is a fault in "
            "Segue: please report it with the file"
        )
    return sound


def _about_the_file(message: str, path: Path) -> str:
    """Return what `message` says, without the name in front of it and the full stop."""
    for name in (str(path), path.name):
        message = message.removeprefix(f"{name} ").removeprefix(f"{name}: ")
    return message.removesuffix(".")


def _check_finite(sound: FileSound) -> None:
    if sound.analysis is not None:
        for f in fields(sound.analysis):
            value = getattr(sound.analysis, f.name)
            if isinstance(value, float) and not math.isfinite(value):
                raise SegueError(f"gives no number for {f.name}")
    if sound.embedding is not None and not math.isfinite(float(sound.embedding.vector.sum())):
        raise SegueError("gives no vector")


def track_of(path: Path, tags: FileTags | None = None) -> Track | None:
    """Return the recording that a file is by its tags, else by its name; None if unknown.

    Examples
    --------
    >>> str(track_of(Path("x.mp3"), FileTags(artist="Anna", title="Moon (Bo Remix)")))
    'Anna - Moon (Bo Remix)'
    >>> str(track_of(Path("/music/03 - Anna - Moon.mp3")))
    'Anna - Moon'
    >>> track_of(Path("/music/track03.mp3"), FileTags(artist="Anna")) is None
    True
    """
    if tags is not None and tags.artist and tags.title:
        ids = [OutsideId("isrc", tags.isrc, "file")] if tags.isrc else []
        tagged = make_track(tags.artist, tags.title, tags.label, genre=tags.genre, ids=ids)
        if isinstance(tagged, Track):
            return tagged
    # Underscores stand for spaces in many names; bytes that are no text come as half characters.
    name = path.stem.replace("_", " ").encode("utf-8", "replace").decode("utf-8")
    parts = [part.strip() for part in _NUMBER.sub("", name).split(" - ")]
    if any(map(_ONLY_NUMBER.match, parts[1:-1])):
        # "Artist - Album - 03 - Title"
        parts = [parts[0], parts[-1]]
    named = parse_track(" - ".join(parts))
    return named if isinstance(named, Track) else None


def ear(settings: Settings, encoder: str = "") -> Ear:
    """Return how files are heard, with the encoder called `encoder` or the default one.

    Raises
    ------
    SegueError
        If there is no such encoder or it was never trained.
    """
    from models.audio.analyse import ANALYSER
    from models.encoders import registry

    name = encoder or registry.DEFAULT
    loaded = registry.load(settings.models_dir, name)
    # An encoder that cannot embed should fail here, not on every file. And compiled code that
    # numba keeps on disk breaks for good when new processes write it together.
    noise = np.random.default_rng(0).standard_normal(loaded.sample_rate, np.float32)
    loaded.embed_fragments(0.1 * noise)
    return Ear(analyse_file, ANALYSER, name, loaded.label, registry.version(loaded))


def analyse_file(job: Job) -> FileSound:
    """Decode a file once and find out what `job` wants; depends on nothing but the file.

    Raises
    ------
    SegueError
        If the file cannot be used.
    """
    _use_one_thread()
    from models.audio.analyse import apply_tags, embed, measure
    from models.audio.decode import excerpts
    from scrapers.audio_tags import read_tags

    heard = excerpts(job.path, longest_s=job.longest_s)
    tags = read_tags(job.path)
    embedding = None
    if job.vectors:
        encoder = _encoder(job.models, job.encoder, job.version)
        embedding = embed(heard, encoder, version=job.version)
        embedding = replace(embedding, encoder=encoder.label)
    return FileSound(
        duration_s=heard.duration_s,
        tags=tags.texts(),
        track=track_of(job.path, tags),
        analysis=apply_tags(measure(heard), tags) if job.numbers else None,
        embedding=embedding,
    )


@lru_cache(maxsize=4)
def _encoder(models: Path, name: str, version: str) -> Encoder:
    # `version` is there so that a worker that lives on loads an encoder trained meanwhile.
    from models.encoders import registry

    return registry.load(models, name)


@cache
def _use_one_thread() -> None:
    """Keep this process to one core: there is a worker for each."""
    import threadpoolctl
    import torch

    torch.set_num_threads(1)
    threadpoolctl.threadpool_limits(1)
