"""The djmix-dataset: mixes as JSON, with a YouTube id beside most tracks.

Kim, Choi, Sacks, Yang and Nam, "A Computational Analysis of Real-World DJ Mixes using
Mix-To-Track Subsequence Alignment", ISMIR 2020; https://github.com/mir-aidj/djmix-dataset.
Its mixes were taken from MixesDB, so titles, categories and cues have that site's forms.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from data.errors import SegueError
from data.identity import parse_outside_id, parse_track, split_layers
from data.records import Cue, OutsideId, Play, SetAside, Track, Tracklist
from scrapers import content
from scrapers.mixesdb.cues import CUE, read_cues
from scrapers.mixesdb.styles import styles_of
from scrapers.mixesdb.titles import read_title
from scrapers.source import as_play

_JOINED = re.compile(r"(?:\+|w/)\s+", re.I)


class DjMix:
    """Mixes of one JSON file: a list of mixes, or one mix alone.

    A YouTube id is the dataset's match of the row by search, sometimes of another
    version: it is kept as an `OutsideId`, never as what the row names. Where a row
    holds two tracks the id stands for neither and is left out. The same set may come
    from MixesDB itself too; near duplicates are dealt with where sets are compared.
    """

    name = "djmix"

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Yield the mixes in the order of the file."""
        document = content.json_document(self.path)
        mixes = document if isinstance(document, list) else [document]
        if not mixes:
            raise SegueError(f"{self.path} holds no mixes: it is an empty list.")
        seen: set[str] = set()
        for number, mix in enumerate(mixes, start=1):
            where = f"{self.path.name}, mix {number}"
            if reason := _why_not(mix, seen):
                yield SetAside(where, reason)
                continue
            seen.add(mix["id"])
            yield _tracklist(mix)


def _why_not(mix: Any, seen: set[str]) -> str:
    """Say why `mix` cannot be read as a set; empty if it can."""
    if not isinstance(mix, Mapping) or not isinstance(mix.get("tracklist"), list):
        return "the mix has no tracklist"
    if not isinstance(mix.get("id"), str) or not mix["id"]:
        return "the mix has no id"
    if mix["id"] in seen:
        return f"another mix before it has the id {mix['id']}"
    if not mix["tracklist"]:
        return "the mix's tracklist is empty"
    return ""


def _tracklist(mix: Mapping[str, Any]) -> Tracklist:
    title = _string(mix, "title")
    categories = _categories(mix)
    heading = read_title(title, [(name, "") for name in categories])
    return Tracklist(
        source=DjMix.name,
        source_id=mix["id"],
        title=title or mix["id"],
        plays=_plays(mix["tracklist"]),
        date=heading.date,
        djs=heading.djs,
        show=heading.show,
        venue=heading.venue,
        styles=styles_of(categories),
        url=_string(mix, "url"),
    )


def _categories(mix: Mapping[str, Any]) -> list[str]:
    tags = mix.get("tags")
    keys = [_string(tag, "key") for tag in tags] if isinstance(tags, list) else []
    return [key.removeprefix("Category:") for key in keys if key]


def _plays(rows: list[Any]) -> tuple[Play, ...]:
    texts = [_string(row, "title") for row in rows]
    marks = [CUE.match(text) for text in texts]
    cues = read_cues([mark[1] if mark else "" for mark in marks])
    plays: list[Play] = []
    for row, text, mark, cue in zip(rows, texts, marks, cues, strict=True):
        rest = text[mark.end() :] if mark else text
        joined = _JOINED.match(rest)
        rest = rest[joined.end() :] if joined else rest
        plays += _row(len(plays), rest, text, cue, bool(joined), _youtube(row))
    return tuple(plays)


def _row(
    before: int, rest: str, raw: str, cue: Cue | None, together: bool, ids: tuple[OutsideId, ...]
) -> Iterator[Play]:
    layers = split_layers(rest)
    for i, layer in enumerate(layers):
        reading = parse_track(layer)
        if isinstance(reading, Track) and len(layers) == 1:
            reading = dataclasses.replace(reading, ids=ids)
        yield as_play(before + i + 1, reading, raw=raw, cue=cue, with_previous=together or i > 0)


def _youtube(row: Any) -> tuple[OutsideId, ...]:
    found = parse_outside_id(f"https://www.youtube.com/watch?v={_string(row, 'id')}")
    return (dataclasses.replace(found, source=DjMix.name),) if found else ()


def _string(record: Any, name: str) -> str:
    value = record.get(name) if isinstance(record, Mapping) else None
    return value.strip() if isinstance(value, str) else ""
