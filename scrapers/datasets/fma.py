"""FMA small: 8,000 clips of 30 s in eight genres from the Free Music Archive.

M. Defferrard, K. Benzi, P. Vandergheynst, X. Bresson, "FMA: A dataset for music
analysis", ISMIR 2017; https://github.com/mdeff/fma. Each clip has the Creative Commons
licence that its artist chose, and the data set is meant for research.
"""

from __future__ import annotations

import ast
import csv
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import ClassVar, NamedTuple

from data.errors import SegueError
from data.records import LabelledAudio, SetAside
from data.settings import Settings
from scrapers.datasets.dataset import OnlineDataset, Progress
from scrapers.datasets.unzip import unzip
from scrapers.http import PoliteSession

SUBSET = "small"
LONGEST_FIELD = 1 << 24  # the artists' lives are long


class Archive(NamedTuple):
    """One of the published archives, SHA-1 from the README of mdeff/fma.

    `wanted` starts the names of the members to unpack.
    """

    name: str
    sha1: str
    wanted: str


ARCHIVES = (
    Archive(
        "fma_metadata.zip",
        "f0df49ffe5f2a6008d7dc83c6915b31835dfe733",
        "fma_metadata/tracks.csv",
    ),
    Archive("fma_small.zip", "ade154f733639d52e35e32f5593efe5be76c6d70", "fma_small/"),
)

# Columns of tracks.csv by its two header rows.
_COLUMNS = {
    "artist": ("artist", "name"),
    "album": ("album", "title"),
    "title": ("track", "title"),
    "genre": ("track", "genre_top"),
    "tags": ("track", "tags"),
    "licence": ("track", "license"),
    "split": ("set", "split"),
    "subset": ("set", "subset"),
}


class Fma(OnlineDataset):
    """FMA's metadata and the clips of its small subset.

    Parameters
    ----------
    folder : Path
        Holds ``fma_metadata/tracks.csv`` and ``fma_small/000/000002.mp3``; archives that
        you fetched yourself may lie in it, too.
    """

    name: ClassVar[str] = "fma"
    archives: ClassVar[tuple[Archive, ...]] = ARCHIVES

    def fetch(
        self, session: PoliteSession, settings: Settings, *, progress: Progress | None = None
    ) -> list[SetAside]:
        """See `OnlineDataset.fetch`; 7.5 GB come, and twice that is needed for a while."""
        tell = progress or (lambda what, done, total: None)
        self.folder.mkdir(parents=True, exist_ok=True)
        for archive in self.archives:
            done = self.folder / f"{archive.name}.done"
            if done.exists():
                continue
            path = self.folder / archive.name
            if not path.exists():
                url = f"{settings.fma_url.rstrip('/')}/{archive.name}"
                told = partial(tell, archive.name)
                session.download(url, path, sha1=archive.sha1, told=told)
            told = partial(tell, f"unpacking {archive.name}")
            unzip(path, self.folder, wanted=archive.wanted, told=told)
            done.touch()
            path.unlink()
        return []

    def read(self) -> Iterator[LabelledAudio | SetAside]:
        """See `Dataset.read`."""
        table = self.folder / "fma_metadata" / "tracks.csv"
        if not table.is_file():
            raise SegueError(f"There is no {table}: fetch the data set first.")
        for track, row in _rows(table):
            clip = Path("fma_small") / f"{track:06d}"[:3] / f"{track:06d}.mp3"
            path = self.folder / clip
            if not path.is_file():
                yield SetAside(f"track {track} of FMA", f"the file {clip.as_posix()} is not there")
                continue
            yield LabelledAudio(
                path,
                artist=row["artist"],
                album=row["album"],
                title=row["title"],
                genre=row["genre"],
                tags=_tags(row["tags"]),
                licence=row["licence"],
                split=row["split"],
                source_id=str(track),
            )


def _rows(table: Path) -> list[tuple[int, dict[str, str]]]:
    """Number and fields of each track of the subset; above them stand three lines of header."""
    rows = []
    usual = csv.field_size_limit(LONGEST_FIELD)
    try:
        with table.open(encoding="utf-8", newline="") as file:
            lines = csv.reader(file)
            header = list(zip(next(lines, []), next(lines, []), strict=False))
            at = {name: header.index(column) for name, column in _COLUMNS.items()}
            for fields in lines:
                whole = len(fields) == len(header) and fields[0].isdigit()
                if whole and fields[at["subset"]] == SUBSET:
                    rows.append((int(fields[0]), {n: fields[at[n]].strip() for n in at}))
    except (UnicodeDecodeError, csv.Error, ValueError) as error:
        raise SegueError(
            f"{table} is not FMA's table of tracks ({error}): remove it and the file "
            "fma_metadata.zip.done, and fetch the data set again."
        ) from error
    finally:
        csv.field_size_limit(usual)
    return rows


def _tags(text: str) -> tuple[str, ...]:
    """Read a list as Python writes it."""
    try:
        tags = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return ()
    return tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()
