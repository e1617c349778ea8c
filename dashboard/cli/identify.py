"""``segue identify``: how Segue reads the name of a track."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from dashboard.api.text import well_formed
from dashboard.cli.files import lines_of
from dashboard.cli.output import print_json, print_table


def identify(
    tracks: Annotated[
        list[str] | None, typer.Argument(help='Tracks as "Artist - Title (Version)".')
    ] = None,
    lines: Annotated[
        Path | None, typer.Option(help="Read a file with one track a line; - reads stdin.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Show the artist, title and version read from a text, and the keys they give.

    Texts with the same recording key are the same recording to Segue; versions of
    one track share the work key.
    """
    if not tracks and lines is None:
        raise typer.BadParameter('Give at least one "Artist - Title", or --lines FILE.')
    found = (_identified(text) for text in _texts(tracks or [], lines))
    if as_json:
        for entry in found:
            print_json(entry)
        return
    rows = [
        (
            entry["artist"],
            entry["title"] if "unknown" not in entry else entry["text"],
            entry["version"],
            entry["recording_key"] or f"unknown: {entry['unknown']}",
        )
        for entry in found
    ]
    print_table(["Artist", "Title", "Version", "Recording key"], rows)


def _texts(tracks: list[str], lines: Path | None) -> Iterator[str]:
    yield from map(well_formed, tracks)
    if lines is not None:
        for line in lines_of(lines):
            yield line.decode("utf-8", errors="replace")


def _identified(text: str) -> dict[str, Any]:
    from data.identity import parse_track, recording_key, work_key
    from data.records import Unidentified

    track = parse_track(text)
    if isinstance(track, Unidentified):
        return {
            "text": text,
            "unknown": track.reason,
            "artist": track.artist,
            "title": track.title,
            "version": "",
            "recording_key": None,
            "work_key": None,
        }
    return {
        "artist": track.artist,
        "title": track.title,
        "version": track.version,
        "recording_key": recording_key(track),
        "work_key": work_key(track),
    }
