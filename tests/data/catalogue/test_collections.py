"""The library of a DJ's software: its tracks come in, stay, and go with it, in both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from data.catalogue import Catalogue
from data.catalogue.named import NamedTracks
from data.catalogue.said import Said
from data.records import Entry, OutsideId, Track, Tracklist
from tests.data.catalogue.test_sound import piece

NIGHT_BUS = Track("Mara Vale", "Night Bus", label="Quay")
LOW_TIDE = Track("Odd Heron", "Low Tide")
FAR = Track("Mara Vale", "Far")


def own(catalogue: Catalogue, *tracks: Track, by: str = "rekordbox") -> list[int]:
    catalogue.add_collection([Entry(track, bpm=125.0) for track in tracks], said_by=by)
    return [ident for track in tracks if (ident := catalogue.find(track)) is not None]


def test_tracks_are_found_or_made_and_no_crate_is(
    catalogue: Catalogue, heard: Callable[..., Tracklist]
) -> None:
    catalogue.add_tracklists([heard("1", "Odd Heron - Low Tide")])
    spotify = OutsideId("spotify", "x" * 22, "playlist")
    entries = [Entry(LOW_TIDE, bpm=99.0), Entry(Track("Mara Vale", "Far", ids=(spotify,)))]
    assert catalogue.add_collection(entries, said_by="rekordbox") == NamedTracks(1, 1, 2)
    far = catalogue.find(FAR)
    assert catalogue.find_outside("spotify", "x" * 22) == [far]
    assert [hit.recording_id for hit in catalogue.search("mara far")] == [far]
    assert catalogue.crates() == []


def test_a_second_time_changes_nothing(catalogue: Catalogue) -> None:
    entries = [Entry(LOW_TIDE, bpm=99.0), Entry(FAR)]
    catalogue.add_collection(entries, said_by="traktor")
    before = catalogue.changes(), catalogue.holdings()
    assert catalogue.add_collection(entries, said_by="traktor") == NamedTracks(2, 0, 0)
    assert (catalogue.changes(), catalogue.holdings()) == before


def test_a_track_of_which_nothing_is_said_is_owned_all_the_same(catalogue: Catalogue) -> None:
    catalogue.add_collection([Entry(FAR)], said_by="rekordbox")
    far = catalogue.find(FAR)
    assert far is not None
    assert catalogue.said([far]) == {far: [Said("rekordbox")]}
    assert catalogue.sound([far]) == {}
    columns = catalogue.sound_columns()
    assert columns.recording_ids.tolist() == [far]
    assert (columns.owned.tolist(), columns.heard.tolist()) == ([True], [False])


def test_what_comes_to_be_said_of_it_is_kept(catalogue: Catalogue) -> None:
    catalogue.add_collection([Entry(FAR)], said_by="rekordbox")
    own(catalogue, FAR)
    [ident] = own(catalogue, FAR)
    catalogue.add_collection([Entry(FAR)], said_by="rekordbox")
    assert catalogue.said([ident])[ident] == [Said("rekordbox", 125.0)]


def test_nobody_has_no_collection(catalogue: Catalogue) -> None:
    with pytest.raises(ValueError, match="program"):
        catalogue.add_collection([Entry(FAR)], said_by="")
    assert catalogue.stats().recordings == 0


def test_its_tracks_stay_when_sets_sound_and_crates_let_go_of_them(
    catalogue: Catalogue, heard: Callable[..., Tracklist]
) -> None:
    catalogue.add_tracklists([heard("1", "Odd Heron - Low Tide", "Bo Tarn - Stranger")])
    catalogue.add_sound([piece("a", FAR)])
    crate = catalogue.add_playlist("Friday", [Entry(NIGHT_BUS)], said_by="rekordbox").crate_id
    ids = own(catalogue, LOW_TIDE, FAR)
    catalogue.clear_source("notes")
    catalogue.clear_sound("file")
    catalogue.delete_crate(crate)
    assert catalogue.find(Track("Bo Tarn", "Stranger")) is None
    assert set(catalogue.tracks(ids)) == set(ids)
    assert catalogue.find(NIGHT_BUS) is not None
    assert catalogue.stats().recordings == 3


def test_with_the_library_goes_what_nothing_else_holds(
    catalogue: Catalogue, heard: Callable[..., Tracklist]
) -> None:
    played, listened, boxed, liked = (Track("A", name) for name in ("One", "Two", "Three", "Four"))
    catalogue.add_tracklists([heard("1", "A - One")])
    catalogue.add_sound([piece("a", listened)])
    catalogue.add_playlist("Friday", [Entry(boxed)])
    *kept, gone = own(catalogue, played, listened, boxed, liked, NIGHT_BUS)
    catalogue.feedback.say("like", kept[3])
    before = catalogue.changes()

    assert catalogue.clear_said("rekordbox") == 5

    assert list(catalogue.tracks([*kept, gone])) == kept
    assert catalogue.said(kept) == {}
    assert catalogue.search("night bus") == []
    assert catalogue.stats().labels == 0
    assert catalogue.holdings().said == ()
    assert catalogue.changes() > before


def test_the_other_programs_library_stays(catalogue: Catalogue) -> None:
    own(catalogue, LOW_TIDE, FAR)
    [far] = own(catalogue, FAR, by="traktor")
    assert catalogue.clear_said("rekordbox") == 2
    assert catalogue.find(LOW_TIDE) is None
    assert catalogue.said([far])[far] == [Said("traktor", 125.0)]


def test_whoever_looks_at_a_track_that_stays_sees_that_it_is_owned_no_more(
    catalogue: Catalogue, heard: Callable[..., Tracklist]
) -> None:
    catalogue.add_tracklists([heard("1", "Odd Heron - Low Tide")])
    own(catalogue, LOW_TIDE)
    before = catalogue.changes()
    catalogue.clear_said("rekordbox")
    assert catalogue.changes() > before
    assert catalogue.sound_columns().recording_ids.tolist() == []


def test_to_remove_what_is_not_there_changes_nothing(catalogue: Catalogue) -> None:
    own(catalogue, FAR)
    before = catalogue.changes()
    assert catalogue.clear_said("traktor") == 0
    assert catalogue.changes() == before


def test_the_year_is_that_of_the_tags_and_else_what_software_says(catalogue: Catalogue) -> None:
    catalogue.add_sound(
        [piece("a", LOW_TIDE), piece("b", LOW_TIDE, tags={"year": "1999"}), piece("c", FAR)]
    )
    entries = [Entry(LOW_TIDE, year=2003), Entry(FAR, year=2004), Entry(NIGHT_BUS)]
    catalogue.add_collection(entries, said_by="rekordbox")
    catalogue.add_collection([Entry(NIGHT_BUS, year=2005)], said_by="traktor")
    low, far, bus = (catalogue.find(track) for track in (LOW_TIDE, FAR, NIGHT_BUS))
    assert catalogue.years([low, far, bus, 99]) == {low: 1999, far: 2004, bus: 2005}
