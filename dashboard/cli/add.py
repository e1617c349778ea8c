"""``segue add``: tracks and playlists of Spotify, and lists of tracks, into the catalogue."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard import links
from dashboard.api.text import well_formed
from dashboard.cli.output import REASONS_SHOWN, print_json, say, working
from dashboard.cli.state import open_catalogue, read_settings
from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from data.records import SetAside
    from data.settings import Settings

LIST = "tracks_csv"
"""The kind of the job that reads lists of tracks."""


class TerminalContext:
    """What a job is given when a command runs it: progress goes to the terminal.

    It keeps to what `hybrid.jobs.JobContext` offers; nothing of it is written into the catalogue.
    Ctrl-C ends it wherever it is, which every kind of job lives through.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        settings: Settings,
        options: Mapping[str, Any],
        show: Callable[[str], None],
    ) -> None:
        self.catalogue = catalogue
        self.settings = settings
        self.options = options
        self.aside: list[SetAside] = []
        self._show = show

    def tell(self, step: str, done: int = 0, total: int = 0) -> None:
        """Show how far it is."""
        self._show(f"{step}: {done:,} of {total:,}..." if total else f"{step}...")

    def check(self) -> None:
        """Go on: Ctrl-C raises by itself."""

    def sleep(self, seconds: float) -> None:
        """Wait."""
        time.sleep(seconds)

    def log(self, text: str, level: str = "info") -> None:
        """Say what is worth knowing."""
        say(text)

    def set_aside(self, entries: Iterable[SetAside]) -> None:
        """Keep what could not be taken in, to be told at the end."""
        self.aside.extend(entries)

    def keep(self) -> None:
        """Nothing is kept of how far it is."""


def add(
    given: Annotated[
        list[str],
        typer.Argument(
            metavar="LINK_OR_CSV...",
            help="Links of Spotify tracks, or of playlists you own; CSV files with the columns "
            "artists, track_name, track_genre and track_id.",
        ),
    ],
    per_genre: Annotated[
        int,
        typer.Option(
            min=1, max=links.MOST_PER_GENRE, help="Of CSV files: how many tracks of each genre."
        ),
    ] = links.PER_GENRE,
    seed: Annotated[int, typer.Option(min=0, help="Another number draws other tracks.")] = 0,
    crate: Annotated[
        str, typer.Option(metavar="NAME", help="Of a playlist: the crate that it becomes.")
    ] = "",
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object with what came of each.")
    ] = False,
) -> None:
    """Add tracks by their Spotify link, your own playlists, or a sample of a list of tracks.

    A track is heard by its preview at Deezer or Apple, where there is one. Tracks that are known
    already are skipped: the same command goes on after a break. To sign in to Spotify, open the
    Spotify page of `segue serve`.
    """
    jobs = _jobs([well_formed(text) for text in given], per_genre, seed, crate)
    settings = read_settings()
    results = []
    with open_catalogue(settings) as catalogue:
        _check(catalogue, settings, [kind for kind, _ in jobs])
        for kind, options in jobs:
            result, aside = _run(catalogue, settings, kind, options)
            if not as_json:
                typer.echo(_said(result))
                _tell_aside(aside)
            results.append({"kind": kind, **result, "left_out": [_left_out(e) for e in aside]})
    if as_json:
        print_json({"added": results})


def _jobs(
    given: list[str], per_genre: int, seed: int, crate: str
) -> list[tuple[str, dict[str, Any]]]:
    """Return what is to be done as kinds and options: each link, and all files at once."""
    files = [text for text in given if _is_file(text)]
    jobs: list[tuple[str, dict[str, Any]]] = []
    for text in dict.fromkeys(text for text in given if text not in files):
        if text.lower().endswith(".csv"):
            raise SegueError(f"There is no file {text}: check the name and the folder.")
        try:
            kind, _, options = links.job_of(links.read(text), crate)
        except SegueError as error:
            raise SegueError(f'"{text}": {error}') from error
        jobs.append((kind, dict(options)))
    if files:
        paths = [str(Path(path).absolute()) for path in dict.fromkeys(files)]
        jobs.append((LIST, {"paths": paths, "per_genre": per_genre, "seed": seed}))
    return jobs


def _is_file(text: str) -> bool:
    try:
        return Path(text).is_file()
    except (OSError, ValueError):  # a text may be too long for a path, or hold a NUL
        return False


def _check(catalogue: Catalogue, settings: Settings, kinds: Iterable[str]) -> None:
    """Refuse before anything is done if Spotify is needed and cannot be asked."""
    wanted = {"track" for kind in kinds if kind == links.TRACK}
    wanted |= {"playlist" for kind in kinds if kind == links.PLAYLIST}
    if not wanted:
        return
    asking = links.asking(catalogue, settings)
    if why := next(filter(None, (asking.why_not(thing) for thing in sorted(wanted))), ""):
        where = " The Spotify page is in `segue serve`." if asking.page_helps else ""
        raise SegueError(f"{why}{where}")


def _run(
    catalogue: Catalogue, settings: Settings, kind: str, options: dict[str, Any]
) -> tuple[dict[str, Any], list[SetAside]]:
    from hybrid.jobs import KINDS

    with working("Starting...") as show:
        context = TerminalContext(catalogue, settings, options, show)
        result = KINDS[kind].run(context)
    return result, context.aside


def _said(result: Mapping[str, Any]) -> str:
    return str(result.get("summary") or "Done.")


def _tell_aside(aside: list[SetAside]) -> None:
    if not aside:
        return
    say(f"Left out, with the reason ({len(aside):,}):")
    for entry in aside[:REASONS_SHOWN]:
        say(f"  {entry.where}: {entry.reason}")
    if len(aside) > REASONS_SHOWN:
        say(f"  ... and {len(aside) - REASONS_SHOWN:,} more (all of them with --json)")


def _left_out(entry: SetAside) -> dict[str, str]:
    return {"where": entry.where, "reason": entry.reason}
