"""Figures of the library and of tracks: what they hold, and the words that say the same."""

from __future__ import annotations

import numpy as np

from dashboard.charts import models as charts
from dashboard.services.models_overview import Tempos, keys, tempos
from data.harmony import Key
from hybrid.hears import Breakdown, Heard
from hybrid.pictures import Spectrogram


def test_tempos_are_stacked_on_those_of_half_and_double_time() -> None:
    found = tempos(np.array([124, 124.5, 126, 62, 174], np.float32))
    assert isinstance(found, Tempos)
    drawn, words = charts.tempo(found)
    own, mates = drawn.data
    assert sum(own.y) == 5
    assert dict(zip(own.x, mates.y, strict=True))[125.0] == 1
    assert own.marker.color != mates.marker.color
    assert mates.marker.pattern.shape
    assert "124 BPM: 3 of 5" in words
    assert "1 more at half or double time" in words


def test_keys_stand_in_the_order_of_the_wheel_in_the_djs_notation() -> None:
    counted = keys(np.array([Key(9, "minor").traktor()] * 3 + [Key(0, "major").traktor()], np.int8))
    drawn, words = charts.key_wheel(counted, "camelot")
    assert list(drawn.layout.xaxis.categoryarray[:4]) == ["1A", "1B", "2A", "2B"]
    minor, major = drawn.data
    assert dict(zip(minor.x, minor.y, strict=True))["8A"] == 3
    assert dict(zip(major.x, major.y, strict=True))["8B"] == 1
    assert not minor.marker.pattern.shape
    assert major.marker.pattern.shape
    assert words == "Most tracks are in 8A (3), 8B (1). 3 of 4 are in minor."
    other, words = charts.key_wheel(counted, "classic")
    assert "Am" in other.layout.xaxis.categoryarray
    assert "Am (3)" in words


def test_energy_and_years_say_where_most_tracks_are() -> None:
    _, words = charts.energy([0, 0, 0, 1, 0, 0, 7, 2, 0, 0])
    assert words == "Most tracks are at 60% to 70% energy (7); 9 are above half and 1 below."
    drawn, words = charts.years([(1999, 2), (2000, 0), (2001, 5)])
    assert list(drawn.data[0].y) == [2, 0, 5]
    assert words == "1999 to 2001, most tracks from 2001 (5)."


def test_a_spectrogram_tells_seconds_and_hertz() -> None:
    bands = np.array([50, 120, 400, 1000, 3000, 9000], np.float32)
    picture = Spectrogram(
        np.linspace(0, 184, 40, dtype=np.float32), bands, np.full((6, 40), -40, np.int8)
    )
    drawn, words = charts.spectrogram(picture)
    axis = drawn.layout.yaxis
    assert list(axis.ticktext) == ["100 Hz", "500 Hz", "1 kHz", "2 kHz", "5 kHz"]
    assert axis.tickvals[2] == 3
    assert "0:30" in drawn.layout.xaxis.ticktext
    assert words.startswith("3:04 long, from 50 Hz at the foot to 9.0 kHz at the top")


def test_names_over_time_say_what_changes_most() -> None:
    over_time = np.array([[0.9, 0.8, 0.85], [0.1, 0.6, 0.2]], np.float32)
    heard = Heard(
        Breakdown({}, {}, {}), np.array([0.0, 5.0, 65.0]), 10.0, ("House", "Organ"), over_time
    )
    drawn, words = charts.over_time(heard)
    assert list(drawn.data[0].y) == ["Organ", "House"]
    assert drawn.data[0].z.tolist() == [[10, 60, 20], [90, 80, 85]]
    assert list(drawn.data[0].x) == ["0:00", "0:05", "1:05"]
    assert words == (
        "What changes most is organ: from 10% to 60% sure over 3 fragments of 10 seconds."
    )
