"""``segue recommend --queries``: many questions in a file, one answer a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.cli.answers import about_json, result_json
from dashboard.cli.files import lines_of, well_formed, writing
from dashboard.cli.output import to_json, working
from dashboard.cli.steering import Form, merged, read_form
from data.errors import SegueError

if TYPE_CHECKING:
    from data.records import Seed
    from hybrid.heard import Listener
    from hybrid.recommender import Recommender

_LARGEST_ID = 2**63 - 1


def answer_queries(
    recommender: Recommender, listener: Listener, queries: Path, out: Path, *, defaults: Form
) -> None:
    """Answer every line of a file, in order.

    A line that makes no sense gets an answer with an ``error``, so that line n of
    the answers belongs to query n and no line stops the others. Blank lines are skipped.

    Parameters
    ----------
    recommender : Recommender
    listener : Listener
        Hears the files among the seeds.
    queries, out : Path
        ``-`` is stdin, stdout.
    defaults : dict
        How lists are steered by lines that do not say it; see `dashboard.cli.steering`.
    """
    with working("Answering...") as update, writing(out) as file:
        for number, line in enumerate(lines_of(queries), start=1):
            if line.strip():
                answer = _answer(recommender, listener, line, defaults)
                file.write(f"{to_json(answer)}\n")
                update(f"Answering, line {number:,}...")


def _answer(
    recommender: Recommender, listener: Listener, line: bytes, defaults: Form
) -> dict[str, Any]:
    number = None
    try:
        query = _object(line)
        number = _id(query)
        entries = _entries(query)
        own = {name: value for name, value in query.items() if name not in ("id", "seeds")}
        asked = read_form(merged(defaults, own))
        listener.embeddings.clear()  # a file is given for each line, and there may be many
        seeds = [
            _seed(recommender, listener, place, entry)
            for place, entry in enumerate(entries, start=1)
        ]
        answer = recommender.recommend(
            seeds, **asked.arguments(), max_sets=0, heard=listener.embeddings
        )
    except SegueError as error:
        return {"id": number, "results": [], "unknown": [], "error": str(error)}
    return {
        "id": number,
        "results": [result_json(found) for found in answer.results],
        "unknown": [
            _unknown(entry)
            for entry, seed in zip(entries, answer.seeds, strict=True)
            if seed.recording_id is None
        ],
        "rungs": [seed.rung for seed in answer.seeds],
        **about_json(answer),
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


def _entries(query: dict[str, Any]) -> Sequence[Any]:
    entries = query.get("seeds")
    if not isinstance(entries, list) or not entries:
        raise SegueError('"seeds" is not a list with at least one track.')
    return entries


def _seed(recommender: Recommender, listener: Listener, place: int, entry: Any) -> Seed | int:
    """Read one seed of a line; a track may be given in any of `_KINDS`.

    Artist and title go before other texts, which then say more of the same track.
    """
    given = entry if isinstance(entry, dict) else {}
    match given:
        case {"file": str(path)}:
            return listener.hear(Path(path))
        case {"id": int(ident)} if not isinstance(ident, bool) and abs(ident) <= _LARGEST_ID:
            return ident
        case {"artist": str(artist), "title": str(title)}:
            return _track(recommender, well_formed(artist), well_formed(title), given)
        case {"spotify": str(_)} | {"isrc": str(_)}:
            return recommender.resolve(_outside_ids(given)[0])
        case {"text": str(text)}:
            return recommender.resolve(well_formed(text))
    raise SegueError(
        f'Seed {place} has no "artist" and "title" as text; '
        f"it may also be one of {', '.join(_KINDS)}."
    )


_KINDS = (
    '{"file": "PATH"}',
    '{"spotify": "LINK"}',
    '{"isrc": "..."}',
    '{"id": 1}',
    '{"text": "..."}',
)


def _outside_ids(given: dict[str, Any]) -> list[str]:
    """Return the Spotify URI or link and the ISRC that a seed gives, as far as they are such.

    Raises
    ------
    SegueError
        If one is given that is none.
    """
    from data.identity import parse_outside_id

    found = []
    forms: dict[str, tuple[Callable[[str], list[str]], str]] = {
        "spotify": (lambda value: [value, f"spotify:track:{value}"], "link, URI or id of Spotify"),
        "isrc": (lambda value: [value], "ISRC"),
    }
    for scheme, (spellings, what) in forms.items():
        value = given.get(scheme)
        if not isinstance(value, str):
            continue
        parsed = [(text, parse_outside_id(text)) for text in spellings(well_formed(value).strip())]
        fits = [text for text, one in parsed if one and one.scheme.partition(":")[0] == scheme]
        if not fits:
            raise SegueError(f"{value!r} is no {what}.")
        found.append(fits[0])
    return found


def _track(recommender: Recommender, artist: str, title: str, given: dict[str, Any]) -> Seed:
    from data.identity import make_track, parse_outside_id
    from data.records import Seed, Unidentified

    label = given.get("label")
    ids = [outside for text in _outside_ids(given) if (outside := parse_outside_id(text))]
    track = make_track(artist, title, well_formed(label) if isinstance(label, str) else "", ids=ids)
    if isinstance(track, Unidentified):
        return Seed(f"{artist} - {title}", None, None, "none")
    return recommender.resolve_track(track)


def _unknown(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what a seed was asked by, so that it can be found again in the query."""
    if isinstance(entry.get("artist"), str) and isinstance(entry.get("title"), str):
        return {"artist": well_formed(entry["artist"]), "title": well_formed(entry["title"])}
    return {
        name: well_formed(value) if isinstance(value, str) else value
        for name, value in entry.items()
        if name in ("file", "spotify", "isrc", "id", "text")
    }
