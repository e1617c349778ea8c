"""Tags that name a file otherwise: where its track stood, it stands under its new name."""

from __future__ import annotations

from dataclasses import replace

from data.catalogue import Catalogue, Sound
from data.records import Entry, OutsideId, Track
from tests.data.catalogue.test_sound import ANALYSIS, file, piece

WRONG = Track("Mara Vale", "Nigth Bus")
RIGHT = Track("Mara Vale", "Night Bus")
OTHER = Track("Odd Heron", "Low Tide")


def scanned(
    catalogue: Catalogue, track: Track, content: str, path: str = "/music/a.mp3", **more
) -> int:
    catalogue.add_sound([Sound(content, file(content, path), track, 361.5, **more)])
    ident = catalogue.find(track)
    assert ident is not None
    return ident


def test_it_keeps_its_place_in_crates_and_the_old_name_is_gone(catalogue: Catalogue) -> None:
    old = scanned(catalogue, WRONG, "1", analysis=ANALYSIS)
    other = scanned(catalogue, OTHER, "2", "/music/b.mp3", analysis=ANALYSIS)
    crate = catalogue.create_crate("Friday")
    catalogue.set_crate(crate, [old, other], said="Added two")
    stamp = catalogue.crate_state(crate).stamp

    new = scanned(catalogue, RIGHT, "3", analysis=ANALYSIS)

    assert catalogue.crate(crate) == [new, other]
    assert catalogue.crate_state(crate).stamp > stamp
    assert catalogue.find(WRONG) is None
    assert catalogue.stats().recordings == 2


def test_undo_and_deleted_crates_know_it_by_its_new_name(catalogue: Catalogue) -> None:
    old = scanned(catalogue, WRONG, "1", analysis=ANALYSIS)
    kept, deleted = catalogue.create_crate("Friday"), catalogue.create_crate("Saturday")
    for crate in (kept, deleted):
        catalogue.add_to_crate(crate, old)
    catalogue.remove_from_crate(kept, old)
    catalogue.delete_crate(deleted)

    new = scanned(catalogue, RIGHT, "3", analysis=ANALYSIS)

    catalogue.restore_crate(deleted)
    assert catalogue.undo_crate(kept).ids == (new,)
    assert catalogue.crate(deleted) == [new]


def test_what_the_dj_said_of_it_stays(catalogue: Catalogue) -> None:
    old = scanned(catalogue, WRONG, "1", analysis=ANALYSIS)
    other = scanned(catalogue, OTHER, "2", "/music/b.mp3", analysis=ANALYSIS)
    catalogue.feedback.say("like", old)
    catalogue.feedback.say("works", other, old)

    new = scanned(catalogue, RIGHT, "3", analysis=ANALYSIS)

    said = [(word.verdict, word.recording_id, word.next_id) for word in catalogue.feedback.words()]
    assert said == [("like", new, None), ("works", other, new)]


def test_what_others_say_of_it_stays(catalogue: Catalogue) -> None:
    said = Entry(replace(WRONG, ids=(OutsideId("spotify", "x" * 22, "choice"),)), bpm=128.0)
    catalogue.add_playlist("Friday", [said], said_by="rekordbox")
    scanned(catalogue, WRONG, "1", analysis=ANALYSIS)

    new = scanned(catalogue, RIGHT, "3", analysis=ANALYSIS)

    assert [(one.source, one.bpm) for one in catalogue.said([new])[new]] == [("rekordbox", 128.0)]
    assert catalogue.find_outside("spotify", "x" * 22) == [new]


def test_what_others_say_of_both_does_not_keep_the_old_name(catalogue: Catalogue) -> None:
    catalogue.add_collection([Entry(WRONG, bpm=64.0), Entry(RIGHT, bpm=128.0)], said_by="traktor")
    scanned(catalogue, WRONG, "1", analysis=ANALYSIS)

    new = scanned(catalogue, RIGHT, "3", analysis=ANALYSIS)

    assert [one.bpm for one in catalogue.said([new])[new]] == [128.0]
    assert catalogue.find(WRONG) is None


def test_a_crate_that_holds_both_holds_the_track_once(catalogue: Catalogue) -> None:
    old = scanned(catalogue, WRONG, "1", analysis=ANALYSIS)
    right = scanned(catalogue, RIGHT, "2", "/music/b.mp3", analysis=ANALYSIS)
    crate = catalogue.create_crate("Friday")
    catalogue.set_crate(crate, [right, old], said="Added two")
    catalogue.feedback.say("works", old, right)

    scanned(catalogue, RIGHT, "3", analysis=ANALYSIS)

    assert catalogue.crate(crate) == [right]
    assert catalogue.feedback.words() == []


def test_a_track_that_sets_play_or_another_file_holds_stays_what_it_is(
    catalogue: Catalogue, heard
) -> None:
    catalogue.add_tracklists([heard("1", "Mara Vale - Nigth Bus")])
    crate = catalogue.create_crate("Friday")
    played = scanned(catalogue, WRONG, "1", analysis=ANALYSIS)
    copied = scanned(catalogue, OTHER, "2", "/music/b.mp3", analysis=ANALYSIS)
    catalogue.add_sound([piece("4", OTHER, "/music/c.mp3")])
    catalogue.set_crate(crate, [played, copied], said="Added two")

    scanned(catalogue, RIGHT, "3", analysis=ANALYSIS)
    scanned(catalogue, Track("Odd Heron", "High Tide"), "5", "/music/b.mp3", analysis=ANALYSIS)

    assert catalogue.crate(crate) == [played, copied]


def test_another_song_in_a_file_of_the_same_name_takes_no_ones_place(catalogue: Catalogue) -> None:
    old = scanned(catalogue, WRONG, "1", analysis=ANALYSIS)
    crate = catalogue.create_crate("Friday")
    catalogue.add_to_crate(crate, old)

    scanned(catalogue, OTHER, "2", analysis=replace(ANALYSIS, loudness_lufs=-7.0))

    assert catalogue.crate(crate) == [old]
    assert catalogue.find(WRONG) == old


def test_two_files_that_swap_their_names_swap_nothing_else(catalogue: Catalogue) -> None:
    one = scanned(catalogue, WRONG, "1", analysis=ANALYSIS)
    two = scanned(catalogue, OTHER, "2", "/music/b.mp3", analysis=ANALYSIS)
    crate = catalogue.create_crate("Friday")
    catalogue.set_crate(crate, [one, two], said="Added two")

    swapped = [
        Sound("2", file("2", "/music/a.mp3"), OTHER),
        Sound("1", file("1", "/music/b.mp3"), WRONG),
    ]
    catalogue.add_sound(swapped)

    assert catalogue.crate(crate) == [one, two]


def test_a_label_that_was_added_and_capitals_that_were_mended_are_shown(
    catalogue: Catalogue,
) -> None:
    said = {"artist": "x", "title": "x"}
    first = scanned(
        catalogue, Track("MARA VALE", "night bus", genre="House"), "1", analysis=ANALYSIS, tags=said
    )
    written = replace(RIGHT, label="Quay", catalogue_number="Q 7")
    changes = catalogue.changes()
    assert scanned(catalogue, written, "2", analysis=ANALYSIS, tags=said) == first
    assert catalogue.track(first) == replace(written, genre="House")
    assert catalogue.changes() > changes
    assert list(catalogue.snapshot().labels) == ["Quay"]

    scanned(catalogue, RIGHT, "3", analysis=ANALYSIS, tags=said)
    assert catalogue.track(first) == replace(written, genre="House")


def test_what_sets_wrote_and_what_a_file_name_says_respell_nothing(
    catalogue: Catalogue, heard
) -> None:
    catalogue.add_tracklists([heard("1", "Mara Vale - Night Bus [Dock]")])
    ident = catalogue.find(RIGHT)
    shouted = Track("MARA VALE", "NIGHT BUS", label="Quay")
    said = {"artist": "x", "title": "x"}
    assert scanned(catalogue, shouted, "1", analysis=ANALYSIS, tags=said) == ident
    assert str(catalogue.track(ident)) == "Mara Vale - Night Bus"

    tide = scanned(catalogue, OTHER, "2", "/music/b.mp3", analysis=ANALYSIS, tags=said)
    named = Track("odd heron", "low tide")
    assert scanned(catalogue, named, "3", "/music/low tide.mp3", analysis=ANALYSIS) == tide
    assert str(catalogue.track(tide)) == "Odd Heron - Low Tide"
