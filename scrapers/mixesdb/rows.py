"""Rows of a MixesDB tracklist: numbered lines, ``<list>`` blocks, chapters and gaps."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from data.identity import parse_track, split_layers
from data.records import Cue, Play
from scrapers.mixesdb.cues import CUE, read_cues
from scrapers.mixesdb.wikitext import Section, plain, unlinked, unquoted
from scrapers.source import as_play

_LIST_HEADING = re.compile(r"track\s?-?list|play\s?list|set\s?list|\btracks\b", re.IGNORECASE)
_PLAIN_LIST_HEADING = re.compile(r"(?:full |complete )?track\s?-?lists?(?:ing)?:?", re.IGNORECASE)
_OTHER_HEADING = re.compile(
    r"file details|notes?|comments?|references?|see also|(?:external )?links?|credits"
    r"|info(?:rmation)?|artwork|downloads?|related.*|further reading|discussion|line-?up"
    r"|players?|images?|videos?|reviews?",
    re.IGNORECASE,
)
_LIST_TAG = re.compile(r"<(/?)list\b[^>]*>", re.IGNORECASE)
_GAP = re.compile(r"(?:\.\s*){2,}|…+|-{2,3}|[\[(]\s*(?:\.{2,}|…)\s*[\])]")
_TABLE = ("{|", "|", "!")
_JOINED = re.compile(r"(?:\++|w/)\s*(?=\S)", re.IGNORECASE)
_BOLD_PLUS = re.compile(r"\s*'''\s*\+\s*'''\s*")
_PLUS_BEFORE_CUE = re.compile(r"(?<=\S)\s+\+\s+(?=\[[\d?:]{2,9}\])")
_ITALICS = re.compile(r"(?<![\d'])''(?!')")
_BOLD_NOTE = re.compile(r"'''[^']+?(?:'[^']+?)*?(?::\s*'''|'''\s*:)\s*")
_NUMBER = re.compile(r"(\d{1,3})\s*[.)]\s+(?=\S)")
_SOURCE_NOTE = re.compile(r"track\s?list(?:ing)?s?(?: source)?|source", re.IGNORECASE)
_DURATION = re.compile(r"\(\s*(?:(\d):)?(\d{1,3}):(\d\d)\s*\)\s*$")
_SPAN = re.compile(r"[\[(]\d?\d(?::\d\d){1,2}\s*[-–]\s*\d?\d(?::\d\d){1,2}[\])]\s*$")
_ELSEWHERE = re.compile(
    r"\s*=\s*(?='*\[).*$|\s*\(\s*see also .*$|\s*[-–]\s*see also .*$"
    r"|\s*[-–]?\s*\[\S+ track\s?list(?:ing)? source\].*$",
    re.IGNORECASE,
)
_LONGEST_PLAIN_CHAPTER = 80


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it stands in the page, before its names are read.

    `part` counts the chapters: cues start again in each.
    """

    text: str
    raw: str
    cue: str = ""
    joined: bool = False
    gap: bool = False
    chapter: str = ""
    part: int = 0
    length: int | None = None


def list_sections(sections: Sequence[Section]) -> list[Section]:
    """Pick the sections that hold tracklists; their heading stays where it names a part.

    These are the sections headed "Tracklist" (in its variants) with their
    subsections, and every other section with rows that is not known to hold
    something else ("Notes", "File details").
    """
    found: list[Section] = []
    stack: list[tuple[int, bool | None]] = []
    for section in sections:
        while stack and stack[-1][0] >= section.level:
            stack.pop()
        inherited = stack[-1][1] if stack else None
        role = _role(section.heading, inherited)
        stack.append((section.level, role))
        if role or (role is None and any(_is_marked(line) for line in section.lines)):
            bare = _PLAIN_LIST_HEADING.fullmatch(section.heading)
            found.append(replace(section, heading="") if bare else section)
    return found


def _role(heading: str, inherited: bool | None) -> bool | None:
    """Whether a heading opens a tracklist (True), something else (False), or does not say."""
    if _OTHER_HEADING.fullmatch(heading.rstrip(":")):
        return False
    if _LIST_HEADING.search(heading):
        return True
    return inherited


def _is_marked(line: str) -> bool:
    line = line.lstrip()
    return line.startswith("#") or line.casefold().startswith("<list>")


def read_rows(section: Section, *, first_part: int = 0) -> list[Row]:
    """Rows of one section, in order.

    A section without numbered lines and without ``<list>`` is read as plain
    lines: there only those that look like a track are rows.
    """
    reader = _Reader(section, first_part)
    for number, line in enumerate(reader.lines):
        reader.take(number, line)
    return _unnumbered(reader.rows)


class _Reader:
    """Walks the lines of one section and keeps the place: in a list or not, which chapter."""

    def __init__(self, section: Section, first_part: int) -> None:
        self.lines = [part for line in section.lines for part in _split_list_tags(line)]
        self.rows: list[Row] = []
        self.chapter = section.heading if section.level else ""
        self.part = first_part
        self.length: int | None = None
        self.inside = False
        self.marked = any(_is_marked(line) for line in self.lines)

    def take(self, number: int, line: str) -> None:
        """Read one line: the list goes on, a chapter opens, or the line is no row."""
        line = line.strip()
        tag = _LIST_TAG.fullmatch(line)
        if tag:
            self.inside = not tag.group(1)
        elif line.startswith(";"):
            self._open(line.lstrip("; "))
        elif line.startswith("#"):
            self._add(line.lstrip("#"), nested=bool(re.match(r"#+[*:]\s", line)))
        elif not line or line.startswith(_TABLE) or re.fullmatch(r"-{4,}", line):
            return
        elif self.inside:
            self._take_inside(line)
        else:
            self._take_outside(number, line)

    def _take_inside(self, line: str) -> None:
        if re.fullmatch(r"'''[^']+'''\s*(?:\([\d:]+\))?", line) and " - " not in line:
            self._open(line)
        else:
            self._add(re.sub(r"^\*\s+", "", line))

    def _take_outside(self, number: int, line: str) -> None:
        if line.startswith("'''") and not (_BOLD_NOTE.match(line) and " - " in line):
            self._open(line)
        elif CUE.match(unquoted(line)) or _GAP.fullmatch(line):
            self._add(line)
        elif not self.marked and (" - " in plain(line) or re.fullmatch(r"[*\s]*\?+", line)):
            if plain(line):
                self._add(line.lstrip("*: "))
        elif self._heads_a_list(number, line):
            self._open(line)

    def _heads_a_list(self, number: int, line: str) -> bool:
        """Whether a plain line stands right above rows, as a heading without markup does."""
        text = plain(line)
        following = next((after for after in self.lines[number + 1 :] if after.strip()), "")
        return (
            _is_marked(following)
            and 0 < len(text) <= _LONGEST_PLAIN_CHAPTER
            and not text.endswith(".")
            and not _SOURCE_NOTE.fullmatch(text)
        )

    def _open(self, heading: str) -> None:
        text = unquoted(_ELSEWHERE.sub("", heading)).strip()
        duration = _DURATION.search(text)
        text = _SPAN.sub("", text[: duration.start()] if duration else text)
        self.chapter = plain(re.sub(r"^\[([^\[\]]*)\]$", r"\1", text)).rstrip(": ")
        self.part += 1
        self.length = _length(duration) if duration else None

    def _add(self, line: str, *, nested: bool = False) -> None:
        raw = line.strip()
        place = Row("", raw, chapter=self.chapter, part=self.part, length=self.length)
        rows = _layered_rows(raw.lstrip("*: ") if nested else raw, place)
        self.rows += [replace(row, joined=True) for row in rows] if nested else rows


def _split_list_tags(line: str) -> Iterable[str]:
    if "<" not in line or not _LIST_TAG.search(line):
        return (line,)
    return _LIST_TAG.sub(lambda tag: f"\n{tag.group()}\n", line).splitlines()


def _length(duration: re.Match[str]) -> int:
    hours, minutes, seconds = (int(part or 0) for part in duration.groups())
    return hours * 3600 + minutes * 60 + seconds


def _layered_rows(line: str, place: Row) -> list[Row]:
    """Rows of one line: a bold plus, or a plus before a cue, starts a second one on top."""
    text = _ITALICS.sub("", unlinked(line))
    text = _PLUS_BEFORE_CUE.sub("'''+'''", text)
    rows: list[Row] = []
    cue, joined = "", bool(_BOLD_PLUS.match(text))
    for layer in _BOLD_PLUS.split(text):
        row = _row(layer.strip(), place)
        cue = _surer(cue, row.cue) if not rows else row.cue or cue
        if row.text:
            rows.append(replace(row, cue=cue, joined=row.joined or joined))
        joined = joined or bool(layer.strip())
    # A cue and nothing else: something was played then.
    return rows or ([replace(place, text="?", cue=cue)] if cue else [])


def _row(text: str, place: Row) -> Row:
    """Take a row's marks from its front: cue and plus in either order, then a bold note."""
    cue, joined = "", False
    while True:
        text = re.sub(r"^'''(\[[^\[\]]*\])'''", r"\1", text)
        found, mark = CUE.match(text), _JOINED.match(text)
        if found:
            text, cue = text[found.end() :], _surer(cue, found.group(1) or "?")
        elif mark:
            text, joined = text[mark.end() :], True
        else:
            break
    if _GAP.fullmatch(plain(text)) or _is_remark_gap(text):
        return replace(place, text="...", cue=cue, gap=True)
    text = plain(_BOLD_NOTE.sub("", text, count=1) if _BOLD_NOTE.match(text) else text)
    text = "" if _SOURCE_NOTE.fullmatch(text) else text
    return replace(place, text=text, cue=cue, joined=joined)


def _surer(cue: str, other: str) -> str:
    """Choose of two cues of one row the one that leaves less unknown."""
    return other if not cue or (other and other.count("?") < cue.count("?")) else cue


def _is_remark_gap(text: str) -> bool:
    """Whether a line says in words that something is missing: "... (20 minutes) ..."."""
    return text.startswith(("...", "…")) and text.endswith(("...", "…")) and " - " not in text


def _unnumbered(rows: list[Row]) -> list[Row]:
    """Rows without the numbers somebody typed before each.

    Only numbers that count up through the whole list go, so that an artist like
    "3 Phase" keeps its own.
    """
    marks = [(row, _NUMBER.match(row.text)) for row in rows if not row.gap]
    numbers = [int(mark.group(1)) for _, mark in marks if mark]
    counted = len(numbers) == len(marks) > 2
    if not counted or any(b - a not in (0, 1) for a, b in pairwise(numbers)):
        return rows
    return [row if row.gap else replace(row, text=_NUMBER.sub("", row.text, 1)) for row in rows]


def plays_of(rows: Sequence[Row], *, length: int | None = None) -> tuple[Play, ...]:
    """Plays of a page's rows: cues decided per chapter, layers apart, names read.

    Parameters
    ----------
    rows : sequence of Row
    length : int or None
        Length of the whole set in seconds, if the page says so.
    """
    plays: list[Play] = []
    for _, group in groupby(rows, key=lambda row: row.part):
        chapter = list(group)
        cues = read_cues([row.cue for row in chapter], chapter[0].length or length)
        for row, cue in zip(chapter, cues, strict=True):
            plays += _plays_of_row(row, cue, len(plays) + 1)
    return tuple(plays)


def _plays_of_row(row: Row, cue: Cue | None, position: int) -> list[Play]:
    joined = row.joined and position > 1
    if row.gap:
        return [Play(position, "gap", raw=row.raw, cue=cue, chapter=row.chapter)]
    return [
        as_play(
            position + layer,
            parse_track(text),
            raw=row.raw,
            cue=cue,
            with_previous=joined or layer > 0,
            chapter=row.chapter,
        )
        for layer, text in enumerate(split_layers(row.text))
    ]
