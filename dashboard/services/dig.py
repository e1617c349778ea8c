"""What the Dig page asks of the library besides answers: names to filter by, crates, seeds."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np

from dashboard import links
from dashboard.services.library import Library
from dashboard.view import View
from data.catalogue import Job
from data.errors import SegueError
from data.records import Recommendation
from hybrid.recommender import Recommender

_GOES_ON = ("is", "holds", "has", "ends", "cannot", "could", "was", "took")
_LOOKED_AT = 60  # jobs; one that was begun twice is among the newest
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


# -- a file that was dropped, a link that was pasted


def unknown_link(library: Library, text: str) -> str:
    """Return the Spotify id of a track that nothing is known of; empty for anything else."""
    ident = links.spotify_id(text)
    if not ident or library.catalogue.find_outside("spotify", ident):
        return ""
    if ident == text.strip() and not library.is_empty():
        # A word of that length is an id only if it says nothing else.
        return ident if library.recommender().resolve(text).rung == "none" else ""
    return ident


def look_up(library: Library, text: str) -> dict[str, object]:
    """Start to look a pasted link up; return what the page follows, or why it cannot be done."""
    ident = links.spotify_id(text)
    if not ident:
        raise SegueError("This is no link of a Spotify track: paste one, or type artist and title.")
    asking = links.asking(library.catalogue, library.settings)
    if asking.track:
        return {"error": asking.track, "spotify": asking.page_helps}
    return {"job": start_once(library, *links.job_of(links.Link("track", ident))), "for": text}


def start_once(library: Library, kind: str, title: str, options: Mapping[str, object]) -> int:
    """Queue a job unless the very same waits or runs already; return which it is."""
    for job in library.catalogue.jobs.recent(_LOOKED_AT):
        if job.live and not job.cancelling and job.kind == kind and job.options == dict(options):
            return job.id
    return library.start_job(kind, title, options)


def heard(library: Library, job: Job) -> int | None:
    """Return the recording that a job was about; None if it found none."""
    if job.kind == links.TRACK:
        found = job.result.get("recording_id")
        return None if found is None else int(found)
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
    """Say in one sentence why a dropped file, or a pasted link, came to nothing."""
    reasons = [failure.reason for failure in library.catalogue.jobs.failures(job.id, 1)]
    if job.kind == links.TRACK:
        if job.state == "cancelled":
            return "Stopped. The link is not used."
        return job.error or next(iter(reasons), "Spotify says nothing of this track.")
    if job.state == "cancelled":
        return "Stopped. The file is not used."
    if not reasons:
        return job.error
    name = Path(str(next(iter(job.options.get("paths", ())), ""))).name
    reason = reasons[0].rstrip(".")
    # "is cut off" goes on after the name, "the encoder is not there" does not.
    between = " " if reason.partition(" ")[0] in _GOES_ON else ": "
    return f"{reason}." if name in reason else f"{name}{between}{reason}."
