from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.errors import SegueError
from hybrid.audio_files import find_audio, identify, unchanged


def touch(folder: Path, *names: str) -> list[Path]:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return [folder / name for name in names]


def test_a_folder_gives_the_audio_in_it_and_below_in_order(tmp_path):
    touch(tmp_path, "b.MP3", "a.flac", "cover.jpg", "sub/c.m4a", "sub/deeper/d.aiff", "notes")
    found = find_audio([tmp_path])
    names = [str(file.relative_to(tmp_path)) for file in found.files]
    assert names == ["a.flac", "b.MP3", "sub/c.m4a", "sub/deeper/d.aiff"]
    assert found.skipped == {"no audio by its name": 2}


def test_a_named_file_is_taken_whatever_it_is_called(tmp_path):
    files = touch(tmp_path, "track.bin", "._x.mp3")
    assert find_audio([*files, tmp_path / "gone"]).files == (*files, tmp_path / "gone")


def test_hidden_files_and_folders_are_passed_over(tmp_path):
    touch(tmp_path, "x.mp3", "._x.mp3", ".trash/y.mp3")
    found = find_audio([tmp_path])
    assert [file.name for file in found.files] == ["x.mp3"]
    assert found.skipped == {"hidden": 2}


def test_what_is_met_twice_comes_once(tmp_path):
    touch(tmp_path, "a/x.mp3")
    (tmp_path / "again").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "y.mp3").symlink_to(tmp_path / "a" / "x.mp3")
    os.link(tmp_path / "a" / "x.mp3", tmp_path / "z.mp3")
    found = find_audio([tmp_path, tmp_path / "a" / "x.mp3", tmp_path])
    assert [file.name for file in found.files] == ["x.mp3"]
    assert found.skipped == {"folder met before": 3, "file met before": 3}


def test_links_that_lead_nowhere_are_left_to_fail_with_a_reason(tmp_path):
    (tmp_path / "loop.mp3").symlink_to(tmp_path / "loop.mp3")
    (tmp_path / "gone.mp3").symlink_to(tmp_path / "nothing")
    files = find_audio([tmp_path]).files
    assert [file.name for file in files] == ["gone.mp3", "loop.mp3"]
    for file in files:
        with pytest.raises(SegueError, match="does not exist"):
            identify(file)


def test_a_file_is_known_by_its_bytes(tmp_path):
    first, second, other = touch(tmp_path, "1.mp3", "2.mp3", "3.mp3")
    second.write_text("1.mp3")
    assert identify(first).content_hash == identify(second).content_hash
    assert identify(first).content_hash != identify(other).content_hash


def test_a_file_is_unchanged_while_size_and_time_are(tmp_path):
    [path] = touch(tmp_path, "1.mp3")
    file = identify(path)
    assert unchanged(file)
    os.utime(path, ns=(1, 1))
    assert not unchanged(file)
    path.unlink()
    assert not unchanged(file)


def test_a_path_is_kept_from_the_root(tmp_path, monkeypatch):
    touch(tmp_path, "1.mp3")
    monkeypatch.chdir(tmp_path)
    assert identify(Path("./1.mp3")).path == tmp_path / "1.mp3"


def test_what_is_no_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe.mp3")
    for path in (tmp_path, tmp_path / "pipe.mp3"):
        with pytest.raises(SegueError, match="is no file"):
            identify(path)
