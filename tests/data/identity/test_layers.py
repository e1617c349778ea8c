"""Rows that hold several tracks."""

from __future__ import annotations

import pytest

from data.identity import split_layers


@pytest.mark.parametrize(
    ("row", "layers"),
    [
        ("A - B [L] + C - D [M]", ["A - B [L]", "C - D [M]"]),
        ("A - B '''+''' C - D", ["A - B", "C - D"]),
        ("A - B w/ C - D", ["A - B", "C - D"]),
        ("A - B + C - D + E - F", ["A - B", "C - D", "E - F"]),
        ("A - B + C + D - E", ["A - B", "C + D - E"]),
        ("A - B + ?", ["A - B", "?"]),
    ],
)
def test_a_row_is_split_where_both_sides_are_tracks(row, layers):
    assert split_layers(row) == layers


@pytest.mark.parametrize(
    "row",
    [
        "Ana Bell - Low Tide",
        "Ana + The Bells - Low Tide",
        "Ana xx + Bo Feat. Cy - Low Tide",
        "Ana w/ Bo - Low Tide",
        "Ana - Low + Tide",
        "Ana - Low Tide (Bo + Cy - Night Mix)",
        "Ana - Low Tide [Cellar - 1] + Bo",
        "+ Ana - Low Tide",
        "A+B - C+D",
    ],
)
def test_a_plus_inside_one_track_does_not_split_it(row):
    assert split_layers(row) == [row]


def test_a_row_of_pluses_is_one_row():
    row = "a - b + " * 100
    assert split_layers(row) == [row.strip()]
