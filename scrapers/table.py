"""Read CSV as people and spreadsheets write it.

Comma, semicolon, tab or bar; with or without byte order mark; columns in any order
and any case; line breaks inside quotes. A row that cannot be trusted is handed on
with the reason, and a quote that is never closed costs its own row only.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from data.errors import SegueError
from scrapers import content

_DELIMITERS = ",;\t|"
_SEP_LINE = re.compile(r"sep=(.)\s*$", re.I)


class Row(NamedTuple):
    """One row: its first line (1-based), its fields by column, or why it has none."""

    line: int
    fields: dict[str, str]
    raw: str
    error: str = ""


def header(opening: str) -> tuple[str, ...]:
    """Return the column names, casefolded, of a table that starts with `opening`."""
    lines = _lines(opening)
    start, delimiter = _dialect(lines)
    for names in csv.reader(lines[start : start + 1], delimiter=delimiter):
        return tuple(name.strip().casefold() for name in names)
    return ()


def looks_tabular(text: str) -> bool:
    """Say whether all of the first lines hold the same number of delimiters, at least two."""
    lines = [line for line in islice(_lines(text), 50) if line.strip()]
    if len(lines) < 2:
        return False
    return any(
        len({line.count(mark) for line in lines}) == 1 and lines[0].count(mark) >= 2
        for mark in _DELIMITERS
    )


def read(path: Path, required: Sequence[str]) -> Iterator[Row]:
    """Yield the rows under the header; blank lines are not rows.

    Raises
    ------
    SegueError
        If the file cannot be read as text within bounds, lacks a `required` column,
        or holds only a header.
    """
    text = content.text(path)
    columns = header(text)
    if missing := [name for name in required if name not in columns]:
        raise SegueError(
            f"{path} looks like a CSV tracklist, but its header lacks {', '.join(missing)}: "
            f"the header is {','.join(required)}."
        )
    lines = _lines(text)
    start, delimiter = _dialect(lines)
    if not any(line.strip() for line in lines[start + 1 :]):
        raise SegueError(f"{path} has a header and no rows: there is no tracklist in it.")
    for line, fields, error in _records(lines, start + 1, delimiter):
        raw = delimiter.join(fields)
        if not error and not any(field.strip() for field in fields):
            continue
        if not error and any(field.strip() for field in fields[len(columns) :]):
            error = (
                f"{len(fields)} fields where the header names {len(columns)}: "
                "put quotes around a field that holds the delimiter"
            )
        padded = [*fields, *[""] * (len(columns) - len(fields))]
        values = {} if error else {c: _clean(f) for c, f in zip(columns, padded, strict=False)}
        yield Row(line, values, raw, error)


def _clean(field: str) -> str:
    return " ".join(field.split())


def _lines(text: str) -> list[str]:
    # str.splitlines would also break at U+2028, which stands inside real titles.
    return list(io.StringIO(text.lstrip("\ufeff"), newline=""))


def _dialect(lines: list[str]) -> tuple[int, str]:
    """Return the index of the header line and the delimiter."""
    for at, line in enumerate(lines):
        if found := _SEP_LINE.match(line):
            return at + 1, found[1]
        if line.strip():
            return at, max(_DELIMITERS, key=line.count)
    return 0, ","


def _records(lines: list[str], at: int, delimiter: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield first line, fields and error of each record from line index `at` on."""
    while at < len(lines):
        base = at
        reader = csv.reader(islice(lines, base, None), delimiter=delimiter)
        try:
            for fields in reader:
                end = base + reader.line_num
                quotes = sum(line.count('"') for line in lines[at:end])
                if end - at > 1 and quotes % 2:
                    raise csv.Error("a quote is opened and never closed")
                yield at + 1, fields, ""
                at = end
        except csv.Error as error:
            yield at + 1, [lines[at].rstrip("\r\n")], str(error)
            at += 1
