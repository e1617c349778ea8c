from __future__ import annotations

import numpy as np
import pytest

from data.identity import artist_names
from hybrid.corpus import decimal_years, interactions_of, last_played, played_next_of
from tests.hybrid.small import heard


@pytest.fixture
def snapshot(catalogue):
    catalogue.add_tracklists(
        [
            heard(
                "1",
                "Mara Vale - Night Bus [Quay Records]",
                "Otto Lindqvist - Undertow",
                "+ Mara Vale & Fjord - Low Tide",
                "?",
                "Mara Vale - Night Bus (Fjord Remix) [Quay Records]",
                date="2019-07-01",
            ),
            heard("2", "Mara Vale - Night Bus", "Otto Lindqvist - Undertow", date="2021"),
            heard("3", "Otto Lindqvist - Undertow", "Velour Parade - Salt"),
        ]
    )
    return catalogue.snapshot()


def index(snapshot, title: str, version: str = "") -> int:
    rows = zip(snapshot.titles, snapshot.versions, strict=True)
    return list(rows).index((title, version))


def test_the_matrices_say_what_the_tracklists_say(snapshot):
    made = interactions_of(snapshot)
    assert (made.n_sets, made.n_recordings) == (3, 5)
    assert made.plays.sum(axis=1).ravel().tolist()[0] == [4, 2, 2]
    assert made.popularity[index(snapshot, "Undertow")] == 3
    low_tide = made.artists[index(snapshot, "Low Tide")].indices
    assert set(snapshot.artist_names[low_tide]) == set(artist_names("Mara Vale & Fjord"))
    label = made.labels[index(snapshot, "Night Bus", "Fjord Remix")].indices
    assert "quay" in snapshot.label_keys[label][0]


def test_what_follows_what_is_learned_from_the_kept_sets_only(snapshot):
    bus, undertow = index(snapshot, "Night Bus"), index(snapshot, "Undertow")
    assert played_next_of(snapshot, np.array([0, 1, 2])).counts[bus, undertow] == 2
    assert played_next_of(snapshot, np.array([1, 2])).counts[bus, undertow] == 1
    assert played_next_of(snapshot, np.array([2])).counts[bus, undertow] == 0


def test_layers_and_unknown_rows_are_respected(snapshot):
    counts = played_next_of(snapshot, np.array([0])).counts.toarray()
    assert counts.sum() == 1  # nothing follows Low Tide: an unknown row stands between
    assert counts[index(snapshot, "Night Bus"), index(snapshot, "Undertow")] == 1


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("2001-01-01", 2001),
        ("1995", 1995),
        ("2011-07", 2011.5),
        ("2011-12-31", 2012),
        ("2011-02-10", 2011 + 1 / 12 + 9 / 365),
    ],
)
def test_dates_become_years(date, year):
    assert decimal_years(np.array([date]))[0] == pytest.approx(year, abs=0.003)


def test_an_unknown_date_is_no_year():
    assert np.isnan(decimal_years(np.array(["", "2001"]))).tolist() == [True, False]
    assert decimal_years(np.array([], "U10")).shape == (0,)


@pytest.mark.parametrize(
    "text", ["unknown", "199", "19950", "1995-", "1995-7", "1995/07", "07-1995", "1995-07-01T20"]
)
def test_what_is_no_iso_date_is_no_year(text):
    assert np.isnan(decimal_years(np.array([text])))[0]


def test_years_keep_the_order_of_dates():
    dates = np.array(["1999-12-31", "2000", "2000-02", "2000-02-29", "2000-03-01", "2001-01-01"])
    assert (np.diff(decimal_years(dates)) > 0).all()


def test_a_recording_was_last_played_in_its_latest_dated_set(snapshot):
    made = interactions_of(snapshot)
    last = last_played(made, decimal_years(snapshot.set_dates))
    assert last[index(snapshot, "Night Bus")] == 2021
    assert last[index(snapshot, "Low Tide")] == 2019.5
    assert last[index(snapshot, "Salt")] == -np.inf  # its only set has no date
    assert last[index(snapshot, "Undertow")] == 2021
