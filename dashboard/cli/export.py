"""``segue export``: crates as playlist files, and how every command writes one."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from dashboard.cli.crates import find_crate
from dashboard.cli.files import STANDARD, writing
from dashboard.cli.output import REASONS_SHOWN, counted, print_json, say
from dashboard.cli.state import open_catalogue, read_settings
from data.errors import SegueError

if TYPE_CHECKING:
    from data.catalogue import Catalogue
    from hybrid.playlists_out import PlaylistFile

FORMAT_HELP = (
    "m3u8, rekordbox, traktor, csv, jspf or text; by the ending of --out if not given, else m3u8."
)


@dataclass(frozen=True, slots=True)
class Written:
    """A playlist file that was written, and the list of missing tracks beside it, if any."""

    crate: str
    made: PlaylistFile
    out: Path
    beside: Path | None


def export(
    out: Annotated[
        Path, typer.Option("-o", "--out", help="The file, a folder for it, or - for stdout.")
    ],
    crate: Annotated[
        str, typer.Argument(metavar="CRATE", help="The crate, by its name or its number.")
    ] = "",
    form: Annotated[str, typer.Option("--format", help=FORMAT_HELP)] = "",
    every: Annotated[
        bool, typer.Option("--all", help="Every crate, each in a file of its own, into a folder.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="One JSON object with the files and what is missing.")
    ] = False,
) -> None:
    """Write a crate as a playlist for rekordbox, Traktor, any player or a spreadsheet.

    rekordbox, Traktor and M3U8 lead to the tracks' own files. Tracks without a file on this
    computer are listed beside the playlist, in NAME.missing.csv.
    """
    if every == bool(crate):
        raise typer.BadParameter("Give a crate or --all, one of both.")
    if out == STANDARD and (every or as_json):
        raise typer.BadParameter("-o - is for one crate, and without --json.")
    key = format_of(out, form)
    with open_catalogue(read_settings()) as catalogue:
        if every:
            written, skipped = _write_all(catalogue, out, key, force=force)
        else:
            entry, skipped = find_crate(catalogue, crate), []
            ids = catalogue.crate(entry.id)
            if not ids:
                raise SegueError(f'The crate "{entry.name}" is empty; put tracks into it first.')
            written = [write_playlist(catalogue, ids, out, key, name=entry.name, force=force)]
    if as_json:
        print_json({"files": [_object(done, key) for done in written], "skipped": skipped})


def format_of(out: Path, form: str) -> str:
    """Return the key of the format that is asked for, else of the one the file's ending says."""
    from data.playlists import FORMATS

    by_ending = {entry.extension: key for key, entry in FORMATS.items()}
    key = form or by_ending.get(out.suffix.lower(), "m3u8")
    if key not in FORMATS:
        raise typer.BadParameter(f"--format is one of {', '.join(FORMATS)}, not {form!r}.")
    return key


def write_playlist(
    catalogue: Catalogue,
    ids: Iterable[int],
    out: Path,
    key: str,
    *,
    name: str,
    force: bool = False,
) -> Written:
    """Write recordings as a playlist file, with the list of those without a file beside it.

    Both appear whole or not at all, and replace nothing unless `force` says so.

    Parameters
    ----------
    out : Path
        The file, a folder that is there, or ``-`` for stdout.
    key : str
        Of `data.playlists.FORMATS`.
    name : str
        What the playlist is called.

    Raises
    ------
    SegueError
        If a file is in the way, it cannot be written, or nothing could stand in it.
    """
    from hybrid.playlists_out import playlist_file

    made = playlist_file(catalogue, ids, key, name=name)
    if why := _why_nothing(made, key):
        raise SegueError(why)
    if out != STANDARD and out.is_dir():
        out = out / made.name
    return _keep(made, out, name, force=force)


def _why_nothing(made: PlaylistFile, key: str) -> str:
    from data.playlists import FORMATS

    if made.count:
        return ""
    return (
        f"A {FORMATS[key].name} file needs the tracks' own files, and none of these is on this "
        "computer: analyse your music first, or give another --format."
    )


def _keep(made: PlaylistFile, out: Path, name: str, *, force: bool) -> Written:
    if out == STANDARD:
        sys.stdout.flush()
        sys.stdout.buffer.write(made.content)
        sys.stdout.buffer.flush()
        _tell_names(made)
        return Written(name, made, out, None)
    beside = _beside(out)
    targets = [out, *([beside] if made.beside else [])]
    if not force:
        _refuse([path for path in targets if _is_there(path)])
    if made.beside:
        _put(beside, made.beside, force=force)
    elif force and _is_such_a_list(beside):
        beside.unlink()
        say(f"Removed {beside}: nothing is missing any more.")
    _put(out, made.content, force=force)
    say(f"Written to {out}: {counted(made.count, 'track')}.")
    if made.beside:
        say(f"{_gone(made)} Listed in {beside}.")
    return Written(name, made, out, beside if made.beside else None)


def _write_all(
    catalogue: Catalogue, folder: Path, key: str, *, force: bool
) -> tuple[list[Written], list[dict[str, str]]]:
    """Write every crate into a folder; return what was written, and what not and why."""
    planned, skipped = _planned(catalogue, folder, key)
    for entry in skipped:
        say(f'Passed over "{entry["crate"]}": {entry["reason"]}')
    if not planned:
        raise SegueError("No crate could be written; put tracks into one first.")
    if not force:
        listed = (path for made, out, _ in planned for path in (out, _beside(out)))
        _refuse([path for path in listed if _is_there(path)])
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SegueError(f"The folder {folder} cannot be made ({error.strerror}).") from error
    return [_keep(made, out, name, force=force) for made, out, name in planned], skipped


def _planned(
    catalogue: Catalogue, folder: Path, key: str
) -> tuple[list[tuple[PlaylistFile, Path, str]], list[dict[str, str]]]:
    from hybrid.playlists_out import playlist_file

    planned, skipped = [], []
    taken: set[str] = set()
    for crate in catalogue.crates():
        made = playlist_file(catalogue, catalogue.crate(crate.id), key, name=crate.name)
        if reason := "it is empty." if not crate.size else _why_nothing(made, key):
            skipped.append({"crate": crate.name, "reason": reason})
        else:
            planned.append((made, folder / _free(made.name, taken), crate.name))
    return planned, skipped


def _free(name: str, taken: set[str]) -> str:
    """Return `name`, with a number if another crate's file has it already, in whatever case."""
    path, wish, number = Path(name), name, 1
    while wish.casefold() in taken:
        number += 1
        wish = f"{path.stem} ({number}){path.suffix}"
    taken.add(wish.casefold())
    return wish


def _beside(out: Path) -> Path:
    from data.playlists.sidecar import name_beside

    return out.with_name(name_beside(out.name))


def _is_there(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _refuse(there: list[Path]) -> None:
    if there:
        more = f" (and {counted(len(there) - 1, 'more file')})" if len(there) > 1 else ""
        raise SegueError(
            f"{there[0]} is there already{more} and is not replaced; give another name. "
            "`segue export --force` replaces files."
        )


def _put(path: Path, content: bytes, *, force: bool) -> None:
    with writing(path, replace=force) as stream:
        # As bytes: a file's name need not be text.
        stream.buffer.write(content)


def _is_such_a_list(path: Path) -> bool:
    """Whether a file is a list of missing tracks that Segue wrote."""
    from data.playlists.sidecar import COLUMNS

    try:
        with path.open("rb") as file:
            return file.readline().decode("utf-8-sig").strip() == ",".join(COLUMNS)
    except (OSError, UnicodeDecodeError):
        return False


def _gone(made: PlaylistFile) -> str:
    number = len(made.missing)
    has, it, is_left = ("has", "it", "is") if number == 1 else ("have", "them", "are")
    so = f"{is_left} not in it" if made.left_out else f"a player may not find {it}"
    return f"{counted(number, 'track')} {has} no file on this computer, so {so}."


def _tell_names(made: PlaylistFile) -> None:
    if not made.missing:
        return
    say(_gone(made))
    for track in made.missing[:REASONS_SHOWN]:
        say(f"  {track}")
    if len(made.missing) > REASONS_SHOWN:
        say(f"  ... and {len(made.missing) - REASONS_SHOWN:,} more")


def _object(done: Written, key: str) -> dict[str, Any]:
    return {
        "crate": done.crate,
        "file": str(done.out),
        "format": key,
        "tracks": done.made.count,
        "missing": [
            {"artist": track.artist, "title": track.full_title} for track in done.made.missing
        ],
        "missing_file": None if done.beside is None else str(done.beside),
    }
