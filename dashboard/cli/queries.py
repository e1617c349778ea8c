"""``segue recommend --queries``: many questions in a file, one answer a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.cli.files import lines_of, well_formed, writing
from dashboard.cli.output import to_json, working
from data.errors import SegueError

if TYPE_CHECKING:
    from data.records import Recommendation, Seed
    from hybrid.recommender import Recommender


def answer_queries(recommender: Recommender, queries: Path, out: Path, *, k: int) -> None:
    """Answer every line of a file, in order.

    A line that makes no sense gets an answer with an ``error``, so that line n of
    the answers belongs to query n and no line stops the others. Blank lines are skipped.
    """
    with working("Answering...") as update, writing(out) as file:
        for number, line in enumerate(lines_of(queries), start=1):
            if line.strip():
                file.write(f"{to_json(_answer(recommender, line, k))}\n")
                update(f"Answering, line {number:,}...")


def result_json(found: Recommendation) -> dict[str, Any]:
    """Return one result as the command line writes it.

    `title` carries the version in brackets, so that it can be matched as it stands.
    """
    return {
        "artist": found.track.artist,
        "title": found.track.full_title,
        "score": found.score,
        "version": found.track.version,
        "label": found.track.label,
        "sets": found.sets,
        "reason": found.reason,
    }


def _answer(recommender: Recommender, line: bytes, k: int) -> dict[str, Any]:
    number = None
    try:
        query = _object(line)
        number = _id(query)
        asked = _asked(query)
    except SegueError as error:
        return {"id": number, "results": [], "unknown": [], "error": str(error)}
    seeds = [_seed(recommender, *names) for names in asked]
    answer = recommender.recommend(seeds, k=k, max_sets=0)
    return {
        "id": number,
        "results": [result_json(found) for found in answer.results],
        "unknown": [
            {"artist": artist, "title": title}
            for (artist, title), seed in zip(asked, seeds, strict=True)
            if seed.recording_id is None
        ],
    }


def _object(line: bytes) -> dict[str, Any]:
    try:
        query = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise SegueError(f"The line is not JSON: {error}.") from error
    if not isinstance(query, dict):
        raise SegueError('The line is not an object {"id": ..., "seeds": [...]}.')
    return query


def _id(query: dict[str, Any]) -> str | int | float | None:
    number = query.get("id")
    if not isinstance(number, str | int | float | None):
        raise SegueError('"id" is neither text nor a number.')
    return number


def _asked(query: dict[str, Any]) -> list[tuple[str, str]]:
    """Return artist and title of every seed."""
    entries = query.get("seeds")
    if not isinstance(entries, list) or not entries:
        raise SegueError('"seeds" is not a list with at least one track.')
    asked = []
    for place, entry in enumerate(entries, start=1):
        names = (entry.get("artist"), entry.get("title")) if isinstance(entry, dict) else ()
        match names:
            case (str(artist), str(title)):
                asked.append((well_formed(artist), well_formed(title)))
            case _:
                raise SegueError(f'Seed {place} has no "artist" and "title" as text.')
    return asked


def _seed(recommender: Recommender, artist: str, title: str) -> Seed:
    from data.identity import make_track
    from data.records import Seed, Unidentified

    track = make_track(artist, title)
    if isinstance(track, Unidentified):
        return Seed(f"{artist} - {title}", None, None, "none")
    return recommender.resolve_track(track)
