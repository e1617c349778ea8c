"""Tags are read from real files of every format, and nonsense in them is dropped with a reason."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from data.harmony import Key
from data.records import FileTags
from scrapers.audio_tags import parse_bpm, read_tags
from tests.audio_files import id3, music, write

SHORT = music(0.5)
VORBIS = {
    "artist": "Anna Bell",
    "title": "Moon (Bo Remix)",
    "album": "Nights",
    "LABEL": "Cellar",
    "genre": "Techno",
    "date": "2013-07-24",
    "BPM": "128.50",
    "INITIALKEY": "Am",
    "ISRC": "GB-AYD-13-00049",
    "comment": "warm",
}
ID3 = {
    "TPE1": "Anna Bell",
    "TIT2": "Moon (Bo Remix)",
    "TALB": "Nights",
    "TPUB": "Cellar",
    "TCON": "Techno",
    "TYER": "2013",
    "TBPM": "128.50",
    "TKEY": "8A",
    "TSRC": "GBAYD1300049",
    "COMM": "warm",
}
EVERYTHING = FileTags(
    artist="Anna Bell",
    title="Moon (Bo Remix)",
    album="Nights",
    label="Cellar",
    genre="Techno",
    comment="warm",
    isrc="GBAYD1300049",
    year=2013,
    bpm=128.5,
    key=Key(9, "minor"),
)


def _tagged_mp3(folder: Path, **frames: str) -> Path:
    path = write(folder, "mp3", SHORT)
    path.write_bytes(id3({k.replace("__", ":"): v for k, v in frames.items()}) + path.read_bytes())
    return path


@pytest.mark.parametrize("form", ["flac", "ogg", "opus"])
def test_vorbis_comments_are_read(form: str, tmp_path: Path) -> None:
    assert read_tags(write(tmp_path, form, SHORT, tags=VORBIS)) == EVERYTHING


def test_id3_is_read(tmp_path: Path) -> None:
    assert read_tags(_tagged_mp3(tmp_path, **ID3)) == EVERYTHING


def test_id3_in_aiff_is_read(tmp_path: Path) -> None:
    tags = read_tags(write(tmp_path, "aiff", SHORT, tags={"title": "Moon", "TBPM": "128"}))
    assert (tags.title, tags.bpm) == ("Moon", 128.0)


def test_the_names_in_an_m4a_are_read(tmp_path: Path) -> None:
    tags = read_tags(write(tmp_path, "m4a", SHORT, tags={"title": "Moon", "artist": "Anna"}))
    assert (tags.artist, tags.title) == ("Anna", "Moon")


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = write(tmp_path, "flac", SHORT, tags=VORBIS, name="wrong.m4a")
    assert read_tags(path) == EVERYTHING


def test_a_file_without_tags_says_nothing(tmp_path: Path) -> None:
    assert read_tags(write(tmp_path, "wav", SHORT)) == FileTags()


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("128", 128), ("128.00", 128), ("128,5", 128.5), (" 174 BPM", 174), ("12800", 128),
        ("8750", 87.5), ("40", 40), ("250", 250), ("39.9", None), ("251", None), ("0", None),
        ("-128", None), ("nan", None), ("inf", None), ("1e2", None), ("fast", None),
        ("120-128", None), ("9" * 400, None), ("", None),
    ],
)  # fmt: skip
def test_a_tempo_is_sane_or_none(text: str, bpm: float | None) -> None:
    assert parse_bpm(text) == bpm


@pytest.mark.parametrize(
    ("written", "camelot"), [("Am", "8A"), ("8A", "8A"), ("1m", "8A"), ("F♯ minor", "11A")]
)
def test_a_key_is_read_in_every_notation(written: str, camelot: str, tmp_path: Path) -> None:
    key = read_tags(_tagged_mp3(tmp_path, TXXX__INITIALKEY=written)).key
    assert key is not None and key.camelot() == camelot


def test_nonsense_is_dropped_with_a_reason(tmp_path: Path) -> None:
    tags = read_tags(_tagged_mp3(tmp_path, TBPM="999", TKEY="H#", TSRC="none", TIT2="Moon"))
    assert (tags.bpm, tags.key, tags.isrc, tags.title) == (None, None, "", "Moon")
    assert tags.problems == (
        'the ISRC "none" is not well formed',
        'the tempo "999" is none between 40 and 250 BPM',
        'the key "H#" is none',
    )


def test_a_tempo_of_zero_means_that_nobody_looked(tmp_path: Path) -> None:
    assert read_tags(_tagged_mp3(tmp_path, TBPM="0")) == FileTags()


def test_a_later_field_helps_where_the_first_is_nonsense(tmp_path: Path) -> None:
    tags = read_tags(_tagged_mp3(tmp_path, TKEY="?", TXXX__KEY="8A"))
    assert tags.key == Key(9, "minor") and len(tags.problems) == 1


def test_control_characters_and_novels_are_cut(tmp_path: Path) -> None:
    tags = read_tags(_tagged_mp3(tmp_path, TIT2="Mo\x07on\n \x1b[31m", COMM="x" * 100_000))
    assert tags.title == "Mo on [31m" and len(tags.comment) == 500


def test_what_is_known_is_also_there_as_texts() -> None:
    assert FileTags(artist="Anna", bpm=128.0, key=Key(9, "minor")).texts() == {
        "artist": "Anna",
        "bpm": "128",
        "key": "Am",
    }


@pytest.mark.parametrize("content", [b"", b"no sound\n" * 99, b"RIFF\x24\0\0\0WAVEfmt ", b"ID3"])
def test_what_is_no_sound_file_has_no_tags_and_a_reason(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "no.mp3"
    path.write_bytes(content)
    tags = read_tags(path)
    assert tags.texts() == {} and len(tags.problems) <= 1
    for nothing in (tmp_path, tmp_path / "nowhere.mp3"):
        assert read_tags(nothing).problems


def test_damaged_tags_never_raise(tmp_path: Path) -> None:
    good = {
        form: write(tmp_path, form, SHORT, tags=VORBIS).read_bytes()
        for form in ("flac", "ogg", "m4a", "mp3", "aiff")
    }
    rng = np.random.default_rng(0)
    path = tmp_path / "damaged"
    for data in good.values():
        for _ in range(20):
            bad = np.frombuffer(data, np.uint8).copy()
            places = rng.integers(0, min(len(bad), 800), size=rng.integers(1, 100))
            bad[places] = rng.integers(0, 256, size=len(places))
            path.write_bytes(bad.tobytes())
            assert isinstance(read_tags(path), FileTags)
