from __future__ import annotations

import pytest

from data.records import Track


def test_a_track_is_found_however_it_is_written(catalogue, heard):
    catalogue.add_tracklists([heard("1", "Mara Vale - Night Bus (Otto Lindqvist Remix)")])

    assert catalogue.find(Track("MARA VALE", "Night  bus", "Otto Lindqvist remix")) is not None
    assert catalogue.find(Track("Mara Vale", "Night Bus")) is None


def test_versions_of_a_work_come_most_played_first(catalogue, heard):
    plain, remix = "Mara Vale - Night Bus", "Mara Vale - Night Bus (Otto Lindqvist Remix)"
    catalogue.add_tracklists([heard("1", plain, remix), heard("2", remix)])
    found = catalogue.find_work(Track("Mara Vale", "Night Bus", "Some Other Dub"))

    assert [catalogue.track(i).version for i in found] == ["Otto Lindqvist Remix", ""]
    assert catalogue.find_work(Track("Nobody", "Nothing")) == []


def test_tracks_come_in_the_order_asked_for_without_the_unknown(catalogue, heard):
    catalogue.add_tracklists([heard("1", "Ana - One", "Bo - Two", "Cy - Three")])
    ids = catalogue.snapshot().recording_ids

    assert [t.artist for t in catalogue.tracks([ids[2], 999, ids[0]]).values()] == ["Cy", "Ana"]
    with pytest.raises(KeyError):
        catalogue.track(999)
