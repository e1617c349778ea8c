"""A folder of one's own sound: an index, or a folder for each genre."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import SegueError
from data.records import LabelledAudio, SetAside
from scrapers.datasets import Folder
from tests.scrapers.datasets.examples import genre_folders, indexed_folder, put


def read(folder: Path) -> dict[str, LabelledAudio]:
    rows = Folder(folder).read()
    return {row.source_id: row for row in rows if isinstance(row, LabelledAudio)}


def reasons(folder: Path) -> list[str]:
    return [row.reason for row in Folder(folder).read() if isinstance(row, SetAside)]


def test_the_columns_of_the_index_become_labels(tmp_path: Path) -> None:
    indexed_folder(tmp_path)
    assert read(tmp_path)["a/one.ogg"] == LabelledAudio(
        path=tmp_path / "a" / "one.ogg",
        artist="Ann Arbour",
        album="First",
        title="One",
        genre="techno",
        tags=("Dub",),
        licence="CC BY",
        source_id="a/one.ogg",
    )


def test_each_row_that_gives_no_clip_has_its_reason(tmp_path: Path) -> None:
    indexed_folder(tmp_path)
    assert reasons(tmp_path) == [
        "the file b/gone.ogg is not there",
        "it names no file",
        "a/one.ogg stands in the index more than once",
    ]


def test_tags_stand_between_semicolons_and_once(tmp_path: Path) -> None:
    put(tmp_path, "a.ogg")
    (tmp_path / "index.csv").write_text("File,Tags,Style\na.ogg,dark; late ;dark,late\n")
    assert read(tmp_path)["a.ogg"].tags == ("dark", "late")


def test_an_index_from_a_spreadsheet_is_read(tmp_path: Path) -> None:
    put(tmp_path, "a  b.ogg")
    (tmp_path / "index.csv").write_bytes("﻿file,artist\r\na  b.ogg,Björk\r\n".encode())
    assert read(tmp_path)["a  b.ogg"].artist == "Björk"


@pytest.mark.parametrize("index", [b"artist,genre\nAnn,techno\n", b"", b"file\n\xff\xfe\n"])
def test_an_index_that_is_none_is_refused(tmp_path: Path, index: bytes) -> None:
    put(tmp_path, "a.ogg")
    (tmp_path / "index.csv").write_bytes(index)
    with pytest.raises(SegueError, match=r"index\.csv"):
        read(tmp_path)


def test_the_first_folder_is_the_genre(tmp_path: Path) -> None:
    genre_folders(tmp_path)
    genres = {name: clip.genre for name, clip in read(tmp_path).items()}
    assert genres == {
        "house/a.mp3": "house",
        "house/live/b.FLAC": "house",
        "loose.ogg": "",
        "techno/c.wav": "techno",
    }
    assert reasons(tmp_path) == ["it is no sound file by its name"]


def test_real_clips(shared: Path) -> None:
    clips = read(shared / "audio")
    assert len(clips) > 500
    assert all(clip.licence for clip in clips.values())
    assert reasons(shared / "audio") == []
