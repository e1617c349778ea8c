"""Any file may be given: it is recognised by content or refused in one clear sentence."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from pathlib import Path

import pytest

from data.errors import SegueError
from scrapers import content
from scrapers.boilerroom import BoilerRoom
from scrapers.djmix import DjMix
from scrapers.files import open_file
from scrapers.mixesdb.pages import PagesJson, WikitextFile
from scrapers.text import TextFile
from scrapers.tracklists1001 import Tracklists1001


def refusal(path: Path) -> str:
    with pytest.raises(SegueError) as refused:
        list(open_file(path).read())
    message = str(refused.value)
    assert message.startswith(str(path))
    assert message.endswith(".") and "\n" not in message
    return message


def given(tmp_path: Path, data: bytes, name: str = "given") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "does not exist" in refusal(tmp_path / "nothing.csv")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    assert "is a folder" in refusal(tmp_path)


def test_a_device_or_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "not a regular file" in refusal(pipe)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_named(tmp_path: Path) -> None:
    path = given(tmp_path, b"A - B\n")
    path.chmod(0)
    assert "Permission denied" in refusal(path)


@pytest.mark.parametrize("data", [b"", gzip.compress(b"")], ids=["plain", "gzip"])
def test_an_empty_file_is_empty(tmp_path: Path, data: bytes) -> None:
    assert "is empty" in refusal(given(tmp_path, data))


def test_blank_space_is_no_tracklist(tmp_path: Path) -> None:
    assert "blank space" in refusal(given(tmp_path, b" \n\n\t\n"))


@pytest.mark.parametrize(
    "data", [b"\0" * 100, bytes(range(256)) * 9, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"]
)
def test_a_binary_file_is_called_so(tmp_path: Path, data: bytes) -> None:
    assert "a binary file" in refusal(given(tmp_path, data))


@pytest.mark.parametrize(
    ("data", "what"), [(b"PK\x03\x04rest", "ZIP"), (b"%PDF-1.7", "PDF"), (b"BZh91AY", "bzip2")]
)
def test_an_archive_is_called_by_its_name(tmp_path: Path, data: bytes, what: str) -> None:
    assert what in refusal(given(tmp_path, data))


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"{not json at all", "line 1, column 2"),
        (b'[{"id": "m1", "tracklist": [', "line 1"),
        (b'{\n"a": 1,\n}', "line 3, column 1"),
    ],
)
def test_broken_json_says_where_it_breaks(tmp_path: Path, data: bytes, place: str) -> None:
    message = refusal(given(tmp_path, data))
    assert "looks like JSON" in message and place in message


@pytest.mark.parametrize("data", [b"{}", b"[]", b"[[1, 2]]", b'{"name": "x"}', b'[{"id": 1}]'])
def test_json_of_another_kind_is_refused(tmp_path: Path, data: bytes) -> None:
    assert "JSON" in refusal(given(tmp_path, data))


def test_json_nested_without_end_is_refused(tmp_path: Path) -> None:
    assert "JSON" in refusal(given(tmp_path, b"[" * 200_000))


def test_another_web_page_is_refused(tmp_path: Path) -> None:
    page = b"<!DOCTYPE html><html><body><p>Ann - Tide</p></body></html>"
    assert "not a saved 1001Tracklists page" in refusal(given(tmp_path, page))


def test_a_wrong_csv_header_is_told_the_right_one(tmp_path: Path) -> None:
    table = b"set,when,who,song\n1,2019,Ann,Bob - Tide\n2,2019,Ann,Cid - Kelp\n"
    for name in ("sets.csv", "sets"):
        assert "set_id,date,dj,set_title,position" in refusal(given(tmp_path, table, name))


def test_a_csv_header_that_lacks_a_column_is_told_which(tmp_path: Path) -> None:
    table = b"set_id,date,dj,set_title,position,artist,title\n1,,,,1,Ann,Tide\n"
    assert "lacks label" in refusal(given(tmp_path, table))


def test_damaged_gzip_is_called_so(tmp_path: Path) -> None:
    packed = gzip.compress(b"Ann - Tide\n" * 1000)
    assert "damaged gzip" in refusal(given(tmp_path, packed[: len(packed) // 2]))
    assert "damaged gzip" in refusal(given(tmp_path, b"\x1f\x8bnonsense"))


def test_gzip_may_be_nested_but_not_without_end(tmp_path: Path) -> None:
    data = b"Ann - Tide\nBob - Kelp\n"
    for _ in range(content.MAX_NESTING):
        data = gzip.compress(data)
    assert isinstance(open_file(given(tmp_path, data)), TextFile)
    assert "times over" in refusal(given(tmp_path, gzip.compress(data)))


@pytest.mark.parametrize(
    "start", [b"", b"[{", b'{"a": "', b"<html>", b"set_id,", b"== Tracklist ==\n# "]
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_line_of_200_mb_is_refused_in_little_memory(
    tmp_path: Path, start: bytes, packed: bool
) -> None:
    path = tmp_path / "endless"
    with gzip.open(path, "wb", compresslevel=1) if packed else path.open("wb") as file:
        file.write(start)
        for _ in range(200):
            file.write(b"a" * 2**20)
    tracemalloc.start()
    try:
        refusal(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 * content.MAX_BYTES


def test_many_short_lines_are_read_no_further_than_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "bomb.txt"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(80):
            file.write(b"Ann - Tide\n" * 95_325)
    tracemalloc.start()
    try:
        assert "larger than" in refusal(path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * content.MAX_BYTES


@pytest.mark.parametrize(
    "opening", ["[00:00] Ann - Tide", "[001] Ann - Tide", "[Live] Ann - Tide", "{Brace} - Tide"]
)
def test_a_bracket_in_front_does_not_make_it_json(tmp_path: Path, opening: str) -> None:
    path = given(tmp_path, f"{opening}\n[04:10] Bob - Kelp\n".encode())
    if opening.startswith("["):
        assert isinstance(open_file(path), TextFile)
    else:
        assert "looks like JSON" in refusal(path)


@pytest.mark.parametrize(
    "opening", ["{{Player|x}}\n", "{| class=x\n|}\n", "[[File:Ann.jpg|right]]\n"]
)
def test_wikitext_is_not_taken_for_json(tmp_path: Path, opening: str) -> None:
    text = f"{opening}== Tracklist ==\n# Ann - Tide\n"
    assert isinstance(open_file(given(tmp_path, text.encode())), WikitextFile)


def test_text_in_utf16_is_text(tmp_path: Path) -> None:
    path = given(tmp_path, "Ann - Tïde\nBob - Kelp\n".encode("utf-16"))
    assert isinstance(open_file(path), TextFile)


def test_one_broken_character_does_not_spoil_the_others() -> None:
    assert content.decode("Bjørk Ärger Ándale ".encode() + b"\xff") == "Bjørk Ärger Ándale \ufffd"


def test_the_real_files_are_recognised(shared: Path) -> None:
    kinds = {
        "mixesdb/essential_mix_pages.json.gz": PagesJson,
        "djmix/djmix_90_mixes.json": DjMix,
        "boilerroom/tracklists.csv": BoilerRoom,
        "tracklists1001/captcha.html": Tracklists1001,
        "tracklists1001/tracklist.html": Tracklists1001,
    }
    for file, kind in kinds.items():
        assert isinstance(open_file(shared / file), kind), file
    for file in (shared / "mixesdb" / "pages").glob("*.wikitext"):
        assert isinstance(open_file(file), WikitextFile), file
