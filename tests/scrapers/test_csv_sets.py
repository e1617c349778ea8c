"""CSV tracklists as people and spreadsheets write them."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import SegueError
from data.records import SetAside, Tracklist
from scrapers.csv_sets import CsvSets

HEADER = "set_id,date,dj,set_title,position,artist,title,label\n"


def records(tmp_path: Path, content: str, encoding: str = "utf-8") -> list[Tracklist | SetAside]:
    path = tmp_path / "sets.csv"
    path.write_bytes(content.encode(encoding))
    return list(CsvSets(path).read())


def only(tmp_path: Path, content: str, encoding: str = "utf-8") -> Tracklist:
    (record,) = records(tmp_path, content, encoding)
    assert isinstance(record, Tracklist)
    return record


def titles(tracklist: Tracklist) -> list[str]:
    return [play.track.title if play.track else f"({play.reason})" for play in tracklist.plays]


def test_rows_of_one_set_id_are_one_set(tmp_path: Path) -> None:
    rows = "7,2019-05-04,Ann,Old Mill,1,Bob,Tide (Dub),Kiln\n7,,,,2,Cid,Kelp,\n"
    tracklist = only(tmp_path, HEADER + rows)
    assert (tracklist.source, tracklist.source_id) == ("csv", "7")
    assert (tracklist.title, tracklist.date, tracklist.djs) == ("Old Mill", "2019-05-04", ("Ann",))
    first = tracklist.plays[0].track
    assert first and (first.artist, first.title, first.version) == ("Bob", "Tide", "Dub")
    assert first.label == "Kiln"


def test_sets_may_be_interleaved_and_rows_in_any_order(tmp_path: Path) -> None:
    rows = "1,,,,10,A,Ten,\n2,,,,1,A,One,\n1,,,,2,A,Two,\n2,,,,3,A,Three,\n1,,,,1.0,A,First,\n"
    first, second = records(tmp_path, HEADER + rows)
    assert isinstance(first, Tracklist) and isinstance(second, Tracklist)
    assert titles(first) == ["First", "Two", "Ten"]
    assert titles(second) == ["One", "Three"]


def test_equal_positions_stay_in_the_order_of_the_file(tmp_path: Path) -> None:
    rows = "1,,,,2,A,Late,\n1,,,,1,A,One,\n1,,,,1,A,Also one,\n"
    assert titles(only(tmp_path, HEADER + rows)) == ["One", "Also one", "Late"]


def test_a_row_without_a_number_stays_behind_the_row_before(tmp_path: Path) -> None:
    rows = "1,,,,2,A,Two,\n1,,,,w/,A,With two,\n1,,,,1,A,One,\n1,,,,x,A,After one,\n"
    tracklist = only(tmp_path, HEADER + rows)
    assert titles(tracklist) == ["One", "After one", "Two", "With two"]
    assert [play.with_previous for play in tracklist.plays] == [False, False, False, True]


def test_missing_artist_or_title_leaves_an_unknown_play(tmp_path: Path) -> None:
    rows = "1,,,,1,,Tide,\n1,,,,2,Bob,,\n1,,,,3,,,\n1,,,,4,ID,ID,\n1,,,,5,Bob,Tide,\n"
    tracklist = only(tmp_path, HEADER + rows)
    assert [play.kind for play in tracklist.plays] == ["unknown"] * 4 + ["identified"]
    assert tracklist.plays[0].reason == "no artist"
    assert tracklist.plays[1].reason == "no title"


def test_a_row_that_names_no_set_is_set_aside_with_its_line(tmp_path: Path) -> None:
    aside, tracklist = records(tmp_path, HEADER + ",,,,1,A,B,\n1,,,,1,C,D,\n")
    assert isinstance(aside, SetAside) and isinstance(tracklist, Tracklist)
    assert aside.where == "sets.csv, line 2"
    assert "names no set" in aside.reason


def test_a_row_with_too_many_fields_is_set_aside(tmp_path: Path) -> None:
    aside, _ = records(tmp_path, HEADER + "1,,,,1,A, B and C,D,L,\n1,,,,2,A,B,\n")
    assert isinstance(aside, SetAside)
    assert aside.where == "sets.csv, line 2"
    assert "put quotes around" in aside.reason


def test_a_row_cut_short_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    assert titles(only(tmp_path, HEADER + "1,,,,1,Bob,Tide\n")) == ["Tide"]


def test_columns_may_stand_in_any_order_and_case_with_others_between(tmp_path: Path) -> None:
    content = (
        "Title,ARTIST,mood,Set_ID,Date,DJ,Set_Title,Position,Label\nTide,Bob,calm,1,,,,1,Kiln\n"
    )
    track = only(tmp_path, content).plays[0].track
    assert track and (track.artist, track.title, track.label) == ("Bob", "Tide", "Kiln")


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters_are_recognised(tmp_path: Path, delimiter: str) -> None:
    content = (HEADER + "1,2019,Ann,Old Mill,1,Bob,Tide,Kiln\n").replace(",", delimiter)
    assert titles(only(tmp_path, content)) == ["Tide"]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_other_encodings_are_recognised(tmp_path: Path, encoding: str) -> None:
    assert titles(only(tmp_path, HEADER + "1,,,,1,Bob,Ándale,\n", encoding)) == ["Ándale"]


def test_a_separator_line_of_a_spreadsheet_is_not_the_header(tmp_path: Path) -> None:
    content = "sep=;\n" + (HEADER + "1,,,,1,Bob,Tide,\n").replace(",", ";")
    assert titles(only(tmp_path, content)) == ["Tide"]


def test_quotes_may_hold_delimiters_quotes_and_line_breaks(tmp_path: Path) -> None:
    rows = '1,,,,1,"Bob, Cid & ""Ann""","Ti\nde",\r\n1,,,,2,Bob,Kelp,\r\n'
    tracklist = only(tmp_path, HEADER + rows)
    assert titles(tracklist) == ["Ti de", "Kelp"]
    track = tracklist.plays[0].track
    assert track and track.artist == 'Bob, Cid & "Ann"'


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    aside, tracklist = records(tmp_path, HEADER + '1,,,,1,"Bob,Tide,\n1,,,,2,Bob,Kelp,\n')
    assert isinstance(aside, SetAside) and isinstance(tracklist, Tracklist)
    assert aside.where == "sets.csv, line 2" and "never closed" in aside.reason
    assert titles(tracklist) == ["Kelp"]


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2019-05-04", "2019-05-04"),
        ("2019-05", "2019-05"),
        ("2019", "2019"),
        ("2019/5/4", "2019-05-04"),
        ("04.05.2019", "2019-05-04"),
        ("24/05/2019", "2019-05-24"),
        ("05/24/2019", "2019-05-24"),
        ("4 May 2019", "2019-05-04"),
        ("May 4th, 2019", "2019-05-04"),
        ("2019-05-04T22:00:00", "2019-05-04"),
        ("", ""),
    ],
)
def test_dates_become_iso_dates(tmp_path: Path, written: str, iso: str) -> None:
    assert only(tmp_path, HEADER + f'1,"{written}",,,1,A,B,\n').date == iso


@pytest.mark.parametrize(
    ("written", "kept", "reason"),
    [
        ("03/04/2019", "2019", "either way round"),
        ("2019-02-30", "2019", "no day of the calendar"),
        ("last summer", "", "holds no date"),
    ],
)
def test_a_date_that_cannot_be_read_is_kept_as_far_as_it_is_certain_and_reported(
    tmp_path: Path, written: str, kept: str, reason: str
) -> None:
    aside, tracklist = records(tmp_path, HEADER + f"1,{written},,,1,A,B,\n")
    assert isinstance(aside, SetAside) and isinstance(tracklist, Tracklist)
    assert tracklist.date == kept
    assert reason in aside.reason


def test_without_a_title_the_set_is_called_after_its_dj_and_date(tmp_path: Path) -> None:
    assert only(tmp_path, HEADER + "1,2019-05-04,Ann,,1,A,B,\n").title == "Ann 2019-05-04"


def test_a_header_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="no rows"):
        records(tmp_path, HEADER + "\n\n")


def test_a_header_that_lacks_a_column_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(SegueError, match="lacks label"):
        records(tmp_path, HEADER.replace(",label", "") + "1,,,,1,A,B\n")
