"""``segue similar``: what sounds like a file or a track, among all that was analysed."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.api.text import well_formed
from dashboard.cli.output import print_json, print_table, say, working
from dashboard.cli.state import open_catalogue, read_settings

if TYPE_CHECKING:
    from hybrid.alike import AlikeAnswer

_HEADS = {"mean": ">cosine", "votes": ">votes", "fragments": ">d"}


def similar(
    liked: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE|TRACK...",
            help='What you like: audio files, or tracks of the catalogue as "Artist - Title" '
            "or by id.",
        ),
    ],
    method: Annotated[
        str,
        typer.Option(
            help="mean: by their mean vectors. fragments: by the distance to a few fragments "
            "drawn from them. votes: by the nearest segments of each of their segments. "
            "mean if not given, with --explain fragments.",
            show_default=False,
        ),
    ] = "",
    explain: Annotated[
        bool,
        typer.Option(
            help="Tell how the fragments say so: tags of what you like, the fragments drawn, "
            "and for each result its fragment, tags and distance d."
        ),
    ] = False,
    count: Annotated[int, typer.Option("-k", min=1, help="Results at most.")] = 5,
    size: Annotated[int, typer.Option(min=1, help="Fragments drawn, for fragments.")] = 8,
    seed: Annotated[int, typer.Option(help="Another number draws others.")] = 0,
    encoder: Annotated[
        str, typer.Option(help="Which encoder's vectors; the best one if not given.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Find what sounds like music you like; how it was found is told with each result."""
    if explain and method not in ("", "fragments"):
        raise typer.BadParameter(f"--explain is about --method fragments, not {method}.")
    from hybrid.alike import alike

    method = method or ("fragments" if explain else "mean")
    settings = read_settings()
    with open_catalogue(settings) as catalogue, working("Listening..."):
        answer = alike(
            catalogue,
            settings,
            # A path may hold bytes that are no text; nothing else may.
            [given if os.path.exists(given) else well_formed(given) for given in liked],
            method=method,
            encoder=encoder,
            count=count,
            size=size,
            seed=seed,
        )
    if as_json:
        print_json(asdict(answer))
    elif explain:
        _print_explained(answer)
    else:
        _print_found(answer, _HEADS[method])


def _print_found(answer: AlikeAnswer, head: str) -> None:
    from hybrid.explain import clock

    rows = [
        [
            result.name,
            f"{result.value:.3f}",
            "" if result.start_s is None else clock(result.start_s),
            ", ".join(result.tags),
        ]
        for result in answer.results
    ]
    for name, tags in answer.liked.items():
        say(f"Liked: {name} ({', '.join(tags)})" if tags else f"Liked: {name}")
    print_table(["sounds alike", head, ">at", "tags"], rows)


def _print_explained(answer: AlikeAnswer) -> None:
    from hybrid.explain import clock

    print_table(
        ["what you like", "tags"],
        [[name, ", ".join(tags)] for name, tags in answer.liked.items()],
    )
    typer.echo()
    print_table(
        ["fragments drawn from it", ">at", "tags"],
        [[drawn.name, clock(drawn.start_s), ", ".join(drawn.tags)] for drawn in answer.selected],
    )
    typer.echo()
    rows = [
        [
            result.name,
            clock(result.start_s or 0.0),
            f"{result.value:.3f}",
            ", ".join(result.tags),
            ", ".join(result.shared),
        ]
        for result in answer.results
    ]
    print_table(["nearest to all of them", ">at", ">d", "tags", "shared tags"], rows)
