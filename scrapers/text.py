"""Tracklists pasted as plain text, as descriptions and comments hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from data.errors import SegueError
from data.identity import parse_track, split_layers
from data.records import Cue, Play, SetAside, Track, Tracklist
from scrapers import content
from scrapers.dates import find_date, without_date
from scrapers.source import as_play

_TIME = r"\d{1,3}:\d\d(?::\d\d)?"
_LEADING_CUE = re.compile(
    rf"(?:[\[(]\s*({_TIME}|[\d?]{{2,3}})\s*[\])]|({_TIME})(?=\s))\s*[-–—|:.]?\s*"
)
_CLOSING_CUE = re.compile(rf"\s*[\[(]\s*({_TIME})\s*[\])]$")
_BARE_CLOSING_CUE = re.compile(rf"\s+[-–—|@]?\s*({_TIME})$")
_NUMBER = re.compile(r"(?:#\s*)?(\d{1,3})(?:\s*[.):]\s*|\s*[-–—]\s+|\s+)(?=\S)")
_WITH = re.compile(r"(?:w/|\+|with:)\s*(?=\S)", re.I)
_BULLET = re.compile(r"[*•·▪►-]\s+(?=\S)")
_DASH = re.compile(r"\s+[‐-―−~]+\s+|\s+--+\s+|\t+-?\t*")
_GAP = re.compile(r"(?:\.{3,}|…|\[\s*(?:\.{3}|…)\s*\])$")
_HEADING_WORDS = re.compile(r"\btrack\s?-?list(?:ing)?\b|^set\s?list\b|\s@\s", re.I)
_TRACKLIST_WORD = re.compile(r"[-–—:|\s]*\b(?:full\s+)?track\s?-?list(?:ing)?\b\s*:?\s*$", re.I)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+$", re.I)
_LEAST_SHARE = 0.25
"""Least share of lines that must read as tracks; less is some other text."""


@dataclass(frozen=True, slots=True)
class _Line:
    """One line that is not blank, taken apart."""

    at: int
    raw: str
    rest: str
    cue: str = ""
    number: int | None = None
    unnumbered: str = ""
    with_previous: bool = False
    blank_after: bool = False

    @property
    def is_row(self) -> bool:
        """Whether the line names a track or says that there was one."""
        return " - " in self.rest or bool(_GAP.match(self.rest)) or self.is_unknown

    @property
    def is_unknown(self) -> bool:
        reading = parse_track(self.rest)
        return not isinstance(reading, Track) and reading.reason in ("unknown", "not music")

    @property
    def is_marked(self) -> bool:
        """Whether a number, a cue or a ``w/`` marks the line as a row."""
        return self.number is not None or bool(self.cue) or self.with_previous


class TextFile:
    """The set in a plain-text file; the file's name identifies it if it has no heading."""

    name = "text"

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Yield what `read_text` makes of the file."""
        text = content.text(self.path, limit=4 * 2**20)
        return read_text(text, name=str(self.path))


def read_text(text: str, *, name: str = "pasted text") -> Iterator[Tracklist | SetAside]:
    """Read one pasted tracklist.

    Lines before the first track are the set's title and date; a line among the tracks
    that is none ("Part 2:") heads a chapter. Numbers in front are taken off only when
    they ascend through the list, so that "3 Phase" and "808 State" keep theirs.

    Parameters
    ----------
    text : str
        Lines like ``01. [12:34] Artist - Title (Version) [Label]``.
    name : str
        What to call the text in messages, and the set if it has no heading; may be a path.

    Yields
    ------
    Tracklist or SetAside
        One tracklist, and the lines that belong to nothing in it.

    Raises
    ------
    SegueError
        If hardly a line reads "Artist - Title".
    """
    lines = _without_numbers(_taken_apart(text))
    heading, rows = _after_heading(lines)
    plays, left = _plays(rows)
    tracks = sum(play.kind == "identified" for play in plays)
    if not tracks or sum(line.is_row for line in rows) < _LEAST_SHARE * len(lines):
        raise SegueError(
            f"{name} is not a tracklist that Segue can read: "
            f'{tracks} of its {len(lines)} lines read "Artist - Title".'
        )
    file = Path(name).name
    yield from (SetAside(f"{file}, line {line.at}", "the line names no track") for line in left)
    yield from (
        SetAside(f"{file}, line {line.at}", "the line stands before the first track")
        for line in heading[1:]
        if not _titleless(line.raw) and not find_date(line.raw)[0]
    )
    yield _tracklist(heading, plays, name)


def _taken_apart(text: str) -> list[_Line]:
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    cleaned = [" ".join(_DASH.sub(" - ", row.strip()).split()) for row in rows]
    lines = [
        _take_apart(_Line(at, raw.strip(), row, blank_after=not "".join(cleaned[at : at + 1])))
        for at, (raw, row) in enumerate(zip(rows, cleaned, strict=True), start=1)
        if row
    ]
    bare = [_BARE_CLOSING_CUE.search(line.rest) for line in lines]
    # "Artist - 4:20" is a title; times at the end are cues when most rows have them.
    if sum(map(bool, bare)) > len(lines) / 2:
        lines = [
            replace(line, rest=line.rest[: found.start()], cue=found[1]) if found else line
            for line, found in zip(lines, bare, strict=True)
        ]
    return lines


def _take_apart(line: _Line) -> _Line:
    """Take cue, number and ``w/`` off the front, in any order, and a cue off the end."""
    rest, cue, number, unnumbered, together = line.rest, "", None, "", False
    rest = _BULLET.sub("", rest, count=1) if _BULLET.match(rest) else rest
    while rest:
        if not cue and (found := _LEADING_CUE.match(rest)):
            cue = found[1] or found[2]
        elif not together and (found := _WITH.match(rest)):
            together = True
        elif number is None and not together and (found := _NUMBER.match(rest)):
            number, unnumbered = int(found[1]), rest
        else:
            break
        rest = rest[found.end() :]
    if not cue and (found := _CLOSING_CUE.search(rest)):
        cue, rest = found[1], rest[: found.start()]
    return replace(
        line, rest=rest, cue=cue, number=number, unnumbered=unnumbered, with_previous=together
    )


def _without_numbers(lines: list[_Line]) -> list[_Line]:
    """Keep the numbers that count the rows; give all others back to the artist."""
    counted: set[int] = set()
    last = 0
    since = 0
    for i, line in enumerate(lines):
        since += 1
        if line.number is None:
            continue
        starts = line.number <= 1
        follows = bool(counted) and last < line.number <= last + since
        if starts or follows:
            counted.add(i)
            last, since = line.number, 0
    rows = [line for line in lines if " - " in line.rest and not line.with_previous]
    dotted = len(counted) == 1 and bool(
        re.match(r"#?\s*\d+\s*[.)]", lines[min(counted)].unnumbered)
    )
    ascending = dotted or (len(counted) > 1 and len(counted) >= len(rows) / 2)
    return [
        line if line.number is None or (ascending and i in counted) else _give_back(line)
        for i, line in enumerate(lines)
    ]


def _give_back(line: _Line) -> _Line:
    return replace(line, number=None, rest=line.unnumbered)


def _after_heading(lines: list[_Line]) -> tuple[list[_Line], list[_Line]]:
    """Divide the lines into what stands above the list, and the list."""
    rows = [line for line in lines if line.is_row]
    marked = sum(line.is_marked for line in rows) > len(rows) / 2
    spaced = sum(line.blank_after for line in lines) > len(lines) / 2
    for i, line in enumerate(lines):
        titles = not line.is_marked if marked else i == 0 and _is_title(line, spaced=spaced)
        if line.is_row and not titles:
            # "Part 1:" straight above the first track heads a chapter, not the set.
            start = i - 1 if i and _is_part(lines[i - 1]) else i
            return lines[:start], lines[start:]
    return [], lines


def _is_part(line: _Line) -> bool:
    return line.rest.endswith(":") and not line.is_row and not _titleless(line.raw)


def _is_title(line: _Line, *, spaced: bool) -> bool:
    """Whether a first line of the form "A - B" is the set's title, not its first track."""
    return (
        (line.blank_after and not spaced)
        or bool(_HEADING_WORDS.search(line.rest))
        or len(find_date(line.rest)[0]) == len("2013-07-24")
    )


def _titleless(text: str) -> bool:
    """Whether a line says only "Tracklist:" or an address."""
    return not _TRACKLIST_WORD.sub("", text) or bool(_ADDRESS.match(text))


def _plays(rows: Sequence[_Line]) -> tuple[list[Play], list[_Line]]:
    """Make plays of the rows; return also the lines that head nothing."""
    plays: list[Play] = []
    left: list[_Line] = []
    chapter: _Line | None = None
    pending: _Line | None = None
    numbered = sum(row.is_marked for row in rows) > len(rows) / 2
    for row in rows:
        if _is_chapter(row, numbered):
            left += [pending] if pending else []
            pending = row
            continue
        if pending:
            chapter, pending = pending, None
        _add_row(plays, row, chapter.rest.strip(" :=-_*#") if chapter else "")
    return plays, left + ([pending] if pending else [])


def _is_chapter(line: _Line, numbered: bool) -> bool:
    if line.is_row or line.is_marked:
        return False
    return numbered or line.rest.endswith(":") or bool(_ADDRESS.match(line.rest))


def _add_row(plays: list[Play], row: _Line, chapter: str) -> None:
    if _GAP.match(row.rest):
        plays.append(Play(len(plays) + 1, "gap", raw=row.raw, chapter=chapter))
        return
    for i, layer in enumerate(split_layers(row.rest)):
        plays.append(
            as_play(
                len(plays) + 1,
                parse_track(layer),
                raw=row.raw,
                cue=_cue(row.cue) if row.cue else None,
                with_previous=row.with_previous or i > 0,
                chapter=chapter,
            )
        )


def _cue(text: str) -> Cue:
    """Read ``[061]`` as minutes, ``12:34`` as mm:ss, ``1:02:03`` as h:mm:ss."""
    if "?" in text:
        low, high = (int(text.replace("?", digit)) * 60 for digit in "09")
        return Cue(text, low, high) if text.strip("?") else Cue(text)
    parts = [int(part) for part in text.split(":")]
    hours, minutes, seconds = [0, parts[0], 0] if len(parts) == 1 else [0, *parts][-3:]
    total = hours * 3600 + minutes * 60 + seconds
    return Cue(text, total, total)


def _tracklist(heading: Sequence[_Line], plays: Sequence[Play], name: str) -> Tracklist:
    raws = [line.raw for line in heading if not _titleless(line.raw)]
    title = _TRACKLIST_WORD.sub("", raws[0]).strip() if raws else ""
    date = next(filter(None, (find_date(raw)[0] for raw in raws)), "")
    address = next((line.raw for line in heading if _ADDRESS.match(line.raw)), "")
    about = without_date(title)
    dj, _, venue = about.partition(" @ ")
    dj = dj if venue else about.partition(" - ")[0] if " - " in about else ""
    return Tracklist(
        source=TextFile.name,
        source_id=title or Path(name).stem,
        title=title or Path(name).stem,
        plays=tuple(plays),
        date=date,
        djs=(dj.strip(),) if dj.strip() else (),
        venue=venue.strip(),
        url=address,
    )
