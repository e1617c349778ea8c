"""``segue alike``: what sounds like a file, among all that was analysed."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli.output import print_json, print_table, say, working
from dashboard.cli.state import open_catalogue, read_settings

_HEADS = {"mean": ">cosine", "votes": ">votes", "fragments": ">d"}


def alike(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Audio files you like.")],
    method: Annotated[
        str,
        typer.Option(
            help="mean: by their mean vectors. fragments: by the distance to a few fragments "
            "drawn from them. votes: by the nearest segments of each of their segments."
        ),
    ] = "mean",
    count: Annotated[int, typer.Option("-k", min=1, help="Results at most.")] = 5,
    size: Annotated[int, typer.Option(min=1, help="Fragments drawn, for fragments.")] = 8,
    seed: Annotated[int, typer.Option(help="Another number draws others.")] = 0,
    encoder: Annotated[
        str, typer.Option(help="Which encoder's vectors; the best one if not given.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
) -> None:
    """Find what sounds like audio files; how it was found is told with each result."""
    from hybrid import alike as sound
    from hybrid.audio_files import absolute

    settings = read_settings()
    with open_catalogue(settings) as catalogue, working("Listening..."):
        answer = sound.alike(
            catalogue,
            settings,
            [absolute(file) for file in files],
            method=method,
            encoder=encoder,
            count=count,
            size=size,
            seed=seed,
        )
    if as_json:
        print_json(asdict(answer))
        return
    for name, tags in answer.liked.items():
        say(f"Liked: {name}{_listed(tags)}")
    for name, start in answer.selected:
        say(f"  drawn from it: the fragment at {_clock(start)} of {name}")
    rows = [
        [
            result.name,
            f"{result.value:.3f}",
            "" if result.start_s is None else _clock(result.start_s),
            ", ".join(result.tags),
        ]
        for result in answer.results
    ]
    print_table(["sounds alike", _HEADS[method], ">at", "tags"], rows)


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes}:{rest:02}"


def _listed(tags: tuple[str, ...]) -> str:
    return f" ({', '.join(tags)})" if tags else ""
