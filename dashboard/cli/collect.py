"""Commands that bring real sets into the catalogue, and the one that counts them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli.demo import settle_demo
from dashboard.cli.output import REASONS_SHOWN, counted, print_json, print_table, say, working
from dashboard.cli.state import open_catalogue, read_settings
from data.errors import SegueError

if TYPE_CHECKING:
    from hybrid.ingest import ImportSummary
    from hybrid.scrape import ScrapeSummary


ReplaceDemo = Annotated[
    bool, typer.Option("--replace-demo", help="Take the demo sets out once real ones are in.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def scrape_mixesdb(
    category: Annotated[str, typer.Option(help='Category, as written there: "Essential Mix".')],
    limit: Annotated[int | None, typer.Option(min=1, help="Read at most so many pages.")] = None,
    since: Annotated[
        str | None, typer.Option(help="Only sets of this date or later: 2015, 2015-03, ...")
    ] = None,
    api_url: Annotated[
        str | None, typer.Option(help="Address of the MediaWiki API, where it is another.")
    ] = None,
    replace_demo: ReplaceDemo = False,
    as_json: AsJson = False,
) -> None:
    """Read a category of MixesDB, newest sets first, one polite request at a time.

    May be stopped at any moment: the same command goes on where it was.
    """
    from hybrid import scrape

    settings = read_settings()
    if api_url:
        settings = settings.model_copy(update={"mixesdb_api_url": api_url})
    with open_catalogue(settings) as catalogue, working(f"Reading {category}...") as update:
        summary = scrape.scrape_mixesdb(
            catalogue,
            settings,
            category=category,
            limit=limit,
            since=since,
            progress=lambda now: update(f"{category}: {now.pages:,} pages, {now.sets:,} sets"),
        )
        if summary.sets:
            settle_demo(catalogue, replace=replace_demo)
    if as_json:
        print_json(asdict(summary))
    else:
        if summary.resumed:
            say(f"Went on after {counted(summary.pages_before, 'page')} of an earlier run.")
        typer.echo(f"Read {counted(summary.pages, 'page')}: {_what(summary)}.")
        _tell_set_aside(summary.set_aside)


def import_tracklists(
    files: Annotated[
        list[Path], typer.Argument(help="Files of tracklists; the format is found by content.")
    ],
    replace_demo: ReplaceDemo = False,
    as_json: AsJson = False,
) -> None:
    """Read tracklists from files into the catalogue.

    MixesDB wikitext, saved 1001Tracklists pages, djmix-dataset JSON, CSV and plain
    text, also gzipped. Importing a file again changes nothing.
    """
    from hybrid import ingest

    settings = read_settings()
    with open_catalogue(settings) as catalogue, working("Importing...") as update:
        summary = ingest.import_files(
            catalogue,
            files,
            progress=lambda step, done, total: update(f"{step} {done:,} of {total:,}..."),
        )
        if summary.sets:
            settle_demo(catalogue, replace=replace_demo)
    if as_json:
        print_json(summary.as_dict())
    if not summary.sets:
        raise SegueError(summary.why_nothing())
    if not as_json:
        typer.echo(f"Imported {_what(summary)} from {counted(summary.files, 'file')}.")
        _tell_set_aside(summary.set_aside)
        say("Run `segue train` to learn from them.")


def _what(summary: ImportSummary | ScrapeSummary) -> str:
    return (
        f"{counted(summary.sets, 'set')} with {counted(summary.plays, 'identified play')} "
        f"and {counted(summary.unknown, 'unknown row')}"
    )


def _tell_set_aside(entries: Sequence[dict[str, str]]) -> None:
    if not entries:
        return
    say(f"Set aside, with the reason ({len(entries):,}):")
    for entry in entries[:REASONS_SHOWN]:
        say(f"  {entry['file']}: {entry['reason']}")
    if len(entries) > REASONS_SHOWN:
        say(f"  ... and {len(entries) - REASONS_SHOWN:,} more (all of them with --json)")


def stats(as_json: AsJson = False) -> None:
    """Count what the catalogue holds."""
    with open_catalogue(read_settings()) as catalogue:
        counts = asdict(catalogue.stats())
    if as_json:
        print_json(counts)
    else:
        print_table(["", ">"], [(name, f"{count:,}") for name, count in counts.items()])
