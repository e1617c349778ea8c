"""``segue recommend``: what goes with these tracks, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.api.answers import answer_json, meant
from dashboard.api.form import MOST, read_form
from dashboard.api.text import well_formed
from dashboard.cli import options
from dashboard.cli.answers import print_answer
from dashboard.cli.output import print_json, say, working
from dashboard.cli.queries import answer_queries
from dashboard.cli.state import open_catalogue, read_settings
from dashboard.links import spotify_id
from data.errors import SegueError

if TYPE_CHECKING:
    from data.records import Seed
    from hybrid.heard import Listener
    from hybrid.recommender import Recommender


def recommend(
    ctx: typer.Context,
    tracks: Annotated[
        list[str] | None,
        typer.Argument(
            help='One or more tracks: "Artist - Title", an artist, a Spotify link, an ISRC, an id '
            "of the catalogue, or the path of an audio file that is there.",
        ),
    ] = None,
    file: Annotated[
        list[Path] | None,
        typer.Option("--file", help="An audio file, whatever it is called; may be repeated."),
    ] = None,
    k: Annotated[int, typer.Option("-k", min=1, max=MOST, help="How many to show.")] = 50,
    lens: options.LensOption = None,
    balance: options.BalanceOption = None,
    tempo: options.TempoOption = None,
    half_double: options.HalfDoubleOption = None,
    key: options.KeyOption = None,
    energy: options.EnergyOption = None,
    years: options.YearsOption = None,
    sets: options.SetsOption = None,
    label: options.LabelOption = None,
    genre: options.GenreOption = None,
    library: options.LibraryOption = None,
    without_crate: options.WithoutCrateOption = None,
    max_minutes: options.MaxMinutesOption = None,
    show_disliked: options.ShowDislikedOption = None,
    popularity: options.PopularityOption = None,
    hubs: options.HubsOption = None,
    artist_cap: options.ArtistCapOption = None,
    versions: options.VersionsOption = None,
    spread: options.SpreadOption = None,
    show_seeds: options.ShowSeedsOption = None,
    queries: Annotated[
        Path | None,
        typer.Option(
            help='File with one {"id", "seeds": [{"artist", "title"}]} a line. A seed may also be '
            '{"file"}, {"spotify"}, {"isrc"}, {"id"} or {"text"}; a line may hold "k", "lens", '
            '"balance", "filters", "dials" and "rules" of its own.'
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where the answers to --queries go; stdout if not given.")
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object with all evidence.")
    ] = False,
) -> None:
    """Recommend tracks that go with the given ones, each with its reason.

    Several tracks are taken together, as the beginning of one set. A text that is
    the path of an existing file with the ending of an audio format is heard, a
    number is a recording's id, anything else is read as a name. Files are heard
    for the question only: `segue analyse` takes them in.
    """
    if (queries is None) == (not tracks and not file):
        raise typer.BadParameter('Give tracks ("Artist - Title") or --queries FILE, one of both.')
    if out is not None and queries is None:
        raise typer.BadParameter("--out belongs to --queries.")
    from hybrid.heard import Listener
    from hybrid.recommender import Recommender

    settings = read_settings()
    with open_catalogue(settings) as catalogue:
        form = {"k": k, **options.form_of(catalogue, ctx.params)}
        asked = read_form(form, options.OPTIONS)
        with working("Loading the model..."):
            recommender = Recommender.open(catalogue, settings)
        with Listener(catalogue, settings, recommender.resolver, recommender.sound) as listener:
            if queries is not None:
                answer_queries(recommender, listener, queries, out or Path("-"), defaults=form)
                return
            seeds = _seeds(recommender, listener, tracks or [], file or [])
        answer = recommender.recommend(seeds, **asked.arguments(), heard=listener.embeddings)
        tracks_meant = meant(catalogue, answer.seeds)
    if as_json:
        print_json(answer_json(answer, tracks_meant))
    else:
        print_answer(answer, tracks_meant)
    _tell_of_links(answer.seeds)


def _tell_of_links(seeds: Sequence[Seed]) -> None:
    """Say how links of tracks that nothing is known of come into the catalogue."""
    for seed in seeds:
        if seed.rung == "none" and spotify_id(seed.query):
            say(f"`segue add {seed.query.strip()}` looks it up on Spotify.")


def _seeds(
    recommender: Recommender, listener: Listener, texts: Sequence[str], files: Sequence[Path]
) -> list[Seed]:
    """Return the texts as seeds, those that are audio files heard, then the files."""
    seeds = []
    for text in texts:
        if _is_audio(Path(text)):
            seeds.append(_heard(listener, Path(text)))
        else:
            seeds.append(_read(recommender, well_formed(text)))
    return seeds + [_heard(listener, path) for path in files]


def _read(recommender: Recommender, text: str) -> Seed:
    """Return a text as a seed; SegueError if it says nothing, or was to be a file and is none."""
    if not text.strip():
        raise SegueError('One of the tracks is an empty text; give "Artist - Title".')
    if text.strip().isdecimal():
        seed = recommender.resolver.recording(int(text))
        if seed.recording_id is not None:
            return replace(seed, query=text)
    seed = recommender.resolve(text)
    if seed.rung == "none" and _named_as_audio(Path(text)):
        raise SegueError(f"There is no file {text}, and no track is called that.")
    return seed


def _heard(listener: Listener, path: Path) -> Seed:
    with working(f"Listening to {path.name}..."):
        return listener.hear(path)


def _named_as_audio(path: Path) -> bool:
    from hybrid.audio_files import SUFFIXES

    return path.suffix.lower() in SUFFIXES


def _is_audio(path: Path) -> bool:
    if not _named_as_audio(path):
        return False
    try:
        return path.is_file()
    except (OSError, ValueError):  # a text may be too long for a path, or hold a NUL
        return False
