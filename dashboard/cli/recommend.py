"""``segue recommend``: what goes with these tracks, and why."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli.files import well_formed
from dashboard.cli.output import print_json, print_table, say, working
from dashboard.cli.queries import answer_queries, result_json
from dashboard.cli.state import open_catalogue, read_settings

if TYPE_CHECKING:
    from data.records import Answer, Seed, Track


def recommend(
    tracks: Annotated[
        list[str] | None, typer.Argument(help='One or more tracks: "Artist - Title".')
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=10_000, help="How many to show.")] = 50,
    queries: Annotated[
        Path | None,
        typer.Option(help='File with one {"id", "seeds": [{"artist", "title"}]} a line.'),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the answers to --queries go; stdout if not given.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object with all evidence.")
    ] = False,
) -> None:
    """Recommend tracks that go with the given ones, each with its reason.

    Several tracks are taken together, as the beginning of one set.
    """
    if (queries is None) == (not tracks):
        raise typer.BadParameter('Give tracks ("Artist - Title") or --queries FILE, one of both.')
    if out is not None and queries is None:
        raise typer.BadParameter("--out belongs to --queries.")
    from hybrid.recommender import Recommender

    settings = read_settings()
    with open_catalogue(settings) as catalogue:
        with working("Loading the model..."):
            recommender = Recommender.open(catalogue, settings)
        if queries is not None:
            answer_queries(recommender, queries, out or Path("-"), k=k)
            return
        seeds = [recommender.resolve(well_formed(text)) for text in tracks or []]
        answer = recommender.recommend(seeds, k=k)
        found = catalogue.tracks(s.recording_id for s in seeds if s.recording_id is not None)
    if as_json:
        print_json(_answer_json(answer, found))
    else:
        _print_answer(answer, found)


def _answer_json(answer: Answer, found: dict[int, Track]) -> dict[str, Any]:
    return {
        "seeds": [_seed_json(seed, _meant(seed, found)) for seed in answer.seeds],
        "results": [
            {
                **result_json(result),
                "recording_id": result.recording_id,
                "parts": result.parts,
                "evidence": asdict(result.evidence),
            }
            for result in answer.results
        ],
        "unknown": [seed.query for seed in answer.seeds if seed.recording_id is None],
        "removed": answer.removed,
    }


def _seed_json(seed: Seed, meant: Track | None) -> dict[str, Any]:
    return {
        "query": seed.query,
        "artist": meant.artist if meant else "",
        "title": meant.full_title if meant else "",
        "recording_id": seed.recording_id,
        "rung": seed.rung,
    }


def _meant(seed: Seed, found: dict[int, Track]) -> Track | None:
    """Return the track of the catalogue that stands for the seed, else how it was read."""
    return seed.track if seed.recording_id is None else found[seed.recording_id]


def _print_answer(answer: Answer, found: dict[int, Track]) -> None:
    for seed in answer.seeds:
        say(_understood(seed, _meant(seed, found)))
    rows = [
        (str(rank), str(result.track), f"{result.score:.3f}", result.reason)
        for rank, result in enumerate(answer.results, start=1)
    ]
    if not rows:
        say("There is nothing to recommend; load more sets and run `segue train`.")
        return
    print_table([">", "Track", ">Score", "Why"], rows)
    removed = ", ".join(f"{rule} {count:,}" for rule, count in answer.removed.items() if count)
    if removed:
        say(f"Kept out by the rules: {removed}.")


def _understood(seed: Seed, meant: Track | None) -> str:
    match seed.rung:
        case "recording":
            return f"Going with {meant}."
        case "work":
            return f'"{seed.query}" is not in the catalogue; going with its version {meant}.'
        case "search":
            return f'Taking "{seed.query}" for {meant}.'
        case "artist":
            return f'"{seed.query}" is not in the catalogue; going by its artist.'
        case _:
            return f'"{seed.query}" is not in the catalogue.'
