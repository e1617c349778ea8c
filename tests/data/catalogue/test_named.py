"""What a playlist names: found again if it is known, made and kept if it is not."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from data.catalogue import AudioFile, Catalogue, Sound
from data.records import Entry, OutsideId, Track
from tests.data.catalogue.conftest import Heard

LOW_TIDE = Track("Odd Heron", "Low Tide", "Dub", "Dock Records")
NIGHT_BUS = Track("Mara Vale", "Night Bus")


def entries(*tracks: Track, path: str = "") -> list[Entry]:
    return [Entry(track, path) for track in tracks]


def held(catalogue: Catalogue, crate_id: int) -> list[str]:
    return [str(track) for track in catalogue.crate_tracks(crate_id).values()]


def isrc(value: str) -> tuple[OutsideId, ...]:
    return (OutsideId("isrc", value, "playlist"),)


def sound_of(track: Track, path: str) -> Sound:
    file = AudioFile(Path(path), "0" * 32, 1, 1)
    return Sound(file.content_hash, file, track, 60.0)


def test_an_unknown_track_is_made_and_the_crate_keeps_it(catalogue: Catalogue) -> None:
    crate = catalogue.add_playlist("Friday", entries(LOW_TIDE, NIGHT_BUS))
    assert (crate.matched, crate.new, crate.made) == (0, 2, True)
    assert held(catalogue, crate.crate_id) == [str(LOW_TIDE), str(NIGHT_BUS)]
    assert [hit.track.label for hit in catalogue.search("odd heron")] == ["Dock Records"]
    catalogue.delete_crate(crate.crate_id)
    catalogue.add_playlist("Other", entries(NIGHT_BUS))
    assert catalogue.find(NIGHT_BUS) is not None


def test_a_known_name_is_its_recording_however_it_is_written(
    catalogue: Catalogue, heard: Heard
) -> None:
    catalogue.add_tracklists([heard("1", "Odd Heron - Low Tide (Dub)")])
    before = catalogue.find(LOW_TIDE)
    crate = catalogue.add_playlist("Friday", entries(Track("ODD HERON", "Low  Tide", "dub")))
    assert (crate.matched, crate.new) == (1, 0)
    assert catalogue.crate(crate.crate_id) == [before]
    assert held(catalogue, crate.crate_id) == ["Odd Heron - Low Tide (Dub)"]


def test_a_known_file_is_its_recording_whatever_the_playlist_calls_it(
    catalogue: Catalogue,
) -> None:
    catalogue.add_sound([sound_of(NIGHT_BUS, "/Music/caf\u00e9/n.mp3")])
    other_name = Track("M. Vale", "Nite Bus")
    for path in ("/Music/caf\u00e9/n.mp3", "/Music/cafe\u0301/n.mp3"):
        crate = catalogue.add_playlist("Friday", entries(other_name, path=path))
        assert held(catalogue, crate.crate_id) == [str(NIGHT_BUS)]
    assert catalogue.find(other_name) is None


def test_an_id_finds_another_spelling_but_never_another_version(catalogue: Catalogue) -> None:
    known = Track("Mara Vale", "Night Bus", ids=isrc("ZZZ012600001"))
    catalogue.add_playlist("Known", entries(known))
    spelt = Track("Mara Vale & Otto", "Nightbus", ids=isrc("ZZZ012600001"))
    remix = Track("Mara Vale", "Night Bus", "Otto Remix", ids=isrc("ZZZ012600001"))
    crate = catalogue.add_playlist("Friday", entries(spelt, remix))
    assert held(catalogue, crate.crate_id) == [str(NIGHT_BUS), str(remix)]


def test_ids_are_kept_once_and_found_afterwards(catalogue: Catalogue) -> None:
    track = Track("Mara Vale", "Night Bus", ids=isrc("ZZZ012600001"))
    crate = catalogue.add_playlist("Friday", entries(track))
    catalogue.add_playlist("Saturday", entries(track))
    [ident] = catalogue.crate(crate.crate_id)
    assert catalogue.find_outside("isrc", "ZZZ012600001") == [ident]
    assert catalogue.track(ident).ids == isrc("ZZZ012600001")


def test_what_was_written_counts_where_it_is_known_and_the_reading_is_not(
    catalogue: Catalogue,
) -> None:
    written = Track("Odd Heron", "Low Tide [Deep Side]")
    catalogue.add_playlist("Known", entries(written))
    reading = Track("Odd Heron", "Low Tide", label="Deep Side")
    crate = catalogue.add_playlist("Friday", entries(reading), written=[written])
    assert held(catalogue, crate.crate_id) == [str(written)]
    assert catalogue.find(reading) is None


def test_the_second_time_changes_nothing(catalogue: Catalogue) -> None:
    first = catalogue.add_playlist("Friday", entries(LOW_TIDE, NIGHT_BUS))
    changes, crates = catalogue.changes(), catalogue.crates()
    again = catalogue.add_playlist("Friday", entries(LOW_TIDE, NIGHT_BUS))
    assert (again.crate_id, again.made, again.matched, again.new) == (first.crate_id, False, 2, 0)
    assert (catalogue.changes(), catalogue.crates()) == (changes, crates)


def names(catalogue: Catalogue) -> Sequence[str]:
    return [crate.name for crate in catalogue.crates()]


def test_a_crate_of_that_name_is_never_changed(catalogue: Catalogue) -> None:
    own = catalogue.create_crate("Friday")
    catalogue.add_playlist("Friday", entries(LOW_TIDE))
    catalogue.add_playlist("Friday", entries(NIGHT_BUS))
    again = catalogue.add_playlist("Friday", entries(LOW_TIDE))
    assert names(catalogue) == ["Friday", "Friday 2", "Friday 3"]
    assert (catalogue.crate(own), again.name, again.made) == ([], "Friday 2", False)


def test_another_order_is_another_crate(catalogue: Catalogue) -> None:
    catalogue.add_playlist("Friday", entries(LOW_TIDE, NIGHT_BUS))
    assert catalogue.add_playlist("Friday", entries(NIGHT_BUS, LOW_TIDE)).name == "Friday 2"


def test_a_track_that_stands_twice_is_in_the_crate_once(catalogue: Catalogue) -> None:
    crate = catalogue.add_playlist("Friday", entries(LOW_TIDE, NIGHT_BUS, LOW_TIDE))
    assert crate.repeated == 1
    assert held(catalogue, crate.crate_id) == [str(LOW_TIDE), str(NIGHT_BUS)]


def test_any_name_makes_a_crate(catalogue: Catalogue) -> None:
    for name in ("", " \x00 ", "x" * 5000, "a\nb", "(?: )+", "\ud800"):
        catalogue.add_playlist(name, entries(LOW_TIDE))
        catalogue.add_playlist(name, entries(NIGHT_BUS))
    assert len(set(names(catalogue))) == len(names(catalogue)) == 12 - 2
    assert names(catalogue)[:2] == ["Playlist", "Playlist 2"]


def test_a_name_of_any_bytes_is_no_file_that_is_known(catalogue: Catalogue) -> None:
    paths = ["/\ud800.mp3", "/a\x00b.mp3", "C:\\a.mp3", "a.mp3", "/" + "x" * 5000]
    tracks = [Track("Odd Heron", f"Tide {n}") for n in range(len(paths))]
    listed = [Entry(track, path) for track, path in zip(tracks, paths, strict=True)]
    assert catalogue.add_playlist("Friday", listed).new == len(paths)
