"""``segue recommend --queries``: many questions in a file, one answer a line."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dashboard.api.answers import about_json, result_json
from dashboard.api.form import Form, merged, read_form
from dashboard.api.seeds import entries_of, seed_of
from dashboard.api.text import to_json, well_formed
from dashboard.cli.files import lines_of, writing
from dashboard.cli.output import working
from data.errors import SegueError

if TYPE_CHECKING:
    from hybrid.heard import Listener
    from hybrid.recommender import Recommender


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
        How lists are steered by lines that do not say it; see `dashboard.api.form`.
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
        entries = entries_of(query)
        own = {name: value for name, value in query.items() if name not in ("id", "seeds")}
        asked = read_form(merged(defaults, own))
        listener.embeddings.clear()  # a file is given for each line, and there may be many
        seeds = [
            seed_of(recommender, place, entry, listener)
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


def _unknown(entry: dict[str, Any]) -> dict[str, Any]:
    """Return what a seed was asked by, so that it can be found again in the query."""
    if isinstance(entry.get("artist"), str) and isinstance(entry.get("title"), str):
        return {"artist": well_formed(entry["artist"]), "title": well_formed(entry["title"])}
    return {
        name: well_formed(value) if isinstance(value, str) else value
        for name, value in entry.items()
        if name in ("file", "spotify", "isrc", "id", "text")
    }
