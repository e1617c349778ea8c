"""What every data set keeps, whatever its form.

A new data set adds one line to `EXAMPLES`: its class, what lays an example into a folder,
the ids of the clips in it, and how many more it names and cannot give.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from data.errors import SegueError
from data.records import LabelledAudio, SetAside
from scrapers.datasets import ONLINE, Dataset, Fma, Folder, Ncs
from tests.scrapers.datasets import examples


@dataclass(frozen=True)
class Example:
    kind: type[Dataset]
    lay: Callable[[Path], None]
    ids: tuple[str, ...]
    set_aside: int

    def dataset(self, folder: Path) -> Dataset:
        folder.mkdir()
        self.lay(folder)
        return self.kind(folder)


EXAMPLES = [
    Example(Folder, examples.indexed_folder, ("a/one.ogg", "a/two.ogg", "b/three.ogg"), 3),
    Example(
        Folder,
        examples.genre_folders,
        ("house/a.mp3", "house/live/b.FLAC", "loose.ogg", "techno/c.wav"),
        1,
    ),
    Example(Fma, examples.fma, ("2", "140"), 1),
    Example(Ncs, examples.ncs, ("tid-1",), 1),
]
each_example = pytest.mark.parametrize("example", EXAMPLES, ids=lambda e: e.lay.__name__)


@each_example
def test_clips_are_there_with_ids_of_their_own(example: Example, tmp_path: Path) -> None:
    rows = list(example.dataset(tmp_path / "set").read())
    clips = [row for row in rows if isinstance(row, LabelledAudio)]
    assert tuple(clip.source_id for clip in clips) == example.ids
    assert all(clip.path.is_file() for clip in clips)
    assert all(clip.genre for clip in clips if clip.source_id != "loose.ogg")


@each_example
def test_what_cannot_be_given_is_named_with_a_reason(example: Example, tmp_path: Path) -> None:
    rows = list(example.dataset(tmp_path / "set").read())
    set_aside = [row for row in rows if isinstance(row, SetAside)]
    assert len(set_aside) == example.set_aside
    assert all(row.where and row.reason for row in set_aside)


@each_example
def test_reading_again_gives_the_same(example: Example, tmp_path: Path) -> None:
    dataset = example.dataset(tmp_path / "set")
    assert list(dataset.read()) == list(dataset.read())


@each_example
def test_making_one_reads_nothing_and_reading_nothing_says_what_to_do(
    example: Example, tmp_path: Path
) -> None:
    for folder in (tmp_path / "not-there", tmp_path):
        dataset = example.kind(folder)
        with pytest.raises(SegueError):
            list(dataset.read())


def test_every_data_set_has_an_example_and_a_name() -> None:
    kinds = {example.kind for example in EXAMPLES}
    assert kinds >= set(ONLINE.values()) | {Folder}
    assert len({kind.name for kind in kinds}) == len(kinds)
    assert {kind.name: kind for kind in ONLINE.values()} == ONLINE
