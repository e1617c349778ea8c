from __future__ import annotations

from dataclasses import replace

import pytest

from data.records import OutsideId, Play, Track, Tracklist


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


def test_an_outside_id_finds_its_recordings_most_supported_first(catalogue):
    link = "https://open.spotify.com/track/4uLU6hMCjMI75M1A2tKUQC"
    spotify = OutsideId("spotify", "4uLU6hMCjMI75M1A2tKUQC", "notes")
    isrc = OutsideId("isrc", "GBAYD1300049", "notes")
    right, wrong = Track("Mara Vale", "Night Bus"), Track("Mara Vale", "Night Bus", "Dub")
    said = [(wrong, (spotify,)), (right, (spotify, isrc)), (right, (spotify,))]
    said += [(wrong, ())] * 3  # More sets play it, but do not say that it has the id.
    catalogue.add_tracklists(
        Tracklist("notes", str(n), "A set", (Play(1, "identified", replace(track, ids=ids)),))
        for n, (track, ids) in enumerate(said)
    )
    ids = [catalogue.find(right), catalogue.find(wrong)]

    assert catalogue.find_outside("spotify", "4uLU6hMCjMI75M1A2tKUQC") == ids
    assert catalogue.find_outside("spotify", link) == ids
    assert catalogue.find_outside("isrc", " gb-ayd-13-00049") == ids[:1]
    assert catalogue.find_outside("youtube", "4uLU6hMCjMI75M1A2tKUQC") == []
    assert catalogue.find_outside("spotify", "4ULU6HMCJMI75M1A2TKUQC") == []
