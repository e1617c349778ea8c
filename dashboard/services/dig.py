"""What the Dig page asks of the library besides answers: names to filter by, crates, seeds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from dashboard.services.library import Library
from dashboard.view import View
from data.catalogue import Job
from data.errors import SegueError
from data.records import Recommendation
from hybrid.recommender import Recommender

_GOES_ON = ("is", "holds", "has", "ends", "cannot", "could", "was", "took")
_BETWEEN_GENRES = re.compile(r"\s*[,;/|]\s*")


@dataclass(frozen=True, slots=True)
class Names:
    """Genres and labels of the catalogue as it writes them, those with most tracks first."""

    genres: tuple[str, ...]
    labels: tuple[str, ...]


_names: WeakKeyDictionary[Recommender, Names] = WeakKeyDictionary()


def viewed(library: Library, search: str | None) -> View:
    """Read an address, and look up the tracks of the crate that it leaves out.

    How the list is sorted makes no other answer, so it is left to the grid.
    """
    view = replace(View.from_search(search), sort="")
    if view.without is None:
        return view
    try:
        ids = library.catalogue.crate(view.without)
    except SegueError:  # the crate is gone; a link that names it still opens
        return replace(view, without=None)
    return replace(view, left_out=frozenset(ids))


def crates(library: Library) -> list[tuple[int, str, int]]:
    """Return the crates as ids, names and sizes."""
    return [(crate.id, crate.name, crate.size) for crate in library.catalogue.crates()]


def names(library: Library) -> Names:
    """Return the genres and labels that tracks can be filtered by."""
    recommender = library.recommender()
    if recommender not in _names:
        facts, written = recommender.facts, recommender.snapshot.labels
        known = np.flatnonzero(facts.label >= 0)
        _, first, counts = np.unique(facts.label[known], return_index=True, return_counts=True)
        most = np.argsort(-counts, kind="stable")
        labels = tuple(str(written[row]) for row in known[first[most]] if written[row])
        _names[recommender] = Names(_genres(facts.genre), labels)
    return _names[recommender]


def _genres(written: Iterable[str]) -> tuple[str, ...]:
    """Split what tracks say of their genre; of several spellings the commonest stands."""
    counts: Counter[str] = Counter()
    for genre, count in Counter(written).items():
        for name in _BETWEEN_GENRES.split(genre):
            if name.strip():
                counts[name.strip()] += count
    spelled: dict[str, str] = {}
    for name, _ in counts.most_common():
        spelled.setdefault(name.casefold(), name)
    return tuple(spelled.values())


def words_on(library: Library, view: View, recording_id: int) -> set[str]:
    """Return the DJ's words on a row: those on the track, and on mixing the last seed into it."""
    known = [s.recording_id for s in library.answer(view).seeds if s.recording_id is not None]
    on = {(recording_id, None), *((seed, recording_id) for seed in known[-1:])}
    said = library.catalogue.feedback.words()
    return {word.verdict for word in said if (word.recording_id, word.next_id) in on}


def seed_like(library: Library, view: View, result: Recommendation) -> int | None:
    """Return the seed that a row sounds like, if the catalogue holds it."""
    if result.sound is None:
        return None
    seeds = library.answer(view).seeds
    for seed, track in zip(seeds, library.seed_tracks(seeds), strict=True):
        if result.sound.seed in (str(seed.track), str(track)):
            return seed.recording_id
    return None


# -- a file that was dropped


def heard(library: Library, job: Job) -> int | None:
    """Return the recording that a job which listened to one file found; None if there is none."""
    paths = [Path(path) for path in job.options.get("paths", ())]
    files = library.catalogue.known_files(paths).values()
    hashes = [file.content_hash for file in files]
    known = library.catalogue.known_sound(hashes, analyser="", encoder="", version="")
    return next((k.recording_id for k in known.values() if k.recording_id is not None), None)


def is_ready(library: Library, recording_id: int) -> bool:
    """Whether the recommender has read a recording by now; else it is told to look again."""
    if library.recommender().snapshot.rows_of(np.array([recording_id]))[0] >= 0:
        return True
    # It reads what was analysed once a minute, and this person waits for it.
    library.look_again()
    return False


def why_not(library: Library, job: Job) -> str:
    """Say in one sentence why a file that was dropped came to nothing."""
    reasons = [failure.reason for failure in library.catalogue.jobs.failures(job.id, 1)]
    if job.state == "cancelled":
        return "Stopped. The file is not used."
    if not reasons:
        return job.error
    name = Path(str(next(iter(job.options.get("paths", ())), ""))).name
    reason = reasons[0].rstrip(".")
    # "is cut off" goes on after the name, "the encoder is not there" does not.
    between = " " if reason.partition(" ")[0] in _GOES_ON else ": "
    return f"{reason}." if name in reason else f"{name}{between}{reason}."
