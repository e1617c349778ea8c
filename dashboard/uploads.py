"""``POST /uploads``: files from the browser, onto the disk and into a job.

The files are written as they arrive, into a folder of their own below SEGUE_HOME, and what is
cut short leaves nothing behind. Nobody here believes what a file says it is: the job finds out.
"""

from __future__ import annotations

import errno
import logging
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from flask import Blueprint, Response, jsonify, request
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from dashboard.links import MOST_PER_GENRE
from dashboard.services import Library, current_library
from dashboard.services.sources import DROPPED, UPLOADED
from data.errors import SegueError
from data.settings import Settings
from hybrid.audio_files import identify
from hybrid.jobs import uploads

log = logging.getLogger(__name__)
routes = Blueprint("uploads", __name__)

LIMIT = 2 << 30
"""Bytes that one upload may have in all."""
_MOST_FILES = 2000
_SPARE = 256 << 20
"""Bytes of the disk that an upload leaves free: the catalogue needs room to grow."""
_LONGEST_NAME = 180  # bytes; file systems take 255, and a number may come behind it

_NO_ROOM = (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))  # Windows has no quota

PURPOSES = ("seed", "music", "tracklists", "playlist", "tracks")


class Refused(SegueError):
    """An upload that is not taken, with its HTTP status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@routes.post("/uploads")
def upload() -> tuple[Response, int]:
    """Take files in and start the job that reads them: ``{"job": id, "token": text}``.

    What is wrong is told as ``{"error": sentence}``.
    """
    try:
        purpose = request.args.get("purpose", "")
        if purpose not in PURPOSES:
            raise Refused(400, "Segue does not know what these files are for.")
        return jsonify(_take(current_library(), purpose)), 201
    except Refused as refused:
        return jsonify(error=str(refused)), refused.status
    except SegueError as error:
        return jsonify(error=str(error)), 422


def _take(library: Library, purpose: str) -> dict[str, Any]:
    _has_room(library.settings)
    folder = uploads.new_folder(library.settings)
    try:
        files, form = _received(folder)
        job = _start(library, purpose, files, form)
        return {"job": job, "token": folder.name}
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _has_room(settings: Settings) -> None:
    length = request.content_length or 0
    if length > LIMIT:
        raise Refused(413, _too_much())
    settings.home.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(settings.home).free < length + _SPARE:
        raise Refused(507, _full(settings))


def _received(folder: Path) -> tuple[list[Path], dict[str, str]]:
    """Write what the browser sends into `folder`; return the files by their own names."""
    opened: list[IO[bytes]] = []

    def into_folder(*_told: Any, **_more: Any) -> IO[bytes]:
        if len(opened) == _MOST_FILES:
            raise Refused(413, f"Add at most {_MOST_FILES:,} files at once, or a whole folder.")
        opened.append((folder / f".{len(opened)}").open("w+b"))
        return opened[-1]

    parser = FormDataParser(
        stream_factory=into_folder,
        max_content_length=LIMIT,
        max_form_memory_size=100_000,
        max_form_parts=_MOST_FILES + 10,
        silent=False,
    )
    try:
        _, form, sent = parser.parse_from_environ(request.environ)
    except RequestEntityTooLarge:
        raise Refused(413, _too_much()) from None
    except ClientDisconnected:
        raise Refused(400, "The upload was cut short; nothing of it was kept.") from None
    except (ValueError, HTTPException):
        raise Refused(400, "The upload came damaged; try it again.") from None
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise Refused(507, _full(current_library().settings)) from None
        raise Refused(500, f"The files cannot be kept ({error.strerror}).") from error
    finally:
        for stream in opened:
            with suppress(OSError):  # a full disk says so again
                stream.close()
    names = [storage.filename or "" for storage in sent.getlist("files")]
    if len(names) != len(opened) or not names:
        raise Refused(400, "No file came with the upload; choose one and try again.")
    taken: set[str] = set()
    return [
        (folder / f".{place}").rename(folder / _free(safe_name(name), taken))
        for place, name in enumerate(names)
    ], form.to_dict()


def _start(library: Library, purpose: str, files: Sequence[Path], form: Mapping[str, str]) -> int:
    if purpose == "seed":
        return _start_seed(library, files)
    if purpose == "music":
        # These stay: they are what is played.
        home = library.settings.home / "music"
        home.mkdir(exist_ok=True)
        folder = files[0].parent.rename(home / files[0].parent.name)
        kept = [str(folder / file.name) for file in files]
        title = f"Listen to {_what(files)}"
        return library.start_job("analyse", title, {"paths": kept, "origin": UPLOADED})
    if purpose == "tracklists":
        paths = [str(file) for file in files]
        title = f"Read tracklists from {_what(files)}"
        return library.start_job("tracklists", title, {"paths": paths, "uploaded": True})
    if purpose == "tracks":
        return _start_tracks(library, files, form)
    if len(files) != 1:
        raise Refused(400, "Add one playlist at a time.")
    crate = form.get("crate", "").strip()[:200]
    options = {"path": str(files[0]), "crate": crate, "uploaded": True}
    return library.start_job("playlist", f"Read the playlist {files[0].name}", options)


def _start_seed(library: Library, files: Sequence[Path]) -> int:
    if len(files) != 1:
        raise Refused(400, "Drop one audio file at a time.")
    # By its content, so that the same file dropped twice lies there once; its own name is
    # kept, because artist and title may stand nowhere else.
    place = library.settings.home / "dropped" / identify(files[0]).content_hash
    place.mkdir(parents=True, exist_ok=True)
    kept = files[0].replace(place / files[0].name)
    shutil.rmtree(files[0].parent, ignore_errors=True)
    return library.start_job(
        "analyse", f"Listen to {kept.name}", {"paths": [str(kept)], "origin": DROPPED}
    )


def _start_tracks(library: Library, files: Sequence[Path], form: Mapping[str, str]) -> int:
    per_genre, draw = _number(form, "per_genre"), _number(form, "seed")
    if not per_genre or per_genre > MOST_PER_GENRE:
        raise Refused(400, f"Choose 1 to {MOST_PER_GENRE:,} tracks of each genre.")
    options = {
        "paths": [str(file) for file in files],
        "per_genre": per_genre,
        "seed": draw or 0,
        "uploaded": True,
    }
    return library.start_job("tracks_csv", f"Add tracks of {_what(files)}", options)


def _number(form: Mapping[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    return int(text) if re.fullmatch("[0-9]{1,6}", text) else None


def keep_text(settings: Settings, text: str) -> Path:
    """Write a pasted tracklist into a folder of uploads; return the file."""
    file = uploads.new_folder(settings) / "Pasted tracklist.txt"
    file.write_text(text, encoding="utf-8", errors="replace")
    return file


def _what(files: Sequence[Path]) -> str:
    return files[0].name if len(files) == 1 else f"{len(files):,} files"


def _too_much() -> str:
    return (
        f"That is more than {LIMIT >> 30} GB at once: add fewer files, or name the folder "
        "they are in."
    )


def _full(settings: Settings) -> str:
    return (
        f"The disk that holds {settings.home} is nearly full, so nothing was added: make room "
        "and try again."
    )


_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f-\x9f<>:"|?*\u200e\u200f\u202a-\u202e\u2066-\u2069]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)


def safe_name(name: str) -> str:
    """Return a name that every file system takes and that leads into no other folder.

    Letters of all languages stay, because artist and title may stand nowhere else.

    Examples
    --------
    >>> safe_name("../../Zoë – Größe.mp3"), safe_name("con.wav"), safe_name("...")
    ('Zoë – Größe.mp3', '_con.wav', 'file')
    """
    name = re.split(r"[/\\\\]", unicodedata.normalize("NFC", name))[-1]
    name = name.encode("utf-8", "replace").decode()
    name = _NOT_IN_NAMES.sub("", name).strip(" ").lstrip(".").rstrip(". ")
    if _DEVICES.match(name):
        name = f"_{name}"
    ending = Path(name).suffix[:16]
    stem = name.removesuffix(ending).encode()[: _LONGEST_NAME - len(ending.encode())]
    return stem.decode("utf-8", "ignore").rstrip() + ending or "file"


def _free(name: str, taken: set[str]) -> str:
    """Return `name`, with a number if another file has it already, in whatever case."""
    path, wish, number = Path(name), name, 1
    while wish.casefold() in taken:
        number += 1
        wish = f"{path.stem} ({number}){path.suffix}"
    taken.add(wish.casefold())
    return wish
