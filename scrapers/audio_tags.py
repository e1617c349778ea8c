"""Tags in sound files: what DJ programs and shops write about a track into the file itself.

tinytag reads the containers. Its values are texts of strangers: each is cleaned, and
dropped with a reason where it makes no sense.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tinytag import TinyTag, TinyTagException, UnsupportedFormatError

from data.harmony import Key, parse_key
from data.identity import parse_outside_id
from data.records import FileTags

#: Beats per minute that music has.
SLOWEST, FASTEST = 40.0, 250.0
#: Most characters that are kept of a text.
LONGEST = 500

_NUMBER = re.compile(r"(\d{1,6}(?:[.,]\d{1,6})?)(?:\s*bpm)?", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(1[89]\d\d|20\d\d)(?!\d)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\ufeff\ufffe]+")

# What tinytag calls a field depends on the container and on who wrote it. FFmpeg keeps the names
# of MP3 in every other container, and its comment in MP3 is a field of its own.
_LABEL = ("publisher", "label", "organization", "tpub")
_KEY = ("initial_key", "initialkey", "initial key", "key", "tkey")
_BPM = ("bpm", "tempo", "tbpm", "fbpm")
_ISRC = ("isrc", "tsrc")
_YEAR_OF = ("date", "originaldate", "tdrl", "tdor", "tory", "wm/year")
_COMMENT = ("_comment",)


def read_tags(path: Path | str) -> FileTags:
    """Read the tags of a sound file; never raises.

    Parameters
    ----------
    path : Path or str
        MP3, AIFF or WAV (ID3), FLAC, Ogg, Opus (Vorbis comments), M4A, WMA.

    Returns
    -------
    FileTags
        Empty where the file has none, or with the reason in `problems` where they
        cannot be read.

    Notes
    -----
    The label is taken from ``TPUB`` or fields called label or organization, the key from
    ``TKEY``, INITIALKEY or KEY, in any notation of `data.harmony.parse_key`.
    """
    try:
        tag = _open(Path(path))
    except (TinyTagException, OSError, ValueError) as error:
        return FileTags(problems=(f"the tags cannot be read: {error}",))
    more = tag.other
    problems: list[str] = []
    return FileTags(
        artist=_clean(tag.artist) or _clean(tag.albumartist),
        title=_clean(tag.title),
        album=_clean(tag.album),
        label=_first(more, _LABEL),
        genre=_clean(tag.genre),
        comment=_clean(tag.comment) or _first(more, _COMMENT),
        isrc=_isrc(_all(more, _ISRC), problems),
        year=_year([_clean(tag.year), *_all(more, _YEAR_OF)]),
        bpm=_bpm(_all(more, _BPM), problems),
        key=_key(_all(more, _KEY), problems),
        problems=tuple(problems),
    )


def parse_bpm(text: str) -> float | None:
    """Read a tempo as DJ programs write it; None where it is none.

    Examples
    --------
    >>> parse_bpm("128.00"), parse_bpm("128,5"), parse_bpm("12800"), parse_bpm("174 BPM")
    (128.0, 128.5, 128.0, 174.0)
    >>> parse_bpm("0") is None
    True
    """
    match = _NUMBER.fullmatch(text.strip())
    if not match:
        return None
    bpm = float(match[1].replace(",", "."))
    if bpm >= 100 * SLOWEST:  # Some programs store hundredths.
        bpm /= 100
    return bpm if SLOWEST <= bpm <= FASTEST else None


def _open(path: Path) -> TinyTag:
    if not path.is_file():  # Opening a pipe would wait for ever.
        raise OSError("there is no such file")
    with path.open("rb") as file:
        try:
            # Without a name it goes by the content, which is right more often.
            return TinyTag.get(file_obj=file, duration=False)
        except UnsupportedFormatError:
            return TinyTag.get(path, file_obj=file, duration=False)


def _clean(value: Any) -> str:
    if value is None:
        return ""
    return " ".join(_CONTROL.sub(" ", str(value)).split())[:LONGEST]


def _all(fields: Mapping[str, Sequence[Any]], names: Sequence[str]) -> list[str]:
    """Every text that stands under one of `names`."""
    texts = (_clean(value) for name in names for value in fields.get(name) or ())
    return [text for text in texts if text]


def _first(fields: Mapping[str, Sequence[Any]], names: Sequence[str]) -> str:
    return next(iter(_all(fields, names)), "")


def _bpm(texts: Sequence[str], problems: list[str]) -> float | None:
    for text in texts:
        if (bpm := parse_bpm(text)) is not None:
            return bpm
        # Zero is how programs write that they have not looked yet.
        if text.strip("0.,"):
            problems.append(f'the tempo "{text}" is none between {SLOWEST:g} and {FASTEST:g} BPM')
    return None


def _key(texts: Sequence[str], problems: list[str]) -> Key | None:
    for text in texts:
        if (key := parse_key(text)) is not None:
            return key
        # "o" is ID3's way to write that the music is in no key.
        if text.casefold() != "o":
            problems.append(f'the key "{text}" is none')
    return None


def _isrc(texts: Sequence[str], problems: list[str]) -> str:
    for text in texts:
        found = parse_outside_id(text)
        if found is not None and found.scheme == "isrc":
            return found.value
        problems.append(f'the ISRC "{text}" is not well formed')
    return ""


def _year(texts: Sequence[str]) -> int | None:
    found = (_YEAR.search(text) for text in texts)
    return next((int(match[1]) for match in found if match), None)
