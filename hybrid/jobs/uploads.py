"""Files that came through the page: kept for the job that reads them, and no longer."""

from __future__ import annotations

import shutil
import time
import uuid
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from data.catalogue import Job
from data.records import SetAside
from data.settings import Settings

_KEPT_S = 24 * 3600
"""How long an upload stays that no job names; the page may still be about to queue one."""


def folder(settings: Settings) -> Path:
    """Return the folder that holds the uploads of all jobs."""
    return settings.home / "uploads"


def new_folder(settings: Settings) -> Path:
    """Make and return a folder for the files of one job."""
    made = folder(settings) / uuid.uuid4().hex
    made.mkdir(parents=True)
    return made


def clear(settings: Settings, options: Mapping[str, Any]) -> None:
    """Delete the files of a job that is done, if they were uploaded for it.

    Only what lies in the folder of uploads is touched, whatever the options say.
    """
    if not options.get("uploaded"):
        return
    home = folder(settings).resolve()
    for path in paths_of(options):
        place = path.resolve()
        if home not in place.parents:
            continue
        _delete(place)
        if place.parent != home:
            with suppress(OSError):  # others of the same job may lie in it still
                place.parent.rmdir()


def sweep(settings: Settings, jobs: Iterable[Job]) -> int:
    """Delete uploads of yesterday and before that no job needs any more, as one was removed.

    Parameters
    ----------
    settings : Settings
    jobs : iterable of Job
        All there are.

    Returns
    -------
    int
        How many folders and files were deleted.
    """
    needed = {path for job in jobs if job.state != "done" for path in paths_of(job.options)}
    home, yesterday = folder(settings), time.time() - _KEPT_S
    gone = 0
    for place in home.iterdir() if home.is_dir() else ():
        used = any(place == path or place in path.parents for path in needed)
        if not used and place.lstat().st_mtime < yesterday:
            _delete(place)
            gone += 1
    return gone


def _delete(place: Path) -> None:
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place, ignore_errors=True)
    else:
        with suppress(OSError):
            place.unlink()


def paths_of(options: Mapping[str, Any]) -> list[Path]:
    """Return the files and folders that a job's options name."""
    given = options.get("paths") or [options.get("path")]
    return [Path(path) for path in given if path]


def named(settings: Settings, entries: Iterable[SetAside]) -> list[SetAside]:
    """Return entries with the plain names of files that Segue keeps: a person knows no more."""
    home = settings.home

    def shown(where: str) -> str:
        return Path(where).name if home in Path(where).parents else where

    return [SetAside(shown(entry.where), entry.reason) for entry in entries]
