"""Reading whatever file a DJ brings: known by its content, refused with a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.errors import SegueError
from data.playlists import read_file, reading, render, sniff
from data.records import Track
from tests.data.playlists.crate import CRATE


@pytest.mark.parametrize(
    ("head", "name", "key"),
    [
        (b"\xef\xbb\xbf#EXTM3U\r\n", "x", "m3u8"),
        (b"/Music/a.mp3\n/Music/b.flac\n", "x.txt", "m3u8"),
        (b"a - b\n", "list.m3u", "m3u8"),
        (b"Odd Heron - Low Tide\nMara Vale - Night Bus\n", "x.m3u.txt", "text"),
        (b"\n<?xml version='1.0'?>\n<NML VERSION='19'>", "export.xml", "traktor"),
        ('<?xml version="1.0"?><DJ_PLAYLISTS>'.encode("utf-16"), "x", "rekordbox"),
        (b"<plist version='1.0'>", "Library.xml", ""),
        (b'{"a": 1}', "x.json", ""),
        (b"ID3\x04\x00\x00\x00\x00", "a.mp3", ""),
        (b"PK\x03\x04\x00\x00", "a.zip", ""),
        (b"Dear Anna,\nhow are you?\n", "letter.txt", ""),
        (b"", "empty.txt", "text"),
        (b"", "empty", ""),
    ],
)
def test_the_content_tells_the_format(head: bytes, name: str, key: str) -> None:
    assert sniff(head, name) == key


def test_a_playlist_without_a_name_is_called_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "Friday night.m3u"
    path.write_bytes(b"#EXTM3U\nA - B.mp3\n")
    [playlist] = read_file(path)
    assert playlist.name == "Friday night"


def test_the_ending_does_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "download"
    path.write_bytes(render("traktor", CRATE, name="Friday"))
    assert [playlist.name for playlist in read_file(path)] == ["Friday"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\x00\x01\x02", "is not a playlist that Segue can read"),
        (b"<plist/>", "is not a playlist that Segue can read"),
        (b"#EXTM3U\n", "holds no tracks"),
        (b"<NML", "is not a playlist|is damaged"),
        (b"<NML VERSION='19'", "is damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(
    tmp_path: Path, content: bytes, says: str
) -> None:
    path = tmp_path / "x.bin"
    path.write_bytes(content)
    with pytest.raises(SegueError, match=rf"^x\.bin (?:{says}).*[:.]"):
        read_file(path)


def test_what_is_no_file_is_refused_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="does not exist"):
        read_file(tmp_path / "gone.m3u8")
    with pytest.raises(SegueError, match="is a folder"):
        read_file(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SegueError, match="is not a regular file"):
        read_file(tmp_path / "pipe")


def test_a_file_beyond_the_limit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGEST", 2**20)
    path = tmp_path / "huge.m3u8"
    with path.open("wb") as file:
        file.write(render("m3u8", [Track("A", "B")], name="x"))
        file.truncate(2**20 + 1)
    with pytest.raises(SegueError, match=r"huge\.m3u8 is larger than 1 MB"):
        read_file(path)


def test_nothing_that_a_playlist_names_is_opened(tmp_path: Path) -> None:
    named = tmp_path / "pipe.mp3"
    os.mkfifo(named)  # opening it would wait forever
    path = tmp_path / "list.m3u8"
    path.write_text(f"#EXTM3U\n{named}\n../../../../etc/passwd\n/dev/zero\n")
    [playlist] = read_file(path)
    assert [entry.path for entry in playlist.entries][1:] == [
        "../../../../etc/passwd",
        "/dev/zero",
    ]
