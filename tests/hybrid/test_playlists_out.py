"""Tracks of the catalogue as a playlist file, and the list of those without a file."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from data.catalogue import AudioFile, Catalogue, Sound
from data.playlists import FORMATS, read_file
from data.records import Track
from hybrid.playlists_out import playlist_file, safe_name
from tests.hybrid.small import heard

TRACKS = ["Mara Vale - Night Bus", "Ania Ferro - Low Tide (Dub)", "Otto Lind - Lamp"]


@pytest.fixture
def ids(catalogue: Catalogue, tmp_path: Path) -> list[int]:
    """Three recordings; of the second there is a file."""
    catalogue.add_tracklists([heard("a", *TRACKS)])
    path = tmp_path / "Été & 100%.mp3"
    path.write_text("sound")
    file = AudioFile(path, "hash", path.stat().st_size, path.stat().st_mtime_ns)
    track = Track("Ania Ferro", "Low Tide", "Dub")
    catalogue.add_sound([Sound("hash", file, track, 231.0)])
    return [1, 2, 3]


@pytest.mark.parametrize("key", FORMATS)
def test_what_is_in_a_file_and_what_goes_beside_it_is_the_whole_crate(
    catalogue: Catalogue, ids: list[int], tmp_path: Path, key: str
) -> None:
    made = playlist_file(catalogue, ids, key, name="Fri/Sat")
    assert made.name == f"Fri Sat{FORMATS[key].extension}"
    path = tmp_path / made.name
    path.write_bytes(made.content)
    [playlist] = read_file(path)
    assert playlist.name == "Fri/Sat"
    assert len(playlist.entries) == made.count == len(ids) - len(made.left_out)
    names_files = key in ("m3u8", "rekordbox", "traktor")
    assert [track.title for track in made.missing] == (["Night Bus", "Lamp"] * names_files)
    assert len(made.left_out) == (2 if key in ("rekordbox", "traktor") else 0)
    listed = csv.DictReader(io.StringIO(made.beside.decode("utf-8-sig")))
    assert [row["position"] for row in listed] == (["1", "3"] * names_files)
    assert made.beside_name == "Fri Sat.missing.csv"


def test_without_any_file_a_format_of_files_holds_nothing(
    catalogue: Catalogue, ids: list[int]
) -> None:
    made = playlist_file(catalogue, [ids[0], ids[2]], "rekordbox", name="x")
    assert (made.count, len(made.missing)) == (0, 2)
    assert made.beside


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("a/b\\c: d", "a b c d"),
        ("../../etc/passwd", "etc passwd"),
        ("  Nacht \N{MUSICAL SYMBOL G CLEF} ", "Nacht \N{MUSICAL SYMBOL G CLEF}"),
        ("x" * 300, "x" * 80),
        ("nul.txt", "crate nul.txt"),
        (".", "crate"),
        ("\N{HEADPHONE}" * 80, "\N{HEADPHONE}" * 50),  # a name is counted in bytes on the disk
        ("Set \N{RIGHT-TO-LEFT OVERRIDE}gpj", "Set gpj"),
    ],
)
def test_a_name_makes_a_file_on_any_system(name: str, file: str) -> None:
    assert safe_name(name) == file
