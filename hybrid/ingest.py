"""Bring files of tracklists into the catalogue.

First every file is read through, then anything is written: one file that cannot be
read as a whole stops the import with nothing changed. Rows and pages inside a good
file that cannot be parsed are set aside with their reason, and the rest comes in.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from data.catalogue import Catalogue, ImportCounts
from data.errors import SegueError
from data.records import SetAside, Tracklist
from scrapers.files import open_file
from scrapers.source import Source

_log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with the step, how much of it is done, and of how much."""

_BATCH = 200
"""Sets written in one transaction: enough to be fast, few enough to show progress."""
_KEPT_SETS = 20_000
"""Sets of one file kept in memory between reading and writing; a larger file is read twice."""


@dataclass(frozen=True, slots=True)
class ImportSummary:
    """What an import brought in.

    Parameters
    ----------
    files : int
        Files that were read.
    sets, plays, unknown, gaps : int
        Sets found in them, and their identified, unknown and missing rows.
    new_sets, changed_sets, unchanged_sets : int
        The same sets by what they did to the catalogue.
    set_aside : tuple of dict
        ``{"file": …, "reason": …}`` for each thing that could not be taken in. An
        import with no sets and something set aside (a saved challenge page alone)
        brought nothing: the caller should say so and fail.
    """

    files: int = 0
    sets: int = 0
    plays: int = 0
    unknown: int = 0
    gaps: int = 0
    new_sets: int = 0
    changed_sets: int = 0
    unchanged_sets: int = 0
    set_aside: tuple[dict[str, str], ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return the summary as plain values, ready for JSON."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return values | {"set_aside": [dict(item) for item in self.set_aside]}

    def why_nothing(self) -> str:
        """Say why no set came in, for a summary without any."""
        if not self.set_aside:
            return "No tracklist was found, so nothing was imported."
        first, others = self.set_aside[0], len(self.set_aside) - 1
        more = f" (and {others:,} more like it)" if others else ""
        return f"Nothing was imported: {first['file']}: {first['reason'].rstrip('.')}{more}."


@dataclass
class _File:
    """A file that was read through once; `sets` is None if it must be read again."""

    path: Path
    source: Source | None = None
    sets: list[Tracklist] | None = None
    total: int = 0
    set_aside: list[SetAside] = field(default_factory=list)

    def tracklists(self) -> Iterator[Tracklist]:
        """Yield the sets, from memory or from the file."""
        if self.sets is not None:
            yield from self.sets
        elif self.source is not None:
            yield from (r for r in self.source.read() if isinstance(r, Tracklist))


def import_files(
    catalogue: Catalogue, paths: Sequence[Path | str], *, progress: Progress | None = None
) -> ImportSummary:
    """Read the files at `paths` and add their sets to the catalogue.

    Importing the same files again changes nothing. Two different sets that carry the
    same id within one import would replace each other: the first one stays, the
    other is set aside.

    Parameters
    ----------
    catalogue : Catalogue
        Where the sets go.
    paths : sequence of Path or str
        Files, and folders whose files are taken in order of their names. A folder is
        a batch: a file inside it that cannot be read is set aside like a bad page.
    progress : callable, optional
        Told ``(step, done, total)``.

    Raises
    ------
    SegueError
        If a file given by name cannot be read as a whole; nothing was written then.
        A fault in Segue's own reading counts as that, and its traceback is logged.
    """
    tell = progress or (lambda step, done, total: None)
    candidates = list(_candidates(map(Path, paths)))
    files: list[_File] = []
    for done, (path, in_folder) in enumerate(candidates):
        tell("Reading", done, len(candidates))
        files.append(_read_through(path, in_folder=in_folder))
    tell("Reading", len(candidates), len(candidates))
    # Without a set the import failed, and a failed one leaves the catalogue as it was.
    found_sets = any(file.total for file in files)
    counts = _write(catalogue, files, tell) if found_sets else ImportCounts()
    return ImportSummary(
        files=sum(file.source is not None for file in files),
        set_aside=tuple(
            {"file": str(file.path), "reason": _reason(file.path, item)}
            for file in files
            for item in file.set_aside
        ),
        **{name: getattr(counts, name) for name in ImportCounts.__slots__},
    )


def _candidates(paths: Iterable[Path]) -> Iterator[tuple[Path, bool]]:
    """Yield each file once, and whether it was found in a folder."""
    seen: set[Path] = set()
    for path in paths:
        inside = path.is_dir()
        files = sorted(p for p in path.rglob("*") if not p.is_dir()) if inside else [path]
        if inside and not files:
            raise SegueError(f"{path} is a folder without files: give one that holds tracklists.")
        for file in files:
            if file.resolve() not in seen:
                seen.add(file.resolve())
                yield file, inside


def _read_through(path: Path, *, in_folder: bool) -> _File:
    try:
        return _read_records(path)
    except SegueError as error:
        problem = error
    except Exception as error:
        _log.exception("%s could not be read", path)
        problem = SegueError(
            f"{path} could not be read: {type(error).__name__}: {error}. This is a fault in "
            "Segue: please report it with the file, and leave the file out for now."
        )
    if not in_folder:
        raise problem
    return _File(path, set_aside=[SetAside(str(path), str(problem).removeprefix(f"{path} "))])


def _read_records(path: Path) -> _File:
    source = open_file(path)
    file = _File(path, source, sets=[])
    for record in source.read():
        if isinstance(record, SetAside):
            file.set_aside.append(record)
            continue
        file.total += 1
        if file.total > _KEPT_SETS:
            file.sets = None
        elif file.sets is not None:
            file.sets.append(record)
    if not file.total and not file.set_aside:
        raise SegueError(f"{path} holds no sets: check that it is the right file.")
    return file


def _write(catalogue: Catalogue, files: list[_File], tell: Progress) -> ImportCounts:
    counts = ImportCounts()
    total = sum(file.total for file in files)
    owners: dict[tuple[str, str], tuple[Path, str]] = {}
    done = 0
    for file in files:
        tracklists = _without_clashes(file, owners)
        while batch := list(islice(tracklists, _BATCH)):
            tell("Importing", done, total)
            counts += catalogue.add_tracklists(batch)
            done += len(batch)
        if file.set_aside:
            catalogue.add_tracklists([], set_aside=file.set_aside)
    tell("Importing", total, total)
    return counts


def _without_clashes(
    file: _File, owners: dict[tuple[str, str], tuple[Path, str]]
) -> Iterator[Tracklist]:
    """Yield the sets of `file` whose id no earlier, different set of this import carries."""
    for tracklist in file.tracklists():
        set_name = (tracklist.source, tracklist.source_id)
        about = f"{tracklist.date} {tracklist.title}".strip()
        owner, theirs = owners.setdefault(set_name, (file.path, about))
        if theirs == about:
            yield tracklist
        else:
            reason = f'the set id {tracklist.source_id} already belongs to "{theirs}" in {owner}'
            file.set_aside.append(SetAside(f"{file.path.name}, {about}", reason))


def _reason(path: Path, item: SetAside) -> str:
    if item.where in (path.name, str(path)):
        return item.reason
    return f"{item.where.removeprefix(f'{path.name}, ')}: {item.reason}"
