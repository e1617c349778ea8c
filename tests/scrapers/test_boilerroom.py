"""The Boiler Room table: a set is a DJ on a date."""

from __future__ import annotations

from pathlib import Path

from data.records import SetAside, Tracklist
from scrapers.boilerroom import BoilerRoom

HEADER = "TrackName,Artist,Genre,Number,DJ,Date\n"


def records(tmp_path: Path, rows: str) -> list[Tracklist | SetAside]:
    path = tmp_path / "nights.csv"
    path.write_text(HEADER + rows)
    return list(BoilerRoom(path).read())


def sets(tmp_path: Path, rows: str) -> list[Tracklist]:
    return [record for record in records(tmp_path, rows) if isinstance(record, Tracklist)]


def test_a_set_is_a_dj_on_a_date_in_the_order_of_the_numbers(tmp_path: Path) -> None:
    rows = (
        "Cid - Kelp,Cid,,2.0,Ann,2019-05-04\n"
        "Bob - Tide (Dub),Bob,Techno,1.0,Ann,2019-05-04\n"
        "Bob - Tide,Bob,,1.0,Ann,2019-05-05\n"
    )
    first, second = sets(tmp_path, rows)
    assert [str(play.track) for play in first.plays] == ["Bob - Tide (Dub)", "Cid - Kelp"]
    assert (first.title, first.date, first.djs) == ("Ann @ Boiler Room", "2019-05-04", ("Ann",))
    assert first.plays[0].track and first.plays[0].track.genre == "Techno"
    assert second.date == "2019-05-05"


def test_numbers_that_start_again_start_a_second_set(tmp_path: Path) -> None:
    rows = "".join(
        f"Bob - {title},Bob,,{n}.0,Ann,2019-05-04\n"
        for n, title in [(1, "Tide"), (2, "Kelp"), (1, "Sand"), (2, "Salt"), (3, "Foam")]
    )
    first, second = sets(tmp_path, rows)
    assert [len(first.plays), len(second.plays)] == [2, 3]
    assert first.source_id != second.source_id


def test_the_name_of_the_artist_is_the_one_in_the_track_name(tmp_path: Path) -> None:
    rows = (
        "Bob ft. Cid - Tide,Bob,,1.0,Ann,2019-05-04\n"
        "Dee - Kelp,Dee (UK),,2.0,Ann,2019-05-04\n"
        "Mono - Lith - Sand,Mono - Lith,,3.0,Ann,2019-05-04\n"
    )
    (tracklist,) = sets(tmp_path, rows)
    tracks = [play.track for play in tracklist.plays]
    assert [track and track.artist for track in tracks] == ["Bob ft. Cid", "Dee", "Mono - Lith"]


def test_rows_without_a_place_are_set_aside_with_their_line(tmp_path: Path) -> None:
    rows = "Bob - Tide,Bob,,first,Ann,2019-05-04\nBob - Tide,Bob,,1.0,,2019-05-04\n"
    first, second = records(tmp_path, rows)
    assert isinstance(first, SetAside) and isinstance(second, SetAside)
    assert (first.where, second.where) == ("nights.csv, line 2", "nights.csv, line 3")
    assert "is not a number" in first.reason
    assert "names no DJ" in second.reason


def test_the_real_table_comes_out_row_by_row(shared: Path) -> None:
    read = list(BoilerRoom(shared / "boilerroom" / "tracklists.csv").read())
    tracklists = [record for record in read if isinstance(record, Tracklist)]
    plays = [play for tracklist in tracklists for play in tracklist.plays]
    # 767 pairs of DJ and date; one of them is typed twice.
    assert (len(read), len(tracklists), len(plays)) == (768, 768, 14_212)
    assert sum(play.kind == "identified" for play in plays) >= 13_700
    assert len({tracklist.source_id for tracklist in tracklists}) == 768
