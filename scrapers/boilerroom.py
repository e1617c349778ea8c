"""CSV of Boiler Room sets, one row a play: ``TrackName,Artist,Genre,Number,DJ,Date``."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from data.identity import make_track, parse_track
from data.records import Play, SetAside, Track, Tracklist
from scrapers import table
from scrapers.dates import find_date
from scrapers.source import as_play


class BoilerRoom:
    """Sets of one file in the Boiler Room form.

    There is no set id: a set is a DJ on a date. Where a number comes a second time
    for the same DJ and date, a second set starts (``"… #2"``); that it may be the
    same night typed twice is for the training to find, as for all near duplicates.
    `TrackName` holds "Artist - Title (Version)"; `Artist` repeats the artist, without
    guests and with a country ("Sully (UK)"), so the name in `TrackName` is kept.
    """

    name = "boilerroom"
    columns = ("trackname", "artist", "genre", "number", "dj", "date")

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Tracklist | SetAside]:
        """Yield the sets in the order in which their first rows stand in the file."""
        sets: dict[tuple[str, str, int], dict[float, table.Row]] = {}
        takes: dict[tuple[str, str], int] = {}
        for row in table.read(self.path, self.columns):
            reason = row.error or _why_not(row.fields)
            if reason:
                yield SetAside(f"{self.path.name}, line {row.line}", reason)
                continue
            night, number = (row.fields["dj"], row.fields["date"]), float(row.fields["number"])
            if number in sets.get((*night, takes.get(night, 1)), {}):
                takes[night] = takes.get(night, 1) + 1
            sets.setdefault((*night, takes.get(night, 1)), {})[number] = row
        for (dj, written, take), rows in sets.items():
            yield from self._set(dj, written, take, rows)

    def _set(
        self, dj: str, written: str, take: int, rows: dict[float, table.Row]
    ) -> Iterator[Tracklist | SetAside]:
        date, reason = find_date(written)
        if reason:
            where = f"{self.path.name}, line {next(iter(rows.values())).line}"
            yield SetAside(where, f'the date of the set by {dj} is kept as "{date}": {reason}')
        yield Tracklist(
            source=self.name,
            source_id=f"{dj} {written}" + (f" #{take}" if take > 1 else ""),
            title=f"{dj} @ Boiler Room",
            plays=tuple(_play(n, rows[number]) for n, number in enumerate(sorted(rows), start=1)),
            date=date,
            djs=(dj,),
            show="Boiler Room",
        )


def _why_not(fields: dict[str, str]) -> str:
    if not fields["dj"]:
        return "the row names no DJ"
    if not fields["number"].replace(".", "", 1).isdecimal():
        return f'the row\'s number "{fields["number"]}" is not a number'
    return ""


def _play(position: int, row: table.Row) -> Play:
    name, artist = row.fields["trackname"], row.fields["artist"]
    if artist and name.startswith(f"{artist} - "):
        # The column says where an artist with a dash in the name ends.
        track = make_track(artist, name.removeprefix(f"{artist} - "))
    else:
        track = parse_track(name) if " - " in name else make_track(artist, name)
    if isinstance(track, Track):
        track = dataclasses.replace(track, genre=row.fields["genre"])
    return as_play(position, track, raw=row.raw)
