"""A folder of sound files: labelled by an ``index.csv``, or by a folder for each genre."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import ClassVar

from data.errors import SegueError
from data.records import LabelledAudio, SetAside
from scrapers.audio_tags import read_tags
from scrapers.datasets.dataset import AUDIO_ENDINGS, Dataset

INDEX = "index.csv"
TAG_SEPARATOR = ";"


class Folder(Dataset):
    """Sound files of one's own.

    With an ``index.csv`` each row names a ``file``, relative to the folder, and any of
    ``artist``, ``album``, ``title``, ``genre``, ``style``, ``tags`` (with semicolons
    between them), ``licence``, ``split`` and ``source_id``; other columns are left alone.
    ``style`` counts as a tag. Without one, the folder a file stands in under the first
    level is its genre, and artist, album and title come from the file's own tags.

    Parameters
    ----------
    folder : Path
        Where the files are.
    """

    name: ClassVar[str] = "folder"

    def read(self) -> Iterator[LabelledAudio | SetAside]:
        """See `Dataset.read`."""
        if not self.folder.is_dir():
            raise SegueError(f"There is no folder {self.folder}: check the path.")
        index = self.folder / INDEX
        yield from self._indexed(index) if index.is_file() else self._by_folder()

    def _indexed(self, index: Path) -> Iterator[LabelledAudio | SetAside]:
        seen: set[str] = set()
        for line, row in _rows(index):
            where = f"{index}, line {line}"
            file = row.get("file", "")
            source_id = row.get("source_id") or file
            path = self.folder / file
            if not file:
                yield SetAside(where, "it names no file")
            elif source_id in seen:
                yield SetAside(where, f"{source_id} stands in the index more than once")
            elif not path.is_file():
                yield SetAside(where, f"the file {file} is not there")
            else:
                seen.add(source_id)
                yield _labelled(path, source_id, row)

    def _by_folder(self) -> Iterator[LabelledAudio | SetAside]:
        files = [path for path in sorted(self.folder.rglob("*")) if path.is_file()]
        if not any(path.suffix.lower() in AUDIO_ENDINGS for path in files):
            raise SegueError(
                f"{self.folder} holds no sound files: give a folder with an {INDEX}, or with "
                "a folder of files for each genre."
            )
        for path in files:
            inside = path.relative_to(self.folder)
            if any(part.startswith(".") for part in inside.parts):
                continue
            if path.suffix.lower() not in AUDIO_ENDINGS:
                yield SetAside(str(path), "it is no sound file by its name")
                continue
            tags = read_tags(path)
            genre = inside.parts[0] if len(inside.parts) > 1 else tags.genre
            yield LabelledAudio(
                path, tags.artist, tags.album, tags.title, genre, source_id=inside.as_posix()
            )


def _rows(index: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with index.open(encoding="utf-8-sig", newline="") as table:
            rows = csv.DictReader(table)
            columns = [column.strip().casefold() for column in rows.fieldnames or ()]
            if "file" not in columns:
                raise SegueError(
                    f"{index} lacks the column “file”: its first line must name the columns, "
                    "such as file,artist,genre."
                )
            rows.fieldnames = columns
            for row in rows:
                known = {name: (row[name] or "").strip() for name in columns if name}
                yield rows.line_num, known
    except (UnicodeDecodeError, csv.Error) as error:
        raise SegueError(
            f"{index} cannot be read as a CSV table in UTF-8 ({error}): save it again as one."
        ) from error


def _labelled(path: Path, source_id: str, row: Mapping[str, str]) -> LabelledAudio:
    tags = [*row.get("tags", "").split(TAG_SEPARATOR), row.get("style", "")]
    return LabelledAudio(
        path=path,
        artist=row.get("artist", ""),
        album=row.get("album", ""),
        title=row.get("title", ""),
        genre=row.get("genre", ""),
        tags=tuple(dict.fromkeys(tag.strip() for tag in tags if tag.strip())),
        licence=row.get("licence", ""),
        split=row.get("split", ""),
        source_id=source_id,
    )
