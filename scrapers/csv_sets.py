"""CSV tracklists, one row a play: ``set_id,date,dj,set_title,position,artist,title,label``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from data.identity import make_track
from data.records import Play, SetAside, Tracklist
from scrapers import table
from scrapers.dates import find_date
from scrapers.source import as_play

_WITH_PREVIOUS = {"+", "w/", "w"}


class CsvSets:
    """Sets of one CSV file.

    The rows of a set may stand anywhere in the file. They are ordered by `position`
    where it is a number; a row without one stays behind the row before it, and two of
    the same number stay in the order of the file. ``+`` or ``w/`` as a position means
    "played together with the row before". A row without a `set_id`, or with more
    fields than the header, is set aside; one without an artist or a title stays in its
    set as an unknown play.
    """

    name = "csv"
    columns = ("set_id", "date", "dj", "set_title", "position", "artist", "title", "label")

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Yield the sets in the order in which their first rows stand in the file."""
        sets: dict[str, list[table.Row]] = {}
        for row in table.read(self.path, self.columns):
            if row.error or not row.fields["set_id"]:
                reason = row.error or "the row names no set (set_id is empty)"
                yield SetAside(f"{self.path.name}, line {row.line}", reason)
            else:
                sets.setdefault(row.fields["set_id"], []).append(row)
        for set_id, rows in sets.items():
            yield from self._set(set_id, rows)

    def _set(self, set_id: str, rows: list[table.Row]) -> Iterator[Tracklist | SetAside]:
        dj, title, written = (
            next((r.fields[column] for r in rows if r.fields[column]), "")
            for column in ("dj", "set_title", "date")
        )
        date, reason = find_date(written)
        if reason:
            where = f"{self.path.name}, line {rows[0].line}"
            yield SetAside(where, f'the date of set {set_id} is kept as "{date}": {reason}')
        yield Tracklist(
            source=self.name,
            source_id=set_id,
            title=title or " ".join(filter(None, (dj, date))) or set_id,
            plays=tuple(_play(n, row) for n, row in enumerate(_ordered(rows), start=1)),
            date=date,
            djs=(dj,) if dj else (),
        )


def _ordered(rows: list[table.Row]) -> list[table.Row]:
    keys: list[float] = []
    for row in rows:
        number = _number(row.fields["position"])
        keys.append(number if number is not None else (keys[-1] if keys else 0.0))
    return [rows[i] for i in sorted(range(len(rows)), key=keys.__getitem__)]


def _number(position: str) -> float | None:
    digits = position.strip(" .#")
    return float(digits) if digits.replace(".", "", 1).isdecimal() else None


def _play(position: int, row: table.Row) -> Play:
    artist, title, label = (row.fields[column] for column in ("artist", "title", "label"))
    return as_play(
        position,
        make_track(artist, title, label),
        raw=row.raw,
        with_previous=row.fields["position"] in _WITH_PREVIOUS,
    )
