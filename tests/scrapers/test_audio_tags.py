"""Tags are read from real files of every format, and nonsense in them is dropped with a reason."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import replace
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


def _tagged_wav(folder: Path, **frames: str) -> Path:
    """Write a WAV with the chunk that DJ programs keep their ID3 tag in."""
    path = write(folder, "wav", SHORT)
    tag, sound = id3(frames), path.read_bytes()
    tag += b"\0" * (len(tag) % 2)
    whole = sound + b"id3 " + struct.pack("<I", len(tag)) + tag
    path.write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])
    return path


def _atom(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def _data(kind: int, value: bytes) -> bytes:
    return _atom(b"data", struct.pack(">II", kind, 0), value)


def _tagged_m4a(folder: Path, plain: Mapping[bytes, bytes], free: Mapping[str, str]) -> Path:
    """Write an M4A with tags as iTunes and DJ programs write them, behind its sound."""
    tags = [_atom(name, value) for name, value in plain.items()]
    for name, text in free.items():
        mean = _atom(b"mean", bytes(4), b"com.apple.iTunes")
        tags.append(
            _atom(b"----", mean, _atom(b"name", bytes(4), name.encode()), _data(1, text.encode()))
        )
    handler = _atom(b"hdlr", bytes(8), b"mdirappl", bytes(10))
    meta = _atom(b"meta", bytes(4), handler, _atom(b"ilst", *tags))
    path = write(folder, "m4a", SHORT)
    sound = path.read_bytes().replace(b"udta", b"free", 1)
    path.write_bytes(sound + _atom(b"moov", _atom(b"udta", meta)))
    return path


def test_id3_in_aiff_is_read(tmp_path: Path) -> None:
    names = {"TPE1": "artist", "TIT2": "title", "TALB": "album", "TCON": "genre", "TYER": "date"}
    tags = {names.get(name, name): text for name, text in ID3.items() if name != "COMM"}
    path = write(tmp_path, "aiff", SHORT, tags={**tags, "comment": "warm"})
    assert read_tags(path) == EVERYTHING


def test_id3_in_wav_is_read(tmp_path: Path) -> None:
    assert read_tags(_tagged_wav(tmp_path, **ID3)) == EVERYTHING


def test_what_itunes_and_dj_programs_write_into_an_m4a_is_read(tmp_path: Path) -> None:
    plain = {
        b"\xa9ART": _data(1, b"Anna Bell"),
        b"\xa9nam": _data(1, b"Moon (Bo Remix)"),
        b"\xa9alb": _data(1, b"Nights"),
        b"\xa9gen": _data(1, b"Techno"),
        b"\xa9day": _data(1, b"2013-07-24T07:00:00Z"),
        b"\xa9cmt": _data(1, b"warm"),
        b"tmpo": _data(21, struct.pack(">H", 128)),
    }
    free = {"initialkey": "8A", "ISRC": "GBAYD1300049", "LABEL": "Cellar"}
    tags = read_tags(_tagged_m4a(tmp_path, plain, free))
    # Whole beats are all that this field holds.
    assert tags == replace(EVERYTHING, bpm=128.0)
    free["BPM"] = "128.50"
    assert (
        read_tags(_tagged_m4a(tmp_path, {**plain, b"tmpo": _data(21, bytes(2))}, free)).bpm == 128.5
    )


@pytest.mark.parametrize("form", ["flac", "ogg", "opus", "wma", "mp3"])
def test_the_names_that_ffmpeg_keeps_in_other_containers_are_read(
    form: str, tmp_path: Path
) -> None:
    tags = {name: ID3[name] for name in ("TBPM", "TKEY", "TSRC")}
    named = {"title": "Moon", "publisher": "Cellar", "date": "2013", "comment": "warm"}
    assert read_tags(write(tmp_path, form, SHORT, tags={**tags, **named})) == FileTags(
        title="Moon",
        label="Cellar",
        comment="warm",
        isrc="GBAYD1300049",
        year=2013,
        bpm=128.5,
        key=Key(9, "minor"),
    )


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = write(tmp_path, "flac", SHORT, tags=VORBIS, name="wrong.m4a")
    assert read_tags(path) == EVERYTHING


def test_a_file_without_tags_says_nothing(tmp_path: Path) -> None:
    assert read_tags(write(tmp_path, "wav", SHORT)) == FileTags()


@pytest.mark.parametrize(
    ("text", "bpm"),
    [
        ("128", 128), ("128.00", 128), ("128,5", 128.5), ("127,98", 127.98), ("999", None),
        (" 174 BPM", 174), ("12800", 128),
        ("8750", 87.5), ("40", 40), ("250", 250), ("39.9", None), ("251", None), ("0", None),
        ("-128", None), ("nan", None), ("inf", None), ("1e2", None), ("fast", None),
        ("120-128", None), ("9" * 400, None), ("", None),
    ],
)  # fmt: skip
def test_a_tempo_is_sane_or_none(text: str, bpm: float | None) -> None:
    assert parse_bpm(text) == bpm


@pytest.mark.parametrize(
    ("written", "camelot"),
    [
        *(("Am", "8A"), ("8A", "8A"), ("08a", "8A"), ("1m", "8A"), ("F♯ minor", "11A")),
        *(("Abm", "1A"), ("A min", "8A"), ("Bb", "6B"), ("G#m/Abm", "1A")),
    ],
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


def test_off_key_is_no_key_and_no_fault(tmp_path: Path) -> None:
    assert read_tags(_tagged_mp3(tmp_path, TKEY="o")) == FileTags()


@pytest.mark.parametrize(
    ("written", "year"),
    [("2019-05", 2019), ("2019-05-03T10:00", 2019), ("03.05.2019", 2019), ("0000", None)],
)
def test_a_year_is_found_in_a_date(written: str, year: int | None, tmp_path: Path) -> None:
    assert read_tags(_tagged_mp3(tmp_path, TDRC=written)).year == year


def test_an_isrc_may_have_dashes(tmp_path: Path) -> None:
    assert read_tags(_tagged_mp3(tmp_path, TSRC="gb-ayd-13-00049")).isrc == "GBAYD1300049"


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
